/** Starting and ending this worker's part of a job on worker threads. */
import { workerData } from 'node:worker_threads';
import { MpiError } from './errors.js';
import { abortJob, EXIT_STUCK } from './failure.js';
import { FINALIZE_SECONDS, numberSetting } from './settings.js';
import { ControlBlock, PHASE, SHARED_JOB_KEY, type SharedJob } from './sharedMemory.js';
import type { CloseFailure, JobSession } from './state.js';
import { endWorker, ThreadTransport } from './threads.js';

const LOOK_MS = 20;
// What a finished rank has sent arrives at once; later than this it was not sent.
const HOPELESS_MS = 2000;

/** The job that this thread is a worker of, `null` in any other thread. */
export function sharedJob(): SharedJob | null {
  const data: unknown = workerData;
  if (typeof data !== 'object' || data === null) return null;
  return (data as { [SHARED_JOB_KEY]?: SharedJob })[SHARED_JOB_KEY] ?? null; // written by dml-run alone
}

/** Takes this worker's place in the job. */
export function startThreads(job: SharedJob): { transport: ThreadTransport; session: JobSession } {
  const watchdogSeconds = numberSetting('DML_MPI_WATCHDOG', 0, 0, Number.MAX_SAFE_INTEGER);
  const limit = numberSetting('DML_MPI_FINALIZE_TIMEOUT', FINALIZE_SECONDS, 0, Number.MAX_SAFE_INTEGER);
  const { rank, size } = job;
  const control = new ControlBlock(job, watchdogSeconds, (call) =>
    abortJob(session, EXIT_STUCK, `watchdog: blocked in ${call} for ${watchdogSeconds} s`),
  );
  for (let other = 0; other < size; other++) {
    if (control.presence(other).phase !== PHASE.gone) continue;
    throw new MpiError(`rank ${other} ended without calling getWorld().`, { code: 'ERR_REMOTE', call: 'getWorld' });
  }
  const session: JobSession = {
    // Once the job is poisoned there is nothing left to end, or to say.
    active: () => control.presence(rank).phase === PHASE.running && control.poison() === 0,
    close: () => close(control, rank, size, limit),
    claimReport: () => control.claimReport(),
    abort: (code) => endWorker(control, code, rank),
  };
  control.setPhase(rank, PHASE.running);
  return { transport: ThreadTransport.world(job, control), session };
}

/** Waits until every rank has finished, as the native layer does: a rank that computes may take its time. */
function close(control: ControlBlock, rank: number, size: number, limit: number): CloseFailure | null {
  control.setPhase(rank, PHASE.closing);
  const own = control.presence(rank).collectives;
  const sequences = new Array<number>(size).fill(-1);
  let quietSince = performance.now();
  for (;;) {
    const seen = control.bell();
    if (control.poison() !== 0) return null; // the rank that failed ends the process
    let awaited = -1;
    let isQuiet = true;
    for (let other = 0; other < size; other++) {
      const { phase, call, sequence, collectives } = control.presence(other);
      if (phase === PHASE.closing) continue;
      awaited = other;
      if (collectives > own || phase === PHASE.gone) return { timedOut: false, rank: other, call };
      if (call === '' || sequence !== sequences[other]) isQuiet = false;
      sequences[other] = sequence;
    }
    if (awaited < 0) return null;
    if (!isQuiet) quietSince = performance.now();
    const hopeless = findHopeless(control, size);
    if (hopeless >= 0 && performance.now() - quietSince > HOPELESS_MS) {
      return { timedOut: false, rank: hopeless, call: control.presence(hopeless).call };
    }
    if (limit > 0 && performance.now() - quietSince > 1000 * limit) {
      return { timedOut: true, rank: awaited, call: control.presence(awaited).call };
    }
    control.sleep(seen, LOOK_MS);
  }
}

/** A rank that waits for a message which no rank can send any more, as in the native layer; -1 if there is none. */
function findHopeless(control: ControlBlock, size: number): number {
  const ranks = Array.from({ length: size }, (_, rank) => control.presence(rank));
  const gone = new Set<number>();
  ranks.forEach(({ phase }, rank) => {
    if (phase === PHASE.closing) gone.add(rank);
  });
  let found = -1;
  for (let known = -1; known !== gone.size; ) {
    known = gone.size;
    ranks.forEach(({ call, peer }, rank) => {
      if (gone.has(rank) || (call !== 'recv' && call !== 'sendrecv')) return;
      if (peer >= 0 ? !gone.has(peer) : gone.size < size - 1) return;
      gone.add(rank);
      if (found < 0) found = rank;
    });
  }
  return found;
}
