/**
 * The M step of the initial and transition probabilities: relative frequencies of expected counts, except where they are
 * fixed, masked or pulled towards a prior.
 */

import type { OptionNames } from '../../checks/options.js';
import { checkMask, checkProbabilities, checkProbabilityRows, checkPseudoCount } from '../../checks/parameters.js';
import type { Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { checkFixed, estimateWeights } from '../weights.js';
import type { HiddenMarkovStatistic } from './forwardBackward.js';

/** Options of the tables of a hidden Markov model with S states. */
export interface HiddenMarkovTableOptions {
  /**
   * Imaginary rows: `initial` starts and `transitions` steps, the latter spread evenly over the S rows. Default 0: maximum
   * likelihood. They say nothing about a table that is fixed.
   */
  readonly pseudoCount?: { readonly initial?: number; readonly transitions?: number };
  /** How the imaginary rows are spread over the states, and over each row of the transitions. Default: evenly. */
  readonly prior?: {
    readonly initial?: readonly number[];
    readonly transitions?: readonly (readonly number[])[];
  };
  /** P(first state), when it is not estimated: S numbers that sum to 1. */
  readonly fixedInitial?: readonly number[];
  /** P(next | state), when they are not estimated: S rows that sum to 1. */
  readonly fixedTransitions?: readonly (readonly number[])[];
  /**
   * False where a probability stays 0: first states [S], steps from row to column [S × S]. Each list has a true. A
   * left-to-right model of three states: `transitions: [[true, true, false], [false, true, true], [false, false, true]]`.
   */
  readonly allowed?: {
    readonly initial?: readonly boolean[];
    readonly transitions?: readonly (readonly boolean[])[];
  };
}

export const TABLE_OPTIONS: OptionNames<HiddenMarkovTableOptions> = {
  pseudoCount: ['initial', 'transitions'],
  prior: ['initial', 'transitions'],
  fixedInitial: true,
  fixedTransitions: true,
  allowed: ['initial', 'transitions'],
};

/** @throws {ParameterError} */
export function checkTableOptions(owner: string, options: HiddenMarkovTableOptions, stateCount: number): void {
  const { pseudoCount, prior, fixedInitial, fixedTransitions, allowed } = options;
  checkPseudoCount(owner, 'pseudoCount.initial', pseudoCount?.initial);
  checkPseudoCount(owner, 'pseudoCount.transitions', pseudoCount?.transitions);
  for (const [name, p] of Object.entries({ 'prior.initial': prior?.initial, fixedInitial })) {
    if (p !== undefined) checkProbabilities(owner, name, p, stateCount);
  }
  for (const [name, rows] of Object.entries({ 'prior.transitions': prior?.transitions, fixedTransitions })) {
    if (rows !== undefined) checkProbabilityRows(owner, name, rows, stateCount, stateCount);
  }
  if (allowed?.initial !== undefined) checkMask(owner, 'allowed.initial', [allowed.initial], 1, stateCount);
  if (allowed?.transitions !== undefined) {
    checkMask(owner, 'allowed.transitions', allowed.transitions, stateCount, stateCount);
  }
  refuseMasked(owner, 'fixedInitial', fixedInitial, allowed?.initial);
  for (const [s, row] of (fixedTransitions ?? []).entries()) {
    refuseMasked(owner, `fixedTransitions[${s}]`, row, allowed?.transitions?.[s]);
  }
}

/** @throws {ParameterError} for a fixed probability > 0 where none is allowed */
function refuseMasked(
  owner: string,
  name: string,
  fixed: readonly number[] = [],
  allowed: readonly boolean[] = [],
): void {
  for (const [k, p] of fixed.entries()) {
    if (p > 0 && allowed[k] === false) throw new ParameterError(owner, `${name}[${k}]`, '0, as allowed says', p);
  }
}

/** A state that was never left keeps its row of the entering model; from a start it gets an even one. */
export function estimateTables(
  { initial, transitions, entering }: HiddenMarkovStatistic,
  { pseudoCount = {}, prior, fixedInitial, fixedTransitions, allowed }: HiddenMarkovTableOptions,
  report: Report | undefined,
): { readonly w: ArrayLike<number>; readonly transitions: readonly ArrayLike<number>[] } {
  const stateCount = initial.length;
  const rowOf = (table: Float64Array, s: number) => table.subarray(s * stateCount, (s + 1) * stateCount);
  const w =
    fixedInitial ??
    estimateWeights(initial, {
      pseudoCount: pseudoCount.initial ?? 0,
      prior: prior?.initial,
      allowed: allowed?.initial,
      entering: entering?.initial,
    });
  const rows =
    fixedTransitions ??
    Array.from({ length: stateCount }, (_, s) => {
      const counts = rowOf(transitions, s);
      if (counts.every((count) => count === 0)) {
        const row = entering === undefined ? 'all next states are as likely' : 'its row stays as it was';
        report?.at('transitions', s).add('dead', `no step leaves this state: ${row}.`);
      }
      return estimateWeights(counts, {
        pseudoCount: (pseudoCount.transitions ?? 0) / stateCount,
        prior: prior?.transitions?.[s],
        allowed: allowed?.transitions?.[s],
        entering: entering === undefined ? undefined : rowOf(entering.transitions, s),
      });
    });
  return { w, transitions: rows };
}

/** Free parameters of the two tables. */
export function tableParameters(
  { fixedInitial, fixedTransitions, allowed }: HiddenMarkovTableOptions,
  stateCount: number,
): { readonly initial: number; readonly transitions: number } {
  const free = (mask: readonly boolean[] | undefined) => (mask?.filter((is) => is).length ?? stateCount) - 1;
  const rows = Array.from({ length: stateCount }, (_, s) => free(allowed?.transitions?.[s]));
  return {
    initial: fixedInitial === undefined ? free(allowed?.initial) : 0,
    transitions: fixedTransitions === undefined ? rows.reduce((sum, count) => sum + count, 0) : 0,
  };
}

/** @throws {ParameterError} for a model with tables that the estimator cannot make: others than the fixed ones, or masked steps */
export function checkTables(
  owner: string,
  { fixedInitial, fixedTransitions, allowed }: HiddenMarkovTableOptions,
  { w, transitions }: { readonly w: readonly number[]; readonly transitions: readonly (readonly number[])[] },
): void {
  checkFixed(owner, 'w', w, fixedInitial, allowed?.initial);
  for (const [s, row] of transitions.entries()) {
    checkFixed(owner, `transitions[${s}]`, row, fixedTransitions?.[s], allowed?.transitions?.[s]);
  }
}
