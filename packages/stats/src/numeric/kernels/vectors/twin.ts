/** The kernels over blocks of vectors in TypeScript: see columns/twin.ts. */
export {
  diagonalGaussianLogDensity,
  diagonalMoments,
  gaussianVectorLogDensity,
  scatter,
} from '../twin/vectors.js';
