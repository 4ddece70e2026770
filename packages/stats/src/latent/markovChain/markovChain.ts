/**
 * A Markov chain over named states: p(x_1 … x_n) = p(n) P0(x_1) Π_t P(x_t | x_{t-1}). States are levels, as in a
 * categorical. A floor `unseen` = d gives a state that a table lacks the mass d (d / (V + 1) after a state without a table, V
 * being the number of known states), and divides all by 1 + d.
 * Source: Norris, Markov Chains (1997), ch. 1; maximum likelihood: Anderson & Goodman (1957).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkCells, checkFields, checkObject, checkProbability } from '../../checks/parameters.js';
import { allOf } from '../../checks/rows.js';
import {
  checkLengthModel,
  type ListSamplerOptions,
  lengthEstimator,
  lengthSampler,
} from '../../combinators/lengthModel.js';
import { NullDistribution } from '../../combinators/null.js';
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
  Report,
  Sampler,
  Seed,
} from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import type { CategoricalColumns, Level, LevelProbabilities } from '../../families/categorical.js';
import { isLevel } from '../../families/categorical.js';
import { BOUNDED, reportDead } from '../../leaf/findings.js';
import { distinctLevels } from '../../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../../leaf/levels/jsonLevels.js';
import { CategoricalEncoder } from '../../leaf/levels/levels.js';
import { exp, log, log1p } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { type ChainPosterior, type ChainPrior, chainBayes, isChainPrior } from './chainBayes.js';
import {
  type ChainTables,
  checkChain,
  estimateChain,
  logChainPrior,
  MAX_FULL_ROWS,
  statesIn,
  type TransitionProbabilities,
  tableOf,
  tablesOf,
} from './chainTables.js';
import { type ChainShares, checkedTables, type MarkovChainOptions } from './markovChainOptions.js';
import type { CodeTables, MarkovChainModel, MarkovChainStatistic } from './markovCounts.js';
import { MarkovChainAccumulator, scoreChains } from './markovCounts.js';

export type { ChainPosterior, ChainPrior, ChainShares, MarkovChainOptions, TransitionProbabilities };

/** Parameters of {@link MarkovChainDistribution}. */
export interface MarkovChainParameters<T extends Level, L extends AnyDistribution = AnyDistribution> {
  /** P(first state); sums to 1. */
  readonly initial: LevelProbabilities<T>;
  /** P(next | state); every table sums to 1. A state without a table is never left. */
  readonly transitions: TransitionProbabilities<T>;
  /** Distribution of the number of states. Default: none; it scores 0. */
  readonly length?: L;
  /** The floor d in [0, 1]. Default 0: what is not in the tables is impossible. */
  readonly unseen?: number;
}

/**
 * A Markov chain.
 * @example
 * const chain = new MarkovChainDistribution({
 *   initial: { rain: 0.5, sun: 0.5 },
 *   transitions: { rain: { rain: 0.7, sun: 0.3 }, sun: { rain: 0.2, sun: 0.8 } },
 * });
 * chain.density(['sun', 'sun', 'rain']); // 0.5 · 0.8 · 0.2
 */
export class MarkovChainDistribution<T extends Level = string, L extends AnyDistribution = AnyDistribution>
  extends PrintedModel
  implements Distribution<readonly T[], SequenceColumns>, MarkovChainModel
{
  static readonly typeName = 'MarkovChain';
  static readonly typeVersion = 1;
  readonly initial: ReadonlyMap<T, number>;
  readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
  readonly length: L;
  readonly unseen: number;
  readonly #known: ReadonlySet<T>;
  readonly #scratch = new GrowingScratch();
  #tables: CodeTables | undefined;

  /** @throws {ParameterError} */
  constructor(parameters: MarkovChainParameters<T, L>) {
    super();
    const owner = 'MarkovChainDistribution';
    const names = ['initial', 'transitions'];
    const { initial, transitions, length: given, unseen = 0 } = checkObject(owner, parameters, names);
    // Without a length model, L is its default: any distribution.
    const length = given ?? (new NullDistribution() as AnyDistribution as L);
    checkProbability(owner, 'unseen', unseen);
    this.initial = tableOf(owner, 'initial', initial);
    checkLengthModel(owner, 'length', length);
    this.transitions = tablesOf(owner, 'transitions', transitions);
    this.length = length;
    this.unseen = unseen;
    this.#known = distinctLevels(owner, 'transitions', [...statesIn<T>(this)]);
  }

  /** Number of states that a step looks back. */
  get lag(): 1 {
    return 1;
  }

  #logInitial(x: T): number {
    return log(this.initial.get(x) ?? this.unseen) - log1p(this.unseen);
  }

  #logTransition(from: T, to: T): number {
    const row = this.transitions.get(from);
    const p = row === undefined ? this.unseen / (this.#known.size + 1) : (row.get(to) ?? this.unseen);
    return log(p) - log1p(this.unseen);
  }

  /** NaN for anything but a list of states. */
  logDensity(x: readonly T[]): number {
    const isList: boolean = Array.isArray(x) && allOf(x, isLevel);
    if (!isList) return Number.NaN;
    let sum = this.length.logDensity(x.length);
    x.forEach((state, t) => {
      sum = addLogs(sum, t === 0 ? this.#logInitial(state) : this.#logTransition(x[t - 1]!, state));
    });
    return sum;
  }

  density(x: readonly T[]): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreChains(this, undefined, columns, start, end, out, this.#scratch);
  }

  /** Row-major [V × V]. Tables name few of the next states where there are many, so that each row is filled, then corrected. */
  #logTransitions(states: readonly T[]): Float64Array {
    const codeOf = new Map(states.map((state, code) => [state, code]));
    const table = new Float64Array(states.length * states.length);
    const floor = log(this.unseen) - log1p(this.unseen);
    states.forEach((from, k) => {
      const row = this.transitions.get(from);
      const cells = table.subarray(k * states.length, (k + 1) * states.length);
      cells.fill(row === undefined ? log(this.unseen / (this.#known.size + 1)) - log1p(this.unseen) : floor);
      for (const [to, p] of row ?? []) {
        const code = codeOf.get(to);
        if (code !== undefined) cells[code] = log(p) - log1p(this.unseen);
      }
    });
    return table;
  }

  /** Log-probabilities by code; made once for each dictionary, not for each block. */
  tablesFor(levels: readonly Level[]): CodeTables {
    if (this.#tables?.levels !== levels) {
      const states = levels as readonly T[]; // levels of this chain's own rows
      this.#tables = {
        levels,
        initial: Float64Array.from(states, (state) => this.#logInitial(state)),
        transition: this.#logTransitions(states),
      };
    }
    return this.#tables;
  }

  /**
   * Draws a length and walks.
   * @param options  `length`: states of every walk, in place of the model of the length
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<readonly T[]> {
    const nextLength = lengthSampler('MarkovChainDistribution', this.length, seed, options);
    const rng = random(childSeed(seed, 'states'));
    return samplerOf(() => this.#walk(nextLength(), rng));
  }

  /** A walk of `count` states. @throws {EstimationError} when it enters a state that is never left */
  #walk(count: number, rng: () => number): T[] {
    const walk: T[] = [];
    let table: ReadonlyMap<T, number> | undefined = this.initial;
    while (walk.length < count) {
      if (table === undefined || table.size === 0) {
        throw new EstimationError(
          `MarkovChain: state ${JSON.stringify(walk[walk.length - 1])} has no transitions, so a walk of ${count} states cannot go on.`,
        );
      }
      const state: T = [...table.keys()][drawIndex(rng, [...table.values()])]!;
      walk.push(state);
      table = this.transitions.get(state);
    }
    return walk;
  }

  /** Draws the state that comes after one. @throws {ParameterError} for a state without transitions */
  sampleGiven(before: T, seed: Seed): Sampler<T> {
    const table = this.transitions.get(before);
    if (table === undefined || table.size === 0) {
      throw new ParameterError('MarkovChainDistribution.sampleGiven', 'before', 'a state with transitions', before);
    }
    const [states, p] = [[...table.keys()], [...table.values()]];
    const rng = random(seed);
    return samplerOf(() => states[drawIndex(rng, p)]!);
  }

  encoder(): SequenceEncoder<T> {
    return new SequenceEncoder(new CategoricalEncoder<T>(), this.length.encoder(), 'MarkovChain');
  }

  /** With a pseudo count, first states and steps are pulled towards this chain. */
  estimator(options: { readonly pseudoCount?: number } = {}): MarkovChainEstimator<T, ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('MarkovChainDistribution', options);
    const length = this.length.estimator({ pseudoCount }) as ReturnType<L['estimator']>;
    const { initial, transitions } = this;
    return new MarkovChainEstimator<T, ReturnType<L['estimator']>>(
      pseudoCount > 0 ? { length, pseudoCount, levels: [...this.#known], prior: { initial, transitions } } : { length },
    );
  }

  toJSON(key?: string) {
    const pairs = (table: ReadonlyMap<T, number>) =>
      [...table].map(([state, p]) => [jsonLevel(state, key), p] as const);
    return {
      type: 'MarkovChain',
      initial: pairs(this.initial),
      transitions: [...this.transitions].map(([state, row]) => [jsonLevel(state, key), pairs(row)] as const),
      length: this.length,
      unseen: this.unseen,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): MarkovChainDistribution<Level, AnyDistribution> {
    const { initial, transitions, length, unseen } = checkFields('MarkovChainDistribution', fields, {
      initial: 'array',
      transitions: 'array',
      length: 'unknown',
      unseen: 'number',
    });
    for (const [i, pair] of transitions.entries()) {
      if (Array.isArray(pair) && pair.length === 2 && Array.isArray(pair[1])) continue;
      throw new ParameterError(
        'MarkovChainDistribution',
        `transitions[${i}]`,
        'a pair of a state and its row of pairs',
        pair,
      );
    }
    const pairs = (table: readonly unknown[]) =>
      table.map((pair) => (Array.isArray(pair) ? [levelFromJSON(pair[0]), ...pair.slice(1)] : pair)) as [
        Level,
        number,
      ][];
    return new this<Level, AnyDistribution>({
      initial: pairs(initial),
      transitions: (transitions as [unknown, unknown[]][]).map(
        ([state, row]) => [levelFromJSON(state) as Level, pairs(row)] as const,
      ),
      length: length as AnyDistribution,
      unseen,
    });
  }
}

/**
 * Relative frequencies of first states and steps. With a pseudo count c over V states: (n_j + c/V) / (n + c), and the floor
 * `unseen` becomes c / (all counted starts and steps). A state that was never left gets no table.
 */
export class MarkovChainEstimator<T extends Level = string, L extends AnyEstimator = AnyEstimator>
  implements Estimator<readonly T[], MarkovChainDistribution<T, ModelOf<L>>, SequenceColumns, MarkovChainStatistic>
{
  readonly #length: AnyEstimator;
  readonly #tables: ChainTables<T>;

  /** @throws {ParameterError} */
  constructor(readonly options: MarkovChainOptions<T, L> = {}) {
    const owner = 'MarkovChainEstimator';
    this.#tables = checkedTables(owner, options);
    this.#length = lengthEstimator(owner, options.length);
  }

  /** Number of states that a step looks back. */
  get lag(): 1 {
    return 1;
  }

  encoder(): SequenceEncoder<T> {
    return new SequenceEncoder(new CategoricalEncoder<T>(), this.#length.encoder(), 'MarkovChain');
  }

  #ownLength({ items }: SequenceColumns): number {
    const stateCount = (items as CategoricalColumns).levels.length;
    checkCells('MarkovChainEstimator', 'the square of the number of states', stateCount ** 2);
    return stateCount * (stateCount + 1);
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(schema), [this.#length], (): Columns => schema.lengths);
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): MarkovChainAccumulator {
    const made = accumulatorsOf(this.#ownLength(schema), [this.#length], () => schema.lengths, statistic);
    const { levels } = schema.items as CategoricalColumns;
    return new MarkovChainAccumulator(levels, made.own, made.children[0]!, this.options.key);
  }

  estimate(statistic: MarkovChainStatistic, report?: Report): MarkovChainDistribution<T, ModelOf<L>> {
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const { pseudoCount = 0 } = this.options;
    const { initial, transitions, endCount } = estimateChain(this.#tables, statistic, pseudoCount);
    const total = sumOf(statistic.initial) + sumOf(statistic.transitions);
    if (total === 0) reportDead(report);
    if (total > 0 && endCount > 0 && pseudoCount === 0) {
      report?.add(
        'degenerate',
        `${endCount} of ${statistic.levels.length} states were never left: no step from them is possible. Set pseudoCount.`,
        BOUNDED,
      );
    }
    return new MarkovChainDistribution<T, ModelOf<L>>({
      initial,
      transitions,
      length: this.#length.estimate(statistic.length, report?.at('length')) as ModelOf<L>,
      unseen: pseudoCount > 0 ? Math.min(1, pseudoCount / total) : 0,
    });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || this.bayes !== undefined || anyPrior([this.#length]);
  }

  /** With Dirichlet priors: first states and the steps from each state given the sequences are Dirichlet(α + counts). */
  get bayes():
    | Bayes<
        MarkovChainDistribution<T, ModelOf<L>>,
        MarkovChainStatistic,
        ChainPosterior<T, PosteriorOf<L>>,
        SequenceColumns
      >
    | undefined {
    const { prior } = this.options;
    if (!isChainPrior<T>('MarkovChainEstimator', prior)) return undefined;
    return chainBayes(prior, this.#length, {
      modelOf: (initial, transitions, length) =>
        new MarkovChainDistribution<T, ModelOf<L>>({ initial, transitions, length: length as ModelOf<L> }),
      withPrior: (next, length) => another({ ...this.options, prior: next, length }),
    });
  }

  /** @throws {ParameterError} for a model whose tables this estimator cannot make */
  parameterBlocks(model: MarkovChainDistribution<T, ModelOf<L>>): readonly ParameterBlock[] {
    checkChain('MarkovChainEstimator', this.#tables, model);
    const { fixedInitial, fixedTransitions, allowed } = this.#tables;
    // Tables of many states leave out those that never follow: see estimateChain.
    const states = statesIn(model);
    const statesOf = (table: ReadonlyMap<T, number>) => (states.size > MAX_FULL_ROWS ? [...states] : [...table.keys()]);
    const free = (table: ReadonlyMap<T, number>, mask: ReadonlySet<T> | undefined) =>
      Math.max(0, statesOf(table).filter((state) => mask?.has(state) !== false).length - 1);
    const rows = [...model.transitions].map(([state, row]) => free(row, allowed.transitions?.get(state)));
    const count =
      (fixedInitial === undefined ? free(model.initial, allowed.initial) : 0) +
      (fixedTransitions === undefined ? sumOf(rows) : 0);
    const { prior, pseudoCount = 0 } = this.options;
    const logPrior = isChainPrior<T>('MarkovChainEstimator', prior)
      ? prior.initial.logDensity(model.initial) + prior.transitions.logDensity(model.transitions)
      : logChainPrior(this.#tables, model, pseudoCount);
    return blocksWithChildren(this.options.key, [{ key: undefined, count, logPrior }], [this.#length], [model.length]);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(options: MarkovChainOptions<T, AnyEstimator>): AnyEstimator {
  return new MarkovChainEstimator<T, AnyEstimator>(options) as AnyEstimator;
}

function sumOf(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}
