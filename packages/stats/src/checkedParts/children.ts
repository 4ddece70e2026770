/** What a parent outside the package does with its children, and with the statistics that they pool. */
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Draws,
  ParameterBlock,
  Pooling,
  Scorer,
} from '../contract.js';
import * as children from '../tree/children.js';
import * as pooling from '../tree/pooling.js';
import {
  areDraws,
  checkBlock,
  checkChildren,
  checkColumns,
  checkFunction,
  checkList,
  checkModel,
  checkNumbersOf,
  checkText,
  isAccumulator,
  isEstimator,
  isScorer,
  refuse,
} from './arguments.js';

/**
 * Phase 1 of the E step for a child: its accumulator scores when it has something to remember, else its model does.
 * @throws {OptionError} unless the columns have these rows, and `out` has room for them
 */
export function scoreChild(
  child: Accumulator | undefined,
  model: Scorer,
  columns: Columns,
  start: number,
  end: number,
  out: Float64Array,
): void {
  if (child !== undefined && !isAccumulator(child)) refuse('scoreChild', 'child', 'an accumulator', child);
  if (!isScorer(model)) refuse('scoreChild', 'model', 'a model that scores', model);
  checkBlock('scoreChild', columns, start, end);
  checkNumbersOf('scoreChild', 'out', out, end - start);
  children.scoreChild(child, model, columns, start, end, out);
}

/**
 * The random start of a child.
 * @throws {OptionError} unless the columns have these rows, and each of them a weight
 */
export function initializeChild(
  child: Accumulator,
  columns: Columns,
  start: number,
  end: number,
  weights: Float64Array,
  draws: Draws,
): void {
  if (!isAccumulator(child)) refuse('initializeChild', 'child', 'an accumulator', child);
  checkBlock('initializeChild', columns, start, end);
  checkNumbersOf('initializeChild', 'weights', weights, end - start);
  if (!areDraws(draws)) refuse('initializeChild', 'draws', 'the draws of a start', draws);
  children.initializeChild(child, columns, start, end, weights, draws);
}

/**
 * Whether imaginary rows enter an estimate of these estimators.
 * @throws {OptionError} unless it is a list of estimators
 */
export function anyPrior(estimators: readonly AnyEstimator[]): boolean {
  checkChildren('anyPrior', estimators);
  return children.anyPrior(estimators);
}

/** The arguments that {@link lengthWithChildren} and {@link accumulatorsOf} share. */
function checkSchemas(
  part: string,
  own: number,
  estimators: readonly AnyEstimator[],
  schemaOf: (child: number) => Columns,
): (child: number) => Columns {
  if (!Number.isSafeInteger(own) || own < 0) refuse(part, 'own', 'an integer >= 0', own);
  checkChildren(part, estimators);
  checkFunction(part, 'schemaOf', schemaOf);
  return (child) => {
    const schema = schemaOf(child);
    checkColumns(part, schema, `schemaOf(${child})`);
    return schema;
  };
}

/**
 * `own` numbers followed by those of the children; `undefined` as soon as one child has no flat statistic.
 * @throws {OptionError} for an argument of another kind
 */
export function lengthWithChildren(
  own: number,
  estimators: readonly AnyEstimator[],
  schemaOf: (child: number) => Columns,
): number | undefined {
  return children.lengthWithChildren(own, estimators, checkSchemas('lengthWithChildren', own, estimators, schemaOf));
}

/**
 * Makes the accumulators of the children, in `statistic` when it is given.
 * @throws {OptionError} for an argument of another kind, and for a `statistic` of another length
 */
export function accumulatorsOf(
  own: number,
  estimators: readonly AnyEstimator[],
  schemaOf: (child: number) => Columns,
  statistic?: Float64Array,
): children.ChildAccumulators {
  const schema = checkSchemas('accumulatorsOf', own, estimators, schemaOf);
  if (statistic !== undefined) {
    const length = children.lengthWithChildren(own, estimators, schema) ?? 0;
    checkNumbersOf('accumulatorsOf', 'statistic', statistic, length);
  }
  return children.accumulatorsOf(own, estimators, schema, statistic);
}

/** A list of parameter blocks. */
function checkParameterBlocks(part: string, argument: string, blocks: readonly ParameterBlock[]): void {
  checkList(part, argument, blocks);
  for (let i = 0; i < blocks.length; i++) {
    if (typeof blocks[i]?.count !== 'number') refuse(part, `${argument}[${i}]`, 'a parameter block', blocks[i]);
  }
}

/**
 * The parameter blocks of a tree. With a key, the whole tree is one block.
 * @throws {OptionError} for an argument of another kind, and unless each estimator has its model
 * @throws {EstimationError} when a child does not say how many parameters it has
 */
export function blocksWithChildren(
  key: string | undefined,
  own: readonly ParameterBlock[],
  estimators: readonly AnyEstimator[],
  models: readonly AnyDistribution[],
): readonly ParameterBlock[] {
  if (key !== undefined) checkText('blocksWithChildren', 'key', key);
  checkParameterBlocks('blocksWithChildren', 'own', own);
  checkChildren('blocksWithChildren', estimators);
  checkList('blocksWithChildren', 'models', models);
  for (let j = 0; j < estimators.length; j++) checkModel('blocksWithChildren', models[j]!, `models[${j}]`);
  return children.blocksWithChildren(key, own, estimators, models);
}

/**
 * Number of free parameters: blocks with equal keys count once.
 * @throws {OptionError} unless it is a list of parameter blocks
 */
export function countParameters(blocks: readonly ParameterBlock[]): number {
  checkParameterBlocks('countParameters', 'blocks', blocks);
  return children.countParameters(blocks);
}

/**
 * The log-density of the prior at `model`, but for a constant: 0 without a prior, NaN where a part pulls its estimate and does not
 * say by what density.
 * @throws {OptionError} unless it is an estimator and a model
 */
export function logPriorOf(estimator: AnyEstimator, model: AnyDistribution): number {
  if (!isEstimator(estimator)) refuse('logPriorOf', 'estimator', 'an estimator', estimator);
  checkModel('logPriorOf', model);
  return children.logPriorOf(estimator, model);
}

/**
 * Pools with an accumulator of the family, which brings moments to one origin.
 * @param sum  an empty accumulator; `first` is one of the statistics, and tells the shape
 * @throws {OptionError} for an argument of another kind
 */
export function poolWith<S extends { readonly count: number }>(
  kind: string,
  sum: (first: S) => { combine(statistic: S): void; value(): S },
): Pooling<S> {
  checkText('poolWith', 'kind', kind);
  checkFunction('poolWith', 'sum', sum);
  return pooling.poolWith(kind, sum);
}

/**
 * The pooling of a parent, from what `pool` makes of the statistics of its children; `undefined` when none is pooled.
 * @throws {OptionError} for an argument of another kind
 */
export function poolingOf<S>(
  parent: string,
  estimators: readonly AnyEstimator[],
  pool: (statistics: readonly S[]) => S,
): Pooling<S> | undefined {
  checkText('poolingOf', 'parent', parent);
  checkChildren('poolingOf', estimators);
  checkFunction('poolingOf', 'pool', pool);
  return pooling.poolingOf(parent, estimators, pool);
}

/**
 * The pooling of a latent family: see {@link poolingOf}.
 * @throws {OptionError} for an argument of another kind
 */
export function hiddenPoolingOf<S>(
  parent: string,
  components: readonly AnyEstimator[],
  pool: (statistics: readonly S[]) => S,
): Pooling<S> | undefined {
  checkText('hiddenPoolingOf', 'parent', parent);
  checkChildren('hiddenPoolingOf', components, 'components');
  checkFunction('hiddenPoolingOf', 'pool', pool);
  return pooling.hiddenPoolingOf(parent, components, pool);
}

/** Lists of statistics with one of each of `count` children. */
function checkStatistics(part: string, statistics: readonly (readonly unknown[])[], count: number): void {
  checkList(part, 'statistics', statistics);
  for (let i = 0; i < statistics.length; i++) {
    const given = statistics[i];
    if (!Array.isArray(given) || given.length < count) {
      refuse(part, `statistics[${i}]`, `a list of ${count} statistics`, given);
    }
  }
}

/**
 * The pooled statistic of each child, for children that see rows of their own.
 * @param statistics  of each part, one statistic per child
 * @throws {OptionError} for an argument of another kind, and unless each child has a statistic
 */
export function poolChildren(
  estimators: readonly AnyEstimator[],
  statistics: readonly (readonly unknown[])[],
): readonly unknown[] {
  checkChildren('poolChildren', estimators);
  checkStatistics('poolChildren', statistics, estimators.length);
  return pooling.poolChildren(estimators, statistics);
}

/**
 * The pooled statistic of each component, for components that share rows: of its own and of all components of its kind, in all
 * parts.
 * @throws {OptionError} for an argument of another kind, and unless each component has a statistic
 */
export function poolComponents(
  components: readonly AnyEstimator[],
  statistics: readonly (readonly unknown[])[],
): readonly unknown[] {
  checkChildren('poolComponents', components, 'components');
  checkStatistics('poolComponents', statistics, components.length);
  return pooling.poolComponents(components, statistics);
}
