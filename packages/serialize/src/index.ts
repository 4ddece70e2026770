/** The entry for browsers and every other place without a file system. `node.ts` is the entry for Node. */
export { describeFile, loadModel, saveModel } from './files/filesInBrowser.js';
export * from './universal.js';
