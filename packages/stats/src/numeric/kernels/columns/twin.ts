/** The kernels over columns in TypeScript: the specification of each, its documentation, and the argument list that all others follow. */
export { exp } from '../twin/exp.js';
export { gaussianLogDensity } from '../twin/gaussian.js';
export { bilinearLogDensity, linearLogDensity, multiply } from '../twin/linear.js';
export { log } from '../twin/log.js';
export { moments, sum, weightedMean, weightedMeans, weightedSum } from '../twin/moments.js';
export { logEvidence, posterior, posteriorTotal } from '../twin/softmax.js';
export { gather, histogram } from '../twin/table.js';
