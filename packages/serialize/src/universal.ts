export type { ByteSource, ReadableBytes } from './binary/stream.js';
export type { Limits } from './checks/limits.js';
export { type Codec, type CodecOptions, createCodec } from './codec.js';
export type { Description } from './dmx/families.js';
export { importDmx } from './dmx/importDmx.js';
export { CodecError, type CodecErrorCode, type CodecErrorFacts } from './errors.js';
export type { EstimatorLike, ModelMadeBy } from './files/expectModelOf.js';
export type { Address, BlobLike, ModelSource, ResponseLike, SaveOptions } from './files/load.js';
export type { AnyModelType, Fields, ModelClass, ModelType } from './models/registry.js';
