import { normalizeLogical } from '../buffers/elementwise.js';
import { ANNOUNCEMENT_BYTES } from '../buffers/receipt.js';
import { agreeOnBlocks, agreeOnCounts } from '../checks/agreement.js';
import { Arguments, type Counts, GATHERED, type Numbers, type Operation, SCATTERED } from '../checks/arguments.js';
import * as check from '../checks/checks.js';
import type { Communicator, TransportKind } from '../contract/communicator.js';
import type * as message from '../contract/messages.js';
import { ANY_SOURCE, ANY_TAG, PROC_NULL } from '../contract/messages.js';
import type { Pending, Transport } from '../contract/transport.js';
import { MpiError, shown } from '../failures/errors.js';
import { abortJob } from '../failures/failure.js';
import { FunctionReduction } from './functionReduction.js';
import { ObjectMessages } from './objects.js';
import { StartedRequest } from './requests.js';

const MAX_EXIT_CODE = 125;
const FROM_NOBODY: message.Status = { source: PROC_NULL, tag: ANY_TAG, count: 0 };

/** How the communicators of a job behave. */
export interface CommunicatorOptions {
  readonly codec: message.Codec;
  /** Compare the arguments of all ranks before each collective call. */
  readonly checking: boolean;
}

/**
 * The communicator over any transport: checks arguments, then lets the transport move the bytes. One file, as it is one class with
 * a short member for each call; what takes more than a few lines has a file of its own.
 */
export class TransportCommunicator implements Communicator {
  readonly kind: TransportKind;
  readonly rank: number;
  readonly size: number;
  readonly #transport: Transport;
  readonly #options: CommunicatorOptions;
  readonly #checking: boolean;
  readonly #arguments: Arguments;
  readonly #counts: Float64Array;
  readonly #objects: ObjectMessages;

  constructor(transport: Transport, options: CommunicatorOptions) {
    this.kind = transport.kind;
    this.rank = transport.rank;
    this.size = transport.size;
    this.#transport = transport;
    this.#options = options;
    this.#checking = options.checking;
    this.#arguments = new Arguments(transport, options.checking);
    this.#counts = this.#arguments.counts;
    this.#objects = new ObjectMessages(transport, options.codec);
  }

  barrier(): void {
    this.#arguments.agree('barrier');
    this.#transport.barrier();
  }

  bcast<T extends Numbers>(buf: T, root = 0): T {
    const kind = check.arrayKind(buf, 'bcast', 'buf');
    check.checkRoot(root, this.size, 'bcast');
    this.#arguments.agree('bcast', kind, buf.length, root);
    this.#transport.bcast(buf, root);
    return buf;
  }

  allreduce<T extends Numbers>(buf: T, recvOrOp: T | Operation<T> = 'sum', ofTwo: Operation<T> = 'sum'): T {
    const op = isOperation(recvOrOp) ? recvOrOp : ofTwo;
    const into = isOperation(recvOrOp) ? buf : this.#arguments.target('allreduce', buf, recvOrOp);
    const operation = this.#arguments.reduction('allreduce', buf, op);
    if (into !== buf) copy(buf, into);
    if (typeof op === 'function') this.#with('allreduce', op).allreduce(into);
    else this.#transport.allreduce(into, operation);
    if (this.size === 1) normalizeLogical(into, operation);
    return into;
  }

  reduce<T extends Numbers, R extends T | null>(
    buf: T,
    recvOrOp: R | Operation<T> = 'sum',
    opOrRoot: Operation<T> | number = isOperation(recvOrOp) ? 0 : 'sum',
    ofTwo = 0,
  ): R {
    const isInPlace = isOperation(recvOrOp);
    // The overloads of Communicator allow the operation before the root only, and `recv` before both.
    const [op, root] = (isInPlace ? [recvOrOp, opOrRoot] : [opOrRoot, ofTwo]) as [Operation<T>, number];
    check.checkRoot(root, this.size, 'reduce');
    const into = isInPlace || this.rank !== root ? buf : this.#arguments.target('reduce', buf, recvOrOp);
    const operation = this.#arguments.reduction('reduce', buf, op, root);
    if (into !== buf) copy(buf, into);
    if (typeof op === 'function') this.#with('reduce', op).reduce(into, root);
    else this.#transport.reduce(into, operation, root);
    if (this.size === 1) normalizeLogical(into, operation);
    return (isInPlace ? into : recvOrOp) as R;
  }

  scan<T extends Numbers>(buf: T, op: Operation<T> = 'sum'): T {
    const operation = this.#arguments.reduction('scan', buf, op);
    if (typeof op === 'function') this.#with('scan', op).scan(buf);
    else this.#transport.scan(buf, operation);
    normalizeLogical(buf, operation);
    return buf;
  }

  exscan<T extends Numbers>(buf: T, op: Operation<T> = 'sum'): T {
    const operation = this.#arguments.reduction('exscan', buf, op);
    if (typeof op === 'function') this.#with('exscan', op).exscan(buf);
    else this.#transport.exscan(buf, operation);
    if (this.rank > 0) normalizeLogical(buf, operation);
    return buf;
  }

  reduceScatter<T extends Numbers>(send: T, recv: T, counts: Counts = null, op: Operation<T> = 'sum'): T {
    const call = 'reduceScatter';
    const blocks = counts ?? this.#counts.fill(recv.length);
    const kind = check.arrayKind(recv, call, 'recv');
    check.fittingArray(send, kind, check.readCounts(blocks, this.#counts, call), true, call, 'send');
    check.checkCount(this.#counts[this.rank], recv.length, this.rank, call, 'recv');
    check.checkApart(send, recv, call);
    const operation = this.#arguments.reduction(call, send, op);
    if (typeof op !== 'function') for (const count of this.#counts) check.operationIndex(op, kind, count, call);
    if (this.#checking)
      agreeOnBlocks(this.#transport, call, this.#counts, new Float64Array(this.size).fill(recv.length));
    if (typeof op === 'function') this.#with(call, op).reduceScatter(send, recv, this.#counts);
    else this.#transport.reduceScatter(send, recv, this.#counts, operation);
    if (this.size === 1) normalizeLogical(recv, operation);
    return recv;
  }

  gather<T extends Numbers>(send: T, recv: T | null, root = 0): void {
    this.#transport.gather(send, this.#arguments.equalBlocks('gather', GATHERED, send, recv, root), root);
  }

  gatherv<T extends Numbers>(send: T, recv: T | null, counts: Counts, root = 0): void {
    const all = this.#arguments.blocks('gatherv', GATHERED, send, recv, counts, root);
    this.#transport.gatherv(send, all, all && this.#counts, root);
  }

  scatter<T extends Numbers>(send: T | null, recv: T, root = 0): void {
    this.#transport.scatter(this.#arguments.equalBlocks('scatter', SCATTERED, recv, send, root), recv, root);
  }

  scatterv<T extends Numbers>(send: T | null, counts: Counts, recv: T, root = 0): void {
    const all = this.#arguments.blocks('scatterv', SCATTERED, recv, send, counts, root);
    this.#transport.scatterv(all, all && this.#counts, recv, root);
  }

  allgather<T extends Numbers>(send: T, recv: T): void {
    const kind = check.arrayKind(send, 'allgather', 'send');
    check.fittingArray(recv, kind, this.size * send.length, true, 'allgather', 'recv');
    this.#arguments.agree('allgather', kind, send.length);
    this.#transport.allgather(send, recv);
  }

  allgatherv<T extends Numbers>(send: T, recv: T, counts: ArrayLike<number>): void {
    const kind = check.arrayKind(send, 'allgatherv', 'send');
    const total = check.readCounts(counts, this.#counts, 'allgatherv');
    check.fittingArray(recv, kind, total, false, 'allgatherv', 'recv');
    check.checkCount(this.#counts[this.rank], send.length, this.rank, 'allgatherv', 'send');
    if (this.#checking) {
      this.#arguments.agree('allgatherv', kind);
      agreeOnCounts(this.#transport, 'allgatherv', send.length, this.#counts, -1);
    }
    this.#transport.allgatherv(send, recv, this.#counts);
  }

  alltoall<T extends Numbers>(send: T, recv: T): void {
    const kind = check.arrayKind(send, 'alltoall', 'send');
    if (send.length % this.size !== 0) {
      const message = `send must have ${this.size} blocks of equal length, found ${send.length} elements.`;
      throw new MpiError(message, { code: 'ERR_BUFFER', call: 'alltoall' });
    }
    check.fittingArray(recv, kind, send.length, true, 'alltoall', 'recv');
    check.checkApart(send, recv, 'alltoall');
    this.#arguments.agree('alltoall', kind, send.length);
    this.#transport.alltoall(send, recv);
  }

  alltoallv<T extends Numbers>(send: T, sendCounts: ArrayLike<number>, recv: T, recvCounts: ArrayLike<number>): void {
    const call = 'alltoallv';
    const kind = check.arrayKind(send, call, 'send');
    const from = new Float64Array(this.size);
    check.fittingArray(send, kind, check.readCounts(sendCounts, from, call), false, call, 'send');
    check.fittingArray(recv, kind, check.readCounts(recvCounts, this.#counts, call), false, call, 'recv');
    check.checkApart(send, recv, call);
    if (this.#checking) {
      this.#arguments.agree(call, kind);
      agreeOnBlocks(this.#transport, call, from, this.#counts);
    }
    this.#transport.alltoallv(send, from, recv, this.#counts);
  }

  send(buf: Numbers, dest: number, tag = 0): void {
    check.arrayKind(buf, 'send', 'buf');
    this.#arguments.message('send', dest, 'dest', tag, false);
    if (dest !== PROC_NULL) this.#transport.send(buf, dest, tag);
  }

  recv(buf: Numbers, source = ANY_SOURCE, tag = ANY_TAG): message.Status {
    check.arrayKind(buf, 'recv', 'buf');
    this.#arguments.message('recv', source, 'source', tag, true);
    if (source === PROC_NULL) return FROM_NOBODY;
    this.#objects.rejectRefused(source, tag, 'recv');
    try {
      this.#transport.recv(buf, source, tag);
    } catch (error) {
      throw this.#misfit(error, buf, 'recv');
    }
    return this.#received(buf, 'recv');
  }

  sendrecv(send: Numbers, dest: number, recv: Numbers, source: number, tag = 0): message.Status {
    const call = 'sendrecv';
    check.arrayKind(send, call, 'send');
    check.arrayKind(recv, call, 'recv');
    check.checkRank(dest, this.size, false, call, 'dest');
    check.checkRank(source, this.size, true, call, 'source');
    check.checkTag(tag, false, call);
    if (source === PROC_NULL) {
      if (dest !== PROC_NULL) this.#transport.send(send, dest, tag);
      return FROM_NOBODY;
    }
    if (dest === PROC_NULL) return this.recv(recv, source, tag);
    if (this.#objects.refused(source, tag) !== null) this.#transport.send(send, dest, tag);
    this.#objects.rejectRefused(source, tag, call);
    try {
      this.#transport.sendrecv(send, dest, recv, source, tag);
    } catch (error) {
      throw this.#misfit(error, recv, call);
    }
    return this.#received(recv, call);
  }

  probe(source = ANY_SOURCE, tag = ANY_TAG): message.FoundMessage {
    this.#arguments.message('probe', source, 'source', tag, true);
    const refused = this.#objects.refused(source, tag);
    if (refused !== null) return refused;
    if (source !== PROC_NULL) this.#transport.probe(source, tag);
    return this.#found(source);
  }

  iprobe(source = ANY_SOURCE, tag = ANY_TAG): message.FoundMessage | null {
    this.#arguments.message('iprobe', source, 'source', tag, true);
    const refused = this.#objects.refused(source, tag);
    if (refused !== null) return refused;
    return source === PROC_NULL || this.#transport.iprobe(source, tag) ? this.#found(source) : null;
  }

  isend(buf: Numbers, dest: number, tag = 0): message.Request<void> {
    check.lastingArrayKind(buf, 'isend', 'buf');
    this.#arguments.message('isend', dest, 'dest', tag, false);
    const pending = dest === PROC_NULL ? null : this.#transport.isend(buf, dest, tag);
    return this.#request('isend', buf, pending, () => {});
  }

  irecv(buf: Numbers, source = ANY_SOURCE, tag = ANY_TAG): message.Request<message.Status> {
    check.lastingArrayKind(buf, 'irecv', 'buf');
    this.#arguments.message('irecv', source, 'source', tag, true);
    if (source === PROC_NULL) return this.#request('irecv', buf, null, () => FROM_NOBODY);
    const isRefused = this.#objects.refused(source, tag) !== null;
    const pending = isRefused ? null : this.#transport.irecv(buf, source, tag);
    return this.#request('irecv', buf, pending && this.#orMisfit(pending, buf), () => {
      if (isRefused) this.#objects.rejectRefused(source, tag, 'irecv');
      return this.#received(buf, 'irecv');
    });
  }

  iallreduce<T extends Numbers>(
    buf: T,
    recvOrOp: T | message.ReduceOp = 'sum',
    ofTwo: message.ReduceOp = 'sum',
  ): message.Request<T> {
    const call = 'iallreduce';
    const op = isOperation(recvOrOp) ? recvOrOp : ofTwo;
    const into = isOperation(recvOrOp) ? buf : this.#arguments.target(call, buf, recvOrOp);
    const kind = check.lastingArrayKind(into, call, into === buf ? 'buf' : 'recv');
    const operation = check.operationIndex(op, kind, into.length, call);
    if (into !== buf) copy(buf, into);
    // The ranks do not compare this call: it must not wait for them.
    return this.#request(call, into, this.#transport.iallreduce(into, operation), () => {
      if (this.size === 1) normalizeLogical(into, operation);
      return into;
    });
  }

  bcastObject<T>(value: T | undefined, root = 0): T {
    this.#arguments.objects('bcastObject', root);
    return this.#objects.bcast(value, root);
  }

  gatherObject<T>(value: T, root = 0): T[] | null {
    this.#arguments.objects('gatherObject', root);
    return this.#objects.gather(value, root, 'gatherObject');
  }

  allgatherObject<T>(value: T): T[] {
    this.#arguments.objects('allgatherObject', null);
    return this.#objects.gather(value, 0, 'allgatherObject') as T[]; // null only where a root alone receives
  }

  scatterObject<T>(values: readonly T[] | null, root = 0): T {
    this.#arguments.objects('scatterObject', root);
    return this.#objects.scatter(values, root);
  }

  reduceObject<T>(value: T, combine: (lower: T, higher: T) => T, root = 0): T | null {
    this.#arguments.objects('reduceObject', root);
    return this.#objects.reduce(value, combine, root);
  }

  allreduceObject<T>(value: T, combine: (lower: T, higher: T) => T): T {
    this.#arguments.objects('allreduceObject', null);
    return this.#objects.reduce(value, combine, null) as T; // null only where a root alone receives
  }

  sendObject(value: unknown, dest: number, tag = 0): void {
    this.#arguments.message('sendObject', dest, 'dest', tag, false);
    if (dest !== PROC_NULL) this.#objects.send(value, dest, tag);
  }

  recvObject<T>(source = ANY_SOURCE, tag = ANY_TAG): message.ReceivedObject<T> {
    this.#arguments.message('recvObject', source, 'source', tag, true);
    if (source === PROC_NULL) return { value: undefined as T, status: FROM_NOBODY };
    return this.#objects.recv(source, tag);
  }

  split(color: number | null, key = 0): Communicator | null {
    check.checkSplit(color, key);
    this.#arguments.agree('split');
    const part = this.#transport.split(color ?? -1, key);
    return part === null ? null : over(part, this.#options);
  }

  splitType(type: 'host', key = 0): Communicator {
    if (type !== 'host') {
      throw new MpiError(`type must be "host", found ${shown(type)}.`, { code: 'ERR_ARG', call: 'splitType' });
    }
    check.checkKey(key, 'splitType');
    this.#arguments.agree('splitType');
    return over(this.#transport.splitHost(key), this.#options);
  }

  dup(): Communicator {
    this.#arguments.agree('dup');
    return over(this.#transport.dup(), this.#options);
  }

  free(): void {
    this.#arguments.agree('free');
    this.#transport.free();
  }

  abort(code = 1, reason?: string): never {
    const valid = Number.isInteger(code) && code >= 1 && code <= MAX_EXIT_CODE;
    const text = reason ?? (valid ? undefined : `abort was called with ${shown(code)}`);
    return abortJob(this.#transport, valid ? code : 1, text);
  }

  wtime(): number {
    return this.#transport.wtime();
  }

  #with<T extends Numbers>(call: string, combine: message.ReduceFunction<T>): FunctionReduction {
    // It is called with arrays of the type of the buffer, which is T.
    return new FunctionReduction(this.#transport, call, combine as message.ReduceFunction<Numbers>);
  }

  #received(buf: Numbers, call: string): message.Status {
    const [source, tag, count] = this.#transport.status as unknown as [number, number, number]; // has three elements
    const isLikeAnObject = count === ANNOUNCEMENT_BYTES && buf.BYTES_PER_ELEMENT === 1;
    const refusal = isLikeAnObject ? this.#objects.refuse(buf, call) : null;
    if (refusal !== null) throw refusal;
    return { source, tag, count };
  }

  /** Why a receive into `buf` failed: the message may have been an object. */
  #misfit(error: unknown, buf: Numbers, call: string): unknown {
    if (!(error instanceof MpiError) || error.code !== 'ERR_TYPE') return error;
    return this.#objects.refuse(buf, call) ?? error;
  }

  #orMisfit(pending: Pending, buf: Numbers): Pending {
    const guarded = <T>(look: () => T): T => {
      try {
        return look();
      } catch (error) {
        throw this.#misfit(error, buf, 'irecv');
      }
    };
    return {
      test: (isPolled) => guarded(() => pending.test(isPolled)),
      wait: () => guarded(() => pending.wait()),
    };
  }

  #found(source: number): message.FoundMessage {
    if (source === PROC_NULL) return { source, tag: ANY_TAG, bytes: 0 };
    const { status } = this.#transport;
    return { source: status[0]!, tag: status[1]!, bytes: status[2]! };
  }

  #request<T>(call: string, buf: Numbers, pending: Pending | null, result: () => T): StartedRequest<T> {
    const isEmpty = buf.length === 0;
    const finish = (): T => {
      const value = result();
      if (!isEmpty && buf.length === 0) check.rejectDetached(buf, call, 'the array');
      return value;
    };
    return new StartedRequest(call, pending, finish, this.kind === 'self');
  }
}

/** Not inside the class: one that names itself is renamed by bundlers. */
function over(transport: Transport, options: CommunicatorOptions): Communicator {
  return new TransportCommunicator(transport, options);
}

function isOperation<T extends Numbers>(value: T | null | Operation<T>): value is Operation<T> {
  return typeof value === 'string' || typeof value === 'function';
}

function copy(send: Numbers, recv: Numbers): void {
  (recv as Float64Array).set(send as Float64Array); // of one type: they were checked
}
