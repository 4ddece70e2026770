/** The rows from which a first model is drawn. */
import type { Seed } from '../contract.js';
import { rowHash, seedNumber } from '../numeric/random.js';

/**
 * A start looks at all rows up to the first number, and at about an eighth of more, up to the second. K seeds and their rivals cost
 * about 3 K passes over these rows: so it costs at most about as much as an iteration or two over all.
 */
const [MIN_START_ROWS, MAX_START_ROWS] = [4096, 16_384];

/**
 * Which of the rows `[firstRow, firstRow + count)` of `rowCount` in all the start looks at; numbers from 0. More rows than the start
 * takes are divided into equal runs, and one row is drawn from each, so that the choice costs no look at the others.
 */
export function startRows(rowCount: number, firstRow: number, count: number, seed: Seed): Int32Array {
  if (rowCount <= MIN_START_ROWS) {
    const all = new Int32Array(count);
    for (let i = 0; i < count; i++) all[i] = i;
    return all;
  }
  const number = seedNumber(seed);
  const wanted = Math.floor(Math.min(Math.max(rowCount / 8, MIN_START_ROWS), MAX_START_ROWS));
  const startOf = (run: number) => Math.floor((run * rowCount) / wanted);
  const rows = new Int32Array(wanted);
  let taken = 0;
  for (let run = Math.max(0, Math.floor((firstRow / rowCount) * wanted) - 1); run < wanted; run++) {
    const first = startOf(run);
    if (first >= firstRow + count) break;
    const row = first + Math.floor((rowHash(number, run) / 2 ** 32) * (startOf(run + 1) - first));
    if (row >= firstRow && row < firstRow + count) rows[taken++] = row - firstRow;
  }
  return rows.slice(0, taken);
}
