/**
 * Successes among n trials, shifted by `min`: P(X = min + y) = C(n, y) p^y (1 - p)^(n - y) for y = 0 … n, 0 <= p <= 1.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3.
 */

import { conjugate, isPriorOf, scorerOf, shareMode, withoutPrior } from '../bayes/conjugate.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkCount,
  checkNonNegative,
  checkObject,
  checkParameters,
  checkProbability,
  checkPseudoCount,
} from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { unimodalEntropy } from '../leaf/entropy.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { type IntegerColumns, IntegerEncoder, IntegerScores, weightedRange } from '../leaf/integers.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { isNumber } from '../leaf/numberEncoder.js';
import { type ImaginaryRows, logOfShare } from '../leaf/prior.js';
import { checkQuantile, integerQuantile, normalQuantile } from '../leaf/quantiles.js';
import { BINOMIAL_COUNTS, type BinomialStatistic } from '../leaf/steps/binomialCounts.js';
import { logBinomialTerm } from '../numeric/binomialTerm.js';
import { log, log1p } from '../numeric/elementary.js';
import { lowerBeta } from '../numeric/incompleteBeta.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln } from '../numeric/special.js';
import { binomialVariates } from '../numeric/variates.js';
import type { BetaDistribution } from './beta.js';

export type { BinomialStatistic } from '../leaf/steps/binomialCounts.js';

/** The integers of the column, and a code per row. */
export type BinomialColumns = IntegerColumns;

const CHECKS = { n: checkCount, p: checkProbability, min: checkCount };
const ENCODER = /* @__PURE__ */ new IntegerEncoder('Binomial', 0);

/**
 * The number of successes among `n` trials with success probability `p`, plus `min`.
 * @example
 * new BinomialDistribution({ n: 2, p: 0.5 }).density(1); // 0.5
 */
export class BinomialDistribution extends LeafDistribution<BinomialColumns, number, IntegerEncoder> {
  static readonly typeName = 'Binomial';
  static readonly typeVersion = 1;
  /** Number of trials. */
  readonly n: number;
  /** Success probability of a trial. 0 and 1 are point masses. */
  readonly p: number;
  /** The value that stands for no success. */
  readonly min: number;
  readonly #logSuccess: number;
  readonly #logFailure: number;

  /**
   * @param parameters  `n`: an integer >= 0; `p` in [0, 1]; `min`: an integer >= 0, default 0
   * @throws {ParameterError}
   */
  constructor(parameters: { readonly n: number; readonly p: number; readonly min?: number }) {
    super(ENCODER, new IntegerScores((x) => this.logDensity(x)));
    const owner = 'BinomialDistribution';
    const given = { min: 0, ...checkObject(owner, parameters, Object.keys(CHECKS)) };
    const { n, p, min } = checkParameters(owner, given, CHECKS);
    this.n = n;
    this.p = p;
    this.min = min;
    this.#logSuccess = log(p);
    this.#logFailure = log1p(-p);
  }

  get mean(): number {
    return this.min + this.n * this.p;
  }

  get variance(): number {
    return this.n * this.p * (1 - this.p);
  }

  get mode(): number {
    return this.min + Math.min(Math.max(Math.ceil((this.n + 1) * this.p) - 1, 0), this.n);
  }

  /** The sum of -P log P. */
  get entropy(): number {
    const { n, p, min, mode } = this;
    if (p === 0 || p === 1) return 0;
    const spread = { first: 0, last: n, sd: Math.sqrt(this.variance) };
    return unimodalEntropy((y) => logBinomialTerm(y, n - y, p, 1 - p), mode - min, spread);
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const y = Math.floor(x) - this.min;
    return y < 0 ? 0 : y >= this.n ? 1 : lowerBeta(this.n - y, y + 1, 1 - this.p, this.p);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const y = Math.floor(x) - this.min;
    return y < 0 ? 1 : y >= this.n ? 0 : lowerBeta(y + 1, this.n - y, this.p, 1 - this.p);
  }

  quantile(p: number): number {
    checkQuantile('Binomial', p);
    const guess = this.mean + Math.sqrt(this.variance) * normalQuantile(p);
    return integerQuantile(this, p, guess, this.min, this.min + this.n);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const { n } = this;
    const y = x - this.min;
    if (!Number.isSafeInteger(y) || y < 0 || y > n) return -Infinity;
    return logBinomialTerm(y, n - y, this.p, 1 - this.p, this.#logSuccess, this.#logFailure);
  }

  sampler(seed: Seed): Sampler<number> {
    const draw = binomialVariates(random(seed), this.n, this.p);
    return samplerOf(() => this.min + draw());
  }

  /** Its range is at least this model's. With a pseudo count, the prior is worth that many rows with this p. */
  estimator(options: { readonly pseudoCount?: number } = {}): BinomialEstimator {
    const pseudoCount = pseudoCountOf('BinomialDistribution', options);
    const range = { min: this.min, max: this.min + this.n };
    const prior = { pseudoCount, prior: { successes: pseudoCount * this.n * this.p } };
    return new BinomialEstimator(pseudoCount > 0 ? { ...range, ...prior } : range);
  }

  toJSON() {
    return { type: 'Binomial', n: this.n, p: this.p, min: this.min } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BinomialDistribution {
    return new this(checkParameters('BinomialDistribution', fields, CHECKS));
  }
}

/** Successes in imaginary rows. */
export interface Successes {
  readonly successes: number;
}

/** Options of {@link BinomialEstimator}. */
export interface BinomialOptions {
  /** The value that stands for no success; a smaller row lowers it. Default 0. */
  readonly min?: number;
  /** The value that stands for n successes, at least. Default: the largest row, or that of the entering model. */
  readonly max?: number;
  /** Imaginary rows of n trials each. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * Successes in the imaginary rows, in total. Default: half of their trials. Or, instead of such rows, a distribution over p;
   * `max` must then be given, as the number of trials is no part of it.
   */
  readonly prior?: Successes | BetaDistribution;
  /** Binomials with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * With n = max - min trials: p = (Σw(x - min) + s) / (n (Σw + c)), s being the imaginary successes. During a fit n never shrinks, so the likelihood never
 * falls; only p is counted as a free parameter.
 * @example
 * optimize([0, 1, 4], new BinomialEstimator({ max: 5 })).model; // BinomialDistribution { n: 5, p: 1/3, min: 0 }
 */
export class BinomialEstimator extends LeafEstimator<
  BinomialDistribution,
  BinomialColumns,
  BinomialStatistic,
  number,
  IntegerEncoder
> {
  readonly #rows: ImaginaryRows<Successes>;

  /** @throws {ParameterError} for a negative pseudo count, negative successes or successes without one, or a range that is not one */
  constructor(readonly options: BinomialOptions = {}) {
    super(ENCODER, BINOMIAL_COUNTS);
    const owner = 'BinomialEstimator';
    this.#rows = withoutPrior<BinomialOptions, Successes>(owner, options, 'Beta');
    checkEstimatorOptions<BinomialOptions>(owner, this.#rows, {
      min: checkCount,
      max: checkCount,
      pseudoCount: checkPseudoCount,
      prior: { successes: checkNonNegative },
      key: checkKey,
    });
    checkPriorOptions(owner, this.#rows, { prior: 'pseudoCount' }, { isNeeded: false });
    const { min = 0, max = min } = options;
    if (this.bayes !== undefined && options.max === undefined) {
      throw new ParameterError(owner, 'max', 'given where the prior is a distribution', options.max);
    }
    if (max < min) throw new ParameterError(owner, 'max', 'an integer >= min', max);
  }

  /** Without trials (n = 0, or neither weight nor pseudo count) p is one half. */
  estimate(statistic: BinomialStatistic, report?: Report): BinomialDistribution {
    const { pseudoCount = 0, prior } = this.#rows;
    const { values, counts, modelMax = 0 } = statistic;
    let total = 0;
    let sum = 0;
    for (let k = 0; k < counts.length; k++) {
      total += counts[k]!;
      sum += counts[k]! * values[k]!;
    }
    if (total === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const declared = this.options.min ?? 0;
    const rows = total > 0 ? weightedRange(statistic) : undefined;
    const min = Math.min(declared, rows?.min ?? declared);
    const max = Math.max(rows?.max ?? min, this.options.max ?? min, modelMax);
    const n = max - min;
    const trials = n * (total + pseudoCount);
    const imaginary = prior?.successes ?? (pseudoCount * n) / 2;
    const share = trials > 0 ? (sum - min * total + imaginary) / trials : 0.5;
    const p = Math.min(Math.max(share, 0), 1); // rounding of the sums
    if (p === 0 || p === 1) {
      report?.add(
        'degenerate',
        `all rows are ${min + p * n}: other counts are impossible. Set pseudoCount, or max.`,
        BOUNDED,
      );
    }
    return new BinomialDistribution({ n, p, min });
  }

  /** With a beta prior and n = max - min trials: p given the rows is Beta(α + Σw(x - min), β + Σw(max - x)). */
  get bayes(): Bayes<BinomialDistribution, BinomialStatistic, BetaDistribution, BinomialColumns> | undefined {
    const { prior, min = 0, max = min } = this.options;
    if (!isPriorOf<BetaDistribution>(prior, 'Beta')) return undefined;
    const n = max - min;
    return conjugate(this, () => ({
      prior,
      posterior(beta, { values, counts }: BinomialStatistic) {
        let [successes, failures] = [0, 0];
        for (let k = 0; k < counts.length; k++) {
          if (counts[k] === 0) continue;
          const x = values[k]!;
          if (x < min || x > max)
            throw new ParameterError('BinomialEstimator', 'max', `no row outside ${min} … ${max}`, x);
          successes += counts[k]! * (x - min);
          failures += counts[k]! * (max - x);
        }
        return beta.updated(successes, failures);
      },
      mode: (beta) => new BinomialDistribution({ n, p: shareMode(beta), min }),
      parameters: ({ p }) => p,
      expectedScorer({ meanLogs: { ofShare, ofRest } }) {
        const scoreOf = (y: number) => logChoices(n, y) + y * ofShare + (n - y) * ofRest;
        return scorerOf(new IntegerScores((x) => (x < min || x > max ? -Infinity : scoreOf(x - min))));
      },
      predictiveLogDensity({ alpha, beta }, x) {
        const y = x - min;
        if (!(Number.isSafeInteger(y) && y >= 0 && y <= n)) return -Infinity;
        return logChoices(n, y) + betaln(alpha + y, beta + n - y) - betaln(alpha, beta);
      },
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }

  protected override logOfImaginaryRows({ n, p }: BinomialDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.#rows;
    if (pseudoCount === 0 || n === 0) return pseudoCount === 0 ? undefined : 0;
    const trials = pseudoCount * n;
    return logOfShare(trials, (prior?.successes ?? trials / 2) / trials, p);
  }
}

/** log C(n, y), as -log(n + 1) - log B(y + 1, n - y + 1), which keeps its digits for large n. */
function logChoices(n: number, y: number): number {
  return -log1p(n) - betaln(y + 1, n - y + 1);
}
