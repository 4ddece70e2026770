/** Entry of the module over blocks of vectors. One export per kernel. Arguments are those of its twin, with addresses in the place of arrays. */
export {
  addIsotropicLogDensity,
  addProjectionLogDensity,
  isotropicLogDensity,
  projectionLogDensity,
  rowMoments,
  rowSums,
} from '../rows';
export { scatter } from '../scatter';
export {
  addDiagonalGaussianLogDensity,
  addGaussianVectorLogDensity,
  diagonalGaussianLogDensity,
  diagonalMoments,
  gaussianVectorLogDensity,
  transpose,
} from '../vectors';
