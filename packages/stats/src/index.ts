// The contract, and errors
export type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  ColumnsOf,
  Distribution,
  Draws,
  Encoder,
  Estimator,
  Finding,
  ModelJSON,
  ModelOf,
  ParameterBlock,
  Random,
  Report,
  RowOf,
  Sampler,
  Scratch,
  Seed,
  StartMethod,
  StatisticOf,
  TiedNode,
  Violation,
} from './contract.js';
export type { DataErrorFacts } from './errors.js';
export { DataError, EstimationError, OptionError, ParameterError } from './errors.js';
// Fitting
export type { BestOfOptions, BestOfResult } from './fit/bestOf.js';
export { bestOf } from './fit/bestOf.js';
export type { Iterate, StopOptions, StopReason } from './fit/converge.js';
export { decide } from './fit/converge.js';
export type { Estimated, ExpectationMaximization, PassStatistic, Steps } from './fit/em.js';
export { em } from './fit/em.js';
export type { InitializeOptions } from './fit/initialize.js';
export { initialize } from './fit/initialize.js';
export { optimize, optimizeSteps } from './fit/optimize.js';
export type { OptimizeOptions } from './fit/options.js';
export type { FitResult, FitStep } from './fit/result.js';
export { FitError } from './fit/result.js';
// Families
export * from './models.js';
export type { ModelType } from './modelTypes.js';
export { modelFromJSON, modelTypes } from './modelTypes.js';
export { tie } from './tie.js';
