import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/** One place where a source file names another module, in whatever way. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const sourceFile = /\.[cm]?[jt]sx?$/;
const generatedFolders = new Set(['node_modules', 'dist', 'build', 'prebuilds', 'coverage', '.turbo']);

/** Every source file below a folder, generated ones left out; paths with `/`, relative to the folder, sorted. */
export function sourceFiles(folder: string): readonly string[] {
  const found: string[] = [];
  const walk = (current: string): void => {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!generatedFolders.has(entry.name)) walk(path);
      } else if (sourceFile.test(entry.name)) {
        found.push(relative(folder, path).split(sep).join('/'));
      }
    }
  };
  walk(folder);
  return found.sort();
}

/**
 * The modules that a file imports: static and dynamic imports, re-exports, `import type`, import types such as
 * `import('x').Y`, `require`, `require.resolve`, `import.meta.resolve` and `/// <reference>`.
 */
export function importsOf(path: string): readonly Import[] {
  return literalsOf(path).filter(({ isImport }) => isImport);
}

/** Every string literal of a file, with the mark whether it stands where a module is named. */
export function literalsOf(path: string): readonly (Import & { readonly isImport: boolean })[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: (Import & { readonly isImport: boolean })[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      found.push({ specifier: node.text, line: lineOf(node.getStart(source)), isImport: namesModule(node, source) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const reference of [...source.referencedFiles, ...source.typeReferenceDirectives]) {
    found.push({ specifier: reference.fileName, line: lineOf(reference.pos), isImport: true });
  }
  return found;
}

function namesModule(literal: ts.StringLiteralLike, source: ts.SourceFile): boolean {
  const parent = literal.parent;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isExternalModuleReference(parent))
    return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== literal) return false;
  return (
    parent.expression.kind === ts.SyntaxKind.ImportKeyword ||
    /^(require|require\.resolve|import\.meta\.resolve)$/.test(parent.expression.getText(source))
  );
}

/**
 * The file that a relative import leads to, relative to `folder`, or `null` for a file that holds no source (JSON).
 * @throws {Error} when nothing is there: an import that is not followed would hide what lies behind it
 */
export function followRelative(folder: string, importer: string, specifier: string): string | null {
  const target = resolve(folder, dirname(importer), specifier);
  const stem = target.replace(/\.([cm]?)jsx?$/, '');
  const candidates = [target, `${stem}.ts`, `${stem}.tsx`, `${stem}.mts`, `${stem}.cts`, join(target, 'index.ts')];
  const file = candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (file === undefined) throw new Error(`${importer}: the import '${specifier}' leads to no file.`);
  return sourceFile.test(file) ? relative(folder, file).split(sep).join('/') : null;
}
