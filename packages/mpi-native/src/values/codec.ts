import type { Codec } from '../contract/messages.js';
import { decodePlainTree, encodePlainTree, isPlainTree } from './plainTree.js';
import { cloneFormat } from './platform.js';

/**
 * Node's structured clone format, and a quicker one for small trees of plain values: exact for every value that can be
 * cloned, and runs no code. The bytes belong to one major version of Node, so they are for messages, never for files.
 */
export const structuredCloneCodec: Codec = {
  id: `clone/1+${cloneFormat.name}`,
  encode: (value) => encodePlainTree(value) ?? cloneFormat.serialize(value),
  decode: (bytes) => (isPlainTree(bytes) ? decodePlainTree(bytes) : cloneFormat.deserialize(bytes)),
};
