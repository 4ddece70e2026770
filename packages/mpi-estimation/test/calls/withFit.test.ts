import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Algorithm,
  bestOfMpi,
  chooseComponentsMpi,
  kFoldMpi,
  optimizeMpi,
  seqEncodeMpi,
  seqEstimateMpi,
  seqInitializeMpi,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
} from '../../src/index.js';
import { oneRank as comm, halfWay, type Mean, type Numbers, searchOf } from '../oneRank.js';

type Half = Algorithm<number, Mean, Numbers>;

const rows = Array.from({ length: 40 }, (_, i) => Math.sin(i));
const options = { comm, progress: 'silent', spill: {} } as const;
const model = { mu: 0 };

/** Files of rows that this process holds open: they have no name any more. */
function openFiles(): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the list itself, closed again
    }
  });
  return links.filter((link) => link.includes('dml-spill')).length;
}

const fail = (): never => {
  throw new Error('told to fail');
};
const failingSteps = (name: 'expectation' | 'maximization'): Half => {
  const algorithm = halfWay();
  return { ...algorithm, steps: (schema) => ({ ...algorithm.steps(schema), [name]: fail }) };
};

/** Where a call can fail. */
const failing: readonly (readonly [string, (of: readonly number[] | null) => Promise<unknown>])[] = [
  ['a start of optimizeMpi', (of) => optimizeMpi(of, { ...halfWay(), start: fail }, options)],
  ['a start of bestOfMpi', (of) => bestOfMpi(of, { ...halfWay(), start: fail }, { ...options, trials: 2 })],
  ['a start of kFoldMpi', (of) => kFoldMpi(of, { ...halfWay(), start: fail }, { ...options, folds: 2 })],
  ['an E step of bestOfMpi', (of) => bestOfMpi(of, failingSteps('expectation'), { ...options, trials: 2 })],
  [
    'an E step of chooseComponentsMpi',
    (of) => chooseComponentsMpi(of, searchOf(failingSteps('expectation')), { ...options, to: 2 }),
  ],
  [
    'the criteria of chooseComponentsMpi',
    (of) => chooseComponentsMpi(of, { ...searchOf(halfWay()), sums: fail }, { ...options, to: 2 }),
  ],
  ['an M step of kFoldMpi', (of) => kFoldMpi(of, failingSteps('maximization'), { ...options, folds: 2 })],
  ['progress of bestOfMpi', (of) => bestOfMpi(of, halfWay(), { ...options, progress: fail, trials: 2 })],
  ['progress of kFoldMpi', (of) => kFoldMpi(of, halfWay(), { ...options, progress: fail, folds: 2 })],
  ['too few rows for kFoldMpi', (of) => kFoldMpi(of, halfWay(), { ...options, folds: 100 })],
  ['a bad row of optimizeMpi', (of) => optimizeMpi([...(of ?? []), Number.NaN], halfWay(), options)],
  ['a stream that breaks', () => optimizeMpi(broken(), halfWay(), options)],
  ['a bad row for validation', (of) => optimizeMpi(of, halfWay(), { ...options, validation: [Number.NaN] })],
  ['no rows for validation', (of) => bestOfMpi(of, halfWay(), { ...options, trials: 1, validation: null })],
  ['rows that cannot be joined', (of) => optimizeMpi(of, joiningOnce(), options)],
  ['a start of seqInitializeMpi', (of) => seqInitializeMpi(of, { ...halfWay(), start: fail }, { comm, spill: {} })],
  ['a step of seqEstimateMpi', (of) => seqEstimateMpi(of, failingSteps('expectation'), model, { comm, spill: {} })],
  ['scores', (of) => seqLogDensityMpi(of, { ...halfWay(), seqLogDensity: fail }, model, { comm, spill: {} })],
  ['their sum', (of) => seqLogDensitySumMpi(of, { ...halfWay(), seqLogDensity: fail }, model, { comm, spill: {} })],
  ['rows of seqEncodeMpi', () => seqEncodeMpi([Number.NaN], halfWay(), { comm, spill: {} })],
];

async function* broken(): AsyncGenerator<readonly number[]> {
  yield rows;
  throw new Error('told to fail');
}

/** Joins the first parts, then no more: fails when a segment is written. */
function joiningOnce(): Half {
  const algorithm = halfWay();
  let calls = 0;
  return { ...algorithm, concat: (parts) => (++calls > 2 ? fail() : algorithm.concat(parts)) };
}

describe('a call that fails', () => {
  it('says that a bad row is one of the validation rows, in what an uncaught error prints, too', async () => {
    const call = optimizeMpi(rows, halfWay(), { comm, progress: 'silent', validation: [1, Number.NaN] });
    const error = await call.catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(/^validation: .*row 1/);
    expect((error as Error).stack).toContain('validation: ');
    const ofFit = await optimizeMpi([Number.NaN], halfWay(), { comm, progress: 'silent' }).catch((thrown) => thrown);
    expect((ofFit as Error).message).not.toContain('validation');
  });

  it.each(failing)('closes the files of its rows: %s', async (_where, call) => {
    if (process.platform !== 'linux') return;
    const before = openFiles();
    await expect(call(rows)).rejects.toThrow();
    expect(openFiles()).toBe(before);
  });

  it('leaves rows alone that the caller has encoded', async () => {
    const shard = await seqEncodeMpi(rows, halfWay(), { comm, spill: {} });
    await expect(bestOfMpi(shard, failingSteps('expectation'), { ...options, trials: 1 })).rejects.toThrow();
    await expect(optimizeMpi(shard, halfWay(), options)).resolves.toMatchObject({ reason: 'converged' });
    shard.store.release();
    if (process.platform === 'linux') expect(openFiles()).toBe(0);
  });
});

describe('the event loop', () => {
  it('runs in every iteration: a timer acts, and a promise that progress returns is awaited', async () => {
    let timers = 0;
    const timer = setInterval(() => timers++, 1);
    const seen: number[] = [];
    const fit = await optimizeMpi(rows, halfWay(), {
      comm,
      async progress({ iteration }) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(iteration);
      },
      maxIterations: 5,
      delta: null,
    });
    clearInterval(timer);
    expect(seen).toEqual(fit.path.map(({ iteration }) => iteration));
    expect(timers).toBeGreaterThan(5);
  });

  it('lets a timer abort a fit whose steps never wait', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const endless = {
      comm,
      progress: 'silent',
      signal: controller.signal,
      maxIterations: 20_000,
      delta: null,
    } as const;
    expect((await optimizeMpi(rows, halfWay(), endless)).reason).toBe('aborted');
  });

  it('runs between the calls of a driver of your own', async () => {
    const shard = await seqEncodeMpi(rows, halfWay(), { comm });
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 1);
    let entering: Mean = { mu: 3 };
    for (let step = 0; !isOver && step < 50_000; step++) {
      entering = (await seqEstimateMpi(shard, halfWay(), entering, { comm })).model;
    }
    expect(isOver).toBe(true);
  });

  it('ends a fit whose progress rejects, with its error', async () => {
    const progress = async () => fail();
    await expect(optimizeMpi(rows, halfWay(), { comm, progress })).rejects.toThrow('told to fail');
  });
});

describe('the results', () => {
  it('of bestOfMpi count the trials that agree', async () => {
    const fit = await bestOfMpi(rows, halfWay(), { comm, progress: 'silent', trials: 3 });
    expect(fit.trialScores).toHaveLength(3);
    expect(fit.agreeing).toBe(3);
  });

  it('of kFoldMpi hold the fit of each fold, whose model is where it was asked for', async () => {
    const { folds, logLikelihood, seed } = await kFoldMpi(rows, halfWay(), {
      comm,
      progress: 'silent',
      folds: 4,
      seed: 7,
    });
    expect(folds.map(({ fit }) => fit.seed)).toEqual(['7/0', '7/1', '7/2', '7/3']);
    for (const { fit } of folds) expect(fit.model!.mu).toBeCloseTo(0, 0);
    expect(folds.reduce((sum, fold) => sum + fold.logLikelihood, 0)).toBeCloseTo(logLikelihood, 12);
    expect(seed).toBe(7);
  });
});
