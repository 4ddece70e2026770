/**
 * Shares: p(x) = x^(α-1) (1-x)^(β-1) / B(α, β) for 0 < x < 1, with α, β > 0. The mean is α / (α + β).
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 2 (1995), ch. 25.
 */

import { randomBeta } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPositive, checkPseudoCount } from '../checks/parameters.js';
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
  Violation,
} from '../contract.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, numberViolation } from '../leaf/numberColumn.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { betaln, digamma, trigamma } from '../numeric/special.js';

/** log x and log(1 - x) per row. */
export interface BetaColumns extends Columns {
  readonly logX: Float64Array;
  readonly logRest: Float64Array;
}

/** Additive over rows: `count` = Σw, `sumOfLogs` = Σw·log x, `sumOfLogRests` = Σw·log(1 - x). */
export interface BetaStatistic {
  readonly count: number;
  readonly sumOfLogs: number;
  readonly sumOfLogRests: number;
}

interface Shapes {
  readonly alpha: number;
  readonly beta: number;
}

/** Largest α + β that is estimated: equal rows have none of maximum likelihood. */
const LARGEST_PRECISION = 1e10;

/**
 * The beta distribution with shapes `alpha` and `beta`.
 * @example
 * new BetaDistribution({ alpha: 2, beta: 1 }).density(0.5); // 1
 */
export class BetaDistribution implements Distribution<number, BetaColumns> {
  static readonly typeName = 'Beta';
  static readonly typeVersion = 1;
  /** α, the shape at 0. */
  readonly alpha: number;
  /** β, the shape at 1. */
  readonly beta: number;
  /** True when a shape is < 1: the density grows without bound at that end. */
  readonly isUnbounded: boolean;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `alpha` and `beta` are finite and > 0 */
  constructor({ alpha, beta }: Shapes) {
    checkPositive('BetaDistribution', 'alpha', alpha);
    checkPositive('BetaDistribution', 'beta', beta);
    this.alpha = alpha;
    this.beta = beta;
    this.isUnbounded = alpha < 1 || beta < 1;
    this.#logNormalizer = -betaln(alpha, beta);
  }

  /** At 0 and 1 the limits from inside. */
  logDensity(x: number): number {
    if (x < 0 || x > 1) return -Infinity;
    // 0 · log 0 = 0
    const left = this.alpha === 1 && x === 0 ? 0 : (this.alpha - 1) * Math.log(x);
    const right = this.beta === 1 && x === 1 ? 0 : (this.beta - 1) * Math.log1p(-x);
    return left + right + this.#logNormalizer;
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: BetaColumns, start: number, end: number, out: Float64Array): void {
    const { stage, bilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.logX, start, count);
    const y = stage(columns.logRest, start, count);
    bilinearLogDensity(x, y, count, this.alpha - 1, this.beta - 1, this.#logNormalizer, out);
  }

  seqAddLogDensity(columns: BetaColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addBilinearLogDensity } = kernels();
    const count = end - start;
    const x = stage(columns.logX, start, count);
    const y = stage(columns.logRest, start, count);
    addBilinearLogDensity(x, y, count, this.alpha - 1, this.beta - 1, this.#logNormalizer, out);
  }

  sampler(seed: Seed): Sampler<number> {
    const draw = randomBeta.source(random(seed))(this.alpha, this.beta);
    // Variates that round to an end are moved inside.
    return samplerOf(() => Math.min(Math.max(draw(), Number.MIN_VALUE), 1 - Number.EPSILON / 2));
  }

  encoder(): BetaEncoder {
    return new BetaEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): BetaEstimator {
    const { alpha, beta } = this;
    return new BetaEstimator(pseudoCount > 0 ? { pseudoCount, prior: { alpha, beta } } : {});
  }

  toJSON() {
    return { type: 'Beta', alpha: this.alpha, beta: this.beta } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BetaDistribution {
    return new BetaDistribution(checkFields('BetaDistribution', fields, { alpha: 'number', beta: 'number' }));
  }
}

const RULE: NumberRule = { family: 'Beta', expected: 'a number > 0 and < 1', accepts: (x) => x > 0 && x < 1 };

/** Refuses everything but numbers strictly between 0 and 1. */
export class BetaEncoder implements Encoder<number, BetaColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not a number strictly between 0 and 1 */
  encode(rows: readonly number[]): BetaColumns {
    const x = encodeNumbers(RULE, rows);
    return { rowCount: rows.length, logX: x.map(Math.log), logRest: x.map((share) => Math.log1p(-share)) };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ logX }: BetaColumns): AddSquaredDistances {
    return scaledSquares(logX.map(Math.exp));
  }
}

/** Sums `[Σw, Σw·log x, Σw·log(1 - x)]`. */
export class BetaAccumulator implements Accumulator<BetaColumns, BetaStatistic, BetaDistribution> {
  readonly kind = 'Beta';

  constructor(
    readonly statistic: Float64Array = new Float64Array(3),
    readonly key?: string,
  ) {}

  seqUpdate(columns: BetaColumns, start: number, end: number, weights: Float64Array): void {
    const { stage, weightedMeans } = kernels();
    const count = end - start;
    const x = stage(columns.logX, start, count);
    const y = stage(columns.logRest, start, count);
    weightedMeans(x, y, weights, count, this.statistic);
  }

  combine({ count, sumOfLogs, sumOfLogRests }: BetaStatistic): void {
    this.statistic[0]! += count;
    this.statistic[1]! += sumOfLogs;
    this.statistic[2]! += sumOfLogRests;
  }

  value(): BetaStatistic {
    const [count, sumOfLogs, sumOfLogRests] = this.statistic as unknown as [number, number, number];
    return { count, sumOfLogs, sumOfLogRests };
  }

  fromValue({ count, sumOfLogs, sumOfLogRests }: BetaStatistic): void {
    this.statistic.set([count, sumOfLogs, sumOfLogRests]);
  }
}

/** Options of {@link BetaEstimator}. */
export interface BetaOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Default α = β = 1, the uniform. */
  readonly prior?: { readonly alpha: number; readonly beta: number };
  /** Betas with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * α and β solve ψ(α) - ψ(α + β) = mean of log x and ψ(β) - ψ(α + β) = mean of log(1 - x), prior rows included.
 * @example
 * optimize([0.2, 0.5, 0.8], new BetaEstimator()).model.alpha; // 1.895…, and beta the same
 * @see Gnanadesikan, Pinkham & Hughes (1967), Maximum likelihood estimation of the parameters of the beta distribution
 */
export class BetaEstimator implements Estimator<number, BetaDistribution, BetaColumns, BetaStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, or a prior that is no beta distribution */
  constructor(readonly options: BetaOptions = {}) {
    checkEstimatorOptions('BetaEstimator', options, { pseudoCount: true, prior: ['alpha', 'beta'], key: true });
    checkPseudoCount('BetaEstimator', 'pseudoCount', options.pseudoCount);
    if (options.prior !== undefined) new BetaDistribution(options.prior);
  }

  encoder(): BetaEncoder {
    return new BetaEncoder();
  }

  statisticLength(): number {
    return 3;
  }

  accumulator(_schema: BetaColumns, statistic?: Float64Array): BetaAccumulator {
    return new BetaAccumulator(statistic, this.options.key);
  }

  /** Total weight 0 gives the prior, or α = β = 1. Equal rows get α + β = 1e10, and the report says so. */
  estimate({ count, sumOfLogs, sumOfLogRests }: BetaStatistic, report?: Report): BetaDistribution {
    const { pseudoCount = 0, prior = { alpha: 1, beta: 1 } } = this.options;
    if (count === 0) {
      reportDead(report);
      return new BetaDistribution(prior);
    }
    const n = count + pseudoCount;
    const total = digamma(prior.alpha + prior.beta);
    const meanLog = (sumOfLogs + pseudoCount * (digamma(prior.alpha) - total)) / n;
    const meanLogRest = (sumOfLogRests + pseudoCount * (digamma(prior.beta) - total)) / n;
    const shapes = shapesOf(meanLog, meanLogRest);
    if (shapes.alpha + shapes.beta > 0.999 * LARGEST_PRECISION) {
      report?.add('degenerate', 'all rows are equal, so alpha + beta is infinite. Set a prior.');
    }
    return new BetaDistribution(shapes);
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 2 }];
  }
}

/**
 * Newton's method on the log-likelihood per row, which is strictly concave; a step that leaves the quadrant or lowers the
 * likelihood is halved.
 */
function shapesOf(meanLog: number, meanLogRest: number): Shapes {
  const left = Math.exp(meanLog);
  const right = Math.exp(meanLogRest);
  const gap = 1 - left - right; // 0 for equal rows, up to rounding
  if (!(gap * LARGEST_PRECISION > 0.5)) {
    const share = left / (left + right);
    const clipped = Math.min(Math.max(share, 1e-15), 1 - 1e-15);
    return { alpha: clipped * LARGEST_PRECISION, beta: (1 - clipped) * LARGEST_PRECISION };
  }
  const logLikelihood = (a: number, b: number) => (a - 1) * meanLog + (b - 1) * meanLogRest - betaln(a, b);
  let alpha = 0.5 + left / (2 * gap);
  let beta = 0.5 + right / (2 * gap);
  let reached = logLikelihood(alpha, beta);
  for (let step = 0; step < 200; step++) {
    const total = digamma(alpha + beta);
    const slopeA = total - digamma(alpha) + meanLog;
    const slopeB = total - digamma(beta) + meanLogRest;
    const shared = trigamma(alpha + beta);
    const curveA = shared - trigamma(alpha);
    const curveB = shared - trigamma(beta);
    const determinant = curveA * curveB - shared * shared;
    const stepA = (shared * slopeB - curveB * slopeA) / determinant;
    const stepB = (shared * slopeA - curveA * slopeB) / determinant;
    let size = 1;
    let next = -Infinity;
    for (; size > 1e-12; size /= 2) {
      const [a, b] = [alpha + size * stepA, beta + size * stepB];
      if (!(a > 0 && b > 0)) continue;
      next = logLikelihood(a, b);
      // Near the maximum the likelihood is flat to rounding; there the full step is the best there is.
      if (next >= reached - 8 * Number.EPSILON * (1 + Math.abs(reached))) break;
    }
    if (!(size > 1e-12) || !Number.isFinite(next)) break;
    alpha += size * stepA;
    beta += size * stepB;
    reached = next;
    if (Math.abs(stepA) <= 1e-14 * alpha && Math.abs(stepB) <= 1e-14 * beta) break;
  }
  return { alpha, beta };
}
