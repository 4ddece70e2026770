/**
 * A mixture whose number of components follows the rows: a Dirichlet process, cut after T components. Weights come from a
 * broken stick: v_k ~ Beta(1, α), v_T = 1, π_k = v_k Π_{j<k} (1 - v_j), with α ~ Gamma(s, rate r); the components' parameters
 * follow their conjugate priors. Fitted by mean-field variational inference: q(z) q(v) q(α) Π q(η_k).
 * Source: Blei & Jordan, Variational inference for Dirichlet process mixtures (2006), with q(α) and with components sorted
 * by size as in Kurihara, Welling & Teh, Collapsed variational Dirichlet process mixture models (2007).
 */

import { bayesOf, type PosteriorOf } from '../../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../../checks/options.js';
import { checkDistributions, checkEstimator, checkFields, checkObject } from '../../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Encoder,
  Estimator,
  FitMechanics,
  ModelOf,
  ParameterBlock,
  Report,
  RowOf,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { BetaDistribution } from '../../families/beta.js';
import { GammaDistribution } from '../../families/gamma.js';
import { exp } from '../../numeric/elementary.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import type { Advance } from '../../steps.js';
import { accumulatorsOf, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import type { FindLabels } from '../labels.js';
import { componentsOf } from '../posterior.js';
import { MixtureAccumulator } from '../responsibilities.js';
import { checkSharedRows, overSameRows } from '../sharedRows.js';
import { bestShortRun } from '../shortRuns.js';
import { MixtureDistribution, MixtureEstimator } from './mixture.js';
import type { AnswerOf } from './mixtureQueries.js';
import { ProcessAccumulator, type ProcessStatistic } from './processAccumulator.js';
import { mergingAdvance } from './processMerges.js';
import { meanLogWeights, orderOfSizes, type ProcessWeights, updatedWeights, weightsBound } from './stickBreaking.js';

const NAMES = ['sticks', 'concentration', 'posteriors'];

/** The parameters of {@link DirichletProcessMixtureDistribution} beside its components. */
export interface ProcessParameters<Q> extends ProcessWeights {
  /** What is known of each component's parameters. */
  readonly posteriors: readonly Q[];
}

/**
 * A fitted Dirichlet-process mixture. As a distribution it is the mixture of the components at their most probable parameters,
 * with weights w_k ∝ exp(E log π_k); components stand in order of size, but where the truncation leaves no room for that: see
 * {@link DirichletProcessMixtureEstimator}.
 * @typeParam Q  what is known of a component's parameters
 * @example
 * const prior = new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 1 });
 * const estimator = new DirichletProcessMixtureEstimator(new GaussianEstimator({ prior }), { truncation: 5 });
 * const { model } = optimize([0.1, -0.2, 0, 9.8, 10.1, 10], estimator, { seed: 1 });
 * model.w.filter((weight) => weight > 0.1).length; // 2
 */
export class DirichletProcessMixtureDistribution<D extends AnyDistribution, Q = unknown>
  extends PrintedModel
  implements Distribution<RowOf<D>, Columns>, ProcessWeights
{
  static readonly typeName = 'DirichletProcessMixture';
  static readonly typeVersion = 1;
  readonly sticks: readonly BetaDistribution[];
  readonly concentration: GammaDistribution;
  readonly posteriors: readonly Q[];
  readonly #mixture: MixtureDistribution<readonly D[]>;

  /**
   * @param components  T >= 1 distributions over the same rows
   * @param parameters  T - 1 sticks and T posteriors
   * @throws {ParameterError}
   */
  constructor(components: readonly D[], parameters: ProcessParameters<Q>) {
    super();
    const owner = 'DirichletProcessMixtureDistribution';
    checkDistributions(owner, 'components', components);
    const { sticks, concentration, posteriors } = checkObject(owner, parameters, NAMES);
    const count = components.length;
    if (!Array.isArray(sticks) || sticks.length !== count - 1 || !sticks.every((v) => v instanceof BetaDistribution)) {
      throw new ParameterError(owner, 'sticks', `a list of ${count - 1} beta distributions`, sticks);
    }
    if (!(concentration instanceof GammaDistribution)) {
      throw new ParameterError(owner, 'concentration', 'a gamma distribution', concentration);
    }
    if (!Array.isArray(posteriors) || posteriors.length !== count) {
      throw new ParameterError(owner, 'posteriors', `a list of ${count} entries`, posteriors);
    }
    this.sticks = Object.freeze([...sticks]);
    this.concentration = concentration;
    this.posteriors = Object.freeze([...posteriors]);
    const logWeights = meanLogWeights(sticks);
    const total = logSumExp(logWeights);
    const w = Array.from(logWeights, (logWeight) => exp(logWeight - total));
    this.#mixture = new MixtureDistribution<readonly D[]>(components as never, { w });
  }

  get components(): readonly D[] {
    return this.#mixture.components;
  }

  get w(): readonly number[] {
    return this.#mixture.w;
  }

  get isUnbounded(): boolean {
    return this.#mixture.isUnbounded;
  }

  /** The mean, where the components have one: this and the answers below are those of the mixture. */
  get mean(): AnswerOf<readonly D[], 'mean'> {
    return this.#mixture.mean;
  }

  /** The variance of a number. */
  get variance(): AnswerOf<readonly D[], 'variance'> {
    return this.#mixture.variance;
  }

  /** The covariances of a vector. */
  get covariance(): AnswerOf<readonly D[], 'covariance'> {
    return this.#mixture.covariance;
  }

  /** P(X <= x). */
  get cdf(): AnswerOf<readonly D[], 'cdf'> {
    return this.#mixture.cdf;
  }

  /** P(X > x), with full precision where it is small. */
  get survival(): AnswerOf<readonly D[], 'survival'> {
    return this.#mixture.survival;
  }

  /** The smallest x with P(X <= x) >= p. */
  get quantile(): AnswerOf<readonly D[], 'quantile'> {
    return this.#mixture.quantile;
  }

  /** P(a value is there), where rows may be missing. */
  get presence(): number | undefined {
    return this.#mixture.presence;
  }

  logDensity(x: RowOf<D>): number {
    return this.#mixture.logDensity(x);
  }

  density(x: RowOf<D>): number {
    return this.#mixture.density(x);
  }

  /** P(component k | x), at the most probable parameters. @throws {ParameterError} for anything but a row of the model */
  posterior(x: RowOf<D>): number[] {
    return componentsOf<RowOf<D>>(this, x);
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    this.#mixture.seqLogDensity(columns, start, end, out);
  }

  /** As {@link MixtureDistribution.seqPosterior}. */
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array, evidence?: Float64Array): void {
    this.#mixture.seqPosterior(columns, start, end, out, evidence);
  }

  sampler(seed: Seed): Sampler<RowOf<D>> {
    return this.#mixture.sampler(seed) as Sampler<RowOf<D>>;
  }

  encoder(): Encoder<RowOf<D>, Columns> {
    return this.#mixture.encoder() as Encoder<RowOf<D>, Columns>;
  }

  /** Of the same truncation, with the process's default prior; the components' is what their `estimator` makes of the count. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): DirichletProcessMixtureEstimator<ReturnType<D['estimator']>> {
    pseudoCountOf('DirichletProcessMixtureDistribution', options);
    const component = this.components[0]!.estimator(options) as ReturnType<D['estimator']>;
    return new DirichletProcessMixtureEstimator(component, { truncation: this.components.length });
  }

  toJSON() {
    const { components, sticks, concentration, posteriors } = this;
    return { type: 'DirichletProcessMixture', components, sticks, concentration, posteriors } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): DirichletProcessMixtureDistribution<AnyDistribution, unknown> {
    const owner = 'DirichletProcessMixtureDistribution';
    const { components, sticks, posteriors } = checkFields(owner, fields, {
      components: 'array',
      sticks: 'array',
      posteriors: 'array',
    });
    checkDistributions(owner, 'components', components);
    checkSharedRows(owner, 'components', components as readonly AnyDistribution[]);
    return new this(components as readonly AnyDistribution[], {
      sticks: sticks as readonly BetaDistribution[],
      concentration: fields.concentration as GammaDistribution,
      posteriors,
    });
  }
}

/** Every component is fitted and stored: more would only fill the memory. */
const MAX_TRUNCATION = 2 ** 16;

/** Short runs, which start rows without a distance, take time in proportion to the square of the number of components. */
const MAX_SEEDS = 64;

/** Options of {@link DirichletProcessMixtureEstimator}. */
export interface ProcessOptions {
  /** T: the most components that can have weight. More than are expected; the rest stay empty. Default 10. */
  readonly truncation?: number;
  /** The prior of α, which governs how many components there are. Default: shape 2, scale 1. */
  readonly concentration?: GammaDistribution;
}

/**
 * Coordinate ascent on the evidence lower bound. E step: φ_k ∝ exp(E log π_k + E log f_k(x)). M step: the components' posteriors
 * from their shares, N_k = Σ φ_k, sorted by N_k; v_k ~ Beta(1 + N_k, E α + Σ_{j>k} N_j); α ~ Gamma(s + T - 1, rate
 * r - Σ E log(1 - v_k)). What a fit reports as log-likelihood is Σ log Σ_k exp(E log π_k + E log f_k(x)); with
 * {@link DirichletProcessMixtureEstimator.logPrior} it is the bound, which rises. The last stick v_T = 1 has no prior, so the order
 * by size can lower the bound: where it costs more than the same step gains by the components, as with a large α and few components,
 * the last two change places, or all keep their order.
 * Between these steps, unless `acceleration` is `'none'`, pairs of components are merged where that raises the bound.
 *
 * Give the component priors that are distributions. Parts without one are fitted by maximum likelihood, with the floors of a
 * mixture; where no part has one, nothing keeps single rows from having components of their own, and a finding says so.
 */
export class DirichletProcessMixtureEstimator<E extends AnyEstimator>
  implements
    Estimator<RowOf<E>, DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>, Columns, ProcessStatistic>
{
  readonly truncation: number;
  readonly #concentration: GammaDistribution;
  readonly #components: readonly AnyEstimator[];

  /**
   * @param component  the estimator of each component
   * @throws {ParameterError} unless `truncation` is an integer in 1 … 65536 and `concentration` a gamma distribution
   */
  constructor(
    readonly component: E,
    readonly options: ProcessOptions = {},
  ) {
    const owner = 'DirichletProcessMixtureEstimator';
    checkEstimator(owner, 'component', component);
    checkEstimatorOptions(owner, options, { truncation: true, concentration: true });
    const { truncation = 10, concentration = new GammaDistribution({ shape: 2, scale: 1 }) } = options;
    if (!Number.isSafeInteger(truncation) || truncation < 1 || truncation > MAX_TRUNCATION) {
      throw new ParameterError(owner, 'truncation', `an integer >= 1 and <= ${MAX_TRUNCATION}`, truncation);
    }
    if (!(concentration instanceof GammaDistribution)) {
      throw new ParameterError(owner, 'concentration', 'a gamma distribution', concentration);
    }
    this.truncation = truncation;
    this.#concentration = concentration;
    this.#components = new Array<AnyEstimator>(truncation).fill(component);
  }

  encoder(): Encoder<RowOf<E>, Columns> {
    return this.component.encoder() as Encoder<RowOf<E>, Columns>;
  }

  statisticLength(schema: Columns): number | undefined {
    return lengthWithChildren(this.truncation, this.#components, () => schema);
  }

  accumulator(schema: Columns, statistic?: Float64Array): ProcessAccumulator {
    const { own, children } = accumulatorsOf(this.truncation, this.#components, () => schema, statistic);
    const findLabels: FindLabels = (columns, weights, draws) =>
      bestShortRun(
        new MixtureEstimator(overSameRows<readonly AnyEstimator[]>(this.#components)),
        columns,
        weights,
        draws,
      );
    const startsByRuns = this.truncation <= MAX_SEEDS;
    const mixture = new MixtureAccumulator(
      children,
      own,
      this.component.encoder(),
      {},
      [],
      startsByRuns ? findLabels : undefined,
    );
    const bayes = bayesOf(this.component);
    return new ProcessAccumulator(mixture, (posterior) => bayes.expectedScorer(posterior));
  }

  /** Components stand in order of size, unless that would lower the bound. Those that no row belongs to keep their prior. */
  estimate(
    statistic: ProcessStatistic,
    report?: Report,
  ): DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>> {
    const { counts, components, meanConcentration = this.#concentration.mean, entering } = statistic;
    const bayes = bayesOf(this.component);
    const pooled = this.component.pooling?.pool(components);
    const posteriors = components.map((component) => bayes.posterior(component, pooled));
    if (this.component.bayes === undefined) {
      report?.add('degenerate', 'components have no prior, so each row may get one of its own. Give a distribution.');
    }
    // By Bayes' rule a component's part of the bound is less than its maximum by the divergence from what is known after the step.
    const order = orderOfSizes(counts, meanConcentration, entering, (before) =>
      before.reduce<number>((sum, known, k) => sum + bayes.divergence(known, posteriors[k]), 0),
    );
    const sizes = order.map((k) => counts[k]!);
    return new DirichletProcessMixtureDistribution(
      order.map((k) => bayes.mode(posteriors[k]) as ModelOf<E>),
      {
        ...updatedWeights(sizes, meanConcentration, this.#concentration),
        posteriors: order.map((k) => posteriors[k] as PosteriorOf<E>),
      },
    );
  }

  /** Components that the rows do not need are merged on the way: see {@link mergingAdvance}. */
  advance(
    steps: Advance<DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>>,
    mechanics: FitMechanics<DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>, Columns>,
  ): Advance<DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>> {
    return this.component.bayes === undefined ? steps : mergingAdvance(this.component, steps, mechanics);
  }

  get hasPrior(): boolean {
    return true;
  }

  get takesLabels(): boolean {
    return true;
  }

  /** What the bound has beside the rows' part: the divergences of sticks, concentration and components from their priors, negative. */
  logPrior({
    sticks,
    concentration,
    posteriors,
  }: DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>): number {
    const bound = weightsBound({ sticks, concentration }, this.#concentration);
    const bayes = bayesOf(this.component);
    return posteriors.reduce((sum, posterior) => sum - bayes.divergence(posterior), bound.sticks + bound.concentration);
  }

  /** Sticks, the concentration and the components' parameters. */
  parameterBlocks({
    components,
  }: DirichletProcessMixtureDistribution<ModelOf<E>, PosteriorOf<E>>): readonly ParameterBlock[] {
    const own = { key: undefined, count: this.truncation - 1 };
    return blocksWithChildren(undefined, [own], this.#components, components);
  }
}
