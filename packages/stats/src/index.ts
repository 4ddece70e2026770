// The contract, and errors

export type {
  Accumulator,
  AddSquaredDistances,
  AnyDistribution,
  AnyEstimator,
  Bayes,
  ColumnRows,
  Columns,
  ColumnsOf,
  Conditioned,
  Distribution,
  Draws,
  Encoder,
  EncoderPart,
  Estimator,
  Finding,
  FitMechanics,
  ModelJSON,
  ModelOf,
  NumberArray,
  ParameterBlock,
  ParameterDistribution,
  Pooling,
  Queries,
  Random,
  Report,
  RowCodes,
  RowOf,
  Rows,
  Sampler,
  Scorer,
  Scratch,
  Seed,
  Separable,
  StartMethod,
  StatisticOf,
  Step,
  TiedNode,
  Violation,
} from './contract.js';
export type { DataErrorFacts } from './errors.js';
export { DataError, EstimationError, OptionError, ParameterError } from './errors.js';

// Families

export type { ByLevel } from './leaf/levels/byLevel.js';
export type { ColumnFunctions, NumberColumns, NumberRule } from './leaf/numberEncoder.js';
export { NumberEncoder } from './leaf/numberEncoder.js';
export type { GaussianAccumulator } from './leaf/scalarMoments.js';
export type { MeanStatistic, SumsAccumulator } from './leaf/sums.js';
export { estimatorFromJSON, estimatorToJSON, type StoredType } from './models/estimatorJSON.js';
export { type EstimatorType, estimatorType } from './models/estimatorType.js';
export { estimatorTypes } from './models/estimatorTypes.js';
export * from './models/models.js';
export { modelFromJSON, modelTypes } from './models/modelTypes.js';
export type { ModelType } from './models/rebuildModel.js';
export { rebuildModel } from './models/rebuildModel.js';

// Asking a model

export type { ExplainedPart, ExplainOptions, Explanation, SampledTail } from './ask/explain.js';
export { explain } from './ask/explain.js';
export { given } from './ask/given.js';
export type { CompleteRow, IncompleteRow } from './ask/impute.js';
export { imputations, impute } from './ask/impute.js';
export { marginal } from './ask/marginal.js';
export type { PartOf, RestOf } from './ask/parts.js';
export type { ListPrediction, Prediction } from './ask/predict.js';
export { predict } from './ask/predict.js';
export type { MarginalOf, StepsOf } from './ask/steps.js';

// Fitting

export type { Acceleration } from './fit/accelerate.js';
export type { BestOfOptions, BestOfResult } from './fit/bestOf.js';
export { bestOf } from './fit/bestOf.js';
export type { Conclusion, Decision, Iterate, StopOptions, StopReason } from './fit/converge.js';
export { decide } from './fit/converge.js';
export type { ExpectationMaximization, StartOptions, Steps } from './fit/em.js';
export { em } from './fit/em.js';
export type { InitializeOptions } from './fit/initialize.js';
export { initialize } from './fit/initialize.js';
export { optimize, optimizeSteps } from './fit/optimize.js';
export type { OptimizeOptions } from './fit/options.js';
export type { FitResult, FitStep } from './fit/result.js';
export { FitError } from './fit/result.js';
export { seqEncode, seqEstimate, seqInitialize, seqLogDensity, seqLogDensitySum } from './fit/sequential.js';
export type { TrialCounts } from './fit/trials.js';
export { tie } from './tree/tie.js';

// Choosing between models, judging them, and looking at data

export type { Automatic, AutomaticChoice, AutomaticOptions } from './choose/automaticEstimator.js';
export { automaticEstimator } from './choose/automaticEstimator.js';
export type { AutomaticMixture, AutomaticMixtureOptions } from './choose/automaticMixture.js';
export { automaticMixture } from './choose/automaticMixture.js';
export type { BinomialRank, BinomialRankOptions, TrialGroup } from './choose/binomialRank.js';
export { binomialRank } from './choose/binomialRank.js';
export type { LikelihoodRatio, LikelihoodRatioOptions } from './choose/bootstrapLikelihoodRatio.js';
export { bootstrapLikelihoodRatio } from './choose/bootstrapLikelihoodRatio.js';
export type { ChooseComponentsOptions, ChosenComponents } from './choose/chooseComponents.js';
export { chooseComponents } from './choose/chooseComponents.js';
export type { Classification, ClassifyOptions } from './choose/classify.js';
export { classify } from './choose/classify.js';
export type {
  ComponentRow,
  ComponentSearch,
  ComponentSearchOptions,
  Criterion,
  SearchAlgorithm,
  SearchEnd,
  SearchIterate,
} from './choose/componentSearch.js';
export { componentSearch } from './choose/componentSearch.js';
export type { ConfusionTable } from './choose/confusionTable.js';
export { adjustedRandIndex, confusionTable } from './choose/confusionTable.js';
export type { EmpiricalDivergence } from './choose/empiricalKlDivergence.js';
export { empiricalKlDivergence } from './choose/empiricalKlDivergence.js';
export type { CountedUnit, InformationCriteria, InformationCriteriaOptions } from './choose/informationCriteria.js';
export { informationCriteria, parameterCount } from './choose/informationCriteria.js';
export type { InspectedField, InspectedViolation, Inspection, MissingCoordinate, Spike } from './choose/inspect.js';
export { inspect } from './choose/inspect.js';
export type { Fold, KFoldOptions, KFoldResult } from './choose/kFold.js';
export { kFold } from './choose/kFold.js';
export { klDivergence } from './choose/klDivergence.js';
export type { LabelMatch } from './choose/matchLabels.js';
export { matchLabels } from './choose/matchLabels.js';
export type { OccupiedOptions, WeightedComponents } from './choose/occupiedComponents.js';
export { occupiedComponents } from './choose/occupiedComponents.js';
export type { ComponentOrder } from './choose/orderComponents.js';
export { orderComponents } from './choose/orderComponents.js';
export type { Candidate } from './choose/rankingDepth.js';
export { rankingDepth } from './choose/rankingDepth.js';
export type {
  ParameterUncertainty,
  Resampling,
  ResamplingOptions,
  StandardErrors,
} from './choose/resampling.js';
export { resampling } from './choose/resampling.js';
export type { RocCurve, RocPoint } from './choose/rocCurve.js';
export { rocCurve, rocPoints } from './choose/rocCurve.js';
export type { ListProfile, RowProfile } from './choose/rowProfile.js';
export { mergeProfiles, profileRows } from './choose/rowProfile.js';
export { kFoldIndex, partition, partitionIndex } from './choose/split.js';
export type { FitWithStandardErrors, StandardErrorOptions } from './choose/standardErrors.js';
export { standardErrors } from './choose/standardErrors.js';
export type { Advance, Advanced, AdvanceState, Estimated, PassStatistic, StepKind } from './steps.js';
