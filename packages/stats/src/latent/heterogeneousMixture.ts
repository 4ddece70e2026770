/**
 * A mixture whose components are of different families over the same rows, a Gaussian beside an exponential, say. A row
 * outside a component's support has density 0 there and is no error, as long as one component can hold it.
 * Everything else is {@link MixtureDistribution}.
 */
import { checkEstimatorOptions } from '../checks/options.js';
import { checkDistributions, checkFields } from '../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import {
  type ComponentRow,
  MIXTURE_OPTIONS,
  MixtureDistribution,
  MixtureEstimator,
  type MixtureOptions,
} from './mixture.js';
import type { MixtureAccumulator, MixtureModel, MixtureStatistic } from './responsibilities.js';
import type { RoutedColumns } from './route.js';
import { groupEncoders, RoutedDistribution, type RoutedEncoder, RoutedEstimator } from './route.js';

/**
 * A mixture of different families.
 * @example
 * const d = new HeterogeneousMixtureDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new ExponentialDistribution({ mean: 3 })],
 *   { w: [0.5, 0.5] },
 * );
 * d.posterior(-1); // [1, 0]
 */
export class HeterogeneousMixtureDistribution<const Ds extends readonly AnyDistribution[]>
  implements Distribution<ComponentRow<Ds>, RoutedColumns>, MixtureModel
{
  static readonly typeName = 'HeterogeneousMixture';
  static readonly typeVersion = 1;
  readonly #mixture: MixtureDistribution<readonly RoutedDistribution[]>;

  /**
   * @param components  K >= 1 distributions over the same rows
   * @param options  `w`: K weights that sum to 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(
    readonly components: Ds,
    { w }: { readonly w: ArrayLike<number> },
  ) {
    checkDistributions('HeterogeneousMixtureDistribution', 'components', components);
    const { door, groupOf } = groupEncoders(components.map((component) => component.encoder()));
    const routed = components.map((component, k) => new RoutedDistribution(component, groupOf[k]!, door));
    this.#mixture = new MixtureDistribution<readonly RoutedDistribution[]>(routed, { w });
  }

  /** Weight of each component. */
  get w(): readonly number[] {
    return this.#mixture.w;
  }

  get logWeights(): Float64Array {
    return this.#mixture.logWeights;
  }

  get isUnbounded(): boolean {
    return this.#mixture.isUnbounded;
  }

  get scorers(): readonly RoutedDistribution[] {
    return this.#mixture.components;
  }

  /** The same mixture with each component behind its door. */
  get routed(): MixtureDistribution<readonly RoutedDistribution[]> {
    return this.#mixture;
  }

  logDensity(x: ComponentRow<Ds>): number {
    return this.#mixture.logDensity(x);
  }

  density(x: ComponentRow<Ds>): number {
    return this.#mixture.density(x);
  }

  /** log f_k(x) of each component, without the weights. */
  componentLogDensity(x: ComponentRow<Ds>): number[] {
    return this.#mixture.componentLogDensity(x);
  }

  /** P(component k | x). A row of density zero gets the weights `w`. */
  posterior(x: ComponentRow<Ds>): number[] {
    return this.#mixture.posterior(x);
  }

  seqLogDensity(columns: RoutedColumns, start: number, end: number, out: Float64Array): void {
    this.#mixture.seqLogDensity(columns, start, end, out);
  }

  /** Posterior probabilities of rows `[start, end)` into `out`, row-major [(end - start) × K]. */
  seqPosterior(columns: RoutedColumns, start: number, end: number, out: Float64Array): void {
    this.#mixture.seqPosterior(columns, start, end, out);
  }

  sampler(seed: Seed): Sampler<ComponentRow<Ds>> {
    // Every component draws the row type that all of them share.
    return this.#mixture.sampler(seed) as Sampler<ComponentRow<Ds>>;
  }

  encoder(): RoutedEncoder<ComponentRow<Ds>> {
    return this.#mixture.encoder() as unknown as RoutedEncoder<ComponentRow<Ds>>;
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HeterogeneousMixtureEstimator<{ readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> }> {
    const estimators = this.components.map((f) => f.estimator(options));
    return new HeterogeneousMixtureEstimator(
      estimators as unknown as { readonly [K in keyof Ds]: ReturnType<Ds[K]['estimator']> },
      options.pseudoCount === undefined ? {} : { pseudoCount: options.pseudoCount, prior: this.w },
    );
  }

  toJSON() {
    return { type: 'HeterogeneousMixture', components: this.components, w: this.w } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): HeterogeneousMixtureDistribution<readonly AnyDistribution[]> {
    const types = { components: 'array', w: 'numbers' } as const;
    const { components, w } = checkFields('HeterogeneousMixtureDistribution', fields, types);
    return new HeterogeneousMixtureDistribution(components as readonly AnyDistribution[], { w });
  }
}

/**
 * EM for mixtures of different families; see {@link MixtureEstimator} for the formulas and options.
 * @example
 * new HeterogeneousMixtureEstimator([new GaussianEstimator(), new ExponentialEstimator()]);
 */
export class HeterogeneousMixtureEstimator<const Es extends readonly AnyEstimator[]>
  implements
    Estimator<
      ComponentRow<Es>,
      HeterogeneousMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }>,
      RoutedColumns,
      MixtureStatistic
    >
{
  readonly #mixture: MixtureEstimator<readonly RoutedEstimator[]>;

  /**
   * @param components  K >= 1 estimators over the same rows
   * @throws {ParameterError}
   */
  constructor(
    readonly components: Es,
    readonly options: MixtureOptions = {},
  ) {
    checkEstimatorOptions('HeterogeneousMixtureEstimator', options, MIXTURE_OPTIONS);
    if (!Array.isArray(components) || components.length === 0) {
      const owner = 'HeterogeneousMixtureEstimator';
      throw new ParameterError(owner, 'components', 'a list of at least one estimator', components);
    }
    const { door, groupOf } = groupEncoders(components.map((component) => component.encoder()));
    const routed = components.map((component, k) => new RoutedEstimator(component, groupOf[k]!, door));
    this.#mixture = new MixtureEstimator<readonly RoutedEstimator[]>(routed, options);
  }

  encoder(): RoutedEncoder<ComponentRow<Es>> {
    return this.#mixture.encoder() as unknown as RoutedEncoder<ComponentRow<Es>>;
  }

  statisticLength(schema: RoutedColumns): number | undefined {
    return this.#mixture.statisticLength(schema);
  }

  accumulator(schema: RoutedColumns, statistic?: Float64Array): MixtureAccumulator {
    return this.#mixture.accumulator(schema, statistic);
  }

  estimate(
    statistic: MixtureStatistic,
    report?: Report,
  ): HeterogeneousMixtureDistribution<{ readonly [K in keyof Es]: ModelOf<Es[K]> }> {
    const { components, w } = this.#mixture.estimate(statistic, report);
    const inner = components.map((component) => component.inner);
    // One model per estimator, in order: the tuple of their models.
    return new HeterogeneousMixtureDistribution(inner as unknown as { readonly [K in keyof Es]: ModelOf<Es[K]> }, {
      w,
    });
  }

  get takesLabels(): boolean {
    return true;
  }

  get hasPrior(): boolean {
    return this.#mixture.hasPrior;
  }

  parameterBlocks(model: HeterogeneousMixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    return this.#mixture.parameterBlocks(model.routed);
  }
}
