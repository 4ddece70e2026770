/**
 * Counts: P(X = x) = λ^x e^(-λ) / x! for x = 0, 1, 2, …, with λ >= 0. λ = 0 is the point mass at 0.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 4.
 */

import { randomPoisson } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPseudoCount } from '../checks/parameters.js';
import { integerRowCodes } from '../columns/rowCodes.js';
import type {
  AddSquaredDistances,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  RowCodes,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { MeanStatistic, NumberColumns, NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, MeanAccumulator, numberViolation } from '../leaf/numberColumn.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { logFactorial } from '../numeric/special.js';

/** A count per row. `logFactorial` = log x! does not depend on λ, so a fit computes it once. */
export interface PoissonColumns extends NumberColumns {
  readonly logFactorial: Float64Array;
}

/** Additive over rows: `count` = Σw, `sum` = Σw·x. */
export type PoissonStatistic = MeanStatistic;

/**
 * The Poisson distribution with mean `lambda`.
 * @example
 * new PoissonDistribution({ lambda: 2 }).density(0); // 0.1353352832366127
 */
export class PoissonDistribution implements Distribution<number, PoissonColumns> {
  static readonly typeName = 'Poisson';
  static readonly typeVersion = 1;
  /** Mean and variance. */
  readonly lambda: number;
  readonly #logLambda: number;

  /** @throws {ParameterError} unless `lambda` is finite and >= 0 */
  constructor({ lambda }: { readonly lambda: number }) {
    if (!(lambda >= 0 && lambda < Infinity)) {
      throw new ParameterError('PoissonDistribution', 'lambda', 'a finite number >= 0', lambda);
    }
    this.lambda = lambda;
    this.#logLambda = Math.log(lambda);
  }

  logDensity(x: number): number {
    if (Number.isNaN(x)) return Number.NaN;
    if (!Number.isSafeInteger(x) || x < 0) return -Infinity;
    return (x === 0 ? 0 : x * this.#logLambda) - this.lambda - logFactorial(x); // 0 · log 0 = 0
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: PoissonColumns, start: number, end: number, out: Float64Array): void {
    if (this.lambda === 0) {
      for (let row = start; row < end; row++) out[row - start] = columns.x[row] === 0 ? 0 : -Infinity;
      return;
    }
    const { stage, bilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.x, start, count);
    const y = stage(columns.logFactorial, start, count);
    bilinearLogDensity(x, y, count, this.#logLambda, -1, -this.lambda, out);
  }

  seqAddLogDensity(columns: PoissonColumns, start: number, end: number, out: Float64Array): void {
    if (this.lambda === 0) {
      for (let row = start; row < end; row++) if (columns.x[row] !== 0) out[row - start] = -Infinity;
      return;
    }
    const { stage, addBilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.x, start, count);
    const y = stage(columns.logFactorial, start, count);
    addBilinearLogDensity(x, y, count, this.#logLambda, -1, -this.lambda, out);
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(this.lambda === 0 ? () => 0 : randomPoisson.source(random(seed))(this.lambda));
  }

  encoder(): PoissonEncoder {
    return new PoissonEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows with this mean. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): PoissonEstimator {
    return new PoissonEstimator(pseudoCount > 0 ? { pseudoCount, prior: { lambda: this.lambda } } : {});
  }

  toJSON() {
    return { type: 'Poisson', lambda: this.lambda } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): PoissonDistribution {
    return new PoissonDistribution(checkFields('PoissonDistribution', fields, { lambda: 'number' }));
  }
}

const RULE: NumberRule = {
  family: 'Poisson',
  expected: 'an integer >= 0',
  accepts: (x) => Number.isSafeInteger(x) && x >= 0,
};

/** Refuses everything but integers in 0 … 2^53 - 1. */
export class PoissonEncoder implements Encoder<number, PoissonColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not an integer >= 0 */
  encode(rows: readonly number[]): PoissonColumns {
    const x = encodeNumbers(RULE, rows);
    return { rowCount: rows.length, x, logFactorial: x.map(logFactorial) };
  }

  rowCodes({ x }: PoissonColumns, start: number, end: number): RowCodes | undefined {
    return integerRowCodes(x, start, end);
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: PoissonColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Options of {@link PoissonEstimator}. */
export interface PoissonOptions {
  /** Imaginary rows with mean `prior.lambda`. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The mean of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly lambda: number };
  /** Poissons with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * λ = (Σwx + c·λ0) / (Σw + c), with a prior of c rows with mean λ0.
 * @example
 * optimize([0, 1, 5], new PoissonEstimator()).model.lambda; // 2
 */
export class PoissonEstimator implements Estimator<number, PoissonDistribution, PoissonColumns, PoissonStatistic> {
  /** @throws {ParameterError} for a pseudo count or a prior mean that is negative, or one without the other */
  constructor(readonly options: PoissonOptions = {}) {
    checkEstimatorOptions('PoissonEstimator', options, { pseudoCount: true, prior: ['lambda'], key: true });
    const { pseudoCount, prior } = options;
    checkPseudoCount('PoissonEstimator', 'pseudoCount', pseudoCount);
    if ((pseudoCount ?? 0) > 0 && prior === undefined) {
      throw new ParameterError('PoissonEstimator', 'prior', 'given together with pseudoCount', prior);
    }
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError('PoissonEstimator', 'pseudoCount', 'given together with prior', pseudoCount);
    }
    if (prior !== undefined && !(prior.lambda >= 0 && prior.lambda < Infinity)) {
      throw new ParameterError('PoissonEstimator', 'prior.lambda', 'a finite number >= 0', prior.lambda);
    }
  }

  encoder(): PoissonEncoder {
    return new PoissonEncoder();
  }

  statisticLength(): number {
    return 2;
  }

  accumulator(_schema: PoissonColumns, statistic?: Float64Array): MeanAccumulator {
    return new MeanAccumulator('Poisson', statistic, this.options.key);
  }

  /** Total weight 0 gives the prior mean, or 1 without a prior. */
  estimate({ count, sum }: PoissonStatistic, report?: Report): PoissonDistribution {
    const { pseudoCount = 0, prior } = this.options;
    if (count === 0) {
      reportDead(report);
      return new PoissonDistribution({ lambda: prior?.lambda ?? 1 });
    }
    const lambda = (sum + pseudoCount * (prior?.lambda ?? 0)) / (count + pseudoCount);
    if (lambda === 0) report?.add('degenerate', 'all rows are 0: other counts are impossible. Set a prior.');
    return new PoissonDistribution({ lambda });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 1 }];
  }
}
