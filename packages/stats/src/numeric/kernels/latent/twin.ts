/** The kernels for hidden states and topics in TypeScript: see columns/twin.ts. */
export { hmmBackward, hmmForward } from '../twin/forwardBackward.js';
export { wordNorms, wordShares } from '../twin/plsi.js';
export { topicProportions } from '../twin/topics.js';
export { treeDownward, treeUpward } from '../twin/trees.js';
