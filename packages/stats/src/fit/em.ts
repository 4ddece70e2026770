/**
 * The EM algorithm of one estimator, divided into the steps that a driver needs. `optimize` drives it in one process; a driver
 * for many ranks takes the same object and moves columns and statistics between ranks, nothing else.
 */

import { checkRows } from '../checks/rows.js';
import {
  concatColumns,
  itemCount,
  mayHoldItems,
  sameEncoder,
  sliceColumns,
  takeColumns,
  takeEntries,
} from '../columns/columns.js';
import { rememberDifferentRows } from '../columns/equalRows.js';
import type {
  Accumulator,
  AnyDistribution,
  Columns,
  Draws,
  Encoder,
  Estimator,
  Finding,
  Report,
  Scratch,
  Seed,
  StartMethod,
} from '../contract.js';
import { DataError, EstimationError, formatValue, OptionError, ParameterError } from '../errors.js';
import { kernels } from '../numeric/kernels/index.js';
import { allowWebAssembly } from '../numeric/kernels/webAssembly.js';
import { childSeed, drawsOf, rowHash, seedNumber } from '../numeric/random.js';
import { withWorkspace } from '../numeric/scratch.js';
import type { Advance, Estimated, PassStatistic } from '../steps.js';
import { initializeChild, logPriorOf, scoreChild, unitWeights } from '../tree/children.js';
import { tieNodes } from '../tree/tie.js';
import { type Acceleration, acceleratedAdvance, HEADER, plainAdvance } from './accelerate.js';
import { positiveEntries } from './checkWeights.js';
import {
  type Conclusion,
  checkStop,
  conclude,
  type Decision,
  decideAfter,
  type Iterate,
  type StopOptions,
  type StopReason,
} from './converge.js';
import { reportInto } from './findings.js';
import { dealFolds } from './folds.js';
import { checkInitialModel } from './initialModel.js';
import { checkStart } from './options.js';
import { forEachBlock, type Segments, segmentsOf } from './segments.js';
import { startRows } from './startRows.js';

/** E and M steps for columns of one schema. */
export interface Steps<D, C extends Columns> {
  /** Length of the flat statistic, or `undefined` when statistics are objects. */
  readonly statisticLength: number | undefined;
  /**
   * The E step: the statistic of rows `[start, end)` under `model`, and their log-likelihood. The rows must lie in one
   * segment, and be all of its rows. Equal rows may be processed as one row of their total weight.
   * @param weights  weight per row of `columns`; absent for 1. Columns and weights are identified by reference: they must
   *   not change
   */
  expectation(model: D, columns: C, start: number, end: number, weights?: Float64Array): PassStatistic;
  /** `left + right`. May change and return `left`. */
  combine(left: PassStatistic, right: PassStatistic): PassStatistic;
  /**
   * The log-likelihood of the model that entered the pass, Σ w log f(x), and the total weight Σ w; with each row counted once
   * per item, `itemWeight`.
   */
  likelihood(statistic: PassStatistic): {
    readonly logLikelihood: number;
    readonly weight: number;
    readonly itemWeight: number;
  };
  /** Ties parameters, then the M step. `model` is the one that entered the pass. */
  maximization(model: D, statistic: PassStatistic): Estimated<D>;
  /** What makes each model of a fit from the pass before, by `maximization`: plain EM, or accelerated: see `accelerate.ts`. */
  advance(acceleration: Acceleration): Advance<D>;
  /** Gives the working memory back. The steps must not be used afterwards. */
  release(): void;
}

/** How the first model is drawn. */
export interface StartOptions {
  readonly seed: Seed;
  readonly method: StartMethod;
  /** Default 1. */
  readonly weights?: Float64Array;
  /** Labels of a mixture's rows, instead of drawn ones: see `Draws`. */
  readonly labels?: Float64Array;
  /**
   * A model from which a mixture starts with one component moved: see `movedLabels`. Models of other kinds, and rows without a
   * distance, start as without it.
   */
  readonly near?: AnyDistribution | undefined;
  /** Receives the findings of the M step of the start. */
  readonly findings?: Finding[];
}

/** {@link decide} for this estimator. */
export type DecideStop = (
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
  before?: Decision,
) => Decision;

/** See {@link em}. */
export interface ExpectationMaximization<T, D, C extends Columns> {
  /** What is fitted. Drivers only compare it between ranks. */
  readonly estimator: unknown;
  /** The division of the rows into the units of reduction: see `segments.ts`. */
  readonly segments: Segments;
  /** When to stop and what to return: see `converge.ts`. */
  readonly stopping: {
    readonly check: typeof checkStop;
    readonly decide: DecideStop;
    /** How far a fit is from its limit. */
    readonly conclude: (
      path: readonly Iterate[],
      options: StopOptions,
      weight: number,
      reason: StopReason | 'failed',
    ) => Conclusion;
  };
  /** The log-density of the prior at `model`, up to a constant: 0 without a prior, NaN where it is not known. */
  logPrior(model: D): number;
  /** The seed of trial `trial` of several starts, or of another stream of draws by its name. */
  trialSeed(seed: Seed, trial: number | string): Seed;
  /** The fold of each row in a cross-validation, 0 … foldCount - 1, the same wherever it is computed. */
  foldOf(seed: Seed, foldCount: number): (row: number) => number;
  /**
   * Encodes rows whose numbers, in messages, start at `firstRow`.
   * @param numbers  the number of each row from `firstRow` on. Default 0, 1, 2, …
   * @throws {DataError}
   */
  encode(rows: readonly T[], firstRow?: number, numbers?: ArrayLike<number>): C;
  slice(columns: C, start: number, end: number): C;
  take(columns: C, rows: Int32Array): C;
  concat(parts: readonly C[]): C;
  /** Which of the rows `[firstRow, firstRow + count)` of `rowCount` in all the start uses; numbers from 0. */
  startRows(rowCount: number, firstRow: number, count: number, seed: Seed): Int32Array;
  /** The first model, from the rows that {@link startRows} names. @throws {EstimationError} when there are none */
  start(columns: C, options: StartOptions): D;
  /** Whether the other algorithm encodes rows as this one does, so that its columns can be fitted by this one. */
  sharesColumns(other: { readonly estimator: unknown }): boolean;
  /** @throws {ParameterError} for a model that the estimator could not have made: another family, another number of parts */
  checkModel(model: D, schema: C): void;
  /** E and M steps for columns of this schema. */
  steps(schema: C): Steps<D, C>;
  /** log f(x) of rows `[start, end)`. */
  seqLogDensity(model: D, columns: C, start: number, end: number, out: Float64Array): void;
}

/**
 * The EM algorithm of `estimator`. An estimator without hidden variables is a special case: its first M step is exact.
 * @example
 * const result = await optimizeMpi(rows, em(new MixtureEstimator([e, e])), { comm });
 * @see Dempster, Laird & Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm
 */
export function em<T, D extends AnyDistribution, C extends Columns, S>(
  estimator: Estimator<T, D, C, S>,
): ExpectationMaximization<T, D, C> {
  if (typeof estimator?.encoder !== 'function' || typeof estimator.estimate !== 'function') {
    throw new OptionError(`an estimator is needed, found ${formatValue(estimator)}.`);
  }
  allowWebAssembly();
  const encoder = estimator.encoder();
  // A step asks up to three times for that of one model.
  let newest: { readonly model: D; readonly logPrior: number } | undefined;
  function logPrior(model: D): number {
    if (newest?.model !== model) newest = { model, logPrior: logPriorOf(estimator, model) };
    return newest.logPrior;
  }
  return {
    estimator,
    segments: segmentsOf(encoder),
    stopping: {
      check: checkStop,
      decide: decideAfter,
      conclude,
    },
    logPrior,
    trialSeed: childSeed,
    foldOf(seed, foldCount) {
      const number = seedNumber(childSeed(seed, 'folds'));
      return dealFolds((row) => rowHash(number, row), foldCount);
    },
    encode(rows, firstRow = 0, numbers) {
      checkRows('rows', rows);
      try {
        return encoder.encode(rows);
      } catch (error) {
        throw error instanceof DataError ? error.within(firstRow + (numbers?.[error.row] ?? error.row)) : error;
      }
    },
    slice: (columns, start, end) => sliceColumns(encoder, columns, start, end),
    take: (columns, rows) => takeColumns(encoder, columns, rows),
    concat: (parts) => concatColumns(encoder, parts),
    startRows,
    start: (columns, options) => startModel(estimator, columns, options),
    sharesColumns(other) {
      const { encoder: make } = other.estimator as Partial<Estimator<unknown, AnyDistribution, Columns, unknown>>;
      return typeof make === 'function' && sameEncoder(encoder, make.call(other.estimator));
    },
    checkModel: (model, schema) => checkInitialModel(estimator, model, schema),
    steps: (schema) => makeSteps(estimator, encoder, schema, logPrior),
    seqLogDensity: (model, columns, start, end, out) => model.seqLogDensity(columns, start, end, out),
  };
}

function startModel<T, D extends AnyDistribution, C extends Columns, S>(
  estimator: Estimator<T, D, C, S>,
  columns: C,
  { seed, method, findings = [], weights = unitWeights(columns.rowCount), labels, near }: StartOptions,
): D {
  checkStart('start', method);
  if (labels !== undefined && estimator.takesLabels !== true) {
    throw new OptionError('responsibilities: the estimator must be a mixture to take them.');
  }
  // Another row, however far away, must not move the origin of moments or the scale of distances.
  const rows = positiveEntries(weights);
  if (rows !== undefined) {
    return startModel(estimator, takeColumns(estimator.encoder(), columns, rows), {
      ...{ seed, method, findings, near },
      weights: takeEntries(weights, rows),
      // A list of all rows for each component.
      ...(labels && { labels: labels.filter((_, at) => weights[at % weights.length]! > 0) }),
    });
  }
  if (columns.rowCount === 0) {
    throw new EstimationError('there are no rows (of positive weight) to fit. Give at least one row.');
  }
  return withWorkspace((scratch) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin?.(undefined, columns, scratch);
    const draws: Draws = { ...drawsOf(seed, method), labels, near };
    initializeChild(accumulator as Accumulator, columns, 0, columns.rowCount, weights, draws);
    tieNodes(accumulator);
    return estimateModel(estimator, accumulator.value(), findings);
  });
}

/**
 * The M step. An invalid parameter comes from the rows (for example because their squares overflow), not from the caller:
 * the fit fails and keeps its last valid model.
 */
function estimateModel<D extends AnyDistribution, S>(
  estimator: { estimate(statistic: S, report: Report): D },
  statistic: S,
  findings: Finding[],
): D {
  try {
    return estimator.estimate(statistic, reportInto(findings));
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    // A part that does not fit, such as durations from 0 on without a shift, has a message of its own that says what to set.
    const isPart = typeof (error.found as { readonly logDensity?: unknown } | undefined)?.logDensity === 'function';
    const advice = isPart
      ? ''
      : ' Sums over the rows overflow, or lose all digits: divide rows or weights by a constant.';
    throw new EstimationError(`the rows give no model: ${error.message}${advice}`, { cause: error });
  }
}

/** Memory for accumulators that see no rows. */
const plainScratch: Scratch = { float64: (length) => new Float64Array(length) };

function makeSteps<T, D extends AnyDistribution, C extends Columns, S>(
  estimator: Estimator<T, D, C, S>,
  encoder: Encoder<T, C>,
  schema: C,
  logPrior: (model: D) => number,
): Steps<D, C> {
  const workspace = kernels().workspace();
  const length = estimator.statisticLength?.(schema);
  const flat = length === undefined ? undefined : workspace.float64(length);
  /** Emptied for each segment, so that its working memory is re-used. */
  const accumulator = estimator.accumulator(schema, flat);
  const differentRowsOf = rememberDifferentRows(encoder);
  const holdsItems = mayHoldItems(encoder);
  let entered: D | undefined;
  let scores = workspace.float64(1024);

  /** Brings the accumulator to zero. */
  function empty(model: D, columns: C): void {
    if (flat !== undefined) flat.fill(0);
    // A statistic that nobody else holds: the accumulator may keep it.
    else accumulator.fromValue(estimator.accumulator(schema).value());
    if (flat !== undefined && entered === model) return;
    entered = model;
    accumulator.begin?.(model, columns, workspace);
  }

  /** The items of rows `[start, end)`, each as often as the weight of its row says. */
  function itemsOf(columns: C, start: number, end: number, weights: Float64Array | undefined): number {
    if (weights === undefined) return holdsItems ? itemCount(encoder, columns, start, end) : end - start;
    let items = 0;
    for (let row = start; row < end; row++)
      items += weights[row]! * (holdsItems ? itemCount(encoder, columns, row, row + 1) : 1);
    return items;
  }

  function expectation(model: D, columns: C, start: number, end: number, weights?: Float64Array): PassStatistic {
    empty(model, columns);
    const different = differentRowsOf(columns, start, end, weights);
    const rows = different?.columns ?? columns;
    const rowWeights = different?.weights ?? weights;
    const first = different === undefined ? start : 0;
    let logLikelihood = 0;
    let weight = 0;
    let itemWeight = 0;
    forEachBlock(encoder, rows, first, different === undefined ? end : rows.rowCount, (from, to) => {
      const count = to - from;
      const blockWeights = rowWeights === undefined ? unitWeights(count) : rowWeights.subarray(from, to);
      if (rowWeights === undefined && accumulator.scoreSum !== undefined) {
        logLikelihood += accumulator.scoreSum(model, rows, from, to);
        weight += count;
      } else {
        if (count > scores.length) scores = workspace.float64(count);
        scoreChild(accumulator as Accumulator, model, rows, from, to, scores);
        const { sum, weightedSum } = kernels();
        logLikelihood += weightedSum(scores, blockWeights, count);
        weight += sum(blockWeights, count);
      }
      itemWeight += itemsOf(rows, from, to, rowWeights);
      accumulator.seqUpdate(rows, from, to, blockWeights, model);
    });
    if (flat === undefined) return { logLikelihood, weight, itemWeight, value: accumulator.value() };
    const statistic = new Float64Array(HEADER + flat.length);
    statistic[0] = logLikelihood;
    statistic[1] = weight;
    statistic[2] = itemWeight;
    statistic.set(flat, HEADER);
    return statistic;
  }

  function maximization(model: D, statistic: PassStatistic): Estimated<D> {
    // A fresh accumulator: tying may change its shape, and the one of the E step must keep its own.
    const numbers = statistic instanceof Float64Array ? statistic.slice(HEADER) : undefined;
    const accumulator = estimator.accumulator(schema, numbers);
    accumulator.begin?.(model, schema, workspace);
    if (!(statistic instanceof Float64Array)) accumulator.fromValue(statistic.value as S);
    tieNodes(accumulator);
    const findings: Finding[] = [];
    return { model: estimateModel(estimator, accumulator.value(), findings), findings };
  }

  /** Over the numbers of a flat statistic, about the mean of `model`; over none where statistics are objects. */
  function accumulatorIn(numbers: Float64Array | undefined, model: D) {
    const made = estimator.accumulator(schema, numbers?.subarray(HEADER));
    made.begin?.(model, schema, plainScratch);
    return made;
  }

  /** An accumulator about the mean of `to` adds what one about the mean of `from` has summed. */
  function moved(statistic: Float64Array, from: D, to: D): Float64Array {
    const result = statistic.slice().fill(0, HEADER);
    accumulatorIn(result, to).combine(accumulatorIn(statistic.slice(), from).value());
    return result;
  }

  return {
    statisticLength: length === undefined ? undefined : HEADER + length,

    expectation: (model, columns, start, end, weights) =>
      workspace.remember(() => expectation(model, columns, start, end, weights)),

    combine(left, right) {
      if (left instanceof Float64Array && right instanceof Float64Array) {
        for (let i = 0; i < left.length; i++) left[i]! += right[i]!;
        return left;
      }
      if (left instanceof Float64Array || right instanceof Float64Array) {
        throw new EstimationError('statistics of different estimators cannot be combined.');
      }
      const sum = estimator.accumulator(schema);
      // Values made by accumulators of this estimator: `expectation` and `combine` are the only sources.
      sum.fromValue(left.value as S);
      sum.combine(right.value as S);
      return {
        logLikelihood: left.logLikelihood + right.logLikelihood,
        weight: left.weight + right.weight,
        itemWeight: left.itemWeight + right.itemWeight,
        value: sum.value(),
      };
    },

    likelihood: (statistic) =>
      statistic instanceof Float64Array
        ? { logLikelihood: statistic[0]!, weight: statistic[1]!, itemWeight: statistic[2]! }
        : statistic,

    maximization,

    advance(acceleration) {
      const mechanics = {
        schema,
        moved,
        accumulatorIn,
        logPrior,
        // A driver may have wrapped these steps: its M step counts.
        maximization: (model: D, statistic: PassStatistic) => this.maximization(model, statistic),
      };
      const plain = plainAdvance(mechanics);
      if (acceleration === 'none') return plain;
      const steps = length === undefined ? plain : acceleratedAdvance(mechanics);
      return estimator.advance?.(steps, mechanics) ?? steps;
    },

    release: () => workspace.release(),
  };
}
