import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { compile } from '../compiler.js';
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
    if (programs.length === 0) return [];
    const files = new Map(programs.map(({ place, code }, index) => [this.#write(`${index}.mts`, code), place]));
    const typeRoots = [join(repository, 'tests/node_modules/@types')];
    const settings = { moduleResolution: 'NodeNext', lib: ['ES2022', 'DOM'], types: ['node'], typeRoots } as const;
    return compile([...files.keys()], settings).map((error) => {
      const [, file = '', rest = ''] = /^(.*?\.mts):(.*)$/s.exec(error) ?? [];
      return files.has(file) ? `${files.get(file)}, line ${rest}` : error;
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
