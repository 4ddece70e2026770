import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { exportsOf } from '../compiler.js';
import { sourceFiles } from '../independence/imports.js';
import { packages, repository } from '../repository.js';
import { type CodeBlock, examplesOf } from './codeBlocks.js';
import { type Program, ProgramFolder } from './compile.js';

const folder = new ProgramFolder();
afterAll(() => folder.remove());

/** Names that an example may use without saying where they come from, and their types. */
const standIns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stats: { rows: 'readonly number[]', it: '(name: string, test: () => void) => void' },
  'mpi-native': { world: "import('@dml/mpi-native').Communicator", mine: 'Float64Array', fromLeft: 'Float64Array' },
  'mpi-estimation': {},
  serialize: { codec: "import('@dml/serialize').Codec", bytes: 'Uint8Array', model: 'object' },
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
    const type = standIns[name]?.[word];
    if (module !== undefined) head.push(`import { ${word} } from '${module}';`);
    else if (type !== undefined) head.push(`declare const ${word}: ${type};`);
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
    const entry = join(root, 'dist/index.d.ts');
    const exported = exportsOf([entry, ...files]);
    const programs = files.flatMap((file) => {
      const modules = new Map([
        [`@dml/${name}`, exported.get(entry) ?? new Set<string>()],
        [file.replace(/\.ts$/, '.js'), exported.get(file) ?? new Set<string>()],
      ]);
      return examplesOf(file).map((example) => programOf(name, example, modules));
    });
    expect(programs.length).toBeGreaterThan(0);
    expect(folder.typeErrors(programs)).toEqual([]);
  });
});
