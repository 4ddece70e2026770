/** Starting and ending this worker's part of a job on worker threads. */

import { FINALIZE_SECONDS } from '../checks/settings.js';
import type { Tell } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { abortJob, EXIT_STUCK } from '../failures/failure.js';
import type { CloseFailure, JobSession, Settings, StartedJob } from '../failures/state.js';
import type { Mailbox } from './mailbox.js';
import { type Call, ControlBlock, PHASE, type SharedJob } from './sharedMemory.js';
import { endWorker, ThreadTransport } from './threads.js';

const LOOK_MS = 20;
// What a finished rank has sent arrives at once; later than this it was not sent.
const HOPELESS_MS = 2000;
// A rank that has looked this often at a call that it has started does nothing else.
const ENOUGH_POLLS = 100;
const RECEIVES: readonly Call[] = ['recv', 'sendrecv', 'probe', 'irecv'];

/**
 * Takes this worker's place in the job.
 * @param tell  how a failing rank reaches the program that started it; without it the error is printed
 */
export function startThreads(job: SharedJob, watchdogSeconds: number, tell?: Tell): StartedJob {
  const { rank, size } = job;
  const control: ControlBlock = new ControlBlock(job, watchdogSeconds, (call) => {
    const text = `watchdog: blocked in ${call} for ${control.watchdogSeconds} s. ${describeRanks(control, size)}`;
    return abortJob(session, EXIT_STUCK, text);
  });
  for (let other = 0; other < size; other++) {
    if (control.presence(other).phase !== PHASE.gone) continue;
    throw new MpiError(`rank ${other} ended without calling getWorld().`, { code: 'ERR_REMOTE', call: 'getWorld' });
  }
  const transport = ThreadTransport.world(job, control, tell);
  let limit = FINALIZE_SECONDS;
  let isOver = false;
  const session: JobSession = {
    // Once the job is poisoned there is nothing left to end, or to say.
    active: () => control.presence(rank).phase === PHASE.running && control.poison() === 0,
    isOver: () => isOver && control.poison() === 0,
    close: () => {
      const failure = new Closing(control, transport.mailbox, rank, size, limit).wait();
      isOver = failure === null;
      return failure;
    },
    claimReport: () => control.claimReport(),
    tell,
    abort: (code) => endWorker(control, code, rank),
  };
  const configure = (settings: Settings): void => {
    limit = settings.finalizeSeconds ?? FINALIZE_SECONDS;
    control.watchdogSeconds = settings.watchdogSeconds;
  };
  control.setPhase(rank, PHASE.running);
  return { transport, session, configure };
}

/** Waits until every rank has finished, as the native layer does: a rank that computes may take its time. */
class Closing {
  readonly #control: ControlBlock;
  readonly #mailbox: Mailbox;
  readonly #rank: number;
  readonly #size: number;
  readonly #limit: number;
  readonly #sequences: number[];
  #polls: number[];
  #quietSince = performance.now();
  #idleSince = performance.now();

  constructor(control: ControlBlock, mailbox: Mailbox, rank: number, size: number, limit: number) {
    this.#control = control;
    this.#mailbox = mailbox;
    this.#rank = rank;
    this.#size = size;
    this.#limit = limit;
    this.#sequences = new Array<number>(size).fill(-1);
    this.#polls = new Array<number>(size).fill(0);
  }

  wait(): CloseFailure | null {
    this.#control.setPhase(this.#rank, PHASE.closing);
    let allSince = 0;
    for (;;) {
      const seen = this.#control.bell();
      if (this.#control.poison() !== 0) return null; // the rank that failed ends the process
      this.#mailbox.progress();
      const found = this.#look();
      if (found === 'all have finished') {
        if (this.#mailbox.hasSentAll()) return null;
        allSince ||= performance.now();
        // All ranks are here, so what is still on its way was never asked for.
        if (performance.now() - allSince > HOPELESS_MS) {
          return this.#failure(
            'not received',
            this.#mailbox.unsentTo(),
            this.#mailbox.unsentTo() < 0 ? 'iallreduce' : 'isend',
          );
        }
      } else if (found !== null) return found;
      this.#control.sleep(seen, LOOK_MS);
    }
  }

  #look(): CloseFailure | 'all have finished' | null {
    const own = this.#control.presence(this.#rank).collectives;
    let awaited = -1;
    let isQuiet = true;
    let isIdle = true;
    let isProven = true;
    for (let other = 0; other < this.#size; other++) {
      const { phase, call, sequence, collectives, isPolled, polls } = this.#control.presence(other);
      if (phase === PHASE.closing) continue;
      awaited = other;
      if (collectives > own || phase === PHASE.gone) return this.#failure('mismatch', other);
      const hasMoved = sequence !== this.#sequences[other];
      if (call === '' || hasMoved) isQuiet = false;
      if (hasMoved) isIdle = false;
      if (isPolled && polls < this.#polls[other]! + ENOUGH_POLLS) isProven = false;
      this.#sequences[other] = sequence;
    }
    if (awaited < 0) return 'all have finished';
    const now = performance.now();
    if (!isQuiet) {
      this.#quietSince = now;
      // From now on each rank has to look often enough again.
      this.#polls = this.#polls.map((_, rank) => this.#control.presence(rank).polls);
    }
    if (!isIdle) this.#idleSince = now;
    const quiet = isProven ? now - this.#quietSince : 0;
    const hopeless = findHopeless(this.#control, this.#size);
    if (hopeless >= 0 && quiet > HOPELESS_MS) return this.#failure('mismatch', hopeless);
    if (this.#limit > 0 && quiet > 1000 * this.#limit) return this.#failure('timed out', awaited);
    const { watchdogSeconds } = this.#control;
    const isStuck = watchdogSeconds > 0 && now - this.#idleSince > 1000 * watchdogSeconds;
    return isStuck ? this.#failure('stuck', awaited) : null;
  }

  #failure(
    reason: CloseFailure['reason'],
    rank: number,
    call = this.#control.presence(rank).call as string,
  ): CloseFailure {
    return { reason, rank, call, ranks: describeRanks(this.#control, this.#size) };
  }
}

/** The ranks that wait and the ranks that do not, as in the native layer. */
function describeRanks(control: ControlBlock, size: number): string {
  const waiting: string[] = [];
  const others: string[] = [];
  for (let rank = 0; rank < size; rank++) {
    const { phase, call } = control.presence(rank);
    if (phase === PHASE.closing) waiting.push(`rank ${rank} (has finished)`);
    else if (call !== '') waiting.push(`rank ${rank} (${call})`);
    else others.push(phase === PHASE.unseen ? `rank ${rank} has not called getWorld()` : `rank ${rank} is in no call`);
  }
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`;
  return `waiting: ${waiting.join(', ')}${rest}`;
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
      if (gone.has(rank) || !RECEIVES.includes(call)) return;
      if (peer >= 0 ? !gone.has(peer) : gone.size < size - 1) return;
      gone.add(rank);
      if (found < 0) found = rank;
    });
  }
  return found;
}
