/** The entry for pages: ranks in workers. `index.ts` is the entry for Node. */
export type { Communicator, TransportKind } from './communicator.js';
export { MpiError, type MpiErrorFacts } from './errors.js';
export * from './messages.js';
export { runRank } from './rankOfWorker.js';
export type {
  AnyRankProgram,
  DataOf,
  JobOptions,
  ProgressOf,
  RankContext,
  RankProgram,
  ResultOf,
} from './rankProgram.js';
export { type PageEvent, type PageWorker, type SpawnOptions, spawnRanks } from './spawnWorkers.js';
