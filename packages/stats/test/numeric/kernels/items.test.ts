/** Lists of items: the same bits from both implementations, and the sums that the formulas say. */
import { describe, expect, it } from 'vitest';
import { SLOT_LENGTH } from '../../../src/numeric/kernels/index.js';
import { type AllKernels, allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

const BASE = -0.75;
/** Of a row that counts nothing. */
const WEIGHTLESS = 3;

function solve(kernels: AllKernels, itemCount: number, lengths: readonly number[], isInside: boolean) {
  const random = numbersOf(itemCount);
  const workspace = kernels.workspace();
  const array = (length: number, number: () => number) => {
    const numbers = isInside ? workspace.float64(length) : new Float64Array(length);
    for (let i = 0; i < length; i++) numbers[i] = number();
    return numbers;
  };
  const offsets = new Int32Array(lengths.length + 1).fill(5);
  lengths.forEach((length, row) => {
    offsets[row + 1] = offsets[row]! + length;
  });
  const items = Int32Array.from({ length: offsets[lengths.length]! - 5 }, () => Math.floor(itemCount * random()));
  const table = array(itemCount, random);
  const out = array(lengths.length + 1, () => 12.5);
  kernels.itemScores(table, offsets, lengths.length, items, BASE, out);
  const weights = Float64Array.from(lengths, (_, row) => (row === WEIGHTLESS ? 0 : random()));
  const counts = array(itemCount, () => 0.25);
  const total = kernels.itemCounts(offsets, lengths.length, items, weights, counts);
  const [scores, sums] = [Array.from(out), Array.from(counts)];
  const read = { table: Array.from(table), items, weights };
  workspace.release();
  return { scores, sums, total, ...read };
}

const wasm = allKernels('wasm');
const twin = allKernels('twin');

describe.each([
  ['short lists', 7, [3, 0, 1, 5, 2, 4, 17]],
  ['empty lists alone', 2, [0, 0]],
  ['a table that is too large to be copied', SLOT_LENGTH + 1, [30, 2, 1, 9]],
  ['more items than are copied', 40, [5, SLOT_LENGTH + 1, 3]],
])('%s', (_, itemCount, lengths) => {
  const found = solve(twin, itemCount, lengths, false);

  it('give the same bits on both implementations, in place and elsewhere', () => {
    expect(solve(wasm, itemCount, lengths, true)).toEqual(found);
    expect(solve(wasm, itemCount, lengths, false)).toEqual(found);
  });

  it('score the base and what the table says of each item, and add the weight of a row for each of its items', () => {
    const sums = found.sums.map(() => 0.25);
    let total = 0;
    let at = 0;
    lengths.forEach((length, row) => {
      const ofRow = found.items.subarray(at, at + length);
      const score = ofRow.reduce((sum, item) => sum + found.table[item]!, BASE);
      expect(found.scores[row]).toBeCloseTo(score, 8);
      for (const item of ofRow) sums[item]! += found.weights[row]!;
      total += found.weights[row]!;
      at += length;
    });
    expect(found.scores[lengths.length]).toBe(12.5);
    expect(found.total).toBe(total);
    expect(found.sums).toEqual(sums);
  });
});

describe('staged lists', () => {
  const offsets = Int32Array.from({ length: 5001 }, (_, row) => 3 * row);
  const columns = Array.from({ length: 6 }, (_, c) => Int32Array.from({ length: 15_000 }, (_, at) => 100_000 * c + at));

  it.each([wasm, twin])('hold the asked rows while other columns come and go', (kernels) => {
    const workspace = kernels.workspace();
    workspace.remember(() => {
      for (const [start, count] of [
        [0, 256],
        [256, 1000],
        [4000, 1000],
        [0, 5000],
        [7, 0],
      ] as const) {
        columns.forEach((items, c) => {
          for (let time = 0; time < 2; time++) {
            const lists = kernels.stageLists(offsets, items, start, count);
            expect(Array.from(lists.offsets)).toEqual(Array.from(offsets.subarray(start, start + count + 1)));
            expect(lists.items.length).toBe(3 * count);
            if (count > 0) expect(lists.items[3 * count - 1]).toBe(100_000 * c + 3 * (start + count) - 1);
          }
        });
      }
    });
    workspace.release();
  });

  it.each([wasm, twin])('are read anew where nothing remembers, and by another workspace', (kernels) => {
    const items = new Int32Array(15_000);
    const first = () => kernels.stageLists(offsets, items, 0, 100).items[0];
    const [one, other] = [kernels.workspace(), kernels.workspace()];
    expect(one.remember(first)).toBe(0);
    items.fill(1);
    expect(first()).toBe(1);
    expect(other.remember(first)).toBe(1);
    one.release();
    expect(one.remember(first)).toBe(1);
    one.release();
    other.release();
  });

  it.each([wasm, twin])('are refused outside the column', (kernels) => {
    expect(() => kernels.stageLists(offsets, columns[0]!, 4999, 2)).toThrow(RangeError);
  });
});
