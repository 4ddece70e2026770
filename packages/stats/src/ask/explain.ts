/** Explains the log-density of a row: its parts, one for each value. */

import { checkOptions } from '../checks/options.js';
import { checkDistribution } from '../checks/parameters.js';
import type { AnyDistribution, RowOf, Seed } from '../contract.js';
import { formatPath, ParameterError } from '../errors.js';
import { densityParts, type ExplainedPart } from './densityParts.js';
import { sameGaps } from './sameGaps.js';

export type { ExplainedPart };

/** The tail probability of a whole row, from samples: where coordinates are missing, of the others. */
export interface SampledTail {
  /** The share of the samples that are no more probable than the row. */
  readonly probability: number;
  /** Standard error of the share: √(p (1 - p) / n), with p = (count + 1) / (n + 2), so that it is not 0 for a count of 0. */
  readonly standardError: number;
  /** The number of samples, n. */
  readonly samples: number;
}

/** See {@link explain}. */
export interface Explanation {
  /** `logDensity(row)`: the sum of the parts. */
  readonly logDensity: number;
  /** In the order of the row. */
  readonly parts: readonly ExplainedPart[];
  /** Present when the option `samples` is above 0. */
  readonly rowTail: SampledTail | undefined;
}

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** How many rows to draw for `rowTail`. Default 0: none. */
  readonly samples?: number;
  /** Seed of the draws. Default 0. */
  readonly seed?: Seed;
}

/**
 * The parts of the log-density of a row, which sum to it: which value makes the row improbable, and how extreme is it?
 *
 * - records, composites and diagonal Gaussian vectors: a part for each field, position, coordinate, down to the leaves;
 * - mixtures: log f = Σ_k r_k log f_k - KL(r || w), so the part of a value is Σ_k r_k log f_k, and the mixing is one more part;
 * - Chow-Liu trees: a part for each feature given its parent;
 * - joint and labelled mixtures: the same, with the value at [0] (and [1]);
 * - sequences: a part for each item; Markov chains and hidden Markov models: log p(x_t | x_1 … x_{t-1}) for each; and one for the
 *   length;
 * - conditionals: the level and the value; optional models: its presence, where this is modelled, and the value;
 * - every other family, including your own: one part.
 * @param model  the model
 * @param row  a row of it
 * @throws {ParameterError} for an invalid row
 * @example
 * const person = new RecordDistribution({
 *   height: new GaussianDistribution({ mu: 170, sigma2: 81 }),
 *   hand: new CategoricalDistribution({ left: 0.1, right: 0.9 }),
 * });
 * explain(person, { height: 197, hand: 'right' }).parts; // height: -7.616, tail 0.0027; hand: -0.105, tail 1
 * @see Kullback & Leibler (1951) for the mixing term
 */
export function explain<D extends AnyDistribution>(model: D, row: RowOf<D>, options: ExplainOptions = {}): Explanation {
  checkDistribution('explain', 'model', model);
  checkOptions('explain', options, ['samples', 'seed']);
  const { samples = 0 } = options;
  if (!Number.isSafeInteger(samples) || samples < 0) {
    throw new ParameterError('explain', 'samples', 'an integer >= 0', samples);
  }
  const logDensity = model.logDensity(row);
  if (Number.isNaN(logDensity)) throw new ParameterError('explain', 'row', 'a row of the model', row);
  const parts = densityParts(model, row, []).map((part) => ({ field: formatPath(part.path), ...part }));
  return { logDensity, parts, rowTail: samples === 0 ? undefined : sampledTail(model, row, logDensity, options) };
}

function sampledTail(
  model: AnyDistribution,
  row: unknown,
  logDensity: number,
  { samples = 0, seed = 0 }: ExplainOptions,
): SampledTail {
  const sampler = model.sampler(seed);
  const putGaps = sameGaps(model, row) ?? ((drawn: unknown) => drawn);
  let count = 0;
  for (let i = 0; i < samples; i++) if (model.logDensity(putGaps(sampler.sample())) <= logDensity) count++;
  const p = (count + 1) / (samples + 2);
  return { probability: count / samples, standardError: Math.sqrt((p * (1 - p)) / samples), samples };
}
