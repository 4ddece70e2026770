import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { sourceFiles } from '../independence/imports.js';
import { packages, repository } from '../repository.js';
import { type CodeBlock, examplesOf } from './codeBlocks.js';
import { type Program, ProgramFolder } from './compile.js';

const folder = new ProgramFolder();
afterAll(() => folder.remove());

/** Names that an `@example` may use without saying what they are. */
const givenNames: Readonly<Record<string, string>> = {
  'mpi-native': 'declare const world: import("@dml/mpi-native").Communicator;',
};

/**
 * Makes a program of an example. It may use every name that its package exports, as it stands in that package's
 * documentation; what else it needs it must say.
 */
function programOf(name: string, { place, code }: CodeBlock, exported: ReadonlySet<string>): Program {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const binds = ts.isVariableDeclaration(node) || ts.isImportSpecifier(node) || ts.isClassDeclaration(node);
    if (binds && node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const imported = [...used].filter((word) => exported.has(word) && !declared.has(word));
  const given = [...used].some((word) => !declared.has(word) && givenNames[name]?.includes(`const ${word}:`));
  // One line, so that the example's own lines keep their numbers plus one.
  const head = `import { ${imported.join(', ')} } from '@dml/${name}'; ${given ? givenNames[name] : ''}`;
  return { place, code: `${head}\n${code}\nexport {};\n` };
}

function exportedNames(name: string): ReadonlySet<string> {
  const entry = join(repository, 'packages', name, 'dist/index.d.ts');
  const program = ts.createProgram([entry], { noEmit: true, skipLibCheck: true, types: [] });
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : program.getTypeChecker().getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is not there or exports nothing: build ${name} first.`);
  return new Set(
    program
      .getTypeChecker()
      .getExportsOfModule(module)
      .map((symbol) => symbol.name),
  );
}

describe.each(packages)('the examples in the doc comments of %s', (name) => {
  it('have the right types', () => {
    const exported = exportedNames(name);
    const source = join(repository, 'packages', name, 'src');
    const examples = sourceFiles(source).flatMap((file) => examplesOf(join(source, file)));
    expect(examples.length).toBeGreaterThan(0);
    expect(folder.typeErrors(examples.map((example) => programOf(name, example, exported)))).toEqual([]);
  });
});
