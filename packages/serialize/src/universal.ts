export { type Codec, type CodecOptions, createCodec } from './codec.js';
export type { Description } from './dmx/families.js';
export { importDmx } from './dmx/importDmx.js';
export { CodecError, type CodecErrorCode, type CodecErrorFacts } from './errors.js';
export type { Limits } from './limits.js';
export type { Address, BlobLike, ModelSource, ResponseLike, SaveOptions } from './load.js';
export type { AnyModelType, Fields, ModelClass, ModelType } from './registry.js';
export type { ByteSource, ReadableBytes } from './stream.js';
