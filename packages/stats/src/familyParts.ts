/**
 * What a family of your own is built from, published as `@dml/stats/families`: our families are made of the same parts.
 * The functions say what is wrong with their arguments; those of one number (`exp`, `lgamma`, …) check nothing. The contract's types
 * come from `@dml/stats`; the laws that a family must obey are in `@dml/stats/testing`.
 */

// Options and parameters: checks whose messages name the owner

export { checkEstimatorOptions, checkFields, checkParameters, checkPriorOptions } from './checkedParts/leaf.js';
export type { OptionNames } from './checks/options.js';
export { checkKey } from './checks/options.js';
export type { Check } from './checks/parameters.js';
export {
  checkChance,
  checkCount,
  checkDistribution,
  checkDistributions,
  checkEstimators,
  checkFinite,
  checkInteger,
  checkNonNegative,
  checkPositive,
  checkPositiveOption,
  checkProbabilities,
  checkProbability,
  checkPseudoCount,
  checkScale,
  orAbsent,
  SMALLEST_NORMAL,
} from './checks/parameters.js';

// How a model prints itself

export { PrintedModel } from './tree/modelText.js';

// Randomness and special functions: exp and log have the same bits in every engine, those of Math do not

export { childSeed, drawIndex, logSumExp, newtonRoot, samplerOf } from './checkedParts/numeric.js';
export { exp, expm1, log, log1p } from './numeric/elementary.js';
export { addLogs } from './numeric/logSumExp.js';
export type { ValueAndSlope } from './numeric/newtonRoot.js';
export { drawsWithin, random } from './numeric/random.js';
export {
  betaln,
  digamma,
  digammaInverse,
  erf,
  erfc,
  erfcInverse,
  lgamma,
  log1pmx,
  logFactorial,
  logMinusDigamma,
  normalTail,
  stirlingRest,
  trigamma,
} from './numeric/special.js';

// Tails and quantiles

export { integerQuantile, positiveQuantile, unimodalEntropy } from './checkedParts/numeric.js';
export { checkQuantile, normalQuantile } from './leaf/quantiles.js';
export { betaQuantile, lowerBeta, upperBeta } from './numeric/incompleteBeta.js';
export { lowerGamma, upperGamma } from './numeric/incompleteGamma.js';

// A family of one number per row: base classes, encoder, scores, sums

export {
  hasImaginaryRows,
  reportDead,
  reportFloor,
  scaledSquares,
  statisticOf,
  sumsOf,
  withOptions,
} from './checkedParts/leaf.js';
export { FLOOR } from './leaf/floor.js';
export type { IntegerColumns, IntegerStatistic } from './leaf/integers.js';
export { IntegerAccumulator, IntegerEncoder, IntegerScores, integerCounts } from './leaf/integers.js';
export { LeafDistribution } from './leaf/leafDistribution.js';
export type { LeafStatistic } from './leaf/leafEstimator.js';
export { LeafEstimator } from './leaf/leafEstimator.js';
export type { ColumnFunctions, NumberColumns, NumberRule } from './leaf/numberEncoder.js';
export {
  COUNT,
  isNumber,
  itself,
  NON_NEGATIVE,
  NumberEncoder,
  OPEN_UNIT,
  POSITIVE,
  POSITIVE_COUNT,
  REAL,
} from './leaf/numberEncoder.js';
export { checkImaginaryRows, imaginaryRows, logOfShare, timesLog } from './leaf/prior.js';
export type { ColumnName, Scores } from './leaf/scores.js';
export { LinearScores, PointMassScores, RowScores } from './leaf/scores.js';
export type { MeanStatistic, SummedColumns } from './leaf/sums.js';
export { SumsAccumulator } from './leaf/sums.js';

// A family of vectors

export type { Vector, VectorColumns, VectorRule } from './leaf/vectors/vectors.js';
export { checkVector, misfitScore, VectorEncoder } from './leaf/vectors/vectors.js';

// A family with children: their columns, their place in one statistic, the defaults of what they leave out

export {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  countParameters,
  hiddenPoolingOf,
  initializeChild,
  lengthWithChildren,
  logPriorOf,
  poolChildren,
  poolComponents,
  poolingOf,
  poolWith,
  scoreChild,
} from './checkedParts/children.js';
export {
  concatColumns,
  encodeChild,
  holdsItems,
  itemCount,
  sameEncoder,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from './checkedParts/columns.js';
export { withWorkspace } from './checkedParts/numeric.js';
export { GrowingScratch } from './numeric/scratch.js';
export type { ChildAccumulators } from './tree/children.js';
