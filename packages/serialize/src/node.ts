/** The entry for Node: the same names as `index.ts`, with files on disk. */
export { describeFile, loadModel, saveModel } from './files/files.js';
export * from './universal.js';
