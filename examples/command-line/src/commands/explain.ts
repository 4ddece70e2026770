import { type ExplainedPart, explain as explainRow, seqEncode, seqLogDensity } from '@dml/stats';
import { digits, rowsOf } from '@dml-examples/tables';
import type { Command } from '../command.js';
import { UsageError } from '../command.js';
import { loadModule, metaOf, openModel } from '../modelFile.js';
import { columnsOf } from '../output.js';
import { openTable } from '../tableFiles.js';

export const explain: Command = {
  name: 'explain',
  summary: 'Says why rows are odd: what each value adds to the log-density, and how far out it lies.',
  files: 'MODEL TABLE',
  details: [],
  options: {
    worst: { value: 'N', help: 'the N least probable rows; default 3' },
    row: { value: 'N,…', isRepeated: true, help: 'these rows instead; numbers count from 1' },
    samples: { value: 'N', help: 'rows drawn from the model to see how many are as odd; default 1000' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
    json: { help: 'as JSON' },
  },
  async run(given, output) {
    const [path, tablePath] = given.files as [string, string];
    const worst = given.integer('worst', 1) ?? 3;
    const samples = given.integer('samples', 0) ?? 1000;
    const modulePath = given.text('model');
    const file = await openModel(path, modulePath === undefined ? undefined : await loadModule(modulePath));
    const { model } = file;
    const rows = rowsOf(await openTable(tablePath, output), metaOf(file, path).types);
    const asked = given.list('row').map((text) => rowNumber(text, rows.length));
    const chosen = asked.length > 0 ? asked : leastProbable(seqLogDensity(seqEncode(rows, model), model), worst);
    const told = chosen.map((row) => ({ row: row + 1, ...explainRow(model, rows[row] as never, { samples }) }));
    if (given.flag('json')) output.printJson(told);
    else for (const { row, ...explanation } of told) output.print(explanationText(row, explanation));
  },
};

function rowNumber(text: string, count: number): number {
  const row = Number(text);
  if (Number.isInteger(row) && row >= 1 && row <= count) return row - 1;
  throw new UsageError(`--row must be between 1 and ${count}, found "${text}".`);
}

/** The rows of the smallest log-densities, the smallest first. */
function leastProbable(logDensities: Float64Array, count: number): readonly number[] {
  const rows = Array.from(logDensities, (_, row) => row);
  return rows.sort((a, b) => logDensities[a]! - logDensities[b]! || a - b).slice(0, count);
}

function explanationText(row: number, { logDensity, parts, rowTail }: ReturnType<typeof explainRow>): string {
  const share =
    rowTail === undefined
      ? ''
      : ` (${percent(rowTail.probability)} of rows are as odd, ± ${percent(rowTail.standardError)})`;
  const lines = [...parts]
    .sort((a, b) => a.logDensity - b.logDensity)
    .filter(({ of, value }) => of !== 'presence' || value === null)
    .map((part) => [part.path.join('.') || part.of, shown(part), part.logDensity.toFixed(1), wordsOn(part)]);
  return `row ${row}: log-density ${logDensity.toFixed(1)}${share}\n${columnsOf(lines, (j) => j === 2).replaceAll(/^/gm, '  ')}\n`;
}

function shown({ of, value }: ExplainedPart): string {
  if (of === 'mixing') return '';
  if (typeof value === 'number') return digits(value);
  return value === null || value === undefined ? 'missing' : String(value);
}

function wordsOn({ of, tail }: ExplainedPart): string {
  if (of === 'mixing') return 'how unusual its mix of components is';
  if (of === 'presence') return 'that it is missing';
  if (tail === undefined) return '';
  return tail < 0.05 ? `${percent(tail)} of such values lie as far out` : '';
}

/** Below a hundredth of a per cent, as a report has it: the digits say more of the family than of the row. */
function percent(share: number): string {
  if (share > 0 && share < 1e-4) return '<0.01 %';
  return `${digits(Number((100 * share).toPrecision(2)))} %`;
}
