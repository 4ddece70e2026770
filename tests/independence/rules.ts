import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { followRelative, importsOf, literalsOf, sourceFiles } from './imports.js';

/**
 * The rooms of `@dml/stats` from the ground up. A file may import from its own room and from those listed before it.
 * A file that lies in `src/` itself is its own room; `index.ts` sees all.
 */
export const statsRooms = [
  'errors.ts',
  'encoding.ts',
  'steps.ts',
  'contract.ts',
  'checks',
  'columns',
  'numeric',
  'tree',
  'leaf',
  'bayes',
  'families',
  'combinators',
  'latent',
  'ask',
  'fit',
  'choose',
  'models',
  'testing',
  'checkedParts',
  'familyParts.ts',
  'index.ts',
] as const;

/** The rooms of `@dml/serialize` from the ground up. */
export const serializeRooms = [
  'errors.ts',
  'values',
  'checks',
  'models',
  'binary',
  'json',
  'dmx',
  'codec.ts',
  'files',
  'universal.ts',
  'node.ts',
  'index.ts',
] as const;

/** The rooms of `@dml/mpi-estimation` from the ground up. */
export const estimationRooms = [
  'errors.ts',
  'ports.ts',
  'timings.ts',
  'ranks',
  'rows',
  'fit',
  'checkpoint',
  'calls',
  'index.ts',
] as const;

/** The rooms of `@dml/mpi-native` from the ground up. */
export const nativeRooms = [
  'contract',
  'values',
  'failures',
  'writeAtOnce.ts',
  'launcher.ts',
  'load.ts',
  'buffers',
  'checks',
  'calls',
  'mpi',
  'threads',
  'spawn',
  'world.ts',
  'spawnRanks.ts',
  'rankThread.ts',
  'browser.ts',
  'dmlMpi.ts',
  'dmlRun.ts',
  'dmlRunWorker.ts',
  'index.ts',
] as const;

interface Manifest {
  readonly name: string;
  readonly [field: string]: unknown;
}

const dependencyFields = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
  'bundledDependencies',
  'bundleDependencies',
];

/**
 * Every place where a package below `packagesFolder` reaches for another one: in a manifest, in an import of any kind,
 * in a string that is exactly the name of the other package (so that no loader can be handed it), or by a path that
 * leaves the package.
 */
export function findCrossings(packagesFolder: string): readonly string[] {
  const packages = readdirSync(packagesFolder)
    .filter((name) => existsSync(join(packagesFolder, name, 'package.json')))
    .map((name) => ({ folder: join(packagesFolder, name), manifest: readManifest(join(packagesFolder, name)) }));
  const names = packages.map(({ manifest }) => manifest.name);
  return packages.flatMap(({ folder, manifest }) => {
    const others = names.filter((name) => name !== manifest.name);
    return [...manifestCrossings(manifest, others), ...sourceCrossings(folder, manifest.name, others)];
  });
}

function readManifest(folder: string): Manifest {
  // The workspace's own manifests: pnpm has already refused one that is not an object with a name.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function manifestCrossings(manifest: Manifest, others: readonly string[]): string[] {
  return dependencyFields.flatMap((field) => {
    const entries = Object.entries(manifest[field] ?? {}).map(([key, value]) => [key, String(value)] as const);
    return entries
      .filter(
        ([key, value]) => others.some((name) => key === name || value.includes(name)) || /^(file|link):/.test(value),
      )
      .map(([key, value]) => `${manifest.name}: package.json: ${field} names "${key}": "${value}"`);
  });
}

function sourceCrossings(folder: string, self: string, others: readonly string[]): string[] {
  return sourceFiles(folder).flatMap((file) =>
    literalsOf(join(folder, file))
      .filter(({ specifier, isImport }) => {
        if (others.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return true;
        return isImport && specifier.startsWith('.') && leaves(file, specifier);
      })
      .map(({ specifier, line }) => `${self}: ${file}:${line} reaches for '${specifier}'`),
  );
}

/** True when a relative specifier climbs above the package that holds the file. */
function leaves(file: string, specifier: string): boolean {
  let depth = file.split('/').length - 1;
  for (const part of specifier.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Which file of a source folder imports which: the edges of its graph. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** @throws {Error} when a file imports its own package by name: that would hide a circle */
export function readGraph(sourceFolder: string, packageName: string): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const file of sourceFiles(sourceFolder)) {
    const targets = new Set<string>();
    for (const { specifier, line } of importsOf(join(sourceFolder, file))) {
      if (specifier === packageName || specifier.startsWith(`${packageName}/`)) {
        throw new Error(`${file}:${line} imports its own package by name. Use a relative path.`);
      }
      if (!specifier.startsWith('.')) continue;
      const target = followRelative(sourceFolder, file, specifier);
      if (target !== null) targets.add(target);
    }
    graph.set(file, targets);
  }
  return graph;
}

/** Which parts of a folder of C++ include which: a part is a header with its source file. */
export function readIncludes(sourceFolder: string): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const file of readdirSync(sourceFolder)) {
    const part = file.replace(/\.(cc|h)$/, '');
    const targets = graph.get(part) ?? new Set<string>();
    const text = readFileSync(join(sourceFolder, file), 'utf8');
    for (const [, target] of text.matchAll(/^#include "(\w+)\.h"$/gm)) if (target !== part) targets.add(target!);
    graph.set(part, targets);
  }
  return graph;
}

/** Every import that goes from a lower room to a higher one, and every file that lies in no room of the list. */
export function findClimbs(graph: ImportGraph, rooms: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const [file, targets] of graph) {
    const own = rooms.indexOf(roomOf(file));
    if (own < 0) {
      found.push(`${file} lies in no known room: ${rooms.join(', ')}`);
      continue;
    }
    for (const target of targets) {
      if (rooms.indexOf(roomOf(target)) > own) found.push(`${file} imports ${target}, which lies above it`);
    }
  }
  return found;
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Circles of imports, as `a -> b -> a`; type imports count. Empty when there is none. */
export function findCircles(graph: ImportGraph): readonly string[] {
  const circles: string[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || finished.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}
