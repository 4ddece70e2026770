export { type BestOfMpiFit, type BestOfMpiOptions, bestOfMpi } from './calls/bestOfMpi.js';
export {
  type ChooseComponentsMpiOptions,
  type ChosenComponentsMpi,
  chooseComponentsMpi,
} from './calls/chooseComponentsMpi.js';
export { type Fold, type KFold, type KFoldMpiOptions, kFoldMpi } from './calls/kFoldMpi.js';
export { loadOnAll } from './calls/loadOnAll.js';
export { type MpiFit, type MpiFitResult, optimizeMpi } from './calls/optimizeMpi.js';
export type { OptimizeMpiOptions } from './calls/options.js';
export { saveOnRoot } from './calls/saveOnRoot.js';
export { seqEncodeMpi } from './calls/seqEncodeMpi.js';
export {
  type ScoreMpiOptions,
  type SeqLogDensityMpiOptions,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
} from './calls/seqLogDensityMpi.js';
export { type ShareColumnsOptions, shareColumnsMpi } from './calls/shareColumnsMpi.js';
export {
  type MpiFitWithStandardErrors,
  type StandardErrorsMpiOptions,
  standardErrorsMpi,
} from './calls/standardErrorsMpi.js';
export {
  type SeqEstimate,
  type SeqEstimateMpiOptions,
  type SeqInitializeMpiOptions,
  seqEstimateMpi,
  seqInitializeMpi,
} from './calls/stepsMpi.js';
export type { CheckpointOptions } from './checkpoint/file.js';
export { CheckpointError, type Failure, FitError, OptionError, RankError, SpillError } from './errors.js';
export type { Responsibilities } from './fit/labels.js';
export type { Progress } from './fit/progress.js';
export type { Score } from './fit/score.js';
export type {
  Acceleration,
  Advance,
  Advanced,
  AdvanceState,
  Algorithm,
  Codec,
  Columns,
  Communicator,
  ComponentRow,
  ComponentSearch,
  ComponentSearchOptions,
  Criterion,
  Decision,
  Finding,
  Iterate,
  ParameterUncertainty,
  PassStatistic,
  Resampling,
  SearchEnd,
  SearchIterate,
  Seed,
  StandardErrors,
  StartMethod,
  StepKind,
  Steps,
  StopOptions,
  StopReason,
  TrialCounts,
} from './ports.js';
export type { Piece, SegmentStore, Shard } from './rows/encodedRows.js';
export type { EncodeOptions } from './rows/encodeShard.js';
export type { NumberArray, RowList, Rows, Weights } from './rows/readRows.js';
export type { SpillOptions } from './rows/spill.js';
export type { Timings } from './timings.js';
