/**
 * Real numbers: p(x) = exp(-(x - μ)² / 2σ²) / √(2πσ²), with σ² > 0.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 13.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import type { NormalGammaDistribution } from '../bayes/normalGamma.js';
import { checkEstimatorOptions, checkKey, pseudoCountOf } from '../checks/options.js';
import { checkFinite, checkParameters, checkScale, orAbsent, SMALLEST_NORMAL } from '../checks/parameters.js';
import type { Bayes, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import {
  estimateMoments,
  isEffective,
  isEmpty,
  logMomentPrior,
  type MomentKeys,
  type MomentPrior,
} from '../leaf/moments.js';
import { isNumber, itself, type NumberColumns, NumberEncoder, REAL } from '../leaf/numberEncoder.js';
import { checkQuantile, normalQuantile } from '../leaf/quantiles.js';
import {
  GaussianAccumulator,
  type GaussianStatistic,
  MOMENT_OPTIONS,
  momentPrior,
  momentStatistic,
  momentsOf,
  type ScalarMomentPrior,
} from '../leaf/scalarMoments.js';
import { GaussianScores } from '../leaf/scores.js';
import { log } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { normalTail } from '../numeric/special.js';
import { normalVariates } from '../numeric/variates.js';

/** One real number per row. */
export type GaussianColumns = NumberColumns;

export type { GaussianStatistic } from '../leaf/scalarMoments.js';

const CHECKS = { mu: checkFinite, sigma2: checkScale };
const ENCODER = /* @__PURE__ */ new NumberEncoder<GaussianColumns>('Gaussian', REAL, { x: itself });
const STATISTIC = /* @__PURE__ */ momentStatistic('Gaussian');

/**
 * The normal distribution with mean `mu` and variance `sigma2`.
 * @example
 * new GaussianDistribution({ mu: 0, sigma2: 1 }).logDensity(0); // -0.9189385332046727
 */
export class GaussianDistribution extends LeafDistribution<GaussianColumns> {
  static readonly typeName = 'Gaussian';
  static readonly typeVersion = 1;
  /** Mean. */
  readonly mu: number;
  /** Variance, not standard deviation. */
  readonly sigma2: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `mu` is finite and `sigma2` is finite and >= 2^-1022 */
  constructor(parameters: { readonly mu: number; readonly sigma2: number }) {
    const { mu, sigma2 } = checkParameters('GaussianDistribution', parameters, CHECKS);
    const logNormalizer = -0.5 * log(2 * Math.PI * sigma2);
    super(ENCODER, new GaussianScores(mu, 0.5 / sigma2, logNormalizer));
    this.mu = mu;
    this.sigma2 = sigma2;
    this.#logNormalizer = logNormalizer;
  }

  get mean(): number {
    return this.mu;
  }

  get variance(): number {
    return this.sigma2;
  }

  get mode(): number {
    return this.mu;
  }

  /** ½ log 2πe σ². */
  get entropy(): number {
    return 0.5 - this.#logNormalizer;
  }

  cdf(x: number): number {
    return isNumber(x) ? normalTail((this.mu - x) / Math.sqrt(this.sigma2)) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? normalTail((x - this.mu) / Math.sqrt(this.sigma2)) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('Gaussian', p);
    return this.mu + Math.sqrt(this.sigma2) * normalQuantile(p);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const deviation = x - this.mu;
    return this.#logNormalizer - (0.5 * deviation * deviation) / this.sigma2;
  }

  sampler(seed: Seed): Sampler<number> {
    const normal = normalVariates(random(seed));
    const sigma = Math.sqrt(this.sigma2);
    return samplerOf(() => this.mu + sigma * normal());
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): GaussianEstimator {
    const rows = pseudoCountOf('GaussianDistribution', options);
    const { mu, sigma2 } = this;
    return new GaussianEstimator(rows === 0 ? {} : { prior: { mu, muCount: rows, sigma2, sigma2Count: rows } });
  }

  toJSON() {
    return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GaussianDistribution {
    return new this(checkParameters('GaussianDistribution', fields, CHECKS));
  }
}

/** Options of {@link GaussianEstimator}. */
export interface GaussianOptions {
  /**
   * `muCount` imaginary rows with mean `mu`, and `sigma2Count` imaginary rows with mean squared deviation `sigma2` from the
   * estimated mean. Each value is given together with its count. Or, instead of such rows, a distribution over the mean and
   * the precision. Default: none, maximum likelihood.
   */
  readonly prior?: ScalarMomentPrior | NormalGammaDistribution;
  /**
   * The smallest variance that is returned; 0 for none. Default: none, but 1e-6 of the variance of all rows for a component
   * of a mixture; see {@link GaussianEstimator.estimate}.
   */
  readonly minSigma2?: number;
  /** Gaussians with equal keys get equal parameters. */
  readonly key?: string;
  /** Ties only the means, or only the variances. */
  readonly keys?: MomentKeys;
}

/**
 * Maximum likelihood, or with imaginary rows: μ = (Σwx + m·c) / (Σw + c), σ² = (Σw(x - μ)² + v·d) / (Σw + d). These are pseudo
 * counts of each parameter, a posterior mode for c = 0 alone; that of any c comes by {@link NormalGammaDistribution.ofImaginaryRows}.
 * @example
 * optimize([1, 2, 3], new GaussianEstimator()).model; // GaussianDistribution { mu: 2, sigma2: 0.666… }
 */
export class GaussianEstimator extends LeafEstimator<GaussianDistribution, GaussianColumns, GaussianStatistic> {
  readonly #prior: MomentPrior;

  /** @throws {ParameterError} for a negative count or variance, or a value or a count of imaginary rows without the other */
  constructor(readonly options: GaussianOptions = {}) {
    super(ENCODER, STATISTIC);
    const owner = 'GaussianEstimator';
    const keys = { mu: orAbsent(checkKey), sigma2: orAbsent(checkKey) };
    const rows = withoutPrior<GaussianOptions, ScalarMomentPrior>(owner, options, 'NormalGamma');
    checkEstimatorOptions(owner, rows, { ...MOMENT_OPTIONS, keys });
    this.#prior = momentPrior(owner, rows.prior);
    if (rows !== options && options.keys !== undefined) {
      throw new ParameterError(
        owner,
        'keys',
        'left out where the prior is a distribution; key ties both',
        options.keys,
      );
    }
  }

  override accumulator(_schema: GaussianColumns, statistic?: Float64Array): GaussianAccumulator {
    return new GaussianAccumulator('Gaussian', statistic, this.options.key, this.options.keys, this.#prior);
  }

  /**
   * Total weight 0 gives the standard normal. A variance below the floor is raised to it. When all rows are equal the maximum
   * of the likelihood is infinite: without a floor the variance is then 1. The report says so.
   */
  estimate(statistic: GaussianStatistic, report?: Report, pooled?: GaussianStatistic): GaussianDistribution {
    const { minSigma2, keys } = this.options;
    if (this.bayes !== undefined) {
      if (isEmpty(statistic)) reportDead(report);
      return this.bayes.mode(this.bayes.posterior(statistic));
    }
    const bounds = { minSigma2, pooled: pooled && momentsOf(pooled) };
    const { mu, sigma2, isDegenerate, isAtFloor } = estimateMoments(momentsOf(statistic), this.#prior, bounds, keys);
    if (isEmpty(statistic)) reportDead(report);
    if (isAtFloor) reportFloor(report, 'the variance', 'minSigma2', minSigma2 !== undefined);
    if (isDegenerate) {
      report?.add('degenerate', 'all rows are equal, so the variance is 0. Set minSigma2 or a prior.');
    }
    return new GaussianDistribution({ mu: mu[0]!, sigma2: sigma2[0]! });
  }

  override get hasPrior(): boolean {
    return this.bayes !== undefined || isEffective(this.#prior);
  }

  /** With a normal-gamma prior over the mean and the precision: see {@link NormalGammaDistribution}. */
  get bayes(): Bayes<GaussianDistribution, GaussianStatistic, NormalGammaDistribution, GaussianColumns> | undefined {
    const { prior, minSigma2 = SMALLEST_NORMAL } = this.options;
    if (!isPriorOf<NormalGammaDistribution>(prior, 'NormalGamma')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, statistic: GaussianStatistic) => known.updated(momentsOf(statistic)),
      mode({ mode: { mu, precision } }) {
        return new GaussianDistribution({ mu, sigma2: Math.max(1 / precision, minSigma2) });
      },
      parameters: ({ mu, sigma2 }) => ({ mu, precision: 1 / sigma2 }),
      expectedScorer({ mu, lambda, meanPrecision, meanLogPrecision }) {
        const constant = 0.5 * (meanLogPrecision - log(2 * Math.PI) - 1 / lambda);
        return { mu, ...scorerOf(new GaussianScores(mu, meanPrecision / 2, constant)) };
      },
      predictiveLogDensity: (known, x) => known.predictiveLogDensity(x),
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }

  override parameterBlocks(model: GaussianDistribution): readonly ParameterBlock[] {
    const { key, keys } = this.options;
    const logPrior = this.logPriorAt(model);
    if (key !== undefined) return [{ key, count: 2, logPrior }];
    return [
      { key: keys?.mu, count: 1 },
      { key: keys?.sigma2, count: 1, logPrior },
    ];
  }

  protected override logOfImaginaryRows({ sigma2 }: GaussianDistribution): number | undefined {
    return logMomentPrior(this.#prior, [sigma2]);
  }
}
