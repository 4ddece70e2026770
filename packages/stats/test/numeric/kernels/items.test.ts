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
