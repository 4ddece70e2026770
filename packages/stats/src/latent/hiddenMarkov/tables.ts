/**
 * The M step of the initial and transition probabilities: relative frequencies of expected counts, except where they are
 * fixed, masked or pulled towards a prior.
 */

import { checkFlag, type OptionNames } from '../../checks/options.js';
import { checkMask, checkProbabilities, checkProbabilityRows, checkPseudoCount } from '../../checks/parameters.js';
import type { Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { logOfShare } from '../../leaf/prior.js';
import { checkFixed, estimateWeights, logWeightPrior } from '../weights.js';
import { checkEnd, estimateEnd } from './ends.js';
import type { HiddenMarkovStatistic } from './forwardBackward.js';

/** Options of the tables of a hidden Markov model with S states. */
export interface HiddenMarkovTableOptions {
  /**
   * True: lists end by their states, and P(the list ends | state of its last item) is estimated. There is no `length` then, and
   * lists have at least one item. Default false; `fixedEnd` is enough, too.
   */
  readonly ends?: boolean;
  /**
   * Imaginary rows: `initial` starts, `transitions` steps and `end` items, the latter two spread evenly over the S states. Default
   * 0: maximum likelihood. They say nothing about a table that is fixed.
   */
  readonly pseudoCount?: { readonly initial?: number; readonly transitions?: number; readonly end?: number };
  /**
   * How the imaginary rows are spread over the states, and over each row of the transitions. Default: evenly. `end`: which share of
   * the imaginary items of each state ends a list. Default: a half.
   */
  readonly prior?: {
    readonly initial?: readonly number[];
    readonly transitions?: readonly (readonly number[])[];
    readonly end?: readonly number[];
  };
  /** P(first state), when it is not estimated: S numbers that sum to 1. */
  readonly fixedInitial?: readonly number[];
  /** P(next | state), when they are not estimated: S rows that sum to 1. */
  readonly fixedTransitions?: readonly (readonly number[])[];
  /** P(the list ends | state of its last item), when it is not estimated: S numbers. */
  readonly fixedEnd?: readonly number[];
  /**
   * False where a probability stays 0: first states [S], steps from row to column [S × S], last states [S]. Each list has a true. A
   * left-to-right model of three states: `transitions: [[true, true, false], [false, true, true], [false, false, true]]`.
   */
  readonly allowed?: {
    readonly initial?: readonly boolean[];
    readonly transitions?: readonly (readonly boolean[])[];
    readonly end?: readonly boolean[];
  };
}

export const TABLE_OPTIONS: OptionNames<HiddenMarkovTableOptions> = {
  ends: checkFlag,
  pseudoCount: ['initial', 'transitions', 'end'],
  prior: ['initial', 'transitions', 'end'],
  fixedInitial: true,
  fixedTransitions: true,
  fixedEnd: true,
  allowed: ['initial', 'transitions', 'end'],
};

/** Whether lists end by their states. */
export function hasEnds({ ends, fixedEnd }: HiddenMarkovTableOptions): boolean {
  return ends === true || fixedEnd !== undefined;
}

/** @throws {ParameterError} */
function checkEndOptions(owner: string, options: HiddenMarkovTableOptions, stateCount: number): void {
  const { ends, pseudoCount, prior, fixedEnd, allowed } = options;
  if (fixedEnd !== undefined && ends === false)
    throw new ParameterError(owner, 'ends', 'true, as fixedEnd is given', ends);
  for (const [name, record] of Object.entries({ pseudoCount, prior, allowed })) {
    if (record?.end === undefined || hasEnds(options)) continue;
    throw new ParameterError(owner, 'ends', `true, as ${name}.end is given`, ends);
  }
  checkPseudoCount(owner, 'pseudoCount.end', pseudoCount?.end);
  if (prior?.end !== undefined) checkEnd(owner, 'prior.end', prior.end, stateCount);
  if (fixedEnd !== undefined) checkEnd(owner, 'fixedEnd', fixedEnd, stateCount);
  if (allowed?.end !== undefined) checkMask(owner, 'allowed.end', [allowed.end], 1, stateCount);
  refuseMasked(owner, 'fixedEnd', fixedEnd, allowed?.end);
}

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
  checkEndOptions(owner, options, stateCount);
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
  { initial, transitions, end: ends, entering }: HiddenMarkovStatistic,
  { pseudoCount = {}, prior, fixedInitial, fixedTransitions, fixedEnd, allowed }: HiddenMarkovTableOptions,
  report: Report | undefined,
): {
  readonly w: ArrayLike<number>;
  readonly transitions: readonly ArrayLike<number>[];
  readonly end?: readonly number[];
} {
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
      // A state may be left by the end of lists alone.
      if (counts.every((count) => count === 0) && (ends?.[s] ?? 0) === 0) {
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
  const end =
    fixedEnd ??
    (ends &&
      estimateEnd(ends, {
        pseudoCount: (pseudoCount.end ?? 0) / stateCount,
        prior: prior?.end,
        allowed: allowed?.end,
        entering: entering?.end,
      }));
  return { w, transitions: rows, ...(end && { end }) };
}

/** What imaginary rows add to the log-likelihood, for each of the tables; `undefined` without any. */
export function logTablePriors(
  { pseudoCount = {}, prior, fixedInitial, fixedTransitions, fixedEnd, allowed }: HiddenMarkovTableOptions,
  {
    w,
    transitions,
    end,
  }: {
    readonly w: readonly number[];
    readonly transitions: readonly (readonly number[])[];
    readonly end?: readonly number[] | undefined;
  },
): Readonly<Record<'initial' | 'transitions' | 'end', number | undefined>> {
  const { initial = 0, transitions: steps = 0, end: ends = 0 } = pseudoCount;
  const ofRow = (row: readonly number[], s: number) =>
    logWeightPrior(row, {
      pseudoCount: steps / w.length,
      prior: prior?.transitions?.[s],
      allowed: allowed?.transitions?.[s],
    }) ?? 0;
  const ofEnd = (p: number, s: number) =>
    allowed?.end?.[s] === false ? 0 : logOfShare(ends / w.length, prior?.end?.[s] ?? 0.5, p);
  const sumOf = (terms: readonly number[] | undefined) => terms?.reduce((sum, term) => sum + term, 0);
  return {
    initial:
      fixedInitial === undefined
        ? logWeightPrior(w, { pseudoCount: initial, prior: prior?.initial, allowed: allowed?.initial })
        : undefined,
    transitions: fixedTransitions === undefined && steps > 0 ? sumOf(transitions.map(ofRow)) : undefined,
    end: fixedEnd === undefined && ends > 0 ? sumOf(end?.map(ofEnd)) : undefined,
  };
}

/** Free parameters of the tables. */
export function tableParameters(
  options: HiddenMarkovTableOptions,
  stateCount: number,
): { readonly initial: number; readonly transitions: number; readonly end: number } {
  const { fixedInitial, fixedTransitions, fixedEnd, allowed } = options;
  const free = (mask: readonly boolean[] | undefined) => (mask?.filter((is) => is).length ?? stateCount) - 1;
  // No step leaves a state that ends every list.
  const rows = Array.from({ length: stateCount }, (_, s) =>
    fixedEnd?.[s] === 1 ? 0 : free(allowed?.transitions?.[s]),
  );
  return {
    initial: fixedInitial === undefined ? free(allowed?.initial) : 0,
    transitions: fixedTransitions === undefined ? rows.reduce((sum, count) => sum + count, 0) : 0,
    end: fixedEnd === undefined && hasEnds(options) ? (allowed?.end?.filter((is) => is).length ?? stateCount) : 0,
  };
}

interface TablesOfModel {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly end?: readonly number[] | undefined;
}

/** @throws {ParameterError} for a model with tables that the estimator cannot make: others than the fixed ones, or masked steps */
export function checkTables(
  owner: string,
  options: HiddenMarkovTableOptions,
  { w, transitions, end }: TablesOfModel,
): void {
  const { fixedInitial, fixedTransitions, fixedEnd, allowed } = options;
  checkFixed(owner, 'w', w, fixedInitial, allowed?.initial);
  if ((end !== undefined) !== hasEnds(options)) {
    throw new ParameterError(
      owner,
      'end of the model',
      hasEnds(options) ? 'given' : 'left out, as ends is not true',
      end,
    );
  }
  if (end !== undefined) checkFixed(owner, 'end', end, fixedEnd, allowed?.end);
  for (const [s, row] of transitions.entries()) {
    checkFixed(owner, `transitions[${s}]`, row, fixedTransitions?.[s], allowed?.transitions?.[s]);
  }
}
