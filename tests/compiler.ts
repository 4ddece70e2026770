import { relative } from 'node:path';
import ts from 'typescript';

/** How to compile: what the user of a package has chosen. */
export interface CompilerSettings {
  readonly moduleResolution: 'NodeNext' | 'Bundler';
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly typeRoots: readonly string[];
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
 * Compiles programs as strictly as TypeScript can, and returns what is wrong with them, as `file:line message`. Besides
 * the programs themselves, the declarations that `alsoCheck` accepts are checked: those of our packages, say.
 */
export function compile(
  files: readonly string[],
  { moduleResolution, lib, types, typeRoots, outDir }: CompilerSettings,
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
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
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

/** The names, of values and of types, that each file exports. */
export function exportsOf(files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const nodeNext = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram([...files], { ...nodeNext, noEmit: true, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  return new Map(
    files.map((file) => {
      const source = program.getSourceFile(file);
      if (source === undefined) throw new Error(`${relative('.', file)} is not there: build the packages first.`);
      const module = checker.getSymbolAtLocation(source);
      const names = module === undefined ? [] : checker.getExportsOfModule(module).map((symbol) => symbol.name);
      return [file, new Set(names)];
    }),
  );
}
