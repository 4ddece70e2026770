/**
 * Vectors with a full covariance: p(x) = exp(-½ (x - μ)ᵀ Σ⁻¹ (x - μ)) / √((2π)^d |Σ|), with Σ positive definite.
 * Source: Anderson, An Introduction to Multivariate Statistical Analysis (2003), ch. 2 and 3.
 * One file, as any family; that vectors have parts, gaps and two kinds of priors makes it long.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import type { NormalWishartDistribution } from '../bayes/normalWishart.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import { checkFields, checkNonNegative, checkParameters, checkPseudoCount, orAbsent } from '../checks/parameters.js';
import { checkSteps, isPart, partSteps } from '../checks/steps.js';
import type {
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
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { covarianceAbout, definiteCovariance, logOfScatter } from '../leaf/vectors/covariances.js';
import { gapsOf, ScatterGaps } from '../leaf/vectors/gaussianGaps.js';
import { GaussianVectorScores } from '../leaf/vectors/gaussianVectorScores.js';
import { checkedMatrix, diagonal, rowsOf, rowViews } from '../leaf/vectors/matrices.js';
import {
  type ScatterKeys,
  sharedMoments,
  TiedScatterAccumulator,
  type TiedScatterStatistic,
} from '../leaf/vectors/scatterTies.js';
import { settleUnseen } from '../leaf/vectors/unseenCoordinates.js';
import { addGaps, beforeAdding, checkGap, gapRule, missingOf, scoreGaps, withNaN } from '../leaf/vectors/vectorGaps.js';
import { ScatterAccumulator, type ScatterStatistic } from '../leaf/vectors/vectorMoments.js';
import type { Gap, Vector, VectorColumns, VectorRule } from '../leaf/vectors/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors/vectors.js';
import { cholesky, inverseOfDefinite } from '../numeric/cholesky.js';
import { frozenList } from '../numeric/doubles.js';
import { exp, log } from '../numeric/elementary.js';
import { gaussianGiven } from '../numeric/gaussianParts.js';
import { random, samplerOf } from '../numeric/random.js';
import { normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolWith } from '../tree/pooling.js';
import { GaussianDistribution } from './gaussian.js';

export type {
  ScatterKeys,
  TiedScatterStatistic as MultivariateGaussianStatistic,
} from '../leaf/vectors/scatterTies.js';

const POOLING = /* @__PURE__ */ poolWith<ScatterStatistic>('MultivariateGaussian', ({ sum, scatter }) => {
  const numbers = new Float64Array(1 + sum.length + scatter.length);
  return new ScatterAccumulator('MultivariateGaussian', sum.length, numbers, undefined);
});
const CHECKS = { mu: checkVector };

/**
 * The multivariate normal distribution. With `missing` coordinates of a row may be missing: the others are scored, by their
 * marginal.
 * @typeParam M  what stands for a missing coordinate, where there may be some
 * @example
 * const d = new MultivariateGaussianDistribution({ mu: [0, 0], covariance: [[2, 1], [1, 2]] });
 * d.logDensity([0, 0]); // -2.3871832107434
 */
export class MultivariateGaussianDistribution<M extends Gap = never>
  extends PrintedModel
  implements Distribution<Vector<M>, VectorColumns>
{
  static readonly typeName = 'MultivariateGaussian';
  static readonly typeVersion = 1;
  /** Mean of each coordinate, [d]. */
  readonly mu: readonly number[];
  /** Covariance, d rows of d. */
  readonly covariance: readonly (readonly number[])[];
  /** What stands for a missing coordinate: null, undefined included, or NaN. Absent where all must be there. */
  declare readonly missing?: Gap;
  readonly #rule: VectorRule;
  readonly #factor: Float64Array;
  readonly #logNormalizer: number;
  readonly #scores: GaussianVectorScores;

  /** @throws {ParameterError} unless `mu` is finite and `covariance` is symmetric and positive definite */
  constructor(parameters: { readonly mu: Vector; readonly covariance: ArrayLike<Vector>; readonly missing?: M }) {
    super();
    const owner = 'MultivariateGaussianDistribution';
    const { mu } = checkParameters<'mu', Vector>(owner, parameters, CHECKS);
    const dimension = mu.length;
    this.mu = frozenList(mu);
    const matrix = checkedMatrix(owner, 'covariance', parameters.covariance, dimension);
    this.covariance = rowsOf(matrix, dimension);
    const factor = cholesky(matrix, dimension, matrix);
    if (factor === undefined) {
      throw new ParameterError(owner, 'covariance', 'a positive definite matrix', this.covariance);
    }
    let logNormalizer = -0.5 * dimension * log(2 * Math.PI);
    for (let j = 0; j < dimension; j++) logNormalizer -= log(factor[j * dimension + j]!);
    this.#logNormalizer = logNormalizer;
    this.#scores = new GaussianVectorScores(mu, factor, logNormalizer);
    this.#factor = factor;
    const { missing } = parameters;
    checkGap(owner, 'missing', missing);
    if (missing !== undefined) this.missing = missing;
    this.#rule = gapRule(missing);
  }

  /** E x: `mu`. */
  get mean(): readonly number[] {
    return this.mu;
  }

  /** The most probable vector: `mu`. */
  get mode(): readonly number[] {
    return this.mu;
  }

  /** ½ log |2πe Σ|, in nats. */
  get entropy(): number {
    return 0.5 * this.mu.length - this.#logNormalizer;
  }

  /** -Infinity for a vector of another length. With missing coordinates that of the others, and 0 where all are missing. */
  logDensity(row: Vector<M>): number {
    const misfit = misfitScore(row, this.mu.length, this.#rule.gaps);
    if (misfit !== undefined) return misfit;
    const { x, observed } = withNaN(row, this.#rule);
    return observed < x.length ? gapsOf(this).scoreAt(x, 0) : this.#scores.scoreAt(x, 0);
  }

  density(x: Vector<M>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
    if (columns.observed !== undefined) scoreGaps(gapsOf(this), columns, start, end, out);
  }

  seqAddLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const before = beforeAdding(columns, start, end, out);
    this.#scores.add(columns, start, end, out);
    if (before !== undefined) addGaps(gapsOf(this), columns, start, end, out, before);
  }

  sampler(seed: Seed): Sampler<number[]> {
    const normal = normalVariates(random(seed));
    const dimension = this.mu.length;
    const factor = this.#factor;
    return samplerOf(() => {
      const z = Array.from({ length: dimension }, normal);
      return this.mu.map((mean, i) => {
        let value = mean;
        for (let j = 0; j <= i; j++) value += factor[i * dimension + j]! * z[j]!;
        return value;
      });
    });
  }

  encoder(): VectorEncoder<M> {
    return new VectorEncoder<M>('MultivariateGaussian', this.mu.length, this.#rule);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): MultivariateGaussianEstimator<M> {
    const rows = pseudoCountOf('MultivariateGaussianDistribution', options);
    const { mu, covariance } = this;
    const prior = { mu, muCount: rows, covariance, covarianceCount: rows };
    return new MultivariateGaussianEstimator<M>({ ...(rows === 0 ? {} : { prior }), ...missingOf<M>(this) });
  }

  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const coordinates = checkSteps(steps, [...this.mu.keys()]) as readonly number[];
    const mu = coordinates.map((j) => this.mu[j]!);
    const covariance = coordinates.map((i) => coordinates.map((j) => this.covariance[i]![j]!));
    if (Array.isArray(steps)) return vectorOf(mu, covariance, this.missing);
    return new GaussianDistribution({ mu: mu[0]!, sigma2: covariance[0]![0]! });
  }

  /** @throws {ParameterError} where the covariance is too near singular to say what the other coordinates are */
  conditioned(part: unknown): Conditioned {
    if (!isPart(part)) return { logDensity: this.logDensity(part as Vector), rest: undefined };
    const steps = partSteps(part, [...this.mu.keys()]) as readonly number[];
    const known = steps.filter((j) => this.#rule.gaps?.isGap(part[j]) !== true);
    if (known.length === 0) return { logDensity: 0, rest: this };
    const values = known.map((j) => part[j]) as number[];
    const fit = misfitScore(values, values.length);
    if (fit !== undefined) return { logDensity: fit, rest: undefined };
    const given = gaussianGiven(this.mu, this.covariance, known, values);
    if (given === undefined) {
      throw new ParameterError('given', 'model.covariance', 'further from singular', this.covariance);
    }
    const { logDensity, mu, covariance } = given;
    return { logDensity, rest: mu.length === 0 ? undefined : vectorOf(mu, covariance, this.missing) };
  }

  /** `missing` only where it was given. */
  toJSON(key?: string) {
    const { mu, covariance, missing } = this;
    const gap = missing === undefined ? {} : { missing: jsonLevel(missing, key) };
    return { type: 'MultivariateGaussian', mu, covariance, ...gap } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): MultivariateGaussianDistribution<Gap> {
    const owner = 'MultivariateGaussianDistribution';
    const { mu, covariance } = checkFields(owner, fields, { mu: 'numbers', covariance: 'array' });
    const gap = missingOf({ missing: levelFromJSON(fields.missing) as Gap });
    return new this<Gap>({ mu, covariance: covariance as readonly Vector[], ...gap });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function vectorOf(
  mu: Vector,
  covariance: readonly Vector[],
  missing: Gap | undefined,
): MultivariateGaussianDistribution<Gap> {
  return new MultivariateGaussianDistribution<Gap>({ mu, covariance, ...missingOf({ missing }) });
}

/** `muCount` imaginary rows with mean `mu`, and `covarianceCount` with mean scatter `covariance` about the estimated mean. */
export interface ScatterPrior {
  readonly mu?: Vector;
  readonly muCount?: number;
  readonly covariance?: ArrayLike<Vector>;
  readonly covarianceCount?: number;
}

/** Options of {@link MultivariateGaussianEstimator}. */
export interface MultivariateGaussianOptions<M extends Gap = never> {
  /**
   * `muCount` imaginary rows with mean `mu`, and `covarianceCount` imaginary rows with mean scatter `covariance` about the
   * estimated mean. Each value is given together with its count. Or, instead of such rows, a distribution over the mean and
   * the precision matrix. Default: none, maximum likelihood.
   */
  readonly prior?: ScatterPrior | NormalWishartDistribution;
  /**
   * The smallest eigenvalue of the covariance that is returned, or 0 for none: smaller ones are raised to it, which is the
   * maximum of the likelihood under this bound. Default: none, but for a component of a mixture 1e-6, seen from the covariance
   * of all rows (on a scale where that is the identity). Without a bound a singular covariance is an error.
   */
  readonly minEigenvalue?: number;
  /** A variance >= 0 that is added to each coordinate's. Default 0. */
  readonly ridge?: number;
  /** Multivariate Gaussians with equal keys get equal parameters. */
  readonly key?: string;
  /** Ties only the means, or only the covariances: see {@link ScatterKeys}. */
  readonly keys?: ScatterKeys;
  /**
   * What stands for a missing coordinate: null, undefined included, or NaN. Each step of a fit then takes what is to be expected
   * of it, given the others of the row. Default: all coordinates must be there.
   */
  readonly missing?: M;
}

/**
 * Maximum likelihood, or with imaginary rows: μ = (Σwx + m·c) / (Σw + c), Σ = (Σw(x - μ)(x - μ)ᵀ + C·d) / (Σw + d). These are
 * pseudo counts of each parameter, a posterior mode for c = 0 alone; that of any c comes by
 * {@link NormalWishartDistribution.ofImaginaryRows}.
 * @example
 * const { model } = optimize([[0, 0], [2, 1], [1, 3]], new MultivariateGaussianEstimator());
 * model.mu; // [1, 1.333…]
 */
export class MultivariateGaussianEstimator<M extends Gap = never>
  implements Estimator<Vector<M>, MultivariateGaussianDistribution<M>, VectorColumns, TiedScatterStatistic>
{
  readonly #rows: ScatterPrior;
  readonly #priorDimension: number | undefined;
  readonly #priorCovariance: Float64Array | undefined;

  /** @throws {ParameterError} for a negative count, no mean or covariance, or a value or a count of imaginary rows without the other */
  constructor(readonly options: MultivariateGaussianOptions<M> = {}) {
    const owner = 'MultivariateGaussianEstimator';
    const others = withoutPrior<MultivariateGaussianOptions<M>, ScatterPrior>(owner, options, 'NormalWishart');
    if (others !== options && options.missing !== undefined) {
      throw new ParameterError(owner, 'prior', 'imaginary rows, beside missing', options.prior);
    }
    checkEstimatorOptions(owner, others, {
      prior: {
        mu: orAbsent(checkVector),
        muCount: checkPseudoCount,
        covariance: orAbsent(checkedMatrix),
        covarianceCount: checkPseudoCount,
      },
      minEigenvalue: checkNonNegative,
      ridge: checkNonNegative,
      key: checkKey,
      keys: { mu: orAbsent(checkKey), covariance: orAbsent(checkKey) },
      missing: checkGap,
    });
    const { prior = {}, keys } = others;
    if (keys !== undefined && (others !== options || prior.mu !== undefined || (keys.mu && options.prior))) {
      throw new ParameterError(owner, 'keys', 'left out beside a prior of what is shared; key ties both', keys);
    }
    this.#rows = prior;
    checkPriorOptions(owner, prior, { mu: 'muCount', covariance: 'covarianceCount' }, { path: 'prior.' });
    const { mu, covariance } = prior;
    this.#priorDimension = this.bayes?.prior.mu.length ?? mu?.length ?? covariance?.length;
    if (covariance !== undefined) {
      this.#priorCovariance = checkedMatrix(owner, 'prior.covariance', covariance, this.#priorDimension);
    }
  }

  encoder(): VectorEncoder<M> {
    return new VectorEncoder<M>('MultivariateGaussian', this.#priorDimension, gapRule(this.options.missing));
  }

  statisticLength({ dimension }: VectorColumns): number {
    const counts = this.options.missing === undefined ? 0 : dimension;
    return 1 + dimension + (dimension * (dimension + 1)) / 2 + counts;
  }

  accumulator(schema: VectorColumns, statistic?: Float64Array): ScatterAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    const { key, keys, missing } = this.options;
    const { dimension } = schema;
    const gaps = missing === undefined ? undefined : new ScatterGaps();
    if (keys !== undefined) {
      return new TiedScatterAccumulator('MultivariateGaussian', dimension, vector, key, keys, gaps);
    }
    return new ScatterAccumulator('MultivariateGaussian', dimension, vector, key, gaps);
  }

  /**
   * Total weight 0 gives mean 0 and the identity, or those of the prior.
   * @throws {EstimationError} when the covariance is singular (fewer independent rows than coordinates, or coordinates that
   *   determine each other) and there is no bound and no prior covariance
   */
  estimate(own: TiedScatterStatistic, report?: Report, pooled?: ScatterStatistic): MultivariateGaussianDistribution<M> {
    const dimension = own.sum.length;
    checkDimension('MultivariateGaussian', dimension, this.#priorDimension);
    const { minEigenvalue, ridge = 0, keys = {} } = this.options;
    const statistic = sharedMoments(own, keys, { minEigenvalue, pooled, ridge });
    const { count, sum, origin } = statistic;
    if (own.count === 0 && own.tied === undefined) reportDead(report);
    if (this.bayes !== undefined) {
      return this.bayes.mode(this.bayes.posterior(statistic)) as MultivariateGaussianDistribution<M>; // never, beside a prior
    }
    const { mu, muCount = 0, covarianceCount = 0 } = this.#rows;
    // Where the mean lies, seen from the origin.
    const weight = count + muCount;
    const shift = sum.map((s, j) =>
      weight > 0 ? (s + (mu === undefined ? 0 : muCount * (mu[j]! - origin[j]!))) / weight : own.tied ? 0 : -origin[j]!,
    );
    const matrix =
      count + covarianceCount > 0
        ? covarianceAbout(statistic, shift, this.#priorCovariance, covarianceCount)
        : diagonal(new Float64Array(dimension).fill(1));
    if (count + covarianceCount > 0) for (let j = 0; j < dimension; j++) matrix[j * dimension + j]! += ridge;
    const center = shift.map((s, j) => origin[j]! + s);
    const imaginary = { ...this.#rows, covariance: this.#priorCovariance, ridge };
    settleUnseen(statistic, { mu: center, covariance: matrix }, imaginary, report);
    const bounds = { minEigenvalue, pooled: count > 0 ? pooled : undefined };
    return new MultivariateGaussianDistribution<M>({
      mu: center,
      covariance: rowViews(definiteCovariance(matrix, dimension, bounds, report), dimension),
      ...missingOf(this.options),
    });
  }

  get pooling(): Pooling<ScatterStatistic> {
    return POOLING;
  }

  get hasPrior(): boolean {
    const { muCount = 0, covarianceCount = 0 } = this.#rows;
    return this.bayes !== undefined || muCount > 0 || covarianceCount > 0;
  }

  /** With a normal-Wishart prior: see {@link NormalWishartDistribution}. */
  get bayes():
    | Bayes<MultivariateGaussianDistribution, ScatterStatistic, NormalWishartDistribution, VectorColumns>
    | undefined {
    const { prior } = this.options;
    if (!isPriorOf<NormalWishartDistribution>(prior, 'NormalWishart')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, statistic: ScatterStatistic) => known.updated(statistic),
      mode: ({ mode }) => new MultivariateGaussianDistribution(mode),
      parameters: ({ mu, covariance }) => ({ mu, precision: inverseOfDefinite(covariance) }),
      expectedScorer: (known) => {
        const { mu, lambda, meanLogDeterminant } = known;
        const constant = 0.5 * (meanLogDeterminant - mu.length * (log(2 * Math.PI) + 1 / lambda));
        return { ...scorerOf(new GaussianVectorScores(mu, known.meanFactor(), constant)), mu };
      },
      predictiveLogDensity: (known, x: Vector) => known.predictiveLogDensity(x),
      withPrior: (next) => another<M>({ ...this.options, prior: next }),
    }));
  }

  parameterBlocks(model: MultivariateGaussianDistribution<M>): readonly ParameterBlock[] {
    const d = model.mu.length;
    const { key, keys } = this.options;
    const [logPrior, ofCovariance] = [this.#logPrior(model), (d * (d + 1)) / 2];
    if (key !== undefined || keys === undefined) return [{ key, count: d + ofCovariance, logPrior }];
    return [
      { key: keys.mu, count: d },
      { key: keys.covariance, count: ofCovariance, logPrior },
    ];
  }

  /** Imaginary rows of a mean leave the covariance alone, so no density has both estimates at its maximum: NaN. */
  #logPrior(model: MultivariateGaussianDistribution<M>): number | undefined {
    if (this.bayes !== undefined) return this.bayes.logPrior(model as MultivariateGaussianDistribution);
    const { covariance } = model;
    const { muCount = 0, covarianceCount = 0 } = this.#rows;
    if (muCount > 0) return Number.NaN;
    const prior = this.#priorCovariance;
    return covarianceCount === 0 || prior === undefined ? undefined : logOfScatter(covariance, prior, covarianceCount);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<M extends Gap>(options: MultivariateGaussianOptions<M>): MultivariateGaussianEstimator<M> {
  return new MultivariateGaussianEstimator(options);
}
