/** The side of a job that started its ranks: hears what they say, and ends them. */
import { rebuildError } from '../failures/carriedError.js';
import { MpiError, shown } from '../failures/errors.js';
import { handOver } from '../failures/handOver.js';
import type { RankFailure, RankMessage } from './rankMessages.js';

/** A rank that was started. */
export interface RankThread {
  /** Ends it wherever it is, and resolves when it is no more. */
  end(): Promise<unknown>;
  /** Asks it to come to an end. */
  stop(): void;
}

/** What happens to a rank. */
export interface RankEvents {
  message(message: RankMessage): void;
  /** The thread is over, or could not go on. Default code: `ERR_REMOTE`. */
  lost(reason: string, facts?: { readonly code?: string; readonly cause?: unknown }): void;
}

/** Who hears of a job, and who may end it. */
export interface Listeners {
  readonly signal: AbortSignal | undefined;
  readonly stop: AbortSignal | undefined;
  readonly onProgress: ((value: never, rank: number) => void) | undefined;
}

/** A job that is to start. */
export interface Supervision extends Listeners {
  readonly call: string;
  readonly size: number;
}

/**
 * Starts all ranks, and waits for them. Settles when no rank is left.
 * @param start  starts one rank
 * @throws {MpiError} `ERR_REMOTE` with the rank and its error as the cause, when one fails; the reason of the signal
 */
export function supervise(
  { call, size, signal, stop, onProgress }: Supervision,
  start: (rank: number, events: RankEvents) => RankThread,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const threads: RankThread[] = [];
    const done = new Set<number>();
    let result: unknown;
    let isOver = false;
    const end = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      signal?.removeEventListener('abort', abort);
      stop?.removeEventListener('abort', askToStop);
      Promise.all(threads.map((thread) => thread.end())).then(settle, settle);
    };
    const fail = (error: unknown) => end(() => reject(error));
    const abort = () => fail(signal?.reason);
    const askToStop = () => {
      for (const thread of threads) thread.stop();
    };
    const hear = (rank: number, message: RankMessage): void => {
      if (isOver) return;
      if (message.kind === 'failed') fail(rankError(call, rank, size, message));
      else if (message.kind === 'progress') {
        try {
          onProgress?.(message.value as never, rank); // of the type that the program reports
        } catch (error) {
          fail(error);
        }
      } else {
        if (rank === 0) result = message.value;
        done.add(rank);
        if (done.size === size) end(() => resolve(result));
      }
    };
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    for (let rank = 0; rank < size && !isOver; rank++) {
      const lost: RankEvents['lost'] = (reason, facts) => {
        if (isOver || done.has(rank)) return;
        fail(new MpiError(reason, { code: 'ERR_REMOTE', call, place: { rank, size }, ...facts }));
      };
      try {
        threads.push(start(rank, { message: (message) => hear(rank, message), lost }));
      } catch (error) {
        lost(`cannot start: ${messageOf(error)}`, { cause: error });
      }
    }
    stop?.addEventListener('abort', askToStop);
    if (stop?.aborted) askToStop();
  });
}

/** The error of a job of which a rank has failed. */
function rankError(call: string, rank: number, size: number, { reason, thrown }: RankFailure): MpiError {
  if (thrown === null) return new MpiError(reason, { code: 'ERR_REMOTE', call, place: { rank, size } });
  const cause = rebuildError(thrown);
  return thrownError(call, rank, size, cause);
}

/** The error of a job whose function has thrown this one on a rank. */
export function thrownError(call: string, rank: number, size: number, cause: unknown): MpiError {
  if (cause instanceof MpiError) return cause; // says where, and who
  return new MpiError(messageOf(cause), { code: 'ERR_REMOTE', call, cause, place: { rank, size } });
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `${shown(error)} was thrown.`;
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

/**
 * A value for another thread.
 * @throws {MpiError} `ERR_CLONE` for one that would not arrive as it is
 */
export function readyToGo(call: string, what: string, value: unknown, isShared: boolean): ReturnType<typeof handOver> {
  const handedOver = handOver(value, isShared);
  if (handedOver.loss === null) return handedOver;
  const { path, found } = handedOver.loss;
  throw new MpiError(
    `${what}${path} is ${found}, which would not arrive as it is. Send plain values and typed arrays; a model as the bytes of a codec.`,
    { code: 'ERR_CLONE', call },
  );
}

// A pass of EM over this much takes about as long as a few messages between threads.
const BYTES_PER_RANK = 2 ** 19;

/** One rank per core, as far as there are data for it; data without rows say nothing. */
export function rankCountFor({ bytes, hasRows }: ReturnType<typeof handOver>, cores: number): number {
  return hasRows ? Math.min(cores, Math.max(1, Math.floor(bytes / BYTES_PER_RANK))) : cores;
}

/** @throws {MpiError} `ERR_ARG` */
export function checkRankCount(call: string, ranks: unknown, most: number): void {
  if (ranks === undefined || (Number.isInteger(ranks) && (ranks as number) >= 1 && (ranks as number) <= most)) return;
  throw new MpiError(`ranks must be an integer in 1 … ${most}, found ${shown(ranks)}.`, { code: 'ERR_ARG', call });
}
