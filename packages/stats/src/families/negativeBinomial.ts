/**
 * Counts that vary more than a Poisson's: P(X = x) = Γ(x + r) / (x! Γ(r)) · q^r (1 - q)^x for x = 0, 1, 2, …, with mean m,
 * size r > 0 and q = r / (r + m). The variance is m + m²/r; as r grows it becomes the Poisson distribution. m = 0 is the
 * point mass at 0.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5.
 */

import { randomGamma, randomPoisson } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPositive, checkPseudoCount } from '../checks/parameters.js';
import type { Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import type { IntegerColumns, IntegerStatistic } from '../leaf/integerRange.js';
import { IntegerAccumulator, IntegerEncoder, IntegerScores, MOST_VALUES } from '../leaf/integerRange.js';
import { newtonRoot } from '../numeric/newtonRoot.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln, log1pmx } from '../numeric/special.js';

/** Sizes beyond are not estimated: rows that vary no more than a Poisson's have no finite size of maximum likelihood. */
const SMALLEST_SIZE = 1e-10;
const LARGEST_SIZE = 1e10;

/**
 * The negative binomial distribution with the given `mean` and `size`.
 * @example
 * new NegativeBinomialDistribution({ mean: 2, size: 1 }).density(0); // 0.3333333333333333
 */
export class NegativeBinomialDistribution implements Distribution<number, IntegerColumns> {
  static readonly typeName = 'NegativeBinomial';
  static readonly typeVersion = 1;
  /** m. */
  readonly mean: number;
  /** r, the number of successes waited for where it is an integer; need not be one. */
  readonly size: number;
  readonly #logSuccess: number;
  readonly #logFailure: number;
  readonly #scores = new IntegerScores((x) => this.logDensity(x));

  /** @throws {ParameterError} unless `mean` is finite and >= 0, and `size` is finite and > 0 */
  constructor({ mean, size }: { readonly mean: number; readonly size: number }) {
    const owner = 'NegativeBinomialDistribution';
    if (!(mean >= 0 && mean < Infinity)) throw new ParameterError(owner, 'mean', 'a finite number >= 0', mean);
    checkPositive(owner, 'size', size);
    this.mean = mean;
    this.size = size;
    this.#logSuccess = -Math.log1p(mean / size);
    this.#logFailure = -Math.log1p(size / mean);
  }

  logDensity(x: number): number {
    if (Number.isNaN(x)) return Number.NaN;
    if (!Number.isSafeInteger(x) || x < 0) return -Infinity;
    const { size } = this;
    if (x === 0) return size * this.#logSuccess; // 0 · log 0 = 0
    // Γ(x + r) / (x! Γ(r)) = 1 / ((x + r) B(r, x + 1)) keeps its digits for large r.
    return size * this.#logSuccess + x * this.#logFailure - Math.log(x + size) - betaln(size, x + 1);
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

  /** A Poisson variate whose mean is a gamma variate. */
  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    const rate = randomGamma.source(rng)(this.size, this.mean / this.size);
    const poisson = randomPoisson.source(rng);
    return samplerOf(() => poisson(rate())());
  }

  encoder(): IntegerEncoder {
    return new IntegerEncoder('NegativeBinomial', 0, MOST_VALUES - 1);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): NegativeBinomialEstimator {
    const { mean, size } = this;
    return new NegativeBinomialEstimator(pseudoCount > 0 ? { pseudoCount, prior: { mean, size } } : {});
  }

  toJSON() {
    return { type: 'NegativeBinomial', mean: this.mean, size: this.size } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): NegativeBinomialDistribution {
    return new NegativeBinomialDistribution(
      checkFields('NegativeBinomialDistribution', fields, { mean: 'number', size: 'number' }),
    );
  }
}

/** Options of {@link NegativeBinomialEstimator}. */
export interface NegativeBinomialOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly mean: number; readonly size: number };
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * The mean is that of the rows. With n the total weight and W_j the weight of the rows above j, the size solves
 * Σ_j W_j / (r + j) = n log(1 + m/r).
 * @example
 * optimize([0, 0, 1, 7], new NegativeBinomialEstimator()).model.mean; // 2
 * @see Levin & Reeds (1977), Compound multinomial likelihood functions are unimodal
 */
export class NegativeBinomialEstimator
  implements Estimator<number, NegativeBinomialDistribution, IntegerColumns, IntegerStatistic>
{
  /** @throws {ParameterError} for a negative pseudo count, a prior that is none, or one without the other */
  constructor(readonly options: NegativeBinomialOptions = {}) {
    const owner = 'NegativeBinomialEstimator';
    checkEstimatorOptions(owner, options, { pseudoCount: true, prior: ['mean', 'size'], key: true });
    const { pseudoCount, prior } = options;
    checkPseudoCount(owner, 'pseudoCount', pseudoCount);
    if ((pseudoCount ?? 0) > 0 && prior === undefined) {
      throw new ParameterError(owner, 'prior', 'given together with pseudoCount', prior);
    }
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', pseudoCount);
    }
    if (prior !== undefined) new NegativeBinomialDistribution(prior);
  }

  encoder(): IntegerEncoder {
    return new IntegerEncoder('NegativeBinomial', 0, MOST_VALUES - 1);
  }

  statisticLength(schema: IntegerColumns): number {
    return schema.size;
  }

  accumulator(schema: IntegerColumns, statistic?: Float64Array): IntegerAccumulator {
    return new IntegerAccumulator('NegativeBinomial', schema, statistic, this.options.key);
  }

  /**
   * Total weight 0 gives the prior, or mean 1 and size 1. Rows that vary no more than a Poisson's get size 1e10, and the
   * report says so.
   */
  estimate({ min, counts }: IntegerStatistic, report?: Report): NegativeBinomialDistribution {
    const { pseudoCount = 0, prior } = this.options;
    const isEmpty = counts.every((count) => count === 0);
    if (isEmpty) {
      reportDead(report);
      return new NegativeBinomialDistribution(prior ?? { mean: 1, size: 1 });
    }
    const imaginary = prior === undefined || pseudoCount === 0 ? [] : probabilitiesOf(prior);
    const above = new Float64Array(Math.max(min + counts.length, imaginary.length));
    for (let k = 0; k < counts.length; k++) above[min + k] = counts[k]!;
    for (let x = 0; x < imaginary.length; x++) above[x]! += pseudoCount * imaginary[x]!;
    // From weights of values to weights of the values above each.
    let n = 0;
    for (let x = above.length - 1; x >= 0; x--) {
      const weight = above[x]!;
      above[x] = n;
      n += weight;
    }
    const mean = above.reduce((sum, weight) => sum + weight, 0) / n;
    if (mean === 0) return new NegativeBinomialDistribution({ mean, size: 1 }); // any size gives the point mass
    const size = sizeOf(above, n, mean);
    if (size === LARGEST_SIZE) {
      report?.add(
        'degenerate',
        'the rows vary no more than Poisson counts, so the size is infinite. Use PoissonEstimator.',
      );
    }
    return new NegativeBinomialDistribution({ mean, size });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 2 }];
  }
}

/** P(X = 0), P(X = 1), … until all but 1e-12 is covered. */
function probabilitiesOf(prior: { readonly mean: number; readonly size: number }): readonly number[] {
  const distribution = new NegativeBinomialDistribution(prior);
  const probabilities: number[] = [];
  for (let rest = 1; rest > 1e-12 && probabilities.length < MOST_VALUES; ) {
    const p = distribution.density(probabilities.length);
    probabilities.push(p);
    rest -= p;
    // Rounding keeps the rest from reaching 0; beyond the mean a vanishing term says that all is covered.
    if (p < 1e-16 && probabilities.length > prior.mean) break;
  }
  return probabilities;
}

/**
 * The maximum of the profile likelihood. Both sides of the equation are n·m/r to first order, which is taken out by hand:
 * for large r the rest is smaller by a factor r, and the plain difference would have no digits left.
 */
function sizeOf(above: Float64Array, n: number, mean: number): number {
  let half = 0; // Σ_j j W_j = Σ w x (x - 1) / 2
  for (let j = 1; j < above.length; j++) half += j * above[j]!;
  const excess = (2 * half) / n - mean * mean; // variance - mean
  if (!(excess > 0)) return LARGEST_SIZE;
  const size = newtonRoot(
    (r) => {
      let value = -n * log1pmx(mean / r);
      let slope = (-n * mean * mean) / (r * r * (r + mean));
      for (let j = 1; j < above.length; j++) {
        const share = (above[j]! * j) / (r * (r + j));
        value -= share;
        slope += (share * (2 * r + j)) / (r * (r + j));
      }
      return { value, slope };
    },
    { start: (mean * mean) / excess, lower: SMALLEST_SIZE, upper: LARGEST_SIZE },
  );
  return size > 0.999 * LARGEST_SIZE ? LARGEST_SIZE : size;
}
