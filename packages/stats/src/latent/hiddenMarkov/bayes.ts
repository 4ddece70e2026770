/**
 * What is known of the parameters of a hidden Markov model: of its tables, whose rows are Dirichlet distributed with parameters
 * one more than their imaginary counts, of each state's emission, and of the length's; of ends by states, beta distributions alike.
 * Source: MacKay, Ensemble learning for hidden Markov models (1997).
 */
import { bayesOf, bayesOfParts, tablePart, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import { DirichletTableDistribution, type ProbabilityTable } from '../../bayes/dirichletTable.js';
import { LevelBetaDistribution } from '../../bayes/levelBeta.js';
import { LevelDirichletDistribution } from '../../bayes/levelDirichlet.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Bayes, Scorer } from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import type { Router } from '../route.js';
import { chainOf } from './chain.js';
import { type HiddenMarkovScorer, type HiddenMarkovStatistic, scoreSequences } from './forwardBackward.js';
import { ForwardMemory } from './forwardMemory.js';
import type { HiddenMarkovOptions } from './options.js';
import type { HiddenMarkovTableOptions, TablesOfModel } from './tableOptions.js';
import { hasImaginary, imaginaryCounts } from './tablePrior.js';
import { hasEnds } from './tables.js';

/** What is known after the data. States are 0 … S - 1; tables that are fixed are themselves. */
export interface HiddenMarkovPosterior<Qs, R> {
  readonly initial: LevelDirichletDistribution<number> | readonly number[];
  readonly transitions: DirichletTableDistribution<number> | readonly (readonly number[])[];
  /** Where states end lists: of each state that may, P(the list ends | state of its last item). */
  readonly end?: LevelBetaDistribution<number> | readonly number[];
  readonly emissions: Qs;
  readonly length: R;
}

/** E log of tables as probabilities that need not sum to 1: what passes over hidden states read. */
export interface ExpectedTables {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  /** Where states end lists: that the list ends, and that it goes on. */
  readonly end: readonly number[] | undefined;
  readonly rest: readonly number[] | undefined;
}

/** What a model of hidden states says itself. */
export interface HiddenStatesParts<D> {
  readonly emissions: readonly AnyEstimator[];
  /** Of what is counted beside the states: items of a list, children of a node. */
  readonly length: AnyEstimator;
  readonly options: HiddenMarkovTableOptions;
  pool(statistic: HiddenMarkovStatistic): HiddenMarkovStatistic | undefined;
  modelOf(emissions: readonly AnyDistribution[], tables: TablesOfModel, length: AnyDistribution): D;
  lengthOf(model: D): AnyDistribution;
  scorerOf(tables: ExpectedTables, emissions: readonly Scorer[], length: Scorer): Scorer;
  withPrior(
    emissions: readonly AnyEstimator[],
    tables: Pick<HiddenMarkovTableOptions, 'pseudoCount'>,
    length: AnyEstimator,
  ): AnyEstimator;
}

/** `undefined` when nothing has a prior that is a distribution or imaginary counts. */
export function bayesOfHiddenStates<
  D extends AnyDistribution & TablesOfModel & { readonly emissions: readonly AnyDistribution[] },
  Qs,
  R,
>(parts: HiddenStatesParts<D>): Bayes<D, HiddenMarkovStatistic, HiddenMarkovPosterior<Qs, R>> | undefined {
  type Known = HiddenMarkovPosterior<Qs, R>;
  const { emissions, options } = parts;
  const hasPrior = [...emissions, parts.length].some(({ bayes }) => bayes !== undefined) || hasImaginary(options);
  if (!hasPrior) return undefined;
  const states = emissions.map((_, s) => s);
  const children = emissions.map(bayesOf);
  const length = bayesOf(parts.length);
  const tables = tableParts(options, states);
  const ofEnds = tables.end === undefined ? [] : [tables.end];
  const knownOf = (known: Known) => known.emissions as readonly unknown[]; // one for each state
  const split = (list: readonly unknown[]) => ({
    w: list[0],
    table: list[1],
    end: tables.end === undefined ? undefined : list[2],
    ofLength: list[2 + ofEnds.length],
    list: list.slice(3 + ofEnds.length),
  });
  const whole = bayesOfParts(
    [
      tables.initial,
      tables.transitions,
      ...ofEnds,
      length as unknown as Part,
      ...(children as unknown as readonly Part[]),
    ],
    {
      statistics: (statistic: HiddenMarkovStatistic) => [
        statistic.initial,
        statistic.transitions,
        ...ofEnds.map(() => statistic.end),
        statistic.length,
        ...statistic.emissions,
      ],
      models: (model: D) => [
        asMap(model.w, options.allowed?.initial),
        asTable(model.transitions, options.allowed?.transitions),
        ...ofEnds.map(() => asMap(model.end!, options.allowed?.end)),
        parts.lengthOf(model),
        ...model.emissions,
      ],
      known: (known: Known) => [
        known.initial,
        known.transitions,
        ...ofEnds.map(() => known.end),
        known.length,
        ...knownOf(known),
      ],
      join(all) {
        const { w, table, end, ofLength, list } = split(all);
        return {
          initial: w,
          transitions: table,
          ...(ofEnds.length > 0 && { end }),
          emissions: list,
          length: ofLength,
        } as Known;
      },
      mode(all) {
        const { w, table, end, ofLength, list } = split(all);
        const rows = table as ProbabilityTable<number>;
        const made = {
          w: asList(w as ReadonlyMap<number, number>, states),
          transitions: states.map((s) => asList(rows.get(s)!, states)),
          ...(end !== undefined && { end: asList(end as ReadonlyMap<number, number>, states) }),
        };
        return parts.modelOf(list as readonly AnyDistribution[], made, ofLength as AnyDistribution);
      },
    },
  );
  return {
    ...whole,
    // Emissions without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pool(statistic)) => whole.posterior(statistic, pooled),
    expectedScorer(known) {
      const list = knownOf(known);
      const scorers = children.map((child, s) => child.expectedScorer(list[s]));
      return parts.scorerOf(expectedTables(known, states), scorers, length.expectedScorer(known.length));
    },
    withPrior(known) {
      const list = knownOf(known);
      const { initial: first, transitions: table, end } = known;
      const pseudoCount = {
        ...('meanLogOf' in first && { initial: countsOf(first, states) }),
        ...('meanLogOf' in table && { transitions: states.map((s) => countsOf(table.rowOf(s), states)) }),
        ...(end !== undefined && 'shapesOf' in end && { end: states.map((s) => endCountsOf(end, s)) }),
      };
      return parts.withPrior(
        children.map((child, s) => child.withPrior(list[s])),
        { pseudoCount },
        length.withPrior(known.length),
      );
    },
  };
}

/** The tables of a hidden Markov model of lists. */
type ListTables = HiddenMarkovTables & { readonly length: AnyDistribution };
type HiddenMarkovTables = TablesOfModel & { readonly emissions: readonly AnyDistribution[] };

/** What a hidden Markov model of lists says itself. */
export interface HiddenMarkovParts<D> extends Pick<HiddenStatesParts<D>, 'emissions' | 'length' | 'pool' | 'modelOf'> {
  readonly router: Router;
  readonly options: HiddenMarkovOptions;
  withPrior(emissions: readonly AnyEstimator[], options: HiddenMarkovOptions): AnyEstimator;
}

/** `undefined` when nothing has a prior that is a distribution or imaginary counts. */
export function bayesOfHiddenMarkov<D extends AnyDistribution & ListTables, Qs, R>(
  parts: HiddenMarkovParts<D>,
): Bayes<D, HiddenMarkovStatistic, HiddenMarkovPosterior<Qs, R>, SequenceColumns> | undefined {
  const { router, options } = parts;
  // The scorer is one of lists, whose columns these are.
  return bayesOfHiddenStates<D, Qs, R>({
    ...parts,
    lengthOf: (model) => model.length,
    scorerOf({ w, transitions, end, rest }, emissions, length) {
      const memory = new ForwardMemory();
      const model: HiddenMarkovScorer = {
        chain: chainOf(w, transitions, end, rest),
        emissions,
        length,
        scoreEmission: (s, items, from, to, out) => router.seqLogDensity(s, emissions[s]!, items, from, to, out),
        seqLogDensity: (columns, from, to, out) => scoreSequences(model, columns, from, to, out, memory),
      };
      return model as Scorer;
    },
    withPrior(emissions, tables, length) {
      const { prior: _, ...others } = options;
      return parts.withPrior(emissions, { ...others, ...tables, length });
    },
  }) as Bayes<D, HiddenMarkovStatistic, HiddenMarkovPosterior<Qs, R>, SequenceColumns> | undefined;
}

function expectedTables<Qs, R>(known: HiddenMarkovPosterior<Qs, R>, states: readonly number[]): ExpectedTables {
  const { initial: first, transitions: table, end } = known;
  const ends =
    end === undefined
      ? undefined
      : states.map((s) => {
          if (!('meanLogsOf' in end)) return [end[s]!, 1 - end[s]!] as const;
          const { ofShare, ofRest } = end.meanLogsOf(s);
          return [exp(ofShare), exp(ofRest)] as const;
        });
  return {
    w: states.map((s) => ('meanLogOf' in first ? exp(first.meanLogOf(s)) : first[s]!)),
    transitions: states.map((s) =>
      states.map((to) => ('meanLogOf' in table ? exp(table.meanLogOf(s, to)) : table[s]![to]!)),
    ),
    end: ends?.map(([p]) => p),
    rest: ends?.map(([, p]) => p),
  };
}

function tableParts(
  options: HiddenMarkovTableOptions,
  states: readonly number[],
): { readonly initial: Part; readonly transitions: Part; readonly end: Part | undefined } {
  const { fixedInitial, fixedTransitions, fixedEnd, allowed } = options;
  const counts = imaginaryCounts(options, states.length);
  const row = (imaginary: ArrayLike<number>, mask: readonly boolean[] | undefined) =>
    new LevelDirichletDistribution<number>(
      states.filter((s) => mask?.[s] !== false).map((s): [number, number] => [s, 1 + imaginary[s]!]),
    );
  return {
    initial:
      fixedInitial !== undefined
        ? fixedPart(fixedInitial, asMap(fixedInitial))
        : tablePart(
            row(counts.initial, allowed?.initial),
            (known, statistic: Float64Array) => known.updated(states, allowedCounts(statistic, allowed?.initial)),
            (known) => known.mode,
          ),
    transitions:
      fixedTransitions !== undefined
        ? fixedPart(fixedTransitions, asTable(fixedTransitions))
        : tablePart(
            new DirichletTableDistribution<number>(
              states.map((s) => [s, row(counts.transitions[s]!, allowed?.transitions?.[s])] as const),
            ),
            (known, statistic: Float64Array) =>
              known.updated(states, states, allowedCounts(statistic, allowed?.transitions?.flat())),
            (known) => known.mode,
          ),
    end: !hasEnds(options)
      ? undefined
      : fixedEnd !== undefined
        ? fixedPart(fixedEnd, asMap(fixedEnd))
        : tablePart(
            new LevelBetaDistribution<number>(
              states
                .filter((s) => allowed?.end?.[s] !== false)
                .map((s) => {
                  const [ended, others] = counts.end[s]!;
                  return [s, { alpha: 1 + ended, beta: 1 + others }] as const;
                }),
            ),
            afterEnds,
            (known) => known.mode,
          ),
  };
}

/** The posterior after lists: `counts` of those that end in each state, [S], then of items that others follow, [S]. */
function afterEnds(known: LevelBetaDistribution<number>, counts: Float64Array): LevelBetaDistribution<number> {
  return new LevelBetaDistribution<number>(
    Array.from(known.shapes, ([s, { alpha, beta }]) => {
      return [s, { alpha: alpha + counts[s]!, beta: beta + counts[counts.length / 2 + s]! }] as const;
    }),
  );
}

/** A start may count where nothing is allowed. */
function allowedCounts(counts: Float64Array, mask: readonly boolean[] | undefined): Float64Array {
  return mask === undefined ? counts : counts.map((count, cell) => (mask[cell] === false ? 0 : count));
}

/** A table that is not estimated: known as a list, and in the terms of tables of states. */
function fixedPart(list: unknown, table: unknown): Part {
  return { ...tablePoint(() => list), prior: list, mode: () => table };
}

/** Imaginary counts, one less than the concentrations. */
function countsOf(row: LevelDirichletDistribution<number>, states: readonly number[]): number[] {
  return states.map((s) => Math.max(row.concentrationOf(s) - 1, 0));
}

/** Imaginary items of a state: those that end a list, and those that others follow. */
function endCountsOf(end: LevelBetaDistribution<number>, s: number): readonly [number, number] {
  const { alpha = 1, beta = 1 } = end.shapesOf(s) ?? {};
  return [Math.max(alpha - 1, 0), Math.max(beta - 1, 0)];
}

/** By state, without those that `mask` rules out: the prior does not speak of them. */
function asMap(list: readonly number[], mask?: readonly boolean[]): ReadonlyMap<number, number> {
  return new Map([...list.entries()].filter(([s]) => mask?.[s] !== false));
}

function asTable(
  rows: readonly (readonly number[])[],
  masks?: readonly (readonly boolean[])[],
): ProbabilityTable<number> {
  return new Map(rows.map((row, s) => [s, asMap(row, masks?.[s])]));
}

function asList(row: ReadonlyMap<number, number>, states: readonly number[]): number[] {
  return states.map((s) => row.get(s) ?? 0);
}
