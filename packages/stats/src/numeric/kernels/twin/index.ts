/** The kernels in TypeScript: the specification of each, its documentation, and the argument list that all others follow. */
export { exp } from './exp.js';
export { hmmBackward, hmmForward } from './forwardBackward.js';
export { gaussianLogDensity } from './gaussian.js';
export { bilinearLogDensity, linearLogDensity, multiply } from './linear.js';
export { log } from './log.js';
export { moments, sum, weightedMean, weightedMeans, weightedSum } from './moments.js';
export { wordNorms, wordShares } from './plsi.js';
export { logEvidence, posterior, posteriorTotal } from './softmax.js';
export { gather, histogram } from './table.js';
export { topicProportions } from './topics.js';
export { diagonalGaussianLogDensity, diagonalMoments, gaussianVectorLogDensity, scatter } from './vectors.js';
