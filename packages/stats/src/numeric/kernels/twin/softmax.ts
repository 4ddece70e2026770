/** Posteriors and evidence of a mixture: log-sum-exp over components, row by row. */
import { expOf } from './exp.js';
import { laneTotal, sumFrom } from './lanes.js';
import { logOf } from './log.js';

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
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
): void {
  for (let k = 0; k < componentCount; k++) {
    if (logWeights[k] === -Infinity) logDensity.fill(-Infinity, k * stride, k * stride + count);
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
  const scale = 1 / total;
  for (let k = 0; k < componentCount; k++) logDensity[row + k * stride]! *= scale;
  if (infinite === 0) return;
  largest = infinite;
  total = 1;
}

/**
 * Turns log-densities into posteriors, in place. Row k of `logDensity` starts at `k * stride`.
 * r_k = exp(v_k - max) / Σ_j exp(v_j - max), with v_k = logDensity_k + logWeights[k];
 * evidence = max + ln Σ_j exp(v_j - max).
 *
 * A component with logWeights = -Infinity gets 0, whatever its density. A row that is -Infinity everywhere gets the
 * mixture weights and the evidence -Infinity. A row with +Infinity is shared by the components that have it, in
 * proportion to their weights, with the evidence +Infinity.
 */
export function posterior(
  logDensity: Float64Array,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  evidence: Float64Array,
): void {
  silenceDead(logDensity, stride, componentCount, count, logWeights);
  for (let i = 0; i < count; i++) {
    posteriorOfRow(logDensity, i, stride, componentCount, logWeights);
    evidence[i] = largest + logOf(total);
  }
}

/** Rows of a lane whose sums are multiplied before a logarithm is taken: 10^19 components would not overflow. */
const PRODUCT = 16;

const lanes = new Float64Array(12);

/** The logarithms of the products in lanes 8 … 11 go to lanes 4 … 7. */
function takeLogs(): void {
  for (let lane = 0; lane < 4; lane++) {
    lanes[4 + lane]! += logOf(lanes[8 + lane]!);
    lanes[8 + lane] = 1;
  }
}

/**
 * {@link posterior}, to the same bits, without the evidence of each row. Adds to `totals` the sum of each component's
 * posteriors.
 * @returns the sum of the evidences, with one logarithm for 16 rows of a lane. A run gives
 *   (Σ max) + (Σ ln Π s), with s = Σ_j exp(v_j - max), each of the two sums in four lanes
 */
export function posteriorTotal(
  logDensity: Float64Array,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  totals: Float64Array,
): number {
  silenceDead(logDensity, stride, componentCount, count, logWeights);
  lanes.fill(0, 0, 8).fill(1, 8);
  for (let i = 0; i < count; i++) {
    posteriorOfRow(logDensity, i, stride, componentCount, logWeights);
    lanes[i & 3]! += largest;
    lanes[8 + (i & 3)]! *= total;
    if (i % (4 * PRODUCT) === 4 * PRODUCT - 1) takeLogs();
  }
  takeLogs();
  for (let k = 0; k < componentCount; k++) totals[k]! += sumFrom(logDensity, k * stride, count);
  return laneTotal(lanes, 0) + laneTotal(lanes, 4);
}

/** The evidence of {@link posterior}, to the same bits. Destroys `logDensity`. */
export function logEvidence(
  logDensity: Float64Array,
  stride: number,
  componentCount: number,
  count: number,
  logWeights: Float64Array,
  evidence: Float64Array,
): void {
  silenceDead(logDensity, stride, componentCount, count, logWeights);
  for (let i = 0; i < count; i++) {
    const largest = largestTerm(logDensity, i, stride, componentCount, logWeights);
    if (largest === Infinity || largest === -Infinity) {
      evidence[i] = largest;
      continue;
    }
    let total = 0;
    for (let k = 0; k < componentCount; k++) {
      total += expOf(logDensity[i + k * stride]! + logWeights[k]! - largest);
    }
    evidence[i] = largest + logOf(total);
  }
}
