/**
 * The M step of the initial and transition probabilities: relative frequencies of expected counts, except where they are
 * fixed, masked or pulled towards a prior.
 */

import { checkFlag, type OptionNames } from '../../checks/options.js';
import { checkMask, checkProbabilities, checkProbabilityRows } from '../../checks/parameters.js';
import type { ParameterBlock, Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { checkFixed, estimateWeights } from '../weights.js';
import { checkEnd, estimateEnd } from './ends.js';
import type { HiddenMarkovKeys, HiddenMarkovStatistic } from './forwardBackward.js';
import type { HiddenMarkovTableOptions, TablesOfModel } from './tableOptions.js';
import { checkImaginary, imaginaryCounts, logTablePriors } from './tablePrior.js';

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
  if (prior?.end !== undefined) checkEnd(owner, 'prior.end', prior.end, stateCount);
  if (fixedEnd !== undefined) checkEnd(owner, 'fixedEnd', fixedEnd, stateCount);
  if (allowed?.end !== undefined) checkMask(owner, 'allowed.end', [allowed.end], 1, stateCount);
  refuseMasked(owner, 'fixedEnd', fixedEnd, allowed?.end);
}

/** @throws {ParameterError} */
export function checkTableOptions(owner: string, options: HiddenMarkovTableOptions, stateCount: number): void {
  const { prior, fixedInitial, fixedTransitions, allowed } = options;
  checkImaginary(owner, options, stateCount);
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
  options: HiddenMarkovTableOptions,
  report: Report | undefined,
): {
  readonly w: ArrayLike<number>;
  readonly transitions: readonly ArrayLike<number>[];
  readonly end?: readonly number[];
} {
  const { fixedInitial, fixedTransitions, fixedEnd, allowed } = options;
  const stateCount = initial.length;
  const imaginary = imaginaryCounts(options, stateCount);
  const rowOf = (table: Float64Array, s: number) => table.subarray(s * stateCount, (s + 1) * stateCount);
  const w =
    fixedInitial ??
    estimateWeights(added(initial, imaginary.initial), { allowed: allowed?.initial, entering: entering?.initial });
  const rows =
    fixedTransitions ??
    imaginary.transitions.map((steps, s) => {
      const counts = rowOf(transitions, s);
      // A state may be left by the end of lists alone.
      if (counts.every((count) => count === 0) && (ends?.[s] ?? 0) === 0) {
        const row = entering === undefined ? 'all next states are as likely' : 'its row stays as it was';
        report?.at('transitions', s).add('dead', `no step leaves this state: ${row}.`);
      }
      return estimateWeights(added(counts, steps), {
        allowed: allowed?.transitions?.[s],
        entering: entering === undefined ? undefined : rowOf(entering.transitions, s),
      });
    });
  const end =
    fixedEnd ??
    (ends && estimateEnd(ends, { imaginary: imaginary.end, allowed: allowed?.end, entering: entering?.end }));
  return { w, transitions: rows, ...(end && { end }) };
}

function added(counts: Float64Array, imaginary: Float64Array): Float64Array {
  return counts.map((count, k) => count + imaginary[k]!);
}

/** Options that pull towards the tables of a model by `pseudoCount` imaginary rows each. */
export function tablesTowards({ w, transitions, end }: TablesOfModel, pseudoCount: number): HiddenMarkovTableOptions {
  const counts = { initial: pseudoCount, transitions: pseudoCount };
  if (end === undefined) return { pseudoCount: counts, ...(pseudoCount > 0 && { prior: { initial: w, transitions } }) };
  const ended = { ends: true, pseudoCount: { ...counts, end: pseudoCount } };
  return { ...ended, ...(pseudoCount > 0 && { prior: { initial: w, transitions, end } }) };
}

/** Free parameters by key, each table with the log-density of its prior. */
export function tableBlocks(
  options: HiddenMarkovTableOptions,
  keys: HiddenMarkovKeys,
  model: TablesOfModel,
): readonly ParameterBlock[] {
  const free = tableParameters(options, model.w.length);
  const logPrior = logTablePriors(options, model);
  return [
    { key: keys.initial, count: free.initial, logPrior: logPrior.initial },
    { key: keys.transitions, count: free.transitions, logPrior: logPrior.transitions },
    ...(hasEnds(options) ? [{ key: keys.end, count: free.end, logPrior: logPrior.end }] : []),
  ];
}

/** Free parameters of the tables. */
function tableParameters(
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
