import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { exportedNames } from '../compiler.js';
import { sourceFiles } from '../independence/imports.js';
import { packages, repository } from '../repository.js';
import { type CodeBlock, examplesOf } from './codeBlocks.js';
import { type Program, ProgramFolder } from './compile.js';

const folder = new ProgramFolder();
afterAll(() => folder.remove());

/**
 * What the reader has at hand: names that an example may use without saying where they come from. An example that needs
 * more declares it, or is marked `fragment`.
 */
const givenNames: Readonly<Record<string, readonly string[]>> = {
  stats: [
    ...['rows', 'columns', 'distributions', 'estimator', 'e', 'model', 'before', 'after', 'topicA', 'topicB'],
    ...['mixtureOf', 'show', 'it', 'comm'],
  ],
  'mpi-native': ['mine', 'fromLeft'],
  'mpi-estimation': [],
  serialize: ['codec', 'bytes', 'model'],
};

/** What an example may name: exports by the module they are imported from, the first that has the name wins. */
type Modules = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Makes a program of an example. It may use every name that its package or its own source file exports, as it stands
 * beside them in the documentation; what else it needs it must say.
 */
function programOf(name: string, { place, code }: CodeBlock, modules: Modules): Program {
  const { used, declared } = namesIn(code);
  const head: string[] = [];
  for (const word of used) {
    if (declared.has(word)) continue;
    const module = [...modules].find(([, names]) => names.has(word))?.[0];
    if (module !== undefined) head.push(`import { ${word} } from '${module}';`);
    else if (word === 'world') head.push("declare const world: import('@dml/mpi-native').Communicator;");
    else if (givenNames[name]?.includes(word)) head.push(`declare const ${word}: any;`);
  }
  // One line, so that the example's own lines keep their numbers plus one.
  return { place, code: `${head.join(' ')}\n${code}\nexport {};\n` };
}

function namesIn(code: string): { readonly used: ReadonlySet<string>; readonly declared: ReadonlySet<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const binds =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node) ||
      ts.isClassDeclaration(node);
    if (binds && node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true));
  return { used, declared };
}

describe.each(packages)('the examples in the doc comments of %s', (name) => {
  it('have the right types', () => {
    const root = join(repository, 'packages', name);
    const files = sourceFiles(join(root, 'src')).map((file) => join(root, 'src', file));
    const programs = files.flatMap((file) => {
      const examples = examplesOf(file);
      if (examples.length === 0) return [];
      // Its own package first, then what stands in the same file, then what the other packages offer.
      const others = packages.filter((other) => other !== name).map(entryOf);
      const modules = new Map([entryOf(name), [file.replace(/\.ts$/, '.js'), exportedNames(file)], ...others]);
      return examples.map((example) => programOf(name, example, modules));
    });
    expect(programs.length).toBeGreaterThan(0);
    expect(folder.typeErrors(programs)).toEqual([]);
  });
});

function entryOf(name: string): readonly [string, ReadonlySet<string>] {
  const declarations = ['node.d.ts', 'index.d.ts'].map((file) => join(repository, 'packages', name, 'dist', file));
  const entry = declarations.find((file) => existsSync(file));
  if (entry === undefined) throw new Error(`${name} has no declarations: build it first.`);
  return [`@dml/${name}`, exportedNames(entry)];
}
