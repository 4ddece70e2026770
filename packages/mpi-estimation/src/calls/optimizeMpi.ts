import { isShard, type Shard } from '../rows/encodedRows.js';
import { attempt } from '../ranks/exchange.js';
import { drawStart, type Estimate, type Fit, type FitJob, type FitState, runFit } from '../fit/runFit.js';
import { checkNames, checkValues, comparedOptions, type OptimizeMpiOptions } from './options.js';
import type { Algorithm, Columns, Communicator, Finding, Iterate, Seed, StopReason } from '../ports.js';
import { reporter } from '../fit/progress.js';
import { checkCheckpoint, checkpointsOf } from '../checkpoint/checkpoints.js';
import type { Rows } from '../rows/readRows.js';
import { checkRowCount, encodeShard, encodeValidation } from './seqEncodeMpi.js';
import { shareModel } from '../ranks/shareModel.js';
import { agree, checkCall } from '../ranks/agree.js';
import { Stopwatch, type Timings } from '../timings.js';

/** A fitted model, and how the fit went. All but `model` is on every rank. */
export interface MpiFit<D> {
  /** The best model on the path; `null` on ranks that were not to get it. */
  readonly model: D | null;
  /** Its log-likelihood, Σ w log f(x) over the rows of all ranks, in nats. */
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
  /** Where this rank's time went, in seconds. */
  readonly timings: Timings;
  /** The same for every rank, in rank order. */
  readonly timingsOfRanks: readonly Timings[];
}

const OPTION_NAMES = [
  'checkpoint',
  'codec',
  'comm',
  'delta',
  'deltaPerRow',
  'initialModel',
  'maxIterations',
  'modelOn',
  'printEvery',
  'progress',
  'seed',
  'signal',
  'spill',
  'start',
  'validation',
  'weights',
];

/**
 * Collective: fits an estimator to the rows of all ranks by EM. The result is the same, to the bit, for any number of
 * ranks and however the rows are spread over them.
 * @param rows  the rows of this rank, `null` for none; or encoded rows of all ranks
 * @param algorithm  `em(estimator)`
 * @throws {OptionError} on every rank, when ranks mean different things
 * @throws {RankError} on every rank, for what went wrong on one: a bad row with its global number, a failing step
 * @example
 * export const fit = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   optimizeMpi(rows, algorithm, { comm, seed: 1, maxIterations: 20 });
 */
export async function optimizeMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: OptimizeMpiOptions<T, D, C>,
): Promise<MpiFit<D>> {
  checkCall('optimizeMpi', algorithm, options);
  const stopwatch = new Stopwatch();
  const { comm, codec, seed = 0 } = options;
  agree(
    comm,
    'optimizeMpi',
    attempt(() => {
      checkNames('optimizeMpi', options, OPTION_NAMES);
      checkValues('optimizeMpi', options);
      algorithm.stopping.check(options);
      checkCheckpoint(options.checkpoint, codec);
      return { options: comparedOptions(rows, options), estimator: algorithm.estimator };
    }),
  );
  const shard = await encodeShard(comm, algorithm, rows, options, stopwatch);
  checkRowCount('optimizeMpi', shard);
  const validation = await encodeValidation('optimizeMpi', comm, algorithm, options, stopwatch);
  const checkpoints =
    options.checkpoint === undefined
      ? undefined
      : await checkpointsOf<T, D, C>(
          comm,
          algorithm,
          { shard, validation },
          identityOptions(options),
          options.checkpoint,
          codec!,
        );
  const { report, end } = reporter(comm.rank === 0 ? (options.progress ?? 'lines') : 'silent', options);
  const job: FitJob<T, D, C> = {
    comm,
    algorithm,
    shard,
    validation,
    stop: options,
    codec,
    signal: options.signal,
    stopwatch,
    onIterate: report,
    onState: checkpoints && ((state) => stopwatch.time('checkpoint', () => checkpoints.save(state))),
  };
  try {
    const state = checkpoints?.saved ?? (await firstState(job, options));
    const fit = await runFit(job, state);
    end(fit);
    return mpiFitOf(comm, fit, seed, options.modelOn ?? 'root', stopwatch);
  } finally {
    if (!isShard(rows)) shard.store.release();
    if (validation !== undefined && validation !== options.validation) validation.store.release();
  }
}

/** Collective: the state before the first pass. */
async function firstState<T, D, C extends Columns>(
  job: FitJob<T, D, C>,
  { comm, codec, initialModel, seed = 0, start = 'kmeans++' }: OptimizeMpiOptions<T, D, C>,
): Promise<FitState<D>> {
  const first = await job.stopwatch.time('start', async (): Promise<Estimate<D>> => {
    if (!hasInitialModel(comm, initialModel)) return drawStart(job, seed, start);
    const model = shareModel(comm, codec, initialModel, 'optimizeMpi: initialModel');
    job.algorithm.checkModel?.(model, job.shard.schema);
    return { model, findings: [] };
  });
  return { ...first, path: [], best: undefined };
}

/** Collective: whether the root gives the first model. */
function hasInitialModel(comm: Communicator, initialModel: unknown): boolean {
  const answer = Float64Array.of(initialModel === undefined || initialModel === null ? 0 : 1);
  comm.bcast(answer);
  return answer[0] === 1;
}

/** Options that a checkpoint must share with the fit that goes on from it. `maxIterations` may grow. */
function identityOptions<T, D, C>(options: OptimizeMpiOptions<T, D, C>): Readonly<Record<string, unknown>> {
  const { seed = 0, start = 'kmeans++', delta, deltaPerRow, initialModel = null } = options;
  return { seed, start, delta, deltaPerRow, initialModel };
}

/** Collective: the result of a fit as each rank gets it. */
export function mpiFitOf<D>(
  comm: Communicator,
  fit: Fit<D>,
  seed: Seed,
  modelOn: 'root' | 'all',
  stopwatch: Stopwatch,
): MpiFit<D> {
  const timings = stopwatch.read();
  return {
    ...fit,
    model: comm.rank === 0 || modelOn === 'all' ? fit.model : null,
    seed,
    timings,
    timingsOfRanks: comm.allgatherObject(timings),
  };
}
