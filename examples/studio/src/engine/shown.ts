/** A fitted model, and the rows under it. */

import { type AnyEstimator, predict } from '@dml/stats';
import { type Advice, describe } from '@dml-examples/report';
import { cellAt } from '@dml-examples/tables';
import type { ShownModel } from '../protocol.js';
import type { Opened } from './engine.js';
import { type Mixture, pictureOf } from './picture.js';
import type { Fit } from './search.js';

const WORST = 20;

/** What a person can do on the page. */
export const ADVICE: Advice = {
  starts: 'Another start may find a better model: the command line takes more, with --trials.',
  range: 'More may be better still: raise the largest number beside “Fit”.',
  dead: 'Move the slider to fewer components.',
  degenerate: 'The likelihood has no bound here, so do not compare it with others. Leave the column out.',
  small: 'Its figures are uncertain: look at these rows, or move the slider to fewer components.',
};

export function shownModel(opened: Opened, k: number, fit: Fit, estimator: AnyEstimator): ShownModel {
  const { rows } = opened;
  const { summary, notes } = describe(fit, { rows, estimator, advice: ADVICE });
  const { labels, logDensities } = predict(fit.model as never, rows as never);
  const byIndex = [...summary.components].sort((a, b) => a.index - b.index);
  return {
    k,
    picture: pictureOf(opened, fit.model),
    components: byIndex,
    notes: notes.map(({ where, message, advice }) => [where && `${where}:`, message, advice].filter(Boolean).join(' ')),
    worst: smallest(logDensities, WORST).map((row) => ({
      row,
      logDensity: logDensities[row]!,
      component: labels[row]!,
    })),
  };
}

/** The places of the smallest values, in order, in one pass. */
function smallest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < values.length; row++) {
    if (found.length === count && values[row]! >= values[found[count - 1]!]!) continue;
    let at = found.length;
    while (at > 0 && values[found[at - 1]!]! > values[row]!) at--;
    found.splice(at, 0, row);
    if (found.length > count) found.pop();
  }
  return found;
}

/** The table with three more columns: the component of each row, its probability, and the log-density of the row. */
export function scoredTable({ table, rows }: Opened, model: Mixture): Blob {
  const { labels, responsibilities, logDensities, shape } = predict(model as never, rows as never);
  const header = [...table.columns.map(({ name }) => name), 'component', 'probability', 'log_density'];
  const parts = [`${header.map(quoted).join(',')}\n`];
  for (let row = 0; row < table.length; row++) {
    const cells = table.columns.map((column) => quoted(cellText(cellAt(column, row))));
    const label = labels[row]!;
    const probability = responsibilities[row * shape[1] + label]!;
    parts.push(`${[...cells, label + 1, probability, logDensities[row]!].join(',')}\n`);
  }
  return new Blob(parts, { type: 'text/csv' });
}

function cellText(cell: unknown): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
