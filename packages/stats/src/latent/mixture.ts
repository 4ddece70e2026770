/**
 * A finite mixture: f(x) = Σ_k w_k f_k(x), with weights w that sum to 1 and components f_k over the same rows, of one family
 * or of several. Fitted by EM.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), ch. 2; Dempster, Laird & Rubin (1977).
 */

import { checkEstimatorOptions, type OptionNames } from '../checks/options.js';
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
  Columns,
  Distribution,
  Encoder,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Seed,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { exp, log } from '../numeric/elementary.js';
import { kernels, RUN } from '../numeric/kernels/index.js';
import { logSumExp } from '../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../numeric/random.js';
import { withWorkspace } from '../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { aloneOfKind, hiddenPoolingOf, poolComponents } from '../tree/pooling.js';
import type { AnswerOf } from './mixtureQueries.js';
import { mixtureCovariance, mixtureMean, mixtureQuantile, mixtureTail, mixtureVariance } from './mixtureQueries.js';
import { componentsOf, settleFarRows } from './posterior.js';
import type { MixtureKeys, MixtureModel, MixtureStatistic } from './responsibilities.js';
import { MixtureAccumulator } from './responsibilities.js';
import { Router } from './route.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from './sharedRows.js';
import { bestShortRun } from './shortRuns.js';
import { checkFixed, estimateWeights } from './weights.js';

/** The row that all components share. */
export type ComponentRow<Cs extends readonly unknown[]> = RowOf<Cs[number]>;

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
  readonly #isUnbounded: boolean;
  readonly #logWeights: Float64Array;
  readonly #router: Router;

  /**
   * @param components  K >= 1 distributions over the same rows
   * @param options  `w`: K weights that sum to 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(components: Ds & OverSameRows<Ds>, parameters: { readonly w: ArrayLike<number> }) {
    super();
    const owner = 'MixtureDistribution';
    checkDistributions(owner, 'components', components);
    checkSharedRows(owner, 'components', components);
    this.components = components;
    const { w } = checkObject(owner, parameters, ['w']);
    checkProbabilities(owner, 'w', w, components.length);
    this.w = Object.freeze(Array.from(w));
    this.#logWeights = Float64Array.from(w, log);
    this.#isUnbounded = components.some((component) => component.isUnbounded === true);
    this.#router = new Router('Mixture', components);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** log w. */
  get logWeights(): Float64Array {
    return this.#logWeights;
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

  /** log w_k + log f_k(x) of each component. Components of weight 0 are not scored: they give -Infinity. */
  #jointLogDensity(x: ComponentRow<Ds>): number[] {
    return this.components.map((f, k) => (this.w[k] === 0 ? -Infinity : this.#logWeights[k]! + f.logDensity(x)));
  }

  logDensity(x: ComponentRow<Ds>): number {
    return logSumExp(this.#jointLogDensity(x));
  }

  density(x: ComponentRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  /** log f_k(x) of each component, without the weights. */
  componentLogDensity(x: ComponentRow<Ds>): number[] {
    return this.components.map((f) => f.logDensity(x));
  }

  /**
   * P(component k | x). A row of density zero gets the weights `w`.
   * @throws {ParameterError} for what is no row, or lacks a value that is never missing under any component
   */
  posterior(x: ComponentRow<Ds>): number[] {
    return componentsOf(this, x);
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    withWorkspace((scratch) => {
      const rowCount = Math.min(RUN, end - start);
      const logDensity = scratch.float64(this.components.length * rowCount);
      for (let from = start; from < end; from += rowCount) {
        const count = Math.min(rowCount, end - from);
        this.#scoreComponents(columns, from, from + count, logDensity, rowCount);
        kernels().logEvidence(
          logDensity,
          rowCount,
          this.components.length,
          count,
          this.#logWeights,
          out.subarray(from - start),
        );
      }
    });
  }

  /**
   * Posterior probabilities of rows `[start, end)` into `out`, row-major [(end - start) × K]: each row sums to 1.
   */
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array): void {
    const componentCount = this.components.length;
    withWorkspace((scratch) => {
      const rowCount = Math.min(RUN, end - start);
      const posterior = scratch.float64(componentCount * rowCount);
      const evidence = scratch.float64(rowCount);
      for (let from = start; from < end; from += rowCount) {
        const count = Math.min(rowCount, end - from);
        this.#scoreComponents(columns, from, from + count, posterior, rowCount);
        kernels().posterior(posterior, rowCount, componentCount, count, this.#logWeights, evidence);
        for (let i = 0; i < count; i++) {
          for (let k = 0; k < componentCount; k++) {
            out[(from - start + i) * componentCount + k] = posterior[k * rowCount + i]!;
          }
        }
        settleFarRows(evidence, count, this.logWeights, (k, i, score) => {
          this.#router.seqLogDensity(k, this.components[k]!, columns, from + i, from + i + 1, score);
        })?.forEach((shares, i) => out.set(shares, (from - start + i) * componentCount));
      }
    });
  }

  #scoreComponents(columns: Columns, start: number, end: number, out: Float64Array, stride: number): void {
    this.components.forEach((f, k) => {
      if (this.w[k] === 0) return;
      const row = out.subarray(k * stride, k * stride + end - start);
      this.#router.seqLogDensity(k, f, columns, start, end, row);
    });
  }

  sampler(seed: Seed): Sampler<ComponentRow<Ds>> {
    const samplers = this.components.map((f, k) => f.sampler(childSeed(seed, k)));
    const rng = random(childSeed(seed, 'component'));
    // Every component draws the row type that all of them share.
    return samplerOf(() => samplers[drawIndex(rng, this.w)]!.sample() as ComponentRow<Ds>);
  }

  encoder(): Encoder<ComponentRow<Ds>, Columns> {
    return this.#router.encoder;
  }

  /** With a pseudo count, components and weights are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): MixtureEstimator<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }> {
    const estimators = this.components.map((f) => f.estimator(options));
    return new MixtureEstimator(
      overSameRows<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }>(estimators),
      options.pseudoCount === undefined ? {} : { pseudoCount: options.pseudoCount, prior: this.w },
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

/** Options of {@link MixtureEstimator}. */
export interface MixtureOptions {
  /** Imaginary rows, spread evenly over the components, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** How the imaginary rows are spread: K probabilities. Needs `pseudoCount`. */
  readonly prior?: readonly number[];
  /** Weights that are not estimated. */
  readonly fixedWeights?: readonly number[];
  /** Ties the weights, the components, or both to those of other mixtures. */
  readonly keys?: MixtureKeys;
}

/** The names of the options that all mixtures take. */
export const MIXTURE_OPTIONS: OptionNames<MixtureOptions> = {
  pseudoCount: true,
  prior: true,
  fixedWeights: true,
  keys: ['weights', 'components'],
};

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
  readonly #router: Router;
  readonly #pooling: Pooling<MixtureStatistic> | undefined;
  /** Components whose floor needs a look at all rows. */
  readonly #alone: readonly number[];

  /**
   * @param components  K >= 1 estimators over the same rows
   * @throws {ParameterError}
   */
  constructor(
    components: Es & OverSameRows<Es>,
    readonly options: MixtureOptions = {},
  ) {
    const owner = 'MixtureEstimator';
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
    this.#router = new Router('Mixture', components);
    this.#alone = aloneOfKind(components);
    this.#pooling = hiddenPoolingOf('Mixture', components, (parts) => {
      const pooled = [
        ...poolComponents(
          components,
          parts.map((part) => part.components),
        ),
      ];
      for (const [j, k] of this.#alone.entries()) {
        pooled[k] = components[k]!.pooling?.pool(parts.map(({ ofAllRows }) => ofAllRows?.[j]));
      }
      return { counts: parts[0]!.counts, components: pooled };
    });
  }

  encoder(): Encoder<ComponentRow<Es>, Columns> {
    return this.#router.encoder;
  }

  statisticLength(schema: Columns): number | undefined {
    return lengthWithChildren(this.components.length, this.#summed(), this.#schemaOf(schema));
  }

  /** The components, and once more those that are alone of their kind, for all rows. */
  #summed(): readonly AnyEstimator[] {
    return [...this.components, ...this.#alone.map((k) => this.components[k]!)];
  }

  #schemaOf(schema: Columns): (child: number) => Columns {
    const count = this.components.length;
    return (child) => this.#router.columnsOf(schema, child < count ? child : this.#alone[child - count]!);
  }

  accumulator(schema: Columns, statistic?: Float64Array): MixtureAccumulator {
    const router = this.#router;
    const count = this.components.length;
    const { own, children } = accumulatorsOf(count, this.#summed(), this.#schemaOf(schema), statistic);
    const components = router.accumulators(children.slice(0, count), schema);
    const ofAllRows = this.#alone.map((k, j) => {
      const [accumulator] = router.accumulators([children[count + j]!], schema, k);
      return { component: k, accumulator: accumulator! };
    });
    return new MixtureAccumulator(
      components,
      own,
      router.encoder,
      this.options.keys ?? {},
      ofAllRows,
      (columns, weights, draws) => bestShortRun(this, columns, weights, draws),
    );
  }

  /** A component that no weight reached keeps weight 0 and its family's parameters for no data; the report names it. */
  estimate(
    statistic: MixtureStatistic,
    report?: Report,
    pooled: MixtureStatistic | undefined = this.#pooling?.pool([statistic]),
  ): MixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }> {
    const { counts, components } = statistic;
    const models = this.components.map((estimator, k) => {
      const place = report?.at('components', k);
      if (counts[k] === 0) place?.add('dead', 'no row belongs to this component.');
      return estimator.estimate(components[k], counts[k] === 0 ? undefined : place, pooled?.components[k]);
    });
    const { fixedWeights } = this.options;
    const w = fixedWeights ?? estimateWeights(counts, this.options);
    return new MixtureDistribution(overSameRows<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>(models), { w });
  }

  get pooling(): Pooling<MixtureStatistic> | undefined {
    return this.#pooling;
  }

  get takesLabels(): boolean {
    return true;
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || anyPrior(this.components);
  }

  /** @throws {ParameterError} for a model with other weights than the fixed ones */
  parameterBlocks(model: MixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    const { keys = {}, fixedWeights } = this.options;
    checkFixed('MixtureEstimator', 'w', model.w, fixedWeights);
    const weights = { key: keys.weights, count: fixedWeights === undefined ? this.components.length - 1 : 0 };
    return [weights, ...blocksWithChildren(keys.components, [], this.components, model.components)];
  }
}
