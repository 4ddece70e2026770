/**
 * Counts: P(X = x) = λ^x e^(-λ) / x! for x = 0, 1, 2, …, with λ >= 0. λ = 0 is the point mass at 0.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 4.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import { checkNonNegative, checkParameters } from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { unimodalEntropy } from '../leaf/entropy.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { COUNT, isNumber, itself, type NumberColumns, NumberEncoder } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, type ImaginaryRows, imaginaryRows, timesLog } from '../leaf/prior.js';
import { checkQuantile, integerQuantile, normalQuantile } from '../leaf/quantiles.js';
import { EntryScores, LinearScores, PointMassScores, type Scores } from '../leaf/scores.js';
import { type MeanStatistic, sumsOf } from '../leaf/sums.js';
import { log, log1p } from '../numeric/elementary.js';
import { lowerGamma, upperGamma } from '../numeric/incompleteGamma.js';
import { logPoissonTerm } from '../numeric/poissonTerm.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln, logFactorial } from '../numeric/special.js';
import { poissonVariates } from '../numeric/variates.js';
import type { GammaDistribution } from './gamma.js';

/** A count per row. `logFactorial` = log x! does not depend on λ, so a fit computes it once. */
export interface PoissonColumns extends NumberColumns {
  readonly logFactorial: Float64Array;
}

/** Where λ is larger, the terms of the log-probability are so large that their cancellation costs 1e-12: a row then takes more time. */
const CONCENTRATED = 10_000;

const CHECKS = { lambda: checkNonNegative };
const ENCODER = /* @__PURE__ */ new NumberEncoder<PoissonColumns>('Poisson', COUNT, { x: itself, logFactorial });
const STATISTIC = /* @__PURE__ */ sumsOf<PoissonColumns, MeanStatistic>('Poisson', { sum: 'x' }, { parameterCount: 1 });

/**
 * The Poisson distribution with mean `lambda`.
 * @example
 * new PoissonDistribution({ lambda: 2 }).density(0); // 0.1353352832366127
 */
export class PoissonDistribution extends LeafDistribution<PoissonColumns> {
  static readonly typeName = 'Poisson';
  static readonly typeVersion = 1;
  /** Mean and variance. */
  readonly lambda: number;
  readonly #logLambda: number;

  /** @throws {ParameterError} unless `lambda` is finite and >= 0 */
  constructor(parameters: { readonly lambda: number }) {
    const { lambda } = checkParameters('PoissonDistribution', parameters, CHECKS);
    const logLambda = log(lambda);
    super(ENCODER, scoresOf(lambda, logLambda));
    this.lambda = lambda;
    this.#logLambda = logLambda;
  }

  get mean(): number {
    return this.lambda;
  }

  get variance(): number {
    return this.lambda;
  }

  get mode(): number {
    return Math.max(Math.ceil(this.lambda) - 1, 0);
  }

  /** The sum of -p log p; for λ > 2000 its expansion in 1/λ, to rounding. @see Evans & Boersma (1988) */
  get entropy(): number {
    const { lambda } = this;
    if (lambda === 0) return 0;
    if (lambda <= 2000) return unimodalEntropy((x) => this.logDensity(x), this.mode, { first: 0 });
    const y = 1 / lambda;
    return 0.5 * log(2 * Math.PI * Math.E * lambda) - y * (1 / 12 + y * (1 / 24 + (y * 19) / 360));
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x < 0 ? 0 : upperGamma(Math.floor(x) + 1, this.lambda);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x < 0 ? 1 : lowerGamma(Math.floor(x) + 1, this.lambda);
  }

  quantile(p: number): number {
    checkQuantile('Poisson', p);
    const { lambda } = this;
    return lambda === 0 ? 0 : integerQuantile(this, p, lambda + Math.sqrt(lambda) * normalQuantile(p), 0);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (!COUNT.accepts(x)) return -Infinity;
    if (this.lambda > CONCENTRATED) return logPoissonTerm(x, this.lambda, this.#logLambda);
    return (x === 0 ? 0 : x * this.#logLambda) - this.lambda - logFactorial(x); // 0 · log 0 = 0
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(this.lambda === 0 ? () => 0 : poissonVariates(random(seed), this.lambda));
  }

  /** With a pseudo count, the prior is worth that many rows with this mean. */
  estimator(options: { readonly pseudoCount?: number } = {}): PoissonEstimator {
    return new PoissonEstimator(imaginaryRows('PoissonDistribution', options, { lambda: this.lambda }));
  }

  toJSON() {
    return { type: 'Poisson', lambda: this.lambda } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): PoissonDistribution {
    return new this(checkParameters('PoissonDistribution', fields, CHECKS));
  }
}

function scoresOf(lambda: number, logLambda: number): Scores<PoissonColumns> {
  if (lambda === 0) return new PointMassScores(0);
  if (lambda <= CONCENTRATED) return new LinearScores({ x: logLambda, logFactorial: -1 }, -lambda);
  return new EntryScores(({ x }, row) => logPoissonTerm(x[row]!, lambda, logLambda));
}

/** Options of {@link PoissonEstimator}. */
export interface PoissonOptions {
  /** Imaginary rows with mean `prior.lambda`. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The mean of the imaginary rows, given together with `pseudoCount`; or, instead, a distribution over λ. */
  readonly prior?: { readonly lambda: number } | GammaDistribution;
  /** Poissons with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * λ = (Σwx + c·λ0) / (Σw + c), with a prior of c rows with mean λ0.
 * @example
 * optimize([0, 1, 5], new PoissonEstimator()).model.lambda; // 2
 */
export class PoissonEstimator extends LeafEstimator<PoissonDistribution, PoissonColumns, MeanStatistic> {
  readonly #rows: ImaginaryRows<{ readonly lambda: number }>;

  /** @throws {ParameterError} for a pseudo count or a prior mean that is negative, or one without the other */
  constructor(readonly options: PoissonOptions = {}) {
    super(ENCODER, STATISTIC);
    this.#rows = withoutPrior<PoissonOptions, { lambda: number }>('PoissonEstimator', options, 'Gamma');
    checkImaginaryRows('PoissonEstimator', this.#rows, CHECKS);
  }

  /** Total weight 0 gives the prior mean, or 1 without a prior. */
  estimate({ count, sum }: MeanStatistic, report?: Report): PoissonDistribution {
    if (count === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior({ count, sum }));
    const { pseudoCount = 0, prior } = this.#rows;
    if (count === 0) return new PoissonDistribution({ lambda: prior?.lambda ?? 1 });
    const lambda = (sum + pseudoCount * (prior?.lambda ?? 0)) / (count + pseudoCount);
    if (lambda === 0) report?.add('degenerate', 'all rows are 0: other counts are impossible. Set a prior.', BOUNDED);
    return new PoissonDistribution({ lambda });
  }

  protected override logOfImaginaryRows(model: PoissonDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.#rows;
    if (prior === undefined || pseudoCount === 0) return undefined;
    return timesLog(pseudoCount * prior.lambda, model.lambda) - pseudoCount * model.lambda;
  }

  /** With a gamma prior: λ given the rows is Gamma(k + Σwx, rate 1/θ + Σw). */
  get bayes(): Bayes<PoissonDistribution, MeanStatistic, GammaDistribution, PoissonColumns> | undefined {
    const { prior } = this.options;
    if (!isPriorOf<GammaDistribution>(prior, 'Gamma')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (gamma, { count, sum }: MeanStatistic) => gamma.updated({ shape: sum, rate: count }),
      mode: (gamma) => new PoissonDistribution({ lambda: gamma.mode }),
      parameters: ({ lambda }) => lambda,
      expectedScorer: (gamma) =>
        scorerOf(new LinearScores<PoissonColumns>({ x: gamma.meanLog, logFactorial: -1 }, -gamma.mean)),
      /** Negative binomial: k failures, success probability 1 / (1 + θ). */
      predictiveLogDensity({ shape, scale }, x) {
        if (!(Number.isSafeInteger(x) && x >= 0)) return -Infinity;
        const ofSize = x === 0 ? 0 : -log(x) - betaln(shape, x); // Γ(k + x) / (Γ(k) x!)
        return ofSize - shape * log1p(scale) - (x === 0 ? 0 : x * log1p(1 / scale));
      },
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }
}
