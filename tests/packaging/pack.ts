import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled, output } from '../command.js';
import { repository } from '../repository.js';

/** Packs a package exactly as a release would, and returns the tarball's path inside `folder`. */
export async function pack(name: string, folder: string): Promise<string> {
  const surroundings = { cwd: join(repository, 'packages', name) };
  const args = ['pack', '--pack-destination', folder];
  if (isInstalled('pnpm')) await output('pnpm', args, surroundings);
  else {
    const root = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { packageManager: string };
    await output('npx', ['--yes', root.packageManager, ...args], surroundings);
  }
  const tarball = readdirSync(folder).find((file) => file.startsWith(`dml-${name}-`) && file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`pnpm pack left no tarball of ${name} in ${folder}.`);
  return join(folder, tarball);
}
