/** Posteriors and evidence of a mixture: log-sum-exp over components, row by row. */
import { expOf } from './exp.js';
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
    const row = start + i;
    let largest = largestTerm(logDensity, row, stride, componentCount, logWeights);
    const infinite = settleInfinite(logDensity, row, stride, componentCount, largest);
    if (infinite !== 0) largest = largestTerm(logDensity, row, stride, componentCount, logWeights);
    let total = 0;
    for (let k = 0; k < componentCount; k++) {
      const at = row + k * stride;
      const e = expOf(logDensity[at]! + logWeights[k]! - largest);
      logDensity[at] = e;
      total += e;
    }
    const scale = (rowWeights === null ? 1 : rowWeights[rowWeightsStart + i]!) / total;
    for (let k = 0; k < componentCount; k++) logDensity[row + k * stride]! *= scale;
    evidence[evidenceStart + i] = infinite === 0 ? largest + logOf(total) : infinite;
  }
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
