/**
 * The Cholesky factor of a covariance, and what the Gaussian density needs of it. Matrices are flat and row-major.
 * Source: Golub & Van Loan, Matrix Computations (2013), algorithm 4.2.1 and section 3.1.
 */

import { fromEigen, symmetricEigen } from './symmetricEigen.js';

/**
 * The lower triangular L with L Lᵀ = A, or `undefined` when A is not positive definite: a pivot that is lost in the rounding
 * of its diagonal entry counts as 0. Only the lower triangle of A is read.
 * @param factor  receives L in its lower triangle; it may be the matrix itself
 */
export function cholesky(
  matrix: Float64Array,
  dimension: number,
  factor: Float64Array = new Float64Array(dimension * dimension),
): Float64Array | undefined {
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * dimension + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * dimension + k]! * factor[j * dimension + k]!;
      if (j < i) factor[i * dimension + j] = rest / factor[j * dimension + j]!;
      else {
        const diagonal = matrix[i * dimension + i]!;
        if (!(rest > 4 * dimension * Number.EPSILON * diagonal && rest < Infinity)) return undefined;
        factor[i * dimension + i] = Math.sqrt(rest);
      }
    }
  }
  return factor;
}

/** Solves L z = b by forward substitution, in place: `vector` is b on entry and z on return. */
export function solveLower(factor: Float64Array, dimension: number, vector: Float64Array): void {
  for (let i = 0; i < dimension; i++) {
    let rest = vector[i]!;
    for (let j = 0; j < i; j++) rest -= factor[i * dimension + j]! * vector[j]!;
    vector[i] = rest / factor[i * dimension + i]!;
  }
}

/** The inverse of a lower triangular matrix. */
export function inverseOfLower(factor: Float64Array, dimension: number): Float64Array {
  const inverse = new Float64Array(dimension * dimension);
  for (let j = 0; j < dimension; j++) {
    for (let i = j; i < dimension; i++) {
      let rest = i === j ? 1 : 0;
      for (let k = j; k < i; k++) rest -= factor[i * dimension + k]! * inverse[k * dimension + j]!;
      inverse[i * dimension + j] = rest / factor[i * dimension + i]!;
    }
  }
  return inverse;
}

/** The inverse of a matrix that is known to be positive definite, as rows. */
export function inverseOfDefinite(matrix: readonly (readonly number[])[]): number[][] {
  const d = matrix.length;
  const half = inverseOfLower(cholesky(Float64Array.from(matrix.flat()), d)!, d); // by the caller's knowledge
  return matrix.map((row, i) =>
    row.map((_, j) => {
      let sum = 0;
      for (let k = Math.max(i, j); k < d; k++) sum += half[k * d + i]! * half[k * d + j]!;
      return sum;
    }),
  );
}

/**
 * An upper bound of the condition number of L Lᵀ, after its coordinates have been scaled to unit variance: units of
 * measurement do no harm to a triangular inverse, correlation does.
 */
export function conditionBound(factor: Float64Array, inverse: Float64Array, dimension: number): number {
  let ofFactor = 0;
  let ofInverse = 0;
  const variance = new Float64Array(dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) variance[i]! += factor[i * dimension + j]! ** 2;
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      ofFactor += factor[i * dimension + j]! ** 2 / variance[i]!;
      ofInverse += inverse[i * dimension + j]! ** 2 * variance[j]!;
    }
  }
  return ofFactor * ofInverse;
}

/**
 * The symmetric matrix with all eigenvalues below `least` raised to it. Only the lower triangle of `matrix` is read.
 */
export function raiseEigenvalues(matrix: Float64Array, dimension: number, least: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, dimension);
  return fromEigen(
    values.map((value) => Math.max(value, least)),
    vectors,
    dimension,
  );
}

/**
 * The symmetric matrix A with all eigenvalues of L⁻¹ A L⁻ᵀ below `least` raised to it: seen from L Lᵀ, it is nowhere narrower.
 * @param factor  the lower triangular L
 */
export function raiseRelativeEigenvalues(
  matrix: Float64Array,
  dimension: number,
  factor: Float64Array,
  least: number,
): Float64Array {
  const whitened = solveRows(factor, dimension, solveRows(factor, dimension, matrix));
  const raised = raiseEigenvalues(whitened, dimension, least);
  return symmetric(multiplyRows(factor, dimension, multiplyRows(factor, dimension, raised)), dimension);
}

/** (L⁻¹ A)ᵀ. */
function solveRows(factor: Float64Array, dimension: number, matrix: Float64Array): Float64Array {
  const columns = transposed(matrix, dimension);
  for (let j = 0; j < dimension; j++) {
    solveLower(factor, dimension, columns.subarray(j * dimension, (j + 1) * dimension));
  }
  return columns;
}

/** (L A)ᵀ. */
function multiplyRows(factor: Float64Array, dimension: number, matrix: Float64Array): Float64Array {
  const product = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * dimension + k]! * matrix[k * dimension + j]!;
      product[j * dimension + i] = sum;
    }
  }
  return product;
}

function transposed(matrix: Float64Array, dimension: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % dimension) * dimension + Math.floor(at / dimension)]!);
}

/** With the upper triangle as the lower one. */
function symmetric(matrix: Float64Array, dimension: number): Float64Array {
  return matrix.map((value, at) => {
    const [i, j] = [Math.floor(at / dimension), at % dimension];
    return j > i ? matrix[j * dimension + i]! : value;
  });
}
