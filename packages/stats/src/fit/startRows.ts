/** The rows from which a first model is drawn. */
import type { Seed } from '../contract.js';
import { rowHash, seedNumber } from '../numeric/random.js';

/**
 * A start looks at all rows up to the first number, and at about an eighth of more, up to the second. K seeds and their rivals cost
 * about 3 K passes over these rows: so it costs at most about as much as an iteration or two over all.
 */
const [MIN_START_ROWS, MAX_START_ROWS] = [4096, 16_384];

/** Which of the rows `[firstRow, firstRow + count)` of `rowCount` in all the start looks at; numbers from 0. */
export function startRows(rowCount: number, firstRow: number, count: number, seed: Seed): Int32Array {
  if (rowCount <= MIN_START_ROWS) {
    const all = new Int32Array(count);
    for (let i = 0; i < count; i++) all[i] = i;
    return all;
  }
  const number = seedNumber(seed);
  const wanted = Math.min(Math.max(rowCount / 8, MIN_START_ROWS), MAX_START_ROWS);
  const limit = (wanted / rowCount) * 2 ** 32;
  const rows: number[] = [];
  for (let i = 0; i < count; i++) if (rowHash(number, firstRow + i) < limit) rows.push(i);
  return Int32Array.from(rows);
}
