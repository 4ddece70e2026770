/**
 * A mixture some of whose rows come with a label: the component, or how likely some of the components are. It is fitted by EM
 * to all rows, and so is a classifier that learns from unlabelled rows too.
 *
 * A label is a list of values v_k, in proportion to P(label | component k): f(x | label) = Σ v_k w_k f_k(x) / Σ v_k w_k. Without
 * a label all v_k are equal, and the density is that of the mixture.
 * Source: Nigam, McCallum, Thrun & Mitchell (2000), Text classification from labeled and unlabeled documents using EM.
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkFields } from '../../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Step,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp, log } from '../../numeric/elementary.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import { samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { bayesOfMixture, type MixturePosterior } from '../mixtures/mixtureBayes.js';
import { MixtureEstimators, type MixtureOptions } from '../mixtures/mixtureEstimators.js';
import { componentScores, notARow, posteriorOf } from '../posterior.js';
import type { MixtureModel, MixtureStatistic } from '../responsibilities.js';
import { type OverSameRows, overSameRows } from '../sharedRows.js';
import { shortRunLabels } from '../shortRuns.js';
import { type ComponentRow, WeightedComponents } from '../weightedComponents.js';
import { bayesOfLabelled } from './labelledBayes.js';
import { type LabelledColumns, LabelledEncoder, type LabelledRow, sharesOf } from './labelledColumns.js';
import { labelPrior, SemiSupervisedMixtureAccumulator } from './labelledResponsibilities.js';
import type { FindLabelsBeside } from './labelledStart.js';

/**
 * A mixture over pairs of a value and what is known of its component.
 * @example
 * const d = new SemiSupervisedMixtureDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 4, sigma2: 1 })],
 *   { w: [0.5, 0.5] },
 * );
 * d.posterior([2, null]); // [0.5, 0.5]
 * d.posterior([2, 1]); // [0, 1]
 * d.posterior([2, [[0, 0.9], [1, 0.1]]]); // [0.9, 0.1]
 */
export class SemiSupervisedMixtureDistribution<const Ds extends readonly AnyDistribution[]>
  extends PrintedModel
  implements Distribution<LabelledRow<ComponentRow<Ds>>, LabelledColumns>, MixtureModel
{
  static readonly typeName = 'SemiSupervisedMixture';
  static readonly typeVersion = 1;
  readonly components: Ds;
  /** Weight of each component. */
  readonly w: readonly number[];
  readonly #parts: WeightedComponents<Ds>;

  /**
   * @param components  K >= 1 distributions over the same values
   * @param parameters  `w`: K weights that sum to 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(components: Ds & OverSameRows<Ds>, parameters: { readonly w: ArrayLike<number> }) {
    super();
    this.#parts = new WeightedComponents<Ds>('SemiSupervisedMixture', components, parameters);
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

  /** -Infinity where all components that the label leaves have weight 0; NaN for anything but a pair of a value and a label. */
  logDensity(x: LabelledRow<ComponentRow<Ds>>): number {
    if (!this.#isLabelled(x)) return Number.NaN;
    const prior = this.#logPrior(x);
    const evidence = logSumExp(prior);
    if (evidence === -Infinity) return -Infinity;
    const shares = Array.from(prior, (v) => (v === -Infinity ? 0 : 1));
    return logSumExp(componentScores(this.components, x[0], shares).map((score, k) => prior[k]! + score)) - evidence;
  }

  density(x: LabelledRow<ComponentRow<Ds>>): number {
    return exp(this.logDensity(x));
  }

  #isLabelled(x: unknown): x is LabelledRow<ComponentRow<Ds>> {
    return Array.isArray(x) && this.encoder().parts(x) !== undefined;
  }

  /** log v_k w_k. */
  #logPrior([, label]: LabelledRow<unknown>): Float64Array {
    const shares = sharesOf(label);
    if (shares.length === 0) return this.logWeights;
    const prior = new Float64Array(this.w.length).fill(-Infinity);
    for (const [k, share] of shares) prior[k] = log(share) + this.logWeights[k]!;
    return prior;
  }

  /** log f_k of the value for each component, without weights and label; NaN for anything but a pair of a value and a label. */
  componentLogDensity(x: LabelledRow<ComponentRow<Ds>>): number[] {
    if (!Array.isArray(x)) return this.components.map(() => Number.NaN);
    const [value] = x as LabelledRow<ComponentRow<Ds>>; // the type says so
    return this.#parts.logDensity(value);
  }

  /**
   * P(component k | value, label). Components that the label does not list get 0. A row of density zero gets v_k w_k / Σ v_j w_j.
   * @throws {ParameterError} for anything but a row of the model
   */
  posterior(x: LabelledRow<ComponentRow<Ds>>): number[] {
    const scores = this.#isLabelled(x) ? this.componentLogDensity(x) : [Number.NaN];
    if (scores.some(Number.isNaN)) throw notARow('SemiSupervisedMixtureDistribution.posterior', this.encoder(), x);
    const prior = this.#logPrior(x);
    const evidence = logSumExp(prior);
    const shares = sharesOf(x[1]);
    const ofLabel = this.w.map((_, k) => shares.find(([component]) => component === k)?.[1] ?? 0);
    const w = evidence > -Infinity ? Array.from(prior, (p) => exp(p - evidence)) : ofLabel;
    return posteriorOf(scores, w) ?? w;
  }

  seqLogDensity(columns: LabelledColumns, start: number, end: number, out: Float64Array): void {
    this.#parts.seqPosterior(columns.values, start, end, { evidence: out }, labelPrior(columns));
  }

  /** Posterior probabilities of rows `[start, end)` into `out`, row-major [(end - start) × K]: each row sums to 1. */
  seqPosterior(columns: LabelledColumns, start: number, end: number, out: Float64Array, evidence?: Float64Array): void {
    const wanted = { posteriors: out, ...(evidence && { evidence }) };
    this.#parts.seqPosterior(columns.values, start, end, wanted, labelPrior(columns));
  }

  /** Draws values without labels. */
  sampler(seed: Seed): Sampler<LabelledRow<ComponentRow<Ds>>> {
    const pairs = this.labelledSampler(seed);
    return samplerOf(() => [pairs.sample()[0], null] as const);
  }

  /** Draws values with the components that they come from: the same values as those of `sampler`. */
  labelledSampler(seed: Seed): Sampler<readonly [value: ComponentRow<Ds>, component: number]> {
    return this.#parts.sampler(seed);
  }

  encoder(): LabelledEncoder<ComponentRow<Ds>> {
    return new LabelledEncoder(this.#parts.router.encoder, this.components.length);
  }

  /** With a pseudo count, components and weights are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): SemiSupervisedMixtureEstimator<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }> {
    const pseudoCount = pseudoCountOf('SemiSupervisedMixtureDistribution', options);
    const estimators = this.components.map((f) => f.estimator(options));
    return new SemiSupervisedMixtureEstimator(
      overSameRows<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }>(estimators),
      options.pseudoCount === undefined ? {} : { pseudoCount, prior: this.w },
    );
  }

  /**
   * Of the value, at step 0: the mixture of the components. Labels have no distribution.
   * @throws {ParameterError} for another step
   */
  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    if (steps !== 0) throw new ParameterError('marginal', 'steps', '0, the value without its label', steps);
    return new MixtureDistribution<readonly AnyDistribution[]>(this.components, { w: this.w });
  }

  toJSON() {
    return { type: 'SemiSupervisedMixture', components: this.components, w: this.w } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): SemiSupervisedMixtureDistribution<readonly AnyDistribution[]> {
    const owner = 'SemiSupervisedMixtureDistribution';
    const { components, w } = checkFields(owner, fields, { components: 'array', w: 'numbers' });
    return new this(components as readonly AnyDistribution[], { w });
  }
}

/** Options of {@link SemiSupervisedMixtureEstimator}. */
export type SemiSupervisedMixtureOptions = MixtureOptions;

/**
 * EM for mixtures with labels. E step: r_k = v_k w_k f_k(x) / Σ_j v_j w_j f_j(x). M step: that of a mixture.
 *
 * What the iterations raise is Σ log p(x, label), in which labels say something of the weights too. `logDensity` is given the
 * label, so its sum over labelled rows may fall a little on the way.
 * @example
 * const e = new GaussianEstimator();
 * const rows: LabelledRow<number>[] = [[0.1, 0], [-0.2, null], [9.8, null], [10.1, 1]];
 * const { model } = optimize(rows, new SemiSupervisedMixtureEstimator([e, e]), { seed: 1 });
 * model.posterior([9, null]); // P(component | 9)
 */
export class SemiSupervisedMixtureEstimator<const Es extends readonly AnyEstimator[]>
  implements
    Estimator<
      LabelledRow<ComponentRow<Es>>,
      SemiSupervisedMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>,
      LabelledColumns,
      MixtureStatistic
    >
{
  readonly components: Es;
  readonly #parts: MixtureEstimators;

  /**
   * @param components  K >= 1 estimators over the same values
   * @throws {ParameterError}
   */
  constructor(
    components: Es & OverSameRows<Es>,
    readonly options: SemiSupervisedMixtureOptions = {},
  ) {
    this.components = components;
    this.#parts = new MixtureEstimators('SemiSupervisedMixture', components, options);
  }

  encoder(): LabelledEncoder<ComponentRow<Es>> {
    return new LabelledEncoder(this.#parts.router.encoder, this.components.length);
  }

  statisticLength({ values }: LabelledColumns): number | undefined {
    return this.#parts.statisticLength(values);
  }

  accumulator({ values }: LabelledColumns, statistic?: Float64Array): SemiSupervisedMixtureAccumulator {
    const findLabels: FindLabelsBeside = (columns, weights, draws, known) =>
      shortRunLabels(this, columns, weights, draws, known);
    return new SemiSupervisedMixtureAccumulator(this.#parts.accumulator(values, statistic), this.encoder(), findLabels);
  }

  /** A component that no weight reached keeps weight 0 and its family's parameters for no data; the report names it. */
  estimate(
    statistic: MixtureStatistic,
    report?: Report,
    pooled?: MixtureStatistic,
  ): SemiSupervisedMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }> {
    const { models, w } = this.#parts.estimate(statistic, report, pooled);
    const components = overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models);
    return new SemiSupervisedMixtureDistribution(components, { w });
  }

  get pooling(): Pooling<MixtureStatistic> | undefined {
    return this.#parts.pooling;
  }

  /**
   * Where the weights or a component have a prior that is a distribution. Scores are then those of a value and its label together,
   * as labels are rows of the weights.
   */
  get bayes():
    | Bayes<
        SemiSupervisedMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>,
        MixtureStatistic,
        MixturePosterior<{ readonly [K in keyof Es]: PosteriorOf<Es[K]> }>,
        LabelledColumns
      >
    | undefined {
    type Model = SemiSupervisedMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>;
    const ofValues = bayesOfMixture<Model, { readonly [K in keyof Es]: PosteriorOf<Es[K]> }>({
      components: this.components,
      prior: this.options.prior,
      parts: this.#parts,
      modelOf: (models, w) =>
        new SemiSupervisedMixtureDistribution(overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models), {
          w,
        }),
      withPrior: (components, prior) => another(components, { ...this.options, ...(prior && { prior }) }),
    });
    return ofValues && bayesOfLabelled(ofValues, this.components, this.#parts.router);
  }

  get takesLabels(): boolean {
    return true;
  }

  /** Always: labels count as rows of the weights, so what EM raises is more than the sum of `logDensity`. */
  get hasPrior(): boolean {
    return true;
  }

  /** @throws {ParameterError} for a model with other weights than the fixed ones */
  parameterBlocks(model: SemiSupervisedMixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    // Labels count as rows of the weights: what is raised is not a likelihood with a prior.
    return [...this.#parts.parameterBlocks(model), { key: undefined, count: 0, logPrior: Number.NaN }];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(components: readonly AnyEstimator[], options: SemiSupervisedMixtureOptions): AnyEstimator {
  return new SemiSupervisedMixtureEstimator(overSameRows<readonly AnyEstimator[]>(components), options);
}
