/** Collective steps that may fail on one rank: the failure is told to all, and all throw it. */
import type { Failure } from './errors.js';
import { failureOf, OptionError, RankError } from './errors.js';
import type { Communicator } from './ports.js';

/** What one rank has to say: a value, or why there is none. */
export type Outcome<V> = { readonly value: V } | { readonly failure: Failure; readonly error: unknown };

/** Runs `make` and keeps its error. */
export function attempt<V>(make: () => V): Outcome<V> {
  try {
    return { value: make() };
  } catch (error) {
    return { failure: failureOf(error), error };
  }
}

/** As {@link attempt}, for work that takes its time. */
export async function attemptAsync<V>(make: () => Promise<V>): Promise<Outcome<V>> {
  try {
    return { value: await make() };
  } catch (error) {
    return { failure: failureOf(error), error };
  }
}

/**
 * Collective: the values of all ranks.
 * @throws the error itself when all ranks fail alike; else {@link RankError}, on every rank, for the lowest that failed
 */
export function exchange<V>(comm: Communicator, own: Outcome<V>): V[] {
  // An error object is not sent: it may hold anything.
  const told = comm.allgatherObject<{ value: V } | { failure: Failure }>(
    'failure' in own ? { failure: own.failure } : { value: own.value },
  );
  const failures = told.flatMap((outcome, rank) => ('failure' in outcome ? [{ rank, failure: outcome.failure }] : []));
  const first = failures[0];
  if (first === undefined) return told.map((outcome) => (outcome as { value: V }).value);
  const isShared = failures.length === comm.size && failures.every(({ failure }) => isSame(failure, first.failure));
  if (isShared && 'failure' in own) throw own.error;
  throw new RankError(
    first.rank,
    comm.size,
    first.failure,
    first.rank === comm.rank && 'failure' in own ? own.error : undefined,
  );
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
  const told = comm.bcastObject<{ value: V } | { failure: Failure }>(sent);
  if (!('failure' in told)) return told.value;
  // A call that cannot be meant is the caller's on every rank, not a failure of the root.
  if (told.failure.name === 'OptionError') throw new OptionError(told.failure.message);
  throw new RankError(0, comm.size, told.failure, own !== undefined && 'failure' in own ? own.error : undefined);
}

/**
 * Collective, once all ranks know that rank `origin` failed: all throw its failure.
 * @param own  read on `origin` only
 */
export function failAll(comm: Communicator, origin: number, own: Outcome<unknown>): never {
  const isOrigin = comm.rank === origin && 'failure' in own;
  const failure = comm.bcastObject<Failure>(isOrigin ? own.failure : undefined, origin);
  throw new RankError(origin, comm.size, failure, isOrigin ? own.error : undefined);
}
