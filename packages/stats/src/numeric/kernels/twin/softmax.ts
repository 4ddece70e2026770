/** Posteriors and evidence of a mixture: log-sum-exp over components, row by row. */
import { expOf } from './exp.js';
import { logOf } from './log.js';
import { sum } from './moments.js';

/**
 * Rewrites a row whose largest term is infinite so that the ordinary formula gives the defined posterior.
 * @returns the evidence of the row, or 0 when the row is not of this kind
 */
function settleInfinite(
  logDensity: Float64Array,
  row: number,
  stride: number,
  componentCount: number,
  largest: number,
): number {
  if (largest === -Infinity) {
    for (let k = 0; k < componentCount; k++) logDensity[row + k * stride] = 0;
    return largest;
  }
  if (largest === Infinity) {
    for (let k = 0; k < componentCount; k++) {
      const at = row + k * stride;
      logDensity[at] = logDensity[at] === Infinity ? 0 : -Infinity;
    }
    return largest;
  }
  return 0;
}

function largestTerm(
  logDensity: Float64Array,
  row: number,
  stride: number,
  componentCount: number,
  logWeights: Float64Array,
): number {
  let largest = logDensity[row]! + logWeights[0]!;
  for (let k = 1; k < componentCount; k++) {
    const v = logDensity[row + k * stride]! + logWeights[k]!;
    if (largest < v) largest = v;
  }
  return largest;
}

/** Components of weight 0 have no say, not even with an infinite density or NaN. */
function silenceDead(
  logDensity: Float64Array,
  start: number,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
): void {
  for (let k = 0; k < componentCount; k++) {
    const from = start + k * stride;
    if (logWeights[k] === -Infinity) logDensity.fill(-Infinity, from, from + count);
  }
}

/** Largest term and sum of one row; its evidence is `largest + ln total`. */
let largest = 0;
let total = 0;

/** Posteriors of one row, in place. Leaves {@link largest} and {@link total}. */
function posteriorOfRow(
  logDensity: Float64Array,
  row: number,
  stride: number,
  componentCount: number,
  logWeights: Float64Array,
  weight: number,
): void {
  largest = largestTerm(logDensity, row, stride, componentCount, logWeights);
  const infinite = settleInfinite(logDensity, row, stride, componentCount, largest);
  if (infinite !== 0) largest = largestTerm(logDensity, row, stride, componentCount, logWeights);
  total = 0;
  for (let k = 0; k < componentCount; k++) {
    const at = row + k * stride;
    const e = expOf(logDensity[at]! + logWeights[k]! - largest);
    logDensity[at] = e;
    total += e;
  }
  const scale = weight / total;
  for (let k = 0; k < componentCount; k++) logDensity[row + k * stride]! *= scale;
  if (infinite === 0) return;
  largest = infinite;
  total = 1;
}

export function posterior(
  logDensity: Float64Array,
  start: number,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  rowWeights: Float64Array | null,
  rowWeightsStart: number,
  evidence: Float64Array,
  evidenceStart: number,
): void {
  silenceDead(logDensity, start, stride, componentCount, count, logWeights);
  for (let i = 0; i < count; i++) {
    const weight = rowWeights === null ? 1 : rowWeights[rowWeightsStart + i]!;
    posteriorOfRow(logDensity, start + i, stride, componentCount, logWeights, weight);
    evidence[evidenceStart + i] = largest + logOf(total);
  }
}

/** Rows of a lane whose sums are multiplied before a logarithm is taken: 10^19 components would not overflow. */
const PRODUCT = 16;

const lanes = new Float64Array(12);

/** (lane 0 + lane 2) + (lane 1 + lane 3) of the group of four lanes that starts at `at`. */
function laneTotal(at: number): number {
  return lanes[at]! + lanes[at + 2]! + (lanes[at + 1]! + lanes[at + 3]!);
}

/** The logarithms of the products in lanes 8 … 11 go to lanes 4 … 7. */
function takeLogs(): void {
  for (let lane = 0; lane < 4; lane++) {
    lanes[4 + lane]! += logOf(lanes[8 + lane]!);
    lanes[8 + lane] = 1;
  }
}

/** One run: at most RUN rows. */
export function posteriorTotal(
  logDensity: Float64Array,
  start: number,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  totals: Float64Array,
  totalsStart: number,
): number {
  silenceDead(logDensity, start, stride, componentCount, count, logWeights);
  lanes.fill(0, 0, 8).fill(1, 8);
  for (let i = 0; i < count; i++) {
    posteriorOfRow(logDensity, start + i, stride, componentCount, logWeights, 1);
    lanes[i & 3]! += largest;
    lanes[8 + (i & 3)]! *= total;
    if (i % (4 * PRODUCT) === 4 * PRODUCT - 1) takeLogs();
  }
  takeLogs();
  for (let k = 0; k < componentCount; k++) totals[totalsStart + k]! += sum(logDensity, start + k * stride, count);
  return laneTotal(0) + laneTotal(4);
}

export function logEvidence(
  logDensity: Float64Array,
  start: number,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  evidence: Float64Array,
  evidenceStart: number,
): void {
  silenceDead(logDensity, start, stride, componentCount, count, logWeights);
  for (let i = 0; i < count; i++) {
    const row = start + i;
    const largest = largestTerm(logDensity, row, stride, componentCount, logWeights);
    if (largest === Infinity || largest === -Infinity) {
      evidence[evidenceStart + i] = largest;
      continue;
    }
    let total = 0;
    for (let k = 0; k < componentCount; k++) {
      total += expOf(logDensity[row + k * stride]! + logWeights[k]! - largest);
    }
    evidence[evidenceStart + i] = largest + logOf(total);
  }
}
