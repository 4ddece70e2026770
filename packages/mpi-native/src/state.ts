import type { Communicator } from './communicator.js';

/** What this thread knows about its job. Shared by the ESM and the CommonJS build, which may both be loaded. */
export interface JobState {
  /** Rank in the whole job, -1 before {@link getWorld}. */
  rank: number;
  size: number;
  world: Communicator | null;
  codecId: string;
  session: JobSession | null;
}

/** The part of a transport that lives as long as the job. */
export interface JobSession {
  /** Between start-up and the end of {@link close}. */
  active(): boolean;
  /** Waits for the other ranks, then ends the transport. Returns why they will not come, or `null`. */
  close(): CloseFailure | null;
  /** Whether this rank is the first to ask: the one that tells why the job fails. */
  claimReport(): boolean;
  /** Ends every process of the job. */
  abort(code: number): never;
}

/** Why a rank that has finished stopped waiting for the others. */
export interface CloseFailure {
  /** `false` when another rank is certain to wait for ever, `true` when it stayed in one call for too long. */
  readonly timedOut: boolean;
  readonly rank: number;
  /** The operation the other rank is in, or an empty string. */
  readonly call: string;
}

const KEY = Symbol.for('@dml/mpi-native');

/** The state of this thread. */
export function jobState(): JobState {
  const store = globalThis as { [KEY]?: JobState };
  store[KEY] ??= { rank: -1, size: 0, world: null, codecId: '', session: null };
  return store[KEY];
}
