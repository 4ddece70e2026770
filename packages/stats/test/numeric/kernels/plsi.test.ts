/** Words of known documents: the same bits from both implementations, and the sums that the formulas say. */
import { describe, expect, it } from 'vitest';
import { type AllKernels, allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

const [wordCount, documentCount] = [7, 3];

function solve(kernels: AllKernels, stateCount: number, lengths: readonly number[], isInside: boolean) {
  const random = numbersOf(stateCount);
  const workspace = kernels.workspace();
  const array = (length: number, fill = 0) =>
    (isInside ? workspace.float64(length) : new Float64Array(length)).fill(fill);
  const [wordTable, stateTable] = [array(wordCount * stateCount), array(documentCount * stateCount)];
  for (const table of [wordTable, stateTable]) for (let at = 0; at < table.length; at++) table[at] = random();
  const offsets = Int32Array.from([5, ...lengths.map((_, i) => 5 + lengths.slice(0, i + 1).reduce((a, b) => a + b))]);
  const documents = Int32Array.from(lengths, () => Math.floor(documentCount * random()));
  const total = lengths.reduce((a, b) => a + b, 0);
  const words = Int32Array.from({ length: total }, () => Math.floor(wordCount * random()));
  const norms = array(total + 1, 12.5);
  const block = [wordTable, stateTable, stateCount, offsets, lengths.length, documents, words] as const;
  kernels.wordNorms(...block, norms);
  const found = Array.from(norms);
  if (total > 8) norms[total - 1] = 0; // an impossible word
  const counts = Float64Array.from({ length: total }, () => 1 + Math.floor(3 * random()));
  const weights = Float64Array.from(lengths, (_, row) => (row === 0 ? 0.5 : row));
  const [wordSums, stateSums] = [array(wordTable.length, 0.25), array(stateTable.length, 0.5)];
  kernels.wordShares(...block, counts, weights, norms, wordSums, stateSums);
  const result = {
    ...{ norms: found, wordSums: Array.from(wordSums), stateSums: Array.from(stateSums) },
    ...{ wordTable: Array.from(wordTable), stateTable: Array.from(stateTable), counts, weights },
  };
  workspace.release();
  return { ...result, words, documents, offsets };
}

const wasm = allKernels('wasm');
const twin = allKernels('twin');

describe.each([1, 2, 3, 4, 5, 6, 7, 20])('with %i states', (stateCount) => {
  const lengths = [3, 0, 1, 5, 4];
  const found = solve(twin, stateCount, lengths, false);

  it('gives the same bits on both implementations, in place and elsewhere', () => {
    expect(solve(wasm, stateCount, lengths, true)).toEqual(found);
    expect(solve(wasm, stateCount, lengths, false)).toEqual(found);
  });

  it('gives Σ_k P(w | k) P(k | d), and adds the shares of rows without an impossible word', () => {
    const wordSums = found.wordSums.map(() => 0.25);
    const stateSums = found.stateSums.map(() => 0.5);
    lengths.forEach((_, row) => {
      for (let n = found.offsets[row]! - 5; n < found.offsets[row + 1]! - 5; n++) {
        let norm = 0;
        for (let k = 0; k < stateCount; k++) {
          const [word, state] = [found.words[n]! * stateCount + k, found.documents[row]! * stateCount + k];
          const joint = found.wordTable[word]! * found.stateTable[state]!;
          norm += joint;
        }
        expect(found.norms[n]).toBeCloseTo(norm, 13);
        if (row === 4) continue;
        const scale = (found.weights[row]! * found.counts[n]!) / norm;
        for (let k = 0; k < stateCount; k++) {
          const [word, state] = [found.words[n]! * stateCount + k, found.documents[row]! * stateCount + k];
          const share = scale * found.wordTable[word]! * found.stateTable[state]!;
          wordSums[word]! += share;
          stateSums[state]! += share;
        }
      }
    });
    expect(found.norms[13]).toBe(12.5);
    found.wordSums.forEach((sum, at) => expect(sum).toBeCloseTo(wordSums[at]!, 12));
    found.stateSums.forEach((sum, at) => expect(sum).toBeCloseTo(stateSums[at]!, 12));
  });
});
