/**
 * Positive numbers: p(x) = x^(k-1) exp(-x/θ) / (Γ(k) θ^k) for x > 0, with shape k > 0 and scale θ > 0. The mean is kθ.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 17.
 */

import { randomGamma } from 'd3-random';
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
import type { NumberColumns, NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, numberViolation, positiveDraws } from '../leaf/numberColumn.js';
import { kernels } from '../numeric/kernels/index.js';
import { newtonRoot } from '../numeric/newtonRoot.js';
import { random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma, logMinusDigamma, logMinusDigammaSlope } from '../numeric/special.js';

/** A positive number per row, and its logarithm. */
export interface GammaColumns extends NumberColumns {
  readonly logX: Float64Array;
}

/** Additive over rows: `count` = Σw, `sum` = Σw·x, `sumOfLogs` = Σw·log x. */
export interface GammaStatistic {
  readonly count: number;
  readonly sum: number;
  readonly sumOfLogs: number;
}

/** Shapes outside this range are not estimated: the maximum of the likelihood lies beyond only for (nearly) equal rows. */
const SMALLEST_SHAPE = 1e-10;
const LARGEST_SHAPE = 1e10;

/**
 * The gamma distribution with `shape` k and `scale` θ (not rate).
 * @example
 * new GammaDistribution({ shape: 2, scale: 1 }).density(1); // 0.36787944117144233
 */
export class GammaDistribution implements Distribution<number, GammaColumns> {
  static readonly typeName = 'Gamma';
  static readonly typeVersion = 1;
  /** k. */
  readonly shape: number;
  /** θ, the inverse of the rate. */
  readonly scale: number;
  /** True for shape < 1: the density grows without bound towards 0. */
  readonly isUnbounded: boolean;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `shape` is finite and > 0, and `scale` finite and >= 2^-1022 */
  constructor({ shape, scale }: { readonly shape: number; readonly scale: number }) {
    checkPositive('GammaDistribution', 'shape', shape);
    checkPositive('GammaDistribution', 'scale', scale, SMALLEST_NORMAL);
    this.shape = shape;
    this.scale = scale;
    this.isUnbounded = shape < 1;
    this.#logNormalizer = -lgamma(shape) - shape * Math.log(scale);
  }

  /** At 0 the limit from the right. */
  logDensity(x: number): number {
    if (x < 0 || x === Infinity) return -Infinity;
    if (x === 0 && this.shape === 1) return this.#logNormalizer; // 0 · log 0 = 0
    return (this.shape - 1) * Math.log(x) - x / this.scale + this.#logNormalizer;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: GammaColumns, start: number, end: number, out: Float64Array): void {
    const { stage, bilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.x, start, count);
    const y = stage(columns.logX, start, count);
    bilinearLogDensity(x, y, count, -1 / this.scale, this.shape - 1, this.#logNormalizer, out);
  }

  seqAddLogDensity(columns: GammaColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addBilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.x, start, count);
    const y = stage(columns.logX, start, count);
    addBilinearLogDensity(x, y, count, -1 / this.scale, this.shape - 1, this.#logNormalizer, out);
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(positiveDraws(randomGamma.source(random(seed))(this.shape, this.scale)));
  }

  encoder(): GammaEncoder {
    return new GammaEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows with this model's mean and mean logarithm. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): GammaEstimator {
    if (!(pseudoCount > 0)) return new GammaEstimator();
    const mean = this.shape * this.scale;
    const meanLog = digamma(this.shape) + Math.log(this.scale);
    return new GammaEstimator({ prior: { mean, meanCount: pseudoCount, meanLog, meanLogCount: pseudoCount } });
  }

  toJSON() {
    return { type: 'Gamma', shape: this.shape, scale: this.scale } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GammaDistribution {
    return new GammaDistribution(checkFields('GammaDistribution', fields, { shape: 'number', scale: 'number' }));
  }
}

const RULE: NumberRule = { family: 'Gamma', expected: 'a finite number > 0', accepts: (x) => x > 0 };

/** Refuses everything but finite numbers > 0. */
export class GammaEncoder implements Encoder<number, GammaColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not a finite number > 0 */
  encode(rows: readonly number[]): GammaColumns {
    const x = encodeNumbers(RULE, rows);
    return { rowCount: rows.length, x, logX: x.map(Math.log) };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: GammaColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Sums `[Σw, Σw·x, Σw·log x]`. */
export class GammaAccumulator implements Accumulator<GammaColumns, GammaStatistic, GammaDistribution> {
  readonly kind = 'Gamma';

  constructor(
    readonly statistic: Float64Array = new Float64Array(3),
    readonly key?: string,
  ) {}

  seqUpdate(columns: GammaColumns, start: number, end: number, weights: Float64Array): void {
    const { stage, weightedMeans } = kernels();
    const count = end - start;
    const x = stage(columns.x, start, count);
    const y = stage(columns.logX, start, count);
    weightedMeans(x, y, weights, count, this.statistic);
  }

  combine({ count, sum, sumOfLogs }: GammaStatistic): void {
    this.statistic[0]! += count;
    this.statistic[1]! += sum;
    this.statistic[2]! += sumOfLogs;
  }

  value(): GammaStatistic {
    const [count, sum, sumOfLogs] = this.statistic as unknown as [number, number, number];
    return { count, sum, sumOfLogs };
  }

  fromValue({ count, sum, sumOfLogs }: GammaStatistic): void {
    this.statistic.set([count, sum, sumOfLogs]);
  }
}

/** Options of {@link GammaEstimator}. */
export interface GammaOptions {
  /**
   * `meanCount` imaginary rows with mean `mean` (default 1), and `meanLogCount` imaginary rows with mean logarithm `meanLog`
   * (default 0). Default counts 0: maximum likelihood.
   */
  readonly prior?: {
    readonly mean?: number;
    readonly meanCount?: number;
    readonly meanLog?: number;
    readonly meanLogCount?: number;
  };
  /** Gammas with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * With m the mean and l the mean logarithm of the rows (prior rows included): k solves log k - ψ(k) = log m - l, and
 * θ = m / k. Equal rows have no finite k; the estimate is then k = 1e10, and the report says so.
 * @example
 * optimize([1, 2, 3], new GammaEstimator()).model.shape; // 5.375…
 * @see Minka, Estimating a Gamma distribution (2002)
 */
export class GammaEstimator implements Estimator<number, GammaDistribution, GammaColumns, GammaStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, a mean that is not > 0 or a mean logarithm that is not finite */
  constructor(readonly options: GammaOptions = {}) {
    checkEstimatorOptions('GammaEstimator', options, {
      prior: ['mean', 'meanCount', 'meanLog', 'meanLogCount'],
      key: true,
    });
    const { prior: { mean, meanCount, meanLog, meanLogCount } = {} } = options;
    checkPseudoCount('GammaEstimator', 'prior.meanCount', meanCount);
    checkPseudoCount('GammaEstimator', 'prior.meanLogCount', meanLogCount);
    checkPositiveOption('GammaEstimator', 'prior.mean', mean);
    if (meanLog !== undefined && !Number.isFinite(meanLog)) {
      throw new ParameterError('GammaEstimator', 'prior.meanLog', 'a finite number', meanLog);
    }
  }

  encoder(): GammaEncoder {
    return new GammaEncoder();
  }

  statisticLength(): number {
    return 3;
  }

  accumulator(_schema: GammaColumns, statistic?: Float64Array): GammaAccumulator {
    return new GammaAccumulator(statistic, this.options.key);
  }

  /** Total weight 0 without a prior gives shape 1 and scale 1. */
  estimate({ count, sum, sumOfLogs }: GammaStatistic, report?: Report): GammaDistribution {
    const { prior: { mean = 1, meanCount = 0, meanLog = 0, meanLogCount = 0 } = {} } = this.options;
    if (!(count + meanCount > 0 && count + meanLogCount > 0)) {
      reportDead(report);
      return new GammaDistribution({ shape: 1, scale: 1 });
    }
    const m = (sum + meanCount * mean) / (count + meanCount);
    const l = (sumOfLogs + meanLogCount * meanLog) / (count + meanLogCount);
    const spread = Math.log(m) - l;
    const shape = spread > 0 ? shapeOf(spread) : LARGEST_SHAPE; // by rounding it may be negative for equal rows
    if (shape === LARGEST_SHAPE) {
      report?.add(
        'degenerate',
        'all rows are equal (or the prior contradicts them): the shape is infinite. Set a prior.',
      );
    }
    return new GammaDistribution({ shape, scale: Math.max(m / shape, SMALLEST_NORMAL) });
  }

  get hasPrior(): boolean {
    const { meanCount = 0, meanLogCount = 0 } = this.options.prior ?? {};
    return meanCount > 0 || meanLogCount > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 2 }];
  }
}

/** The k with log k - ψ(k) = spread. */
function shapeOf(spread: number): number {
  const start = (3 - spread + Math.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread);
  const shape = newtonRoot((k) => ({ value: logMinusDigamma(k) - spread, slope: logMinusDigammaSlope(k) }), {
    start,
    lower: SMALLEST_SHAPE,
    upper: LARGEST_SHAPE,
  });
  return shape > 0.999 * LARGEST_SHAPE ? LARGEST_SHAPE : shape;
}
