export { structuredCloneCodec } from './codec.js';
export {
  ANY_SOURCE,
  ANY_TAG,
  type Codec,
  type Communicator,
  type NumericArray,
  type ReceivedObject,
  type ReduceOp,
  type Status,
  type TransportKind,
} from './communicator.js';
export { MpiError, type MpiErrorFacts } from './errors.js';
export { finalize, getWorld, isFinalized, isInitialized, runMpi, type WorldOptions } from './world.js';
