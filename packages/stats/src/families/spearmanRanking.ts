/**
 * Rankings of d items: P(x) = exp(-ρ Σ_j (x_j - σ_j)²) / Z(ρ), a Mallows model with Spearman's distance. Row x gives each item its
 * rank, 0 … d - 1; σ is the central ranking.
 * Source: Mallows, Non-null ranking models (1957); Marden, Analyzing and Modeling Rank Data (1995), section 6.2.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkNonNegative, checkObject, checkPseudoCount } from '../checks/parameters.js';
import type {
  Accumulator,
  Distribution,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { hasImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { rankingSampler } from '../leaf/rankingSampler.js';
import { forEachRun, from, scoreVectors } from '../leaf/vectors/vectorBlocks.js';
import {
  checkDimension,
  misfitScore,
  type Vector,
  type VectorColumns,
  VectorEncoder,
  type VectorRule,
} from '../leaf/vectors/vectors.js';
import { exp } from '../numeric/elementary.js';
import { kernels, STAGED_STRIDE } from '../numeric/kernels/index.js';
import { vectorKernels } from '../numeric/kernels/vectors/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { rankingConcentration, rankingSums } from '../numeric/rankings.js';
import { PrintedModel } from '../tree/modelText.js';

export type { SpearmanRankingAccumulator };

/** Rows that are all one ranking have no largest ρ: beyond this every other ranking is as good as impossible. */
const MAX_RHO = 100;

const RANKING: VectorRule = { fault: rankingFault };

/** A ranking has each of 0 … d - 1 once. */
function rankingFault(x: Vector): Violation | undefined {
  const isTaken = new Uint8Array(x.length);
  for (let j = 0; j < x.length; j++) {
    const rank = x[j]!;
    if (!(Number.isInteger(rank) && rank >= 0 && rank < x.length)) {
      return { path: [j], expected: `an integer in 0 … ${x.length - 1}`, found: rank };
    }
    if (isTaken[rank] === 1) return { path: [j], expected: 'a rank that no other item has', found: rank };
    isTaken[rank] = 1;
  }
  return undefined;
}

/** @throws {ParameterError} unless `sigma` is a ranking of at least one item */
function checkRanking(owner: string, name: string, sigma: unknown): void {
  const violation = new VectorEncoder(owner, undefined, RANKING).violation(sigma);
  if (violation === undefined) return;
  const path = violation.path.map((j) => `[${j}]`).join('');
  throw new ParameterError(owner, `${name}${path}`, violation.expected, violation.found);
}

/** Additive over rows: `count` = Σw, and for each item the sum of its ranks, Σwx. */
export interface SpearmanRankingStatistic {
  readonly count: number;
  readonly sums: Float64Array;
}

/** Parameters of {@link SpearmanRankingDistribution}. */
export interface SpearmanRankingParameters {
  /** The central ranking: the rank of each item, 0 … d - 1, each once. */
  readonly sigma: Vector;
  /** Concentration ρ >= 0; with 0 all rankings are equally likely. */
  readonly rho: number;
}

/**
 * A distribution over rankings. Z is exact up to 20 items, and approximate beyond: log Z is then off by 0.0022 at most where
 * that could be measured. Scores of rankings among each other do not depend on it.
 * @example
 * const d = new SpearmanRankingDistribution({ sigma: [0, 1, 2], rho: 0.5 });
 * d.density([1, 0, 2]) / d.density([0, 1, 2]); // exp(-1)
 */
export class SpearmanRankingDistribution extends PrintedModel implements Distribution<Vector, VectorColumns> {
  static readonly typeName = 'SpearmanRanking';
  static readonly typeVersion = 1;
  readonly sigma: readonly number[];
  readonly rho: number;
  readonly #logNormalizer: number;
  readonly #sigma: Float64Array;
  readonly #precision: Float64Array;

  /** @throws {ParameterError} unless `sigma` is a ranking and `rho` a finite number >= 0 */
  constructor(parameters: SpearmanRankingParameters) {
    super();
    const owner = 'SpearmanRankingDistribution';
    const { sigma, rho } = checkObject(owner, parameters, ['sigma', 'rho']);
    checkRanking(owner, 'sigma', sigma);
    checkNonNegative(owner, 'rho', rho);
    this.sigma = Object.freeze(Array.from(sigma));
    this.rho = rho;
    this.#logNormalizer = -rankingSums(sigma.length, rho).logZ;
    this.#sigma = Float64Array.from(sigma);
    this.#precision = new Float64Array(sigma.length).fill(rho);
  }

  /** σ. With ρ = 0 any other ranking is as likely. */
  get mode(): readonly number[] {
    return this.sigma;
  }

  /** log Z + ρ E Σ_j (x_j - σ_j)², in nats. */
  get entropy(): number {
    return this.rho * rankingSums(this.sigma.length, this.rho).mean - this.#logNormalizer;
  }

  /** -Infinity for a list that is not a ranking of d items. */
  logDensity(x: Vector): number {
    const misfit = misfitScore(x, this.sigma.length);
    if (misfit !== undefined) return misfit;
    if (rankingFault(x) !== undefined) return -Infinity;
    let distance = 0;
    for (let j = 0; j < x.length; j++) distance += (x[j]! - this.sigma[j]!) ** 2;
    return this.#logNormalizer - this.rho * distance;
  }

  density(x: Vector): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const kernel = vectorKernels().diagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#sigma, this.#precision, this.#logNormalizer);
  }

  seqAddLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const kernel = vectorKernels().addDiagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#sigma, this.#precision, this.#logNormalizer);
  }

  /** Draws are exact up to 20 items; beyond, they are those of a Markov chain with this distribution, d² steps apart. */
  sampler(seed: Seed): Sampler<number[]> {
    const draw = rankingSampler(this.sigma.length, this.rho, random(seed));
    return samplerOf(() => {
      const ranks = draw();
      return this.sigma.map((place) => ranks[place]!);
    });
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('SpearmanRanking', this.sigma.length, RANKING);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): SpearmanRankingEstimator {
    const { sigma, rho } = this;
    return new SpearmanRankingEstimator(imaginaryRows('SpearmanRankingDistribution', options, { sigma, rho }));
  }

  toJSON() {
    return { type: 'SpearmanRanking', sigma: this.sigma, rho: this.rho } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): SpearmanRankingDistribution {
    return new this(fields as unknown as SpearmanRankingParameters); // checked by the constructor
  }
}

/** Sums `[Σw, Σwx]`. */
class SpearmanRankingAccumulator implements Accumulator<VectorColumns, SpearmanRankingStatistic> {
  readonly kind: string;

  constructor(
    readonly statistic: Float64Array,
    readonly key: string | undefined,
  ) {
    this.kind = `SpearmanRanking[${statistic.length - 1}]`;
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    const { sum, weightedSum } = kernels();
    this.statistic[0]! += sum(weights, end - start);
    forEachRun(columns, start, end, (block, first, count) => {
      for (let j = 0; j < columns.dimension; j++) {
        this.statistic[1 + j]! += weightedSum(block.subarray(j * STAGED_STRIDE), from(weights, first), count);
      }
    });
  }

  combine({ count, sums }: SpearmanRankingStatistic): void {
    this.statistic[0]! += count;
    for (let j = 0; j < sums.length; j++) this.statistic[1 + j]! += sums[j]!;
  }

  value(): SpearmanRankingStatistic {
    return { count: this.statistic[0]!, sums: this.statistic.slice(1) };
  }

  fromValue({ count, sums }: SpearmanRankingStatistic): void {
    this.statistic[0] = count;
    this.statistic.set(sums, 1);
  }
}

/** Options of {@link SpearmanRankingEstimator}. */
export interface SpearmanRankingOptions {
  /** Keeps ρ at this, >= 0. Default: estimated. */
  readonly rho?: number;
  /** Imaginary rows: equally likely rankings, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The model of the imaginary rows. Needs `pseudoCount`. */
  readonly prior?: SpearmanRankingParameters;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * σ ranks the items by their mean rank, and ρ is the one at which the expected distance to σ is the observed one: maximum
 * likelihood. Of items with equal means the first is ranked first.
 * @example
 * optimize([[0, 1, 2], [0, 2, 1], [1, 0, 2]], new SpearmanRankingEstimator()).model.sigma; // [0, 1, 2]
 */
export class SpearmanRankingEstimator
  implements Estimator<Vector, SpearmanRankingDistribution, VectorColumns, SpearmanRankingStatistic>
{
  readonly #prior: SpearmanRankingDistribution | undefined;

  /** @throws {ParameterError} for a negative option, a prior without a pseudo count, or one that is not a model */
  constructor(readonly options: SpearmanRankingOptions = {}) {
    const owner = 'SpearmanRankingEstimator';
    checkEstimatorOptions(owner, options, {
      rho: checkNonNegative,
      pseudoCount: checkPseudoCount,
      prior: { sigma: checkRanking, rho: checkNonNegative },
      key: checkKey,
    });
    checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
    this.#prior = options.prior === undefined ? undefined : new SpearmanRankingDistribution(options.prior);
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('SpearmanRanking', undefined, RANKING);
  }

  statisticLength({ dimension }: VectorColumns): number {
    return dimension + 1;
  }

  accumulator(
    { dimension }: VectorColumns,
    statistic: Float64Array = new Float64Array(dimension + 1),
  ): SpearmanRankingAccumulator {
    return new SpearmanRankingAccumulator(statistic, this.options.key);
  }

  /**
   * Total weight 0 and no prior: all rankings are equally likely, unless ρ is kept.
   * @throws {EstimationError} when there are no rows, or the prior ranks another number of items
   */
  estimate({ count, sums }: SpearmanRankingStatistic, report?: Report): SpearmanRankingDistribution {
    const { pseudoCount = 0, rho: kept } = this.options;
    const d = sums.length > 0 ? sums.length : (this.#prior?.sigma.length ?? 0);
    checkDimension('SpearmanRanking', d, this.#prior?.sigma.length);
    if (count === 0) reportDead(report);
    const imaginary = this.#imaginaryMeans(d);
    const means = imaginary.map((mean, j) => {
      return count + pseudoCount > 0 ? ((sums[j] ?? 0) + pseudoCount * mean) / (count + pseudoCount) : mean;
    });
    const sigma = new Float64Array(d);
    const order = [...means.keys()].sort((a, b) => means[a]! - means[b]! || a - b);
    for (const [rank, j] of order.entries()) sigma[j] = rank;
    if (kept !== undefined) return new SpearmanRankingDistribution({ sigma, rho: kept });
    const distance = meanDistance(sigma, means);
    const rho = count + pseudoCount > 0 ? rankingConcentration(d, distance, MAX_RHO) : 0;
    if (rho === MAX_RHO) {
      report?.add(
        'degenerate',
        `all rows are the same ranking, so rho has no bound: it is ${MAX_RHO}. Set rho or pseudoCount.`,
        BOUNDED,
      );
    }
    return new SpearmanRankingDistribution({ sigma, rho });
  }

  /** Mean ranks that put the items in the prior's order, at its mean distance; all the same without a prior. */
  #imaginaryMeans(d: number): number[] {
    const middle = (d - 1) / 2;
    if (this.#prior === undefined) return new Array(d).fill(middle);
    const { sigma, rho } = this.#prior;
    const uniform = (d ** 3 - d) / 6;
    const pull = uniform > 0 ? 1 - rankingSums(d, rho).mean / uniform : 0;
    return sigma.map((rank) => middle + pull * (rank - middle));
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options);
  }

  /** A ranking counts as d - 1 numbers: as many as mean ranks are free. */
  parameterBlocks(model: SpearmanRankingDistribution): readonly ParameterBlock[] {
    const ofRho = this.options.rho === undefined ? 1 : 0;
    const count = model.sigma.length - 1 + ofRho;
    return [{ key: this.options.key, count, logPrior: this.#logOfImaginaryRows(model) }];
  }

  #logOfImaginaryRows(model: SpearmanRankingDistribution): number | undefined {
    const { sigma, rho } = model;
    if (!this.hasPrior) return undefined;
    const distance = meanDistance(sigma, this.#imaginaryMeans(sigma.length));
    return this.options.pseudoCount! * (model.logDensity(sigma) - rho * distance);
  }
}

/** The mean of Σ (x - σ)² = 2 Σ k² - 2 Σ σ x over rankings x with these mean ranks, as ranks are 0 … d - 1 in some order. */
function meanDistance(sigma: ArrayLike<number>, means: readonly number[]): number {
  const d = means.length;
  const product = means.reduce((sum, mean, j) => sum + sigma[j]! * mean, 0);
  return Math.max(0, (d * (d - 1) * (2 * d - 1)) / 3 - 2 * product);
}
