/** Entry of the WebAssembly module: one export per kernel. Pointers and strides are in bytes, counts in rows. */
export { exp, POWERS } from './exp';
export { addGaussianLogDensity, gaussianLogDensity } from './gaussian';
export { addBilinearLogDensity, addLinearLogDensity, bilinearLogDensity, linearLogDensity, multiply } from './linear';
export { hmmBackward } from './hmmBackward';
export { hmmForward } from './hmmForward';
export { log } from './log';
export { moments, sum, weightedMean, weightedMeans, weightedSum } from './moments';
export { logEvidence, posterior, posteriorTotal } from './softmax';
export { addGather, gather, histogram, largestCode } from './table';
export { scatter } from './scatter';
export { diagonalGaussianLogDensity, diagonalMoments, gaussianVectorLogDensity, transpose } from './vectors';
