/**
 * Parameter tying: accumulators with equal keys share their statistics, and so are estimated equal. One routine for all
 * families; it runs once, after the statistics of all rows (and ranks) have been added.
 */
import type { TiedNode } from '../contract.js';
import { EstimationError, formatValue, OptionError } from '../errors.js';

/**
 * Gives every holder of a key the sum of the holders' own statistics.
 *
 * Keys are pooled from the outside in. Holders that have been pooled are equal, children included, so from then on their
 * children count as one holder. Calling it twice on the same accumulators is not meant.
 * @throws {OptionError} unless `root` is an accumulator, or what holds several
 * @throws {EstimationError} when holders of one key are of different kinds
 */
export function tie(root: TiedNode): void {
  if (!root?.value) {
    throw new OptionError(`tie: an accumulator is needed, found ${formatValue(root)}.`);
  }
  tieNodes(root);
}

/** {@link tie} of what is an accumulator. */
export function tieNodes(root: TiedNode): void {
  const copies: { readonly from: TiedNode; readonly to: TiedNode }[] = [];
  const isCopy = new Set<TiedNode>();
  const pooled = new Set<string | object>();
  let level: TiedNode[] = [root];
  while (level.length > 0) {
    for (const node of level) {
      const key = node.key;
      if (key === undefined || pooled.has(key)) continue;
      pooled.add(key);
      const [first, ...others] = holdersOf(root, key, isCopy);
      for (const other of others) {
        if (first!.kind !== other.kind) {
          throw new EstimationError(
            `${typeof key === 'string' ? `key "${key}"` : 'one group'} is used by ${first!.kind} and by ${other.kind}. A key ties nodes of one family and shape.`,
          );
        }
        first!.combine(other.value() as never);
        isCopy.add(other);
        copies.push({ from: first!, to: other });
      }
    }
    level = level.flatMap((node) => (isCopy.has(node) ? [] : (node.children ?? [])));
  }
  // Inner keys were pooled after outer ones, so their copies come first.
  for (const { from, to } of copies.reverse()) to.fromValue(from.value() as never);
}

/** The nodes that hold `key`, in order, skipping what hangs below a copy and below another holder. */
function holdersOf(node: TiedNode, key: string | object, isCopy: ReadonlySet<TiedNode>): TiedNode[] {
  if (isCopy.has(node)) return [];
  if (node.key === key) return [node];
  return (node.children ?? []).flatMap((child) => holdersOf(child, key, isCopy));
}

/** A vector of counts as a node of its own, for families that tie a part of their statistic. */
export function tiedCounts(counts: Float64Array, key: string | undefined, kind: string): TiedNode {
  return {
    key,
    kind: `${kind}[${counts.length}]`,
    value: () => counts.slice(),
    combine(other: Float64Array) {
      for (let i = 0; i < counts.length; i++) counts[i]! += other[i]!;
    },
    fromValue(other: Float64Array) {
      counts.set(other);
    },
  };
}

/** A list of children as one node, for families that tie all their components at once. */
export function tiedList(children: readonly TiedNode[], key: string | undefined, kind: string): TiedNode {
  return {
    key,
    kind: `${kind}[${children.map((child) => child.kind ?? '?').join(', ')}]`,
    children,
    value: () => children.map((child) => child.value()),
    combine(other: readonly never[]) {
      children.forEach((child, k) => child.combine(other[k]!));
    },
    fromValue(other: readonly never[]) {
      children.forEach((child, k) => child.fromValue(other[k]!));
    },
  };
}
