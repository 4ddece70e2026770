/** Fits an estimator to rows by EM, in this process. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { encodeCounted } from './countedRows.js';
import { em } from './em.js';
import { drive, encodeValidation, fitColumns } from './iterate.js';
import { checkFitOptions, OPTIMIZE_OPTIONS, type OptimizeOptions } from './options.js';
import type { FitResult, FitStep } from './result.js';

/**
 * Fits `estimator` to `rows` by EM.
 * @param rows  at least one row of positive weight
 * @returns the best iterate and the path to it
 * @throws {DataError} for a row that the estimator cannot hold
 * @throws {FitError} for a likelihood that becomes NaN, +Infinity, or stays at -Infinity; it holds the last valid model
 * @throws {EstimationError} when there is no start
 * @throws {OptionError} for an unknown option
 * @throws the reason of `signal` when it is aborted before there is a model
 * @example
 * const { model } = optimize([1, 2, 3], new GaussianEstimator());
 * model.mu; // 2
 */
export function optimize<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D> = {},
): FitResult<D> {
  return drive(begin(rows, estimator, options), options.onIterate);
}

/** Milliseconds of computing after which `optimizeSteps` lets other work run. */
const TURN = 8;

/**
 * Fits as {@link optimize} does, one step per iterate, and returns to the event loop between steps: a page stays responsive,
 * and a timer or a button can abort.
 * @returns an async generator of steps; it returns the {@link FitResult}, which is also the last step's `result`
 * @throws as {@link optimize}
 * @example
 * for await (const { iteration, result } of optimizeSteps(rows, estimator, { signal: AbortSignal.timeout(1000) })) {
 *   show(iteration, result.model);
 * }
 */
export async function* optimizeSteps<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
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
        await turn();
        turned = performance.now();
      }
    }
  } finally {
    // A consumer that leaves its loop ends the inner generator too, which gives the working memory back.
    iteration.return(undefined as never);
  }
}

/** Lets other work run. In Node a timer would wait for a millisecond, during which nothing is computed. */
function turn(): Promise<void> {
  const { setImmediate: soon = setTimeout } = globalThis as {
    readonly setImmediate?: (resume: () => void) => unknown;
  };
  return new Promise<void>((resolve) => void soon(resolve));
}

function begin<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: OptimizeOptions<T, D>,
): Generator<FitStep<D>, FitResult<D>, void> {
  checkFitOptions('optimize', options, OPTIMIZE_OPTIONS);
  const algorithm = em(estimator);
  const counted = encodeCounted(algorithm, rows, options.weights);
  const validation = encodeValidation(algorithm, options.validation);
  return fitColumns(algorithm, counted, validation, options);
}
