/** How deep one must look into a ranking to find what is searched: also called search depth. */
import { checkRows } from '../checks/rows.js';
import { DataError, ParameterError } from '../errors.js';

/** More places are not returned. */
const MAX_COUNT = 2 ** 24;

/** A candidate of a search, and its score. */
export type Candidate<T> = readonly [value: T, score: number];

/**
 * The places of the target among candidates in order of descending score: 0 for the best. Candidates of equal score stay in
 * the given order.
 * @param target  what is searched; compared by `Object.is`
 * @param candidates  pairs of a value and its score, in any order
 * @param count  how many places are returned, with NaN for those that do not exist. Default: all that do
 * @throws {OptionError} unless `candidates` is a list
 * @throws {DataError} for a candidate that is not a pair, or whose score is NaN
 * @example
 * rankingDepth('b', [['a', 0.9], ['b', 0.7], ['c', 0.8], ['b', 0.1]]);    // [2, 3]
 * rankingDepth('b', [['a', 0.9], ['b', 0.7]], 2);                         // [1, NaN]
 */
export function rankingDepth<T>(target: T, candidates: readonly Candidate<T>[], count?: number): number[] {
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0 && count <= MAX_COUNT)) {
    throw new ParameterError('rankingDepth', 'count', `an integer >= 0 and <= ${MAX_COUNT}`, count);
  }
  checkRows('rankingDepth: candidates', candidates);
  for (const [i, pair] of candidates.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new DataError('rankingDepth', i, 'a pair of a value and its score', pair);
    }
    if (typeof pair[1] !== 'number' || Number.isNaN(pair[1]))
      throw new DataError('rankingDepth', i, 'a number', pair[1], [1]);
  }
  // Infinite scores are equal, and have no difference.
  const ranked = [...candidates].sort(([, a], [, b]) => (a === b ? 0 : b - a));
  const places = ranked.flatMap(([value], place) => (Object.is(value, target) ? [place] : []));
  return count === undefined ? places : Array.from({ length: count }, (_, k) => places[k] ?? Number.NaN);
}
