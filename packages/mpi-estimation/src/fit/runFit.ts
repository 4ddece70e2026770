/** The EM loop of one fit, on every rank. All decisions are pure functions of reduced numbers, so all ranks decide alike. */

import type { Piece, Shard } from '../rows/encodedRows.js';
import { type Failure, RankError } from '../errors.js';
import { attempt, attemptAsync, exchange, type Outcome, settle } from '../ranks/exchange.js';
import type {
  Algorithm,
  Codec,
  Columns,
  Communicator,
  Finding,
  Iterate,
  PassStatistic,
  Seed,
  StartMethod,
  Steps,
  StopOptions,
  StopReason,
} from '../ports.js';
import { type OwnSums, type Reduced, type ReductionPlan, reductionOf } from './reduce.js';
import { forEachSegment } from '../rows/segments.js';
import type { Stopwatch } from '../timings.js';
import { TreeSum } from '../rows/tree.js';

/** Where a fit stands: all that it takes to go on from here. */
export interface FitState<D> {
  /** The model that enters the next pass, and what its M step had to say. */
  readonly model: D;
  readonly findings: readonly Finding[];
  /** Iterates so far, the one of `model` excluded. */
  readonly path: readonly Iterate[];
  /** The iterate to return if the fit ended here; undefined before the first pass. */
  readonly best: Estimate<D> | undefined;
}

/** A model with what its M step had to say. */
export interface Estimate<D> {
  readonly model: D;
  readonly findings: readonly Finding[];
}

/** How a fit went; the model on every rank. */
export interface Fit<D> extends Estimate<D> {
  readonly logLikelihood: number;
  readonly bestIteration: number;
  readonly iterations: number;
  readonly reason: StopReason;
  readonly path: readonly Iterate[];
}

/** What a fit works with. */
export interface FitJob<T, D, C extends Columns> {
  readonly comm: Communicator;
  readonly algorithm: Algorithm<T, D, C>;
  readonly shard: Shard<C>;
  readonly validation: Shard<C> | undefined;
  readonly stop: StopOptions;
  readonly codec: Codec | undefined;
  readonly signal: AbortSignal | undefined;
  readonly stopwatch: Stopwatch;
  /** Replaces the weights of rows, for fits to a part of them. Receives the global row number. */
  readonly weightOf?: ((row: number, weight: number) => number) | undefined;
  /** After each iterate. What it throws ends the fit on all ranks, as do the errors of `onState`. */
  readonly onIterate?: ((iterate: Iterate) => void) | undefined;
  /** After each M step. */
  readonly onState?: ((state: FitState<D>) => Promise<void>) | undefined;
}

/** Collective: runs EM from `state` to its end. */
export async function runFit<T, D, C extends Columns>(job: FitJob<T, D, C>, state: FitState<D>): Promise<Fit<D>> {
  const { comm, algorithm, shard, validation, stopwatch } = job;
  const steps = algorithm.steps(shard.schema);
  try {
    const reduction = reductionOf(comm, planOf(shard, validation, steps), job.codec);
    const weightsOf = job.weightOf === undefined ? ownWeights : changedWeights(algorithm, shard, job.weightOf);
    const path: Iterate[] = [...state.path];
    let { model, findings, best } = state;
    // What happened on this rank since the last message. A failure travels with the next one, so that no rank waits for this.
    let latest: Outcome<unknown> = { value: undefined };
    for (;;) {
      if (job.signal !== undefined) await new Promise(setImmediate); // lets the abort arrive
      const own: Outcome<OwnSums> =
        'failure' in latest
          ? latest
          : await stopwatch.time('expectation', () => attemptAsync(() => sumOwn(job, steps, model, weightsOf)));
      const reduced: Reduced = stopwatch.timeSync('reduction', () =>
        reduction.reduce(own, job.signal?.aborted ?? false),
      );
      const { logLikelihood, weight } = steps.likelihood(reduced.statistic);
      const iterate: Iterate = {
        iteration: path.length,
        logLikelihood,
        change: path.length === 0 ? Number.NaN : logLikelihood - path[path.length - 1]!.logLikelihood,
        ...(reduced.validation === undefined ? {} : { validationLogLikelihood: reduced.validation }),
      };
      path.push(iterate);
      const decided = attempt(() => algorithm.stopping.decide(path, job.stop, weight));
      if ('failure' in decided) throw await withBadRow(job, model, decided);
      const { best: bestIteration, stop } = decided.value;
      if (best === undefined || bestIteration === iterate.iteration) best = { model, findings };
      latest = attempt(() => job.onIterate?.(iterate));
      const reason = stop ?? (reduced.isAborted ? 'aborted' : undefined);
      if (reason !== undefined) {
        exchange(comm, latest);
        return {
          ...best,
          // Why the likelihood fell stands in what the rejected M step had to say.
          findings: reason === 'decreased' ? [...best.findings, ...findings] : best.findings,
          logLikelihood: path[bestIteration]!.logLikelihood,
          bestIteration,
          iterations: iterate.iteration,
          reason,
          path,
        };
      }
      const next: Outcome<Estimate<D>> = stopwatch.timeSync('maximization', () =>
        attempt(() => steps.maximization(model, reduced.statistic)),
      );
      if ('failure' in next) {
        latest = next;
        continue;
      }
      ({ model, findings } = next.value);
      const reached = { model, findings, path, best };
      if (job.onState !== undefined && !('failure' in latest)) {
        latest = await attemptAsync(async () => job.onState?.(reached));
      }
    }
  } finally {
    steps.release();
  }
}

/** Collective: one E step and one M step. */
export async function onePass<T, D, C extends Columns>(
  pass: Pick<FitJob<T, D, C>, 'comm' | 'algorithm' | 'shard' | 'codec'>,
  model: D,
): Promise<Estimate<D> & { readonly entered: { readonly logLikelihood: number; readonly weight: number } }> {
  const { comm, algorithm, shard, codec } = pass;
  const steps = algorithm.steps(shard.schema);
  try {
    const own = await attemptAsync(() => sumOwn({ ...pass, validation: undefined }, steps, model, ownWeights));
    const { statistic } = reductionOf(comm, planOf(shard, undefined, steps), codec).reduce(own, false);
    const next = attempt(() => steps.maximization(model, statistic));
    return { ...settle(comm, next), entered: steps.likelihood(statistic) };
  } finally {
    steps.release();
  }
}

function planOf<D, C extends Columns>(
  shard: Shard<C>,
  validation: Shard<C> | undefined,
  steps: Steps<D, C>,
): ReductionPlan {
  return {
    segmentCount: shard.segmentCount,
    validationSegmentCount: validation?.segmentCount ?? 0,
    statisticLength: steps.statisticLength,
    combine: (left, right) => steps.combine(left, right),
  };
}

/** The E step of this rank. */
async function sumOwn<T, D, C extends Columns>(
  job: Pick<FitJob<T, D, C>, 'algorithm' | 'shard' | 'validation'>,
  steps: Steps<D, C>,
  model: D,
  weightsOf: WeightsOf<C>,
): Promise<OwnSums> {
  const { algorithm, shard, validation } = job;
  const tree = new TreeSum<PassStatistic>((left, right) => steps.combine(left, right));
  await forEachSegment(shard, (piece, segment) => {
    const { columns, start, end } = piece;
    const value = steps.expectation(model, columns, start, end, weightsOf(piece, segment));
    tree.add({ first: segment, size: 1, value });
  });
  const scores = new TreeSum<number>((left, right) => left + right);
  if (validation !== undefined) {
    await forEachSegment(validation, ({ columns, start, end }, segment) => {
      scores.add({ first: segment, size: 1, value: scoreSum(algorithm, model, columns, start, end) });
    });
  }
  return { nodes: tree.nodes.map(({ value }) => value), validation: scores.nodes.map(({ value }) => value) };
}

/** The weights of a segment, where its piece has them. */
type WeightsOf<C> = (piece: Piece<C>, segment: number) => Float64Array | undefined;

const ownWeights: WeightsOf<unknown> = ({ weights }) => weights;

/** Changes the weights of each segment once: an E step may know columns and weights by identity. */
function changedWeights<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  { rowCount }: Shard<C>,
  weightOf: (row: number, weight: number) => number,
): WeightsOf<C> {
  const known = new WeakMap<C, { readonly changed: Float64Array; readonly segments: Set<number> }>();
  return ({ columns, start, end, weights }, segment) => {
    const entry = known.get(columns) ?? { changed: new Float64Array(columns.rowCount), segments: new Set() };
    known.set(columns, entry);
    if (entry.segments.has(segment)) return entry.changed;
    entry.segments.add(segment);
    const firstRow = algorithm.segments.start(rowCount, segment);
    for (let i = start; i < end; i++) entry.changed[i] = weightOf(firstRow + i - start, weights?.[i] ?? 1);
    return entry.changed;
  };
}

/** Σ log f(x) over rows `[start, end)`, in their order. */
function scoreSum<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  model: D,
  columns: C,
  start: number,
  end: number,
): number {
  const scores = new Float64Array(end - start);
  algorithm.seqLogDensity(model, columns, start, end, scores);
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
}

/** Collective: the error with the first row to blame, and the rank that brought it. */
async function withBadRow<T, D, C extends Columns>(
  { comm, algorithm, shard, weightOf }: FitJob<T, D, C>,
  model: D,
  decided: { readonly failure: Failure; readonly error: unknown },
): Promise<unknown> {
  let own = Infinity;
  await forEachSegment(shard, ({ columns, start, end, weights }, segment) => {
    if (own < Infinity) return;
    const scores = new Float64Array(end - start);
    algorithm.seqLogDensity(model, columns, start, end, scores);
    const firstRow = algorithm.segments.start(shard.rowCount, segment);
    const bad = scores.findIndex((score, i) => {
      const weight = weights?.[start + i] ?? 1;
      return !Number.isFinite(score) && (weightOf === undefined ? weight : weightOf(firstRow + i, weight)) > 0;
    });
    if (bad >= 0) own = firstRow + bad;
  });
  const row = Math.min(...exchange(comm, { value: own }));
  if (row === Infinity) return decided.error;
  const rank = shard.brought.filter((start) => start <= row).length - 1;
  const failure = { ...decided.failure, message: `${decided.failure.message} The first such row is row ${row}.`, row };
  return new RankError(rank, comm.size, failure, decided.error);
}

/** Collective: the first model, the same on every rank, from the rows that the seed names. */
export async function drawStart<T, D, C extends Columns>(
  { comm, algorithm, shard, weightOf }: Pick<FitJob<T, D, C>, 'comm' | 'algorithm' | 'shard' | 'weightOf'>,
  seed: Seed,
  method: StartMethod,
): Promise<Estimate<D>> {
  const own = await attemptAsync(async () => {
    const parts: C[] = [];
    const weights: number[] = [];
    await forEachSegment(shard, (piece, segment) => {
      const { columns, start, end } = piece;
      const firstRow = algorithm.segments.start(shard.rowCount, segment);
      const rows = algorithm.startRows(shard.rowCount, firstRow, end - start, seed);
      if (rows.length > 0)
        parts.push(
          algorithm.take(
            columns,
            rows.map((row) => start + row),
          ),
        );
      for (const row of rows) {
        const weight = piece.weights?.[start + row] ?? 1;
        weights.push(weightOf === undefined ? weight : weightOf(firstRow + row, weight));
      }
    });
    return { columns: algorithm.concat([shard.schema, ...parts]), weights: Float64Array.from(weights) };
  });
  const all = exchange(comm, own);
  const columns = algorithm.concat(all.map((part) => part.columns));
  const weights = new Float64Array(columns.rowCount);
  let at = 0;
  for (const part of all) {
    weights.set(part.weights, at);
    at += part.weights.length;
  }
  const findings: Finding[] = [];
  return { model: algorithm.start(columns, { seed, method, weights, findings }), findings };
}
