import { jobState } from './state.js';

/** What an {@link MpiError} knows besides its message. */
export interface MpiErrorFacts {
  readonly code: string;
  readonly call: string;
  readonly rawCode?: number;
  readonly detail?: string;
  readonly cause?: unknown;
  /** The rank that failed, where it is not this thread's. */
  readonly place?: { readonly rank: number; readonly size: number };
}

const MARK = Symbol.for('@dml/mpi-native/MpiError');

/**
 * Raised for every failed MPI call and for every misuse that is found before MPI is called.
 *
 * The message reads `rank 2 of 4: bcast: root must be an integer in 0 … 3, found 7.`; programs should look at
 * {@link MpiError.code} instead. After an error inside a collective call the communicator is in an undefined state (this
 * is MPI's rule): let the error reach the top level, where it ends the job. Errors raised before communication, such as
 * `ERR_ROOT` or `ERR_BUFFER`, leave the communicator intact.
 *
 * @example
 * ```ts
 * try {
 *   world.send(new Float64Array(1), world.size);
 * } catch (error) {
 *   if (error instanceof MpiError) console.log(error.code); // ERR_RANK
 * }
 * ```
 */
export class MpiError extends Error {
  /** Portable name of the kind of error, the same for every transport: `ERR_RANK`, `ERR_TRUNCATE`, `ERR_REMOTE`, … */
  readonly code: string;
  /** The operation that failed: an MPI function such as `MPI_Recv`, or the method when MPI was not reached. */
  readonly call: string;
  /** Return code of the MPI library, 0 when MPI was not reached. The numbers differ between MPI families. */
  readonly rawCode: number;
  /** Rank of this process in the whole job, -1 when it has no rank yet. Of an error of `spawnRanks`: the rank that failed. */
  readonly rank: number;
  /** Everything the MPI library said; empty when MPI was not reached. */
  readonly detail: string;

  /** @throws {MpiError} `ERR_ARG` unless it is told its code and the call */
  constructor(message: string, facts: MpiErrorFacts) {
    const { code, call, rawCode = 0, detail = '', cause, place = jobState() } = checkedFacts(facts);
    const { rank, size } = place;
    const prefix = rank < 0 ? '' : `rank ${rank} of ${size}: `;
    super(`${prefix}${call}: ${message}`, cause === undefined ? undefined : { cause });
    this.name = 'MpiError';
    this.code = code;
    this.call = call;
    this.rank = rank;
    this.rawCode = rawCode;
    this.detail = detail;
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** Outside the class, as a class that names itself is renamed by bundlers. */
function checkedFacts(facts: MpiErrorFacts): MpiErrorFacts {
  if (typeof facts?.code === 'string' && typeof facts.call === 'string') return facts;
  throw new MpiError('facts must be an object with code and call.', { code: 'ERR_ARG', call: 'MpiError' });
}

// A program may load the ES module and the CommonJS build: an error of one is an instance of the class of the other.
// Outside the class, as a class that names itself is renamed by bundlers.
Object.defineProperty(MpiError, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    if (this !== MpiError) return Function.prototype[Symbol.hasInstance].call(this, value); // a class that extends it
    return typeof value === 'object' && value !== null && MARK in value;
  },
});

/** Makes an error that has come from another thread an {@link MpiError} again; it has all the fields of one. */
export function markAsMpiError(error: Error): void {
  Object.defineProperty(error, MARK, { value: true });
}

/** A value as it appears in an error message: short, and never the cause of a second error. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`;
  return 'an object';
}
