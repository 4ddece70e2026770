/** One E step of all ranks: each adds up its own segments, one message goes to the root and one comes back. */

import type { Codec, Communicator, PassStatistic } from '../ports.js';
import { attempt, failAll, type Outcome } from '../ranks/exchange.js';
import { offsetsOf } from '../rows/shard.js';
import { coverOf, type TreeNode, TreeSum } from '../rows/tree.js';
import { pairingOf, sumInPairs } from './pairs.js';

/** The sums over all ranks. */
export interface Reduced {
  readonly statistic: PassStatistic;
  /** Σ log f(x) over the validation rows; absent when there are none. */
  readonly validation?: number;
  /** Some rank has asked to stop. */
  readonly isAborted: boolean;
}

/** What one rank has summed: the values of the nodes that cover its segments. */
export interface OwnSums {
  readonly nodes: readonly PassStatistic[];
  /** The same for the segments of the validation rows; empty without them. */
  readonly validation: readonly number[];
}

/** The shape of the reduction, known to all ranks. */
export interface ReductionPlan {
  readonly segmentCount: number;
  /** Segments of the validation rows; 0 without them. */
  readonly validationSegmentCount: number;
  /** Length of the flat statistic, or `undefined` when statistics travel as objects. */
  readonly statisticLength: number | undefined;
  combine(left: PassStatistic, right: PassStatistic): PassStatistic;
}

/** First number of every message. */
const STATUS_FAILED = -1;
const STATUS_OK = 0;
const STATUS_ABORT = 1;

/** Sums statistics over all ranks, with the same bits as one process. */
export interface Reduction {
  /**
   * Collective: the sum over all ranks.
   * @throws {RankError} on every rank, when one has no sums or cannot combine
   */
  reduce(own: Outcome<OwnSums>, wantsAbort: boolean): Reduced;
}

/** The root receives and adds up to this many numbers alone in an iteration: about a tenth of a millisecond. */
const MAX_FOR_ROOT = 65_536;

/** @param codec  for statistics that are objects; without one they must be plain data */
export function reductionOf(comm: Communicator, plan: ReductionPlan, codec: Codec | undefined): Reduction {
  const { statisticLength: length, segmentCount } = plan;
  if (length === undefined) return objectReduction(comm, plan, codec);
  const nodeCount = coversOf(segmentCount, comm.size).flat().length;
  // A rank without segments has no part in the pairs, and could not report that it wants to stop.
  const inPairs = comm.size > 2 && nodeCount * length > MAX_FOR_ROOT && segmentCount >= comm.size;
  return inPairs ? pairedReduction(comm, plan, length) : flatReduction(comm, plan, length);
}

/** The nodes that each rank sends. */
type Covers = readonly (readonly TreeNode<null>[])[];

function coversOf(segmentCount: number, size: number): Covers {
  return Array.from({ length: size }, (_, rank) => coverOf(segmentCount, rank, size));
}

/** Completes the tree over the nodes of all ranks. */
function complete<S>(covers: Covers, nodeOf: (rank: number, node: number) => S, combine: (left: S, right: S) => S): S {
  const tree = new TreeSum(combine);
  for (const [rank, cover] of covers.entries()) {
    cover.forEach((node, i) => {
      tree.add({ ...node, value: nodeOf(rank, i) });
    });
  }
  return tree.nodes[0]!.value;
}

const plus = (left: number, right: number): number => left + right;

/** Layout of a rank's message: status, the nodes one after the other, one number for each validation node. */
function flatReduction(comm: Communicator, plan: ReductionPlan, length: number): Reduction {
  const { segmentCount, validationSegmentCount } = plan;
  const covers = coversOf(segmentCount, comm.size);
  const validationCovers = coversOf(validationSegmentCount, comm.size);
  const counts = covers.map((cover, rank) => 1 + cover.length * length + validationCovers[rank]!.length);
  const starts = offsetsOf(counts).slice(0, -1);
  const isRoot = comm.rank === 0;
  const sent = new Float64Array(counts[comm.rank]!);
  const received = isRoot ? new Float64Array(counts.reduce(plus)) : null;
  // Status of the whole, validation sum, statistic.
  const result = new Float64Array(2 + length);

  function fill(own: Outcome<OwnSums>, wantsAbort: boolean): void {
    sent[0] = statusOf(own, wantsAbort);
    if ('failure' in own) return;
    let at = 1;
    for (const node of own.value.nodes) {
      sent.set(node as Float64Array, at); // flat: statisticLength says so
      at += length;
    }
    sent.set(own.value.validation, at);
  }

  /** On the root. Its own failure to combine counts like any rank's. */
  function sum(all: Float64Array): Outcome<null> | undefined {
    result[0] = STATUS_FAILED;
    if (starts.some((start) => all[start] === STATUS_FAILED)) return undefined;
    const combined = attempt(() => {
      const node = (rank: number, i: number) => {
        const start = starts[rank]! + 1 + i * length;
        return all.subarray(start, start + length);
      };
      result.set(complete<PassStatistic>(covers, node, plan.combine) as Float64Array, 2);
      if (validationSegmentCount > 0) {
        const score = (rank: number, i: number) => all[starts[rank]! + 1 + covers[rank]!.length * length + i]!;
        result[1] = complete(validationCovers, score, plus);
      }
      result[0] = starts.some((start) => all[start] === STATUS_ABORT) ? STATUS_ABORT : STATUS_OK;
      return null;
    });
    return combined;
  }

  return {
    reduce(own, wantsAbort) {
      fill(own, wantsAbort);
      comm.gatherv(sent, received, isRoot ? counts : null);
      const combined = received === null ? undefined : sum(received);
      comm.bcast(result);
      if (result[0] === STATUS_FAILED) {
        failAll(comm, combined !== undefined && 'failure' in combined ? combined : own);
      }
      return {
        statistic: result.slice(2),
        ...(validationSegmentCount > 0 ? { validation: result[1]! } : {}),
        isAborted: result[0] === STATUS_ABORT,
      };
    },
  };
}

/**
 * Layout of a node: status, statistic. A failing rank goes on sending, so that no rank waits for it.
 */
function pairedReduction(comm: Communicator, plan: ReductionPlan, length: number): Reduction {
  const { segmentCount, validationSegmentCount } = plan;
  const pairing = pairingOf(segmentCount, comm.rank, comm.size);
  const validationPairing = pairingOf(validationSegmentCount, comm.rank, comm.size);
  // Status of the whole, validation sum, statistic.
  const result = new Float64Array(2 + length);

  return {
    reduce(own, wantsAbort) {
      let failed: Outcome<unknown> = own;
      let status = statusOf(own, wantsAbort);
      const nodes = pairing.cover.map((_, i) => {
        const node = new Float64Array(1 + length);
        node[0] = status;
        if (!('failure' in own)) node.set(own.value.nodes[i] as Float64Array, 1); // flat: statisticLength says so
        return node;
      });
      const join = (left: Float64Array, right: Float64Array): Float64Array => {
        left[0] = joinedStatus(left[0]!, right[0]!);
        if (left[0] === STATUS_FAILED) return left;
        const sum = attempt(() => plan.combine(left.subarray(1), right.subarray(1)) as Float64Array);
        if ('value' in sum) {
          left.set(sum.value, 1);
        } else {
          failed = sum;
          left[0] = STATUS_FAILED;
        }
        return left;
      };
      const sum = sumInPairs(comm, pairing, nodes, 1 + length, join);
      if (sum !== undefined) {
        status = sum[0]!;
        result.set(sum.subarray(1), 2);
      }
      if (validationSegmentCount > 0) {
        const scores = validationPairing.cover.map((_, i) =>
          Float64Array.of('failure' in own ? Number.NaN : own.value.validation[i]!),
        );
        const score = sumInPairs(comm, validationPairing, scores, 1, (left, right) => left.map((v) => v + right[0]!));
        if (score !== undefined) result[1] = score[0]!;
      }
      result[0] = status;
      comm.bcast(result);
      if (result[0] === STATUS_FAILED) failAll(comm, failed);
      return {
        statistic: result.slice(2),
        ...(validationSegmentCount > 0 ? { validation: result[1]! } : {}),
        isAborted: result[0] === STATUS_ABORT,
      };
    },
  };
}

function statusOf(own: Outcome<OwnSums>, wantsAbort: boolean): number {
  if ('failure' in own) return STATUS_FAILED;
  return wantsAbort ? STATUS_ABORT : STATUS_OK;
}

/** Failed if one has; else to be stopped if one is. */
function joinedStatus(left: number, right: number): number {
  return left === STATUS_FAILED || right === STATUS_FAILED ? STATUS_FAILED : Math.max(left, right);
}

/** What one rank sends when statistics are objects; null when it has failed. */
type ObjectMessage = { readonly sums: OwnSums; readonly wantsAbort: boolean } | null;

function objectReduction(comm: Communicator, plan: ReductionPlan, codec: Codec | undefined): Reduction {
  const { segmentCount, validationSegmentCount } = plan;
  const covers = coversOf(segmentCount, comm.size);
  const validationCovers = coversOf(validationSegmentCount, comm.size);
  const pack = (statistic: PassStatistic): unknown =>
    codec === undefined ? statistic : codec.encode(statistic).slice();
  // What `pack` made, back as it was.
  const unpack = (packed: unknown): PassStatistic =>
    (packed instanceof Uint8Array && codec !== undefined ? codec.decode(packed) : packed) as PassStatistic;

  /** On the root; undefined when a rank has failed. */
  function sum(messages: readonly ObjectMessage[]): Outcome<Reduced> | undefined {
    if (!messages.every((message) => message !== null)) return undefined;
    return attempt(() => {
      const node = (rank: number, i: number) => unpack(messages[rank]!.sums.nodes[i]);
      const score = (rank: number, i: number) => messages[rank]!.sums.validation[i]!;
      return {
        // Packed for the way back.
        statistic: pack(complete(covers, node, plan.combine)) as PassStatistic,
        ...(validationSegmentCount > 0 ? { validation: complete(validationCovers, score, plus) } : {}),
        isAborted: messages.some(({ wantsAbort }) => wantsAbort),
      };
    });
  }

  return {
    reduce(own, wantsAbort) {
      const message =
        'failure' in own
          ? own
          : attempt((): ObjectMessage => {
              const nodes = own.value.nodes.map((node) => pack(node) as PassStatistic);
              return { sums: { nodes, validation: own.value.validation }, wantsAbort };
            });
      const all = comm.gatherObject<ObjectMessage>('failure' in message ? null : message.value);
      const summed = all === null ? undefined : sum(all);
      const answer = summed !== undefined && 'value' in summed ? summed.value : null;
      const result = comm.bcastObject<Reduced | null>(comm.rank === 0 ? answer : undefined);
      if (result === null) failAll(comm, summed !== undefined && 'failure' in summed ? summed : message);
      return { ...result, statistic: unpack(result.statistic) };
    },
  };
}
