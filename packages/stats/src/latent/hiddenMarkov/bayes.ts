/**
 * What is known of the parameters of a hidden Markov model: of its tables, whose rows are Dirichlet distributed with parameters
 * one more than their imaginary counts, of each state's emission, and of the length's.
 * Source: MacKay, Ensemble learning for hidden Markov models (1997).
 */
import { bayesOf, bayesOfParts, tablePart, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import { DirichletTableDistribution, type ProbabilityTable } from '../../bayes/dirichletTable.js';
import { LevelDirichletDistribution } from '../../bayes/levelDirichlet.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import type { Router } from '../route.js';
import { chainOf } from './chain.js';
import { type HiddenMarkovScorer, type HiddenMarkovStatistic, scoreSequences } from './forwardBackward.js';
import { ForwardMemory } from './forwardMemory.js';
import type { HiddenMarkovOptions } from './options.js';
import type { HiddenMarkovTableOptions } from './tableOptions.js';
import { hasImaginary, imaginaryCounts } from './tablePrior.js';
import { hasEnds } from './tables.js';

/** What is known after the data. States are 0 … S - 1; tables that are fixed are themselves. */
export interface HiddenMarkovPosterior<Qs, R> {
  readonly initial: LevelDirichletDistribution<number> | readonly number[];
  readonly transitions: DirichletTableDistribution<number> | readonly (readonly number[])[];
  readonly emissions: Qs;
  readonly length: R;
}

/** What a hidden Markov model says itself. */
export interface HiddenMarkovParts<D> {
  readonly emissions: readonly AnyEstimator[];
  readonly length: AnyEstimator;
  readonly router: Router;
  readonly options: HiddenMarkovOptions;
  pool(statistic: HiddenMarkovStatistic): HiddenMarkovStatistic | undefined;
  modelOf(
    emissions: readonly AnyDistribution[],
    tables: { readonly w: readonly number[]; readonly transitions: readonly (readonly number[])[] },
    length: AnyDistribution,
  ): D;
  withPrior(emissions: readonly AnyEstimator[], options: HiddenMarkovOptions): AnyEstimator;
}

/** `undefined` when nothing has a prior that is a distribution or imaginary counts, and where states end lists. */
export function bayesOfHiddenMarkov<
  D extends AnyDistribution & {
    readonly w: readonly number[];
    readonly transitions: readonly (readonly number[])[];
    readonly emissions: readonly AnyDistribution[];
    readonly length: AnyDistribution;
  },
  Qs,
  R,
>(
  parts: HiddenMarkovParts<D>,
): Bayes<D, HiddenMarkovStatistic, HiddenMarkovPosterior<Qs, R>, SequenceColumns> | undefined {
  type Known = HiddenMarkovPosterior<Qs, R>;
  const { emissions, options } = parts;
  const hasPrior = [...emissions, parts.length].some(({ bayes }) => bayes !== undefined) || hasImaginary(options);
  if (hasEnds(options) || !hasPrior) return undefined;
  const states = emissions.map((_, s) => s);
  const children = emissions.map(bayesOf);
  const length = bayesOf(parts.length);
  const { initial, transitions } = tableParts(options, states);
  const knownOf = (known: Known) => known.emissions as readonly unknown[]; // one for each state
  const whole = bayesOfParts([initial, transitions, length as unknown as Part, ...(children as unknown as Part[])], {
    statistics: (statistic: HiddenMarkovStatistic) => [
      statistic.initial,
      statistic.transitions,
      statistic.length,
      ...statistic.emissions,
    ],
    models: (model: D) => [asMap(model.w), asTable(model.transitions), model.length, ...model.emissions],
    known: (known: Known) => [known.initial, known.transitions, known.length, ...knownOf(known)],
    join: ([w, table, ofLength, ...list]) =>
      ({ initial: w, transitions: table, emissions: list, length: ofLength }) as Known,
    mode([w, table, ofLength, ...list]) {
      const rows = table as ProbabilityTable<number>;
      const tables = {
        w: asList(w as ReadonlyMap<number, number>, states),
        transitions: states.map((s) => asList(rows.get(s)!, states)),
      };
      return parts.modelOf(list as readonly AnyDistribution[], tables, ofLength as AnyDistribution);
    },
  });
  return {
    ...whole,
    // Emissions without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pool(statistic)) => whole.posterior(statistic, pooled),
    expectedScorer(known) {
      const list = knownOf(known);
      const scorers = children.map((child, s) => child.expectedScorer(list[s]));
      const { initial: first, transitions: table } = known;
      const memory = new ForwardMemory();
      const model: HiddenMarkovScorer = {
        chain: chainOf(
          states.map((s) => ('meanLogOf' in first ? exp(first.meanLogOf(s)) : first[s]!)),
          states.map((s) => states.map((to) => ('meanLogOf' in table ? exp(table.meanLogOf(s, to)) : table[s]![to]!))),
          undefined,
        ),
        emissions: scorers,
        length: length.expectedScorer(known.length),
        scoreEmission: (s, items, start, end, out) =>
          parts.router.seqLogDensity(s, scorers[s]!, items, start, end, out),
        seqLogDensity: (columns, start, end, out) => scoreSequences(model, columns, start, end, out, memory),
      };
      return model;
    },
    withPrior(known) {
      const list = knownOf(known);
      const { prior: _, ...others } = options;
      const { initial: first, transitions: table } = known;
      return parts.withPrior(
        children.map((child, s) => child.withPrior(list[s])),
        {
          ...others,
          length: length.withPrior(known.length),
          pseudoCount: {
            ...('meanLogOf' in first && { initial: countsOf(first, states) }),
            ...('meanLogOf' in table && { transitions: states.map((s) => countsOf(table.rowOf(s), states)) }),
          },
        },
      );
    },
  };
}

function tableParts(
  options: HiddenMarkovTableOptions,
  states: readonly number[],
): { readonly initial: Part; readonly transitions: Part } {
  const { fixedInitial, fixedTransitions, allowed } = options;
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
  };
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

function asMap(list: readonly number[]): ReadonlyMap<number, number> {
  return new Map(list.entries());
}

function asTable(rows: readonly (readonly number[])[]): ProbabilityTable<number> {
  return new Map(rows.map((row, s) => [s, asMap(row)]));
}

function asList(row: ReadonlyMap<number, number>, states: readonly number[]): number[] {
  return states.map((s) => row.get(s) ?? 0);
}
