/**
 * A hidden semi-Markov model over lists: segments of one hidden state each, whose numbers of items have distributions of their own.
 * The first segment begins with the list; the last one is cut off by its end, so that it counts with P(duration >= its items):
 * p(x_1 … x_n) = p(n) Σ w[s_1] Π_j A[s_{j-1}, s_j] g_{s_j}(d_j) Π f_{s_j}(x), over all segments, with P(d >= d_j) for the last g.
 * Durations are 1 … D. Fitted by EM.
 * Source: Guédon, Estimating hidden semi-Markov chains from discrete sequences (2003); Yu, Hidden semi-Markov models (2010).
 */
import { checkDistributions, checkEstimators } from '../../checks/parameters.js';
import { lengthEstimator } from '../../combinators/lengthModel.js';
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
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp } from '../../numeric/elementary.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import type { EmissionRow } from '../hiddenMarkov/model.js';
import { mixtureStates } from '../hiddenMarkov/start.js';
import { hasImaginary } from '../hiddenMarkov/tablePrior.js';
import { checkTables, estimateTables, tableBlocks, tablesTowards } from '../hiddenMarkov/tables.js';
import { Router } from '../route.js';
import type { RoutedEncoder } from '../routedColumns.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from '../sharedRows.js';
import {
  HiddenSemiMarkovAccumulator,
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
  parametersFromJSON,
  withOtherStates,
} from './parameters.js';
import { listEvidence, mostProbableSegments, segmentedSampler, smoothedStates } from './queries.js';
import type { SegmentChain } from './segments.js';
import type { Segment } from './viterbi.js';

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

  /** The tables by their logarithms, as the passes over lists read them. */
  get chain(): SegmentChain {
    return this.#chain;
  }

  /** P(first state), [S]. */
  get first(): Float64Array {
    return Float64Array.from(this.w);
  }

  /** P(state of the next segment | state), row-major [S × S]. */
  get steps(): Float64Array {
    return Float64Array.from(this.transitions.flat());
  }

  /** Encodes items. */
  get items(): RoutedEncoder<unknown> {
    return this.#router.encoder;
  }

  /** NaN for what is no list. */
  logDensity(x: EmissionRow<Ds>): number {
    return Array.isArray(x) ? listEvidence(this, x) : Number.NaN;
  }

  density(x: EmissionRow<Ds>): number {
    return exp(this.logDensity(x));
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
    const { segments } = mostProbableSegments(this, 'viterbi', x);
    return segments.flatMap(({ state, start, end }) => new Array<number>(end - start).fill(state));
  }

  seqLogDensity(columns: SegmentedColumns, start: number, end: number, out: Float64Array): void {
    scoreLists(this, columns, start, end, out, this.#memory);
  }

  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void {
    this.#router.seqLogDensity(s, this.emissions[s]!, items, start, end, out);
  }

  /** Draws a length and then segments until there are so many items. @throws {ParameterError} without a length distribution */
  sampler(seed: Seed): Sampler<EmissionRow<Ds>> {
    // Items of the emissions, which is what the row of this model is made of.
    return segmentedSampler(this, seed) as unknown as Sampler<EmissionRow<Ds>>;
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
    type Emissions = { readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> };
    const hasOwn = this.transitions.some((row, s) => row[s]! > 0);
    const all = { allowed: { transitions: this.transitions.map((row) => row.map(() => true)) } };
    return new HiddenSemiMarkovEstimator(
      overSameRows<Emissions>(this.emissions.map((part) => part.estimator(options))),
      this.durations.map((part) => part.estimator(options)) as unknown as {
        readonly [S in keyof Gs]: ReturnType<Gs[S]['estimator']>;
      },
      {
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        maxDuration: this.maxDuration,
        shift: this.shift,
        ...tablesTowards({ w: this.w, transitions: this.transitions }, options.pseudoCount ?? 0),
        ...(hasOwn ? all : {}),
      },
    );
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
  readonly #length: AnyEstimator;
  readonly #shift: readonly number[];
  readonly #router: Router;
  readonly #pooling: Pooling<HiddenSemiMarkovStatistic> | undefined;

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
    this.#length = lengthEstimator(owner, options.length);
    this.#router = new Router('HiddenSemiMarkov', emissions);
    this.#pooling = hiddenPoolingOf('HiddenSemiMarkov', emissions, (parts) => ({
      ...parts[0]!,
      emissions: poolComponents(
        emissions,
        parts.map((part) => part.emissions),
      ),
    }));
  }

  get #children(): readonly AnyEstimator[] {
    return [...this.emissions, ...this.durations, this.#length];
  }

  #schemaOf({ items, durations, lengths }: SegmentedColumns): (child: number) => Columns {
    const { length } = this.emissions;
    return (child) => {
      if (child < length) return this.#router.columnsOf(items, child);
      return child < 2 * length ? durations[child - length]!.columns : lengths;
    };
  }

  encoder(): SegmentedEncoder<RowOf<Es[number]>> {
    const durations = this.durations.map((family) => family.encoder());
    const { maxDuration } = this.options;
    return new SegmentedEncoder(this.#router.encoder, this.#length.encoder(), durations, this.#shift, maxDuration);
  }

  statisticLength(schema: SegmentedColumns): number | undefined {
    const { length } = this.emissions;
    return lengthWithChildren(length * (length + 1), this.#children, this.#schemaOf(schema));
  }

  accumulator(schema: SegmentedColumns, statistic?: Float64Array): HiddenSemiMarkovAccumulator {
    const { length } = this.emissions;
    const made = accumulatorsOf(length * (length + 1), this.#children, this.#schemaOf(schema), statistic);
    return new HiddenSemiMarkovAccumulator(
      this.#router.accumulators(made.children.slice(0, length), schema.items),
      made.children.slice(length, 2 * length),
      made.children[2 * length]!,
      made.own,
      this.options.keys ?? {},
      mixtureStates(this.emissions),
    );
  }

  /** A state after which no segment came keeps its row of the tables; from a start it gets an even one. */
  estimate(
    statistic: HiddenSemiMarkovStatistic,
    report?: Report,
    pooled: HiddenSemiMarkovStatistic | undefined = this.#pooling?.pool([statistic]),
  ): HiddenSemiMarkovDistribution<
    { readonly [S in keyof Es]: ModelOf<Es[S]> },
    { readonly [S in keyof Gs]: ModelOf<Gs[S]> },
    ModelOf<L>
  > {
    const { initial, transitions } = statistic;
    const stateCount = this.emissions.length;
    const tables = estimateTables(statistic, withOtherStates(this.options, stateCount), report);
    const isReached = (s: number) => initial[s]! > 0 || initial.some((_, r) => transitions[r * stateCount + s]! > 0);
    const partsOf = (name: 'emissions' | 'durations', parts: readonly unknown[] | undefined) =>
      this[name].map((part, s) => {
        const place = report?.at(name, s);
        if (!isReached(s) && name === 'emissions') place?.add('dead', 'no item belongs to this state.');
        return part.estimate(statistic[name][s], isReached(s) ? place : undefined, parts?.[s]);
      });
    return new HiddenSemiMarkovDistribution(
      overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(partsOf('emissions', pooled?.emissions)),
      partsOf('durations', undefined) as unknown as { readonly [S in keyof Gs]: ModelOf<Gs[S]> },
      {
        w: tables.w,
        transitions: tables.transitions,
        maxDuration: this.options.maxDuration,
        shift: this.#shift,
        length: this.#length.estimate(statistic.length, report?.at('length')) as ModelOf<L>,
      },
    );
  }

  get pooling(): Pooling<HiddenSemiMarkovStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return hasImaginary(this.options) || anyPrior(this.#children);
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
      ...blocksWithChildren(undefined, [], [this.#length], [model.length]),
    ];
  }
}
