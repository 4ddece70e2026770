/**
 * A finite mixture: f(x) = Σ_k w_k f_k(x), with weights w that sum to 1 and components f_k over the same rows, of one family
 * or of several. Fitted by EM.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), ch. 2; Dempster, Laird & Rubin (1977).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkFields } from '../../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  Distribution,
  Encoder,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
} from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import { samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import type { FindLabels } from '../labels.js';
import { componentScores, componentsOf } from '../posterior.js';
import type { MixtureAccumulator, MixtureModel, MixtureStatistic } from '../responsibilities.js';
import { type OverSameRows, overSameRows } from '../sharedRows.js';
import { bestShortRun } from '../shortRuns.js';
import { type ComponentRow, WeightedComponents } from '../weightedComponents.js';
import { bayesOfMixture, type MixturePosterior } from './mixtureBayes.js';
import { MixtureEstimators, type MixtureOptions } from './mixtureEstimators.js';
import type { AnswerOf } from './mixtureQueries.js';
import {
  mixtureCovariance,
  mixtureMean,
  mixturePresence,
  mixtureQuantile,
  mixtureTail,
  mixtureVariance,
} from './mixtureQueries.js';

export type { ComponentRow, MixtureOptions, MixturePosterior };

/**
 * A weighted sum of components.
 * @example
 * const d = new MixtureDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 4, sigma2: 1 })],
 *   { w: [0.25, 0.75] },
 * );
 * d.posterior(0); // [0.9989…, 0.0010…]
 */
export class MixtureDistribution<const Ds extends readonly AnyDistribution[]>
  extends PrintedModel
  implements Distribution<ComponentRow<Ds>, Columns>, MixtureModel
{
  static readonly typeName = 'Mixture';
  static readonly typeVersion = 1;
  /** Mixtures of several families once had a class of their own. */
  static readonly formerNames = ['HeterogeneousMixture'] as const;
  readonly components: Ds;
  /** Weight of each component. */
  readonly w: readonly number[];
  readonly #parts: WeightedComponents<Ds>;

  /**
   * @param components  K >= 1 distributions over the same rows
   * @param options  `w`: K weights that sum to 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(components: Ds & OverSameRows<Ds>, parameters: { readonly w: ArrayLike<number> }) {
    super();
    this.#parts = new WeightedComponents<Ds>('Mixture', components, parameters);
    this.components = components;
    this.w = this.#parts.w;
  }

  get isUnbounded(): boolean {
    return this.#parts.isUnbounded;
  }

  /** log w. */
  get logWeights(): Float64Array {
    return this.#parts.logWeights;
  }

  get scorers(): Ds {
    return this.components;
  }

  /** Σ w_k m_k, where the components have means. */
  get mean(): AnswerOf<Ds, 'mean'> {
    return mixtureMean(this) as AnswerOf<Ds, 'mean'>; // the types of the components say which of the three it is
  }

  /** Of numbers: Σ w_k (σ²_k + (m_k - m)²). */
  get variance(): AnswerOf<Ds, 'variance'> {
    return mixtureVariance(this) as AnswerOf<Ds, 'variance'>;
  }

  /** Of vectors: Σ w_k (Σ_k + (m_k - m)(m_k - m)ᵀ). */
  get covariance(): AnswerOf<Ds, 'covariance'> {
    return mixtureCovariance(this) as AnswerOf<Ds, 'covariance'>;
  }

  /** P(X <= x), where the components are over numbers. */
  get cdf(): AnswerOf<Ds, 'cdf'> {
    return mixtureTail(this, 'cdf') as AnswerOf<Ds, 'cdf'>;
  }

  /** P(X > x), with all its digits where it is small. */
  get survival(): AnswerOf<Ds, 'survival'> {
    return mixtureTail(this, 'survival') as AnswerOf<Ds, 'survival'>;
  }

  /** The smallest x with P(X <= x) >= p. */
  get quantile(): AnswerOf<Ds, 'quantile'> {
    return mixtureQuantile(this) as AnswerOf<Ds, 'quantile'>;
  }

  /** P(a value is there), where rows may be missing: the answers above are then given that it is. */
  get presence(): number | undefined {
    return mixturePresence(this);
  }

  /** Components of weight 0 are not scored. */
  logDensity(x: ComponentRow<Ds>): number {
    return logSumExp(componentScores(this.components, x, this.w).map((score, k) => this.logWeights[k]! + score));
  }

  density(x: ComponentRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  /** log f_k(x) of each component, without the weights. */
  componentLogDensity(x: ComponentRow<Ds>): number[] {
    return this.#parts.logDensity(x);
  }

  /**
   * P(component k | x). A row of density zero gets the weights `w`.
   * @throws {ParameterError} for anything but a row of the model, and for one without a value that is never missing under any component
   */
  posterior(x: ComponentRow<Ds>): number[] {
    return componentsOf(this, x);
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    this.#parts.seqLogDensity(columns, start, end, out);
  }

  /**
   * Posterior probabilities of rows `[start, end)` into `out`, row-major [(end - start) × K]: each row sums to 1.
   * @param evidence  receives log f(row), where it is given
   */
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array, evidence?: Float64Array): void {
    this.#parts.seqPosterior(columns, start, end, { posteriors: out, ...(evidence && { evidence }) });
  }

  sampler(seed: Seed): Sampler<ComponentRow<Ds>> {
    const rows = this.#parts.sampler(seed);
    return samplerOf(() => rows.sample()[0]);
  }

  encoder(): Encoder<ComponentRow<Ds>, Columns> {
    return this.#parts.router.encoder;
  }

  /** With a pseudo count, components and weights are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): MixtureEstimator<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }> {
    const pseudoCount = pseudoCountOf('MixtureDistribution', options);
    const estimators = this.components.map((f) => f.estimator(options));
    return new MixtureEstimator(
      overSameRows<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }>(estimators),
      options.pseudoCount === undefined ? {} : { pseudoCount, prior: this.w },
    );
  }

  toJSON() {
    return { type: 'Mixture', components: this.components, w: this.w } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): MixtureDistribution<readonly AnyDistribution[]> {
    const { components, w } = checkFields('MixtureDistribution', fields, { components: 'array', w: 'numbers' });
    return new this(components as readonly AnyDistribution[], { w });
  }
}

/**
 * EM for mixtures. E step: r_k(x) = w_k f_k(x) / Σ_j w_j f_j(x). M step: w_k = n_k / n, with n_k = Σ r_k, or
 * (n_k + c/K) / (n + c) with a pseudo count c; components are estimated from their rows, weighted by r_k.
 * @example
 * const e = new GaussianEstimator();
 * const { model } = optimize([0.1, -0.2, 9.8, 10.1], new MixtureEstimator([e, e]), { seed: 1 });
 * model.components[0].mu; // a number
 */
export class MixtureEstimator<const Es extends readonly AnyEstimator[]>
  implements
    Estimator<
      ComponentRow<Es>,
      MixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>,
      Columns,
      MixtureStatistic
    >
{
  readonly components: Es;
  readonly #parts: MixtureEstimators;

  /**
   * @param components  K >= 1 estimators over the same rows
   * @throws {ParameterError}
   */
  constructor(
    components: Es & OverSameRows<Es>,
    readonly options: MixtureOptions = {},
  ) {
    this.components = components;
    this.#parts = new MixtureEstimators('Mixture', components, options);
  }

  encoder(): Encoder<ComponentRow<Es>, Columns> {
    return this.#parts.router.encoder;
  }

  statisticLength(schema: Columns): number | undefined {
    return this.#parts.statisticLength(schema);
  }

  accumulator(schema: Columns, statistic?: Float64Array): MixtureAccumulator {
    const findLabels: FindLabels = (columns, weights, draws) => bestShortRun(this, columns, weights, draws);
    return this.#parts.accumulator(schema, statistic, findLabels);
  }

  /** A component that no weight reached keeps weight 0 and its family's parameters for no data; the report names it. */
  estimate(
    statistic: MixtureStatistic,
    report?: Report,
    pooled?: MixtureStatistic,
  ): MixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }> {
    const { models, w } = this.#parts.estimate(statistic, report, pooled);
    return new MixtureDistribution(overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models), { w });
  }

  /** Where the weights or a component have a prior that is a distribution. */
  get bayes():
    | Bayes<
        MixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>,
        MixtureStatistic,
        MixturePosterior<{ readonly [K in keyof Es]: PosteriorOf<Es[K]> }>
      >
    | undefined {
    return bayesOfMixture({
      components: this.components,
      prior: this.options.prior,
      parts: this.#parts,
      modelOf: (models, w) =>
        new MixtureDistribution(overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models), { w }),
      withPrior: (components, prior) => another(components, { ...this.options, ...(prior && { prior }) }),
    });
  }

  get pooling(): Pooling<MixtureStatistic> | undefined {
    return this.#parts.pooling;
  }

  get takesLabels(): boolean {
    return true;
  }

  get hasPrior(): boolean {
    return this.#parts.hasPrior;
  }

  /** @throws {ParameterError} for a model with other weights than the fixed ones */
  parameterBlocks(model: MixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    return this.#parts.parameterBlocks(model);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(components: readonly AnyEstimator[], options: MixtureOptions): AnyEstimator {
  return new MixtureEstimator(overSameRows<readonly AnyEstimator[]>(components), options);
}
