/** Rows that are codes into a table: scores are looked up in it, and weights are counted by code. */
import type { Columns, Draws } from '../../contract.js';
import { kernels } from '../../numeric/kernels/index.js';
import type { Scores } from '../scores.js';

/** out = table[code] for rows `[start, end)`. */
export function scoreCodes(
  table: Float64Array,
  codes: Int32Array,
  start: number,
  end: number,
  out: Float64Array,
): void {
  const { stageCodes, gather } = kernels();
  gather(table, stageCodes(codes, start, end - start), end - start, out);
}

/** out += table[code] for rows `[start, end)`. */
export function addCodes(table: Float64Array, codes: Int32Array, start: number, end: number, out: Float64Array): void {
  const { stageCodes, addGather } = kernels();
  addGather(table, stageCodes(codes, start, end - start), end - start, out);
}

interface CodeColumns extends Columns {
  readonly codes: Int32Array;
}

/** Log-densities that are looked up by code. */
export class CodeScores implements Scores<CodeColumns> {
  constructor(readonly table: Float64Array) {}

  score({ codes }: CodeColumns, start: number, end: number, out: Float64Array): void {
    scoreCodes(this.table, codes, start, end, out);
  }

  add({ codes }: CodeColumns, start: number, end: number, out: Float64Array): void {
    addCodes(this.table, codes, start, end, out);
  }
}

/** counts[code] += weight for rows `[start, end)`. */
export function countCodes(
  codes: Int32Array,
  start: number,
  end: number,
  weights: Float64Array,
  counts: Float64Array,
): void {
  const { stageCodes, histogram } = kernels();
  histogram(stageCodes(codes, start, end - start), weights, end - start, counts);
}

/** At a start below a hidden variable, one more row spread over all codes. */
export function smoothCounts(counts: Float64Array, draws: Draws): void {
  if (!draws.smoothsTables) return;
  for (let k = 0; k < counts.length; k++) counts[k]! += 1 / counts.length;
}
