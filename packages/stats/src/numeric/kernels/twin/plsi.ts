/**
 * Words of documents that have state probabilities of their own: Σ_k P(word | k) P(k | document), and the shares of the states.
 * Source: Hofmann (2001), Unsupervised learning by probabilistic latent semantic analysis, eq. 6 to 9.
 */
import { laneTotal } from './lanes.js';

const lanes = new Float64Array(4);

/**
 * norm_n = Σ_k wordTable_wk stateTable_dk for each word of the block, in four lanes.
 *
 * Words are counted from `offsets[0]`; row i has the words offsets[i] … offsets[i + 1] - 1. Words and documents must be rows of
 * their tables: it is not checked.
 * @param wordTable row-major [words × stateCount]
 * @param stateTable row-major [documents × stateCount]
 * @param documents the document of each row
 * @param words each word of the block
 * @param norms out
 */
export function wordNorms(
  wordTable: Float64Array,
  stateTable: Float64Array,
  stateCount: number,
  offsets: Int32Array,
  rowCount: number,
  documents: Int32Array,
  words: Int32Array,
  norms: Float64Array,
): void {
  const origin = offsets[0]!;
  for (let row = 0; row < rowCount; row++) {
    const states = documents[row]! * stateCount;
    for (let n = offsets[row]! - origin; n < offsets[row + 1]! - origin; n++) {
      const word = words[n]! * stateCount;
      lanes.fill(0);
      for (let k = 0; k < stateCount; k++) lanes[k & 3]! += wordTable[word + k]! * stateTable[states + k]!;
      norms[n] = laneTotal(lanes, 0);
    }
  }
}

/**
 * Adds to the sums the shares (weight_i count_n / norm_n) wordTable_wk stateTable_dk of the states in each word, after
 * {@link wordNorms} with the same first arguments. Rows of weight 0 count nothing, nor do rows with a word whose norm is 0.
 * @param counts how often each word of the block occurs
 * @param weights weight of each row
 * @param wordSums of the size of `wordTable`
 * @param stateSums of the size of `stateTable`
 */
export function wordShares(
  wordTable: Float64Array,
  stateTable: Float64Array,
  stateCount: number,
  offsets: Int32Array,
  rowCount: number,
  documents: Int32Array,
  words: Int32Array,
  counts: Float64Array,
  weights: Float64Array,
  norms: Float64Array,
  wordSums: Float64Array,
  stateSums: Float64Array,
): void {
  const origin = offsets[0]!;
  for (let row = 0; row < rowCount; row++) {
    const states = documents[row]! * stateCount;
    const [from, to] = [offsets[row]! - origin, offsets[row + 1]! - origin];
    let weight = weights[row]!;
    for (let n = from; n < to; n++) if (norms[n] === 0) weight = 0;
    if (weight === 0) continue;
    for (let n = from; n < to; n++) {
      const word = words[n]! * stateCount;
      const scale = (weight * counts[n]!) / norms[n]!;
      for (let k = 0; k < stateCount; k++) {
        const share = scale * wordTable[word + k]! * stateTable[states + k]!;
        wordSums[word + k]! += share;
        stateSums[states + k]! += share;
      }
    }
  }
}
