/**
 * One of the integers min … min + L - 1, each with a probability of its own: P(X = min + k) = p_k.
 * Source: Agresti, Categorical Data Analysis (2013), ch. 1.
 */

import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkProbabilities, checkPseudoCount } from '../checks/parameters.js';
import type { Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead, reportPointMass } from '../leaf/findings.js';
import type { IntegerColumns, IntegerStatistic } from '../leaf/integerRange.js';
import {
  hullOf,
  IntegerAccumulator,
  IntegerEncoder,
  IntegerScores,
  MOST_VALUES,
  weightedRange,
} from '../leaf/integerRange.js';
import { drawIndex, random, samplerOf } from '../numeric/random.js';

/**
 * Probabilities over a range of integers.
 * @example
 * new IntegerCategoricalDistribution({ min: 1, p: [0.2, 0.8] }).density(2); // 0.8
 */
export class IntegerCategoricalDistribution implements Distribution<number, IntegerColumns> {
  static readonly typeName = 'IntegerCategorical';
  static readonly typeVersion = 1;
  /** The value whose probability is `p[0]`. */
  readonly min: number;
  /** Probabilities of `min`, `min + 1`, … */
  readonly p: readonly number[];
  readonly #scores = new IntegerScores((x) => this.logDensity(x));

  /**
   * @param parameters  `min`: an integer; `p`: at least one probability, sum 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor({ min, p }: { readonly min: number; readonly p: ArrayLike<number> }) {
    const owner = 'IntegerCategoricalDistribution';
    if (!Number.isSafeInteger(min)) throw new ParameterError(owner, 'min', 'an integer', min);
    if (!(p.length > 0)) throw new ParameterError(owner, 'p', 'a list of at least one probability', p);
    checkProbabilities(owner, 'p', p);
    this.min = min;
    this.p = Object.freeze(Array.from(p));
  }

  logDensity(x: number): number {
    if (Number.isNaN(x)) return Number.NaN;
    return Math.log(this.p[x - this.min] ?? 0);
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
  }

  seqAddLogDensity(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    this.#scores.add(columns, start, end, out);
  }

  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    return samplerOf(() => this.min + drawIndex(rng, this.p));
  }

  encoder(): IntegerEncoder {
    return new IntegerEncoder('IntegerCategorical');
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): IntegerCategoricalEstimator {
    const { min, p } = this;
    const range = { min, max: min + p.length - 1 };
    return new IntegerCategoricalEstimator(pseudoCount > 0 ? { ...range, pseudoCount, prior: { min, p } } : range);
  }

  toJSON() {
    return { type: 'IntegerCategorical', min: this.min, p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerCategoricalDistribution {
    const checked = checkFields('IntegerCategoricalDistribution', fields, { min: 'number', p: 'numbers' });
    return new IntegerCategoricalDistribution(checked);
  }
}

/** Options of {@link IntegerCategoricalEstimator}. */
export interface IntegerCategoricalOptions {
  /** The range reaches down to here at least. Given together with `max`. Default: the smallest row. */
  readonly min?: number;
  /** The range reaches up to here at least. Default: the largest row. */
  readonly max?: number;
  /** Imaginary rows, spread evenly over the range, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** How the imaginary rows are spread; may reach beyond the rows. Needs `pseudoCount`. */
  readonly prior?: { readonly min: number; readonly p: ArrayLike<number> };
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Relative frequencies, or with a pseudo count c and L values: (n_k + c/L) / (n + c).
 * @example
 * optimize([1, 3, 3], new IntegerCategoricalEstimator()).model.p; // [1/3, 0, 2/3]
 */
export class IntegerCategoricalEstimator
  implements Estimator<number, IntegerCategoricalDistribution, IntegerColumns, IntegerStatistic>
{
  readonly #prior: IntegerCategoricalDistribution | undefined;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or a range that is not one */
  constructor(readonly options: IntegerCategoricalOptions = {}) {
    const owner = 'IntegerCategoricalEstimator';
    checkEstimatorOptions(owner, options, { min: true, max: true, pseudoCount: true, prior: ['min', 'p'], key: true });
    const { min, max, pseudoCount, prior } = options;
    checkPseudoCount(owner, 'pseudoCount', pseudoCount);
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', pseudoCount);
    }
    if (min !== undefined || max !== undefined) {
      if (!Number.isSafeInteger(min))
        throw new ParameterError(owner, 'min', 'an integer, given together with max', min);
      if (!(Number.isSafeInteger(max) && max! >= min! && max! - min! < MOST_VALUES)) {
        throw new ParameterError(owner, 'max', `an integer in min … min + ${MOST_VALUES - 1}`, max);
      }
    }
    this.#prior = prior === undefined ? undefined : new IntegerCategoricalDistribution(prior);
  }

  encoder(): IntegerEncoder {
    return new IntegerEncoder('IntegerCategorical');
  }

  statisticLength(schema: IntegerColumns): number {
    return schema.size;
  }

  accumulator(schema: IntegerColumns, statistic?: Float64Array): IntegerAccumulator {
    return new IntegerAccumulator('IntegerCategorical', schema, statistic, this.options.key);
  }

  /**
   * The range is that of the rows with weight, of the options and of the prior. Total weight 0 and no prior: uniform over
   * the known range.
   */
  estimate(statistic: IntegerStatistic, report?: Report): IntegerCategoricalDistribution {
    const { min, max, pseudoCount = 0 } = this.options;
    const prior = this.#prior;
    const total = statistic.counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) reportDead(report);
    const declared = min === undefined ? [] : [{ min, size: max! - min + 1 }];
    const priorRange = prior === undefined ? [] : [{ min: prior.min, size: prior.p.length }];
    const known = [...declared, ...priorRange];
    const rows = total === 0 && known.length > 0 ? [] : [weightedRange(statistic)];
    const hull = hullOf([...rows, ...known]);
    const range = hull.size === 0 ? { min: 0, size: 1 } : hull;
    const p = Float64Array.from({ length: range.size }, (_, k) => {
      const x = range.min + k;
      const imaginary = prior === undefined ? 1 / range.size : (prior.p[x - prior.min] ?? 0);
      return (statistic.counts[x - statistic.min] ?? 0) + pseudoCount * imaginary;
    });
    const sum = p.reduce((a, b) => a + b, 0);
    const shares = p.map((q) => (sum > 0 ? q / sum : 1 / p.length));
    reportPointMass(report, shares);
    return new IntegerCategoricalDistribution({ min: range.min, p: shares });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(model: IntegerCategoricalDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.p.length - 1 }];
  }
}
