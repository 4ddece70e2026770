/**
 * What a parent does with its children. The optional members of the contract get their defaults here, so that a plain
 * leaf needs none of them and a parent never asks.
 */
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Draws,
  ParameterBlock,
  Scorer,
} from '../contract.js';
import { EstimationError } from '../errors.js';

/** Phase 1 of the E step for a child: its accumulator scores when it has something to remember, else its model does. */
export function scoreChild(
  child: Accumulator | undefined,
  model: Scorer,
  columns: Columns,
  start: number,
  end: number,
  out: Float64Array,
): void {
  if (child?.score === undefined) model.seqLogDensity(columns, start, end, out);
  else child.score(model, columns, start, end, out);
}

/** The random start of a child. */
export function initializeChild(
  child: Accumulator,
  columns: Columns,
  start: number,
  end: number,
  weights: Float64Array,
  draws: Draws,
): void {
  if (child.seqInitialize === undefined) child.seqUpdate(columns, start, end, weights);
  else child.seqInitialize(columns, start, end, weights, draws);
}

/** Whether imaginary rows enter an estimate of these estimators. */
export function anyPrior(estimators: readonly AnyEstimator[]): boolean {
  return estimators.some((estimator) => estimator.hasPrior === true);
}

/** Length of the flat statistic of an estimator, or `undefined` when its statistic travels as an object. */
export function statisticLength(estimator: AnyEstimator, schema: Columns): number | undefined {
  return estimator.statisticLength?.(schema);
}

/** `own` numbers followed by those of the children; `undefined` as soon as one child has no flat statistic. */
export function lengthWithChildren(
  own: number,
  estimators: readonly AnyEstimator[],
  schemaOf: (child: number) => Columns,
): number | undefined {
  let length = own;
  for (let j = 0; j < estimators.length; j++) {
    const childLength = statisticLength(estimators[j]!, schemaOf(j));
    if (childLength === undefined) return undefined;
    length += childLength;
  }
  return length;
}

/** A parent's accumulators: its own numbers and its children's stand one after the other in one vector. */
export interface ChildAccumulators {
  /** The parent's own numbers: the first `own` entries of the vector. */
  readonly own: Float64Array;
  readonly children: readonly Accumulator[];
}

/** Makes the accumulators of the children, in `statistic` when it is given. */
export function accumulatorsOf(
  own: number,
  estimators: readonly AnyEstimator[],
  schemaOf: (child: number) => Columns,
  statistic?: Float64Array,
): ChildAccumulators {
  const length = lengthWithChildren(own, estimators, schemaOf);
  if (length === undefined) {
    const children = estimators.map((estimator, j) => estimator.accumulator(schemaOf(j)));
    return { own: new Float64Array(own), children };
  }
  const vector = statistic ?? new Float64Array(length);
  let at = own;
  const children = estimators.map((estimator, j) => {
    const childLength = statisticLength(estimator, schemaOf(j))!;
    at += childLength;
    return estimator.accumulator(schemaOf(j), vector.subarray(at - childLength, at));
  });
  return { own: vector.subarray(0, own), children };
}

/**
 * The parameter blocks of a tree. With a key, the whole tree is one block.
 * @throws {EstimationError} when a child does not say how many parameters it has
 */
export function blocksWithChildren(
  key: string | undefined,
  own: readonly ParameterBlock[],
  estimators: readonly AnyEstimator[],
  models: readonly AnyDistribution[],
): readonly ParameterBlock[] {
  const blocks = [...own, ...estimators.flatMap((estimator, j) => blocksOf(estimator, models[j]!))];
  if (key === undefined) return blocks;
  const logPrior = blocks.some((block) => block.logPrior !== undefined) ? sumOfPriors(blocks) : undefined;
  return [{ key, count: countParameters(blocks), logPrior }];
}

/** The blocks of an estimator, each with its prior; one more for a prior that no block tells. */
function blocksOf(estimator: AnyEstimator, model: AnyDistribution): readonly ParameterBlock[] {
  if (estimator.parameterBlocks === undefined) {
    const { type } = model.toJSON();
    throw new EstimationError(`${type}: its estimator has no parameterBlocks, so parameters cannot be counted.`);
  }
  const blocks = estimator.parameterBlocks(model);
  if (estimator.hasPrior !== true) return blocks;
  const logPrior = estimator.logPrior?.(model);
  if (logPrior === undefined && blocks.some((block) => block.logPrior !== undefined)) return blocks;
  const counts = blocks.map(({ key, count }) => ({ key, count }));
  return [...counts, { key: undefined, count: 0, logPrior: logPrior ?? Number.NaN }];
}

/** Blocks with equal keys count once, and must agree. */
function sumOfPriors(blocks: readonly ParameterBlock[]): number {
  const counted = new Map<string, number>();
  let sum = 0;
  for (const { key, logPrior = 0 } of blocks) {
    if (key === undefined || !counted.has(key)) sum += logPrior;
    else if (counted.get(key) !== logPrior) return Number.NaN;
    if (key !== undefined) counted.set(key, logPrior);
  }
  return sum;
}

/**
 * The log-density of the prior at `model`, but for a constant: 0 without a prior, NaN where a part pulls its estimate and does not
 * say by what density.
 */
export function logPriorOf(estimator: AnyEstimator, model: AnyDistribution): number {
  if (estimator.hasPrior !== true) return 0;
  const whole = estimator.logPrior?.(model);
  if (whole !== undefined) return whole;
  try {
    return sumOfPriors(blocksOf(estimator, model));
  } catch (error) {
    if (error instanceof EstimationError) return Number.NaN; // a part without blocks
    throw error;
  }
}

/** Number of free parameters: blocks with equal keys count once. */
export function countParameters(blocks: readonly ParameterBlock[]): number {
  const counted = new Set<string>();
  let count = 0;
  for (const block of blocks) {
    if (block.key !== undefined) {
      if (counted.has(block.key)) continue;
      counted.add(block.key);
    }
    count += block.count;
  }
  return count;
}

let ones = new Float64Array(1024).fill(1);

/** Weights of 1 for `count` rows, shared by all callers. Never write to it. */
export function unitWeights(count: number): Float64Array {
  if (count > ones.length) ones = new Float64Array(count).fill(1);
  return ones;
}

/** True for the array that {@link unitWeights} gives: multiplying by it can be left out. */
export function isUnit(weights: Float64Array): boolean {
  return weights === ones;
}
