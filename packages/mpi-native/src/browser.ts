/** The entry for pages: ranks in workers. `index.ts` is the entry for Node. */
export type { Communicator, TransportKind } from './contract/communicator.js';
export * from './contract/messages.js';
export { MpiError, type MpiErrorFacts } from './failures/errors.js';
export { runRank } from './spawn/rankOfWorker.js';
export type {
  AnyRankProgram,
  DataOf,
  JobOptions,
  ProgressOf,
  RankContext,
  RankProgram,
  ResultOf,
} from './spawn/rankProgram.js';
export { type PageEvent, type PageWorker, type SpawnOptions, spawnRanks } from './spawn/spawnWorkers.js';
