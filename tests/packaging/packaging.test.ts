import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { compile } from '../compiler.js';
import { packages, repository } from '../repository.js';
import { manifestOf, UserFolder } from './userFolder.js';

const nodeTypes = dirname(dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));

/** Statistics must not need Node's types: it runs in a browser as well. The others are made for Node. */
const typesOf = (name: string) =>
  name === 'stats'
    ? { lib: ['ES2022', 'DOM'], types: [], typeRoots: [], strictest: true }
    : { lib: ['ES2022'], types: ['node'], typeRoots: [nodeTypes], strictest: true };

/** Our own declarations are checked along with the program that uses them. */
const isOurs = (file: string): boolean => file.includes('/node_modules/@dml/');

/**
 * What the program in `programs/` prints, for each package: a plain statement of what it must compute. Statistics has
 * none here: its numbers are checked in its own tests, and here only that all ways of loading it give the same ones.
 */
const printed: Readonly<Record<string, object>> = {
  'mpi-native': { rank: 0, size: 1, sums: [1, 2, 3] },
  'mpi-estimation': { saved: [3], refused: true },
  serialize: { exact: true, refusal: 'CodecError' },
};

describe.each(packages)('the package %s, as it is published', (name) => {
  const user = new UserFolder();
  const tarball = inject('tarballs')[name]!;
  let notInstalled: string | null = null;

  beforeAll(async () => {
    notInstalled = await user.install(tarball);
    if (notInstalled !== null) console.warn(`Skipped: the installed package ${name}: ${notInstalled}.`);
  });
  afterAll(() => user.remove());

  it('satisfies publint', async () => {
    const bytes = readFileSync(tarball);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({
      pack: { tarball: buffer as ArrayBuffer },
      strict: true,
      level: 'warning',
    });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types that fit its code, for every way to import it', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = 'problems' in analysis ? analysis.problems : [{ kind: 'no types at all' }];
    // `node10` is the resolution of Node 10, which knows no `exports`: Node 20 is the oldest that we support.
    expect(problems.filter((problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'))).toEqual(
      [],
    );
  });

  it('brings README, licence and code, and leaves sources and tests at home', () => {
    const files = createPackageFromTarballData(readFileSync(tarball)).listFiles();
    const inside = files.map((file) => file.replace(`/node_modules/@dml/${name}/`, ''));
    const wanted = ['package.json', 'README.md', 'picture.svg', 'LICENSE', 'dist/index.js'];
    expect(wanted.filter((file) => !inside.includes(file))).toEqual([]);
    expect(inside.filter((file) => /^(src|test|bench|node_modules|\.turbo)\//.test(file))).toEqual([]);
  });

  it('has links in its texts to nothing that stays at home', () => {
    const contents = createPackageFromTarballData(readFileSync(tarball));
    const root = `/node_modules/@dml/${name}/`;
    const files = contents.listFiles();
    const texts = files.filter((file) => file.startsWith(root) && file.endsWith('.md'));
    expect(texts).toContain(`${root}README.md`);
    const dead = texts.flatMap((text) => {
      const links = contents
        .readFile(text)
        .replace(/^(`{3,})[\s\S]*?^\1$/gm, '')
        .matchAll(/\]\(([^)\s]+)\)/g);
      const local = [...links].map(([, target = '']) => target).filter((target) => !/^(https?:|#)/.test(target));
      return local.filter((target) => !files.includes(posix.join(dirname(text), target.replace(/#.*$/, ''))));
    });
    expect(dead).toEqual([]);
  });

  it('brings only the packages that its manifest names', ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const { name: own, dependencies = {} } = manifestOf(name);
    expect(user.installed()).toEqual([own, ...Object.keys(dependencies)].sort());
  });

  it('offers the same names to import and to require', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    // Early Node 20 cannot require an ES module; the flag makes a late one just as strict.
    const strict = process.allowedNodeEnvironmentFlags.has('--no-experimental-require-module');
    const flags = strict ? ['--no-experimental-require-module'] : [];
    for (const entry of entriesOf(name)) {
      const imported = await user.node(['--input-type=module', '-e', listNames(`await import('${entry}')`)]);
      const required = await user.node([...flags, '--input-type=commonjs', '-e', listNames(`require('${entry}')`)]);
      expect(JSON.parse(imported).length, entry).toBeGreaterThan(0);
      expect(required, entry).toBe(imported);
    }
  });

  it.runIf(name === 'stats')('has one error class, whichever entry throws', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const program = (load: (entry: string) => string) => `(async () => {
      const { DataError } = ${load('@dml/stats')};
      const { NumberEncoder, REAL, itself } = ${load('@dml/stats/families')};
      try { new NumberEncoder('x', REAL, { x: itself }).encode(['1']); } catch (error) { console.log(error instanceof DataError); }
    })()`;
    const asModule = program((entry) => `await import('${entry}')`);
    expect(await user.node(['--input-type=module', '-e', asModule])).toBe('true\n');
    const asScript = program((entry) => `require('${entry}')`);
    expect(await user.node(['--input-type=commonjs', '-e', asScript])).toBe('true\n');
  });

  it('type-checks in a strict program and runs the same as ES module and as CommonJS', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const program = readFileSync(join(repository, 'tests/packaging/programs', `${name}.ts`), 'utf8');
    const files = [user.write('program.mts', program), user.write('program.cts', program)];
    const outDir = join(user.path, 'out');
    expect(compile(files, { ...typesOf(name), moduleResolution: 'NodeNext', outDir }, isOurs)).toEqual([]);
    const asModule = await user.node(['out/program.mjs']);
    expect(await user.node(['out/program.cjs'])).toBe(asModule);
    const result: unknown = JSON.parse(asModule);
    if (printed[name] !== undefined) expect(result).toEqual(printed[name]);
  });

  it('type-checks in a program for a bundler', ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const program = readFileSync(join(repository, 'tests/packaging/programs', `${name}.ts`), 'utf8');
    const file = user.write('program.ts', program);
    expect(compile([file], { ...typesOf(name), moduleResolution: 'Bundler' }, isOurs)).toEqual([]);
  });
});

/** What a user can import of a package: `@dml/stats`, `@dml/stats/testing`. */
function entriesOf(name: string): readonly string[] {
  const { exports } = manifestOf(name) as unknown as { readonly exports: Readonly<Record<string, object | string>> };
  const entries = Object.entries(exports).filter(
    ([, conditions]) => typeof conditions === 'object' && 'require' in conditions,
  );
  return entries.map(([path]) => `@dml/${name}${path.slice(1)}`);
}

function listNames(load: string): string {
  return `(async () => { const { default: _, ...api } = ${load}; console.log(JSON.stringify(Object.keys(api).filter((key) => key !== 'module.exports').sort())); })()`;
}
