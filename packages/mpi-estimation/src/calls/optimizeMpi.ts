import { checkpointsOf } from '../checkpoint/checkpoints.js';
import type { Fit, FitJob, FitState } from '../fit/job.js';
import { gatherLabels } from '../fit/labels.js';
import { runFit } from '../fit/runFit.js';
import { drawStart } from '../fit/start.js';
import type { Acceleration, Algorithm, Columns, Communicator, Finding, Iterate, Seed, StopReason } from '../ports.js';
import { attempt, settle } from '../ranks/exchange.js';
import { shareModel } from '../ranks/shareModel.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import type { Timings } from '../timings.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** A fitted model, and how the fit went: what `optimize` of `@dml/stats` returns. All but `model` is on every rank. */
export interface MpiFitResult<D> {
  /** The best model on the path; `null` on ranks that were not to get it. */
  readonly model: D | null;
  /** Its log-likelihood, Σ w log f(x) over the rows of all ranks, in nats. */
  readonly logLikelihood: number;
  /** Log-density of the prior at the model, but for a constant: 0 without a prior, NaN where it is not known. */
  readonly logPrior: number;
  /** Log-likelihood plus log-density of the prior: what the fit has raised. NaN where that of the prior is not known. */
  readonly objective: number;
  /** Its place on the path: 0 is the start. */
  readonly bestIteration: number;
  /** EM iterations run. */
  readonly iterations: number;
  /** Why it ended; `'failed'` only in the result that a {@link FitError} carries. */
  readonly reason: StopReason | 'failed';
  /** About how many nats are left to gain, if gains go on to shrink as they do; NaN where that is not known. */
  readonly remainingGain: number;
  /** One entry per iterate, the start first. */
  readonly path: readonly Iterate[];
  /**
   * `'auto'` or `'none'`, as the option says; `'unavailable'` when it was plain EM because a family of the model has no flat
   * statistic.
   */
  readonly acceleration: Acceleration | 'unavailable';
  /** Dead and degenerate parts of the returned model, by name, and whether the fit ended too soon. */
  readonly findings: readonly Finding[];
  readonly seed: Seed;
}

/** A fit with its times. */
export interface MpiFit<D> extends MpiFitResult<D> {
  /** Where this rank's time went, in seconds. */
  readonly timings: Timings;
  /** The same for every rank, in rank order. */
  readonly timingsOfRanks: readonly Timings[];
}

const CALL: Call = {
  name: 'optimizeMpi',
  options: [...FIT_OPTIONS, 'checkpoint', 'initialModel', 'responsibilities', 'validation'],
};

/**
 * Collective: fits an estimator to the rows of all ranks by EM. The result is the same, to the bit, for any number of
 * ranks and however the rows are spread over them.
 * @param rows  the rows of this rank, `null` for none; or encoded rows of all ranks
 * @param algorithm  `em(estimator)`
 * @throws {OptionError} on every rank, for options that are wrong or differ between ranks
 * @throws {RankError} on every rank, for an error on one: a bad row with its global number, a failing step
 * @throws {FitError} on every rank, for a likelihood that becomes NaN or infinite; it carries the last good model
 * @example
 * export const fit = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   optimizeMpi(rows, algorithm, { comm, seed: 1, maxIterations: 20 });
 */
export async function optimizeMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: OptimizeMpiOptions<T, D, C>,
): Promise<MpiFit<D>> {
  return withFit(CALL, rows, algorithm, options, async (job, end) => {
    const { comm, stopwatch } = job;
    const { codec, checkpoint, modelOn, responsibilities } = options;
    const labels = responsibilities === undefined ? undefined : gatherLabels(comm, job.shard, responsibilities);
    const identity = { ...identityOptions(options), ...(labels === undefined ? {} : { responsibilities: labels }) };
    const checkpoints = checkpoint && codec && (await checkpointsOf<T, D, C>(job, identity, checkpoint, codec));
    const onState =
      checkpoints && ((state: FitState<D>) => stopwatch.time('checkpoint', () => checkpoints.save(state)));
    const fit = await runFit(
      { ...job, onState },
      checkpoints?.saved ?? (await firstState(CALL.name, job, options, labels)),
    );
    end(fit);
    return withTimings(job, resultOf(comm, fit, modelOn));
  });
}

/** Collective: the state before the first pass of the fit that `call` makes. */
export async function firstState<T, D, C extends Columns>(
  call: string,
  job: FitJob<T, D, C>,
  { initialModel, start = 'kmeans++' }: Pick<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'start'>,
  labels?: Float64Array,
): Promise<FitState<D>> {
  const { comm, codec, algorithm, shard, stopwatch } = job;
  return stopwatch.time('start', async () => {
    if (!hasInitialModel(comm, initialModel)) return drawStart(job, start, labels);
    const model = shareModel(comm, codec, initialModel, `${call}: initialModel`);
    settle(
      comm,
      attempt(() => algorithm.checkModel?.(model, shard.schema)),
    );
    return { model, findings: [], path: [], best: undefined };
  });
}

/** Collective: whether the root gives the first model. */
function hasInitialModel(comm: Communicator, initialModel: unknown): boolean {
  const answer = Float64Array.of(initialModel === undefined || initialModel === null ? 0 : 1);
  comm.bcast(answer);
  return answer[0] === 1;
}

/** Options that a checkpoint must share with the fit that goes on from it. `maxIterations` may grow. */
function identityOptions<T, D, C>(options: OptimizeMpiOptions<T, D, C>): Readonly<Record<string, unknown>> {
  const { seed = 0, start = 'kmeans++', acceleration = 'auto', delta, deltaPerRow, initialModel = null } = options;
  return { seed, start, acceleration, delta, deltaPerRow, initialModel };
}

/** The result of a fit as this rank gets it. */
export function resultOf<D>({ rank }: Communicator, fit: Fit<D>, modelOn: 'root' | 'all' = 'root'): MpiFitResult<D> {
  return { ...fit, model: rank === 0 || modelOn === 'all' ? fit.model : null };
}

/** Collective: a result with the times of all ranks. */
export function withTimings<T, D, C extends Columns, R>(
  { comm, stopwatch }: FitJob<T, D, C>,
  result: R,
): R & Pick<MpiFit<D>, 'timings' | 'timingsOfRanks'> {
  const timings = stopwatch.read();
  return { ...result, timings, timingsOfRanks: comm.allgatherObject(timings) };
}
