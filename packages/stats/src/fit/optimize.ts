/** Fits an estimator to rows by EM, in this process. */
import type { AnyDistribution, Columns, Estimator, Finding, Seed, StartMethod } from '../contract.js';
import { EstimationError } from '../errors.js';
import { checkOptions } from './checkOptions.js';
import type { Iterate, StopOptions, StopReason } from './converge.js';
import { em } from './em.js';
import { fitColumns } from './iterate.js';

/** Options of {@link optimize}. */
export interface OptimizeOptions<T, D> extends StopOptions {
  /** Seed of the start. Default 0: the same call gives the same model. */
  readonly seed?: Seed;
  /** How the first model is drawn. Default `'kmeans++'`; rows without a distance fall back to `'random'`. */
  readonly start?: StartMethod;
  /** The first model, instead of a drawn one. */
  readonly initialModel?: D;
  /**
   * How much of each row each component of a mixture gets at the start, instead of drawing it: n lists of K numbers >= 0,
   * each with a positive sum. The estimator must be a mixture.
   */
  readonly responsibilities?: readonly ArrayLike<number>[];
  /** Weight of each row, finite and >= 0. A row of weight 0 is as if absent. Default 1. */
  readonly weights?: ArrayLike<number>;
  /**
   * Rows that choose the best iterate but do not enter the fit. Where they are impossible under every iterate (a level that
   * only they have, say), the log-likelihood of the rows chooses.
   */
  readonly validation?: readonly T[];
  /** Called after every iterate, the start included. */
  readonly onIterate?: (iterate: Iterate) => void;
  /** Ends the fit after the iterate that is being computed. The result is then the best one so far. */
  readonly signal?: AbortSignal;
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

/** A fit that could not go on. What it had reached is not lost. */
export class FitError<D = AnyDistribution> extends EstimationError {
  constructor(
    message: string,
    /** The best model before the failure, with `reason: 'failed'`. */
    readonly result: FitResult<D>,
  ) {
    super(message);
  }
}

/** One iterate of a running fit. */
export interface FitStep<D> extends Iterate {
  /**
   * The fit so far, with the best model. Its `reason` is `'aborted'` in all steps but the last: that is what it is when the
   * loop is left here.
   */
  readonly result: FitResult<D>;
}

/** The names of all options: an unknown one is a slip of the pen. */
export const OPTIMIZE_OPTIONS = [
  'seed',
  'start',
  'initialModel',
  'responsibilities',
  'weights',
  'validation',
  'onIterate',
  'signal',
  'maxIterations',
  'delta',
  'deltaPerRow',
] as const satisfies readonly (keyof OptimizeOptions<unknown, unknown>)[];

/**
 * Fits `estimator` to `rows` by EM.
 * @param rows  at least one row of positive weight
 * @returns the best iterate and the path to it
 * @throws {DataError} for a row that the estimator cannot hold
 * @throws {FitError} for a likelihood that becomes NaN, +Infinity, or stays at -Infinity; it carries the last good model
 * @throws {EstimationError} when there is no start
 * @throws {OptionError} for an unknown option
 * @throws the reason of `signal` when it is aborted before there is a model
 * @example
 * const { model } = optimize([1, 2, 3], new GaussianEstimator());
 * model.mu; // 2
 */
export function optimize<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly T[],
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D> = {},
): FitResult<D> {
  const iteration = begin(rows, estimator, options);
  for (;;) {
    const step = iteration.next();
    if (step.done) return step.value;
    options.onIterate?.(step.value);
  }
}

/** Milliseconds of computing after which `optimizeSteps` lets other work run. */
const TURN = 8;

/**
 * Fits as {@link optimize} does, one step per iterate, and lets the event loop turn between steps: a page stays alive, and
 * a timer or a button can abort.
 * @returns an async generator of steps; it returns the {@link FitResult}, which is also the last step's `result`
 * @throws as {@link optimize}
 * @example
 * for await (const { iteration, result } of optimizeSteps(rows, estimator, { signal: AbortSignal.timeout(1000) })) {
 *   show(iteration, result.model);
 * }
 */
export async function* optimizeSteps<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly T[],
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D> = {},
): AsyncGenerator<FitStep<D>, FitResult<D>, void> {
  let turned = performance.now();
  const iteration = begin(rows, estimator, options);
  try {
    for (;;) {
      const step = iteration.next();
      if (step.done) return step.value;
      options.onIterate?.(step.value);
      yield step.value;
      if (performance.now() - turned > TURN) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turned = performance.now();
      }
    }
  } finally {
    // A consumer that leaves its loop ends the inner generator too, which gives the working memory back.
    iteration.return(undefined as never);
  }
}

function begin<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly T[],
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D>,
): Generator<FitStep<D>, FitResult<D>, void> {
  checkOptions('optimize', options, OPTIMIZE_OPTIONS);
  const algorithm = em(estimator);
  const columns = algorithm.encode(rows);
  const validation = options.validation === undefined ? undefined : algorithm.encode(options.validation);
  return fitColumns(algorithm, columns, validation, options);
}
