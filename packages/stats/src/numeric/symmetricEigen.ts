/**
 * Eigenvalues and eigenvectors of small symmetric matrices, flat and row-major.
 * Source: Golub & Van Loan, Matrix Computations (2013), section 8.5.
 */

/** A = V diag(values) Vᵀ, with an eigenvector in each column of V. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** By Jacobi rotations, in no order. Only the lower triangle of `matrix` is read. */
export function symmetricEigen(matrix: Float64Array, dimension: number): SymmetricEigen {
  const a = matrix.slice();
  const vectors = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    vectors[i * dimension + i] = 1;
    for (let j = 0; j < i; j++) a[j * dimension + i] = a[i * dimension + j]!;
  }
  // Convergence is quadratic: six sweeps are common, and thirty are never reached.
  for (let sweep = 0; sweep < 30 && !isDiagonal(a, dimension); sweep++) {
    for (let p = 0; p < dimension; p++) {
      for (let q = p + 1; q < dimension; q++) rotate(a, vectors, dimension, p, q);
    }
  }
  return { values: Float64Array.from({ length: dimension }, (_, k) => a[k * dimension + k]!), vectors };
}

/** V diag(values) Vᵀ. */
export function fromEigen(values: Float64Array, vectors: Float64Array, dimension: number): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  for (let k = 0; k < dimension; k++) {
    for (let i = 0; i < dimension; i++) {
      for (let j = 0; j <= i; j++) {
        matrix[i * dimension + j]! += values[k]! * vectors[i * dimension + k]! * vectors[j * dimension + k]!;
      }
    }
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) matrix[j * dimension + i] = matrix[i * dimension + j]!;
  }
  return matrix;
}

function isDiagonal(a: Float64Array, dimension: number): boolean {
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const size = Math.sqrt(Math.abs(a[i * dimension + i]! * a[j * dimension + j]!));
      if (Math.abs(a[i * dimension + j]!) > Number.EPSILON * size) return false;
    }
  }
  return true;
}

/** One Jacobi rotation, which makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, dimension: number, p: number, q: number): void {
  const off = a[p * dimension + q]!;
  if (off === 0) return;
  const theta = (a[q * dimension + q]! - a[p * dimension + p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < dimension; k++) {
    const kp = a[k * dimension + p]!;
    const kq = a[k * dimension + q]!;
    a[k * dimension + p] = c * kp - s * kq;
    a[k * dimension + q] = s * kp + c * kq;
  }
  for (let k = 0; k < dimension; k++) {
    const pk = a[p * dimension + k]!;
    const qk = a[q * dimension + k]!;
    a[p * dimension + k] = c * pk - s * qk;
    a[q * dimension + k] = s * pk + c * qk;
    const vp = vectors[k * dimension + p]!;
    const vq = vectors[k * dimension + q]!;
    vectors[k * dimension + p] = c * vp - s * vq;
    vectors[k * dimension + q] = s * vp + c * vq;
  }
  a[p * dimension + q] = 0;
  a[q * dimension + p] = 0;
}
