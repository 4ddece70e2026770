/** The long run of a chain: how often it is in each state, and how long it stays there. */
import { ParameterError } from '../../errors.js';

type Table = readonly (readonly number[])[];

/**
 * π with π A = π, by elimination without subtractions, so that small probabilities keep their digits.
 * Source: Grassmann, Taksar & Heyman, Regenerative analysis and steady state distributions for Markov chains (1985).
 *
 * @throws {ParameterError} where it depends on the first state, as the chain can end up in several sets of states
 */
export function stationaryDistribution(owner: string, transitions: Table): number[] {
  const closed = closedClasses(transitions);
  if (closed.length > 1) {
    throw new ParameterError(
      owner,
      'transitions',
      `rows by which the chain does not stay in either of ${closed.map((states) => `[${states.join(', ')}]`).join(' and ')}`,
      transitions,
    );
  }
  const states = closed[0]!; // a finite chain has one
  const weights = eliminate(states.map((r) => states.map((s) => transitions[r]![s]!)));
  const pi = new Array<number>(transitions.length).fill(0);
  states.forEach((s, k) => {
    pi[s] = weights[k]!;
  });
  return pi;
}

/** The stationary distribution of states that all reach each other. */
function eliminate(rows: number[][]): number[] {
  for (let n = rows.length - 1; n > 0; n--) {
    let leaves = 0;
    for (let s = 0; s < n; s++) leaves += rows[n]![s]!;
    for (let r = 0; r < n; r++) {
      rows[r]![n]! /= leaves;
      for (let s = 0; s < n; s++) rows[r]![s]! += rows[r]![n]! * rows[n]![s]!;
    }
  }
  const weights = [1];
  for (let n = 1; n < rows.length; n++) weights.push(weights.reduce((sum, w, r) => sum + w * rows[r]![n]!, 0));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** The sets of states that reach each other and no other state. */
function closedClasses(transitions: Table): readonly (readonly number[])[] {
  const reach = transitions.map((row) => row.map((p) => p > 0));
  for (const between of reach.keys()) {
    for (const row of reach) {
      if (!row[between]) continue;
      for (const s of row.keys()) row[s] ||= reach[between]![s]!;
    }
  }
  const classes: (readonly number[])[] = [];
  for (const [s, row] of reach.entries()) {
    const reached = [...row.keys()].filter((r) => row[r]);
    const isClosed = reached.every((r) => reach[r]![s]);
    if (isClosed && reached[0] === s) classes.push(reached);
  }
  return classes;
}

/** Expected number of items from entering each state to leaving it or ending the list: 1 / (1 - P(the next item is of the same state)). */
export function meanStays(transitions: Table, end: readonly number[] | undefined): number[] {
  return transitions.map((row, s) => {
    const leaves = row.reduce((sum, p, next) => (next === s ? sum : sum + p), 0);
    const ends = end?.[s] ?? 0;
    return 1 / (ends + (1 - ends) * leaves);
  });
}
