/**
 * The tree completed by the ranks among themselves, for statistics too big or ranks too many for the root to add alone:
 * the rank with the left half of a node receives the right half. Nodes are added in the same order as in {@link TreeSum}, so
 * the result is bit-identical.
 */
import type { Communicator } from '../ports.js';
import { coverOf } from '../rows/tree.js';

/** `left + right`, where each half is on a rank. Halves are named by their first segment, which is unique at any time. */
interface Joint {
  readonly left: number;
  readonly right: number;
  readonly leftRank: number;
  readonly rightRank: number;
}

/** All additions that are left when each rank has summed its own segments, in an order that every rank keeps. */
export function jointsOf(segmentCount: number, size: number): readonly Joint[] {
  const joints: Joint[] = [];
  const pending: { first: number; size: number; rank: number }[] = [];
  for (let rank = 0; rank < size; rank++) {
    for (const node of coverOf(segmentCount, rank, size)) {
      let right = { first: node.first, size: node.size, rank };
      for (;;) {
        const left = pending.at(-1);
        if (left === undefined || left.size !== right.size || left.first % (2 * left.size) !== 0) break;
        pending.pop();
        joints.push({ left: left.first, right: right.first, leftRank: left.rank, rightRank: right.rank });
        right = { first: left.first, size: 2 * left.size, rank: left.rank };
      }
      pending.push(right);
    }
  }
  return joints;
}

/** What one rank does to sum the nodes of all ranks. The same in every iteration, so made once. */
export interface PairingPlan {
  /** The nodes that this rank brings, by their first segments. */
  readonly cover: readonly number[];
  /** The joints that this rank takes part in. */
  readonly joints: readonly Joint[];
}

/** The part of rank `rank`. Every rank must own a segment. */
export function pairingOf(segmentCount: number, rank: number, size: number): PairingPlan {
  return {
    cover: coverOf(segmentCount, rank, size).map(({ first }) => first),
    joints: jointsOf(segmentCount, size).filter(({ leftRank, rightRank }) => leftRank === rank || rightRank === rank),
  };
}

/**
 * Collective: sums the nodes of all ranks. Blocking transfers cannot wait for each other in a circle, since all ranks go
 * through their joints in one order.
 * @param nodes  those of this rank's cover; each of `length` numbers
 * @param join  adds `right` to `left` and returns the sum
 * @returns  the sum, on the root; elsewhere undefined
 */
export function sumInPairs(
  comm: Pick<Communicator, 'rank' | 'send' | 'recv'>,
  { cover, joints }: PairingPlan,
  nodes: readonly Float64Array[],
  length: number,
  join: (left: Float64Array, right: Float64Array) => Float64Array,
): Float64Array | undefined {
  const own = new Map(cover.map((first, i) => [first, nodes[i]!]));
  for (const { left, right, leftRank, rightRank } of joints) {
    if (leftRank === comm.rank) {
      const received = own.get(right) ?? new Float64Array(length);
      if (rightRank !== comm.rank) comm.recv(received, rightRank);
      own.set(left, join(own.get(left)!, received));
    } else {
      comm.send(own.get(right)!, leftRank);
    }
    own.delete(right);
  }
  return own.get(0);
}
