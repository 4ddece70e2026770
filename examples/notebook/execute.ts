/** Runs the cells of a notebook, one after the other, as a kernel does: they share their names, and each shows its last value. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSourceFile, isExpressionStatement, ScriptTarget } from 'typescript';

/** What a cell shows: texts by their media types. */
export type Shown = Readonly<Record<string, string>>;

export interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly source: readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly unknown[];
}

export interface Notebook {
  readonly cells: readonly Cell[];
}

const here = dirname(fileURLToPath(import.meta.url));

/** What each cell of code shows; `undefined` for one that ends with a statement. Node runs them, where the notebook lies. */
export function shownBy({ cells }: Notebook): readonly (Shown | undefined)[] {
  const sources = cells.filter((cell) => cell.cell_type === 'code').map(({ source }) => source.join(''));
  const program = [...sources.map(withValue), PRINT].join('\n');
  // Below the notebook, so that its packages are found.
  const folder = join(here, 'node_modules', '.notebook');
  const file = join(folder, `${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, program);
  try {
    const printed = execFileSync(process.execPath, [file], { cwd: here, encoding: 'utf8', maxBuffer: 2 ** 26 });
    const found = JSON.parse(printed) as Readonly<Record<number, Shown>>;
    return sources.map((_, i) => found[i]);
  } finally {
    rmSync(file);
  }
}

/** The cell, with its last value kept where it ends with an expression. */
function withValue(source: string, cell: number): string {
  const parsed = createSourceFile('cell.ts', source, ScriptTarget.ES2022);
  const last = parsed.statements.at(-1);
  if (last === undefined || !isExpressionStatement(last)) return source;
  const [start, end] = [last.getStart(parsed), last.expression.end];
  return `${source.slice(0, start)}(globalThis.shownValues ??= {})[${cell}] = ${source.slice(start, end)};`;
}

const PRINT = `
const bundles = Object.entries(globalThis.shownValues).map(([cell, value]) => [cell, value[Symbol.for('Jupyter.display')]()]);
process.stdout.write(JSON.stringify(Object.fromEntries(bundles)));
`;

/** The notebook with what its cells show, for those who read it without running it. */
export function withOutputs(notebook: Notebook, shown: readonly (Shown | undefined)[]): Notebook {
  let cell = -1;
  const cells = notebook.cells.map((before): Cell => {
    if (before.cell_type !== 'code') return before;
    const bundle = shown[++cell];
    const count = cell + 1;
    const result = { output_type: 'execute_result', execution_count: count, metadata: {} };
    const data = Object.entries(bundle ?? {}).map(([type, text]) => [type, text.split(/(?<=\n)/)]);
    return {
      ...before,
      execution_count: count,
      outputs: bundle ? [{ ...result, data: Object.fromEntries(data) }] : [],
    };
  });
  return { ...notebook, cells };
}
