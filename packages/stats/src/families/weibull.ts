/**
 * Lifetimes: p(x) = (k/λ) (x/λ)^(k-1) exp(-(x/λ)^k) for x > 0, with shape k > 0 and scale λ > 0. k = 1 is the exponential
 * distribution with mean λ.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 21.
 */

import { randomWeibull } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPositive, checkPseudoCount } from '../checks/parameters.js';
import { joinEntries } from '../columns/columns.js';
import type {
  AddSquaredDistances,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, numberViolation, positiveDraws } from '../leaf/numberColumn.js';
import type { WeibullColumns, WeibullStatistic } from '../leaf/weibullStep.js';
import { addPrior, LARGEST_SHAPE, momentStart, WeibullAccumulator, weibullStep } from '../leaf/weibullStep.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/**
 * The Weibull distribution with `shape` k and `scale` λ.
 * @example
 * new WeibullDistribution({ shape: 1, scale: 2 }).density(2); // 0.18393972058572117
 */
export class WeibullDistribution implements Distribution<number, WeibullColumns> {
  static readonly typeName = 'Weibull';
  static readonly typeVersion = 1;
  /** k. */
  readonly shape: number;
  /** λ: the share 1 - 1/e of all rows lies below. */
  readonly scale: number;
  /** True for shape < 1: the density grows without bound towards 0. */
  readonly isUnbounded: boolean;
  readonly #logScale: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `shape` and `scale` are finite and > 0 */
  constructor({ shape, scale }: { readonly shape: number; readonly scale: number }) {
    checkPositive('WeibullDistribution', 'shape', shape);
    checkPositive('WeibullDistribution', 'scale', scale);
    this.shape = shape;
    this.scale = scale;
    this.isUnbounded = shape < 1;
    this.#logScale = Math.log(scale);
    this.#logNormalizer = Math.log(shape) - this.#logScale;
  }

  /** At 0 the limit from the right. */
  logDensity(x: number): number {
    if (x < 0 || x === Infinity) return -Infinity;
    if (x === 0 && this.shape === 1) return this.#logNormalizer; // 0 · log 0 = 0
    const t = Math.log(x) - this.#logScale;
    return this.#logNormalizer + (this.shape - 1) * t - Math.exp(this.shape * t);
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity({ logX }: WeibullColumns, start: number, end: number, out: Float64Array): void {
    const { stage, linearLogDensity, exp } = kernels();
    const { shape } = this;
    const count = end - start;
    const y = stage(logX, start, count);
    linearLogDensity(y, count, shape, -shape * this.#logScale, out);
    exp(out, count, out);
    const constant = this.#logNormalizer - (shape - 1) * this.#logScale;
    for (let i = 0; i < count; i++) out[i] = constant + (shape - 1) * y[i]! - out[i]!;
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(positiveDraws(randomWeibull.source(random(seed))(this.shape, 0, this.scale)));
  }

  encoder(): WeibullEncoder {
    return new WeibullEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): WeibullEstimator {
    const { shape, scale } = this;
    return new WeibullEstimator(pseudoCount > 0 ? { pseudoCount, prior: { shape, scale } } : {});
  }

  toJSON() {
    return { type: 'Weibull', shape: this.shape, scale: this.scale } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): WeibullDistribution {
    return new WeibullDistribution(checkFields('WeibullDistribution', fields, { shape: 'number', scale: 'number' }));
  }
}

/** The logarithms of the smallest and the largest number. */
const SMALLEST_LOG = Math.log(Number.MIN_VALUE);
const LARGEST_LOG = Math.log(Number.MAX_VALUE);

const RULE: NumberRule = { family: 'Weibull', expected: 'a finite number > 0', accepts: (x) => x > 0 };

/** Refuses everything but finite numbers > 0; takes their logarithm once. */
export class WeibullEncoder implements Encoder<number, WeibullColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not a finite number > 0 */
  encode(rows: readonly number[]): WeibullColumns {
    const logX = encodeNumbers(RULE, rows).map(Math.log);
    const minLog = logX.reduce((least, y) => Math.min(least, y), Infinity);
    const maxLog = logX.reduce((most, y) => Math.max(most, y), -Infinity);
    return { rowCount: rows.length, logX, minLog, maxLog };
  }

  concat(parts: readonly WeibullColumns[]): WeibullColumns {
    const logX = joinEntries(parts.map((part) => part.logX));
    const minLog = Math.min(...parts.map((part) => part.minLog));
    const maxLog = Math.max(...parts.map((part) => part.maxLog));
    return { rowCount: logX.length, logX, minLog, maxLog };
  }

  /** (log x_i - log x_row)² / 2 Var(log x). */
  squaredDistances({ logX }: WeibullColumns): AddSquaredDistances {
    return scaledSquares(logX);
  }
}

/** Options of {@link WeibullEstimator}. */
export interface WeibullOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly shape: number; readonly scale: number };
  /** Weibulls with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood by one safeguarded Newton step for each EM iteration: 1/k = Σw x^k log x / Σw x^k - Σw log x / Σw and
 * λ^k = Σw x^k / Σw. The likelihood never falls and the steps converge quadratically. A start matches the mean and the
 * variance of log x.
 * @example
 * optimize([1, 2, 3, 4], new WeibullEstimator()).model.shape; // 2.453…
 */
export class WeibullEstimator implements Estimator<number, WeibullDistribution, WeibullColumns, WeibullStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, a prior that is none, or one without the other */
  constructor(readonly options: WeibullOptions = {}) {
    const owner = 'WeibullEstimator';
    checkEstimatorOptions(owner, options, { pseudoCount: true, prior: ['shape', 'scale'], key: true });
    const { pseudoCount, prior } = options;
    checkPseudoCount(owner, 'pseudoCount', pseudoCount);
    if ((pseudoCount ?? 0) > 0 && prior === undefined) {
      throw new ParameterError(owner, 'prior', 'given together with pseudoCount', prior);
    }
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', pseudoCount);
    }
    if (prior !== undefined) new WeibullDistribution(prior);
  }

  encoder(): WeibullEncoder {
    return new WeibullEncoder();
  }

  statisticLength(): number {
    return 6;
  }

  accumulator(_schema: WeibullColumns, statistic?: Float64Array): WeibullAccumulator {
    return new WeibullAccumulator(statistic, this.options.key);
  }

  /** Total weight 0 gives the prior, or shape 1 and scale 1. Equal rows get shape 1e8, and the report says so. */
  estimate(statistic: WeibullStatistic, report?: Report): WeibullDistribution {
    const { pseudoCount = 0, prior } = this.options;
    if (statistic.count === 0) {
      reportDead(report);
      return new WeibullDistribution(prior ?? { shape: 1, scale: 1 });
    }
    const hasPrior = prior !== undefined && pseudoCount > 0;
    const whole = hasPrior ? addPrior(statistic, pseudoCount, prior) : statistic;
    const { shape, logScale } = whole.shape === undefined ? momentStart(whole) : weibullStep(whole, whole.shape);
    if (shape >= LARGEST_SHAPE) {
      report?.add('degenerate', 'all rows are equal, so the shape is infinite. Set a prior.');
    }
    return new WeibullDistribution({ shape, scale: Math.exp(Math.min(Math.max(logScale, SMALLEST_LOG), LARGEST_LOG)) });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 2 }];
  }
}
