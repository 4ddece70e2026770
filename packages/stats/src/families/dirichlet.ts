/**
 * Points of the simplex: p(x) = Γ(Σα) / Π Γ(α_j) · Π x_j^(α_j - 1), with x_j >= 0, Σx_j = 1 and all α_j > 0.
 * Source: Minka, Estimating a Dirichlet distribution (2000); Kotz, Balakrishnan & Johnson, Continuous Multivariate
 * Distributions (2000), ch. 49.
 */

import { randomGamma } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPositive, checkPseudoCount, SMALLEST_NORMAL } from '../checks/parameters.js';
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
import { scaledVectorSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { Vector, VectorColumns, VectorRule } from '../leaf/vectors.js';
import {
  checkDimension,
  checkVector,
  concatVectors,
  encodeVectors,
  forEachRun,
  sliceVectors,
  takeVectors,
  vectorViolation,
} from '../leaf/vectors.js';
import { kernels, STAGED_STRIDE } from '../numeric/kernels/index.js';
import { addLogs } from '../numeric/logSumExp.js';
import { random, samplerOf } from '../numeric/random.js';
import { digamma, digammaInverse, lgamma, trigamma } from '../numeric/special.js';

/** How far the coordinates of a row may sum from 1. */
const SUM_TOLERANCE = 1e-6;
/** The logarithm of the smallest normal number: what a coordinate of 0 counts as in a fit. */
const LOG_ZERO = Math.log(SMALLEST_NORMAL);
/** The largest Σα of an estimate; equal rows have their maximum at infinity. */
const MAX_PRECISION = 1e10;

/** `x[i * dimension + j]` is the logarithm of coordinate j of row i; that of 0 is the one of the smallest normal number. */
export interface DirichletColumns extends VectorColumns {
  /** Whether some coordinate is 0. */
  readonly hasZeros: boolean;
}

/** Additive over rows: `count` = Σw, `sumOfLogs` = Σw log x per coordinate. */
export interface DirichletStatistic {
  readonly count: number;
  readonly sumOfLogs: Float64Array;
}

function logOf(x: number): number {
  return Math.max(Math.log(x), LOG_ZERO);
}

/** The limit of (α - 1) log x for x → 0. */
function logTermAtZero(alpha: number): number {
  return alpha === 1 ? 0 : alpha > 1 ? -Infinity : Infinity;
}

/**
 * The Dirichlet distribution. On the border of the simplex the density is the limit: 0, a pole, or in between.
 * @example
 * new DirichletDistribution({ alpha: [1, 1, 1] }).density([0.2, 0.3, 0.5]); // 2
 */
export class DirichletDistribution implements Distribution<Vector, DirichletColumns> {
  static readonly typeName = 'Dirichlet';
  static readonly typeVersion = 1;
  /** Concentration of each coordinate, [d]; the mean is α / Σα. */
  readonly alpha: readonly number[];
  /** True when some α < 1: the density is then infinite where that coordinate is 0. */
  readonly isUnbounded: boolean;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `alpha` has at least 2 entries, all finite and > 0 */
  constructor({ alpha }: { readonly alpha: Vector }) {
    const owner = 'DirichletDistribution';
    checkVector(owner, 'alpha', alpha);
    if (alpha.length < 2) throw new ParameterError(owner, 'alpha', 'a list of at least 2 numbers', alpha);
    this.alpha = Object.freeze(Array.from(alpha));
    this.alpha.forEach((a, j) => void checkPositive(owner, `alpha[${j}]`, a));
    this.isUnbounded = this.alpha.some((a) => a < 1);
    const total = this.alpha.reduce((sum, a) => sum + a, 0);
    this.#logNormalizer = lgamma(total) - this.alpha.reduce((sum, a) => sum + lgamma(a), 0);
  }

  /** -Infinity off the simplex, and for a vector of another length. */
  logDensity(x: Vector): number {
    if (x.length !== this.alpha.length) return -Infinity;
    if (isNaNIn(x)) return Number.NaN;
    if (simplexFault(x) !== undefined) return -Infinity;
    return this.#logDensityAt(Float64Array.from(x, logOf), 0);
  }

  #logDensityAt(logs: Float64Array, start: number): number {
    let sum = this.#logNormalizer;
    for (let j = 0; j < this.alpha.length; j++) {
      const log = logs[start + j]!;
      const alpha = this.alpha[j]!;
      sum = addLogs(sum, log === LOG_ZERO ? logTermAtZero(alpha) : (alpha - 1) * log);
    }
    return sum;
  }

  density(x: Vector): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: DirichletColumns, start: number, end: number, out: Float64Array): void {
    const { x, dimension, hasZeros } = columns;
    if (hasZeros && dimension === this.alpha.length) {
      for (let row = start; row < end; row++) out[row - start] = this.#logDensityAt(x, row * dimension);
    } else this.seqClippedLogDensity(columns, start, end, out);
  }

  /** As `seqLogDensity`, but a coordinate of 0 counts as the smallest normal number, so that all scores are finite. */
  seqClippedLogDensity({ x, dimension }: DirichletColumns, start: number, end: number, out: Float64Array): void {
    if (dimension !== this.alpha.length) return void out.fill(-Infinity, 0, end - start);
    const { stageVectors, linearLogDensity, addLinearLogDensity } = kernels();
    forEachRun(start, end, (from, count) => {
      const block = stageVectors(x, from, count, dimension);
      linearLogDensity(block, count, this.alpha[0]! - 1, this.#logNormalizer, out.subarray(from - start));
      for (let j = 1; j < dimension; j++) {
        addLinearLogDensity(
          block.subarray(j * STAGED_STRIDE),
          count,
          this.alpha[j]! - 1,
          0,
          out.subarray(from - start),
        );
      }
    });
  }

  sampler(seed: Seed): Sampler<number[]> {
    const rng = random(seed);
    const gammas = this.alpha.map((a) => randomGamma.source(rng)(a + 1));
    return samplerOf(() => {
      // In logs: Gamma(α) = Gamma(α + 1) · U^(1/α), which underflows for small α.
      const logs = this.alpha.map((a, j) => Math.log(gammas[j]!()) + Math.log(1 - rng()) / a);
      const largest = Math.max(...logs);
      const parts = logs.map((log) => Math.exp(log - largest));
      const total = parts.reduce((sum, part) => sum + part, 0);
      return parts.map((part) => part / total);
    });
  }

  encoder(): DirichletEncoder {
    return new DirichletEncoder(this.alpha.length);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): DirichletEstimator {
    return new DirichletEstimator(pseudoCount > 0 ? { pseudoCount, prior: this.meanLogs() } : {});
  }

  /** E log x_j = ψ(α_j) - ψ(Σα), for each coordinate. */
  meanLogs(): number[] {
    const total = this.alpha.reduce((sum, a) => sum + a, 0);
    return this.alpha.map((a) => digamma(a) - digamma(total));
  }

  toJSON() {
    return { type: 'Dirichlet', alpha: this.alpha } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DirichletDistribution {
    return new DirichletDistribution(checkFields('DirichletDistribution', fields, { alpha: 'numbers' }));
  }
}

function isNaNIn(x: Vector): boolean {
  for (let j = 0; j < x.length; j++) if (Number.isNaN(x[j])) return true;
  return false;
}

function simplexFault(x: Vector): ReturnType<NonNullable<VectorRule['fault']>> {
  if (x.length < 2) return { path: [], expected: 'a list of at least 2 numbers', found: x };
  let sum = 0;
  for (let j = 0; j < x.length; j++) {
    if (!(x[j]! >= 0)) return { path: [j], expected: 'a number >= 0', found: x[j] };
    sum += x[j]!;
  }
  if (Math.abs(sum - 1) <= SUM_TOLERANCE) return undefined;
  return { path: [], expected: `a list of numbers that sum to 1 within ${SUM_TOLERANCE}`, found: x };
}

const RULE: VectorRule = { family: 'Dirichlet', fault: simplexFault };

/** Refuses everything but points of the simplex; keeps their logarithms. */
export class DirichletEncoder implements Encoder<Vector, DirichletColumns> {
  /** @param dimension  how many numbers a row has. Default: as many as the first row */
  constructor(readonly dimension?: number) {}

  violation(row: unknown): Violation | undefined {
    return vectorViolation(RULE, row, this.dimension);
  }

  /** @throws {DataError} at the first row that is no point of the simplex, or longer or shorter than the others */
  encode(rows: readonly Vector[]): DirichletColumns {
    const columns = encodeVectors(RULE, rows, this.dimension);
    const x = columns.x.map(logOf);
    return { ...columns, x, hasZeros: x.includes(LOG_ZERO) };
  }

  slice(columns: DirichletColumns, start: number, end: number): DirichletColumns {
    return sliceVectors(columns, start, end);
  }

  take(columns: DirichletColumns, rows: Int32Array): DirichletColumns {
    return takeVectors(columns, rows);
  }

  concat(parts: readonly DirichletColumns[]): DirichletColumns {
    return { ...concatVectors('Dirichlet', parts), hasZeros: parts.some((part) => part.hasZeros) };
  }

  /** That of the logarithms. */
  squaredDistances({ x, rowCount, dimension }: DirichletColumns): AddSquaredDistances {
    return scaledVectorSquares(x, rowCount, dimension);
  }
}

/** Sums `[Σw, Σw log x]`. */
export class DirichletAccumulator implements Accumulator<DirichletColumns, DirichletStatistic, DirichletDistribution> {
  readonly kind: string;

  constructor(
    readonly statistic: Float64Array,
    readonly key: string | undefined,
  ) {
    this.kind = `Dirichlet[${statistic.length - 1}]`;
  }

  /** With zeros clipped as in the statistic: one row on the border must not make the likelihood of a fit infinite. */
  score(model: DirichletDistribution, columns: DirichletColumns, start: number, end: number, out: Float64Array): void {
    model.seqClippedLogDensity(columns, start, end, out);
  }

  seqUpdate({ x, dimension }: DirichletColumns, start: number, end: number, weights: Float64Array): void {
    const { stageVectors, sum, weightedSum } = kernels();
    this.statistic[0]! += sum(weights, end - start);
    forEachRun(start, end, (from, count) => {
      const block = stageVectors(x, from, count, dimension);
      for (let j = 0; j < dimension; j++) {
        this.statistic[1 + j]! += weightedSum(block.subarray(j * STAGED_STRIDE), weights.subarray(from - start), count);
      }
    });
  }

  combine({ count, sumOfLogs }: DirichletStatistic): void {
    this.statistic[0]! += count;
    for (let j = 0; j < sumOfLogs.length; j++) this.statistic[1 + j]! += sumOfLogs[j]!;
  }

  value(): DirichletStatistic {
    return { count: this.statistic[0]!, sumOfLogs: this.statistic.slice(1) };
  }

  fromValue({ count, sumOfLogs }: DirichletStatistic): void {
    this.statistic[0] = count;
    this.statistic.set(sumOfLogs, 1);
  }
}

/** Options of {@link DirichletEstimator}. */
export interface DirichletOptions {
  /** Imaginary rows. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** Mean of log x of the imaginary rows, one number per coordinate. Default: that of the uniform distribution. */
  readonly prior?: Vector;
  /** Dirichlet distributions with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood: the α with ψ(α_j) - ψ(Σα) = m_j, the mean of log x_j over the rows and the imaginary rows. In a fit a
 * coordinate of 0 counts as the smallest normal number, about 2.2e-308.
 * @example
 * optimize([[0.2, 0.8], [0.4, 0.6], [0.3, 0.7]], new DirichletEstimator()).model.alpha; // [9.2…, 21.5…]
 */
export class DirichletEstimator
  implements Estimator<Vector, DirichletDistribution, DirichletColumns, DirichletStatistic>
{
  /** @throws {ParameterError} for a negative pseudo count, or a prior without one */
  constructor(readonly options: DirichletOptions = {}) {
    checkEstimatorOptions('DirichletEstimator', options, { pseudoCount: true, prior: true, key: true });
    const { pseudoCount, prior } = options;
    checkPseudoCount('DirichletEstimator', 'pseudoCount', pseudoCount);
    if (prior === undefined) return;
    checkVector('DirichletEstimator', 'prior', prior);
    if (pseudoCount === undefined) {
      throw new ParameterError('DirichletEstimator', 'pseudoCount', 'given together with prior', pseudoCount);
    }
  }

  encoder(): DirichletEncoder {
    return new DirichletEncoder(this.options.prior?.length);
  }

  statisticLength({ dimension }: DirichletColumns): number {
    return 1 + dimension;
  }

  accumulator(schema: DirichletColumns, statistic?: Float64Array): DirichletAccumulator {
    return new DirichletAccumulator(statistic ?? new Float64Array(1 + schema.dimension), this.options.key);
  }

  /**
   * Total weight 0 and no prior: uniform. Equal rows have their maximum at infinity: Σα is then 1e10, and the report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate({ count, sumOfLogs }: DirichletStatistic, report?: Report): DirichletDistribution {
    const { pseudoCount = 0, prior } = this.options;
    const dimension = sumOfLogs.length;
    checkDimension('Dirichlet', dimension, prior?.length);
    if (count === 0) reportDead(report);
    const total = count + pseudoCount;
    if (!(total > 0)) return new DirichletDistribution({ alpha: new Float64Array(dimension).fill(1) });
    const flat = digamma(1) - digamma(dimension);
    const means = sumOfLogs.map((sum, j) => (sum + pseudoCount * (prior?.[j] ?? flat)) / total);
    const alpha = solveAlpha(means);
    if (alpha.reduce((sum, a) => sum + a, 0) >= MAX_PRECISION * (1 - 1e-9)) {
      report?.add('degenerate', 'all rows are equal (or nearly), so the precision has no maximum. Set pseudoCount.');
    }
    return new DirichletDistribution({ alpha });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(model: DirichletDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.alpha.length }];
  }
}

/**
 * The α with ψ(α_j) - ψ(Σα) = m_j, by Newton's method; the Hessian is a diagonal plus a constant, so a step costs O(d).
 * @see Minka (2000), section 1, eq. 15-18
 */
function solveAlpha(means: Float64Array): Float64Array {
  const geometric = means.map(Math.exp);
  const total = geometric.reduce((sum, g) => sum + g, 0);
  // Σ exp(m_j) reaches 1 only when all rows are equal. Near that Σα is about (d - 1) / (-2 log Σ exp(m_j)).
  const precision = (means.length - 1) / (-2 * Math.log(total));
  if (!(precision > 0 && precision < MAX_PRECISION)) return geometric.map((g) => (MAX_PRECISION * g) / total);
  const start = digamma(Math.max(precision, 1e-3));
  let alpha = means.map((m) => digammaInverse(m + start));
  let before = Infinity;
  for (let step = 0; step < 200; step++) {
    const change = newtonStep(alpha, means);
    // A full step may leave α > 0: the objective is concave, so a shorter one still climbs.
    let length = 1;
    while (alpha.some((a, j) => !(a + length * change[j]! > 0))) length /= 2;
    const relative = alpha.reduce((most, a, j) => Math.max(most, Math.abs(change[j]!) / a), 0);
    alpha = alpha.map((a, j) => a + length * change[j]!);
    // Steps shrink quadratically near the end, until rounding holds them up.
    if (relative <= 1e-13 || (relative < 1e-3 && relative > before / 2)) break;
    before = relative;
  }
  return alpha;
}

/** -H⁻¹ g of the mean log-likelihood, with H = -diag(ψ'(α_j)) + ψ'(Σα). */
function newtonStep(alpha: Float64Array, means: Float64Array): Float64Array {
  const sum = alpha.reduce((total, a) => total + a, 0);
  const digammaOfSum = digamma(sum);
  const gradient = alpha.map((a, j) => digammaOfSum - digamma(a) + means[j]!);
  const diagonal = alpha.map((a) => -trigamma(a));
  let weighted = 0;
  let inverse = 0;
  for (let j = 0; j < alpha.length; j++) {
    weighted += gradient[j]! / diagonal[j]!;
    inverse += 1 / diagonal[j]!;
  }
  const shared = weighted / (1 / trigamma(sum) + inverse);
  return alpha.map((_, j) => (shared - gradient[j]!) / diagonal[j]!);
}
