/** Entry of the WebAssembly module: one export per kernel. Arguments are those of its twin, with addresses in the place of arrays. */
export { exp, POWERS } from './exp';
export { addGaussianLogDensity, gaussianLogDensity } from './gaussian';
export { addBilinearLogDensity, addLinearLogDensity, bilinearLogDensity, linearLogDensity, multiply } from './linear';
export { hmmBackward } from './hmmBackward';
export { hmmForward } from './hmmForward';
export { log } from './log';
export { ARENA } from './memory';
export { moments, sum, weightedMean, weightedMeans, weightedSum } from './moments';
export { logEvidence, posterior, posteriorTotal } from './softmax';
export { addGather, gather, histogram, largestCode } from './table';
export { scatter } from './scatter';
export { topicProportions } from './topics';
export { wordNorms, wordShares } from './plsi';
export {
  addDiagonalGaussianLogDensity,
  addGaussianVectorLogDensity,
  diagonalGaussianLogDensity,
  diagonalMoments,
  gaussianVectorLogDensity,
  transpose,
} from './vectors';
