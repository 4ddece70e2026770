/** Entry of the module over lists of items. One export per kernel. Arguments are those of its twin, with addresses in the place of arrays. */
export { itemCounts, itemScores } from '../items';
