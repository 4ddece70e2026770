/** Splits rows at random, by one uniform number per row. */
import { checkOptions } from '../checks/options.js';
import { checkFinite } from '../checks/parameters.js';
import { checkRows } from '../checks/rows.js';
import type { Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { rowHash, seedNumber } from '../numeric/random.js';

/**
 * Row numbers in the order of their uniform numbers; equal numbers keep the order of the rows.
 * @throws {OptionError} unless `uniforms` is a list
 * @throws {ParameterError} for anything but a number: it has no place in the order
 */
function orderOf(uniforms: ArrayLike<number>): Int32Array {
  checkRows('split: uniforms', uniforms);
  for (let row = 0; row < uniforms.length; row++) {
    if (!Number.isFinite(uniforms[row])) checkFinite('split', `uniforms[${row}]`, uniforms[row]);
  }
  return Int32Array.from({ length: uniforms.length }, (_, row) => row).sort(
    (a, b) => uniforms[a]! - uniforms[b]! || a - b,
  );
}

/** A uniform number in [0, 1) per row that depends on the seed and the row's number alone. */
function rowUniforms(rowCount: number, seed: Seed): Float64Array {
  const number = seedNumber(seed);
  return Float64Array.from({ length: rowCount }, (_, row) => rowHash(number, row) / 2 ** 32);
}

/**
 * The fold of each row: the row with the j-th smallest number goes to fold j mod k.
 * For folds from numbers of your own. `kFold` distributes each group of k consecutive rows over the folds
 * instead, so that no rank needs the others' numbers.
 * @param uniforms  one number per row
 * @param k  number of folds, an integer >= 2
 * @throws {ParameterError}
 */
export function kFoldIndex(uniforms: ArrayLike<number>, k: number): Int32Array {
  if (!(Number.isInteger(k) && k >= 2)) throw new ParameterError('kFold', 'k', 'an integer >= 2', k);
  const order = orderOf(uniforms);
  const folds = new Int32Array(order.length);
  order.forEach((row, j) => {
    folds[row] = j % k;
  });
  return folds;
}

/**
 * Row numbers of each part, in the order of the rows' uniform numbers, cut at round(n × cumulative proportion), halves to even. Proportions
 * that sum to less than 1 leave rows out.
 * @throws {ParameterError} for a proportion outside [0, 1], or a sum above 1
 */
export function partitionIndex(uniforms: ArrayLike<number>, proportions: readonly number[]): Int32Array[] {
  checkRows('partition: proportions', proportions);
  const bad = proportions.findIndex((p) => !(typeof p === 'number' && p >= 0 && p <= 1));
  if (bad >= 0) throw new ParameterError('partition', `proportions[${bad}]`, 'a number in [0, 1]', proportions[bad]);
  const order = orderOf(uniforms);
  let sum = 0;
  let start = 0;
  const parts = proportions.map((p) => {
    sum += p;
    const end = roundHalfToEven(order.length * sum);
    const part = order.slice(start, end);
    start = end;
    return part;
  });
  if (sum > 1 + 1e-9)
    throw new ParameterError('partition', 'proportions', 'numbers with a sum of at most 1', proportions);
  return parts;
}

/** 6.5 becomes 6: with two halves of an odd number of rows, neither is always the larger. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Splits rows at random into parts of the given proportions.
 * @param proportions  numbers in [0, 1] with a sum of at most 1; the remaining rows are left out
 * @returns one list per proportion: a tuple when the proportions are a literal
 * @throws {OptionError} unless `rows` is an array
 * @throws {ParameterError} for a proportion outside [0, 1], or a sum above 1
 * @example
 * const [train, test] = partition(rows, [0.8, 0.2], { seed: 1 });
 */
export function partition<T, const P extends readonly number[]>(
  rows: ArrayLike<T>,
  proportions: P,
  options: { readonly seed?: Seed } = {},
): { -readonly [K in keyof P]: T[] } {
  checkRows('partition: rows', rows);
  checkOptions('partition', options, ['seed']);
  const { seed = 0 } = options;
  const parts = partitionIndex(rowUniforms(rows.length, seed), proportions);
  // One list for each proportion, in their order.
  return parts.map((part) => Array.from(part, (row) => rows[row]!)) as { -readonly [K in keyof P]: T[] };
}
