/** A job of one rank on the calling thread. */

import { SelfTransport } from '../calls/self.js';
import { TransportCommunicator } from '../calls/transportCommunicator.js';
import { MpiError } from '../failures/errors.js';
import { structuredCloneCodec } from '../values/codec.js';
import type { AnyRankProgram } from './rankProgram.js';
import { type Listeners, readyToGo, thrownError } from './supervise.js';

/**
 * Runs a function as the one rank of a job. The signal ends the job at once; the function ends with its next communication.
 * @param load  gets the function
 */
export async function runHere(
  call: string,
  load: () => Promise<AnyRankProgram>,
  data: unknown,
  { signal, stop = new AbortController().signal, onProgress }: Listeners,
): Promise<unknown> {
  const ending = new Ending();
  const abort = () => ending.set(signal?.reason);
  let reason = '';
  const transport = new SelfTransport({
    check: () => ending.check(),
    tell: (text) => {
      reason = text;
    },
    abort: () => {
      ending.set(new MpiError(reason, { code: 'ERR_REMOTE', call, place: { rank: 0, size: 1 } }));
      throw ending.error;
    },
  });
  const comm = new TransportCommunicator(transport, { codec: structuredCloneCodec, checking: false });
  const report = (value: unknown): void => {
    ending.check();
    const sent = structuredClone(readyToGo('report', 'the value', value, false).value);
    try {
      onProgress?.(sent as never, 0); // of the type that the program reports
    } catch (error) {
      ending.set(error);
      throw error;
    }
  };
  const run = async (): Promise<unknown> => {
    const result: unknown = await (await load())({ comm, data: data as never, report: report as never, stop });
    return structuredClone(readyToGo(call, 'the result', result, false).value);
  };
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([run(), ending.promise]);
  } catch (error) {
    ending.check();
    throw thrownError(call, 0, 1, error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Why a job ends before its function does. */
class Ending {
  readonly promise: Promise<never>;
  #isSet = false;
  #error: unknown;
  #reject: (error: unknown) => void = () => {};

  constructor() {
    this.promise = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.promise.catch(() => {}); // it may end when nobody waits any more
  }

  get error(): unknown {
    return this.#error;
  }

  /** The first reason counts. */
  set(error: unknown): void {
    if (!this.#isSet) this.#error = error;
    this.#isSet = true;
    this.#reject(error);
  }

  /** @throws the reason, once there is one */
  check(): void {
    if (this.#isSet) throw this.#error;
  }
}
