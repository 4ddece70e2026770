/** Entry of the module over columns. One export per kernel. Arguments are those of its twin, with addresses in the place of arrays. */
export { exp } from '../exp';
export { addGaussianLogDensity, gaussianLogDensity } from '../gaussian';
export { addBilinearLogDensity, addLinearLogDensity, bilinearLogDensity, linearLogDensity, multiply } from '../linear';
export { log } from '../log';
export { ARENA, POWERS } from '../memory';
export { moments, sum, weightedMean, weightedMeans, weightedSum } from '../moments';
export { logEvidence, posterior, posteriorTotal } from '../softmax';
export { addGather, gather, histogram, largestCode } from '../table';
