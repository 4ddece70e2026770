/** The scores of variational inference for vectors with independent coordinates. */
import { scoreVectors } from '../leaf/vectors/vectorBlocks.js';
import type { VectorColumns } from '../leaf/vectors/vectors.js';
import { log } from '../numeric/elementary.js';
import { vectorKernels } from '../numeric/kernels/vectors/index.js';
import type { DiagonalNormalGammaDistribution } from './diagonalNormalGamma.js';

/** E log N(x; μ, 1/t) of all coordinates, with (μ, t) distributed as said; `mu` is the origin of the next moments. */
export function expectedDiagonalScores(coordinates: DiagonalNormalGammaDistribution['coordinates']) {
  const mu = coordinates.map((coordinate) => coordinate.mu);
  const means = Float64Array.from(mu);
  const halfPrecisions = Float64Array.from(coordinates, ({ meanPrecision }) => meanPrecision / 2);
  const constant = coordinates.reduce(
    (sum, { meanLogPrecision, lambda }) => sum + 0.5 * (meanLogPrecision - log(2 * Math.PI) - 1 / lambda),
    0,
  );
  const run =
    (name: 'diagonalGaussianLogDensity' | 'addDiagonalGaussianLogDensity') =>
    (columns: VectorColumns, start: number, end: number, out: Float64Array) =>
      scoreVectors(vectorKernels()[name], columns, start, end, out, means, halfPrecisions, constant);
  return {
    mu,
    seqLogDensity: run('diagonalGaussianLogDensity'),
    seqAddLogDensity: run('addDiagonalGaussianLogDensity'),
  };
}
