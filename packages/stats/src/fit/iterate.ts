/** The EM loop over encoded rows, one iterate at a time. */
import type { Columns, Finding, Rows } from '../contract.js';
import { DataError, EstimationError, OptionError, ParameterError } from '../errors.js';
import type { PassStatistic } from '../steps.js';
import { checkStop, type Decision, type Iterate, iterateAfter, type StopOptions } from './converge.js';
import type { CountedRows } from './countedRows.js';
import type { ExpectationMaximization, StartOptions, Steps } from './em.js';
import { startOf } from './initialize.js';
import type { OptimizeOptions } from './options.js';
import { FitError, type FitResult, type FitStep } from './result.js';
import { listOf } from './rows.js';
import { type Segments, sumSegments } from './segments.js';

/**
 * @throws {DataError} for a row that the estimator cannot hold; its message begins with `validation`
 * @throws {ParameterError} for an empty list: it could not choose between iterates
 */
export function encodeValidation<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  rows: Rows<T> | undefined,
): C | undefined {
  if (rows === undefined) return undefined;
  const list = listOf(rows, 'validation');
  if (list.length === 0) throw new ParameterError('validation', 'length', 'at least 1', 0);
  try {
    return algorithm.encode(list);
  } catch (error) {
    if (error instanceof DataError) error.message = `validation: ${error.message}`;
    throw error;
  }
}

/**
 * Yields every iterate of a fit to encoded rows; returns the result.
 * @param isGivenUp  ends the fit when it is true of the path so far
 */
export function* fitColumns<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  counted: CountedRows<C>,
  validation: C | undefined,
  options: Omit<OptimizeOptions<T, D>, 'weights'> & Pick<StartOptions, 'near'>,
  isGivenUp: (path: readonly Iterate[]) => boolean = () => false,
): Generator<FitStep<D>, FitResult<D>, void> {
  checkStop(options);
  const { seed = 0, signal, acceleration = 'auto' } = options;
  const { columns, weights } = counted;
  signal?.throwIfAborted();
  const startFindings: Finding[] = [];
  if (options.initialModel !== undefined && options.responsibilities !== undefined) {
    throw new OptionError('give initialModel or responsibilities, not both.');
  }
  if (options.initialModel !== undefined) algorithm.checkModel(options.initialModel, columns);
  let model = options.initialModel ?? startOf(algorithm, counted, options, startFindings);
  let findings: readonly Finding[] = startFindings;
  const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
  const advance = steps.advance(acceleration);
  let state = advance.initial;
  let decision: Decision | undefined;
  const path: Iterate[] = [];
  let best = { model, findings, iteration: 0 };
  let weight = 0;
  /** The fit as it stands now. A result copies the path, so it is made when it is asked for. */
  const resultNow = (reason: FitResult<D>['reason']): (() => FitResult<D>) => {
    const [reached, refused, pathLength, total] = [best, findings, path.length, weight];
    return () => {
      const taken = path.slice(0, pathLength);
      const { remainingGain, findings: ofEnd } = algorithm.stopping.conclude(taken, options, total, reason);
      return {
        model: reached.model,
        // Why the likelihood fell stands in what the rejected M step had to say.
        findings: [...reached.findings, ...(reason === 'decreased' ? refused : ofEnd)],
        ...scoresOf(taken[reached.iteration]!),
        bestIteration: reached.iteration,
        iterations: pathLength - 1,
        reason,
        remainingGain,
        path: taken,
        acceleration: acceleration === 'none' ? 'none' : advance.isAccelerated ? 'auto' : 'unavailable',
        seed,
      };
    };
  };
  try {
    for (;;) {
      const statistic = pass(algorithm.segments, steps, model, columns, weights);
      const { logLikelihood, itemWeight } = steps.likelihood(statistic);
      weight = itemWeight;
      const iterate = iterateAfter(path, {
        logLikelihood,
        logPrior: algorithm.logPrior(model),
        step: state.step,
        isRejected: advance.isRejected(state, model, statistic),
        validationLogLikelihood: validation && scoreSum(algorithm, model, validation),
      });
      path.push(iterate);
      decision = decideAt(algorithm, model, counted, path, options, weight, decision);
      if (decision.best === iterate.iteration) best = { model, findings, iteration: iterate.iteration };
      const result = resultNow(decision.stop ?? 'aborted');
      yield stepOf(iterate, result);
      if (decision.stop !== undefined || signal?.aborted === true || isGivenUp(path)) return result();
      ({ state, model, findings } = advance.next(state, model, statistic));
    }
  } catch (error) {
    if (!(error instanceof EstimationError) || !Number.isFinite(path[best.iteration]?.logLikelihood)) throw error;
    throw new FitError(error.message, resultNow('failed')(), { cause: error });
  } finally {
    steps.release();
  }
}

/** What a result says of its iterate. */
function scoresOf({
  logLikelihood,
  logPrior = 0,
}: Iterate): Pick<FitResult<never>, 'logLikelihood' | 'logPrior' | 'objective'> {
  return { logLikelihood, logPrior, objective: logLikelihood + logPrior };
}

/** An iterate with the fit up to it. */
function stepOf<D>(iterate: Iterate, resultOf: () => FitResult<D>): FitStep<D> {
  let result: FitResult<D> | undefined;
  const get = () => {
    result ??= resultOf();
    return result;
  };
  // Not enumerable: a copy of the step's numbers does not copy the path.
  return Object.defineProperty({ ...iterate }, 'result', { get }) as FitStep<D>;
}

/** Runs a fit to its end. What `onIterate` throws ends it, and gives its working memory back. */
export function drive<D>(
  iteration: Generator<FitStep<D>, FitResult<D>, void>,
  onIterate: ((iterate: Iterate) => void) | undefined,
): FitResult<D> {
  try {
    for (;;) {
      const step = iteration.next();
      if (step.done) return step.value;
      onIterate?.(step.value);
    }
  } finally {
    iteration.return(undefined as never); // the value is not read
  }
}

/** One E step over all rows. */
export function pass<D, C extends Columns>(
  segments: Segments,
  steps: Steps<D, C>,
  model: D,
  columns: C,
  weights: Float64Array | undefined,
): PassStatistic {
  return sumSegments(
    segments,
    columns.rowCount,
    (start, end) => steps.expectation(model, columns, start, end, weights),
    (left, right) => steps.combine(left, right),
  );
}

/** Σ w log f(x), in the fixed order of the segments. Rows of weight 0 count nothing, even when they are impossible. */
export function scoreSum<D, C extends Columns>(
  algorithm: Pick<ExpectationMaximization<never, D, C>, 'segments' | 'seqLogDensity'>,
  model: D,
  columns: C,
  weights?: Float64Array,
): number {
  const { rowCount } = columns;
  const { segments } = algorithm;
  // One segment at a time: the memory for scores does not grow with the rows.
  const scores = new Float64Array(Math.ceil(rowCount / segments.count(rowCount)));
  return sumSegments(
    segments,
    rowCount,
    (start, end) => {
      algorithm.seqLogDensity(model, columns, start, end, scores);
      let sum = 0;
      for (let i = 0; i < end - start; i++) {
        const weight = weights?.[start + i] ?? 1;
        if (weight > 0) sum += weight * scores[i]!;
      }
      return sum;
    },
    (left, right) => left + right,
  );
}

/** Σ w, in the order of {@link scoreSum}. */
export function weightSum(segments: Segments, weights: Float64Array): number {
  return sumSegments(
    segments,
    weights.length,
    (start, end) => {
      let sum = 0;
      for (let i = start; i < end; i++) sum += weights[i]!;
      return sum;
    },
    (left, right) => left + right,
  );
}

/** {@link decide}, with the first bad row added to its error. */
function decideAt<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  model: D,
  { columns, weights, numbers }: CountedRows<C>,
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
  before: Decision | undefined,
): Decision {
  try {
    return algorithm.stopping.decide(path, options, weight, before);
  } catch (error) {
    if (!(error instanceof EstimationError)) throw error;
    const scores = new Float64Array(columns.rowCount);
    algorithm.seqLogDensity(model, columns, 0, columns.rowCount, scores);
    const row = scores.findIndex((score, i) => !Number.isFinite(score) && (weights?.[i] ?? 1) > 0);
    if (row < 0) throw error;
    const { logLikelihood } = path[path.length - 1]!;
    const hasLevels = logLikelihood === -Infinity && JSON.stringify(model)?.includes('"type":"Categorical"') === true;
    const advice = hasLevels ? ' A CategoricalEstimator takes allowUnseen.' : '';
    throw new EstimationError(`${error.message}${advice} The first such row is row ${numbers?.[row] ?? row}.`);
  }
}
