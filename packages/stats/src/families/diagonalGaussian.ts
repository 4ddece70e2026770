/**
 * Vectors with independent coordinates: p(x) = Π_j N(x_j; μ_j, σ²_j), with all σ²_j > 0.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), section 3.5 (diagonal covariance).
 */

import { conjugate, isPriorOf, withoutPrior } from '../bayes/conjugate.js';
import type { DiagonalNormalGammaDistribution } from '../bayes/diagonalNormalGamma.js';
import { expectedDiagonalScores } from '../bayes/diagonalScores.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkNonNegative,
  checkParameters,
  checkPseudoCount,
  checkScale,
  orAbsent,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import { checkSteps, isPart, partSteps } from '../checks/steps.js';
import type {
  Accumulator,
  AnyDistribution,
  Bayes,
  Conditioned,
  Distribution,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Step,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { reportFloor } from '../leaf/floor.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import type { MomentKeys, MomentPrior, Moments } from '../leaf/moments.js';
import { estimateMoments, isEffective, isEmpty, logMomentPrior } from '../leaf/moments.js';
import { DiagonalGaps } from '../leaf/vectors/diagonalGaps.js';
import {
  estimateObserved,
  type GapMoments,
  GapMomentsAccumulator,
  gapMomentsLength,
} from '../leaf/vectors/gapMoments.js';
import { diagonal, rowsOf } from '../leaf/vectors/matrices.js';
import { scoreVectors } from '../leaf/vectors/vectorBlocks.js';
import { addGaps, beforeAdding, checkGap, gapRule, missingOf, scoreGaps, withNaN } from '../leaf/vectors/vectorGaps.js';
import { VectorMomentsAccumulator } from '../leaf/vectors/vectorMoments.js';
import type { Gap, Vector, VectorColumns, VectorRule } from '../leaf/vectors/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors/vectors.js';
import { exp, log } from '../numeric/elementary.js';
import { vectorKernels } from '../numeric/kernels/vectors/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolWith } from '../tree/pooling.js';
import { GaussianDistribution } from './gaussian.js';

const POOLING = /* @__PURE__ */ poolWith<Moments>(
  'DiagonalGaussian',
  ({ sum }) => new VectorMomentsAccumulator('DiagonalGaussian', new Float64Array(1 + 2 * sum.length), undefined),
);
const GAP_POOLING = /* @__PURE__ */ poolWith<GapMoments>('DiagonalGaussian with gaps', ({ sum: { length } }) => {
  return new GapMomentsAccumulator(length, new Float64Array(gapMomentsLength(length)), undefined);
});
const CHECKS = { mu: checkVector, sigma2: checkVector };

/**
 * The normal distribution with mean `mu` and independent coordinates of variance `sigma2`. With `missing` coordinates of a row may
 * be missing: the others are scored.
 * @typeParam M  what stands for a missing coordinate, where there may be some
 * @example
 * new DiagonalGaussianDistribution({ mu: [0, 5], sigma2: [1, 4] }).logDensity([0, 5]); // -2.531024246969291
 * new DiagonalGaussianDistribution({ mu: [0, 5], sigma2: [1, 4], missing: null }).logDensity([0, null]); // -0.9189385332046727
 */
export class DiagonalGaussianDistribution<M extends Gap = never>
  extends PrintedModel
  implements Distribution<Vector<M>, VectorColumns>
{
  static readonly typeName = 'DiagonalGaussian';
  static readonly typeVersion = 1;
  /** Mean of each coordinate. */
  readonly mu: readonly number[];
  /** Variance of each coordinate, not standard deviation. */
  readonly sigma2: readonly number[];
  /** What stands for a missing coordinate: null, undefined included, or NaN. Absent where all must be there. */
  declare readonly missing?: Gap;
  readonly #mu: Float64Array;
  readonly #halfPrecision: Float64Array;
  readonly #logNormalizer: number;
  readonly #rule: VectorRule;
  readonly #gaps: DiagonalGaps;

  /** @throws {ParameterError} unless `mu` is finite, and `sigma2` is as long, finite and >= 2^-1022 */
  constructor(parameters: { readonly mu: Vector; readonly sigma2: Vector; readonly missing?: M }) {
    super();
    const owner = 'DiagonalGaussianDistribution';
    const { mu, sigma2 } = checkParameters<'mu' | 'sigma2', Vector>(owner, parameters, CHECKS);
    checkVector(owner, 'sigma2', sigma2, mu.length);
    this.mu = Object.freeze(Array.from(mu));
    this.sigma2 = Object.freeze(Array.from(sigma2));
    for (const [j, variance] of this.sigma2.entries()) checkScale(owner, `sigma2[${j}]`, variance);
    this.#mu = Float64Array.from(mu);
    this.#halfPrecision = Float64Array.from(sigma2, (variance) => 0.5 / variance);
    this.#logNormalizer = -0.5 * this.sigma2.reduce((sum, variance) => sum + log(2 * Math.PI * variance), 0);
    const { missing } = parameters;
    checkGap(owner, 'missing', missing);
    if (missing !== undefined) this.missing = missing;
    this.#rule = gapRule(missing);
    this.#gaps = new DiagonalGaps(this.#mu, this.#halfPrecision);
  }

  /** E x: `mu`. */
  get mean(): readonly number[] {
    return this.mu;
  }

  /** `sigma2` on the diagonal, 0 elsewhere: d rows of d. */
  get covariance(): readonly (readonly number[])[] {
    return rowsOf(diagonal(this.sigma2), this.mu.length);
  }

  /** The most probable vector: `mu`. */
  get mode(): readonly number[] {
    return this.mu;
  }

  /** ½ Σ_j log 2πe σ²_j, in nats. */
  get entropy(): number {
    return 0.5 * this.mu.length - this.#logNormalizer;
  }

  /** -Infinity for a vector of another length. Of missing coordinates nothing is scored. */
  logDensity(row: Vector<M>): number {
    const misfit = misfitScore(row, this.mu.length, this.#rule.gaps);
    if (misfit !== undefined) return misfit;
    const { x, observed } = withNaN(row, this.#rule);
    if (observed < x.length) return this.#gaps.scoreAt(x, 0);
    let quadratic = 0;
    for (let j = 0; j < x.length; j++) quadratic += (x[j]! - this.#mu[j]!) ** 2 * this.#halfPrecision[j]!;
    return this.#logNormalizer - quadratic;
  }

  density(x: Vector<M>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const kernel = vectorKernels().diagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#mu, this.#halfPrecision, this.#logNormalizer);
    if (columns.observed !== undefined) scoreGaps(this.#gaps, columns, start, end, out);
  }

  seqAddLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const before = beforeAdding(columns, start, end, out);
    const kernel = vectorKernels().addDiagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#mu, this.#halfPrecision, this.#logNormalizer);
    if (before !== undefined) addGaps(this.#gaps, columns, start, end, out, before);
  }

  sampler(seed: Seed): Sampler<number[]> {
    const normal = normalVariates(random(seed));
    return samplerOf(() => this.mu.map((mean, j) => mean + Math.sqrt(this.sigma2[j]!) * normal()));
  }

  encoder(): VectorEncoder<M> {
    return new VectorEncoder<M>('DiagonalGaussian', this.mu.length, this.#rule);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): DiagonalGaussianEstimator<M> {
    const rows = pseudoCountOf('DiagonalGaussianDistribution', options);
    const { mu, sigma2 } = this;
    const prior = { mu, muCount: rows, sigma2, sigma2Count: rows };
    return new DiagonalGaussianEstimator<M>({
      ...(rows === 0 ? {} : { prior }),
      ...missingOf<M>(this),
    });
  }

  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const coordinates = checkSteps(steps, [...this.mu.keys()]) as readonly number[];
    if (Array.isArray(steps)) return coordinatesOf(this, coordinates);
    const [j] = coordinates as readonly [number];
    return new GaussianDistribution({ mu: this.mu[j]!, sigma2: this.sigma2[j]! });
  }

  conditioned(part: unknown): Conditioned {
    if (!isPart(part)) return { logDensity: this.logDensity(part as Vector), rest: undefined };
    const steps = partSteps(part, [...this.mu.keys()]) as readonly number[];
    const known = steps.filter((j) => this.#rule.gaps?.isGap(part[j]) !== true);
    if (known.length === 0) return { logDensity: 0, rest: this };
    const left = [...this.mu.keys()].filter((j) => !known.includes(j));
    return {
      logDensity: coordinatesOf(this, known).logDensity(known.map((j) => part[j] as number)), // NaN for anything but a number
      rest: left.length === 0 ? undefined : coordinatesOf(this, left),
    };
  }

  /** `missing` only where it was given. */
  toJSON(key?: string) {
    const { mu, sigma2, missing } = this;
    const gap = missing === undefined ? {} : { missing: jsonLevel(missing, key) };
    return { type: 'DiagonalGaussian', mu, sigma2, ...gap } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DiagonalGaussianDistribution<Gap> {
    const { mu, sigma2 } = checkParameters<'mu' | 'sigma2', Vector>('DiagonalGaussianDistribution', fields, CHECKS);
    return new this<Gap>({ mu, sigma2, ...missingOf({ missing: levelFromJSON(fields.missing) as Gap }) });
  }
}

/** `muCount` imaginary rows with mean `mu`, and `sigma2Count` with mean squared deviations `sigma2` from the estimated mean. */
export interface VectorMomentPrior {
  readonly mu?: Vector;
  readonly muCount?: number;
  readonly sigma2?: Vector;
  readonly sigma2Count?: number;
}

/** Outside the class: bundlers rename one that names itself in its body. */
function coordinatesOf(
  { mu, sigma2, missing }: Pick<DiagonalGaussianDistribution<Gap>, 'mu' | 'sigma2' | 'missing'>,
  coordinates: readonly number[],
): DiagonalGaussianDistribution<Gap> {
  return new DiagonalGaussianDistribution<Gap>({
    mu: coordinates.map((j) => mu[j]!),
    sigma2: coordinates.map((j) => sigma2[j]!),
    ...missingOf({ missing }),
  });
}

/** Options of {@link DiagonalGaussianEstimator}. */
export interface DiagonalGaussianOptions<M extends Gap = never> {
  /**
   * `muCount` imaginary rows with mean `mu`, and `sigma2Count` imaginary rows with mean squared deviations `sigma2` from the
   * estimated mean. Each value is given together with its count. Or, instead of such rows, a distribution over the means and
   * the precisions. Default: none, maximum likelihood.
   */
  readonly prior?: VectorMomentPrior | DiagonalNormalGammaDistribution;
  /**
   * The smallest variance that is returned; 0 for none. Default: none, but for a component of a mixture 1e-6 of the variance of
   * all rows in the coordinate; see {@link DiagonalGaussianEstimator.estimate}.
   */
  readonly minSigma2?: number;
  /** Diagonal Gaussians with equal keys get equal parameters. */
  readonly key?: string;
  /** Ties only the means, or only the variances. */
  readonly keys?: MomentKeys;
  /**
   * What stands for a missing coordinate: null, undefined included, or NaN. Each coordinate is then estimated from the rows that
   * have it. Default: all coordinates must be there.
   */
  readonly missing?: M;
}

/**
 * Maximum likelihood, or with imaginary rows, coordinate by coordinate: μ = (Σwx + m·c) / (Σw + c),
 * σ² = (Σw(x - μ)² + v·d) / (Σw + d). These are pseudo counts of each parameter, a posterior mode for c = 0 alone; that of any c
 * comes by {@link DiagonalNormalGammaDistribution.ofImaginaryRows}.
 * @example
 * optimize([[1, 4], [3, 8]], new DiagonalGaussianEstimator()).model; // mu [2, 6], sigma2 [1, 4]
 */
export class DiagonalGaussianEstimator<M extends Gap = never>
  implements Estimator<Vector<M>, DiagonalGaussianDistribution<M>, VectorColumns, Moments>
{
  readonly #prior: MomentPrior;

  /** @throws {ParameterError} for a negative count or variance, or a value or a count of imaginary rows without the other */
  constructor(readonly options: DiagonalGaussianOptions<M> = {}) {
    const owner = 'DiagonalGaussianEstimator';
    const rows = withoutPrior<DiagonalGaussianOptions<M>, VectorMomentPrior>(owner, options, 'DiagonalNormalGamma');
    const isDistribution = rows !== options;
    checkEstimatorOptions(owner, rows, {
      prior: {
        mu: orAbsent(checkVector),
        muCount: checkPseudoCount,
        sigma2: orAbsent(checkVector),
        sigma2Count: checkPseudoCount,
      },
      minSigma2: checkNonNegative,
      key: checkKey,
      keys: { mu: orAbsent(checkKey), sigma2: orAbsent(checkKey) },
      missing: checkGap,
    });
    if (options.keys !== undefined && (isDistribution || options.missing !== undefined)) {
      const beside = isDistribution ? 'where the prior is a distribution' : 'beside missing';
      throw new ParameterError(owner, 'keys', `left out ${beside}; key ties both`, options.keys);
    }
    if (isDistribution && options.missing !== undefined) {
      throw new ParameterError(owner, 'prior', 'imaginary rows, beside missing', options.prior);
    }
    const { prior = {} } = rows;
    checkPriorOptions(owner, prior, { mu: 'muCount', sigma2: 'sigma2Count' }, { path: 'prior.' });
    const { mu, muCount = 0, sigma2, sigma2Count = 0 } = prior;
    if (sigma2 !== undefined) {
      checkVector(owner, 'prior.sigma2', sigma2, mu?.length);
      for (let j = 0; j < sigma2.length; j++) checkNonNegative(owner, `prior.sigma2[${j}]`, sigma2[j]);
    }
    this.#prior = { mu, muCount, sigma2, sigma2Count };
  }

  encoder(): VectorEncoder<M> {
    return new VectorEncoder<M>('DiagonalGaussian', this.#priorDimension(), gapRule(this.options.missing));
  }

  #priorDimension(): number | undefined {
    return this.bayes?.prior.coordinates.length ?? this.#prior.mu?.length ?? this.#prior.sigma2?.length;
  }

  statisticLength({ dimension }: VectorColumns): number {
    return this.options.missing === undefined ? 1 + 2 * dimension : gapMomentsLength(dimension);
  }

  accumulator(
    schema: VectorColumns,
    statistic?: Float64Array,
  ): Accumulator<VectorColumns, Moments, DiagonalGaussianDistribution> & { readonly statistic: Float64Array } {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    const { key, keys, missing } = this.options;
    if (missing !== undefined) return new GapMomentsAccumulator(schema.dimension, vector, key);
    return new VectorMomentsAccumulator('DiagonalGaussian', vector, key, keys, this.#prior);
  }

  /**
   * Total weight 0 gives mean 0 and variances 1. A variance below the floor is raised to it. Where all rows agree in a
   * coordinate the maximum of the likelihood is infinite: without a floor the variance is then 1. The report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate(statistic: Moments, report?: Report, pooled?: Moments): DiagonalGaussianDistribution<M> {
    checkDimension('DiagonalGaussian', statistic.sum.length, this.#priorDimension());
    const { minSigma2, keys } = this.options;
    if (this.bayes !== undefined) {
      if (isEmpty(statistic)) reportDead(report);
      return this.bayes.mode(this.bayes.posterior(statistic)) as DiagonalGaussianDistribution<M>; // M is never, beside a prior
    }
    const bounds = { minSigma2, pooled };
    const { mu, sigma2, isDegenerate, isAtFloor } =
      this.options.missing === undefined
        ? estimateMoments(statistic, this.#prior, bounds, keys)
        : estimateObserved(statistic as GapMoments, this.#prior, bounds, report);
    if (isEmpty(statistic)) reportDead(report);
    if (isAtFloor) reportFloor(report, 'the variance of a coordinate', 'minSigma2', minSigma2 !== undefined);
    if (isDegenerate) {
      report?.add('degenerate', 'all rows agree in a coordinate, so its variance is 0. Set minSigma2 or a prior.');
    }
    return new DiagonalGaussianDistribution<M>({ mu, sigma2, ...missingOf(this.options) });
  }

  get pooling(): Pooling<Moments> {
    // The statistics are those of its own accumulators.
    return this.options.missing === undefined ? POOLING : (GAP_POOLING as Pooling<Moments>);
  }

  get hasPrior(): boolean {
    return this.bayes !== undefined || isEffective(this.#prior);
  }

  /** With a normal-gamma prior for each coordinate: see {@link DiagonalNormalGammaDistribution}. */
  get bayes():
    | Bayes<DiagonalGaussianDistribution, Moments, DiagonalNormalGammaDistribution, VectorColumns>
    | undefined {
    const { prior, minSigma2 = SMALLEST_NORMAL } = this.options;
    if (!isPriorOf<DiagonalNormalGammaDistribution>(prior, 'DiagonalNormalGamma')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, statistic: Moments) => known.updated(statistic),
      mode({ mode: { mu, precision } }) {
        const sigma2 = Array.from(precision, (t) => Math.max(1 / t, minSigma2));
        return new DiagonalGaussianDistribution({ mu, sigma2 });
      },
      parameters: ({ mu, sigma2 }) => ({ mu, precision: sigma2.map((variance) => 1 / variance) }),
      expectedScorer: ({ coordinates }) => expectedDiagonalScores(coordinates),
      predictiveLogDensity: (known, x) => known.predictiveLogDensity(x),
      withPrior: (next) => another<M>({ ...this.options, prior: next }),
    }));
  }

  parameterBlocks(model: DiagonalGaussianDistribution<M>): readonly ParameterBlock[] {
    const { key, keys } = this.options;
    const count = model.mu.length;
    const logPrior =
      this.bayes?.logPrior(model as DiagonalGaussianDistribution) ?? logMomentPrior(this.#prior, model.sigma2);
    if (key !== undefined) return [{ key, count: 2 * count, logPrior }];
    return [
      { key: keys?.mu, count },
      { key: keys?.sigma2, count, logPrior },
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<M extends Gap>(options: DiagonalGaussianOptions<M>): DiagonalGaussianEstimator<M> {
  return new DiagonalGaussianEstimator(options);
}
