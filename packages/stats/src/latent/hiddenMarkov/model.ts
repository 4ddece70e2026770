/**
 * A hidden Markov model over sequences: a chain of hidden states z_1 … z_n with initial probabilities w and transition
 * probabilities A, where each state emits items from a distribution of its own:
 * p(x_1 … x_n) = p(n) Σ_z w[z_1] f_{z_1}(x_1) Π_t A[z_{t-1}, z_t] f_{z_t}(x_t). Fitted by Baum-Welch (EM).
 * Model and estimator stand in one file, as each makes the other; what their members compute has files of its own beside it.
 * Source: Rabiner, A tutorial on hidden Markov models (1989).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkDistributions, checkEstimators } from '../../checks/parameters.js';
import type { ListSamplerOptions } from '../../combinators/lengthModel.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import { SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
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
import { exp } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { ItemEstimators } from '../itemEstimators.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { Router } from '../route.js';
import type { RoutedEncoder } from '../routedColumns.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from '../sharedRows.js';
import { bayesOfHiddenMarkov, type HiddenMarkovPosterior } from './bayes.js';
import { type Chain, chainOf } from './chain.js';
import { estimateEmissions, poolingOfEmissions } from './emissions.js';
import { EndedLengthEncoder } from './ends.js';
import type { HiddenMarkovModel, HiddenMarkovStatistic } from './forwardBackward.js';
import { HiddenMarkovAccumulator, scoreSequences } from './forwardBackward.js';
import { ForwardMemory } from './forwardMemory.js';
import { ended, forwardOf, logEmissionOf, needsItem } from './inference.js';
import { listSampler } from './listSampler.js';
import { checkHiddenMarkovOptions, type HiddenMarkovOptions } from './options.js';
import { checkedParameters, type HiddenMarkovParameters, parametersFromJSON } from './parameters.js';
import type { StatePath } from './paths.js';
import {
  bestStatePaths,
  expectedSteps,
  filteredStates,
  forecastStates,
  type HiddenMarkovPathOptions,
  itemScores,
  occupancyOf,
  pathsWith,
  smoothedStates,
  statePathSampler,
  viterbiStates,
} from './queries.js';
import { checkTerminalValues, type SampledPath } from './sampling.js';
import { startsOf } from './segmentRuns.js';
import { smoothSequences } from './smoothing.js';
import { meanStays, stationaryDistribution } from './stationary.js';
import { hasImaginary } from './tablePrior.js';
import { checkTables, estimateTables, hasEnds, tableBlocks, tablesTowards } from './tables.js';

type AnyHiddenMarkov = HiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution>;

/** The row of a hidden Markov model: a list of what the states emit. */
export type EmissionRow<Es extends readonly unknown[]> = readonly RowOf<Es[number]>[];

/**
 * A hidden Markov model.
 * @example
 * const hmm = new HiddenMarkovDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 5, sigma2: 1 })],
 *   { w: [0.5, 0.5], transitions: [[0.9, 0.1], [0.2, 0.8]] },
 * );
 * hmm.viterbi([0.1, -0.3, 5.2]); // [0, 0, 1]
 */
export class HiddenMarkovDistribution<
    const Ds extends readonly AnyDistribution[],
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<EmissionRow<Ds>, SequenceColumns>, HiddenMarkovModel
{
  static readonly typeName = 'HiddenMarkov';
  static readonly typeVersion = 1;
  readonly emissions: Ds;
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly length: L;
  readonly terminalValues: readonly unknown[];
  readonly #end: readonly number[] | undefined;
  readonly #chain: Chain;
  readonly #isUnbounded: boolean;
  readonly #router: Router;
  readonly #memory = new ForwardMemory();

  /**
   * @param emissions  S >= 1 distributions over the same items
   * @throws {ParameterError}
   */
  constructor(emissions: Ds & OverSameRows<Ds>, parameters: HiddenMarkovParameters<L>) {
    super();
    const owner = 'HiddenMarkovDistribution';
    checkDistributions(owner, 'emissions', emissions);
    checkSharedRows(owner, 'emissions', emissions);
    this.emissions = emissions;
    const { w, transitions, length, end, terminalValues = [] } = checkedParameters(owner, emissions.length, parameters);
    this.w = w;
    this.transitions = transitions;
    this.length = length;
    this.#end = end;
    this.#chain = chainOf(w, transitions, end);
    this.#router = new Router('HiddenMarkov', emissions);
    this.terminalValues = checkTerminalValues(owner, terminalValues, () => this.#router.encoder);
    this.#isUnbounded = length.isUnbounded === true || emissions.some((emission) => emission.isUnbounded === true);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** P(the list ends | state of its last item): S numbers; `undefined` where states do not end lists. */
  get end(): readonly number[] | undefined {
    return this.#end;
  }

  /** The tables, as the passes over lists read them. */
  get chain(): Chain {
    return this.#chain;
  }

  /** Encodes items. */
  get items(): RoutedEncoder<unknown> {
    return this.#router.encoder;
  }

  /** NaN for anything but a list. */
  logDensity(x: EmissionRow<Ds>): number {
    if (!Array.isArray(x)) return Number.NaN;
    if (x.length === 0 && needsItem(this.chain)) return -Infinity;
    const { evidence } = forwardOf(this.chain, ended(this.chain, logEmissionOf(this.emissions, x), x.length), x.length);
    return addLogs(evidence, this.length.logDensity(x.length));
  }

  density(x: EmissionRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(state at t | x_1 … x_t): a row of S numbers per item. All 0 for an impossible sequence.
   * @throws {ParameterError} for an item that no state can score
   */
  filtered(x: EmissionRow<Ds>): number[][] {
    return filteredStates(this, x);
  }

  /**
   * Smoothed probabilities P(state at t | x_1 … x_n): a row of S numbers per item. All 0 for an impossible sequence.
   * @throws {ParameterError} for an item that no state can score
   */
  posterior(x: EmissionRow<Ds>): number[][] {
    return smoothedStates(this, x);
  }

  /**
   * The most probable path of states; ties go to the lower state.
   * @throws {ParameterError} for a list that no path of states gives, naming the first item at which none is left
   */
  viterbi(x: EmissionRow<Ds>): number[] {
    return viterbiStates(this, x);
  }

  /**
   * The `count` most probable paths of states, the best first, each with log p(path, list) without the length; fewer where
   * fewer are possible, and none for an impossible list.
   * @throws {ParameterError} for an item that no state can score, or a count that is not an integer >= 0
   */
  bestPaths(x: EmissionRow<Ds>, count: number): StatePath[] {
    return bestStatePaths(this, x, count);
  }

  /**
   * Draws paths of states from P(path | list).
   * @throws {ParameterError} for an item that no state can score, and for an impossible list
   */
  sampleGiven(x: EmissionRow<Ds>, seed: Seed): Sampler<number[]> {
    return statePathSampler(this, x, seed);
  }

  /**
   * Expected steps from state to state in a list: S rows of S numbers that sum to n - 1. All 0 for an impossible list.
   * @throws {ParameterError} for an item that no state can score
   */
  expectedTransitions(x: EmissionRow<Ds>): number[][] {
    return expectedSteps(this, x);
  }

  /**
   * log p(x_t | x_1 … x_t-1) of each item, the end of the list with the last; they and that of the length sum to `logDensity`.
   * @throws {ParameterError} for an item that no state can score
   */
  itemLogDensities(x: EmissionRow<Ds>): number[] {
    return itemScores(this, x);
  }

  /**
   * The distribution of the item `steps` after a history (1: the next one), given that the list goes on for so long: a mixture of
   * the emissions by the probabilities of their states. An empty history is one, too.
   * @throws {ParameterError} for a history that is impossible or cannot go on, and a number of steps that is not an integer >= 1
   */
  forecast(history: EmissionRow<Ds>, steps = 1): MixtureDistribution<Ds> {
    return new MixtureDistribution<Ds>(overSameRows<Ds>(this.emissions), { w: forecastStates(this, history, steps) });
  }

  /** Expected share of the items of these lists that each state has. @throws {ParameterError} for an item that no state can score */
  occupancy(lists: readonly EmissionRow<Ds>[]): number[] {
    return occupancyOf(this, lists);
  }

  /** Expected number of items that the chain stays in each state, once it is there; Infinity where it is never left. */
  get meanDurations(): number[] {
    return meanStays(this.transitions, this.end);
  }

  /** Share of the items that each state has in a long list. @throws {ParameterError} where it depends on the first state */
  stationary(): number[] {
    return stationaryDistribution('HiddenMarkovDistribution.stationary', this.transitions);
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreSequences(this, columns, start, end, out, this.#memory);
  }

  /**
   * {@link posterior} of the items of the lists `[start, end)` in one pass, item by item.
   * @param out  [items × S]
   * @param evidence  receives log p(list) of each list
   */
  seqPosterior(columns: SequenceColumns, start: number, end: number, out: Float64Array, evidence: Float64Array): void {
    smoothSequences(this, columns, start, end, out, evidence);
  }

  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void {
    this.#router.seqLogDensity(s, this.emissions[s]!, items, start, end, out);
  }

  /**
   * Draws a length and then that many items; or items until the state ends the list, or until a terminal value comes.
   * @param options  `length`: items of every list. Where states end lists: of those that have so many
   * @throws {ParameterError} when nothing ends lists: no length, no end and no terminal value, or a state that none ends after; for a
   *   length that no list has, and one beside terminal values
   */
  sampler(seed: Seed, options: ListSamplerOptions = {}): Sampler<EmissionRow<Ds>> {
    const paths = listSampler('HiddenMarkovDistribution', this, seed, options);
    // Items of the emissions, which is what the row of this model is made of.
    return samplerOf(() => paths.sample().items as EmissionRow<Ds>);
  }

  /**
   * Draws lists together with the states of their items; or, after a list or an item of a state, what follows it. Without options
   * the lists are those of {@link sampler}.
   * @throws {ParameterError} as {@link sampler}, and for a history that is impossible or cannot go on
   */
  pathSampler(
    seed: Seed,
    options: HiddenMarkovPathOptions<RowOf<Ds[number]>> = {},
  ): Sampler<SampledPath<RowOf<Ds[number]>>> {
    return pathsWith(this, seed, options) as Sampler<SampledPath<RowOf<Ds[number]>>>;
  }

  encoder(): SequenceEncoder<RowOf<Ds[number]>> {
    return new SequenceEncoder(this.#router.encoder, this.length.encoder(), 'HiddenMarkov');
  }

  /** With a pseudo count, emissions, length, initial and transition probabilities are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HiddenMarkovEstimator<{ readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> }, ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('HiddenMarkovDistribution', options);
    const emissions = this.emissions.map((emission) => emission.estimator(options));
    return new HiddenMarkovEstimator(
      overSameRows<{ readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> }>(emissions),
      {
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        terminalValues: this.terminalValues,
        ...tablesTowards(this, pseudoCount),
      },
    );
  }

  /** Of some values of each item, without the terminal values: the states are the same. */
  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    const emissions = this.emissions.map((emission) => of(emission, steps));
    return withEmissions(emissions, this);
  }

  toJSON() {
    const { emissions, w, transitions, length, terminalValues, end } = this;
    return { type: 'HiddenMarkov', emissions, w, transitions, length, terminalValues, ...(end && { end }) } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): AnyHiddenMarkov {
    const { emissions, parameters } = parametersFromJSON('HiddenMarkovDistribution', fields);
    return new this(emissions, parameters);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function withEmissions(
  emissions: readonly AnyDistribution[],
  model: Omit<AnyHiddenMarkov, 'emissions'>,
): AnyHiddenMarkov {
  const { w, transitions, length, end } = model;
  return new HiddenMarkovDistribution(emissions, { w, transitions, length, end });
}

/**
 * Baum-Welch: w and A are relative frequencies of the expected counts; emissions are estimated from all items, weighted by
 * the probability of their state. `new IgnoredEstimator(f)` as an emission leaves it as it is.
 * @example
 * const e = new GaussianEstimator();
 * optimize([[0.1, 5.2, 4.9], [0.3, -0.2]], new HiddenMarkovEstimator([e, e])).model.transitions;
 */
export class HiddenMarkovEstimator<const Es extends readonly AnyEstimator[], L extends AnyEstimator = NullEstimator>
  implements
    Estimator<
      EmissionRow<Es>,
      HiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<L>>,
      SequenceColumns,
      HiddenMarkovStatistic
    >
{
  readonly emissions: Es;
  readonly #items: ItemEstimators;
  readonly #pooling: Pooling<HiddenMarkovStatistic> | undefined;

  /**
   * @param emissions  S >= 1 estimators over the same items
   * @throws {ParameterError}
   */
  constructor(
    emissions: Es & OverSameRows<Es>,
    readonly options: HiddenMarkovOptions<L> = {},
  ) {
    const owner = 'HiddenMarkovEstimator';
    checkEstimators(owner, 'emissions', emissions);
    checkSharedEncoders(owner, 'emissions', emissions);
    this.emissions = emissions;
    checkHiddenMarkovOptions(owner, options, emissions.length);
    this.#items = new ItemEstimators('HiddenMarkov', emissions, options.length);
    if (options.terminalValues !== undefined) {
      checkTerminalValues(owner, options.terminalValues, () => this.#items.router.encoder);
    }
    this.#pooling = poolingOfEmissions(emissions);
  }

  encoder(): SequenceEncoder<RowOf<Es[number]>> {
    const length = hasEnds(this.options) ? new EndedLengthEncoder() : this.#items.length.encoder();
    return new SequenceEncoder(this.#items.router.encoder, length, 'HiddenMarkov');
  }

  #ownLength(): number {
    return this.emissions.length * (this.emissions.length + (hasEnds(this.options) ? 3 : 1));
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return this.#items.statisticLength(this.#ownLength(), schema);
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): HiddenMarkovAccumulator {
    const { own, items, length } = this.#items.accumulators(this.#ownLength(), schema, statistic);
    return new HiddenMarkovAccumulator(items, length, own, this.options.keys ?? {}, ...startsOf(this));
  }

  /** A state that was never left keeps its row of transitions; from a start it gets an even one. */
  estimate(
    statistic: HiddenMarkovStatistic,
    report?: Report,
    pooled: HiddenMarkovStatistic | undefined = this.#pooling?.pool([statistic]),
  ): HiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<L>> {
    const tables = estimateTables(statistic, this.options, report);
    const models = estimateEmissions(this.emissions, statistic, report, pooled);
    return new HiddenMarkovDistribution(overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(models), {
      ...tables,
      length: this.#items.length.estimate(statistic.length, report?.at('length')) as ModelOf<L>,
      terminalValues: this.options.terminalValues ?? [],
    });
  }

  get pooling(): Pooling<HiddenMarkovStatistic> | undefined {
    return this.#pooling;
  }

  /** Where an emission or the length has a prior that is a distribution, or the tables imaginary counts. */
  get bayes():
    | Bayes<
        HiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<L>>,
        HiddenMarkovStatistic,
        HiddenMarkovPosterior<{ readonly [S in keyof Es]: PosteriorOf<Es[S]> }, PosteriorOf<L>>,
        SequenceColumns
      >
    | undefined {
    const { terminalValues = [] } = this.options;
    return bayesOfHiddenMarkov({
      emissions: this.emissions,
      length: this.#items.length,
      router: this.#items.router,
      options: this.options,
      pool: (statistic) => this.#pooling?.pool([statistic]),
      modelOf: (models, tables, length) =>
        new HiddenMarkovDistribution(overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(models), {
          ...tables,
          length: length as ModelOf<L>,
          terminalValues,
        }),
      withPrior: (emissions, options) => another(emissions, options),
    });
  }

  get hasPrior(): boolean {
    return hasImaginary(this.options) || this.#items.hasPrior;
  }

  /** @throws {ParameterError} for a model whose tables this estimator cannot make */
  parameterBlocks(model: AnyHiddenMarkov): readonly ParameterBlock[] {
    const { keys = {} } = this.options;
    checkTables('HiddenMarkovEstimator', this.options, model);
    return [
      ...tableBlocks(this.options, keys, model),
      ...this.#items.parameterBlocks(keys.emissions, model.emissions, model.length),
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(emissions: readonly AnyEstimator[], options: HiddenMarkovOptions): AnyEstimator {
  return new HiddenMarkovEstimator(overSameRows<readonly AnyEstimator[]>(emissions), options);
}
