/**
 * Sums over a complete binary tree: with four leaves (0 + 1) + (2 + 3). The shape depends on the number of leaves alone, so
 * the same leaves give the same bits wherever they were computed.
 */

/**
 * @param leafCount  a power of two
 * @param leaf  makes leaf s; called in order
 * @param combine  adds `right` to `left` and returns the sum
 * @returns the root
 */
export function sumTree<S>(leafCount: number, leaf: (s: number) => S, combine: (left: S, right: S) => S): S {
  const pending: S[] = [];
  for (let s = 0; s < leafCount; s++) {
    let node = leaf(s);
    // Leaf s closes as many subtrees as s + 1 has trailing zero bits.
    for (let rest = s + 1; rest % 2 === 0; rest /= 2) node = combine(pending.pop()!, node);
    pending.push(node);
  }
  return pending[0]!;
}
