/**
 * A hidden semi-Markov model over lists: segments of one hidden state each, whose numbers of items have distributions of their own.
 * The first segment begins with the list; the last one is cut off by its end, so that it counts with P(duration >= its items):
 * p(x_1 … x_n) = p(n) Σ w[s_1] Π_j A[s_{j-1}, s_j] g_{s_j}(d_j) Π f_{s_j}(x), over all segments, with P(d >= d_j) for the last g.
 * Durations are 1 … D. Fitted by EM.
 * Source: Guédon, Estimating hidden semi-Markov chains from discrete sequences (2003); Yu, Hidden semi-Markov models (2010).
 */
import { pseudoCountOf } from '../../checks/options.js';
import { checkDistributions, checkEstimators } from '../../checks/parameters.js';
import { type ListSamplerOptions, lengthEstimator } from '../../combinators/lengthModel.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Seed,
  Step,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp } from '../../numeric/elementary.js';
import { anyPrior, blocksWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import type { EmissionRow } from '../hiddenMarkov/model.js';
import { hasImaginary } from '../hiddenMarkov/tablePrior.js';
import { checkTables, estimateTables, tableBlocks } from '../hiddenMarkov/tables.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { Router } from '../route.js';
import type { RoutedEncoder } from '../routedColumns.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from '../sharedRows.js';
import {
  type HiddenSemiMarkovAccumulator,
  type HiddenSemiMarkovModel,
  type HiddenSemiMarkovStatistic,
  SegmentMemory,
  scoreLists,
} from './accumulator.js';
import { type SegmentedColumns, SegmentedEncoder } from './columns.js';
import {
  checkedParameters,
  checkSegmentOptions,
  type HiddenSemiMarkovOptions,
  type HiddenSemiMarkovParameters,
  optionsTowards,
  parametersFromJSON,
  withOtherStates,
} from './parameters.js';
import {
  bestPathsOf,
  filteredStates,
  forecastStates,
  listEvidence,
  mostProbableSegments,
  segmentedSampler,
  smoothedStates,
  statePathSampler,
} from './queries.js';
import { SegmentEstimators } from './segmentEstimators.js';
import type { SegmentChain } from './segments.js';
import { smoothLists } from './smoothing.js';
import { type Segment, type SegmentedPath, statesOfSegments } from './viterbi.js';

type Distributions = readonly AnyDistribution[];

/**
 * A hidden semi-Markov model.
 * @example
 * const model = new HiddenSemiMarkovDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 5, sigma2: 1 })],
 *   [new PoissonDistribution({ lambda: 3 }), new PoissonDistribution({ lambda: 8 })],
 *   { w: [0.5, 0.5], transitions: [[0, 1], [1, 0]], maxDuration: 40, shift: 1 },
 * );
 * model.segments([0.1, -0.3, 5.2]); // [{ state: 0, start: 0, end: 2 }, { state: 1, start: 2, end: 3 }]
 */
export class HiddenSemiMarkovDistribution<
    const Ds extends Distributions,
    const Gs extends Distributions,
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<EmissionRow<Ds>, SegmentedColumns>, HiddenSemiMarkovModel
{
  static readonly typeName = 'HiddenSemiMarkov';
  static readonly typeVersion = 1;
  readonly emissions: Ds;
  readonly durations: Gs;
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly maxDuration: number;
  readonly shift: readonly number[];
  readonly length: L;
  readonly #chain: SegmentChain;
  readonly #router: Router;
  readonly #memory = new SegmentMemory();

  /**
   * @param emissions  S >= 1 distributions over the same items
   * @param durations  S distributions over integers: of the number of items of a segment, less `shift`
   * @throws {ParameterError} also where a segment may have no items
   */
  constructor(emissions: Ds & OverSameRows<Ds>, durations: Gs, parameters: HiddenSemiMarkovParameters<L>) {
    super();
    const owner = 'HiddenSemiMarkovDistribution';
    checkDistributions(owner, 'emissions', emissions);
    checkSharedRows(owner, 'emissions', emissions);
    checkDistributions(owner, 'durations', durations);
    const checked = checkedParameters(owner, durations, emissions.length, parameters);
    this.emissions = emissions;
    this.durations = durations;
    this.w = checked.w;
    this.transitions = checked.transitions;
    this.maxDuration = checked.maxDuration;
    this.shift = checked.shift;
    this.length = checked.length;
    this.#chain = checked.chain;
    this.#router = new Router('HiddenSemiMarkov', emissions);
  }

  get isUnbounded(): boolean {
    return [...this.emissions, this.length].some((part) => part.isUnbounded === true);
  }

  /** The tables, as the passes over lists read them. */
  get chain(): SegmentChain {
    return this.#chain;
  }

  /** Encodes items. */
  get items(): RoutedEncoder<unknown> {
    return this.#router.encoder;
  }

  /** NaN for anything but a list. */
  logDensity(x: EmissionRow<Ds>): number {
    return Array.isArray(x) ? listEvidence(this, x) : Number.NaN;
  }

  density(x: EmissionRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(state at t | x_1 … x_t): a row of S numbers per item. All 0 for an impossible list.
   * @throws {ParameterError} for an item that no state can score
   */
  filtered(x: EmissionRow<Ds>): number[][] {
    return filteredStates(this, x);
  }

  /**
   * Smoothed probabilities P(state at t | x_1 … x_n): a row of S numbers per item. All 0 for an impossible list.
   * @throws {ParameterError} for an item that no state can score
   */
  posterior(x: EmissionRow<Ds>): number[][] {
    return smoothedStates(this, x);
  }

  /**
   * The most probable segments; ties go to the lower state, then to the shorter last segment.
   * @throws {ParameterError} for an item that no state can score, and for an impossible list
   */
  segments(x: EmissionRow<Ds>): readonly Segment[] {
    return mostProbableSegments(this, 'segments', x).segments;
  }

  /** The states of the items by {@link segments}. @throws {ParameterError} as there */
  viterbi(x: EmissionRow<Ds>): number[] {
    return statesOfSegments(mostProbableSegments(this, 'viterbi', x).segments);
  }

  /**
   * The `count` most probable cuts into segments, the best first, each with the states of the items and log p(segments, list) without
   * the length; fewer where fewer are possible, and none for an impossible list.
   * @throws {ParameterError} for an item that no state can score, or a count that is not an integer >= 0
   */
  bestPaths(x: EmissionRow<Ds>, count: number): SegmentedPath[] {
    return bestPathsOf(this, x, count);
  }

  /**
   * Draws the states of the items from P(states | list).
   * @throws {ParameterError} for an item that no state can score, and for an impossible list
   */
  sampleGiven(x: EmissionRow<Ds>, seed: Seed): Sampler<number[]> {
    return statePathSampler(this, x, seed);
  }

  /**
   * The distribution of the item `steps` after a history (1: the next one), given that the list goes on for so long: a mixture of
   * the emissions by the probabilities of their states. An empty history is one, too.
   * @throws {ParameterError} for a history that is impossible or cannot go on, and a number of steps that is not an integer >= 1
   */
  forecast(history: EmissionRow<Ds>, steps = 1): MixtureDistribution<Ds> {
    return new MixtureDistribution<Ds>(overSameRows<Ds>(this.emissions), { w: forecastStates(this, history, steps) });
  }

  seqLogDensity(columns: SegmentedColumns, start: number, end: number, out: Float64Array): void {
    scoreLists(this, columns, start, end, out, this.#memory);
  }

  /** {@link posterior} of the items of the lists `[start, end)` in one pass, and log p(list) of each list. */
  seqPosterior(columns: SegmentedColumns, start: number, end: number, out: Float64Array, evidence: Float64Array): void {
    smoothLists(this, columns, start, end, out, evidence);
  }

  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void {
    this.#router.seqLogDensity(s, this.emissions[s]!, items, start, end, out);
  }

  /**
   * Draws a length and then segments until there are so many items.
   * @param options  `length`: items of every list, in place of the model of the length
   * @throws {ParameterError} without a length or a distribution of it
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<EmissionRow<Ds>> {
    // Items of the emissions, which is what the row of this model is made of.
    return segmentedSampler(this, seed, options) as unknown as Sampler<EmissionRow<Ds>>;
  }

  encoder(): SegmentedEncoder<RowOf<Ds[number]>> {
    const durations = this.durations.map((family) => family.encoder());
    return new SegmentedEncoder(this.items, this.length.encoder(), durations, this.shift, this.maxDuration);
  }

  /** With a pseudo count, all parts are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HiddenSemiMarkovEstimator<
    { readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> },
    { readonly [S in keyof Gs]: ReturnType<Gs[S]['estimator']> },
    ReturnType<L['estimator']>
  > {
    const pseudoCount = pseudoCountOf('HiddenSemiMarkovDistribution', options);
    type Emissions = { readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> };
    return new HiddenSemiMarkovEstimator(
      overSameRows<Emissions>(this.emissions.map((part) => part.estimator(options))),
      this.durations.map((part) => part.estimator(options)) as unknown as {
        readonly [S in keyof Gs]: ReturnType<Gs[S]['estimator']>;
      },
      {
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        ...optionsTowards(this, pseudoCount),
      },
    );
  }

  /** Of some values of each item: the states are the same. */
  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    const emissions = this.emissions.map((emission) => of(emission, steps));
    return withEmissions(emissions, this);
  }

  toJSON() {
    const { emissions, durations, w, transitions, maxDuration, shift, length } = this;
    return { type: 'HiddenSemiMarkov', emissions, durations, w, transitions, maxDuration, shift, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): HiddenSemiMarkovDistribution<Distributions, Distributions, AnyDistribution> {
    const { emissions, durations, parameters } = parametersFromJSON('HiddenSemiMarkovDistribution', fields);
    return new this(emissions, durations, parameters);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function withEmissions(
  emissions: Distributions,
  model: HiddenSemiMarkovDistribution<Distributions, Distributions, AnyDistribution>,
): AnyDistribution {
  return new HiddenSemiMarkovDistribution(emissions, model.durations, model);
}

/**
 * EM: w and A are relative frequencies of the expected first states and steps between segments; emissions are estimated from all
 * items, weighted by the probability of their state, and durations by their own estimators from the expected number of segments of
 * each duration. A segment that the end of a list cut off counts for all durations that it may have reached.
 * @example
 * const e = new GaussianEstimator();
 * const d = new NegativeBinomialEstimator();
 * const estimator = new HiddenSemiMarkovEstimator([e, e], [d, d], { maxDuration: 50, shift: 1 });
 * optimize([[0.1, 0.2, 5.2, 4.9], [5.1, 0.3, -0.2]], estimator, { seed: 1 }).model.durations;
 */
export class HiddenSemiMarkovEstimator<
  const Es extends readonly AnyEstimator[],
  const Gs extends readonly AnyEstimator[],
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      EmissionRow<Es>,
      HiddenSemiMarkovDistribution<
        { readonly [S in keyof Es]: ModelOf<Es[S]> },
        { readonly [S in keyof Gs]: ModelOf<Gs[S]> },
        ModelOf<L>
      >,
      SegmentedColumns,
      HiddenSemiMarkovStatistic
    >
{
  readonly emissions: Es;
  readonly durations: Gs;
  readonly #shift: readonly number[];
  readonly #parts: SegmentEstimators;

  /**
   * @param emissions  S >= 1 estimators over the same items
   * @param durations  S estimators over integers
   * @throws {ParameterError}
   */
  constructor(
    emissions: Es & OverSameRows<Es>,
    durations: Gs,
    readonly options: HiddenSemiMarkovOptions<L>,
  ) {
    const owner = 'HiddenSemiMarkovEstimator';
    checkEstimators(owner, 'emissions', emissions);
    checkSharedEncoders(owner, 'emissions', emissions);
    checkEstimators(owner, 'durations', durations);
    this.#shift = checkSegmentOptions(owner, options, emissions.length);
    if (durations.length !== emissions.length) {
      throw new ParameterError(owner, 'durations', `${emissions.length} estimators, one for each state`, durations);
    }
    for (const [s, family] of durations.entries()) lengthEstimator(owner, family, `durations[${s}]`);
    this.emissions = emissions;
    this.durations = durations;
    this.#parts = new SegmentEstimators(emissions, durations, lengthEstimator(owner, options.length));
  }

  encoder(): SegmentedEncoder<RowOf<Es[number]>> {
    return this.#parts.encoder(this.#shift, this.options.maxDuration) as SegmentedEncoder<RowOf<Es[number]>>;
  }

  statisticLength(schema: SegmentedColumns): number | undefined {
    return this.#parts.statisticLength(schema);
  }

  accumulator(schema: SegmentedColumns, statistic?: Float64Array): HiddenSemiMarkovAccumulator {
    return this.#parts.accumulator(schema, statistic, this.options.keys ?? {});
  }

  /** A state after which no segment came keeps its row of the tables; from a start it gets an even one. */
  estimate(
    statistic: HiddenSemiMarkovStatistic,
    report?: Report,
    pooled: HiddenSemiMarkovStatistic | undefined = this.pooling?.pool([statistic]),
  ): HiddenSemiMarkovDistribution<
    { readonly [S in keyof Es]: ModelOf<Es[S]> },
    { readonly [S in keyof Gs]: ModelOf<Gs[S]> },
    ModelOf<L>
  > {
    const tables = estimateTables(statistic, withOtherStates(this.options, this.emissions.length), report);
    const emissions = this.#parts.estimate('emissions', statistic, report, pooled?.emissions);
    const durations = this.#parts.estimate('durations', statistic, report, undefined);
    return new HiddenSemiMarkovDistribution(
      overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(emissions),
      durations as unknown as { readonly [S in keyof Gs]: ModelOf<Gs[S]> },
      {
        w: tables.w,
        transitions: tables.transitions,
        maxDuration: this.options.maxDuration,
        shift: this.#shift,
        length: this.#parts.length.estimate(statistic.length, report?.at('length')) as ModelOf<L>,
      },
    );
  }

  get pooling(): Pooling<HiddenSemiMarkovStatistic> | undefined {
    return this.#parts.pooling;
  }

  get hasPrior(): boolean {
    return hasImaginary(this.options) || anyPrior(this.#parts.children);
  }

  /** @throws {ParameterError} for a model whose tables this estimator cannot make */
  parameterBlocks(
    model: HiddenSemiMarkovDistribution<Distributions, Distributions, AnyDistribution>,
  ): readonly ParameterBlock[] {
    const { keys = {} } = this.options;
    const options = withOtherStates(this.options, this.emissions.length);
    checkTables('HiddenSemiMarkovEstimator', options, model);
    return [
      ...tableBlocks(options, keys, model),
      ...blocksWithChildren(keys.emissions, [], this.emissions, model.emissions),
      ...blocksWithChildren(keys.durations, [], this.durations, model.durations),
      ...blocksWithChildren(undefined, [], [this.#parts.length], [model.length]),
    ];
  }
}
