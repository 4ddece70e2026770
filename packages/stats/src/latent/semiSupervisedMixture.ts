/**
 * A mixture some of whose rows come with a label: the component, or how likely some of the components are. It is fitted by EM
 * to all rows, and so is a classifier that learns from unlabelled rows too.
 *
 * A label is a list of values v_k, in proportion to P(label | component k): f(x | label) = Σ v_k w_k f_k(x) / Σ v_k w_k. Without
 * a label all v_k are equal, and the density is that of the mixture.
 * Source: Nigam, McCallum, Thrun & Mitchell (2000), Text classification from labeled and unlabeled documents using EM.
 */

import { checkEstimatorOptions } from '../checks/options.js';
import {
  checkDistributions,
  checkEstimators,
  checkFields,
  checkObject,
  checkProbabilities,
  checkPseudoCount,
} from '../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { exp, log } from '../numeric/elementary.js';
import { RUN } from '../numeric/kernels/index.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../numeric/random.js';
import { withWorkspace } from '../numeric/scratch.js';
import { accumulatorsOf, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../tree/pooling.js';
import { type LabelledColumns, LabelledEncoder, type LabelledRow, sharesOf } from './labelledColumns.js';
import { SemiSupervisedMixtureAccumulator, scoreLabelled } from './labelledResponsibilities.js';
import { type ComponentRow, MIXTURE_OPTIONS, type MixtureOptions } from './mixture.js';
import { notARow, posteriorOf } from './posterior.js';
import type { MixtureModel, MixtureStatistic } from './responsibilities.js';
import { Router } from './route.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from './sharedRows.js';
import { estimateWeights } from './weights.js';

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
  readonly #logWeights: Float64Array;
  readonly #router: Router;

  /**
   * @param components  K >= 1 distributions over the same values
   * @param parameters  `w`: K weights that sum to 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(components: Ds & OverSameRows<Ds>, parameters: { readonly w: ArrayLike<number> }) {
    super();
    const owner = 'SemiSupervisedMixtureDistribution';
    checkDistributions(owner, 'components', components);
    checkSharedRows(owner, 'components', components);
    this.components = components;
    const { w } = checkObject(owner, parameters, ['w']);
    checkProbabilities(owner, 'w', w, components.length);
    this.w = Object.freeze(Array.from(w));
    this.#logWeights = Float64Array.from(w, log);
    this.#router = new Router('SemiSupervisedMixture', components);
  }

  get isUnbounded(): boolean {
    return this.components.some((component) => component.isUnbounded === true);
  }

  /** log w. */
  get logWeights(): Float64Array {
    return this.#logWeights;
  }

  get scorers(): Ds {
    return this.components;
  }

  /** -Infinity where all components that the label leaves have weight 0; NaN for what is no pair of a value and a label. */
  logDensity(x: LabelledRow<ComponentRow<Ds>>): number {
    if (!this.#isLabelled(x)) return Number.NaN;
    const prior = this.#logPrior(x);
    const evidence = logSumExp(prior);
    if (evidence === -Infinity) return -Infinity;
    return (
      logSumExp(this.components.map((f, k) => (prior[k]! > -Infinity ? prior[k]! + f.logDensity(x[0]) : -Infinity))) -
      evidence
    );
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
    if (shares.length === 0) return this.#logWeights;
    const prior = new Float64Array(this.w.length).fill(-Infinity);
    for (const [k, share] of shares) prior[k] = log(share) + this.#logWeights[k]!;
    return prior;
  }

  /** log f_k of the value for each component, without weights and label. */
  componentLogDensity([value]: LabelledRow<ComponentRow<Ds>>): number[] {
    return this.components.map((f) => f.logDensity(value));
  }

  /**
   * P(component k | value, label). Components that the label does not list get 0. A row of density zero gets v_k w_k / Σ v_j w_j.
   * @throws {ParameterError} for what is no row
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
    withWorkspace((scratch) => {
      const stride = Math.min(RUN, end - start);
      const posterior = scratch.float64(this.components.length * stride);
      for (let from = start; from < end; from += stride) {
        this.#score(columns, from, Math.min(from + stride, end), posterior, stride, out.subarray(from - start));
      }
    });
  }

  /** Posterior probabilities of rows `[start, end)` into `out`, row-major [(end - start) × K]: each row sums to 1. */
  seqPosterior(columns: LabelledColumns, start: number, end: number, out: Float64Array): void {
    const componentCount = this.components.length;
    withWorkspace((scratch) => {
      const stride = Math.min(RUN, end - start);
      const posterior = scratch.float64(componentCount * stride);
      const evidence = scratch.float64(stride);
      for (let from = start; from < end; from += stride) {
        const to = Math.min(from + stride, end);
        this.#score(columns, from, to, posterior, stride, evidence);
        for (let row = from; row < to; row++) {
          for (let k = 0; k < componentCount; k++) {
            out[(row - start) * componentCount + k] = posterior[k * stride + row - from]!;
          }
        }
      }
    });
  }

  #score(
    columns: LabelledColumns,
    start: number,
    end: number,
    posterior: Float64Array,
    stride: number,
    out: Float64Array,
  ): void {
    const scoreComponent = (
      k: number,
      values: LabelledColumns['values'],
      from: number,
      to: number,
      scores: Float64Array,
    ) => this.#router.seqLogDensity(k, this.components[k]!, values, from, to, scores);
    scoreLabelled(this.#logWeights, columns, start, end, scoreComponent, posterior, stride, out);
  }

  /** Draws values without labels. */
  sampler(seed: Seed): Sampler<LabelledRow<ComponentRow<Ds>>> {
    const pairs = this.labelledSampler(seed);
    return samplerOf(() => [pairs.sample()[0], null] as const);
  }

  /** Draws values with the components that they come from: the same values as those of `sampler`. */
  labelledSampler(seed: Seed): Sampler<readonly [value: ComponentRow<Ds>, component: number]> {
    const samplers = this.components.map((f, k) => f.sampler(childSeed(seed, k)));
    const rng = random(childSeed(seed, 'component'));
    return samplerOf(() => {
      const k = drawIndex(rng, this.w);
      // Every component draws the row type that all of them share.
      return [samplers[k]!.sample() as ComponentRow<Ds>, k] as const;
    });
  }

  encoder(): LabelledEncoder<ComponentRow<Ds>> {
    return new LabelledEncoder(this.#router.encoder, this.components.length);
  }

  /** With a pseudo count, components and weights are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): SemiSupervisedMixtureEstimator<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }> {
    const estimators = this.components.map((f) => f.estimator(options));
    return new SemiSupervisedMixtureEstimator(
      overSameRows<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }>(estimators),
      options.pseudoCount === undefined ? {} : { pseudoCount: options.pseudoCount, prior: this.w },
    );
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
  readonly #router: Router;
  readonly #pooling: Pooling<MixtureStatistic> | undefined;

  /**
   * @param components  K >= 1 estimators over the same values
   * @throws {ParameterError}
   */
  constructor(
    components: Es & OverSameRows<Es>,
    readonly options: MixtureOptions = {},
  ) {
    const owner = 'SemiSupervisedMixtureEstimator';
    checkEstimators(owner, 'components', components);
    checkSharedEncoders(owner, 'components', components);
    this.components = components;
    checkEstimatorOptions(owner, options, MIXTURE_OPTIONS);
    const { pseudoCount, prior, fixedWeights } = options;
    checkPseudoCount(owner, 'pseudoCount', pseudoCount);
    for (const [name, p] of Object.entries({ prior, fixedWeights })) {
      if (p !== undefined) checkProbabilities(owner, name, p, components.length);
    }
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', pseudoCount);
    }
    this.#router = new Router('SemiSupervisedMixture', components);
    this.#pooling = hiddenPoolingOf('SemiSupervisedMixture', components, (parts) => ({
      ...parts[0]!,
      components: poolComponents(
        components,
        parts.map((part) => part.components),
      ),
    }));
  }

  encoder(): LabelledEncoder<ComponentRow<Es>> {
    return new LabelledEncoder(this.#router.encoder, this.components.length);
  }

  statisticLength({ values }: LabelledColumns): number | undefined {
    return lengthWithChildren(this.components.length, this.components, (k) => this.#router.columnsOf(values, k));
  }

  accumulator({ values }: LabelledColumns, statistic?: Float64Array): SemiSupervisedMixtureAccumulator {
    const schemaOf = (k: number) => this.#router.columnsOf(values, k);
    const { own, children } = accumulatorsOf(this.components.length, this.components, schemaOf, statistic);
    const components = this.#router.accumulators(children, values);
    return new SemiSupervisedMixtureAccumulator(components, own, this.encoder(), this.options.keys ?? {});
  }

  /** A component that no weight reached keeps weight 0 and its family's parameters for no data; the report names it. */
  estimate(
    statistic: MixtureStatistic,
    report?: Report,
    pooled: MixtureStatistic | undefined = this.#pooling?.pool([statistic]),
  ): SemiSupervisedMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }> {
    const { counts, components } = statistic;
    const models = this.components.map((estimator, k) => {
      const place = report?.at('components', k);
      if (counts[k] === 0) place?.add('dead', 'no row belongs to this component.');
      return estimator.estimate(components[k], counts[k] === 0 ? undefined : place, pooled?.components[k]);
    });
    const w = this.options.fixedWeights ?? estimateWeights(counts, this.options);
    return new SemiSupervisedMixtureDistribution(overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models), {
      w,
    });
  }

  get pooling(): Pooling<MixtureStatistic> | undefined {
    return this.#pooling;
  }

  get takesLabels(): boolean {
    return true;
  }

  /** Always: labels count as rows of the weights, so what EM raises is more than the sum of `logDensity`. */
  get hasPrior(): boolean {
    return true;
  }

  parameterBlocks(model: SemiSupervisedMixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    const { keys = {}, fixedWeights } = this.options;
    const weights = { key: keys.weights, count: fixedWeights === undefined ? this.components.length - 1 : 0 };
    return [weights, ...blocksWithChildren(keys.components, [], this.components, model.components)];
  }
}
