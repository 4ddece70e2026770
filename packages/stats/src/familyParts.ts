/**
 * What a family of your own is built from, published as `@dml/stats/families`: our families are made of the same parts.
 * Parts that are called in loops trust their types. The contract's types come from `@dml/stats`; the laws that a family
 * must obey are in `@dml/stats/testing`.
 */

// Options and parameters: checks whose messages name the owner

export type { OptionNames } from './checks/options.js';
export { checkEstimatorOptions, checkKey, checkPriorOptions } from './checks/options.js';
export type { Check } from './checks/parameters.js';
export {
  checkChance,
  checkCount,
  checkDistribution,
  checkDistributions,
  checkEstimators,
  checkFields,
  checkFinite,
  checkInteger,
  checkNonNegative,
  checkParameters,
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

export { exp, expm1, log, log1p } from './numeric/elementary.js';
export { addLogs, logSumExp } from './numeric/logSumExp.js';
export type { ValueAndSlope } from './numeric/newtonRoot.js';
export { newtonRoot } from './numeric/newtonRoot.js';
export { childSeed, drawIndex, drawsWithin, random, samplerOf } from './numeric/random.js';
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

export { unimodalEntropy } from './leaf/entropy.js';
export { checkQuantile, integerQuantile, normalQuantile, positiveQuantile } from './leaf/quantiles.js';
export { betaQuantile, lowerBeta, upperBeta } from './numeric/incompleteBeta.js';
export { lowerGamma, upperGamma } from './numeric/incompleteGamma.js';

// A family of one number per row: base classes, encoder, scores, sums

export { scaledSquares } from './leaf/distance.js';
export { reportDead } from './leaf/findings.js';
export { FLOOR, reportFloor } from './leaf/floor.js';
export type { IntegerColumns, IntegerStatistic } from './leaf/integers.js';
export { IntegerAccumulator, IntegerEncoder, IntegerScores, integerCounts } from './leaf/integers.js';
export { LeafDistribution } from './leaf/leafDistribution.js';
export type { LeafStatistic } from './leaf/leafEstimator.js';
export { LeafEstimator, statisticOf, withOptions } from './leaf/leafEstimator.js';
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
export { checkImaginaryRows, hasImaginaryRows, imaginaryRows, logOfShare, timesLog } from './leaf/prior.js';
export type { ColumnName, Scores } from './leaf/scores.js';
export { LinearScores, PointMassScores, RowScores } from './leaf/scores.js';
export type { MeanStatistic, SummedColumns } from './leaf/sums.js';
export { SumsAccumulator, sumsOf } from './leaf/sums.js';

// A family of vectors

export type { Vector, VectorColumns, VectorRule } from './leaf/vectors/vectors.js';
export { checkVector, misfitScore, VectorEncoder } from './leaf/vectors/vectors.js';

// A family with children: their columns, their place in one statistic, the defaults of what they leave out

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
} from './columns/columns.js';
export { GrowingScratch, withWorkspace } from './numeric/scratch.js';
export type { ChildAccumulators } from './tree/children.js';
export {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  countParameters,
  initializeChild,
  lengthWithChildren,
  logPriorOf,
  scoreChild,
} from './tree/children.js';
export { hiddenPoolingOf, poolChildren, poolComponents, poolingOf, poolWith } from './tree/pooling.js';
