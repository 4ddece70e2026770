import { expect, it } from 'vitest';
import { assignment } from '../../src/choose/assignment.js';
import fc from '../property.js';

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations([...items.slice(0, i), ...items.slice(i + 1)])) yield [item, ...rest];
  }
}

const total = (cost: readonly (readonly number[])[], columns: readonly number[]) =>
  cost.reduce((sum, row, i) => sum + row[columns[i]!]!, 0);

it('costs as little as the best of all assignments', () => {
  const size = fc.integer({ min: 1, max: 5 });
  const costs = fc.tuple(size, fc.integer({ min: 0, max: 1 })).chain(([n, more]) => {
    const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n + more, maxLength: n + more });
    return fc.array(row, { minLength: n, maxLength: n });
  });
  fc.assert(
    fc.property(costs, (cost) => {
      const found = assignment(cost);
      expect(new Set(found).size).toBe(cost.length);
      const best = Math.min(...[...permutations([...cost[0]!.keys()])].map((columns) => total(cost, columns)));
      expect(total(cost, found)).toBe(best);
    }),
    { numRuns: 300 },
  );
});
