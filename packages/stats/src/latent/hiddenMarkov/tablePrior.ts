/**
 * Imaginary rows of the tables of a hidden Markov model, cell by cell, and the density of the prior that they are: a row of a table
 * with imaginary counts c has the Dirichlet density with parameters c + 1, whose mode for counts n is (n + c) / Σ (n + c).
 * Source: Gelman et al., Bayesian Data Analysis (2013), section 3.4.
 */
import { checkNonNegative, checkPseudoCount } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import { timesLog } from '../../leaf/prior.js';
import { spread } from '../weights.js';
import type { HiddenMarkovTableOptions, ImaginaryRows, TablesOfModel } from './tableOptions.js';

/** @throws {ParameterError} for counts that are no numbers >= 0, and for a prior beside counts of single cells */
export function checkImaginary(
  owner: string,
  { pseudoCount, prior }: Pick<HiddenMarkovTableOptions, 'pseudoCount' | 'prior'>,
  stateCount: number,
): void {
  const { initial, transitions, end } = pseudoCount ?? {};
  const refusePrior = (name: 'initial' | 'transitions' | 'end') => {
    if (prior?.[name] === undefined) return;
    throw new ParameterError(
      owner,
      `prior.${name}`,
      `left out, as pseudoCount.${name} has a number for each cell`,
      prior[name],
    );
  };
  if (typeof initial === 'object' && initial !== null) {
    refusePrior('initial');
    checkCells(owner, 'pseudoCount.initial', initial, stateCount);
  } else checkPseudoCount(owner, 'pseudoCount.initial', initial);
  if (typeof transitions === 'object' && transitions !== null) {
    refusePrior('transitions');
    const isTable = Array.isArray(transitions) && transitions.length === stateCount;
    if (!isTable)
      throw new ParameterError(owner, 'pseudoCount.transitions', `a list of ${stateCount} rows`, transitions);
    for (const [s, row] of transitions.entries()) checkCells(owner, `pseudoCount.transitions[${s}]`, row, stateCount);
  } else checkPseudoCount(owner, 'pseudoCount.transitions', transitions);
  if (typeof end === 'object' && end !== null) {
    refusePrior('end');
    const isTable = Array.isArray(end) && end.length === stateCount;
    if (!isTable) throw new ParameterError(owner, 'pseudoCount.end', `a list of ${stateCount} pairs`, end);
    for (const [s, pair] of end.entries()) checkCells(owner, `pseudoCount.end[${s}]`, pair, 2);
  } else checkPseudoCount(owner, 'pseudoCount.end', end);
}

function checkCells(owner: string, name: string, cells: unknown, count: number): void {
  const isList = typeof cells === 'object' && cells !== null && (cells as ArrayLike<unknown>).length === count;
  if (!isList) throw new ParameterError(owner, name, `a list of ${count} numbers`, cells);
  for (const [k, cell] of Array.from(cells as ArrayLike<unknown>).entries())
    checkNonNegative(owner, `${name}[${k}]`, cell);
}

/** Imaginary rows of each cell. */
export interface ImaginaryCounts {
  readonly initial: Float64Array;
  readonly transitions: readonly Float64Array[];
  /** Of the items of each state: those that end a list, and those that others follow. */
  readonly end: readonly (readonly [number, number])[];
}

/** Nothing is imagined where nothing is allowed. */
export function imaginaryCounts(
  { pseudoCount = {}, prior, allowed }: HiddenMarkovTableOptions,
  stateCount: number,
): ImaginaryCounts {
  const { initial = 0, transitions = 0, end = 0 } = pseudoCount;
  const row = (counts: ImaginaryRows, shares: readonly number[] | undefined, mask: readonly boolean[] | undefined) =>
    typeof counts === 'number'
      ? spread(stateCount, shares, mask).map((share) => counts * share)
      : Float64Array.from(counts, (count, k) => (mask?.[k] === false ? 0 : count));
  const states = Array.from({ length: stateCount }, (_, s) => s);
  return {
    initial: row(initial, prior?.initial, allowed?.initial),
    transitions: states.map((s) =>
      row(
        typeof transitions === 'number' ? transitions / stateCount : transitions[s]!,
        prior?.transitions?.[s],
        allowed?.transitions?.[s],
      ),
    ),
    end: states.map((s) => {
      if (allowed?.end?.[s] === false) return [0, 0];
      if (typeof end !== 'number') return end[s]!;
      const count = end / stateCount;
      const share = prior?.end?.[s] ?? 0.5;
      return [count * share, count * (1 - share)];
    }),
  };
}

/** Whether anything is imagined. */
export function hasImaginary({ pseudoCount = {} }: HiddenMarkovTableOptions): boolean {
  return Object.values(pseudoCount).some((counts) => [counts].flat(2).some((count) => count > 0));
}

/** What imaginary rows add to the log-likelihood, for each of the tables; `undefined` without any, or where a table is fixed. */
export function logTablePriors(
  options: HiddenMarkovTableOptions,
  { w, transitions, end }: TablesOfModel,
): Readonly<Record<'initial' | 'transitions' | 'end', number | undefined>> {
  const { fixedInitial, fixedTransitions, fixedEnd } = options;
  const imaginary = imaginaryCounts(options, w.length);
  const ends = end?.map((p) => [p, 1 - p]);
  return {
    initial: fixedInitial === undefined ? logOfRows([w], [imaginary.initial]) : undefined,
    transitions: fixedTransitions === undefined ? logOfRows(transitions, imaginary.transitions) : undefined,
    end: fixedEnd === undefined && ends !== undefined ? logOfRows(ends, imaginary.end) : undefined,
  };
}

/** Σ c log p. */
function logOfRows(rows: readonly (readonly number[])[], counts: readonly ArrayLike<number>[]): number | undefined {
  let total = 0;
  let sum = 0;
  for (const [r, row] of rows.entries()) {
    for (const [k, p] of row.entries()) {
      const count = counts[r]![k]!;
      total += count;
      sum += timesLog(count, p);
    }
  }
  return total > 0 ? sum : undefined;
}
