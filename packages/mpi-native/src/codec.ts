import { deserialize, serialize } from 'node:v8';
import type { Codec } from './communicator.js';

/**
 * Node's structured clone format: exact for every value that can be cloned, and runs no code. Its bytes belong to one
 * major version of Node, so they are for messages and never for files.
 */
export const structuredCloneCodec: Codec = {
  id: `node:v8/${process.versions.node.split('.')[0]}`,
  encode: (value) => serialize(value),
  decode: (bytes) => deserialize(bytes),
};
