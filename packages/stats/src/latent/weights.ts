/** The M step of a probability vector. */
import { ParameterError } from '../errors.js';
import { timesLog } from '../leaf/prior.js';

/** Rows of numbers. */
export type Table = readonly (readonly number[])[];

/** A copy that cannot change. */
export function frozenTable(rows: ReadonlyArray<ArrayLike<number>>): Table {
  return Object.freeze(rows.map((row) => Object.freeze(Array.from(row))));
}

/** What decides beside the counts. */
export interface WeightOptions {
  /** Imaginary rows. Default 0. */
  readonly pseudoCount?: number;
  /** How they are spread. Default: evenly. */
  readonly prior?: ArrayLike<number> | undefined;
  /** Entries that may be greater than 0. Default: all. What was counted elsewhere is left out. */
  readonly allowed?: readonly boolean[] | undefined;
  /** The vector to keep where nothing was counted. Default: the even one. */
  readonly entering?: ArrayLike<number> | undefined;
}

/**
 * (n_k + c s_k) / (n + c) over the allowed entries, with s even when there is no prior.
 * @param counts  n_k >= 0
 */
export function estimateWeights(
  counts: Float64Array,
  { pseudoCount = 0, prior, allowed, entering }: WeightOptions = {},
): Float64Array {
  const shares = spread(counts.length, prior, allowed);
  const smoothed = counts.map((count, k) => (allowed?.[k] === false ? 0 : count + pseudoCount * shares[k]!));
  const total = smoothed.reduce((sum, count) => sum + count, 0);
  if (total > 0) return smoothed.map((count) => count / total);
  return spread(counts.length, entering, allowed);
}

/** What the imaginary rows of {@link estimateWeights} add to the log-likelihood at `p`; `undefined` without any. */
export function logWeightPrior(
  p: ArrayLike<number>,
  { pseudoCount = 0, prior, allowed }: WeightOptions,
): number | undefined {
  if (pseudoCount === 0) return undefined;
  return spread(p.length, prior, allowed).reduce((sum, share, k) => sum + timesLog(pseudoCount * share, p[k]!), 0);
}

/** `weights` over the allowed entries, summing to 1; even ones when there are none. Of no entries, or where none is allowed, all 0. */
export function spread(
  count: number,
  weights: ArrayLike<number> | undefined,
  allowed: readonly boolean[] | undefined,
): Float64Array {
  if (weights !== undefined && allowed === undefined) return Float64Array.from(weights);
  const isAllowed = (k: number) => allowed?.[k] !== false;
  const kept = Float64Array.from({ length: count }, (_, k) => (isAllowed(k) ? (weights?.[k] ?? 1) : 0));
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  if (total > 0) return kept.map((weight) => weight / total);
  return weights === undefined ? kept : spread(count, undefined, allowed);
}

/** The sum of {@link logWeightPrior} over the rows of a table. */
export function logTablePrior(
  rows: readonly (readonly number[])[],
  pseudoCount: number,
  prior: readonly ArrayLike<number>[] | undefined,
): number | undefined {
  if (pseudoCount === 0) return undefined;
  return rows.reduce((sum, row, k) => sum + (logWeightPrior(row, { pseudoCount, prior: prior?.[k] }) ?? 0), 0);
}

/** @throws {ParameterError} for a probability of a model that is not the fixed one, or stands where none is allowed */
export function checkFixed(
  owner: string,
  name: string,
  p: readonly number[],
  fixed: ArrayLike<number> | undefined,
  allowed?: readonly boolean[],
): void {
  // What is fixed may stand where nothing else is allowed.
  const k = p.findIndex((value, at) =>
    fixed !== undefined ? value !== fixed[at] : value > 0 && allowed?.[at] === false,
  );
  if (k < 0) return;
  const expected = fixed === undefined ? '0, as it is not allowed to be more' : `${fixed[k]}, as fixed`;
  throw new ParameterError(owner, `${name}[${k}] of the model`, expected, p[k]);
}
