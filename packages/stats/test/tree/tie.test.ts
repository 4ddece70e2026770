import { describe, expect, it } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import type { TiedNode } from '../../src/contract.js';
import { EstimationError } from '../../src/errors.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { tie } from '../../src/tree/tie.js';

/** A node that holds one number. */
function node(key: string | undefined, sum: number, children: readonly TiedNode[] = [], kind = 'sum') {
  const made = {
    key,
    kind,
    children,
    sum,
    value: () => ({ sum: made.sum, children: children.map((child) => child.value()) }),
    combine(other: { sum: number; children: never[] }) {
      made.sum += other.sum;
      children.forEach((child, i) => child.combine(other.children[i]!));
    },
    fromValue(other: { sum: number; children: never[] }) {
      made.sum = other.sum;
      children.forEach((child, i) => child.fromValue(other.children[i]!));
    },
  };
  return made;
}

describe('tie', () => {
  it('gives every holder of a key the sum of all', () => {
    const [a, b, c, alone] = [node('k', 1), node('k', 2), node('k', 4), node('other', 8)];
    tie(node(undefined, 0, [a, node(undefined, 0, [b]), c, alone]));
    expect([a.sum, b.sum, c.sum, alone.sum]).toEqual([7, 7, 7, 8]);
  });

  it('pools parents first; their equal children then count as one holder', () => {
    const [x, y, outside] = [node('inner', 1), node('inner', 2), node('inner', 10)];
    const [p, q] = [node('outer', 0, [x]), node('outer', 0, [y])];
    tie(node(undefined, 0, [p, q, outside]));
    // The two parents hold 1 + 2 together, and the outside holder adds its 10 once.
    expect([x.sum, y.sum, outside.sum]).toEqual([13, 13, 13]);
  });

  it('refuses holders of different kinds', () => {
    const root = node(undefined, 0, [node('k', 1, [], 'Gaussian'), node('k', 1, [], 'Poisson')]);
    expect(() => tie(root)).toThrow(EstimationError);
    expect(() => tie(root)).toThrow(/Gaussian.*Poisson/);
  });

  it('counts a tied prior once for each holder, and data once for all', () => {
    const tied = new CategoricalEstimator({ pseudoCount: 2, key: 'k' });
    const rows: (readonly [string, string])[] = [
      ['a', 'b'],
      ['a', 'a'],
      ['a', 'b'],
    ];
    const { model } = optimize(rows, new CompositeEstimator([tied, tied]));
    // Four a and two b in both columns together, and one imaginary row of each: 5/8.
    expect(model.dists.map((dist) => dist.density('a'))).toEqual([5 / 8, 5 / 8]);
  });

  it('ties columns with different levels', () => {
    const tied = new CategoricalEstimator({ key: 'k' });
    const { model } = optimize(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      new CompositeEstimator([tied, tied]),
    );
    expect(model.dists.map((dist) => [dist.density('a'), dist.density('b'), dist.density('c')])).toEqual([
      [0.5, 0.25, 0.25],
      [0.5, 0.25, 0.25],
    ]);
  });

  it('ties Gaussians at different depths and far apart', () => {
    const tied = new GaussianEstimator({ key: 'k' });
    const rows: (readonly [number, number | null])[] = [
      [1e8, 1],
      [1e8 + 2, null],
      [1e8, 3],
    ];
    const { model } = optimize(rows, new CompositeEstimator([tied, new OptionalEstimator(tied)]));
    const [first, second] = model.dists;
    expect(second.dist).toEqual(first);
    expect(first.mu).toBeCloseTo((3e8 + 6) / 5, 6);
  });
});
