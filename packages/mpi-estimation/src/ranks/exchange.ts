/** Collective steps that may fail on one rank: the failure is sent to all, and all throw it. */
import { type Failure, failureOf, formatValue, OptionError, RankError } from '../errors.js';
import type { Communicator } from '../ports.js';

/** One rank's result: a value, or its failure. */
export type Outcome<V> = { readonly value: V } | { readonly failure: Failure; readonly error: unknown };

/** Runs `make` and keeps its error. */
export function attempt<V>(make: () => V): Outcome<V> {
  try {
    return { value: make() };
  } catch (error) {
    return { failure: failureOf(error), error };
  }
}

/** As {@link attempt}, for asynchronous work. */
export async function attemptAsync<V>(make: () => Promise<V>): Promise<Outcome<V>> {
  try {
    return { value: await make() };
  } catch (error) {
    return { failure: failureOf(error), error };
  }
}

/**
 * Collective: the values of all ranks.
 * @throws the error itself when all ranks fail alike and no row is to blame; else {@link RankError}, on every rank, for the
 *   lowest that failed
 */
export function exchange<V>(comm: Communicator, own: Outcome<V>): V[] {
  // An error object is not sent: it may hold anything.
  const outcomes = comm.allgatherObject<{ value: V } | { failure: Failure }>(
    'failure' in own ? { failure: own.failure } : { value: own.value },
  );
  checkStep(outcomes);
  if (outcomes.some((outcome) => 'failure' in outcome)) {
    throw errorOf(
      comm,
      outcomes.map((outcome) => ('failure' in outcome ? outcome.failure : null)),
      own,
    );
  }
  return outcomes.map((outcome) => (outcome as { value: V }).value); // no failure is among them
}

/** @throws {OptionError} for a message that no call of ours sends: that rank calls the communicator where the others fit */
function checkStep(outcomes: readonly unknown[]): void {
  const rank = outcomes.findIndex(
    (outcome) => typeof outcome !== 'object' || outcome === null || !('value' in outcome || 'failure' in outcome),
  );
  if (rank < 0) return;
  throw new OptionError(
    `the ranks do not make the same calls: rank ${rank} sent ${formatValue(outcomes[rank])} where the others fit or score. ` +
      'Every rank must make the same calls in the same order.',
  );
}

/** Collective: this rank's own value, once every rank has one. @throws as {@link exchange} */
export function settle<V>(comm: Communicator, own: Outcome<V>): V {
  exchange(comm, 'failure' in own ? own : { value: null });
  return (own as { readonly value: V }).value; // else exchange has thrown
}

/**
 * Collective, once all ranks know that one has failed: all throw, as {@link exchange} does.
 * @param own  what this rank knows; at least one rank has a failure
 */
export function failAll(comm: Communicator, own: Outcome<unknown>): never {
  throw errorOf(comm, comm.allgatherObject<Failure | null>('failure' in own ? own.failure : null), own);
}

/** What all ranks throw. An error that names a row is of the rank that brought the row, even when that rank is alone. */
function errorOf(comm: Communicator, failures: readonly (Failure | null)[], own: Outcome<unknown>): unknown {
  const rank = failures.findIndex((failure) => failure !== null);
  const first = failures[rank]!; // at least one rank has failed
  const isShared = first.row === undefined && failures.every((failure) => failure !== null && isSame(failure, first));
  if (isShared && 'failure' in own) return own.error;
  return new RankError(rank, comm.size, first, rank === comm.rank && 'failure' in own ? own.error : undefined);
}

function isSame(a: Failure, b: Failure): boolean {
  return a.name === b.name && a.message === b.message;
}

/**
 * Collective: the root's value.
 * @throws {RankError} on every rank when the root has none
 */
export function fromRoot<V>(comm: Communicator, own: Outcome<V> | undefined): V {
  const sent = own === undefined ? undefined : 'failure' in own ? { failure: own.failure } : { value: own.value };
  const outcome = comm.bcastObject<{ value: V } | { failure: Failure }>(sent);
  if (!('failure' in outcome)) return outcome.value;
  // A wrong argument is an error of the caller on every rank, not a failure of the root.
  if (outcome.failure.name === 'OptionError') throw new OptionError(outcome.failure.message);
  throw new RankError(0, comm.size, outcome.failure, own !== undefined && 'failure' in own ? own.error : undefined);
}
