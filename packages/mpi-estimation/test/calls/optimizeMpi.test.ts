import { describe, expect, it } from 'vitest';
import {
  bestOfMpi,
  FitError,
  type Iterate,
  kFoldMpi,
  type MpiFit,
  type MpiFitResult,
  optimizeMpi,
  type Resampling,
  seqEncodeMpi,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
  standardErrorsMpi,
} from '../../src/index.js';
import { halfWay, jsonCodec, type Mean, type Numbers, oneRank } from '../oneRank.js';

const comm = oneRank;
const rows = [0, 1, 2, 3, 4, 5, 6, 7];
const quiet = { comm, progress: 'silent' } as const;

/** The rule when to stop, which finds a likelihood with which a fit cannot go on. */
function failAt(iteration: number): ReturnType<typeof halfWay>['stopping']['decide'] {
  return (path, options, weight) => {
    if (path.length <= iteration) return halfWay().stopping.decide(path, options, weight);
    throw Object.assign(new Error(`no model at iteration ${iteration}.`), { name: 'EstimationError' });
  };
}

/** Scores rows above `most` as NaN. */
const scoreUpTo =
  (most: number): ReturnType<typeof halfWay>['seqLogDensity'] =>
  (_model, { x }, start, end, out) => {
    for (let i = start; i < end; i++) out[i - start] = x[i]! > most ? Number.NaN : -1;
  };

/** What a fit found, without its times. */
const found = ({ timings: _, timingsOfRanks: __, ...fit }: MpiFit<Mean>) => fit;

describe('optimizeMpi', () => {
  it('goes half the way to the mean in each step, and tells of each iterate', async () => {
    const seen: Iterate[] = [];
    const fit = await optimizeMpi(rows, halfWay(), {
      comm,
      maxIterations: 2,
      progress: (iterate) => seen.push(iterate),
    });
    expect(fit.model).toEqual({ mu: 3.5 * (1 - 1 / 4) });
    expect(seen).toEqual(fit.path);
    expect(fit.path).toHaveLength(3);
    expect(fit.reason).toBe('maxIterations');
    expect(fit.timingsOfRanks).toEqual([fit.timings]);
  });

  it('tells of every third iterate when asked to', async () => {
    const seen: number[] = [];
    const progress = ({ iteration }: Iterate) => seen.push(iteration);
    await optimizeMpi(rows, halfWay(), { comm, maxIterations: 7, printEvery: 3, progress });
    expect(seen).toEqual([0, 3, 6]);
  });

  it('starts from the model it is given', async () => {
    const fit = await optimizeMpi(rows, halfWay(), { ...quiet, maxIterations: 0, initialModel: { mu: 9 } });
    expect(fit.model).toEqual({ mu: 9 });
  });

  it('gives a row of weight 0 no say, from a list or a function', async () => {
    const weights = rows.map((x) => (x > 3 ? 0 : 1));
    const listed = await optimizeMpi(rows, halfWay(), { ...quiet, weights });
    const computed = await optimizeMpi(rows, halfWay(), { ...quiet, weights: (x: number) => (x > 3 ? 0 : 1) });
    expect(listed.model!.mu).toBeCloseTo(1.5, 4);
    expect(computed.model).toEqual(listed.model);
    // As if it was absent: in the cut of the rows, the start and the sums.
    const without = await optimizeMpi(
      rows.filter((x) => x <= 3),
      halfWay(),
      quiet,
    );
    expect(found(listed)).toEqual(found(without));
  });

  it('does not look at a row of weight 0, and numbers rows as they were given', async () => {
    const isThere = { weights: (x: number) => (Number.isNaN(x) ? 0 : 2) };
    async function* stream() {
      yield [Number.NaN, 1, 2];
      yield [Number.NaN];
      yield [3, Number.NaN];
    }
    for (const spill of [undefined, {}]) {
      const shard = await seqEncodeMpi(stream(), halfWay(), { ...isThere, comm, ...(spill && { spill }) });
      expect([shard.rowCount, shard.given, Array.from(shard.numbers!)]).toEqual([3, [0, 6], [1, 2, 4]]);
      const scores = await seqLogDensityMpi(shard, halfWay(), { mu: 1 }, { comm });
      expect(Array.from(scores!, (score) => score - scores![1]!)).toEqual([
        ...[Number.NaN, 0, -0.5],
        ...[Number.NaN, -2, Number.NaN],
      ]);
      expect(await seqLogDensityMpi(shard, halfWay(), { mu: 1 }, { comm, scoresOn: 'root' })).toEqual(scores);
    }
    const stopping = { ...halfWay().stopping, decide: failAt(0) };
    const impossible = { ...halfWay(), stopping, seqLogDensity: scoreUpTo(3) };
    const failed = optimizeMpi([Number.NaN, 1, Number.NaN, 5], impossible, { ...quiet, ...isThere });
    await expect(failed).rejects.toThrow('The first such row is row 3.');
  });

  it('stops with the best model so far when it is aborted', async () => {
    const controller = new AbortController();
    const progress = ({ iteration }: Iterate) => iteration === 2 && controller.abort();
    const fit = await optimizeMpi(rows, halfWay(), { comm, progress, delta: null, signal: controller.signal });
    expect(fit.reason).toBe('aborted');
    expect(fit.iterations).toBe(3);
  });

  it('keeps the best model so far in the error of a fit that cannot go on', async () => {
    const broken = { ...halfWay(), stopping: { ...halfWay().stopping, decide: failAt(3) } };
    const failed = await optimizeMpi(rows, broken, { ...quiet, delta: null }).catch((error: unknown) => error);
    const straight = await optimizeMpi(rows, halfWay(), { ...quiet, delta: null, maxIterations: 2 });
    expect(failed).toBeInstanceOf(FitError);
    const { message, result, cause } = failed as FitError<MpiFitResult<Mean>>;
    expect([message, (cause as Error).name]).toEqual(['no model at iteration 3.', 'EstimationError']);
    const { model, logLikelihood, bestIteration } = straight;
    expect(result).toMatchObject({ model, logLikelihood, bestIteration, iterations: 3, reason: 'failed', seed: 0 });
    expect(result!.path.slice(0, 3)).toEqual(straight.path);
    expect(Object.keys(failed as Error)).not.toContain('result'); // not printed with the error
  });

  it('throws the error itself when it fails at its start', async () => {
    const broken = { ...halfWay(), stopping: { ...halfWay().stopping, decide: failAt(0) } };
    await expect(optimizeMpi(rows, broken, quiet)).rejects.toMatchObject({ name: 'EstimationError' });
    await expect(bestOfMpi(rows, broken, { ...quiet, trials: 2 })).rejects.toThrow(
      'bestOfMpi: all 2 trials failed; the last one: no model at iteration 0.',
    );
  });

  it('keeps a model that a trial had reached before it failed, when all trials fail', async () => {
    const broken = { ...halfWay(), stopping: { ...halfWay().stopping, decide: failAt(2) } };
    const error = await bestOfMpi(rows, broken, { ...quiet, trials: 2 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FitError);
    expect((error as FitError<MpiFitResult<Mean>>).result).toMatchObject({ reason: 'failed', bestIteration: 1 });
  });

  it('says which row of a stream is bad, counted from its start', async () => {
    async function* stream() {
      yield [1, 2];
      yield [3, Number.NaN];
    }
    await expect(optimizeMpi(stream(), halfWay(), quiet)).rejects.toThrow('row 3 is NaN.');
  });

  it.each([
    [
      'a weight that is text',
      { weights: ['1', 1, 1, 1, 1, 1, 1, 1] as never },
      'row 0 must have a finite weight >= 0, found "1"',
    ],
    [
      'a number of weights that is not that of the rows',
      { weights: [1] },
      'one entry per row of this rank, 8, found 1',
    ],
    ['a checkpoint without a codec', { checkpoint: { path: 'x' } }, 'pass a codec'],
    [
      'a checkpoint of no iteration',
      { codec: jsonCodec, checkpoint: { path: 'x', everyIterations: 0 } },
      'everyIterations',
    ],
    ['an option it does not know', { maxIteration: 1 }, /unknown option "maxIteration".* Did you mean "maxIterations"/],
  ])('refuses %s', async (_what, options, message) => {
    await expect(optimizeMpi(rows, halfWay(), { ...quiet, ...options })).rejects.toThrow(message);
  });

  it('says what was given in place of em(estimator)', async () => {
    await expect(optimizeMpi(rows, {} as never, quiet)).rejects.toThrow('found an object of class Object');
  });

  it('refuses rows that are no rows', async () => {
    await expect(optimizeMpi(3 as never, halfWay(), quiet)).rejects.toThrow('rows must be an array');
    await expect(optimizeMpi([], halfWay(), quiet)).rejects.toThrow('no rank has rows');
  });
});

describe('scores', () => {
  it('add up to their sum, in the order of the rows', async () => {
    const shard = await seqEncodeMpi<number, unknown, Numbers>(rows, halfWay() as never, { comm });
    const scores = await seqLogDensityMpi(shard, halfWay(), { mu: 3 }, { comm });
    const { logLikelihood, weight, rowCount } = await seqLogDensitySumMpi(shard, halfWay(), { mu: 3 }, { comm });
    expect(scores).toHaveLength(8);
    expect(scores![3]).toBeCloseTo(-0.5 * Math.log(2 * Math.PI), 12);
    expect(scores!.reduce((a, b) => a + b)).toBeCloseTo(logLikelihood, 10);
    expect([weight, rowCount]).toEqual([8, 8]);
  });
});

describe('kFoldMpi', () => {
  it('leaves each row out once and fits to the others', async () => {
    const { folds, meanLogLikelihood } = await kFoldMpi(rows, halfWay(), { ...quiet, folds: 4 });
    expect(folds.map(({ weight, fit }) => [weight, fit.iterations > 0])).toEqual([
      [2, true],
      [2, true],
      [2, true],
      [2, true],
    ]);
    const sum = folds.reduce((total, fold) => total + fold.logLikelihood, 0);
    expect(meanLogLikelihood).toBeCloseTo(sum / 8, 12);
  });

  it('has no result when it is aborted', async () => {
    const controller = new AbortController();
    const progress = () => controller.abort();
    const aborted = kFoldMpi(rows, halfWay(), { comm, progress, folds: 4, signal: controller.signal });
    await expect(aborted).rejects.toThrow('kFoldMpi: aborted in fold 1 of 4.');
  });

  it('refuses more folds than rows', async () => {
    await expect(kFoldMpi([1, 2], halfWay(), { ...quiet, folds: 3 })).rejects.toThrow('2 rows cannot make 3 folds');
  });
});

describe('standardErrorsMpi', () => {
  /** Leaves out row `replicate`. */
  const plan: Resampling = {
    options: { method: 'jackknife', replicates: 8 },
    replicates: 8,
    weightOf: (replicate) => (row, weight) => (row === replicate ? 0 : weight),
    summary: (model, fits) => ({
      parameters: fits.map((fit, row) => {
        const { mu } = fit as Mean;
        return { path: `without ${row}`, estimate: (model as Mean).mu, standardError: mu, low: mu, high: mu };
      }),
      replicates: fits.length,
      failed: 0,
      ambiguous: 0,
    }),
  };

  it('fits to all rows and from there to those of each replicate', async () => {
    const { model, parameters } = await standardErrorsMpi(rows, halfWay(), plan, quiet);
    expect(model!.mu).toBeCloseTo(3.5, 4);
    // The mean of 0 … 7 without one of them is (28 - row) / 7.
    parameters.forEach(({ estimate, standardError }, row) => {
      expect(estimate).toBe(model!.mu);
      expect(standardError).toBeCloseTo((28 - row) / 7, 4);
    });
  });

  it('refuses what is no plan, too few rows, and has no result when it is aborted', async () => {
    await expect(standardErrorsMpi(rows, halfWay(), {} as Resampling, quiet)).rejects.toThrow(
      'the third argument must be resampling(options), found',
    );
    await expect(standardErrorsMpi([1, 2], halfWay(), plan, quiet)).rejects.toThrow('2 rows are too few');
    const controller = new AbortController();
    let seen = 0;
    const progress = ({ iteration }: Iterate) => {
      if (iteration === 0) seen += 1;
      if (seen === 3) controller.abort();
    };
    const aborted = standardErrorsMpi(rows, halfWay(), plan, { comm, progress, signal: controller.signal });
    await expect(aborted).rejects.toThrow('standardErrorsMpi: aborted in replicate 2 of 8.');
  });
});
