/** Fits an estimator to rows by EM, in this process. */
import type { AnyDistribution, Columns, Estimator, Finding, Seed, StartMethod } from '../contract.js';
import { unitWeights } from '../children.js';
import { EstimationError, OptionError, ParameterError } from '../errors.js';
import { sumTree } from '../numeric/sumTree.js';
import type { Iterate, StopOptions, StopReason } from './converge.js';
import { checkStop, decide } from './converge.js';
import type { ExpectationMaximization, PassStatistic, Steps } from './em.js';
import { em } from './em.js';
import { segmentCount, segmentStart } from './segments.js';

/** Options of {@link optimize}. */
export interface OptimizeOptions<T, D> extends StopOptions {
  /** Seed of the start. Default 0: the same call gives the same model. */
  readonly seed?: Seed;
  /** How the first model is drawn. Default `'kmeans++'`; rows without a distance fall back to `'random'`. */
  readonly start?: StartMethod;
  /** The first model, instead of a drawn one. */
  readonly initialModel?: D;
  /** Weight of each row, finite and >= 0. A row of weight 0 is as if absent. Default 1. */
  readonly weights?: ArrayLike<number>;
  /** Rows that choose the best iterate but do not enter the fit. */
  readonly validation?: readonly T[];
  /** Called after every iterate, the start included. */
  readonly onIterate?: (iterate: Iterate) => void;
}

/** A fitted model, and how the fit went. */
export interface FitResult<D> {
  /** The best model on the path. */
  readonly model: D;
  /** Its log-likelihood, Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** Its place on the path: 0 is the start. */
  readonly bestIteration: number;
  /** EM iterations run. */
  readonly iterations: number;
  readonly reason: StopReason;
  /** One entry per iterate, the start first. */
  readonly path: readonly Iterate[];
  /** Dead and degenerate parts of the returned model, by name. */
  readonly findings: readonly Finding[];
  readonly seed: Seed;
}

const OPTION_NAMES = new Set([
  'seed',
  'start',
  'initialModel',
  'weights',
  'validation',
  'onIterate',
  'maxIterations',
  'delta',
  'deltaPerRow',
]);

/**
 * Fits `estimator` to `rows` by EM.
 * @param rows  at least one row of positive weight
 * @returns the best iterate and the path to it
 * @throws {DataError} for a row that the estimator cannot hold
 * @throws {EstimationError} for a likelihood that is NaN, +Infinity, or stays at -Infinity
 * @throws {OptionError} for an unknown option
 * @example
 * const { model } = optimize([1, 2, 3], new GaussianEstimator());
 * model.mu; // 2
 */
export function optimize<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly T[],
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D> = {},
): FitResult<D> {
  checkOptions(options);
  const algorithm = em(estimator);
  const columns = algorithm.encode(rows);
  const validation = options.validation === undefined ? undefined : algorithm.encode(options.validation);
  const iteration = fitColumns(algorithm, columns, validation, options);
  for (;;) {
    const step = iteration.next();
    if (step.done) return step.value;
    options.onIterate?.(step.value);
  }
}

/** @throws {OptionError} naming an unknown option */
function checkOptions(options: object): void {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) {
      throw new OptionError(`optimize: unknown option "${name}". Known: ${[...OPTION_NAMES].sort().join(', ')}.`);
    }
  }
}

/** @throws {ParameterError} unless there is one finite weight >= 0 per row */
export function checkWeights(weights: ArrayLike<number>, rowCount: number): Float64Array {
  if (weights.length !== rowCount) {
    throw new ParameterError('weights', 'length', `${rowCount}, one per row`, weights.length);
  }
  const checked = Float64Array.from(weights);
  const bad = checked.findIndex((w) => !(w >= 0 && w < Infinity));
  if (bad >= 0) throw new ParameterError('weights', `[${bad}]`, 'a finite number >= 0', weights[bad]);
  return checked;
}

/** Yields every iterate of a fit to encoded rows; returns the result. */
export function* fitColumns<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  columns: C,
  validation: C | undefined,
  options: OptimizeOptions<T, D>,
): Generator<Iterate, FitResult<D>, void> {
  checkStop(options);
  const { seed = 0, start = 'kmeans++' } = options;
  const weights = options.weights === undefined ? undefined : checkWeights(options.weights, columns.rowCount);
  // The rows' and the validation rows' levels in one dictionary, so that a model scores both.
  const schema = algorithm.slice(columns, 0, 0);
  let model = options.initialModel ?? startOf(algorithm, columns, weights, seed, start);
  let findings: readonly Finding[] = [];
  const steps = algorithm.steps(schema);
  try {
    const path: Iterate[] = [];
    let best = { model, findings };
    for (;;) {
      const statistic = pass(steps, model, columns, weights);
      const { logLikelihood, weight } = steps.likelihood(statistic);
      const iterate: Iterate = {
        iteration: path.length,
        logLikelihood,
        change: path.length === 0 ? Number.NaN : logLikelihood - path[path.length - 1]!.logLikelihood,
        ...(validation === undefined ? {} : { validationLogLikelihood: scoreSum(algorithm, model, validation) }),
      };
      path.push(iterate);
      const { stop, best: bestIteration } = decideAt(algorithm, model, columns, weights, path, options, weight);
      if (bestIteration === iterate.iteration) best = { model, findings };
      yield iterate;
      if (stop !== undefined) {
        return {
          ...best,
          logLikelihood: path[bestIteration]!.logLikelihood,
          bestIteration,
          iterations: iterate.iteration,
          reason: stop,
          path,
          seed,
        };
      }
      ({ model, findings } = steps.maximization(model, statistic));
    }
  } finally {
    steps.release();
  }
}

/** The first model, drawn from the rows that the seed names. */
function startOf<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  columns: C,
  weights: Float64Array | undefined,
  seed: Seed,
  method: StartMethod,
): D {
  const { rowCount } = columns;
  const rows = algorithm.startRows(rowCount, 0, rowCount, seed);
  const isAll = rows.length === rowCount;
  return algorithm.start(isAll ? columns : algorithm.take(columns, rows), {
    seed,
    method,
    weights: weights === undefined ? unitWeights(rows.length) : Float64Array.from(rows, (row) => weights[row]!),
  });
}

/** One E step over all rows. */
function pass<D, C extends Columns>(
  steps: Steps<D, C>,
  model: D,
  columns: C,
  weights: Float64Array | undefined,
): PassStatistic {
  const { rowCount } = columns;
  return sumTree(
    segmentCount(rowCount),
    (s) => steps.expectation(model, columns, segmentStart(rowCount, s), segmentStart(rowCount, s + 1), weights),
    (left, right) => steps.combine(left, right),
  );
}

/** Σ log f(x), in the fixed order of the segments. */
function scoreSum<T, D, C extends Columns>(algorithm: ExpectationMaximization<T, D, C>, model: D, columns: C): number {
  const scores = new Float64Array(columns.rowCount);
  algorithm.seqLogDensity(model, columns, 0, columns.rowCount, scores);
  return sumTree(
    segmentCount(columns.rowCount),
    (s) => {
      let sum = 0;
      for (let i = segmentStart(columns.rowCount, s); i < segmentStart(columns.rowCount, s + 1); i++) sum += scores[i]!;
      return sum;
    },
    (left, right) => left + right,
  );
}

/** {@link decide}, with the first bad row added to its error. */
function decideAt<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  model: D,
  columns: C,
  weights: Float64Array | undefined,
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
): ReturnType<typeof decide> {
  try {
    return decide(path, options, weight);
  } catch (error) {
    if (!(error instanceof EstimationError)) throw error;
    const scores = new Float64Array(columns.rowCount);
    algorithm.seqLogDensity(model, columns, 0, columns.rowCount, scores);
    const row = scores.findIndex((score, i) => !Number.isFinite(score) && (weights?.[i] ?? 1) > 0);
    throw row < 0 ? error : new EstimationError(`${error.message} The first such row is row ${row}.`);
  }
}
