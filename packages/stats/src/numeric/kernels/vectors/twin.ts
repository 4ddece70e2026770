/** The kernels over blocks of vectors in TypeScript: see columns/twin.ts. */
export { isotropicLogDensity, projectionLogDensity, rowMoments, rowSums } from '../twin/rows.js';
export {
  diagonalGaussianLogDensity,
  diagonalMoments,
  gaussianVectorLogDensity,
  scatter,
} from '../twin/vectors.js';
