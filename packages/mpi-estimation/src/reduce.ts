/** One E step of all ranks: each adds up its own segments, one message goes to the root and one comes back. */
import type { Failure } from './errors.js';
import { attempt, failAll, type Outcome } from './exchange.js';
import type { Codec, Communicator, PassStatistic } from './ports.js';
import { coverOf, TreeSum } from './tree.js';

/** What the ranks' own sums are made into. */
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
const STATUS_OK = 0;
const STATUS_ABORT = 1;
const STATUS_FAILED = 2;

/** Sums statistics over all ranks, with the same bits as one process. */
export interface Reduction {
  /**
   * Collective: the sum over all ranks.
   * @throws {RankError} on every rank, when one has no sums or cannot combine
   */
  reduce(own: Outcome<OwnSums>, wantsAbort: boolean): Reduced;
}

/** @param codec  for statistics that are objects; without one they must be plain data */
export function reductionOf(comm: Communicator, plan: ReductionPlan, codec: Codec | undefined): Reduction {
  return plan.statisticLength === undefined
    ? objectReduction(comm, plan, codec)
    : flatReduction(comm, plan, plan.statisticLength);
}

/** Completes the tree over the nodes of all ranks. */
function complete<S>(
  comm: Communicator,
  segmentCount: number,
  nodeOf: (rank: number, node: number) => S,
  combine: (left: S, right: S) => S,
): S {
  const tree = new TreeSum(combine);
  for (let rank = 0; rank < comm.size; rank++) {
    coverOf(segmentCount, rank, comm.size).forEach((node, i) => {
      tree.add({ ...node, value: nodeOf(rank, i) });
    });
  }
  return tree.nodes[0]!.value;
}

const plus = (left: number, right: number): number => left + right;

/** Layout of a rank's message: status, the nodes one after the other, one number for each validation node. */
function flatReduction(comm: Communicator, plan: ReductionPlan, length: number): Reduction {
  const { segmentCount, validationSegmentCount } = plan;
  const ranks = Array.from({ length: comm.size }, (_, rank) => rank);
  const nodeCounts = ranks.map((rank) => coverOf(segmentCount, rank, comm.size).length);
  const validationCounts = ranks.map((rank) => coverOf(validationSegmentCount, rank, comm.size).length);
  const counts = ranks.map((rank) => 1 + nodeCounts[rank]! * length + validationCounts[rank]!);
  const isRoot = comm.rank === 0;
  const sent = new Float64Array(counts[comm.rank]!);
  const received = isRoot ? new Float64Array(counts.reduce(plus)) : null;
  // Status of the whole, validation sum, statistic.
  const result = new Float64Array(2 + length);

  function fill(own: Outcome<OwnSums>, wantsAbort: boolean): void {
    sent[0] = 'failure' in own ? STATUS_FAILED : wantsAbort ? STATUS_ABORT : STATUS_OK;
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
    const starts = [0];
    for (const count of counts) starts.push(starts.at(-1)! + count);
    const failed = ranks.find((rank) => all[starts[rank]!] === STATUS_FAILED);
    if (failed !== undefined) {
      result[0] = -1 - failed;
      return undefined;
    }
    const combined = attempt(() => {
      const node = (rank: number, i: number) => {
        const start = starts[rank]! + 1 + i * length;
        return all.subarray(start, start + length);
      };
      result.set(complete<PassStatistic>(comm, segmentCount, node, plan.combine) as Float64Array, 2);
      if (validationSegmentCount > 0) {
        const score = (rank: number, i: number) => all[starts[rank]! + 1 + nodeCounts[rank]! * length + i]!;
        result[1] = complete(comm, validationSegmentCount, score, plus);
      }
      result[0] = ranks.some((rank) => all[starts[rank]!] === STATUS_ABORT) ? STATUS_ABORT : STATUS_OK;
      return null;
    });
    if ('failure' in combined) result[0] = -1;
    return combined;
  }

  return {
    reduce(own, wantsAbort) {
      fill(own, wantsAbort);
      comm.gatherv(sent, received, isRoot ? counts : null);
      const combined = received === null ? undefined : sum(received);
      comm.bcast(result);
      const status = result[0]!;
      if (status < 0) {
        failAll(comm, -1 - status, combined !== undefined && 'failure' in combined ? combined : own);
      }
      return {
        statistic: result.slice(2),
        ...(validationSegmentCount > 0 ? { validation: result[1]! } : {}),
        isAborted: status === STATUS_ABORT,
      };
    },
  };
}

/** What one rank sends when statistics are objects. */
type ObjectMessage = { readonly sums: OwnSums; readonly wantsAbort: boolean } | { readonly failure: Failure };

/** What the root answers. */
type ObjectResult = Reduced | { readonly failed: number };

function objectReduction(comm: Communicator, plan: ReductionPlan, codec: Codec | undefined): Reduction {
  const { segmentCount, validationSegmentCount } = plan;
  const pack = (statistic: PassStatistic): unknown =>
    codec === undefined ? statistic : codec.encode(statistic).slice();
  // What `pack` made, back as it was.
  const unpack = (packed: unknown): PassStatistic =>
    (packed instanceof Uint8Array && codec !== undefined ? codec.decode(packed) : packed) as PassStatistic;

  function sum(all: readonly ObjectMessage[]): Outcome<ObjectResult> {
    const failed = all.findIndex((message) => 'failure' in message);
    if (failed >= 0) return { value: { failed } };
    const messages = all as readonly Exclude<ObjectMessage, { failure: Failure }>[];
    return attempt(() => {
      const node = (rank: number, i: number) => unpack(messages[rank]!.sums.nodes[i]);
      const score = (rank: number, i: number) => messages[rank]!.sums.validation[i]!;
      return {
        // Packed for the way back.
        statistic: pack(complete(comm, segmentCount, node, plan.combine)) as PassStatistic,
        ...(validationSegmentCount > 0 ? { validation: complete(comm, validationSegmentCount, score, plus) } : {}),
        isAborted: messages.some(({ wantsAbort }) => wantsAbort),
      };
    });
  }

  return {
    reduce(own, wantsAbort) {
      const message = attempt((): ObjectMessage => {
        if ('failure' in own) return { failure: own.failure };
        const nodes = own.value.nodes.map((node) => pack(node) as PassStatistic);
        return { sums: { nodes, validation: own.value.validation }, wantsAbort };
      });
      const sent: ObjectMessage = 'failure' in message ? { failure: message.failure } : message.value;
      const all = comm.gatherObject(sent);
      const summed = all === null ? undefined : sum(all);
      const answer = summed === undefined ? undefined : 'failure' in summed ? { failed: 0 } : summed.value;
      const result = comm.bcastObject<ObjectResult>(answer);
      if ('failed' in result) {
        const rootFailed = summed !== undefined && 'failure' in summed ? summed : undefined;
        failAll(comm, result.failed, rootFailed ?? ('failure' in message ? message : own));
      }
      return { ...result, statistic: unpack(result.statistic) };
    },
  };
}
