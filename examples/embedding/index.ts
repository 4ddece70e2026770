export type { HtsneIterate, HtsneOptions, HtsneResult } from './src/htsne.js';
export { htsne } from './src/htsne.js';
export type { HumapIterate, HumapOptions, HumapResult } from './src/humap.js';
export { humap } from './src/humap.js';
export type { EmbeddableMixture } from './src/mixture.js';
export type { Point } from './src/turns.js';
