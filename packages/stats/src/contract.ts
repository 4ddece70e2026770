/**
 * The contract: the five parts of every family, of this package or your own, leaf or latent. Types only.
 *
 * - A {@link Distribution} scores rows. It is immutable.
 * - A {@link Sampler} draws rows from it.
 * - An {@link Encoder} turns rows into {@link Columns}, once, and is the only place where invalid data is refused.
 * - An {@link Accumulator} sums sufficient statistics over blocks of rows: the E step.
 * - An {@link Estimator} makes accumulators and turns a statistic into a distribution: the M step.
 *
 * A member marked optional (`?`) has a default that is right for a plain leaf family: one number or code per row, no
 * hidden variable, a small statistic. Everything else in the package is written against this file alone.
 */

import type { Columns, Encoder } from './encoding.js';
import type { Advance, Estimated, Finding, PassStatistic } from './steps.js';

export type {
  AddSquaredDistances,
  ColumnRows,
  Columns,
  Encoder,
  EncoderPart,
  NumberArray,
  RowCodes,
  Rows,
  Violation,
} from './encoding.js';
export type { Finding } from './steps.js';

/** A seed for reproducible draws. Equal seeds give equal draws; `1` and `'1'` are the same seed. */
export type Seed = number | string;

/** A source of independent uniform numbers in [0, 1). */
export type Random = () => number;

/** A distribution over the parameters of a family: a prior or a posterior. */
export interface ParameterDistribution<P> {
  /** Natural log of the density at these parameters; -Infinity where they are impossible. */
  logDensity(parameters: P): number;
  /** Draws parameters, reproducible by the seed. */
  sampler(seed: Seed): Sampler<P>;
  /** -E log q under q itself, in nats. */
  readonly entropy: number;
  /** -E log p under this distribution, with `other` as p, in nats. At least the entropy. */
  crossEntropy(other: this): number;
  toJSON(): ModelJSON;
}

/**
 * Members of an estimator whose prior is a conjugate distribution over its parameters: the posterior is of the same kind, and
 * follows from the statistic alone. `Q` is the distribution over the parameters: a {@link ParameterDistribution} for a leaf,
 * a list or an object of those of its children for a parent.
 */
export interface Bayes<D, S = unknown, Q = unknown, C extends Columns = Columns> {
  readonly prior: Q;
  /**
   * The posterior given the data that `statistic` sums.
   * @param pooled  as for `estimate`, for children without a prior
   */
  posterior(statistic: S, pooled?: S): Q;
  /** The most probable parameters. */
  mode(known: Q): D;
  /** The log-density of the prior at the parameters of `model`. */
  logPrior(model: D): number;
  /** E log f(x | parameters) for each row, the parameters distributed as `known`: the scores of variational inference. */
  expectedScorer(known: Q): Scorer<C>;
  /**
   * log of the density of one more row, the parameters distributed as `known`: log E f(x). Absent where it has no closed form.
   */
  predictiveLogDensity?(known: Q, row: RowOf<D>): number;
  /** The Kullback-Leibler divergence of `known` from `other`, by default from the prior; in nats, >= 0. */
  divergence(known: Q, other?: Q): number;
  /** The same estimator with another prior, for instance a posterior: data in two parts give the same result as all data at once. */
  withPrior(prior: Q): AnyEstimator;
}

/** Draws rows from a distribution. */
export interface Sampler<T> {
  /** One row. */
  sample(): T;
  /** `count` independent rows. */
  sample(count: number): T[];
}

/** A model as plain data: its type and its parameters. Children may be live distributions. */
export interface ModelJSON {
  readonly type: string;
  readonly [parameter: string]: unknown;
}

/**
 * Moments, tails and quantiles of a distribution. The class of a family declares the members that it has, so using another
 * one does not compile. A mixture has those that all its components have; the others may be `undefined`, also in its type.
 */
export interface Queries<T> {
  /** The expected row: a number, or one per coordinate. NaN where the expectation does not exist. */
  readonly mean?: number | readonly number[] | undefined;
  /** The variance of a number; Infinity where it has no bound, NaN where there is no mean. */
  readonly variance?: number | undefined;
  /** Covariances of the coordinates of a vector, d rows of d. */
  readonly covariance?: readonly (readonly number[])[] | undefined;
  /**
   * The row of highest density or probability: of several integers or levels the first, and `undefined` where a density has
   * no maximum or more than one.
   */
  readonly mode?: T | undefined;
  /** -E log f(X), in nats: differential for densities. */
  readonly entropy?: number | undefined;
  /** P(X <= x); NaN for NaN. */
  readonly cdf?: ((x: number) => number) | undefined;
  /** P(X > x), with full precision where it is small. */
  readonly survival?: ((x: number) => number) | undefined;
  /**
   * The smallest x with P(X <= x) >= p.
   * @throws {ParameterError} unless p is in [0, 1]
   */
  readonly quantile?: ((p: number) => number) | undefined;
  /**
   * The probability that a value is there, of rows that may be missing: the other answers are then those of a value
   * given that it is there. Default 1.
   */
  readonly presence?: number | undefined;
}

/** A step into a row: the name of a field, a position in a list, a coordinate of a vector. */
export type Step = string | number;

/** The distribution of a row of which some values are known. */
export interface Conditioned<R extends AnyDistribution = AnyDistribution> {
  /** The log-density of the known values, the others integrated out. */
  readonly logDensity: number;
  /** The distribution of the other values; `undefined` where none is left, or where the known ones are impossible. */
  readonly rest: R | undefined;
}

/**
 * The members that the functions `marginal` and `given` use, of a distribution over rows of several values. The functions
 * recurse into a model with them: `of` and `condition` are the same functions for a child of any family.
 */
export interface Separable {
  /** The distribution of the value at one step; for a list of steps, that of rows of those values alone, in their order. */
  marginalOf?(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution;
  /** @param part  a whole row, or an object with the known values by step; what is known of a child may itself be a part */
  conditioned?(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned;
}

/** Scores encoded rows in an E step: a distribution, or the expected log-densities of a posterior: see {@link Bayes}. */
export interface Scorer<C extends Columns = Columns> {
  /** Scores rows `[start, end)` into `out[0 … end - start)`. Allocates nothing per call after the first. */
  seqLogDensity(columns: C, start: number, end: number, out: Float64Array): void;
  /** As `seqLogDensity`, but adds to `out`. Default: score into scratch, then add. */
  seqAddLogDensity?(columns: C, start: number, end: number, out: Float64Array): void;
  /** True when the density has no upper bound: `logDensity` is +Infinity at some point. Default false. */
  readonly isUnbounded?: boolean;
}

/** A probability distribution over rows of type `T`. Immutable; its parameters are public fields. */
export interface Distribution<T, C extends Columns = Columns> extends Queries<T>, Scorer<C>, Separable {
  /** Natural log of the density (or probability) of one row; -Infinity outside the support, NaN for NaN. */
  logDensity(x: T): number;
  /** `exp(logDensity(x))`. */
  density(x: T): number;
  /** A generator of rows, reproducible by its seed. */
  sampler(seed: Seed): Sampler<T>;
  /** Encodes rows of this family. */
  encoder(): Encoder<T, C>;
  /** An estimator of the same shape. With a pseudo count, its prior is this distribution. */
  estimator(options?: { readonly pseudoCount?: number }): AnyEstimator;
  /** Type and parameters; children stay live objects, so that a codec or `JSON.stringify` can process them. */
  toJSON(): ModelJSON;
}

/** Random draws for a start, reproducible by (seed, node of the model, row). */
export interface Draws {
  /** How latent families choose their start. */
  readonly method: StartMethod;
  /** The generator of one row (or of row `-1`: the node itself). */
  row(row: number): Random;
  /**
   * Labels that the user gave instead of draws: the share of row i that component k gets, at `k * rowCount + i`; each row sums to 1. Only
   * the outermost node has them.
   */
  readonly labels?: Float64Array | undefined;
  /** A model of the same shape, near which the start is to be made. Only the outermost node has it. */
  readonly near?: AnyDistribution | undefined;
  /**
   * True below a hidden variable. Tables then start as if one additional row were spread over all their cells: otherwise a value
   * that a component did not see at the start would keep probability 0 for the whole fit.
   */
  readonly smoothsTables: boolean;
  /** The draws of a child node. */
  child(name: string | number): Draws;
  /** The draws of a child below a hidden variable: a component, an emission, a topic. */
  component(name: string | number): Draws;
}

/** `'kmeans++'` spreads components by the divergence between rows; `'random'` draws nearly hard labels. */
export type StartMethod = 'kmeans++' | 'random';

/**
 * Sums the sufficient statistics of rows, with a non-negative weight per row.
 *
 * On a block the E step has two phases. *Score* computes the log-densities of the rows under the model of this pass and
 * keeps in scratch what the second phase needs; *absorb* (`seqUpdate`) gets the weights of the rows and adds to the statistic.
 * So a leaf is scored once per row, component and iteration, at any depth of the model.
 *
 * Statistics are additive: the statistic of a data set is the sum of the statistics of its parts.
 */
export interface Accumulator<C extends Columns = Columns, S = unknown, D = unknown> {
  /** Accumulators with equal keys share their statistics, and so their estimated parameters. */
  readonly key?: string | undefined;
  /**
   * Name and shape of the statistic (`'Gaussian'`, `'Categorical of 3 levels'`). Two accumulators may share a key only when
   * their kinds are equal, which is checked when keys are tied. Required with `key`.
   */
  readonly kind?: string;
  /** Nodes below this one, in a fixed order. */
  readonly children?: readonly TiedNode[];
  /**
   * Called before a pass with the model of this pass, or without one before a start. Fixes the origin of the moments, so that
   * all parts of the data share it, and keeps the scratch allocator.
   */
  begin?(model: D | undefined, columns: C, scratch: Scratch): void;
  /** Phase 1: log-densities of rows `[start, end)` into `out[0 … end - start)`. Default: `model.seqLogDensity`. */
  score?(model: D, columns: C, start: number, end: number, out: Float64Array): void;
  /**
   * Phase 1 at the root of a model, for rows of weight 1: as `score`, but only the sum of the log-densities is wanted. For
   * families that compute the sum with less work than its terms. Default: `score`, then add.
   */
  scoreSum?(model: D, columns: C, start: number, end: number): number;
  /**
   * Phase 2: adds rows `[start, end)` with `weights[0 … end - start)`; the array may be longer. Latent families need
   * `model`, and re-use what `score` kept when it was called for the same rows just before.
   */
  seqUpdate(columns: C, start: number, end: number, weights: Float64Array, model?: D): void;
  /** The random start: adds rows with random hidden labels. Default: `seqUpdate`. */
  seqInitialize?(columns: C, start: number, end: number, weights: Float64Array, draws: Draws): void;
  /** Adds another accumulator's value to this one. */
  combine(statistic: S): void;
  /** The statistic as plain data. Not aliased to the accumulator. */
  value(): S;
  /** Replaces the statistic. */
  fromValue(statistic: S): void;
}

/** Allocates working memory: arrays that the numeric kernels use in place, valid until the fit ends. */
export interface Scratch {
  /** A zeroed array of `length` doubles. */
  float64(length: number): Float64Array;
}

/** The members of a node that tying by key uses: an accumulator, or a part of one. */
export interface TiedNode {
  /** A name that the user gave, or an object of the estimators that belong together. */
  readonly key?: string | object | undefined;
  readonly kind?: string;
  readonly children?: readonly TiedNode[];
  value(): unknown;
  combine(statistic: never): void;
  fromValue(statistic: never): void;
}

/** Collects findings during an M step. */
export interface Report {
  add(kind: Finding['kind'], message: string, facts?: Pick<Finding, 'isBounded'>): void;
  /** The report of a child node, for instance `report.at('components', 2)`. */
  at(field: string, index?: number | string): Report;
}

/** Free parameters that are estimated together. Blocks with the same key are counted once. */
export interface ParameterBlock {
  readonly key: string | undefined;
  readonly count: number;
  /**
   * Log-density of the prior at these parameters, up to a constant: the term that their estimate maximises in addition to the
   * log-likelihood. For imaginary rows it is their log-likelihood. NaN where the prior has no density. Absent without a prior.
   */
  readonly logPrior?: number | undefined;
}

/**
 * Combines the statistics of components into that of all their rows. A family has it when its likelihood has no upper bound
 * (a Gaussian on one value), so that its M step needs the variance of all rows; a parent has it when a child has it.
 */
export interface Pooling<S = unknown> {
  /** Family and shape. The statistics of estimators with equal kinds are pooled. */
  readonly kind: string;
  /** True when a hidden variable stands below: its own components then share a floor in any case. Default false. */
  readonly isHidden?: boolean;
  /** The statistic of the rows of all parts, at least one. Parts that nothing reads may be left out. */
  pool(statistics: readonly S[]): S;
}

/** Makes accumulators, and turns their statistic into a distribution of type `D`. Immutable. */
export interface Estimator<T, D extends AnyDistribution, C extends Columns = Columns, S = unknown> {
  encoder(): Encoder<T, C>;
  /**
   * Length of the flat statistic for columns of this schema; `undefined` when a part of the tree has none. A family that
   * leaves it out works everywhere, but its statistics are sent as objects.
   */
  statisticLength?(schema: C): number | undefined;
  /**
   * A zero accumulator. With `statistic` (zeros, of `statisticLength`) it sums into that memory. The model that it gets
   * is a D, or another scorer in its place: see `bayes`.
   */
  accumulator(schema: C, statistic?: Float64Array): Accumulator<C, S, Scorer<NoInfer<C>>>;
  /**
   * The M step. Must give defined parameters for a statistic of total weight 0, and must not change `statistic`.
   * @param pooled  below a hidden variable: the statistic of all rows that the components share, made by {@link pooling}. A
   *   family with an unbounded likelihood takes its floor from it; a parent passes its parts to its children
   * @throws {EstimationError} when the statistic determines no parameters and there is no prior
   */
  estimate(statistic: S, report?: Report, pooled?: S): D;
  /** Default: the estimate needs no `pooled`, here or below. */
  readonly pooling?: Pooling<S> | undefined;
  /**
   * True when imaginary rows, or labels of rows, enter an estimate here or below. The iterations then maximise the
   * likelihood times the prior, and the likelihood of the rows alone may fall during the fit. Default false.
   */
  readonly hasPrior?: boolean;
  /**
   * Log-density of the prior at `model`, as a whole. The log-likelihood of the rows plus this is the objective of the estimates
   * and of the fit. Default: the sum of `logPrior` of the parameter blocks. Where neither is given the density is unknown, and the
   * fit uses the log-likelihood alone.
   */
  logPrior?(model: D): number;
  /** Present when a prior is a distribution over the parameters, here or in a child; children without one have point estimates. */
  readonly bayes?: Bayes<D, S, unknown, NoInfer<C>> | undefined;
  /**
   * Wraps the steps from model to model, for a family whose fit has moves of its own beside EM: `optimize` and `optimizeMpi` call it
   * for the outermost estimator, unless `acceleration` is `'none'`. Default: the steps as they are.
   */
  advance?(steps: Advance<D>, mechanics: FitMechanics<D, NoInfer<C>>): Advance<D>;
  /** True when a start takes labels that the user gives: its accumulators read `Draws.labels`. Default false. */
  readonly takesLabels?: boolean;
  /** Free parameters of `model`, for information criteria. */
  parameterBlocks?(model: D): readonly ParameterBlock[];
}

/** What the moves of a family are made of: see `Estimator.advance`. */
export interface FitMechanics<D, C> {
  /** Columns like those of the fit. */
  readonly schema: C;
  /** 0 without a prior, NaN where it is not known. */
  logPrior(model: D): number;
  /** The M step. @throws {EstimationError} */
  maximization(model: D, statistic: PassStatistic): Estimated<D>;
  /**
   * An accumulator that sums into the numbers of a flat statistic, about the mean of `model`.
   * @param numbers  `undefined` where statistics are objects: it is empty
   */
  accumulatorIn(numbers: Float64Array | undefined, model: D): Accumulator;
}

/** Any distribution; the constraint for generics. */
export type AnyDistribution = Distribution<unknown>;

/** Any estimator; the constraint for generics. */
export type AnyEstimator = Estimator<unknown, AnyDistribution>;

/** The rows an estimator or a distribution takes. */
export type RowOf<E> = E extends { encoder(): { encode(rows: readonly (infer T)[]): unknown } } ? T : never;

/** The columns of an estimator or a distribution. */
export type ColumnsOf<E> = E extends { encoder(): { encode(rows: never): infer C } } ? C : never;

/** The distribution that an estimator makes. */
export type ModelOf<E> = E extends { estimate(statistic: never, report?: never): infer D extends AnyDistribution }
  ? D
  : never;

/** The statistic that an estimator takes. */
export type StatisticOf<E> = E extends { estimate(statistic: infer S, report?: never): unknown } ? S : never;
