/**
 * How a rank ends, and how it takes the job with it when it ends badly.
 *
 * Node emits `exit` before it prints an uncaught error. Waiting there for ranks that wait in a collective call would
 * hang the job and hide the error, so the order is: print, then abort; and wait only after a clean end.
 */

import { describeError, writeError } from '../values/platform.js';
import { MpiError } from './errors.js';
import { type CloseFailure, type JobSession, jobState } from './state.js';

/** Exit code of a job whose ranks did not all finish. */
export const EXIT_UNFINISHED = 86;

/** Exit code of a job that the watchdog ended; the native layer uses the same. */
export const EXIT_STUCK = 87;

const MAX_EXIT_CODE = 125;
// A rank whose error was caused by another rank waits, so that the other one prints first.
const DELAY_SECONDARY_MS = 500;
// The rank that prints ends the others; one that has waited for this long ends the job itself.
const DELAY_SILENT_MS = 3000;
// MPICH's launcher drops output that it has not yet forwarded when the job is aborted.
const FORWARD_MS = 100;

/** What ends a job: its session, or a communicator where there is none. */
type JobEnd = Pick<JobSession, 'abort'> & Partial<Pick<JobSession, 'claimReport' | 'tell'>>;

/** Ends the job when this process ends in any way but a clean one. */
export function installFailureHooks(session: JobSession): void {
  let fatal: { readonly error: unknown } | null = null;
  // Records only: a program with its own uncaughtException handler may recover.
  process.on('uncaughtExceptionMonitor', (error) => {
    fatal = { error };
  });
  process.on('exit', (code) => {
    if (session.active()) {
      if (code === 0) closeOrAbort(session);
      else if (fatal === null) abortJob(session, code, `ended with exit code ${code}`);
      else failJob(session, fatal.error, code);
    } else if (code !== 0 && fatal !== null && session.isOver()) {
      failJob(session, fatal.error, code); // Node would print it without the rank
    }
  });
  process.on('beforeExit', () => {
    if (!session.active()) return;
    const code = Number(process.exitCode ?? 0);
    if (code === 0) closeOrAbort(session);
    else abortJob(session, code, `ended with exit code ${code}`);
  });
}

/** Waits for the other ranks and ends the transport; ends the job with code 86 or 87 when they will not come. */
export function closeOrAbort(session: JobSession): void {
  const failure = session.close();
  if (failure === null) return;
  abortJob(session, failure.reason === 'stuck' ? EXIT_STUCK : EXIT_UNFINISHED, unfinished(failure));
}

/** Prints the error once for the job if possible, and ends the job. */
export function failJob(session: JobEnd, error: unknown, code = 1): never {
  const isSecondary = error instanceof MpiError && error.code === 'ERR_REMOTE' && error.cause === undefined;
  if (isSecondary) pause(DELAY_SECONDARY_MS);
  return abortJob(session, code, `${originOf(error)}${describeError(error)}`, { error });
}

/** An error that every rank throws names the rank where it happened: the one that prints it is another one. */
function originOf(error: unknown): string {
  const { rank, size } = jobState();
  const origin: unknown = error instanceof Error && 'rank' in error ? error.rank : rank;
  const isOther = Number.isInteger(origin) && origin !== rank && Number(origin) >= 0 && Number(origin) < size;
  return isOther ? `passes on the error of rank ${origin}: ` : '';
}

/**
 * Prints `reason` behind the rank, unless another rank already prints, and ends the job. Nothing asynchronous
 * happens after this.
 * @param thrown  the error that is the reason, if one is
 */
export function abortJob(
  end: JobEnd,
  code: number,
  reason: string | undefined,
  thrown?: { readonly error: unknown },
): never {
  const { rank, size } = jobState();
  if (end.claimReport?.() === false) pause(DELAY_SILENT_MS);
  if (end.tell !== undefined) end.tell(reason ?? `ended the job with exit code ${code}`, thrown);
  else if (reason !== undefined) {
    writeError(size > 1 ? `[rank ${rank}/${size}] ${reason}\n` : `${reason}\n`);
    if (size > 1) pause(FORWARD_MS);
  }
  return end.abort(code >= 1 && code <= MAX_EXIT_CODE ? code : 1);
}

function unfinished({ reason, rank, call, ranks }: CloseFailure): string {
  const place = call === '' ? '' : ` is in ${call} and`;
  const start = `this rank has finished but rank ${rank}${place}`;
  if (reason === 'timed out') return `${start} did not follow: collective calls do not match`;
  if (reason === 'stuck') {
    const seconds = jobState().settings?.watchdogSeconds;
    return `watchdog: this rank has finished, and no other has done anything for ${seconds} s. ${ranks}`;
  }
  if (reason === 'not received') {
    return IS_SEND.test(call)
      ? `all ranks have finished, but rank ${rank} never received a message that this rank sent with isend`
      : `all ranks have finished, but ${call} of this rank has not: collective calls do not match`;
  }
  return IS_RECEIVE.test(call)
    ? `${start} waits for a message that nobody sends`
    : `${start} waits for it: collective calls do not match`;
}

const IS_RECEIVE = /recv$|probe$/i;
const IS_SEND = /send$/i;

/** Lets an error that rank 0 prints too end this process without a word, unless the program handles it. */
export function endSilently(error: MpiError): void {
  process.on('uncaughtExceptionMonitor', (uncaught) => {
    // Node prints the error after this event, and an exit inside it ends the process at once.
    if (uncaught === error) process.once('exit', () => process.exit(1));
  });
}

/** Sleeps. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
