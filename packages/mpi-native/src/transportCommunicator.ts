import { agree, agreeOnCounts } from './agreement.js';
import {
  arrayKind,
  checkRank,
  checkRoot,
  checkSplit,
  checkTag,
  fittingArray,
  operationIndex,
  readCounts,
} from './checks.js';
import {
  ANY_SOURCE,
  ANY_TAG,
  type Codec,
  type Communicator,
  type NumericArray,
  type ReceivedObject,
  type ReduceOp,
  type Status,
  type TransportKind,
} from './communicator.js';
import { normalizeLogical } from './elementwise.js';
import { MpiError, shown } from './errors.js';
import { abortJob } from './failure.js';
import { ObjectMessages } from './objects.js';
import type { Transport } from './transport.js';

const LARGEST_EXIT_CODE = 125;

/** How the communicators of a job behave. */
export interface CommunicatorOptions {
  readonly codec: Codec;
  /** Compare the arguments of all ranks before each collective call. */
  readonly checking: boolean;
}

/** The communicator over any transport: checks arguments, then lets the transport move the bytes. */
export class TransportCommunicator implements Communicator {
  readonly kind: TransportKind;
  readonly rank: number;
  readonly size: number;
  readonly #transport: Transport;
  readonly #options: CommunicatorOptions;
  readonly #checking: boolean;
  readonly #counts: Float64Array;
  readonly #status = new Float64Array(3);
  readonly #objects: ObjectMessages;

  constructor(transport: Transport, options: CommunicatorOptions) {
    this.kind = transport.kind;
    this.rank = transport.rank;
    this.size = transport.size;
    this.#transport = transport;
    this.#options = options;
    this.#checking = options.checking;
    this.#counts = new Float64Array(transport.size);
    this.#objects = new ObjectMessages(transport, options.codec);
  }

  barrier(): void {
    if (this.#checking) this.#agree('barrier');
    this.#transport.barrier();
  }

  bcast<T extends NumericArray>(buf: T, root = 0): T {
    const kind = arrayKind(buf, 'bcast', 'buf');
    checkRoot(root, this.size, 'bcast');
    if (this.#checking) this.#agree('bcast', kind, buf.length, root);
    this.#transport.bcast(buf, root);
    return buf;
  }

  allreduce<T extends NumericArray>(buf: T, op: ReduceOp = 'sum'): T {
    const kind = arrayKind(buf, 'allreduce', 'buf');
    const operation = operationIndex(op, kind, 'allreduce');
    if (this.#checking) this.#agree('allreduce', kind, buf.length, -1, operation);
    this.#transport.allreduce(buf, operation);
    if (this.size === 1) normalizeLogical(buf, operation);
    return buf;
  }

  reduce<T extends NumericArray>(buf: T, op: ReduceOp = 'sum', root = 0): T {
    const kind = arrayKind(buf, 'reduce', 'buf');
    const operation = operationIndex(op, kind, 'reduce');
    checkRoot(root, this.size, 'reduce');
    if (this.#checking) this.#agree('reduce', kind, buf.length, root, operation);
    this.#transport.reduce(buf, operation, root);
    if (this.size === 1) normalizeLogical(buf, operation);
    return buf;
  }

  gather<T extends NumericArray>(send: T, recv: T | null, root = 0): void {
    const kind = arrayKind(send, 'gather', 'send');
    checkRoot(root, this.size, 'gather');
    if (this.rank === root) fittingArray(recv, kind, this.size * send.length, true, 'gather', 'recv');
    if (this.#checking) this.#agree('gather', kind, send.length, root);
    this.#transport.gather(send, this.rank === root ? recv : null, root);
  }

  gatherv<T extends NumericArray>(send: T, recv: T | null, counts: ArrayLike<number> | null, root = 0): void {
    const kind = arrayKind(send, 'gatherv', 'send');
    checkRoot(root, this.size, 'gatherv');
    const isRoot = this.rank === root;
    if (isRoot) {
      fittingArray(recv, kind, readCounts(counts, this.#counts, 'gatherv'), false, 'gatherv', 'recv');
      this.#checkOwnCount(send.length, 'gatherv', 'send');
    }
    if (this.#checking) {
      this.#agree('gatherv', kind, -1, root);
      agreeOnCounts(this.#transport, 'gatherv', send.length, isRoot ? this.#counts : null, root);
    }
    this.#transport.gatherv(send, isRoot ? recv : null, isRoot ? this.#counts : null, root);
  }

  scatter<T extends NumericArray>(send: T | null, recv: T, root = 0): void {
    const kind = arrayKind(recv, 'scatter', 'recv');
    checkRoot(root, this.size, 'scatter');
    if (this.rank === root) fittingArray(send, kind, this.size * recv.length, true, 'scatter', 'send');
    if (this.#checking) this.#agree('scatter', kind, recv.length, root);
    this.#transport.scatter(this.rank === root ? send : null, recv, root);
  }

  scatterv<T extends NumericArray>(send: T | null, counts: ArrayLike<number> | null, recv: T, root = 0): void {
    const kind = arrayKind(recv, 'scatterv', 'recv');
    checkRoot(root, this.size, 'scatterv');
    const isRoot = this.rank === root;
    if (isRoot) {
      fittingArray(send, kind, readCounts(counts, this.#counts, 'scatterv'), false, 'scatterv', 'send');
      this.#checkOwnCount(recv.length, 'scatterv', 'recv');
    }
    if (this.#checking) {
      this.#agree('scatterv', kind, -1, root);
      agreeOnCounts(this.#transport, 'scatterv', recv.length, isRoot ? this.#counts : null, root);
    }
    this.#transport.scatterv(isRoot ? send : null, isRoot ? this.#counts : null, recv, root);
  }

  allgather<T extends NumericArray>(send: T, recv: T): void {
    const kind = arrayKind(send, 'allgather', 'send');
    fittingArray(recv, kind, this.size * send.length, true, 'allgather', 'recv');
    if (this.#checking) this.#agree('allgather', kind, send.length);
    this.#transport.allgather(send, recv);
  }

  allgatherv<T extends NumericArray>(send: T, recv: T, counts: ArrayLike<number>): void {
    const kind = arrayKind(send, 'allgatherv', 'send');
    fittingArray(recv, kind, readCounts(counts, this.#counts, 'allgatherv'), false, 'allgatherv', 'recv');
    this.#checkOwnCount(send.length, 'allgatherv', 'send');
    if (this.#checking) {
      this.#agree('allgatherv', kind);
      agreeOnCounts(this.#transport, 'allgatherv', send.length, this.#counts, -1);
    }
    this.#transport.allgatherv(send, recv, this.#counts);
  }

  send(buf: NumericArray, dest: number, tag = 0): void {
    arrayKind(buf, 'send', 'buf');
    checkRank(dest, this.size, false, 'send', 'dest');
    checkTag(tag, false, 'send');
    this.#transport.send(buf, dest, tag);
  }

  recv(buf: NumericArray, source = ANY_SOURCE, tag = ANY_TAG): Status {
    arrayKind(buf, 'recv', 'buf');
    checkRank(source, this.size, true, 'recv', 'source');
    checkTag(tag, true, 'recv');
    this.#transport.recv(buf, source, tag, this.#status);
    return this.#lastStatus();
  }

  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag = 0): Status {
    arrayKind(send, 'sendrecv', 'send');
    arrayKind(recv, 'sendrecv', 'recv');
    checkRank(dest, this.size, false, 'sendrecv', 'dest');
    checkRank(source, this.size, true, 'sendrecv', 'source');
    checkTag(tag, false, 'sendrecv');
    this.#transport.sendrecv(send, dest, recv, source, tag, this.#status);
    return this.#lastStatus();
  }

  bcastObject<T>(value: T | undefined, root = 0): T {
    checkRoot(root, this.size, 'bcastObject');
    if (this.#checking) this.#agree('bcastObject', -1, -1, root);
    return this.#objects.bcast(value, root);
  }

  gatherObject<T>(value: T, root = 0): T[] | null {
    checkRoot(root, this.size, 'gatherObject');
    if (this.#checking) this.#agree('gatherObject', -1, -1, root);
    return this.#objects.gather(value, root, 'gatherObject');
  }

  allgatherObject<T>(value: T): T[] {
    if (this.#checking) this.#agree('allgatherObject');
    return this.#objects.gather(value, 0, 'allgatherObject') as T[]; // null only where a root alone receives
  }

  scatterObject<T>(values: readonly T[] | null, root = 0): T {
    checkRoot(root, this.size, 'scatterObject');
    if (this.#checking) this.#agree('scatterObject', -1, -1, root);
    return this.#objects.scatter(values, root);
  }

  reduceObject<T>(value: T, combine: (lower: T, higher: T) => T, root = 0): T | null {
    checkRoot(root, this.size, 'reduceObject');
    if (this.#checking) this.#agree('reduceObject', -1, -1, root);
    return this.#objects.reduce(value, combine, root);
  }

  allreduceObject<T>(value: T, combine: (lower: T, higher: T) => T): T {
    if (this.#checking) this.#agree('allreduceObject');
    return this.#objects.reduce(value, combine, null) as T; // null only where a root alone receives
  }

  sendObject(value: unknown, dest: number, tag = 0): void {
    checkRank(dest, this.size, false, 'sendObject', 'dest');
    checkTag(tag, false, 'sendObject');
    this.#objects.send(value, dest, tag);
  }

  recvObject<T>(source = ANY_SOURCE, tag = ANY_TAG): ReceivedObject<T> {
    checkRank(source, this.size, true, 'recvObject', 'source');
    checkTag(tag, true, 'recvObject');
    return this.#objects.recv(source, tag);
  }

  split(color: number | null, key = 0): Communicator | null {
    checkSplit(color, key);
    if (this.#checking) this.#agree('split');
    const part = this.#transport.split(color ?? -1, key);
    return part === null ? null : new TransportCommunicator(part, this.#options);
  }

  dup(): Communicator {
    if (this.#checking) this.#agree('dup');
    return new TransportCommunicator(this.#transport.dup(), this.#options);
  }

  free(): void {
    if (this.#checking) this.#agree('free');
    this.#transport.free();
  }

  abort(code = 1, reason?: string): never {
    const valid = Number.isInteger(code) && code >= 1 && code <= LARGEST_EXIT_CODE;
    const text = reason ?? (valid ? undefined : `abort was called with ${shown(code)}`);
    return abortJob(this.#transport, valid ? code : 1, text);
  }

  wtime(): number {
    return this.#transport.wtime();
  }

  #agree(call: string, kind = -1, count = -1, root = -1, op = -1): void {
    agree(this.#transport, { call, kind, count, root, op });
  }

  #checkOwnCount(length: number, call: string, name: string): void {
    const count = this.#counts[this.rank];
    if (count === length) return;
    throw new MpiError(`${name} must have counts[${this.rank}] = ${count} elements, found ${length}.`, {
      code: 'ERR_COUNT',
      call,
    });
  }

  #lastStatus(): Status {
    const status = this.#status as unknown as [number, number, number]; // has three elements
    return { source: status[0], tag: status[1], count: status[2] };
  }
}
