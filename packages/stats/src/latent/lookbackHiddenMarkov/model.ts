/**
 * A hidden Markov model whose states look back: an item depends on its state and on the L items before it. The chain has
 * n - L + 1 steps; the first one gives the first L items, each further one an item:
 * p(x_1 … x_n) = g(n - L + 1) Σ_z w[z_1] h_{z_1}(x_1 … x_L) Π_{t > 1} A[z_{t-1}, z_t] f_{z_t}(x_{t+L-1} | x_{t-1} … x_{t+L-2}).
 * Model and estimator stand in one file, as each makes the other; steps, passes and questions have files of their own.
 * Fitted by Baum-Welch (EM). Also called autoregressive, or Markov-switching, hidden Markov model.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), section IV.B; Hamilton, A new approach to the economic analysis of
 * nonstationary time series and the business cycle (1989).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkCount, checkDistributions, checkEstimators } from '../../checks/parameters.js';
import type { ListSamplerOptions } from '../../combinators/lengthModel.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type { SequenceColumns } from '../../combinators/sequenceColumns.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
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
} from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import { samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { HiddenMarkovAccumulator, type HiddenMarkovStatistic } from '../hiddenMarkov/forwardBackward.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../hiddenMarkov/model.js';
import type { StatePath } from '../hiddenMarkov/paths.js';
import { checkTables } from '../hiddenMarkov/tables.js';
import { ItemEstimators } from '../itemEstimators.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from '../sharedRows.js';
import { LookbackHiddenMarkovAccumulator, type LookbackModel } from './accumulator.js';
import { bayesOfLookback, type LookbackHiddenMarkovPosterior, type StepsPosterior } from './bayes.js';
import { LookbackEncoder } from './columns.js';
import { byParts } from './findings.js';
import {
  checkedOptions,
  checkedParameters,
  type LookbackHiddenMarkovOptions,
  type LookbackHiddenMarkovParameters,
  parametersFromJSON,
} from './parameters.js';
import { knownSteps, type LookbackPathOptions, pathsOf, stepsGiven, viterbiSteps } from './queries.js';
import { type LookbackPath, lookbackSampler } from './sampling.js';
import { chainStates } from './start.js';
import { StepDistribution, StepEstimator } from './stepFamily.js';
import { stepsOf } from './steps.js';
import { asEstimated } from './windows.js';

export type {
  LookbackEncoder,
  LookbackHiddenMarkovAccumulator,
  LookbackHiddenMarkovOptions,
  LookbackHiddenMarkovParameters,
  LookbackHiddenMarkovPosterior,
  LookbackPath,
  LookbackPathOptions,
};

/** An item of windows. */
type ItemOf<Window> = unknown extends Window ? unknown : Window extends readonly (infer T)[] ? T : never;

/** The row of a lookback hidden Markov model: a list of what windows are made of. */
export type LookbackRow<Es extends readonly unknown[]> = readonly ItemOf<RowOf<Es[number]>>[];

/**
 * A lookback hidden Markov model.
 * @example
 * const next = (stay: number) =>
 *   new ConditionalDistribution({
 *     a: new CategoricalDistribution({ a: stay, b: 1 - stay }),
 *     b: new CategoricalDistribution({ a: 1 - stay, b: stay }),
 *   });
 * const model = new LookbackHiddenMarkovDistribution([next(0.9), next(0.2)], {
 *   lag: 1,
 *   w: [0.5, 0.5],
 *   transitions: [[0.9, 0.1], [0.1, 0.9]],
 * });
 * model.viterbi(['a', 'a', 'a', 'b', 'a', 'b']); // [0, 0, 0, 1, 1, 1]
 */
export class LookbackHiddenMarkovDistribution<
    const Ds extends readonly AnyDistribution[],
    I extends AnyDistribution = NullDistribution,
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<LookbackRow<Ds>, SequenceColumns>, LookbackModel
{
  static readonly typeName = 'LookbackHiddenMarkov';
  static readonly typeVersion = 1;
  readonly emissions: Ds;
  readonly initialEmissions: readonly I[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly lag: number;
  readonly length: L;
  readonly #steps: HiddenMarkovDistribution<readonly StepDistribution[], L>;

  /**
   * @param emissions  S >= 1 distributions over windows of L + 1 items, each understood as a distribution of the last item
   *   given those before: a conditional, or an integer Markov chain of the same lag
   * @throws {ParameterError}
   */
  constructor(emissions: Ds & OverSameRows<Ds>, parameters: LookbackHiddenMarkovParameters<I, L>) {
    super();
    const owner = 'LookbackHiddenMarkovDistribution';
    checkDistributions(owner, 'emissions', emissions);
    checkSharedRows(owner, 'emissions', emissions);
    const checked = checkedParameters<I, L>(owner, emissions, parameters);
    this.emissions = emissions;
    this.initialEmissions = checked.initialEmissions;
    this.lag = checked.lag;
    this.length = checked.length;
    const steps = emissions.map((windows, s) => new StepDistribution(checked.initialEmissions[s]!, windows));
    this.#steps = new HiddenMarkovDistribution(overSameRows<readonly StepDistribution[]>(steps), {
      w: checked.w,
      transitions: checked.transitions,
      length: checked.length,
    });
    this.w = this.#steps.w;
    this.transitions = this.#steps.transitions;
  }

  get isUnbounded(): boolean {
    return this.#steps.isUnbounded;
  }

  /** The hidden Markov model over steps, for the E step. */
  get steps(): HiddenMarkovDistribution<readonly StepDistribution[], L> {
    return this.#steps;
  }

  /** Encodes steps, for the queries. */
  get stepEncoder(): Encoder<unknown> {
    return this.#steps.items;
  }

  /** NaN for anything but a list. A list of fewer than L items has no step, and the score of the length 0. */
  logDensity(x: LookbackRow<Ds>): number {
    return Array.isArray(x) ? this.#steps.logDensity(stepsOf(x, this.lag)) : Number.NaN;
  }

  density(x: LookbackRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    this.#steps.seqLogDensity(columns, start, end, out);
  }

  /** {@link posterior} of the steps of the lists `[start, end)` in one pass, and log p(list) of each list. */
  seqPosterior(columns: SequenceColumns, start: number, end: number, out: Float64Array, evidence: Float64Array): void {
    this.#steps.seqPosterior(columns, start, end, out, evidence);
  }

  /**
   * P(state | list): a row of S numbers for each step, the first one for the first L items. All 0 for an impossible list.
   * @throws {ParameterError} for anything but a list, and for an item that no state takes
   */
  posterior(x: LookbackRow<Ds>): number[][] {
    return this.#steps.posterior(knownSteps(this, 'posterior', x));
  }

  /** As {@link posterior}, given the items up to the step alone. @throws {ParameterError} */
  filtered(x: LookbackRow<Ds>): number[][] {
    return this.#steps.filtered(knownSteps(this, 'filtered', x));
  }

  /**
   * The most probable path of states, one for each step; ties go to the lower state.
   * @throws {ParameterError} for a list that no path of states gives, naming the first item at which none is left
   */
  viterbi(x: LookbackRow<Ds>): number[] {
    return viterbiSteps(this, x);
  }

  /**
   * The `count` most probable paths of states, the best first, each with log p(path, list) without the length; fewer where
   * fewer are possible, and none for an impossible list.
   * @throws {ParameterError} for an item that no state takes, or a count that is not an integer >= 0
   */
  bestPaths(x: LookbackRow<Ds>, count: number): StatePath[] {
    checkCount('LookbackHiddenMarkovDistribution.bestPaths', 'count', count);
    return this.#steps.bestPaths(knownSteps(this, 'bestPaths', x), count);
  }

  /** Draws paths of states from P(path | list). @throws {ParameterError} for an impossible list */
  sampleGiven(x: LookbackRow<Ds>, seed: Seed): Sampler<number[]> {
    return stepsGiven(this, x, seed);
  }

  /**
   * Draws a number of steps, the first L items, and an item for each further step given the L before it.
   * @param options  `length`: items of every list, in place of the model of the length
   * @throws {ParameterError} when there is neither, or where a family cannot draw its part: those of windows
   *   need `sampleGiven`, as conditionals and Markov chains have it, or independent items
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<LookbackRow<Ds>> {
    const paths = lookbackSampler('LookbackHiddenMarkovDistribution', this, seed, options);
    // Items of windows, which is what the row of this model is made of.
    return samplerOf(() => paths.sample().items as LookbackRow<Ds>);
  }

  /**
   * Draws lists together with the states of their steps; or, after a list, what follows it.
   * @throws {ParameterError} as {@link sampler}, and for a list that is impossible or has fewer than L items
   * @example model.pathSampler(1, { after: ['a', 'b', 'a'], count: 3 }).sample(); // { states, items } of three more items
   */
  pathSampler(
    seed: Seed,
    options: LookbackPathOptions<ItemOf<RowOf<Ds[number]>>> = {},
  ): Sampler<LookbackPath<ItemOf<RowOf<Ds[number]>>>> {
    return pathsOf(this, seed, options) as Sampler<LookbackPath<ItemOf<RowOf<Ds[number]>>>>;
  }

  encoder(): LookbackEncoder<ItemOf<RowOf<Ds[number]>>> {
    return new LookbackEncoder(this.lag, this.#steps.items, this.length.encoder());
  }

  /** With a pseudo count, all families, initial and transition probabilities are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): LookbackHiddenMarkovEstimator<
    { readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> },
    ReturnType<I['estimator']>,
    ReturnType<L['estimator']>
  > {
    const pseudoCount = pseudoCountOf('LookbackHiddenMarkovDistribution', options);
    const emissions = this.emissions.map((emission) => emission.estimator(options));
    return new LookbackHiddenMarkovEstimator(
      overSameRows<{ readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> }>(emissions),
      {
        lag: this.lag,
        initialEmissions: this.initialEmissions.map((first) => first.estimator(options) as ReturnType<I['estimator']>),
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        pseudoCount: { initial: pseudoCount, transitions: pseudoCount },
        ...(pseudoCount > 0 ? { prior: { initial: this.w, transitions: this.transitions } } : {}),
      },
    );
  }

  toJSON() {
    const { emissions, initialEmissions, w, transitions, lag, length } = this;
    return { type: 'LookbackHiddenMarkov', emissions, initialEmissions, w, transitions, lag, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): LookbackHiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution, AnyDistribution> {
    const { emissions, parameters } = parametersFromJSON('LookbackHiddenMarkovDistribution', fields);
    return new this(emissions, parameters);
  }
}

/**
 * Baum-Welch over steps: w and A are relative frequencies of the expected counts; the families of windows and of first items
 * are estimated from all of these, weighted by the probability of their state.
 * @example
 * const next = new ConditionalEstimator({ a: new CategoricalEstimator(), b: new CategoricalEstimator() });
 * const lists = [['a', 'a', 'a', 'b', 'a', 'b'], ['b', 'a', 'b', 'b', 'b']];
 * optimize(lists, new LookbackHiddenMarkovEstimator([next, next], { lag: 1 })).model.transitions;
 */
export class LookbackHiddenMarkovEstimator<
  const Es extends readonly AnyEstimator[],
  I extends AnyEstimator = NullEstimator,
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      LookbackRow<Es>,
      LookbackHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<I>, ModelOf<L>>,
      SequenceColumns,
      HiddenMarkovStatistic
    >
{
  readonly emissions: Es;
  readonly #steps: HiddenMarkovEstimator<readonly StepEstimator[], AnyEstimator>;
  readonly #items: ItemEstimators;

  /**
   * @param emissions  S >= 1 estimators over windows of L + 1 items
   * @throws {ParameterError}
   */
  constructor(
    emissions: Es & OverSameRows<Es>,
    readonly options: LookbackHiddenMarkovOptions<I, L>,
  ) {
    const owner = 'LookbackHiddenMarkovEstimator';
    checkEstimators(owner, 'emissions', emissions);
    checkSharedEncoders(owner, 'emissions', emissions);
    const { firsts, length, tables } = checkedOptions(owner, emissions, options);
    this.emissions = emissions;
    const steps = emissions.map((windows, s) => new StepEstimator(firsts[s]!, windows));
    this.#steps = new HiddenMarkovEstimator<readonly StepEstimator[], AnyEstimator>(
      overSameRows<readonly StepEstimator[]>(steps),
      { ...tables, length },
    );
    this.#items = new ItemEstimators('LookbackHiddenMarkov', steps, options.length);
  }

  encoder(): LookbackEncoder<ItemOf<RowOf<Es[number]>>> {
    const { item, length } = this.#steps.encoder();
    return new LookbackEncoder(this.options.lag, item, length);
  }

  #ownLength(): number {
    return this.emissions.length * (this.emissions.length + 1);
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return this.#items.statisticLength(this.#ownLength(), schema);
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): LookbackHiddenMarkovAccumulator {
    const { lag, initialEmissions: _, length: __, keys = {}, ...tables } = this.options;
    const { own, items, length } = this.#items.accumulators(this.#ownLength(), schema, statistic);
    return new LookbackHiddenMarkovAccumulator(
      lag,
      (findStates) => new HiddenMarkovAccumulator(items, length, own, keys, findStates),
      (lists) => chainStates(this.#steps.emissions, tables, lists),
    );
  }

  /** A state that was never left keeps its row of transitions; from a start it gets an even one. */
  estimate(
    statistic: HiddenMarkovStatistic,
    report?: Report,
    pooled?: HiddenMarkovStatistic,
  ): LookbackHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<I>, ModelOf<L>> {
    return this.#modelOf(this.#steps.estimate(statistic, report && byParts(report), pooled));
  }

  #modelOf({
    emissions,
    w,
    transitions,
    length,
  }: HiddenMarkovDistribution<readonly StepDistribution[], AnyDistribution>): LookbackHiddenMarkovDistribution<
    { readonly [S in keyof Es]: ModelOf<Es[S]> },
    ModelOf<I>,
    ModelOf<L>
  > {
    const windows = asEstimated(emissions.map((step) => step.windows));
    return new LookbackHiddenMarkovDistribution(overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(windows), {
      lag: this.options.lag,
      initialEmissions: asEstimated(emissions.map((step) => step.firsts as ModelOf<I>)), // what the estimators of type I make
      w,
      transitions,
      length: length as ModelOf<L>,
    });
  }

  get pooling(): Pooling<HiddenMarkovStatistic> | undefined {
    return this.#steps.pooling;
  }

  /** Where a family or the length has a prior that is a distribution, or the tables imaginary counts. */
  get bayes():
    | Bayes<
        LookbackHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<I>, ModelOf<L>>,
        HiddenMarkovStatistic,
        LookbackHiddenMarkovPosterior<{ readonly [S in keyof Es]: PosteriorOf<Es[S]> }, PosteriorOf<I>, PosteriorOf<L>>,
        SequenceColumns
      >
    | undefined {
    type Steps = HiddenMarkovDistribution<readonly StepDistribution[], AnyDistribution>;
    // What the model over steps knows of the length is what its estimator, of type L, knows.
    const steps = this.#steps.bayes as
      | Bayes<Steps, HiddenMarkovStatistic, StepsPosterior<PosteriorOf<L>>, SequenceColumns>
      | undefined;
    return bayesOfLookback(
      steps,
      (model) => this.#modelOf(model),
      (estimator) => {
        // The same estimator with another prior.
        const { emissions, options } = estimator as HiddenMarkovEstimator<readonly StepEstimator[], AnyEstimator>;
        const initialEmissions = emissions.map((step) => step.firsts);
        return another(
          emissions.map((step) => step.windows),
          { ...(options as LookbackHiddenMarkovOptions), lag: this.options.lag, initialEmissions },
        );
      },
    );
  }

  get hasPrior(): boolean {
    return this.#steps.hasPrior;
  }

  /** @throws {ParameterError} for a model whose tables this estimator cannot make */
  parameterBlocks(
    model: LookbackHiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution, AnyDistribution>,
  ): readonly ParameterBlock[] {
    checkTables('LookbackHiddenMarkovEstimator', this.options, model);
    return this.#steps.parameterBlocks(model.steps);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(emissions: readonly AnyEstimator[], options: LookbackHiddenMarkovOptions): AnyEstimator {
  return new LookbackHiddenMarkovEstimator(overSameRows<readonly AnyEstimator[]>(emissions), options);
}
