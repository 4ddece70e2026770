/** The kernels over lists of items in TypeScript: see columns/twin.ts. */
export { itemCounts, itemScores } from '../twin/items.js';
