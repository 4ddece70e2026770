/** Rows that are codes into a table: scores are looked up in it, and weights are counted by code. */
import type { Draws } from '../contract.js';
import { kernels } from '../numeric/kernels/index.js';

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
