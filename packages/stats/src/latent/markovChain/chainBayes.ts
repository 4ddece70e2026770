/** What is known of the tables of Markov chains that have Dirichlet distributions as priors. */
import { bayesOf, bayesOfParts, tablePart } from '../../bayes/children.js';
import { isPriorOf, type Part } from '../../bayes/conjugate.js';
import type { DirichletTableDistribution, ProbabilityTable } from '../../bayes/dirichletTable.js';
import type { LevelDirichletDistribution } from '../../bayes/levelDirichlet.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Bayes, RowOf, Scorer } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import type { Level } from '../../leaf/levels/levels.js';
import { log } from '../../numeric/elementary.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import {
  type IntegerMarkovChainModel,
  type IntegerMarkovChainStatistic,
  scoreChains as scoreIntegerChains,
} from './integerMarkovCounts.js';
import type { IntegerMarkovChainColumns } from './integerSteps.js';
import { type CodeTables, type MarkovChainModel, type MarkovChainStatistic, scoreChains } from './markovCounts.js';

/** Priors of a chain over named states. */
export interface ChainPrior<T extends Level> {
  readonly initial: LevelDirichletDistribution<T>;
  readonly transitions: DirichletTableDistribution<T>;
}

/** What is known after the data of first states, steps, and of the length's parameters. */
export interface ChainPosterior<T extends Level, R> extends ChainPrior<T> {
  readonly length: R;
}

/** Whether both tables have such a prior. @throws {ParameterError} when only one has */
export function isChainPrior<T extends Level>(owner: string, prior: unknown): prior is ChainPrior<T> {
  const { initial, transitions } = (prior ?? {}) as Readonly<Record<string, unknown>>;
  const has = [isPriorOf(initial, 'LevelDirichlet'), isPriorOf(transitions, 'DirichletTable')];
  if (has[0] === has[1]) return has[0]!;
  const [name, kind] = has[0] ? ['transitions', 'DirichletTable'] : ['initial', 'LevelDirichlet'];
  throw new ParameterError(
    owner,
    `prior.${name}`,
    `a ${kind}Distribution, as the other is one`,
    (prior as never)[name!],
  );
}

/** @throws {ParameterError} for an option that has no place beside a prior that is a distribution */
export function checkAlone(owner: string, options: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    throw new ParameterError(owner, name, 'left out where the prior is a distribution', value);
  }
}

/** What a chain over named states says itself. */
export interface ChainParts<T extends Level, D> {
  modelOf(initial: ReadonlyMap<T, number>, transitions: ProbabilityTable<T>, length: AnyDistribution): D;
  withPrior(prior: ChainPrior<T>, length: AnyEstimator): AnyEstimator;
}

/** Of a chain over named states. */
export function chainBayes<
  T extends Level,
  R,
  D extends AnyDistribution & {
    readonly initial: ReadonlyMap<T, number>;
    readonly transitions: ProbabilityTable<T>;
    readonly length: AnyDistribution;
  },
>(
  prior: ChainPrior<T>,
  lengthEstimator: AnyEstimator,
  chain: ChainParts<T, D>,
): Bayes<D, MarkovChainStatistic, ChainPosterior<T, R>, SequenceColumns> {
  const length = bayesOf(lengthEstimator);
  const levelsOf = ({ levels }: MarkovChainStatistic) => levels as readonly T[]; // of rows of T
  const parts = [
    tablePart(
      prior.initial,
      (known, statistic: MarkovChainStatistic) => known.updated(levelsOf(statistic), statistic.initial),
      (known) => known.mode,
    ),
    tablePart(
      prior.transitions,
      (known, statistic: MarkovChainStatistic) =>
        known.updated(levelsOf(statistic), levelsOf(statistic), statistic.transitions),
      (known) => known.mode,
    ),
    length as unknown as Part,
  ];
  return {
    ...bayesOfParts(parts, {
      statistics: (statistic) => [statistic, statistic, statistic.length],
      models: ({ initial, transitions, length: ofLength }) => [initial, transitions, ofLength],
      known: (known) => [known.initial, known.transitions, known.length],
      join: ([initial, transitions, ofLength]) => ({ initial, transitions, length: ofLength }) as ChainPosterior<T, R>,
      mode: ([initial, transitions, ofLength]) =>
        chain.modelOf(
          initial as ReadonlyMap<T, number>,
          transitions as ProbabilityTable<T>,
          ofLength as AnyDistribution,
        ),
    }),
    expectedScorer: (known) => chainScorer(known, length.expectedScorer(known.length)),
    ...(length.predictiveLogDensity !== undefined && {
      predictiveLogDensity(known: ChainPosterior<T, R>, states: RowOf<D>) {
        const row = states as readonly T[]; // what D is over
        let sum = length.predictiveLogDensity!(known.length, row.length);
        let { transitions } = known;
        row.forEach((state, t) => {
          if (t === 0) sum += log(known.initial.meanOf(state));
          else {
            const from = row[t - 1]!;
            sum += log(transitions.meanOf(from, state));
            if (sum > -Infinity) transitions = transitions.afterStep(from, state);
          }
        });
        return sum;
      },
    }),
    withPrior: ({ initial, transitions, length: ofLength }) =>
      chain.withPrior({ initial, transitions }, length.withPrior(ofLength)),
  };
}

/** Expected log-probabilities of first states and steps. */
function chainScorer<T extends Level>({ initial, transitions }: ChainPrior<T>, length: Scorer): MarkovChainModel {
  const scratch = new GrowingScratch();
  let tables: CodeTables | undefined;
  const model = {
    length,
    tablesFor(levels: readonly Level[]): CodeTables {
      const states = levels as readonly T[]; // of rows of T
      if (tables?.levels !== levels) {
        tables = {
          levels,
          initial: Float64Array.from(states, (state) => initial.meanLogOf(state)),
          transition: Float64Array.from(states.flatMap((from) => states.map((to) => transitions.meanLogOf(from, to)))),
        };
      }
      return tables;
    },
  };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => scoreChains(model, undefined, columns, start, end, out, scratch),
  };
}

/** What is known after the data of the steps, and of the parameters of the first values and of the length. */
export interface IntegerChainPosterior {
  readonly transitions: DirichletTableDistribution<number>;
  readonly initial: unknown;
  readonly length: unknown;
}

/** What a chain over integers says itself. */
export interface IntegerChainParts<D> {
  readonly valueCount: number;
  readonly lag: number;
  readonly initial: AnyEstimator;
  readonly length: AnyEstimator;
  modelOf(conditional: readonly (readonly number[])[], initial: AnyDistribution, length: AnyDistribution): D;
  withPrior(prior: DirichletTableDistribution<number>, initial: AnyEstimator, length: AnyEstimator): AnyEstimator;
}

/** Rows by context, columns by value. */
export function tableOfRows(conditional: readonly (readonly number[])[]): ProbabilityTable<number> {
  return new Map(conditional.map((row, context) => [context, new Map(row.entries())]));
}

/** @throws {ParameterError} unless the prior has all rows and columns */
export function checkCoversIntegers(
  owner: string,
  prior: DirichletTableDistribution<number>,
  valueCount: number,
  lag: number,
): void {
  for (let context = 0; context < valueCount ** lag; context++) {
    for (let value = 0; value < valueCount; value++) {
      if (prior.meanLogOf(context, value) > -Infinity) continue;
      throw new ParameterError(owner, 'prior', `one with a step from context ${context} to ${value}`, prior);
    }
  }
}

/** Of a chain over integers. */
export function integerChainBayes<
  D extends AnyDistribution & {
    readonly conditional: readonly (readonly number[])[];
    readonly initial: AnyDistribution;
    readonly length: AnyDistribution;
  },
>(
  prior: DirichletTableDistribution<number>,
  chain: IntegerChainParts<D>,
): Bayes<D, IntegerMarkovChainStatistic, IntegerChainPosterior, IntegerMarkovChainColumns> {
  const { valueCount, lag } = chain;
  const [initial, length] = [bayesOf(chain.initial), bayesOf(chain.length)];
  const values = Array.from({ length: valueCount }, (_, value) => value);
  const contexts = Array.from({ length: valueCount ** lag }, (_, context) => context);
  const parts = [
    tablePart(
      prior,
      (known, counts: Float64Array) => known.updated(contexts, values, counts),
      // A prior for all rows alike names none of them.
      (known) => new Map(contexts.map((context) => [context, known.rowOf(context).mode])),
    ),
    initial as unknown as Part,
    length as unknown as Part,
  ];
  return {
    ...bayesOfParts(parts, {
      statistics: ({ counts, block, length: ofLength }) => [counts, block, ofLength],
      models: ({ conditional, initial: first, length: ofLength }) => [tableOfRows(conditional), first, ofLength],
      known: (known) => [known.transitions, known.initial, known.length],
      join: ([transitions, first, ofLength]) =>
        ({ transitions, initial: first, length: ofLength }) as IntegerChainPosterior,
      mode([table, first, ofLength]) {
        const rows = table as ProbabilityTable<number>;
        const conditional = contexts.map((context) => values.map((value) => rows.get(context)!.get(value) ?? 0));
        return chain.modelOf(conditional, first as AnyDistribution, ofLength as AnyDistribution);
      },
    }),
    expectedScorer(known) {
      const scratch = new GrowingScratch();
      const table = Float64Array.from(
        contexts.flatMap((context) => values.map((value) => known.transitions.meanLogOf(context, value))),
      );
      const model: Omit<IntegerMarkovChainModel, 'seqLogDensity'> = {
        tableFor: () => table,
        initial: initial.expectedScorer(known.initial),
        length: length.expectedScorer(known.length),
      };
      return {
        ...model,
        seqLogDensity: (columns: IntegerMarkovChainColumns, start: number, end: number, out: Float64Array) =>
          scoreIntegerChains(model, undefined, columns, start, end, out, scratch),
      };
    },
    ...(initial.predictiveLogDensity !== undefined &&
      length.predictiveLogDensity !== undefined && {
        predictiveLogDensity(known: IntegerChainPosterior, list: RowOf<D>) {
          const row = list as readonly number[]; // what D is over
          let sum = length.predictiveLogDensity!(known.length, row.length);
          if (row.length < lag) return sum;
          sum += initial.predictiveLogDensity!(known.initial, row.slice(0, lag));
          let { transitions } = known;
          for (let t = lag; t < row.length && sum > -Infinity; t++) {
            const context = row.slice(t - lag, t).reduce((code, value) => code * valueCount + value, 0);
            sum += log(transitions.meanOf(context, row[t]!));
            if (sum > -Infinity) transitions = transitions.afterStep(context, row[t]!);
          }
          return sum;
        },
      }),
    withPrior: (known) =>
      chain.withPrior(known.transitions, initial.withPrior(known.initial), length.withPrior(known.length)),
  };
}
