import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** How to compile: what the user of a package has chosen. */
export interface CompilerSettings {
  readonly moduleResolution: 'NodeNext' | 'Bundler';
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly typeRoots: readonly string[];
  /** Beyond `strict`: the two settings that careful users add. */
  readonly strictest?: boolean;
  /** Where JavaScript is written; without it none is. */
  readonly outDir?: string;
}

const parsed = new Map<string, ts.SourceFile>();

/** A host that parses the compiler's own libraries, and the types of Node, once for all programs of a test file. */
function hostFor(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, onError, fresh) => {
    if (!/\/typescript\/lib\/|\/@types\/node\//.test(file)) return read(file, version, onError, fresh);
    const source = parsed.get(file) ?? read(file, version, onError, fresh);
    if (source !== undefined) parsed.set(file, source);
    return source;
  };
  return host;
}

/**
 * Compiles programs and returns what is wrong with them, as `file:line message`. Besides
 * the programs themselves, the declarations that `alsoCheck` accepts are checked: those of our packages, say.
 */
export function compile(
  files: readonly string[],
  { moduleResolution, lib, types, typeRoots, strictest = false, outDir }: CompilerSettings,
  alsoCheck: (file: string) => boolean = () => false,
): readonly string[] {
  const nodeNext = moduleResolution === 'NodeNext';
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: nodeNext ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
    moduleResolution: nodeNext ? ts.ModuleResolutionKind.NodeNext : ts.ModuleResolutionKind.Bundler,
    lib: lib.map((name) => `lib.${name.toLowerCase()}.d.ts`),
    types: [...types],
    typeRoots: [...typeRoots],
    strict: true,
    noUncheckedIndexedAccess: strictest,
    exactOptionalPropertyTypes: strictest,
    skipLibCheck: false,
    ...(outDir === undefined ? { noEmit: true } : { outDir }),
  };
  const program = ts.createProgram([...files], options, hostFor(options));
  // Asking file by file leaves out the libraries of the compiler, whose check takes seconds and is not ours.
  const checked = program.getSourceFiles().filter(({ fileName }) => files.includes(fileName) || alsoCheck(fileName));
  const found = [
    ...program.getOptionsDiagnostics(),
    ...checked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  if (outDir !== undefined && found.length === 0) program.emit();
  return found.map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (file === undefined) return message;
    return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} ${message}`;
  });
}

/** The names, of values and of types, that a file says it exports; what `export *` brings is not followed. */
export function exportedNames(file: string): ReadonlySet<string> {
  const names = new Set<string>();
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      if (!ts.isNamedExports(statement.exportClause)) continue;
      for (const { name } of statement.exportClause.elements) names.add(name.text);
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) names.add(name.text);
    } else if ('name' in statement && ts.isIdentifier(statement.name as ts.Node)) {
      names.add((statement.name as ts.Identifier).text); // Every other declaration that can be exported has a name.
    }
  }
  return names;
}
