/** Blocks of vectors: what the Gaussian families over vectors do with the kernels, and where their moments are taken. */
import { RUN } from '../../numeric/kernels/index.js';
import { type VectorKernels, vectorKernels } from '../../numeric/kernels/vectors/index.js';
import { firstWithWeight } from '../moments.js';
import { meanOf } from '../scalarMoments.js';
import type { VectorColumns } from './vectors.js';

/**
 * Calls `visit` with rows `[start, end)` in runs of at most {@link RUN} rows.
 * @param as  turned into columns, which is the default, or as they are
 */
export function forEachRun(
  { x, dimension }: VectorColumns,
  start: number,
  end: number,
  visit: (block: Float64Array, first: number, count: number) => void,
  as: 'stageVectors' | 'stageRows' = 'stageVectors',
): void {
  const stage = vectorKernels()[as];
  for (let row = start; row < end; row += RUN) {
    const count = Math.min(RUN, end - row);
    visit(stage(x, row, count, dimension), row - start, count);
  }
}

/** `array[first …]`. A view costs as much as some rows, and most blocks are one run. */
export function from(array: Float64Array, first: number): Float64Array {
  return first === 0 ? array : array.subarray(first);
}

/**
 * Log-densities of rows `[start, end)` by a kernel for Gaussian vectors; -Infinity when the rows have another length than
 * the mean.
 * @param precision  what the kernel wants of the covariance
 */
export function scoreVectors(
  kernel: VectorKernels['diagonalGaussianLogDensity'],
  columns: VectorColumns,
  start: number,
  end: number,
  out: Float64Array,
  mu: Float64Array,
  precision: Float64Array,
  logNormalizer: number,
): void {
  if (columns.dimension !== mu.length) return void out.fill(-Infinity, 0, end - start);
  forEachRun(columns, start, end, (block, first, count) => {
    kernel(block, mu.length, count, mu, precision, logNormalizer, from(out, first));
  });
}

/** {@link scoreVectors} of rows as they are, by a kernel that takes one factor for all coordinates. */
export function scoreRows(
  kernel: VectorKernels['isotropicLogDensity'],
  columns: VectorColumns,
  start: number,
  end: number,
  out: Float64Array,
  mu: Float64Array,
  factor: number,
  logPeak: number,
): void {
  if (columns.dimension !== mu.length) return void out.fill(-Infinity, 0, end - start);
  const visit = (rows: Float64Array, first: number, count: number) =>
    kernel(rows, mu.length, count, mu, factor, logPeak, from(out, first));
  forEachRun(columns, start, end, visit, 'stageRows');
}

/** Adds the moments of rows `[start, end)` about `origin` to `statistic`, by a kernel that sums them. */
export function addVectorMoments(
  kernel: VectorKernels['diagonalMoments'],
  columns: VectorColumns,
  start: number,
  end: number,
  weights: Float64Array,
  origin: Float64Array,
  statistic: Float64Array,
): void {
  forEachRun(columns, start, end, (block, first, count) => {
    kernel(block, origin.length, count, from(weights, first), origin, statistic);
  });
}

/** So many rows give an origin that is near enough to the mean for moments about it to keep their digits. */
const ROWS_OF_ORIGIN = 256;

/**
 * A point amid the rows, to take moments about: the mean of some rows that lie evenly among them. A missing coordinate is NaN; one
 * that all of these rows lack is taken from the first row that has it.
 */
export function originAmong({ rowCount, dimension, x }: VectorColumns): Float64Array {
  const taken = Math.min(rowCount, ROWS_OF_ORIGIN);
  const columnOf = (j: number) =>
    Float64Array.from({ length: taken }, (_, i) => x[Math.floor((i * rowCount) / taken) * dimension + j]!);
  return Float64Array.from({ length: dimension }, (_, j) => {
    const some = columnOf(j).filter((value) => !Number.isNaN(value));
    if (some.length > 0) return meanOf(some);
    for (let at = j; at < x.length; at += dimension) if (!Number.isNaN(x[at])) return x[at]!;
    return 0;
  });
}

/** The first of rows `[start, end)` that has weight. */
export function firstRow(
  { dimension, x }: VectorColumns,
  start: number,
  end: number,
  weights: Float64Array,
): Float64Array | undefined {
  const row = start + firstWithWeight(weights, end - start);
  return row < start ? undefined : x.slice(row * dimension, (row + 1) * dimension);
}
