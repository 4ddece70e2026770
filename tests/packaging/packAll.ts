/** Packs every package once, before any test: packing builds `@dml/mpi-native` again, and all tests need its build. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packages } from '../repository.js';
import { pack } from './pack.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of each package's tarball. */
    readonly tarballs: Readonly<Record<string, string>>;
  }
}

export default async function packAll(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'dml-pack-'));
  const packed = await Promise.all(packages.map(async (name) => [name, await pack(name, folder)] as const));
  project.provide('tarballs', Object.fromEntries(packed));
  return () => rmSync(folder, { recursive: true, force: true });
}
