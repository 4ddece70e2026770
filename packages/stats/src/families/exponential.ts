/**
 * Waiting times: p(x) = exp(-x/m) / m for x >= 0, with mean m > 0. The rate is 1/m.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 19.
 */

import { randomExponential } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import {
  checkFields,
  checkPositive,
  checkPositiveOption,
  checkPseudoCount,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
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
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { MeanStatistic, NumberColumns, NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, MeanAccumulator, numberViolation } from '../leaf/numberColumn.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/** One number >= 0 per row. */
export type ExponentialColumns = NumberColumns;

/** Additive over rows: `count` = Σw, `sum` = Σw·x. */
export type ExponentialStatistic = MeanStatistic;

/**
 * The exponential distribution with the given `mean` (not rate).
 * @example
 * new ExponentialDistribution({ mean: 2 }).density(0); // 0.5
 */
export class ExponentialDistribution implements Distribution<number, ExponentialColumns> {
  static readonly typeName = 'Exponential';
  static readonly typeVersion = 1;
  /** Mean, also called scale; the rate is 1 / mean. */
  readonly mean: number;
  readonly #logMean: number;

  /** @throws {ParameterError} unless `mean` is finite and >= 2^-1022 */
  constructor({ mean }: { readonly mean: number }) {
    checkPositive('ExponentialDistribution', 'mean', mean, SMALLEST_NORMAL);
    this.mean = mean;
    this.#logMean = Math.log(mean);
  }

  logDensity(x: number): number {
    if (x < 0) return -Infinity;
    return -x / this.mean - this.#logMean;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: ExponentialColumns, start: number, end: number, out: Float64Array): void {
    const { stage, linearLogDensity } = kernels();
    linearLogDensity(stage(columns.x, start, end - start), end - start, -1 / this.mean, -this.#logMean, out);
  }

  seqAddLogDensity(columns: ExponentialColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addLinearLogDensity } = kernels();
    addLinearLogDensity(stage(columns.x, start, end - start), end - start, -1 / this.mean, -this.#logMean, out);
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(randomExponential.source(random(seed))(1 / this.mean));
  }

  encoder(): ExponentialEncoder {
    return new ExponentialEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows with this mean. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): ExponentialEstimator {
    return new ExponentialEstimator(pseudoCount > 0 ? { pseudoCount, prior: { mean: this.mean } } : {});
  }

  toJSON() {
    return { type: 'Exponential', mean: this.mean } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): ExponentialDistribution {
    return new ExponentialDistribution(checkFields('ExponentialDistribution', fields, { mean: 'number' }));
  }
}

const RULE: NumberRule = { family: 'Exponential', expected: 'a finite number >= 0', accepts: (x) => x >= 0 };

/** Refuses everything but finite numbers >= 0. */
export class ExponentialEncoder implements Encoder<number, ExponentialColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not a finite number >= 0 */
  encode(rows: readonly number[]): ExponentialColumns {
    return { rowCount: rows.length, x: encodeNumbers(RULE, rows) };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: ExponentialColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Options of {@link ExponentialEstimator}. */
export interface ExponentialOptions {
  /** Imaginary rows with mean `prior.mean`. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The mean of the imaginary rows. Default 1. */
  readonly prior?: { readonly mean: number };
  /** The smallest mean that is returned, for data that may be all zero. Default 2^-1022. */
  readonly minMean?: number;
  /** Exponentials with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * mean = (Σwx + c·m0) / (Σw + c), with a prior of c rows with mean m0.
 * @example
 * optimize([1, 2, 6], new ExponentialEstimator()).model.mean; // 3
 */
export class ExponentialEstimator
  implements Estimator<number, ExponentialDistribution, ExponentialColumns, ExponentialStatistic>
{
  /** @throws {ParameterError} for a negative pseudo count, or a mean that is not > 0 */
  constructor(readonly options: ExponentialOptions = {}) {
    checkEstimatorOptions('ExponentialEstimator', options, {
      pseudoCount: true,
      prior: ['mean'],
      minMean: true,
      key: true,
    });
    checkPseudoCount('ExponentialEstimator', 'pseudoCount', options.pseudoCount);
    checkPositiveOption('ExponentialEstimator', 'prior.mean', options.prior?.mean, SMALLEST_NORMAL);
    checkPositiveOption('ExponentialEstimator', 'minMean', options.minMean, SMALLEST_NORMAL);
  }

  encoder(): ExponentialEncoder {
    return new ExponentialEncoder();
  }

  statisticLength(): number {
    return 2;
  }

  accumulator(_schema: ExponentialColumns, statistic?: Float64Array): MeanAccumulator {
    return new MeanAccumulator('Exponential', statistic, this.options.key);
  }

  /** Total weight 0 gives the prior mean, or 1. When all rows are 0 the mean is `minMean`, and the report says so. */
  estimate({ count, sum }: ExponentialStatistic, report?: Report): ExponentialDistribution {
    const { pseudoCount = 0, prior, minMean = SMALLEST_NORMAL } = this.options;
    const priorMean = prior?.mean ?? 1;
    if (count === 0) {
      reportDead(report);
      return new ExponentialDistribution({ mean: Math.max(priorMean, minMean) });
    }
    const mean = (sum + pseudoCount * priorMean) / (count + pseudoCount);
    if (mean < minMean)
      report?.add('degenerate', `the mean of the rows is ${mean}, less than ${minMean}. Set minMean or a prior.`);
    return new ExponentialDistribution({ mean: Math.max(mean, minMean) });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 1 }];
  }
}
