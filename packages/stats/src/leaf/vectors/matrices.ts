/** Square matrices as users write them, a list of rows, and as kernels read them, flat and row-major. */
import { ParameterError } from '../../errors.js';
import { frozenList } from '../../numeric/doubles.js';
import { checkVector } from './vectors.js';

/**
 * The matrix as flat rows.
 * @param order  the number of rows. Default: as many as there are
 * @throws {ParameterError} unless it is finite, square and symmetric
 */
export function checkedMatrix(owner: string, parameter: string, matrix: unknown, order?: number): Float64Array {
  if (!Array.isArray(matrix) || matrix.length !== (order ?? matrix.length) || matrix.length === 0) {
    throw new ParameterError(owner, parameter, `a list of ${order ?? 'at least one'} rows`, matrix);
  }
  const dimension = matrix.length;
  const flat = new Float64Array(dimension * dimension);
  matrix.forEach((row, i) => {
    checkVector(owner, `${parameter}[${i}]`, row, dimension);
    flat.set(row, i * dimension);
  });
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const a = flat[i * dimension + j]!;
      const b = flat[j * dimension + i]!;
      // Mirrored sums of products may differ by rounding.
      if (Math.abs(a - b) <= 1e-9 * (Math.abs(a) + Math.abs(b))) continue;
      throw new ParameterError(owner, `${parameter}[${i}][${j}]`, `equal to ${parameter}[${j}][${i}] = ${b}`, a);
    }
  }
  return flat;
}

/** The matrix as a list of rows that cannot be changed. */
export function rowsOf(flat: Float64Array, dimension: number): readonly (readonly number[])[] {
  const rows: (readonly number[])[] = [];
  for (let i = 0; i < dimension; i++) rows.push(frozenList(flat, i * dimension, (i + 1) * dimension));
  return Object.freeze(rows);
}

/** The rows of the matrix, in its own memory. */
export function rowViews(flat: Float64Array, dimension: number): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let i = 0; i < dimension; i++) rows.push(flat.subarray(i * dimension, (i + 1) * dimension));
  return rows;
}

/** The matrix with these numbers on its diagonal, and 0 elsewhere. */
export function diagonal(entries: ArrayLike<number>): Float64Array {
  const dimension = entries.length;
  const matrix = new Float64Array(dimension * dimension);
  for (let j = 0; j < dimension; j++) matrix[j * dimension + j] = entries[j]!;
  return matrix;
}
