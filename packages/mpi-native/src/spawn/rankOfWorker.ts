/** The part of a job that runs in a worker of a page. */

import { SelfTransport } from '../calls/self.js';
import { TransportCommunicator } from '../calls/transportCommunicator.js';
import type { Communicator } from '../contract/communicator.js';
import type { Tell } from '../contract/transport.js';
import { MpiError, shown } from '../failures/errors.js';
import { closeOrAbort, failJob } from '../failures/failure.js';
import { type JobSession, jobState } from '../failures/state.js';
import type { SharedJob } from '../threads/sharedMemory.js';
import { startThreads } from '../threads/threadSession.js';
import { structuredCloneCodec } from '../values/codec.js';
import { endThread } from '../values/platform.js';
import { failureMessage, type RankMessage, STOP } from './rankMessages.js';
import type { AnyRankProgram, DataOf, ProgressOf, RankContext, ResultOf } from './rankProgram.js';
import { readyToGo } from './supervise.js';

/** What marks the messages of this package: a worker may have others. */
export const MESSAGE_KEY = '@dml/mpi-native';

/** What the page sends to a worker that is ready. */
export interface RankTask {
  /** `null` where the worker is alone. */
  readonly job: SharedJob | null;
  readonly data: unknown;
}

/** What the worker sends. */
export type WorkerMessage = RankMessage | { readonly kind: 'ready' };

/** The worker's own scope, of which the types of Node know nothing. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: ScopeEvent) => void): void;
}

interface ScopeEvent {
  readonly data?: { readonly [MESSAGE_KEY]?: RankTask | typeof STOP } | null;
  readonly error?: unknown;
  readonly reason?: unknown;
  preventDefault(): void;
}

/**
 * Makes this worker a rank: the last line of the module that the worker runs.
 * @param program  the function that `spawnRanks` runs in each worker
 * @throws {MpiError} `ERR_ARG` unless `program` is a function, and outside a worker
 * @example
 * ```ts fragment
 * // fit.worker.ts
 * import { runRank } from '@dml/mpi-native/browser';
 * import fit from './fit.js';
 *
 * runRank(fit);
 * ```
 */
export function runRank<P extends AnyRankProgram>(program: P): void {
  if (typeof program !== 'function') refuse(`program must be a function, found ${shown(program)}.`);
  const scope = globalThis as unknown as WorkerScope; // of another place it has not all methods
  if (typeof scope.postMessage !== 'function' || typeof scope.addEventListener !== 'function') {
    refuse('it is called in a worker that spawnRanks starts in a page, and this is not one.');
  }
  const send = (message: WorkerMessage): void => scope.postMessage({ [MESSAGE_KEY]: message });
  let hasFailed = false;
  const tell: Tell = (reason, thrown) => {
    if (!hasFailed) send(failureMessage(reason, thrown)); // only the first reason is one
    hasFailed = true;
  };
  const stopping = new AbortController();
  let hasStarted = false;
  scope.addEventListener('message', ({ data: message }) => {
    const task = message?.[MESSAGE_KEY];
    if (task === STOP) stopping.abort();
    if (task === undefined || task === STOP || hasStarted) return;
    hasStarted = true;
    const { comm, session } = open(task.job, tell);
    const fail = (error: unknown): void => {
      if (!hasFailed) failJob(session, error);
    };
    scope.addEventListener('error', (event) => {
      event.preventDefault();
      fail(event.error);
    });
    scope.addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      fail(event.reason);
    });
    run(program, { comm, session, data: task.data, send, stop: stopping.signal }).catch(fail);
  });
  send({ kind: 'ready' });
}

function refuse(reason: string): never {
  throw new MpiError(reason, { code: 'ERR_ARG', call: 'runRank' });
}

/** This worker's place in the job. */
interface Place {
  readonly comm: Communicator;
  readonly session: JobSession;
}

function open(job: SharedJob | null, tell: Tell): Place {
  const options = { codec: structuredCloneCodec, checking: false };
  const state = jobState();
  if (job === null) {
    const alone = { check: () => {}, tell, abort: endThread };
    Object.assign(state, { rank: 0, size: 1 });
    const active = () => true;
    const session = { active, isOver: () => false, close: () => null, claimReport: () => true, tell, abort: endThread };
    return { comm: new TransportCommunicator(new SelfTransport(alone), options), session };
  }
  const { transport, session, configure } = startThreads(job, 0, tell);
  Object.assign(state, { rank: job.rank, size: job.size, session });
  configure({ checking: false, watchdogSeconds: 0, finalizeSeconds: undefined, maxCount: Number.POSITIVE_INFINITY });
  return { comm: new TransportCommunicator(transport, options), session };
}

/** What a rank has to do, and how it is in touch with the page. */
interface Work {
  readonly data: unknown;
  readonly stop: AbortSignal;
  readonly send: (message: RankMessage) => void;
}

async function run<P extends AnyRankProgram>(
  program: P,
  { comm, session, data, send, stop }: Place & Work,
): Promise<void> {
  const report = (value: ProgressOf<P>): void => {
    send({ kind: 'progress', value: readyToGo('report', 'the value', value, false).value });
  };
  const context: RankContext<DataOf<P>, ProgressOf<P>> = { comm, data: data as DataOf<P>, report, stop }; // spawnRanks has its type
  const result = (await program(context as never)) as ResultOf<P>;
  const value = comm.rank === 0 ? readyToGo('spawnRanks', 'the result', result, false).value : undefined;
  if (comm.size > 1) closeOrAbort(session);
  send({ kind: 'done', value });
}
