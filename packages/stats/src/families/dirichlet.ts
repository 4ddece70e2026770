/**
 * Points of the simplex: p(x) = Γ(Σα) / Π Γ(α_j) · Π x_j^(α_j - 1), with x_j >= 0, Σx_j = 1 and all α_j > 0.
 * Source: Minka, Estimating a Dirichlet distribution (2000); Kotz, Balakrishnan & Johnson, Continuous Multivariate
 * Distributions (2000), ch. 49.
 */

import { modeOfDirichlet } from '../bayes/levelDirichlet.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkParameters, checkPositive, checkPseudoCount, orAbsent, SMALLEST_NORMAL } from '../checks/parameters.js';
import { checkSteps } from '../checks/steps.js';
import type {
  Accumulator,
  Distribution,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Step,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { checkMost, FLOOR, reportFloor } from '../leaf/floor.js';
import { hasImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { forEachRun, from } from '../leaf/vectors/vectorBlocks.js';
import type { Vector, VectorColumns, VectorRule } from '../leaf/vectors/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors/vectors.js';
import { MAX_PRECISION, solveBoundedConcentration, solveConcentration } from '../numeric/concentration.js';
import { dirichletCrossEntropy, dirichletEntropy } from '../numeric/dirichletEntropy.js';
import { exp, log } from '../numeric/elementary.js';
import { kernels, STAGED_STRIDE } from '../numeric/kernels/index.js';
import { addLogs } from '../numeric/logSumExp.js';
import { logOfRatio } from '../numeric/poissonTerm.js';
import { random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma, stirlingRest } from '../numeric/special.js';
import { dirichletVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolWith } from '../tree/pooling.js';
import { BetaDistribution } from './beta.js';

export type { DirichletAccumulator };

/** How far the coordinates of a row may sum from 1. */
const SUM_TOLERANCE = 1e-6;
/** Where Σα is larger, the terms of the log-density are so large that their cancellation costs 1e-12: a row then takes more time. */
const CONCENTRATED = 2000;
/** The logarithm of the smallest normal number: what a coordinate of 0 counts as in a fit. */
const LOG_ZERO = /* @__PURE__ */ log(SMALLEST_NORMAL);

const POOLING = /* @__PURE__ */ poolWith<DirichletStatistic>(
  'Dirichlet',
  ({ sumOfLogs }) => new DirichletAccumulator(new Float64Array(1 + sumOfLogs.length), undefined),
);
const CHECKS = { alpha: checkVector };

/** `x[i * dimension + j]` is the logarithm of coordinate j of row i; that of 0 is the one of the smallest normal number. */
export type DirichletColumns = VectorColumns;

/** Additive over rows: `count` = Σw, `sumOfLogs` = Σw log x per coordinate. */
export interface DirichletStatistic {
  readonly count: number;
  readonly sumOfLogs: Float64Array;
}

function logOf(x: number): number {
  return Math.max(log(x), LOG_ZERO);
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
export class DirichletDistribution extends PrintedModel implements Distribution<Vector, DirichletColumns> {
  static readonly typeName = 'Dirichlet';
  static readonly typeVersion = 1;
  /** Concentration of each coordinate, [d]; the mean is α / Σα. */
  readonly alpha: readonly number[];
  readonly #total: number;
  readonly #logNormalizer: number;
  readonly #exact: ((logs: Float64Array, start: number) => number) | undefined;

  /**
   * One entry is the prior of the weight of a mixture with one component: that weight is 1 for certain. Rows have 2 entries or more.
   * @throws {ParameterError} unless `alpha` has an entry, and all are finite and > 0
   */
  constructor(parameters: { readonly alpha: Vector }) {
    super();
    const owner = 'DirichletDistribution';
    const { alpha } = checkParameters<'alpha', Vector>(owner, parameters, CHECKS);
    this.alpha = Object.freeze(Array.from(alpha));
    for (const [j, a] of this.alpha.entries()) checkPositive(owner, `alpha[${j}]`, a);
    this.#total = this.alpha.reduce((sum, a) => sum + a, 0);
    this.#logNormalizer = lgamma(this.#total) - this.alpha.reduce((sum, a) => sum + lgamma(a), 0);
    this.#exact = this.#total > CONCENTRATED ? exactLogDensity(this.alpha, this.#total) : undefined;
  }

  /** True when some α < 1: the density is then infinite where that coordinate is 0. */
  get isUnbounded(): boolean {
    return this.alpha.length > 1 && this.alpha.some((a) => a < 1);
  }

  /** α / Σα. */
  get mean(): readonly number[] {
    return this.alpha.map((a) => a / this.#total);
  }

  /** (diag(m) - m mᵀ) / (Σα + 1), with m the mean: d rows of d. */
  get covariance(): readonly (readonly number[])[] {
    const [mean, scale] = [this.mean, this.#total + 1];
    return mean.map((a, i) => mean.map((b, j) => (i === j ? a * (1 - a) : -a * b) / scale));
  }

  /** One coordinate has a beta distribution with α_j and Σα - α_j; several of them do not sum to 1. */
  marginalOf(steps: Step | readonly Step[]): BetaDistribution {
    if (Array.isArray(steps)) throw new ParameterError('marginal', 'steps', 'one coordinate', steps);
    const [j] = checkSteps(steps, [...this.alpha.keys()]) as readonly number[];
    const beta = this.alpha.reduce((sum, a, i) => (i === j ? sum : sum + a), 0);
    return new BetaDistribution({ alpha: this.alpha[j!]!, beta });
  }

  /** (α - 1) / (Σα - d), the densest point; `undefined` unless all α > 1: the density is then largest on the border, or flat. */
  get mode(): readonly number[] | undefined {
    if (!this.alpha.every((a) => a > 1)) return undefined;
    const total = this.alpha.reduce((sum, a) => sum + (a - 1), 0);
    return this.alpha.map((a) => (a - 1) / total);
  }

  /** log B(α) + Σ_j (α_j - 1) (ψ(Σα) - ψ(α_j)), in nats. */
  get entropy(): number {
    return dirichletEntropy(this.alpha);
  }

  /** -Infinity off the simplex, and for a vector of another length. */
  logDensity(x: Vector): number {
    const misfit = misfitScore(x, this.alpha.length);
    if (misfit !== undefined) return misfit;
    return simplexFault(x, 1) === undefined ? this.#logDensityAt(Float64Array.from(x, logOf), 0) : -Infinity;
  }

  #logDensityAt(logs: Float64Array, start: number): number {
    if (this.#exact !== undefined) {
      const limit = this.alpha.reduce(
        (sum, alpha, j) => (logs[start + j] === LOG_ZERO ? addLogs(sum, logTermAtZero(alpha)) : sum),
        0,
      );
      return addLogs(this.#exact(logs, start), limit);
    }
    let sum = this.#logNormalizer;
    for (let j = 0; j < this.alpha.length; j++) {
      const log = logs[start + j]!;
      const alpha = this.alpha[j]!;
      sum = addLogs(sum, log === LOG_ZERO ? logTermAtZero(alpha) : (alpha - 1) * log);
    }
    return sum;
  }

  density(x: Vector): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: DirichletColumns, start: number, end: number, out: Float64Array): void {
    this.seqClippedLogDensity(columns, start, end, out);
    const { x, dimension } = columns;
    if (dimension !== this.alpha.length) return;
    for (let row = start; row < end; row++) {
      const at = row * dimension;
      for (let j = 0; j < dimension; j++) {
        if (x[at + j] === LOG_ZERO) out[row - start] = this.#logDensityAt(x, at);
      }
    }
  }

  /** As `seqLogDensity`, but a coordinate of 0 counts as the smallest normal number, so that all scores are finite. */
  seqClippedLogDensity(columns: DirichletColumns, start: number, end: number, out: Float64Array): void {
    const { alpha } = this;
    if (columns.dimension !== alpha.length) return void out.fill(-Infinity, 0, end - start);
    if (this.#exact !== undefined) {
      for (let row = start; row < end; row++) out[row - start] = this.#exact(columns.x, row * alpha.length);
      return;
    }
    const { linearLogDensity, addLinearLogDensity } = kernels();
    forEachRun(columns, start, end, (block, first, count) => {
      const scores = from(out, first);
      linearLogDensity(block, count, alpha[0]! - 1, this.#logNormalizer, scores);
      for (let j = 1; j < alpha.length; j++) {
        addLinearLogDensity(block.subarray(j * STAGED_STRIDE), count, alpha[j]! - 1, 0, scores);
      }
    });
  }

  /** As {@link mode}, also where an α <= 1: such shares are 0, and where all are, those of the mean. */
  densest(): readonly number[] {
    return modeOfDirichlet(this.alpha);
  }

  /** -E log g under this distribution, with g the density of `other`, in nats. */
  crossEntropy(other: DirichletDistribution): number {
    return dirichletCrossEntropy(this.alpha, other.alpha);
  }

  /** What a prior over probabilities becomes after these counts. */
  updated(counts: ArrayLike<number>): DirichletDistribution {
    return anotherDirichlet(this.alpha.map((a, j) => a + counts[j]!));
  }

  sampler(seed: Seed): Sampler<number[]> {
    return samplerOf(dirichletVariates(random(seed), this.alpha));
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('Dirichlet', this.alpha.length, SIMPLEX);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): DirichletEstimator {
    return new DirichletEstimator(imaginaryRows('DirichletDistribution', options, this.meanLogs()));
  }

  /** E log x_j = ψ(α_j) - ψ(Σα), for each coordinate. */
  meanLogs(): number[] {
    const ofTotal = digamma(this.#total);
    return this.alpha.map((a) => digamma(a) - ofTotal);
  }

  toJSON() {
    return { type: 'Dirichlet', alpha: this.alpha } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DirichletDistribution {
    return new this(checkParameters<'alpha', Vector>('DirichletDistribution', fields, CHECKS));
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function anotherDirichlet(alpha: readonly number[]): DirichletDistribution {
  return new DirichletDistribution({ alpha });
}

/**
 * The log-density from the logarithms of a point: with m = α / Σα, Σ α_j log(x_j / m_j) and terms that are small. Those of the order
 * of α log α have cancelled by hand: at Σα = 1e9 they would leave 7 digits. So would the last digits of the logarithms, each times its
 * α; but the point is on the simplex, so that in Σ α_j (x_j / m_j - 1) they cancel, where a sum of coordinates differs from 1 by no more.
 */
function exactLogDensity(alpha: readonly number[], total: number): (logs: Float64Array, start: number) => number {
  const dimension = alpha.length;
  const logTotal = log(total);
  const logMean = alpha.map((a) => log(a) - logTotal);
  const constant = alpha.reduce(
    (sum, a) => sum + 0.5 * log(a) - stirlingRest(a),
    stirlingRest(total) - 0.5 * logTotal - 0.5 * (dimension - 1) * log(2 * Math.PI),
  );
  const x = new Float64Array(dimension);
  return (logs, start) => {
    let sum = 0;
    for (let j = 0; j < dimension; j++) {
      x[j] = exp(logs[start + j]!);
      sum += x[j]!;
    }
    const isOnSimplex = Math.abs(sum - 1) <= (dimension + 8) * Number.EPSILON;
    const logSum = isOnSimplex ? 0 : log(sum);
    let value = constant + total * logSum;
    for (let j = 0; j < dimension; j++) {
      const logX = logs[start + j]!;
      const excess = (total * x[j]!) / sum - alpha[j]!;
      value += logOfRatio(alpha[j]!, excess, logX - logSum - logMean[j]!) - logX;
    }
    return value;
  };
}

/** Points of the simplex, kept as logarithms. */
const SIMPLEX: VectorRule = { fault: (x) => simplexFault(x, 2), entryOf: logOf };

function simplexFault(x: Vector, fewest: number): Violation | undefined {
  if (x.length < fewest) return { path: [], expected: 'a list of at least 2 numbers', found: x };
  let sum = 0;
  for (let j = 0; j < x.length; j++) {
    if (!(x[j]! >= 0)) return { path: [j], expected: 'a number >= 0', found: x[j] };
    sum += x[j]!;
  }
  if (Math.abs(sum - 1) <= SUM_TOLERANCE) return undefined;
  return { path: [], expected: `a list of numbers that sum to 1 within ${SUM_TOLERANCE}`, found: x };
}

/** Sums `[Σw, Σw log x]`. */
class DirichletAccumulator implements Accumulator<DirichletColumns, DirichletStatistic, DirichletDistribution> {
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

  seqUpdate(columns: DirichletColumns, start: number, end: number, weights: Float64Array): void {
    const { sum, weightedSum } = kernels();
    this.statistic[0]! += sum(weights, end - start);
    forEachRun(columns, start, end, (block, first, count) => {
      for (let j = 0; j < columns.dimension; j++) {
        this.statistic[1 + j]! += weightedSum(block.subarray(j * STAGED_STRIDE), from(weights, first), count);
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
  /**
   * The largest Σα that is returned; Infinity for none. Default: none, but for a component of a mixture that at which 1 / (1 + Σα),
   * which the variances are proportional to, is 1e-6 of that of all rows.
   */
  readonly maxPrecision?: number;
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
  /** @throws {ParameterError} for a negative pseudo count, a prior that is not a vector, or one without a pseudo count */
  constructor(readonly options: DirichletOptions = {}) {
    const owner = 'DirichletEstimator';
    checkEstimatorOptions(owner, options, {
      pseudoCount: checkPseudoCount,
      prior: orAbsent(checkVector),
      maxPrecision: checkMost,
      key: checkKey,
    });
    checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('Dirichlet', this.options.prior?.length, SIMPLEX);
  }

  statisticLength({ dimension }: DirichletColumns): number {
    return 1 + dimension;
  }

  accumulator(schema: DirichletColumns, statistic?: Float64Array): DirichletAccumulator {
    return new DirichletAccumulator(statistic ?? new Float64Array(1 + schema.dimension), this.options.key);
  }

  /**
   * Total weight 0 and no prior: uniform. Equal rows have their maximum at infinity: Σα is then `maxPrecision`, at most 1e10, and
   * the report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate(
    { count, sumOfLogs }: DirichletStatistic,
    report?: Report,
    pooled?: DirichletStatistic,
  ): DirichletDistribution {
    const { pseudoCount = 0, prior, maxPrecision } = this.options;
    const dimension = sumOfLogs.length;
    checkDimension('Dirichlet', dimension, prior?.length);
    if (count === 0) reportDead(report);
    const total = count + pseudoCount;
    if (!(total > 0)) return new DirichletDistribution({ alpha: new Float64Array(dimension).fill(1) });
    const flat = digamma(1) - digamma(dimension);
    const means = sumOfLogs.map((sum, j) => (sum + pseudoCount * (prior?.[j] ?? flat)) / total);
    const ofAll = count > 0 ? precisionOfAll(pooled) : Infinity;
    const most = Math.min(maxPrecision ?? (1 + ofAll) / FLOOR - 1, MAX_PRECISION);
    const alpha = most < MAX_PRECISION ? solveBoundedConcentration(means, most) : solveConcentration(means);
    const precision = alpha.reduce((sum, a) => sum + a, 0);
    if (most < MAX_PRECISION && precision >= most * (1 - 1e-12)) {
      reportFloor(report, '1 / (1 + the sum of alpha)', 'maxPrecision', maxPrecision !== undefined);
    } else if (precision >= MAX_PRECISION * (1 - 1e-9)) {
      report?.add('degenerate', 'all rows are equal (or nearly), so the precision has no maximum. Set pseudoCount.');
    }
    return new DirichletDistribution({ alpha });
  }

  get pooling(): Pooling<DirichletStatistic> {
    return POOLING;
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options);
  }

  parameterBlocks(model: DirichletDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.alpha.length, logPrior: this.#logPrior(model) }];
  }

  #logPrior({ alpha }: DirichletDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.options;
    if (pseudoCount === 0) return undefined;
    const flat = digamma(1) - digamma(alpha.length);
    const total = alpha.reduce((sum, a) => sum + a, 0);
    const terms = alpha.map((a, j) => (a - 1) * (prior?.[j] ?? flat) - lgamma(a));
    return pseudoCount * (lgamma(total) + terms.reduce((sum, term) => sum + term, 0));
  }
}

/** Σα of all rows; Infinity when they are equal. */
function precisionOfAll(pooled: DirichletStatistic | undefined): number {
  if (pooled === undefined || !(pooled.count > 0)) return Infinity;
  const known = precisions.get(pooled);
  if (known !== undefined) return known;
  const alpha = solveConcentration(pooled.sumOfLogs.map((sum) => sum / pooled.count));
  const sum = alpha.reduce((total, a) => total + a, 0);
  const precision = sum >= MAX_PRECISION * (1 - 1e-9) ? Infinity : sum;
  precisions.set(pooled, precision);
  return precision;
}

/** The components of a mixture ask for the same one, one after the other. */
const precisions = /* @__PURE__ */ new WeakMap<DirichletStatistic, number>();
