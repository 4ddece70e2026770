/**
 * Two labellings of the same rows, compared: counts of pairs of labels, and the agreement of the groups.
 * Source: Hubert & Arabie (1985), Comparing partitions, Journal of Classification 2.
 */
import { isRows } from '../checks/rows.js';
import { ParameterError } from '../errors.js';

/** See {@link confusionTable}. */
export interface ConfusionTable<L> {
  /** All labels, in order of first appearance: those of the truth first. */
  readonly labels: readonly L[];
  /** `counts[i][j]`: the rows whose true label is `labels[i]` and whose predicted one is `labels[j]`. */
  readonly counts: readonly (readonly number[])[];
  /** The share of the rows whose labels agree. */
  readonly accuracy: number;
}

/**
 * How often each true label occurs with each predicted one.
 * @param truth  a label for each row
 * @param predicted  the same
 * @throws {ParameterError} unless both lists have the same length, at least 1
 * @example
 * const { labels, counts, accuracy } = confusionTable(['a', 'a', 'b'], ['a', 'b', 'b']);
 * labels;   // ['a', 'b']
 * counts;   // [[1, 1], [0, 1]]
 * accuracy; // 2/3
 */
export function confusionTable<L>(truth: ArrayLike<L>, predicted: ArrayLike<L>): ConfusionTable<L> {
  checkLengths('confusionTable', truth, predicted);
  const codes = new Map<L, number>();
  for (const list of [truth, predicted]) {
    for (let i = 0; i < list.length; i++) if (!codes.has(list[i]!)) codes.set(list[i]!, codes.size);
  }
  const counts = Array.from(codes, () => new Array<number>(codes.size).fill(0));
  let agreeing = 0;
  for (let i = 0; i < truth.length; i++) {
    const [row, column] = [codes.get(truth[i]!)!, codes.get(predicted[i]!)!];
    counts[row]![column]! += 1;
    if (row === column) agreeing += 1;
  }
  return { labels: [...codes.keys()], counts, accuracy: agreeing / truth.length };
}

/**
 * The agreement of two partitions of the same rows, independent of the names of their groups: the share of pairs of rows on which they
 * agree, corrected for chance. 1 for equal partitions, about 0 for independent ones; it may be negative.
 * @param first  the group of each row
 * @param second  the same
 * @throws {ParameterError} unless both lists have the same length, at least 1
 * @example
 * adjustedRandIndex([0, 0, 1, 1], ['x', 'x', 'y', 'y']); // 1
 * adjustedRandIndex([0, 0, 1, 1], ['x', 'y', 'x', 'y']); // -0.5
 */
export function adjustedRandIndex(first: ArrayLike<unknown>, second: ArrayLike<unknown>): number {
  checkLengths('adjustedRandIndex', first, second);
  const [left, right] = [codesOf(first), codesOf(second)];
  const width = right.count;
  const together = new Map<number, number>();
  const [ofLeft, ofRight] = [new Float64Array(left.count), new Float64Array(width)];
  for (let i = 0; i < first.length; i++) {
    const cell = left.codes[i]! * width + right.codes[i]!;
    together.set(cell, (together.get(cell) ?? 0) + 1);
    ofLeft[left.codes[i]!]! += 1;
    ofRight[right.codes[i]!]! += 1;
  }
  const [joint, leftPairs, rightPairs] = [together.values(), ofLeft, ofRight].map(pairsWithin) as [
    number,
    number,
    number,
  ];
  const expected = leftPairs * (rightPairs / pairsWithin([first.length]));
  const most = (leftPairs + rightPairs) / 2;
  // Equal partitions; the quotient is 0/0 when they put all rows into one group, or each into one of its own.
  return joint === leftPairs && joint === rightPairs ? 1 : (joint - expected) / (most - expected);
}

/** Pairs of rows that are in the same group, of groups of these sizes. */
function pairsWithin(sizes: Iterable<number>): number {
  let pairs = 0;
  for (const size of sizes) pairs += (size * (size - 1)) / 2;
  return pairs;
}

function codesOf(labels: ArrayLike<unknown>): { readonly codes: Int32Array; readonly count: number } {
  const known = new Map<unknown, number>();
  const codes = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const code = known.get(labels[i]) ?? known.size;
    if (code === known.size) known.set(labels[i], code);
    codes[i] = code;
  }
  return { codes, count: known.size };
}

function checkLengths(owner: string, first: ArrayLike<unknown>, second: ArrayLike<unknown>): void {
  if (!isRows(first) || first.length === 0)
    throw new ParameterError(owner, 'the first argument', 'a list of at least one label', first);
  if (!isRows(second) || second.length !== first.length) {
    throw new ParameterError(owner, 'the second argument', `a list of ${first.length} labels, like the first`, second);
  }
}
