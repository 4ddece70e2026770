/**
 * Reductions with a function of the program, over messages between two ranks: the order of the calls depends on the
 * number of ranks only. A function that throws on one rank makes every rank throw.
 */

import type { NumericArray, ReduceFunction } from '../contract/messages.js';
import { PRIVATE_TAG, type Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { type Failure, remoteError } from '../failures/remote.js';

type AnyFunction = ReduceFunction<NumericArray>;

/** The reduction calls of one communicator that were given a function. */
export class FunctionReduction {
  readonly #transport: Transport;
  readonly #call: string;
  readonly #combine: AnyFunction;
  #failure: Failure | null = null;

  constructor(transport: Transport, call: string, combine: AnyFunction) {
    this.#transport = transport;
    this.#call = call;
    this.#combine = combine;
  }

  allreduce(buf: NumericArray): void {
    const folded = this.#foldOnFirst(buf);
    this.#transport.bcast(folded, 0);
    copy(folded, buf);
  }

  reduce(buf: NumericArray, root: number): void {
    const { rank } = this.#transport;
    const folded = this.#foldOnFirst(buf);
    if (root !== 0 && rank === 0) this.#transport.send(folded, root, PRIVATE_TAG);
    if (root !== 0 && rank === root) this.#receive(folded, 0);
    if (rank === root) copy(folded, buf);
  }

  reduceScatter(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    const isRoot = this.#transport.rank === 0;
    const folded = this.#foldOnFirst(send);
    this.#transport.scatterv(isRoot ? folded : null, isRoot ? counts : null, recv, 0);
  }

  scan(buf: NumericArray): void {
    copy(this.#foldAlong(buf).inclusive, buf);
  }

  exscan(buf: NumericArray): void {
    const { lower } = this.#foldAlong(buf);
    if (lower !== null) copy(lower, buf);
  }

  /** Folds along the tree of `ObjectMessages.reduce`. The result is on rank 0; the other ranks get room for it. */
  #foldOnFirst(buf: NumericArray): NumericArray {
    const { rank, size } = this.#transport;
    const folded = buf.slice();
    const higher = buf.slice();
    let distance = 1;
    for (; distance < size && rank % (2 * distance) === 0; distance *= 2) {
      if (rank + distance >= size) continue;
      this.#receive(higher, rank + distance);
      this.#apply(folded, higher);
    }
    if (rank !== 0) this.#transport.send(folded, rank - distance, PRIVATE_TAG);
    this.#rejectFailures();
    return folded;
  }

  /** Folds from rank to rank: over the lower ranks, `null` on the first, and over this one too. */
  #foldAlong(buf: NumericArray): { readonly lower: NumericArray | null; readonly inclusive: NumericArray } {
    const { rank, size } = this.#transport;
    let lower: NumericArray | null = null;
    let inclusive = buf.slice();
    if (rank > 0) {
      lower = buf.slice();
      this.#receive(lower, rank - 1);
      inclusive = lower.slice();
      this.#apply(inclusive, buf.slice());
    }
    if (rank + 1 < size) this.#transport.send(inclusive, rank + 1, PRIVATE_TAG);
    this.#rejectFailures();
    return { lower, inclusive };
  }

  #apply(lower: NumericArray, higher: NumericArray): void {
    if (this.#failure !== null) return;
    try {
      this.#combine(lower, higher);
    } catch (error) {
      this.#failure = { error, origin: this.#transport.rank };
    }
  }

  #receive(buf: NumericArray, source: number): void {
    this.#transport.recv(buf, source, PRIVATE_TAG);
    const count = this.#transport.status[2];
    if (count === buf.length) return;
    throw new MpiError(`rank ${source} has ${count} elements, this rank has ${buf.length}.`, {
      code: 'ERR_MISMATCH',
      call: this.#call,
    });
  }

  #rejectFailures(): void {
    const failed = new Float64Array(this.#transport.size);
    this.#transport.exchange(Float64Array.of(this.#failure === null ? 0 : 1), failed);
    const origin = failed.indexOf(1);
    if (origin >= 0) throw remoteError(this.#failure, origin, this.#call);
  }
}

function copy(from: NumericArray, to: NumericArray): void {
  (to as Float64Array).set(from as Float64Array); // of one type: callers made sure
}
