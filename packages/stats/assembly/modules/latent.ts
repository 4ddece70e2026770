/** Entry of the module for hidden states and topics. One export per kernel. Arguments are those of its twin, with addresses in the place of arrays. */
export { hmmBackward } from '../hmmBackward';
export { hmmForward } from '../hmmForward';
export { wordNorms, wordShares } from '../plsi';
export { topicProportions } from '../topics';
export { treeDownward, treeUpward } from '../trees';
