/** Calls that go on while the program does something else, and how the event loop waits for them. */

import type { Request } from '../contract/messages.js';
import type { Pending } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { abortJob, EXIT_STUCK } from '../failures/failure.js';
import { jobState } from '../failures/state.js';
import { lookLater, lookSoon, whenIdle } from '../values/platform.js';

// A look costs a microsecond. After this long without news the event loop looks once in a millisecond.
const EAGER_MS = 0.5;
const LOOK_MS = 1;
// A longer time between two looks was spent in the program, not in waiting.
const MAX_WAIT_MS = 50;

/** A call that was started. */
export class StartedRequest<T> implements Request<T> {
  readonly #call: string;
  readonly #result: () => T;
  readonly #isAlone: boolean;
  #pending: Pending | null;
  #outcome: { readonly value: T } | { readonly error: unknown } | null = null;

  /**
   * @param result   called once, right after the call has ended
   * @param isAlone  there is one rank: what it waits for can come from its own program only
   */
  constructor(call: string, pending: Pending | null, result: () => T, isAlone: boolean) {
    this.#call = call;
    this.#pending = pending;
    this.#result = result;
    this.#isAlone = isAlone;
    if (pending === null) this.#settle(() => true);
  }

  test(): boolean {
    return this.#look(false) && this.#unwrap() !== null;
  }

  wait(): T {
    this.#settle((pending) => {
      pending.wait();
      return true;
    });
    return this.#unwrap().value;
  }

  promise(): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        waited: 0,
        call: this.#call,
        isAlone: this.#isAlone,
        look: () => {
          if (!this.#look(true)) return false;
          try {
            resolve(this.#unwrap().value);
          } catch (error) {
            reject(error);
          }
          return true;
        },
        reject,
      };
      if (!waiter.look()) waitFor(waiter);
    });
  }

  #look(isPolled: boolean): boolean {
    this.#settle((pending) => pending.test(isPolled));
    return this.#outcome !== null;
  }

  #settle(isOver: (pending: Pending) => boolean): void {
    if (this.#outcome !== null) return;
    try {
      if (this.#pending !== null && !isOver(this.#pending)) return;
      this.#outcome = { value: this.#result() };
    } catch (error) {
      this.#outcome = { error };
    }
    this.#pending = null;
  }

  #unwrap(): { readonly value: T } {
    const outcome = this.#outcome;
    if (outcome !== null && 'value' in outcome) return outcome;
    throw outcome?.error;
  }
}

/** A promise that is not settled. */
interface Waiter {
  /** Milliseconds in which the event loop did nothing but look. */
  waited: number;
  readonly call: string;
  readonly isAlone: boolean;
  /** Settles the promise if the call is over, and returns whether it is. */
  readonly look: () => boolean;
  readonly reject: (error: unknown) => void;
}

const waiters = new Set<Waiter>();
let lastLook = 0;
let lastNews = 0;
let isScheduled = false;
let isHooked = false;

function waitFor(waiter: Waiter): void {
  waiters.add(waiter);
  lastNews = performance.now();
  if (waiter.isAlone && !isHooked) {
    isHooked = true;
    whenIdle(giveUpAlone);
  }
  schedule();
}

function schedule(): void {
  if (isScheduled || waiters.size === 0) return;
  isScheduled = true;
  lastLook = performance.now();
  const isEager = lastLook - lastNews < EAGER_MS;
  const timer = isEager ? lookSoon(lookAtAll) : lookLater(lookAtAll, LOOK_MS);
  // Alone, nothing can come once the event loop has nothing else to do.
  if (!isEager && [...waiters].every(({ isAlone }) => isAlone)) timer.unref();
}

function lookAtAll(): void {
  isScheduled = false;
  const waited = Math.min(performance.now() - lastLook, MAX_WAIT_MS);
  const { session, settings } = jobState();
  const limit = settings?.watchdogSeconds ?? 0;
  for (const waiter of waiters) {
    if (waiter.look()) {
      waiters.delete(waiter);
      lastNews = performance.now();
      continue;
    }
    waiter.waited += waited;
    if (session === null || limit === 0 || waiter.waited < 1000 * limit) continue;
    abortJob(session, EXIT_STUCK, `watchdog: the promise of ${waiter.call} has been pending for ${limit} s.`);
  }
  schedule();
}

function giveUpAlone(): void {
  const left = [...waiters].filter((waiter) => waiter.isAlone && !waiter.look());
  waiters.clear();
  for (const { call, reject } of left) {
    reject(
      new MpiError('this job has one rank, and it has sent no such message to itself: it would wait without end.', {
        code: 'ERR_DEADLOCK',
        call,
      }),
    );
  }
}
