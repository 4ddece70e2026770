import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repository } from '../repository.js';

/** A program made from a text: its name, for messages, and its code. */
export interface Program {
  readonly place: string;
  readonly code: string;
}

/** A folder from which `@dml/*` resolves as it does for a user who installed all four packages. */
export class ProgramFolder {
  readonly path: string;

  constructor() {
    const parent = join(repository, 'tests/node_modules/.programs');
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, 'run-'));
  }

  /** Type-checks the programs together and returns what is wrong with them, by place and line of the program. */
  typeErrors(programs: readonly Program[]): readonly string[] {
    const files = new Map(programs.map(({ place, code }, index) => [this.#write(`${index}.mts`, code), place]));
    const program = ts.createProgram([...files.keys()], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(repository, 'tests/node_modules/@types')],
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      const place = file === undefined ? 'no file' : (files.get(file.fileName) ?? file.fileName);
      return `${place}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  }

  /** Writes the program as JavaScript and returns its path. */
  javaScript(name: string, code: string): string {
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    return this.#write(`${name}.mjs`, ts.transpileModule(code, { compilerOptions: options }).outputText);
  }

  #write(name: string, code: string): string {
    const file = join(this.path, name);
    writeFileSync(file, code);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
