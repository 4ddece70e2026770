export type { Communicator, TransportKind } from './contract/communicator.js';
export * from './contract/messages.js';
export { MpiError, type MpiErrorFacts } from './failures/errors.js';
export type {
  AnyRankProgram,
  DataOf,
  JobOptions,
  ProgressOf,
  RankContext,
  RankProgram,
  ResultOf,
} from './spawn/rankProgram.js';
export { type SpawnOptions, spawnRanks } from './spawnRanks.js';
export { structuredCloneCodec } from './values/codec.js';
export { finalize, getWorld, isFinalized, isInitialized, runMpi, type WorldOptions } from './world.js';
