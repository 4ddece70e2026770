/** First states and steps of a Markov chain as tables by state, and their M step. */

import { checkProbabilities } from '../../checks/parameters.js';
import { EstimationError, ParameterError } from '../../errors.js';
import type { Level, LevelProbabilities } from '../../families/categorical.js';
import { isLevel } from '../../families/categorical.js';
import { type ByLevel, mapByLevel } from '../../leaf/levels/byLevel.js';
import { timesLog } from '../../leaf/prior.js';
import { estimateWeights, spread } from '../weights.js';
import type { MarkovChainStatistic } from './markovCounts.js';

/** Transition probabilities by state: each a table over next states. */
export type TransitionProbabilities<T extends Level> =
  | Iterable<readonly [T, LevelProbabilities<T>]>
  | (T extends string ? Readonly<Record<T, LevelProbabilities<T>>> : never);

/** Probabilities by state, which sum to 1; or none. @throws {ParameterError} */
export function tableOf<T extends Level>(
  owner: string,
  parameter: string,
  p: LevelProbabilities<T>,
): ReadonlyMap<T, number> {
  const table = mapByLevel<T, number>(owner, parameter, p);
  for (const state of table.keys()) checkState(owner, parameter, state);
  if (table.size > 0) checkProbabilities(owner, parameter, [...table.values()]);
  return table;
}

/** {@link tableOf} for each state. @throws {ParameterError} */
export function tablesOf<T extends Level>(
  owner: string,
  parameter: string,
  transitions: TransitionProbabilities<T>,
): ReadonlyMap<T, ReadonlyMap<T, number>> {
  const rows = mapByLevel<T, LevelProbabilities<T>>(owner, parameter, transitions);
  return new Map(
    [...rows].map(([state, row]) => {
      checkState(owner, parameter, state);
      return [state, tableOf(owner, `${parameter}[${String(state)}]`, row)];
    }),
  );
}

function checkState(owner: string, parameter: string, state: unknown): void {
  if (isLevel(state)) return;
  throw new ParameterError(owner, parameter, 'a table of states, each a string, a number, a boolean or null', state);
}

/** What decides beside the counts. */
export interface ChainTables<T> {
  readonly prior: {
    readonly initial?: ReadonlyMap<T, number> | undefined;
    readonly transitions?: ReadonlyMap<T, ReadonlyMap<T, number>> | undefined;
  };
  /** States of the prior and those that the user named. */
  readonly levels: readonly T[];
  readonly fixedInitial: ReadonlyMap<T, number> | undefined;
  readonly fixedTransitions: ReadonlyMap<T, ReadonlyMap<T, number>> | undefined;
  readonly allowed: {
    readonly initial?: ReadonlySet<T> | undefined;
    readonly transitions?: ReadonlyMap<T, ReadonlySet<T>> | undefined;
  };
}

/** The options of an estimator, read once. @throws {ParameterError} */
export function chainTables<T extends Level>(
  owner: string,
  options: {
    readonly prior?: { readonly initial?: LevelProbabilities<T>; readonly transitions?: TransitionProbabilities<T> };
    readonly levels?: readonly T[];
    readonly fixedInitial?: LevelProbabilities<T>;
    readonly fixedTransitions?: TransitionProbabilities<T>;
    readonly allowed?: { readonly initial?: readonly T[]; readonly transitions?: ByLevel<T, readonly T[]> };
  },
): ChainTables<T> {
  const { prior = {}, levels = [], fixedInitial, fixedTransitions, allowed = {} } = options;
  if (!Array.isArray(levels)) throw new ParameterError(owner, 'levels', 'a list of states', levels);
  const table = (name: string, p: LevelProbabilities<T> | undefined) =>
    p === undefined ? undefined : tableOf<T>(owner, name, p);
  const tables = (name: string, p: TransitionProbabilities<T> | undefined) =>
    p === undefined ? undefined : tablesOf<T>(owner, name, p);
  const initial = table('prior.initial', prior.initial);
  const transitions = tables('prior.transitions', prior.transitions);
  const states = (name: string, list: readonly T[]): ReadonlySet<T> => {
    const isList: boolean = Array.isArray(list) && list.length > 0 && list.every((state) => isLevel(state));
    if (isList) return new Set(list);
    throw new ParameterError(owner, name, 'a list of at least one state', list);
  };
  const masks = allowed.transitions && mapByLevel<T, readonly T[]>(owner, 'allowed.transitions', allowed.transitions);
  const ofPrior = [...(transitions ?? [])].flatMap(([state, row]) => [state, ...row.keys()]);
  return {
    prior: { initial, transitions },
    levels: [...levels, ...(initial?.keys() ?? []), ...ofPrior],
    fixedInitial: table('fixedInitial', fixedInitial),
    fixedTransitions: tables('fixedTransitions', fixedTransitions),
    allowed: {
      initial: allowed.initial && states('allowed.initial', allowed.initial),
      transitions:
        masks &&
        new Map([...masks].map(([state, next]) => [state, states(`allowed.transitions[${String(state)}]`, next)])),
    },
  };
}

/** Up to here a row of the model names all states, also those that never follow. */
export const MAX_FULL_ROWS = 1024;

/**
 * Smoothed relative frequencies. A state that was never left gets a table only where there is a prior for it.
 * @throws {EstimationError} where no state of a table is allowed
 */
export function estimateChain<T extends Level>(
  { prior, levels, fixedInitial, fixedTransitions, allowed }: ChainTables<T>,
  statistic: MarkovChainStatistic,
  pseudoCount: number,
): {
  readonly initial: ReadonlyMap<T, number>;
  readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
  /** How many of the states seen were never left. */
  readonly endCount: number;
} {
  const seen = statistic.levels as readonly T[]; // levels of rows of T
  const states = pseudoCount > 0 ? [...new Set([...seen, ...levels])] : seen;
  const row = (
    counts: Float64Array,
    table: ReadonlyMap<T, number> | undefined,
    mask: ReadonlySet<T> | undefined,
  ): ReadonlyMap<T, number> => {
    const all = new Float64Array(states.length);
    all.set(counts); // the states seen come first
    const p = estimateWeights(all, {
      pseudoCount,
      prior: table && states.map((state) => table.get(state) ?? 0),
      allowed: mask && states.map((state) => mask.has(state)),
    });
    if (states.length > 0 && !p.some((share) => share > 0)) {
      throw new EstimationError(
        'MarkovChain: no state of the rows is one of those that `allowed` names. Name one that is, or give levels and a pseudoCount.',
      );
    }
    // Where there are many states, most steps do not occur: their zeros would be most of the model.
    const isSparse = pseudoCount === 0 && states.length > MAX_FULL_ROWS;
    const listed = new Map<T, number>();
    states.forEach((state, k) => {
      if (!isSparse || p[k]! > 0) listed.set(state, p[k]!);
    });
    return listed;
  };
  const noCounts = new Float64Array(seen.length);
  const transitions = new Map<T, ReadonlyMap<T, number>>();
  let endCount = seen.length;
  states.forEach((state, k) => {
    const counts = k < seen.length ? statistic.transitions.subarray(k * seen.length, (k + 1) * seen.length) : noCounts;
    const isLeft = counts.some((count) => count > 0);
    if (isLeft) endCount--;
    const table = pseudoCount > 0 ? prior.transitions?.get(state) : undefined;
    if (isLeft || table !== undefined) transitions.set(state, row(counts, table, allowed.transitions?.get(state)));
  });
  return {
    initial: fixedInitial ?? row(statistic.initial, prior.initial, allowed.initial),
    transitions: fixedTransitions ?? transitions,
    endCount,
  };
}

/**
 * What the imaginary rows of {@link estimateChain} add to the log-likelihood, up to a constant, and c log(u / (1 + u)) for the mass u of
 * what was never seen: each of n starts and steps is divided by 1 + u, so that the sum is largest at u = c / n. A state without a
 * table counts as one that has its prior's: it would get that, had it one.
 */
export function logChainPrior<T extends Level>(
  { prior, fixedInitial, fixedTransitions, allowed }: ChainTables<T>,
  model: {
    readonly initial: ReadonlyMap<T, number>;
    readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
    readonly unseen: number;
  },
  pseudoCount: number,
): number | undefined {
  if (pseudoCount === 0) return undefined;
  const logRow = (
    row: ReadonlyMap<T, number>,
    table: ReadonlyMap<T, number> | undefined,
    mask: ReadonlySet<T> | undefined,
  ): number => {
    const states = [...row.keys()];
    const shares = spread(
      states.length,
      table && states.map((state) => table.get(state) ?? 0),
      mask && states.map((state) => mask.has(state)),
    );
    return states.reduce((sum, state, k) => {
      const count = pseudoCount * shares[k]!;
      return sum + timesLog(count, row.get(state)!) - timesLog(count, shares[k]!);
    }, 0);
  };
  let sum = timesLog(pseudoCount, model.unseen / (1 + model.unseen));
  if (fixedInitial === undefined) sum += logRow(model.initial, prior.initial, allowed.initial);
  if (fixedTransitions !== undefined) return sum;
  for (const [state, row] of model.transitions) {
    sum += logRow(row, prior.transitions?.get(state), allowed.transitions?.get(state));
  }
  return sum;
}

/** @throws {ParameterError} for a model with tables that the estimator cannot make: others than the fixed ones, or masked steps */
export function checkChain<T extends Level>(
  owner: string,
  { fixedInitial, fixedTransitions, allowed }: ChainTables<T>,
  model: {
    readonly initial: ReadonlyMap<T, number>;
    readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
  },
): void {
  const check = (
    name: string,
    table: ReadonlyMap<T, number>,
    fixed: ReadonlyMap<T, number> | undefined,
    mask: ReadonlySet<T> | undefined,
  ): void => {
    for (const [state, p] of table) {
      const expected =
        fixed !== undefined ? (fixed.get(state) ?? 0) : p > 0 && mask?.has(state) === false ? 0 : undefined;
      if (expected === undefined || expected === p) continue;
      const why = fixed === undefined ? 'as it is not allowed to be more' : 'as fixed';
      throw new ParameterError(owner, `${name}[${JSON.stringify(state)}] of the model`, `${expected}, ${why}`, p);
    }
  };
  check('initial', model.initial, fixedInitial, allowed.initial);
  for (const [state, row] of model.transitions) {
    const fixed = fixedTransitions && (fixedTransitions.get(state) ?? new Map<T, number>());
    check(`transitions[${JSON.stringify(state)}]`, row, fixed, allowed.transitions?.get(state));
  }
}

/** All states that the tables name. */
export function statesIn<T>({
  initial,
  transitions,
}: {
  readonly initial: ReadonlyMap<T, number>;
  readonly transitions: ReadonlyMap<T, ReadonlyMap<T, number>>;
}): ReadonlySet<T> {
  const states = new Set([...initial.keys(), ...transitions.keys()]);
  for (const row of transitions.values()) for (const state of row.keys()) states.add(state);
  return states;
}
