/**
 * Real numbers with heavy tails: p(x) = exp(-|x - μ| / b) / 2b, with b > 0.
 * Source: Kotz, Kozubowski & Podgórski, The Laplace Distribution and Generalizations (2001), ch. 2.
 *
 * A family of a third party: it imports nothing but what `@dml/stats` exports.
 */
import type { Accumulator, Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '@dml/stats';
import { ExponentialDistribution } from '@dml/stats';
import type { NumberColumns } from '@dml/stats/families';
import {
  checkEstimatorOptions,
  checkFinite,
  checkKey,
  checkParameters,
  checkPriorOptions,
  checkPseudoCount,
  checkScale,
  childSeed,
  hasImaginaryRows,
  imaginaryRows,
  isNumber,
  itself,
  NumberEncoder,
  REAL,
  samplerOf,
} from '@dml/stats/families';

const CHECKS = { mu: checkFinite, b: checkScale };

/** One real number per row. Refuses everything but finite numbers. */
const ENCODER = new NumberEncoder('Laplace', REAL, { x: itself });

/**
 * Rows with their weights. The median is no sum over rows, so the statistic keeps the rows; merging is appending. It has no
 * flat form, so the estimator leaves `statisticLength` out.
 */
export interface LaplaceStatistic {
  readonly x: readonly number[];
  readonly weight: readonly number[];
}

/** The Laplace distribution with median `mu` and scale `b` (the mean distance from `mu`). */
export class LaplaceDistribution implements Distribution<number, NumberColumns> {
  static readonly typeName = 'Laplace';
  static readonly typeVersion = 1;
  readonly mu: number;
  readonly b: number;

  /** @throws {ParameterError} unless `mu` is finite and `b` is finite and > 0 */
  constructor(parameters: { readonly mu: number; readonly b: number }) {
    const { mu, b } = checkParameters('LaplaceDistribution', parameters, CHECKS);
    this.mu = mu;
    this.b = b;
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return -Math.abs(x - this.mu) / this.b - Math.log(2 * this.b);
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity({ x }: NumberColumns, start: number, end: number, out: Float64Array): void {
    const normalizer = Math.log(2 * this.b);
    for (let i = start; i < end; i++) out[i - start] = -Math.abs(x[i]! - this.mu) / this.b - normalizer;
  }

  /** The difference of two exponential variates of mean b is a Laplace variate of scale b. */
  sampler(seed: Seed): Sampler<number> {
    const exponential = new ExponentialDistribution({ mean: this.b });
    const [right, left] = ['right', 'left'].map((side) => exponential.sampler(childSeed(seed, side)));
    return samplerOf(() => this.mu + right!.sample() - left!.sample());
  }

  encoder(): NumberEncoder {
    return ENCODER;
  }

  /** With a pseudo count, that many imaginary rows are distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): LaplaceEstimator {
    return new LaplaceEstimator(imaginaryRows('LaplaceDistribution', options, { mu: this.mu, b: this.b }));
  }

  toJSON() {
    return { type: 'Laplace', mu: this.mu, b: this.b } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range */
  static fromJSON(fields: Readonly<Record<string, unknown>>): LaplaceDistribution {
    return new LaplaceDistribution(checkParameters('LaplaceDistribution', fields, CHECKS));
  }
}

/** Keeps the rows that have weight. */
export class LaplaceAccumulator implements Accumulator<NumberColumns, LaplaceStatistic, LaplaceDistribution> {
  readonly kind = 'Laplace';
  #x: number[] = [];
  #weight: number[] = [];

  constructor(readonly key: string | undefined) {}

  seqUpdate({ x }: NumberColumns, start: number, end: number, weights: Float64Array): void {
    for (let i = start; i < end; i++) {
      const weight = weights[i - start]!;
      if (weight === 0) continue;
      this.#x.push(x[i]!);
      this.#weight.push(weight);
    }
  }

  combine({ x, weight }: LaplaceStatistic): void {
    for (let i = 0; i < x.length; i++) {
      this.#x.push(x[i]!);
      this.#weight.push(weight[i]!);
    }
  }

  value(): LaplaceStatistic {
    return { x: this.#x.slice(), weight: this.#weight.slice() };
  }

  fromValue({ x, weight }: LaplaceStatistic): void {
    this.#x = x.slice();
    this.#weight = weight.slice();
  }
}

/** Options of {@link LaplaceEstimator}. */
export interface LaplaceOptions {
  /** As many imaginary rows as this, half at `prior.mu - prior.b` and half at `prior.mu + prior.b`. Default 0. */
  readonly pseudoCount?: number;
  readonly prior?: { readonly mu: number; readonly b: number };
  /** Laplace distributions with equal keys get equal parameters. */
  readonly key?: string;
}

/** Maximum likelihood: μ is the weighted median, b the weighted mean distance from it. */
export class LaplaceEstimator implements Estimator<number, LaplaceDistribution, NumberColumns, LaplaceStatistic> {
  /** @throws {ParameterError} for a pseudo count that is negative, or a prior without one */
  constructor(readonly options: LaplaceOptions = {}) {
    checkEstimatorOptions('LaplaceEstimator', options, { pseudoCount: checkPseudoCount, prior: CHECKS, key: checkKey });
    checkPriorOptions('LaplaceEstimator', options, { prior: 'pseudoCount' }, { isNeeded: false });
  }

  encoder(): NumberEncoder {
    return ENCODER;
  }

  accumulator(): LaplaceAccumulator {
    return new LaplaceAccumulator(this.options.key);
  }

  /** Without rows: μ = 0 and b = 1. When all rows are equal, b = 1, and the report says so. */
  estimate({ x, weight }: LaplaceStatistic, report?: Report): LaplaceDistribution {
    const { pseudoCount = 0, prior = { mu: 0, b: 1 } } = this.options;
    const rows = x.map((value, i) => ({ value, weight: weight[i]! }));
    if (pseudoCount > 0) {
      for (const value of [prior.mu - prior.b, prior.mu + prior.b]) rows.push({ value, weight: pseudoCount / 2 });
    }
    if (rows.length === 0) return new LaplaceDistribution({ mu: 0, b: 1 });
    rows.sort((first, second) => first.value - second.value);
    const total = rows.reduce((sum, row) => sum + row.weight, 0);
    let below = 0;
    const median = rows.find((row) => {
      below += row.weight;
      return below >= total / 2;
    });
    const mu = (median ?? rows[rows.length - 1]!).value;
    const b = rows.reduce((sum, row) => sum + row.weight * Math.abs(row.value - mu), 0) / total;
    if (b > 0) return new LaplaceDistribution({ mu, b });
    report?.add('degenerate', 'all rows are equal, so the scale is 0. Set a pseudo count.');
    return new LaplaceDistribution({ mu, b: 1 });
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options);
  }

  /** With the log-likelihood of the imaginary rows: what a fit raises is both together. */
  parameterBlocks(model: LaplaceDistribution): readonly ParameterBlock[] {
    const { key, pseudoCount = 0, prior = { mu: 0, b: 1 } } = this.options;
    if (pseudoCount === 0) return [{ key, count: 2 }];
    const ofRow = (x: number) => (pseudoCount / 2) * model.logDensity(x);
    return [{ key, count: 2, logPrior: ofRow(prior.mu - prior.b) + ofRow(prior.mu + prior.b) }];
  }
}
