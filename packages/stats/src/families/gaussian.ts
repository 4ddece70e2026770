/**
 * Real numbers: p(x) = exp(-(x - μ)² / 2σ²) / √(2πσ²), with σ² > 0.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 13.
 */

import { randomNormal } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import {
  checkFields,
  checkPositive,
  checkPositiveOption,
  checkPseudoCount,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import type {
  Accumulator,
  AddSquaredDistances,
  Columns,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  TiedNode,
  Violation,
} from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { MomentKeys, MomentPrior, Moments, TiedMoments } from '../leaf/moments.js';
import { aboutOrigin, estimateMoments, isEffective, isEmpty, MomentTies } from '../leaf/moments.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/** One real number per row. */
export interface GaussianColumns extends Columns {
  readonly x: Float64Array;
}

/**
 * Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), `sumOfSquares` = Σw(x - o)². The origin is
 * the entering model's mean, so no digits of the variance are lost when the mean is large.
 */
export interface GaussianStatistic {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly origin: number;
  /** What this node shares with others, once keys have been tied. */
  readonly tied?: TiedMoments | undefined;
}

/**
 * The normal distribution with mean `mu` and variance `sigma2`.
 * @example
 * new GaussianDistribution({ mu: 0, sigma2: 1 }).logDensity(0); // -0.9189385332046727
 */
export class GaussianDistribution implements Distribution<number, GaussianColumns> {
  static readonly typeName = 'Gaussian';
  static readonly typeVersion = 1;
  /** Mean. */
  readonly mu: number;
  /** Variance, not standard deviation. */
  readonly sigma2: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `mu` is finite and `sigma2` is finite and >= 2^-1022 */
  constructor({ mu, sigma2 }: { readonly mu: number; readonly sigma2: number }) {
    if (!Number.isFinite(mu)) throw new ParameterError('GaussianDistribution', 'mu', 'a finite number', mu);
    checkPositive('GaussianDistribution', 'sigma2', sigma2, SMALLEST_NORMAL);
    this.mu = mu;
    this.sigma2 = sigma2;
    this.#logNormalizer = -0.5 * Math.log(2 * Math.PI * sigma2);
  }

  logDensity(x: number): number {
    const deviation = x - this.mu;
    return this.#logNormalizer - (0.5 * deviation * deviation) / this.sigma2;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: GaussianColumns, start: number, end: number, out: Float64Array): void {
    const { stage, gaussianLogDensity } = kernels();
    const x = stage(columns.x, start, end - start);
    gaussianLogDensity(x, end - start, this.mu, 0.5 / this.sigma2, this.#logNormalizer, out);
  }

  seqAddLogDensity(columns: GaussianColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addGaussianLogDensity } = kernels();
    const x = stage(columns.x, start, end - start);
    addGaussianLogDensity(x, end - start, this.mu, 0.5 / this.sigma2, this.#logNormalizer, out);
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(randomNormal.source(random(seed))(this.mu, Math.sqrt(this.sigma2)));
  }

  encoder(): GaussianEncoder {
    return new GaussianEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): GaussianEstimator {
    const { mu, sigma2 } = this;
    return new GaussianEstimator(
      pseudoCount > 0 ? { prior: { mu, muCount: pseudoCount, sigma2, sigma2Count: pseudoCount } } : {},
    );
  }

  toJSON() {
    return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GaussianDistribution {
    const { mu, sigma2 } = checkFields('GaussianDistribution', fields, { mu: 'number', sigma2: 'number' });
    return new GaussianDistribution({ mu, sigma2 });
  }
}

/** Refuses everything but finite numbers. */
export class GaussianEncoder implements Encoder<number, GaussianColumns> {
  violation(row: unknown): Violation | undefined {
    return Number.isFinite(row) ? undefined : { path: [], expected: 'a finite number', found: row };
  }

  /** @throws {DataError} at the first row that is not a finite number */
  encode(rows: readonly number[]): GaussianColumns {
    const x = new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row];
      if (!Number.isFinite(value)) throw new DataError('Gaussian', row, 'a finite number', value);
      x[row] = value!;
    }
    return { rowCount: rows.length, x };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: GaussianColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Sums `[Σw, Σw(x - o), Σw(x - o)²]` about the origin o. */
export class GaussianAccumulator implements Accumulator<GaussianColumns, GaussianStatistic, GaussianDistribution> {
  readonly kind = 'Gaussian';
  readonly #ties: MomentTies;
  #origin: number | undefined;

  constructor(
    readonly statistic: Float64Array = new Float64Array(3),
    readonly key?: string,
    keys: MomentKeys = {},
    prior: MomentPrior = NO_PRIOR,
  ) {
    this.#ties = new MomentTies(() => momentsOf(this.value()), keys, prior, this.kind);
  }

  /** The mean and the variance as nodes of their own. */
  get children(): readonly TiedNode[] {
    return this.#ties.children;
  }

  begin(model: GaussianDistribution | undefined, columns: GaussianColumns): void {
    this.#origin = model === undefined ? meanOf(columns.x) : model.mu;
  }

  seqUpdate(columns: GaussianColumns, start: number, end: number, weights: Float64Array): void {
    if (end === start) return;
    this.#origin ??= columns.x[start]!;
    const { stage, moments } = kernels();
    moments(stage(columns.x, start, end - start), weights, end - start, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine(other: GaussianStatistic): void {
    this.#origin ??= other.origin;
    const moved = aboutOrigin(momentsOf(other), Float64Array.of(this.#origin));
    this.statistic[0]! += moved.count;
    this.statistic[1]! += moved.sum[0]!;
    this.statistic[2]! += moved.sumOfSquares[0]!;
  }

  value(): GaussianStatistic {
    const [count, sum, sumOfSquares] = this.statistic as unknown as [number, number, number];
    const tied = this.#ties.value();
    return { count, sum, sumOfSquares, origin: this.#origin ?? 0, ...(tied === undefined ? {} : { tied }) };
  }

  fromValue({ count, sum, sumOfSquares, origin, tied }: GaussianStatistic): void {
    this.#origin = origin;
    this.statistic.set([count, sum, sumOfSquares]);
    this.#ties.fromValue(tied);
  }
}

function meanOf(x: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += (x[i]! - mean) / (i + 1);
  return mean;
}

/** The statistic as moments of one coordinate. */
function momentsOf({ count, sum, sumOfSquares, origin, tied }: GaussianStatistic): Moments {
  return {
    count,
    sum: Float64Array.of(sum),
    sumOfSquares: Float64Array.of(sumOfSquares),
    origin: Float64Array.of(origin),
    tied,
  };
}

/** Options of {@link GaussianEstimator}. */
export interface GaussianOptions {
  /**
   * `muCount` imaginary rows with mean `mu`, and `sigma2Count` imaginary rows with mean squared deviation `sigma2` from the
   * estimated mean. A part without its count (or without its value) has no effect. Default: none, maximum likelihood.
   */
  readonly prior?: {
    readonly mu?: number;
    readonly muCount?: number;
    readonly sigma2?: number;
    readonly sigma2Count?: number;
  };
  /** The smallest variance that is returned. Default: none; see {@link GaussianEstimator.estimate}. */
  readonly minSigma2?: number;
  /** Gaussians with equal keys get equal parameters. */
  readonly key?: string;
  /** Ties only the means, or only the variances. */
  readonly keys?: MomentKeys;
}

const NO_PRIOR: MomentPrior = { muCount: 0, sigma2Count: 0 };

/**
 * Maximum likelihood, or maximum a posteriori with a prior:
 * μ = (Σwx + m·c) / (Σw + c), σ² = (Σw(x - μ)² + v·d) / (Σw + d).
 * @example
 * optimize([1, 2, 3], new GaussianEstimator()).model; // GaussianDistribution { mu: 2, sigma2: 0.666… }
 */
export class GaussianEstimator implements Estimator<number, GaussianDistribution, GaussianColumns, GaussianStatistic> {
  readonly #prior: MomentPrior;

  /** @throws {ParameterError} for a negative pseudo count or variance */
  constructor(readonly options: GaussianOptions = {}) {
    checkEstimatorOptions('GaussianEstimator', options, {
      prior: ['mu', 'muCount', 'sigma2', 'sigma2Count'],
      minSigma2: true,
      key: true,
      keys: ['mu', 'sigma2'],
    });
    checkPseudoCount('GaussianEstimator', 'prior.muCount', options.prior?.muCount);
    checkPseudoCount('GaussianEstimator', 'prior.sigma2Count', options.prior?.sigma2Count);
    checkPositiveOption('GaussianEstimator', 'minSigma2', options.minSigma2, SMALLEST_NORMAL);
    const { mu, muCount = 0, sigma2, sigma2Count = 0 } = options.prior ?? {};
    this.#prior = {
      mu: mu === undefined ? undefined : [mu],
      muCount,
      sigma2: sigma2 === undefined ? undefined : [sigma2],
      sigma2Count,
    };
  }

  encoder(): GaussianEncoder {
    return new GaussianEncoder();
  }

  statisticLength(): number {
    return 3;
  }

  accumulator(_schema: GaussianColumns, statistic?: Float64Array): GaussianAccumulator {
    return new GaussianAccumulator(statistic, this.options.key, this.options.keys, this.#prior);
  }

  /**
   * Total weight 0 gives the standard normal. When all rows are equal the maximum of the likelihood is infinite: the
   * variance is then `minSigma2`, or 1 without it, and the report says so.
   */
  estimate(statistic: GaussianStatistic, report?: Report): GaussianDistribution {
    const { minSigma2, keys } = this.options;
    const { mu, sigma2, isDegenerate } = estimateMoments(momentsOf(statistic), this.#prior, minSigma2, keys);
    if (isEmpty(statistic)) reportDead(report);
    if (isDegenerate) {
      report?.add('degenerate', 'all rows are equal, so the variance is 0. Set minSigma2 or a prior.');
    }
    return new GaussianDistribution({ mu: mu[0]!, sigma2: sigma2[0]! });
  }

  get hasPrior(): boolean {
    return isEffective(this.#prior);
  }

  parameterBlocks(): readonly ParameterBlock[] {
    const { key, keys } = this.options;
    if (key !== undefined) return [{ key, count: 2 }];
    return [
      { key: keys?.mu, count: 1 },
      { key: keys?.sigma2, count: 1 },
    ];
  }
}
