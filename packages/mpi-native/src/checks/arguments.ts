import type * as message from '../contract/messages.js';
import type { Transport } from '../contract/transport.js';
import { agree, agreeOnCounts, FUNCTION_OP } from './agreement.js';
import * as check from './checks.js';

export type Numbers = message.NumericArray;
export type Counts = ArrayLike<number> | null;
export type Operation<T extends Numbers> = message.ReduceOp | message.ReduceFunction<T>;

/** What the arrays of a call are called: that of this rank, and the one with all blocks on the root. */
export interface BlockNames {
  readonly own: string;
  readonly all: string;
}
export const GATHERED: BlockNames = { own: 'send', all: 'recv' };
export const SCATTERED: BlockNames = { own: 'recv', all: 'send' };

/** Checks the arguments of a communicator's calls and, when asked for, compares them with those of the other ranks. */
export class Arguments {
  /** The counts of the call that was checked last, one for each rank. */
  readonly counts: Float64Array;
  readonly #transport: Transport;
  readonly #checking: boolean;

  constructor(transport: Transport, checking: boolean) {
    this.counts = new Float64Array(transport.size);
    this.#transport = transport;
    this.#checking = checking;
  }

  /** Compares a call with those of the other ranks. */
  agree(call: string, kind = -1, count = -1, root = -1, op = -1): void {
    if (this.#checking) agree(this.#transport, { call, kind, count, root, op });
  }

  /** Checks a reduction. Returns the number of its operation, -1 for a function. */
  reduction<T extends Numbers>(call: string, buf: T, op: Operation<T>, root = -1): number {
    const kind = check.arrayKind(buf, call, 'buf');
    const operation = typeof op === 'function' ? -1 : check.operationIndex(op, kind, buf.length, call);
    this.agree(call, kind, buf.length, root, operation < 0 ? FUNCTION_OP : operation);
    return operation;
  }

  /** The array apart from `send` in which a reduction takes place, checked. */
  target<T extends Numbers>(call: string, send: T, recv: T | null): T {
    check.fittingArray(recv, check.arrayKind(send, call, 'send'), send.length, true, call, 'recv');
    return recv as T; // not null, as was checked
  }

  /** Checks a call whose root has one block of each rank, all of one length. Returns them on the root. */
  equalBlocks<T extends Numbers>(call: string, names: BlockNames, own: T, all: T | null, root: number): T | null {
    const kind = this.#block(call, names, own, root);
    const isRoot = this.#transport.rank === root;
    if (isRoot) check.fittingArray(all, kind, this.#transport.size * own.length, true, call, names.all);
    this.agree(call, kind, own.length, root);
    return isRoot ? all : null;
  }

  /** Checks a call whose root has one block of each rank, of the lengths in `counts`. Returns them on the root. */
  blocks<T extends Numbers>(
    call: string,
    names: BlockNames,
    own: T,
    all: T | null,
    counts: Counts,
    root: number,
  ): T | null {
    const kind = this.#block(call, names, own, root);
    const { rank } = this.#transport;
    const isRoot = rank === root;
    if (isRoot) {
      check.fittingArray(all, kind, check.readCounts(counts, this.counts, call), false, call, names.all);
      check.checkCount(this.counts[rank], own.length, rank, call, names.own);
    }
    if (this.#checking) {
      this.agree(call, kind, -1, root);
      agreeOnCounts(this.#transport, call, own.length, isRoot ? this.counts : null, root);
    }
    return isRoot ? all : null;
  }

  /** The kind of this rank's block. */
  #block(call: string, names: BlockNames, own: Numbers, root: number): number {
    const kind = check.arrayKind(own, call, names.own);
    check.checkRoot(root, this.#transport.size, call);
    return kind;
  }

  message(call: string, rank: number, name: 'source' | 'dest', tag: number, anyAllowed: boolean): void {
    check.checkRank(rank, this.#transport.size, anyAllowed, call, name);
    check.checkTag(tag, anyAllowed, call);
  }

  /** @param root  null where there is none */
  objects(call: string, root: number | null): void {
    if (root !== null) check.checkRoot(root, this.#transport.size, call);
    this.agree(call, -1, -1, root ?? -1);
  }
}
