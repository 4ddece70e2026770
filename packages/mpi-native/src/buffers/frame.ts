/**
 * How a call reaches the native layer without asking Node-API for much: a message of 8 bytes takes 120 to 400 ns in C, a
 * number passed as an argument 4 ns to read, the memory of a typed array 18 ns.
 */

import type { NumericArray } from '../contract/messages.js';
import { kindOf } from './arrays.js';

/** Places in the frame's words. Kept in step with `struct Frame` in `check.h`. */
export const WORD = {
  /** The communicator's handle. */
  group: 0,
  /** Type of the buffers, from `kindOf`. */
  kind: 1,
  /** Type of the second buffer of `sendrecv`. */
  recvKind: 2,
  /** Root of a collective call, or receiver of a message. */
  rank: 3,
  /** Index into `REDUCE_OPS`. */
  op: 4,
  /** Sender: wanted before the call, found after it. This word and the next two are the status of a message. */
  source: 5,
  /** Tag: wanted before the call, found after it. */
  tag: 6,
  /** Elements received, or bytes found. */
  count: 7,
  /** Where the native layer keeps this call's buffer. */
  slot: 8,
  /** 1 when it shall use the buffer it keeps, 0 when the buffer is passed as an argument. */
  known: 9,
  /** Number of a call that was started. */
  request: 10,
} as const;

const WORDS = 11;

/** Calls whose last buffer is remembered, each on its own. */
export const SLOT = { bcast: 0, allreduce: 1, reduce: 2, send: 3, recv: 4 } as const;

const SLOTS = 5;
// Remembering keeps the memory alive, and a longer message would not notice the difference.
const MAX_REMEMBERED = 65_536;

/**
 * The numbers of a call, in memory that both sides see, and the buffers that both sides remember.
 *
 * A program mostly moves the same small array again and again. The native layer keeps the address that it had in the
 * last call, and uses it again while {@link pass} proves it valid: V8 never moves the memory of an array whose address
 * was given out, and takes it away only by detaching it, after which the array's length is 0. A resizable buffer is
 * never remembered.
 */
export class Frame {
  readonly words = new Float64Array(WORDS);
  /** Source, tag and count of the last message. */
  readonly status = this.words.subarray(WORD.source, WORD.count + 1);
  readonly #buffers = new Array<NumericArray | null>(SLOTS).fill(null);
  readonly #lengths = new Array<number>(SLOTS).fill(0);

  /** Describes the buffer of a call. Returns what to pass: the buffer, or `null` where the native layer knows it. */
  pass(buf: NumericArray, slot: number): NumericArray | null {
    const { words } = this;
    words[WORD.slot] = slot;
    if (this.#buffers[slot] === buf && this.#lengths[slot] === buf.length) {
      words[WORD.known] = 1;
      return null;
    }
    words[WORD.known] = 0;
    words[WORD.kind] = kindOf(buf);
    this.#buffers[slot] = null;
    return buf;
  }

  /** After a call that succeeded: the native layer now knows what was passed to it. */
  remember(buf: NumericArray | null, slot: number): void {
    if (buf === null || buf.length === 0 || buf.buffer.byteLength > MAX_REMEMBERED) return;
    if ((buf.buffer as { readonly resizable?: boolean }).resizable === true) return; // unknown to ES2022
    this.#buffers[slot] = buf;
    this.#lengths[slot] = buf.length;
  }
}
