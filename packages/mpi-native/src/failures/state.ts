import type { Communicator } from '../contract/communicator.js';
import type { CLOSE_REASONS } from '../contract/native.js';
import type { Tell, Transport } from '../contract/transport.js';

/** What this thread knows about its job. Shared by the ESM and the CommonJS build, which may both be loaded. */
export interface JobState {
  /** Rank in the whole job, -1 before {@link getWorld}. */
  rank: number;
  size: number;
  world: Communicator | null;
  codecId: string;
  session: JobSession | null;
  settings: Settings | null;
  /** Whether {@link finalize} has ended a job that has no session. */
  isOver: boolean;
}

/** The settings of a job, the same on every rank. */
export interface Settings {
  /** Compare the arguments of all ranks before each collective call. */
  readonly checking: boolean;
  /** 0 for none. */
  readonly watchdogSeconds: number;
  /** How long a finished rank waits for ranks that stay in one call; `undefined` for the default of the transport. */
  readonly finalizeSeconds: number | undefined;
  /** Most elements in one count of an MPI call. */
  readonly maxCount: number;
}

/** The part of a transport that lives as long as the job. */
export interface JobSession {
  /** Between start-up and the end of {@link close}. */
  active(): boolean;
  /** After {@link close} has ended well. */
  isOver(): boolean;
  /** Waits for the other ranks, then ends the transport. Returns why they will not come, or `null`. */
  close(): CloseFailure | null;
  /** Whether this rank is the first to ask: the one that prints why the job fails. */
  claimReport(): boolean;
  /** Tells the program that started the job why it fails. Without it the reason is printed. */
  readonly tell?: Tell | undefined;
  /** Ends every process of the job. */
  abort(code: number): never;
}

/** A transport that has just started. */
export interface StartedJob {
  readonly transport: Transport;
  readonly session: JobSession;
  /** Called once, when the ranks have agreed on the settings. */
  configure(settings: Settings): void;
}

/** Why a rank that has finished stopped waiting for the others. */
export interface CloseFailure {
  /**
   * Another rank would never end; or it stayed in one call for too long; or nothing has moved for as long as
   * the watchdog allows; or a message of this rank was never received.
   */
  readonly reason: (typeof CLOSE_REASONS)[number];
  /** The other rank, -1 where it is not known. */
  readonly rank: number;
  /** The operation the other rank is in, or an empty string. For a message that was not received, this rank's. */
  readonly call: string;
  /** What each rank does. */
  readonly ranks: string;
}

const KEY = Symbol.for('@dml/mpi-native');

/** The state of this thread. */
export function jobState(): JobState {
  const store = globalThis as { [KEY]?: JobState };
  store[KEY] ??= { rank: -1, size: 0, world: null, codecId: '', session: null, settings: null, isOver: false };
  return store[KEY];
}
