export { structuredCloneCodec } from './codec.js';
export type { Communicator, TransportKind } from './communicator.js';
export { MpiError, type MpiErrorFacts } from './errors.js';
export * from './messages.js';
export type {
  AnyRankProgram,
  DataOf,
  JobOptions,
  ProgressOf,
  RankContext,
  RankProgram,
  ResultOf,
} from './rankProgram.js';
export { type SpawnOptions, spawnRanks } from './spawnRanks.js';
export { finalize, getWorld, isFinalized, isInitialized, runMpi, type WorldOptions } from './world.js';
