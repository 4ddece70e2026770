import type { NumericArray } from './communicator.js';
import { MpiError } from './errors.js';
import { PRIVATE_TAG, type Transport } from './transport.js';

interface Message {
  readonly data: NumericArray;
  readonly tag: number;
}

/** One rank: collectives are copies, and messages to itself wait in a queue. Works without MPI. */
export class SelfTransport implements Transport {
  readonly kind = 'self';
  readonly rank = 0;
  readonly size = 1;
  #messages: Message[] = [];
  #freed = false;

  barrier(): void {
    this.#use('barrier');
  }
  bcast(): void {
    this.#use('bcast');
  }
  allreduce(): void {
    this.#use('allreduce');
  }
  reduce(): void {
    this.#use('reduce');
  }
  gather(send: NumericArray, recv: NumericArray | null): void {
    this.#use('gather');
    if (recv !== null) copy(send, recv);
  }
  gatherv(send: NumericArray, recv: NumericArray | null): void {
    this.gather(send, recv);
  }
  scatter(send: NumericArray | null, recv: NumericArray): void {
    this.#use('scatter');
    if (send !== null) copy(send, recv, recv.length);
  }
  scatterv(send: NumericArray | null, _counts: Float64Array | null, recv: NumericArray): void {
    this.scatter(send, recv);
  }
  allgather(send: NumericArray, recv: NumericArray): void {
    this.gather(send, recv);
  }
  allgatherv(send: NumericArray, recv: NumericArray): void {
    this.gather(send, recv);
  }
  send(buf: NumericArray, _dest: number, tag: number): void {
    this.#use('send');
    this.#messages.push({ data: buf.slice(), tag });
  }
  recv(buf: NumericArray, _source: number, tag: number, status: Float64Array): void {
    this.#use('recv');
    const index = this.#messages.findIndex((message) => matches(message.tag, tag));
    const message = this.#messages[index];
    if (message === undefined) {
      throw new MpiError('this job has one rank, and it has sent no such message to itself: it would wait for ever.', {
        code: 'ERR_DEADLOCK',
        call: 'recv',
      });
    }
    this.#messages.splice(index, 1);
    if (message.data.byteLength > buf.byteLength) {
      throw new MpiError(`the message has ${message.data.byteLength} bytes, the buffer ${buf.byteLength}.`, {
        code: 'ERR_TRUNCATE',
        call: 'recv',
      });
    }
    copyBytes(message.data, buf);
    status[0] = 0;
    status[1] = message.tag;
    status[2] = message.data.byteLength / buf.BYTES_PER_ELEMENT;
  }
  sendrecv(
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void {
    this.send(send, dest, tag);
    this.recv(recv, source, tag, status);
  }
  exchange(send: Float64Array, recv: Float64Array): void {
    this.#use('exchange');
    recv.set(send);
  }
  split(color: number): Transport | null {
    this.#use('split');
    return color < 0 ? null : new SelfTransport();
  }
  dup(): Transport {
    this.#use('dup');
    return new SelfTransport();
  }
  free(): void {
    this.#use('free');
    this.#freed = true;
    this.#messages = [];
  }
  abort(code: number): never {
    return process.exit(code);
  }
  wtime(): number {
    return performance.now() / 1000;
  }

  #use(call: string): void {
    if (this.#freed) throw new MpiError('this communicator was freed.', { code: 'ERR_COMM', call });
  }
}

function matches(sent: number, wanted: number): boolean {
  return wanted === sent || (wanted === -1 && sent !== PRIVATE_TAG);
}

function copy(source: NumericArray, target: NumericArray, length = source.length): void {
  copyBytes(length === source.length ? source : source.subarray(0, length), target);
}

function copyBytes(source: NumericArray, target: NumericArray): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  bytes.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}
