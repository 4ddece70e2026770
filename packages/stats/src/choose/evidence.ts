/** Scores of rows under a fitted model, as sums over rows: the same bits for every distribution of the segments. */

import { itemCount } from '../columns/columns.js';
import type { AnyDistribution, Columns, Encoder } from '../contract.js';
import { type Segments, sumSegments } from '../fit/segments.js';
import { log } from '../numeric/elementary.js';

/** Sums over rows. */
export interface Evidence {
  /** Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** Σ w. */
  readonly weight: number;
  /** The same, with each row once per item. */
  readonly itemWeight: number;
  /** -Σ w Σ_k r_k log r_k, in nats; 0 for anything but a mixture. */
  readonly entropy: number;
}

/** A model with hidden components. */
interface Posterior extends AnyDistribution {
  readonly components: readonly unknown[];
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array): void;
}

/** Whether a model says which component a row comes from. */
export function hasPosterior(model: AnyDistribution): model is Posterior {
  return 'seqPosterior' in model && typeof model.seqPosterior === 'function' && 'components' in model;
}

/** The number of sums. */
export const EVIDENCE_LENGTH = 4;

/** The sums of {@link Evidence} over rows `[start, end)`, in its order; those of several runs of rows are added. */
export function evidenceSums<C extends Columns>(
  encoder: Encoder<never, C>,
  model: AnyDistribution,
  columns: C,
  start: number,
  end: number,
  weights: Float64Array | undefined,
): Float64Array {
  const scores = new Float64Array(end - start);
  model.seqLogDensity(columns, start, end, scores);
  const entropies = entropiesOf(model, columns, start, end);
  const sums = new Float64Array(EVIDENCE_LENGTH);
  for (let row = start; row < end; row++) {
    const weight = weights?.[row] ?? 1;
    if (weight === 0) continue; // 0 · -Infinity
    sums[0]! += weight * scores[row - start]!;
    sums[1]! += weight;
    sums[2]! += weight * itemCount(encoder, columns, row, row + 1);
    sums[3]! += weight * entropies[row - start]!;
  }
  return sums;
}

/** -Σ_k r_k log r_k of each row. */
function entropiesOf(model: AnyDistribution, columns: Columns, start: number, end: number): Float64Array {
  const entropies = new Float64Array(end - start);
  if (!hasPosterior(model)) return entropies;
  const componentCount = model.components.length;
  const posterior = new Float64Array((end - start) * componentCount);
  model.seqPosterior(columns, start, end, posterior);
  for (let i = 0; i < posterior.length; i++) {
    const r = posterior[i]!;
    if (r > 0) entropies[Math.floor(i / componentCount)]! -= r * log(r);
  }
  return entropies;
}

/** {@link evidenceSums} by name. */
export function namedEvidence(sums: Float64Array): Evidence {
  return { logLikelihood: sums[0]!, weight: sums[1]!, itemWeight: sums[2]!, entropy: sums[3]! };
}

/** The sums over all rows, from those over each segment, added in the order in which ranks add. */
export function sumOverSegments(
  segments: Segments,
  rowCount: number,
  sumsOf: (start: number, end: number) => Float64Array,
): Float64Array {
  return sumSegments(segments, rowCount, sumsOf, (left, right) => left.map((value, i) => value + right[i]!));
}
