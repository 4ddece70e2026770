import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repository } from '../repository.js';
import {
  estimationRooms,
  findCircles,
  findClimbs,
  findCrossings,
  nativeRooms,
  readGraph,
  readIncludes,
  serializeRooms,
  statsRooms,
} from './rules.js';

const packagesFolder = join(repository, 'packages');

describe('the packages', () => {
  it('never reach for one another, in code, in types or in a manifest', () => {
    expect(findCrossings(packagesFolder)).toEqual([]);
  });

  it('of statistics imports downwards only', () => {
    const graph = readGraph(join(packagesFolder, 'stats/src'), '@dml/stats');
    expect(graph.has('index.ts')).toBe(true);
    expect(findClimbs(graph, statsRooms)).toEqual([]);
  });

  it('of model files imports downwards only', () => {
    const graph = readGraph(join(packagesFolder, 'serialize/src'), '@dml/serialize');
    expect(graph.has('index.ts')).toBe(true);
    expect(findClimbs(graph, serializeRooms)).toEqual([]);
  });

  it('of fits over ranks imports downwards only', () => {
    const graph = readGraph(join(packagesFolder, 'mpi-estimation/src'), '@dml/mpi-estimation');
    expect(graph.has('index.ts')).toBe(true);
    expect(findClimbs(graph, estimationRooms)).toEqual([]);
  });

  it('of MPI imports downwards only', () => {
    const graph = readGraph(join(packagesFolder, 'mpi-native/src'), '@dml/mpi-native');
    expect(graph.has('index.ts')).toBe(true);
    expect(findClimbs(graph, nativeRooms)).toEqual([]);
  });

  it.each(readdirSync(packagesFolder))('%s has no circle of imports', (name) => {
    const graph = readGraph(join(packagesFolder, name, 'src'), `@dml/${name}`);
    expect(graph.has('index.ts')).toBe(true);
    expect(findCircles(graph)).toEqual([]);
  });

  it('has no circle of includes in C++', () => {
    const graph = readIncludes(join(packagesFolder, 'mpi-native/native/src'));
    expect(graph.has('session')).toBe(true);
    expect(findCircles(graph)).toEqual([]);
  });
});

describe('the tree in CONTRIBUTING.md', () => {
  const [, tree = ''] = readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8').split(/^## The tree$/m);
  const foldersOf = (folder: string) =>
    readdirSync(join(repository, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|coverage|dist|build)$/.test(entry.name))
      .map(({ name }) => name);

  it('names each folder of the repository', () => {
    const named = new Set([...tree.matchAll(/^(\w+)\//gm)].map(([, name]) => name));
    expect(foldersOf('.').filter((name) => !named.has(name))).toEqual([]);
  });

  it.each(['stats', 'serialize', 'mpi-estimation', 'mpi-native'])('names the rooms of %s, and no other', (name) => {
    const [rooms] = tree.split(`packages/${name}/src/\n`)[1]!.split(/\n(?=\S)/);
    const named = [...rooms!.matchAll(/^ {2}((?:\w+\/ *)+)/gm)].flatMap(([, names]) => names!.match(/\w+/g)!);
    expect(named.sort()).toEqual(foldersOf(`packages/${name}/src`).sort());
  });
});

describe('the rules', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a small tree that breaks a rule, so that a rule which never fires is found out. */
  function tree(files: Readonly<Record<string, string>>): string {
    folder = mkdtempSync(join(tmpdir(), 'dml-independence-'));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return folder;
  }

  it.each([
    ['an import', "import { x } from '@dml/b';"],
    ['a type import', "import type { X } from '@dml/b';"],
    ['an import type', "export type Y = import('@dml/b').X;"],
    ['a re-export', "export * from '@dml/b/deep';"],
    ['a dynamic import', "await import('@dml/b');"],
    ['a require', "const b = require('@dml/b');"],
    ['an import assignment', "import b = require('@dml/b');"],
    ['a made require', "createRequire(import.meta.url)('@dml/b');"],
    ['a template', 'await import(`@dml/b`);'],
    ['a reference', '/// <reference types="@dml/b" />\nexport {};'],
    ['a path into the other package', "import { x } from '../../b/src/index.js';"],
  ])('find %s of another package', (_way, text) => {
    const packages = tree({
      'a/package.json': '{ "name": "@dml/a" }',
      'a/src/index.ts': text,
      'b/package.json': '{ "name": "@dml/b" }',
      'b/src/index.ts': 'export const x = 1;',
    });
    const crossings = findCrossings(packages);
    expect(crossings).toHaveLength(1);
    expect(crossings[0]).toContain('@dml/a: src/index.ts:1 reaches for');
  });

  it.each(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])(
    'find another package among the %s of a manifest',
    (field) => {
      const packages = tree({
        'a/package.json': JSON.stringify({ name: '@dml/a', [field]: { '@dml/b': 'workspace:*' } }),
        'b/package.json': JSON.stringify({ name: '@dml/b', [field]: { renamed: 'npm:@dml/a@1' } }),
      });
      expect(findCrossings(packages)).toHaveLength(2);
    },
  );

  it('let a package alone that speaks of another one in prose', () => {
    const packages = tree({
      'a/package.json': '{ "name": "@dml/a" }',
      'a/src/index.ts': "// like @dml/b\nthrow new Error('Install @dml/b to go on.');",
      'a/test/a.test.ts': "import { a } from '@dml/a';\nimport { x } from '../src/index.js';",
      'b/package.json': '{ "name": "@dml/b" }',
    });
    expect(findCrossings(packages)).toEqual([]);
  });

  it('find an import that climbs, and a file that lies nowhere', () => {
    const source = tree({
      'index.ts': "export * from './families/gaussian.js';",
      'families/gaussian.ts': "import type { M } from '../latent/mixture.js';",
      'latent/mixture.ts': "export type M = 1; export { h } from '../numeric/sum.js';",
      'numeric/sum.ts': 'export const h = 1;',
      'misc/other.ts': '',
    });
    expect(findClimbs(readGraph(source, '@dml/a'), statsRooms)).toEqual([
      'families/gaussian.ts imports latent/mixture.ts, which lies above it',
      expect.stringContaining('misc/other.ts lies in no known room'),
    ]);
  });

  it('find a circle that goes through types and a folder index', () => {
    const source = tree({
      'index.ts': "import { a } from './a.js';",
      'a.ts': "import type { B } from './b/index.js'; export const a = 1;",
      'b/index.ts': "export * from './part.js';",
      'b/part.ts': "export type B = typeof import('../a.js').a;",
    });
    expect(findCircles(readGraph(source, '@dml/a'))).toEqual(['a.ts -> b/index.ts -> b/part.ts -> a.ts']);
  });

  it('find a circle that goes through a header and another source file', () => {
    const source = tree({
      'state.h': '#include <mpi.h>',
      'state.cc': '#include "state.h"\n#include "check.h"',
      'check.h': '#include "state.h"',
    });
    expect(findCircles(readIncludes(source))).toEqual(['check -> state -> check']);
  });

  it('refuse to overlook an import that leads nowhere', () => {
    const source = tree({ 'index.ts': "export * from './gone.js';" });
    expect(() => readGraph(source, '@dml/a')).toThrow("'./gone.js' leads to no file");
  });

  it('refuse a file that imports its own package by name', () => {
    const source = tree({ 'index.ts': "export * from '@dml/a/part';" });
    expect(() => readGraph(source, '@dml/a')).toThrow('its own package by name');
  });
});
