/**
 * A Markov chain over named states: p(x_1 … x_n) = p(n) P0(x_1) Π_t P(x_t | x_{t-1}). States are levels, as in a
 * categorical. A floor `unseen` = d gives a state that a table lacks the mass d (d / (V + 1) after a state without a table, V
 * being the number of known states), and divides all by 1 + d.
 * Source: Norris, Markov Chains (1997), ch. 1; maximum likelihood: Anderson & Goodman (1957).
 */

import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkLengthModel, checkProbabilities, checkPseudoCount } from '../checks/parameters.js';
import { NullDistribution, NullEstimator } from '../combinators/null.js';
import type { SequenceColumns } from '../combinators/sequence.js';
import { SequenceEncoder } from '../combinators/sequence.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
} from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import type { CategoricalColumns, Level, LevelProbabilities } from '../families/categorical.js';
import { CategoricalEncoder, isLevel } from '../families/categorical.js';
import { mapByLevel } from '../leaf/byLevel.js';
import { reportDead } from '../leaf/findings.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../numeric/random.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import type { CodeTables, MarkovChainModel, MarkovChainStatistic } from './markovCounts.js';
import { MarkovChainAccumulator, scoreChains } from './markovCounts.js';

/** Transition probabilities by state: each a table over next states. */
export type TransitionProbabilities<T extends Level> =
  | Iterable<readonly [T, LevelProbabilities<T>]>
  | (T extends string ? Readonly<Record<T, LevelProbabilities<T>>> : never);

/** Parameters of {@link MarkovChainDistribution}. */
export interface MarkovChainParameters<T extends Level> {
  /** P(first state); sums to 1. */
  readonly initial: LevelProbabilities<T>;
  /** P(next | state); every table sums to 1. A state without a table is never left. */
  readonly transitions: TransitionProbabilities<T>;
  /** Distribution of the number of states. Default: none; it scores 0. */
  readonly length?: AnyDistribution;
  /** The floor d in [0, 1]. Default 0: what is not in the tables is impossible. */
  readonly unseen?: number;
}

function checkStates(parameter: string, states: Iterable<unknown>): void {
  for (const state of states) {
    if (isLevel(state)) continue;
    const expected = 'a table of states, each a string, a number, a boolean or null';
    throw new ParameterError('MarkovChainDistribution', parameter, expected, state);
  }
}

function tableOf<T extends Level>(parameter: string, p: LevelProbabilities<T>): ReadonlyMap<T, number> {
  const table = mapByLevel<T, number>('MarkovChainDistribution', parameter, p);
  checkStates(parameter, table.keys());
  if (table.size > 0) checkProbabilities('MarkovChainDistribution', parameter, [...table.values()]);
  return table;
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
export class MarkovChainDistribution<T extends Level = string>
  implements Distribution<readonly T[], SequenceColumns>, MarkovChainModel
{
  static readonly typeName = 'MarkovChain';
  static readonly typeVersion = 1;
  readonly initial: ReadonlyMap<T, number>;
  readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
  readonly length: AnyDistribution;
  readonly unseen: number;
  readonly #known: ReadonlySet<T>;
  readonly #scratch = new GrowingScratch();
  #tables: CodeTables | undefined;

  /** @throws {ParameterError} */
  constructor({ initial, transitions, length = new NullDistribution(), unseen = 0 }: MarkovChainParameters<T>) {
    const owner = 'MarkovChainDistribution';
    if (!(unseen >= 0 && unseen <= 1)) throw new ParameterError(owner, 'unseen', 'a number in [0, 1]', unseen);
    this.initial = tableOf('initial', initial);
    checkLengthModel(owner, 'length', length);
    const rows = mapByLevel<T, LevelProbabilities<T>>(owner, 'transitions', transitions);
    checkStates('transitions', rows.keys());
    this.transitions = new Map([...rows].map(([state, row]) => [state, tableOf(`transitions[${String(state)}]`, row)]));
    this.length = length;
    this.unseen = unseen;
    const nextStates = [...this.transitions.values()].flatMap((row) => [...row.keys()]);
    this.#known = new Set([...this.initial.keys(), ...this.transitions.keys(), ...nextStates]);
  }

  #logInitial(x: T): number {
    return Math.log(this.initial.get(x) ?? this.unseen) - Math.log1p(this.unseen);
  }

  #logTransition(from: T, to: T): number {
    const row = this.transitions.get(from);
    const p = row === undefined ? this.unseen / (this.#known.size + 1) : (row.get(to) ?? this.unseen);
    return Math.log(p) - Math.log1p(this.unseen);
  }

  logDensity(x: readonly T[]): number {
    let sum = this.length.logDensity(x.length);
    x.forEach((state, t) => {
      sum = addLogs(sum, t === 0 ? this.#logInitial(state) : this.#logTransition(x[t - 1]!, state));
    });
    return sum;
  }

  density(x: readonly T[]): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreChains(this, undefined, columns, start, end, out, this.#scratch);
  }

  /** Log-probabilities by code; made once for each dictionary, not for each block. */
  tablesFor(levels: readonly Level[]): CodeTables {
    if (this.#tables?.levels !== levels) {
      const states = levels as readonly T[]; // levels of this chain's own rows
      this.#tables = {
        levels,
        initial: Float64Array.from(states, (state) => this.#logInitial(state)),
        transition: Float64Array.from(states.flatMap((from) => states.map((to) => this.#logTransition(from, to)))),
      };
    }
    return this.#tables;
  }

  /**
   * Draws a length and walks.
   * @throws {ParameterError} without a distribution of the length
   */
  sampler(seed: Seed): Sampler<readonly T[]> {
    if (this.length instanceof NullDistribution) {
      throw new ParameterError('MarkovChainDistribution', 'length', 'a distribution, to draw sequences', undefined);
    }
    const lengths = this.length.sampler(childSeed(seed, 'length'));
    const rng = random(childSeed(seed, 'states'));
    return samplerOf(() => this.#walk(Number(lengths.sample()), rng));
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

  encoder(): SequenceEncoder<T> {
    return new SequenceEncoder(new CategoricalEncoder<T>(), this.length.encoder());
  }

  /** The levels of the prior are this chain's states. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): MarkovChainEstimator<T> {
    const length = this.length.estimator({ pseudoCount });
    return new MarkovChainEstimator<T>(
      pseudoCount > 0 ? { length, pseudoCount, levels: [...this.#known] } : { length },
    );
  }

  toJSON() {
    const pairs = (table: ReadonlyMap<T, number>) => [...table].map(([state, p]) => [state, p] as const);
    return {
      type: 'MarkovChain',
      initial: pairs(this.initial),
      transitions: [...this.transitions].map(([state, row]) => [state, pairs(row)] as const),
      length: this.length,
      unseen: this.unseen,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): MarkovChainDistribution<Level> {
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
    return new MarkovChainDistribution<Level>({
      initial: initial as [Level, number][],
      transitions: transitions as [Level, [Level, number][]][],
      length: length as AnyDistribution,
      unseen,
    });
  }
}

/** Options of {@link MarkovChainEstimator}. */
export interface MarkovChainOptions<T extends Level> {
  /** Estimator of the number of states. Default: none. */
  readonly length?: AnyEstimator;
  /** Imaginary starts, and imaginary steps from each state that was left, spread evenly over the states. Default 0. */
  readonly pseudoCount?: number;
  /** States that the data may lack. They count only with a pseudo count. */
  readonly levels?: readonly T[];
  /** Chains with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Relative frequencies of first states and steps. With a pseudo count c over V states: (n_j + c/V) / (n + c), and the floor
 * `unseen` becomes c / (all counted starts and steps). A state that was never left gets no table.
 */
export class MarkovChainEstimator<T extends Level = string>
  implements Estimator<readonly T[], MarkovChainDistribution<T>, SequenceColumns, MarkovChainStatistic>
{
  readonly #length: AnyEstimator;

  /** @throws {ParameterError} for a negative pseudo count */
  constructor(readonly options: MarkovChainOptions<T> = {}) {
    checkEstimatorOptions('MarkovChainEstimator', options, {
      length: true,
      pseudoCount: true,
      levels: true,
      key: true,
    });
    checkPseudoCount('MarkovChainEstimator', 'pseudoCount', options.pseudoCount);
    this.#length = options.length ?? new NullEstimator();
  }

  encoder(): SequenceEncoder<T> {
    return new SequenceEncoder(new CategoricalEncoder<T>(), this.#length.encoder());
  }

  #ownLength({ items }: SequenceColumns): number {
    const stateCount = (items as CategoricalColumns).levels.length;
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

  estimate(statistic: MarkovChainStatistic, report?: Report): MarkovChainDistribution<T> {
    const { pseudoCount = 0, levels: extra = [] } = this.options;
    // Levels of rows of T.
    const seen = statistic.levels as readonly T[];
    const states = pseudoCount > 0 ? [...new Set([...seen, ...extra])] : seen;
    const row = (counts: Float64Array) => frequencies(states, counts, pseudoCount);
    const stateCount = seen.length;
    const transitions = seen.flatMap((state, k): [T, Map<T, number>][] => {
      const counts = statistic.transitions.subarray(k * stateCount, (k + 1) * stateCount);
      return counts.some((count) => count > 0) ? [[state, row(counts)]] : [];
    });
    const total = sumOf(statistic.initial) + sumOf(statistic.transitions);
    if (total === 0) reportDead(report);
    const endCount = stateCount - transitions.length;
    if (total > 0 && endCount > 0 && pseudoCount === 0) {
      report?.add(
        'degenerate',
        `${endCount} of ${stateCount} states were never left: no step from them is possible. Set pseudoCount.`,
      );
    }
    return new MarkovChainDistribution<T>({
      initial: row(statistic.initial),
      transitions,
      length: this.#length.estimate(statistic.length, report?.at('length')),
      unseen: pseudoCount > 0 && total > 0 ? Math.min(1, pseudoCount / total) : 0,
    });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || anyPrior([this.#length]);
  }

  parameterBlocks(model: MarkovChainDistribution<T>): readonly ParameterBlock[] {
    const tables = [model.initial, ...model.transitions.values()];
    const count = tables.reduce((sum, table) => sum + Math.max(0, table.size - 1), 0);
    return blocksWithChildren(this.options.key, [{ key: undefined, count }], [this.#length], [model.length]);
  }
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Smoothed relative frequencies of `states`, of which `counts` covers the first. Uniform when there is nothing. */
function frequencies<T>(states: readonly T[], counts: Float64Array, pseudoCount: number): Map<T, number> {
  const total = sumOf(counts) + pseudoCount;
  return new Map(
    states.map((state, k) => [
      state,
      total > 0 ? ((counts[k] ?? 0) + pseudoCount / states.length) / total : 1 / states.length,
    ]),
  );
}
