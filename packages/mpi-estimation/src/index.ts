export { type BestOfMpiFit, type BestOfMpiOptions, bestOfMpi } from './bestOfMpi.js';
export type { CheckpointOptions } from './checkpoint.js';
export type { Piece, SegmentStore, Shard } from './encodedRows.js';
export { CheckpointError, type Failure, FitError, OptionError, RankError, SpillError } from './errors.js';
export { type Fold, type KFold, type KFoldMpiOptions, kFoldMpi } from './kFoldMpi.js';
export { loadOnAll } from './loadOnAll.js';
export { type MpiFit, optimizeMpi } from './optimizeMpi.js';
export type { EncodeOptions, OptimizeMpiOptions } from './options.js';
export type {
  Algorithm,
  Codec,
  Columns,
  Communicator,
  Finding,
  Iterate,
  PassStatistic,
  Seed,
  StartMethod,
  Steps,
  StopOptions,
  StopReason,
} from './ports.js';
export type { Progress } from './progress.js';
export type { Rows, Weights } from './rows.js';
export { saveOnRoot } from './saveOnRoot.js';
export type { Score } from './score.js';
export { seqEncodeMpi } from './seqEncodeMpi.js';
export {
  type ScoreMpiOptions,
  type SeqLogDensityMpiOptions,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
} from './seqLogDensityMpi.js';
export type { SpillOptions } from './spill.js';
export {
  type SeqEstimate,
  type SeqEstimateMpiOptions,
  type SeqInitializeMpiOptions,
  seqEstimateMpi,
  seqInitializeMpi,
} from './stepsMpi.js';
export type { Timings } from './timings.js';
