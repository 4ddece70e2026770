import { bytesOf } from '../buffers/arrays.js';
import { type Delivery, deliveryOf, type Envelope, Inbox, type Receive } from '../buffers/inbox.js';
import type { NumericArray } from '../contract/messages.js';
import type { Pending, Tell, Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { jobState } from '../failures/state.js';
import { endThread } from '../values/platform.js';

const DONE: Pending = { test: () => true, wait: () => {} };

/** What a rank is in when it is a part of a program that goes on without it. */
export interface Surroundings {
  /** Called before each communication. @throws to end the rank */
  check(): void;
  /** Hears why the rank ends the job, just before {@link abort}. */
  tell(reason: string): void;
  abort(code: number): never;
}

/** One rank: collectives are copies, and messages to itself wait in a queue. Works without MPI. */
export class SelfTransport implements Transport {
  readonly kind = 'self';
  readonly rank = 0;
  readonly size = 1;
  readonly status = new Float64Array(3);
  readonly #inbox = new Inbox();
  readonly #surroundings: Surroundings | null;
  #freed = false;

  /** @param surroundings  `null` for a rank that is the whole program */
  constructor(surroundings: Surroundings | null = null) {
    this.#surroundings = surroundings;
  }

  // Over one rank these leave everything as it is.
  readonly barrier = (): void => this.#use('barrier');
  readonly bcast = (): void => this.#use('bcast');
  readonly allreduce = (): void => this.#use('allreduce');
  readonly reduce = (): void => this.#use('reduce');
  readonly scan = (): void => this.#use('scan');
  readonly exscan = (): void => this.#use('exscan');

  reduceScatter(send: NumericArray, recv: NumericArray): void {
    this.#copy('reduceScatter', send, recv);
  }
  gather(send: NumericArray, recv: NumericArray | null): void {
    this.#copy('gather', send, recv);
  }
  gatherv(send: NumericArray, recv: NumericArray | null): void {
    this.#copy('gatherv', send, recv);
  }
  scatter(send: NumericArray | null, recv: NumericArray): void {
    this.#copy('scatter', send, recv);
  }
  scatterv(send: NumericArray | null, _counts: Float64Array | null, recv: NumericArray): void {
    this.#copy('scatterv', send, recv);
  }
  allgather(send: NumericArray, recv: NumericArray): void {
    this.#copy('allgather', send, recv);
  }
  allgatherv(send: NumericArray, recv: NumericArray): void {
    this.#copy('allgatherv', send, recv);
  }
  alltoall(send: NumericArray, recv: NumericArray): void {
    this.#copy('alltoall', send, recv);
  }
  alltoallv(send: NumericArray, counts: Float64Array, recv: NumericArray, expected: Float64Array): void {
    if (counts[0] !== expected[0]) {
      throw new MpiError(`this rank sends ${counts[0]} elements to itself and expects ${expected[0]}.`, {
        code: 'ERR_TRUNCATE',
        call: 'alltoallv',
      });
    }
    this.#copy('alltoallv', send.subarray(0, counts[0]) as NumericArray, recv);
  }
  send(buf: NumericArray, _dest: number, tag: number): void {
    this.#use('send');
    this.#inbox.deliver({ group: 0, source: 0, tag, bytes: bytesOf(buf).slice() });
  }
  recv(buf: NumericArray, source: number, tag: number): void {
    this.irecv(buf, source, tag, 'recv').wait();
  }
  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag: number): void {
    this.send(send, dest, tag);
    this.irecv(recv, source, tag, 'sendrecv').wait();
  }
  probe(source: number, tag: number): void {
    if (!this.iprobe(source, tag)) throw waitsForEver('probe');
  }
  iprobe(source: number, tag: number): boolean {
    this.#use('probe');
    const found = this.#inbox.find({ group: 0, source, tag });
    if (found !== null) this.#report(found, 1);
    return found !== null;
  }
  isend(buf: NumericArray, dest: number, tag: number): Pending {
    this.send(buf, dest, tag);
    return DONE;
  }
  irecv(buf: NumericArray, source: number, tag: number, call = 'irecv'): Pending {
    this.#use(call);
    const wanted: Envelope = { group: 0, source, tag };
    const receive = this.#inbox.post(buf, wanted);
    return {
      test: () => this.#finish(receive, call),
      wait: () => {
        if (this.#finish(receive, call)) return;
        this.#inbox.withdraw(receive);
        throw waitsForEver(call);
      },
    };
  }
  iallreduce(): Pending {
    this.#use('iallreduce');
    return DONE;
  }
  exchange(send: Float64Array, recv: Float64Array): void {
    this.#copy('exchange', send, recv);
  }
  split(color: number): Transport | null {
    this.#use('split');
    return color < 0 ? null : new SelfTransport(this.#surroundings);
  }
  splitHost(): Transport {
    this.#use('splitType');
    return new SelfTransport(this.#surroundings);
  }
  dup(): Transport {
    this.#use('dup');
    return new SelfTransport(this.#surroundings);
  }
  free(): void {
    this.#use('free');
    this.#freed = true;
    this.#inbox.forget(0);
  }
  abort(code: number): never {
    return this.#surroundings === null ? endThread(code) : this.#surroundings.abort(code);
  }
  get tell(): Tell | undefined {
    return this.#surroundings?.tell;
  }
  wtime(): number {
    return performance.now() / 1000;
  }

  #use(call: string): void {
    if (this.#freed) throw new MpiError('this communicator was freed.', { code: 'ERR_COMM', call });
    if (this.#surroundings !== null) this.#surroundings.check();
    else if (jobState().isOver) {
      throw new MpiError('the job is finalized: no communicator can be used any more.', {
        code: 'ERR_FINALIZED',
        call,
      });
    }
  }

  #copy(call: string, send: NumericArray | null, recv: NumericArray | null): void {
    this.#use(call);
    if (send === null || recv === null) return;
    const length = Math.min(send.byteLength, recv.byteLength);
    bytesOf(recv).set(bytesOf(send).subarray(0, length));
  }

  #finish(receive: Receive, call: string): boolean {
    if (receive.result === null) return false;
    this.#report(receive.result, receive.buf.BYTES_PER_ELEMENT);
    deliveryOf(receive, call);
    return true;
  }

  #report({ source, tag, bytes }: Delivery, elementSize: number): void {
    this.status.set([source, tag, bytes / elementSize]);
  }
}

function waitsForEver(call: string): MpiError {
  return new MpiError('this job has one rank, and it has sent no such message to itself: it would wait without end.', {
    code: 'ERR_DEADLOCK',
    call,
  });
}
