export { CheckpointError, type Failure, OptionError, RankError } from './errors.js';
export type { MpiFit, OptimizeMpiOptions } from './optimizeMpi.js';
export { optimizeMpi } from './optimizeMpi.js';
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
export { type EncodeOptions, seqEncodeMpi } from './seqEncodeMpi.js';
export type { Piece, SegmentStore, Shard } from './shard.js';
export type { Timings } from './timings.js';
