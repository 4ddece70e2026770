/**
 * Many faults in one job, each caught on all ranks: every rank must get the same error, and the ranks must still be in step
 * for the next call. Argument: a folder. Rank 0 prints what all caught.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  bestOfMpi,
  type FitError,
  kFoldMpi,
  loadOnAll,
  type MpiFitResult,
  type OptimizeMpiOptions,
  optimizeMpi,
  RankError,
  seqEncodeMpi,
  seqInitializeMpi,
  seqLogDensityMpi,
} from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import {
  DiagonalGaussianDistribution,
  DiagonalGaussianEstimator,
  ExponentialEstimator,
  em,
  GaussianDistribution,
  GaussianEstimator,
  MixtureEstimator,
  modelTypes,
} from '@dml/stats';
import { ObjectEstimator } from './objectEstimator.js';
import { wrapSteps } from './wrapSteps.js';

const folder = process.argv[2] ?? '';
const model = new GaussianDistribution({ mu: 0, sigma2: 1 });

await runMpi(async (comm) => {
  const { rank, size } = comm;
  const isLast = rank === size - 1;
  const codec = createCodec({ types: modelTypes });
  const algorithm = em(new GaussianEstimator());
  const pair = new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]);
  const rows = Array.from({ length: 50 }, (_, i) => Math.sin(50 * rank + i));
  const options = { comm, codec, progress: 'silent', delta: null, maxIterations: 4 } as const;
  const failing = { ...codec, encode: codec.encode, decode: codec.decode };

  /** A fit in which the last rank passes something else. */
  const unlike = (others: object, last: object) => () =>
    optimizeMpi(rows, algorithm, { ...options, delta: undefined as never, ...(isLast ? last : others) });
  const checkpoint = { path: join(folder, 'fit'), everyIterations: 2 };
  const fit = (more: Partial<OptimizeMpiOptions<number, GaussianDistribution, never>>, of: unknown = algorithm) =>
    optimizeMpi<number, GaussianDistribution, never>(rows, of as never, { ...options, ...more });

  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    maxIterations: unlike({ maxIterations: 5 }, { maxIterations: 6 }),
    delta: unlike({ delta: 0.5 }, { delta: null }),
    deltaPerRow: unlike({}, { deltaPerRow: 1e-3 }),
    seed: unlike({ seed: 1 }, { seed: '1' }),
    start: unlike({}, { start: 'random' }),
    modelOn: unlike({}, { modelOn: 'all' }),
    validation: unlike({}, { validation: [1, 2] }),
    codec: unlike({}, { codec: { ...codec, id: 'another' } }),
    rows: async () => {
      const shard = await seqEncodeMpi(rows, algorithm, { comm });
      await optimizeMpi(isLast ? rows : shard, algorithm, options);
    },
    'checkpoint.path': unlike({ checkpoint }, { checkpoint: { ...checkpoint, path: 'elsewhere' } }),
    'checkpoint.everyIterations': unlike({ checkpoint }, { checkpoint: { ...checkpoint, everyIterations: 3 } }),
    'checkpoint.keep': unlike({ checkpoint }, { checkpoint: { ...checkpoint, keep: 3 } }),
    'checkpoint.resume': unlike({ checkpoint }, { checkpoint: { ...checkpoint, resume: true } }),
    'checkpoint.required': unlike({ checkpoint }, { checkpoint: { ...checkpoint, required: true } }),
    'checkpoint on one rank': unlike({}, { checkpoint }),
    trials: () => bestOfMpi(rows, algorithm, { ...options, trials: isLast ? 2 : 3 }),
    folds: () => kFoldMpi(rows, algorithm, { comm, progress: 'silent', folds: isLast ? 2 : 3 }),
    scoresOn: () => seqLogDensityMpi(rows, algorithm, model, { comm, scoresOn: isLast ? 'own' : 'root' }),
    'seed of a start': () => seqInitializeMpi(rows, algorithm, { comm, seed: isLast ? 2 : 1 }),
    'model without a codec': () =>
      seqLogDensityMpi(rows, algorithm, new GaussianDistribution({ mu: isLast ? 2 : 1, sigma2: 1 }), { comm }),
    'a value that no option has': () => fit({ start: 'best' as never }),
    'an inner option that does not exist': () => fit({ checkpoint: { ...checkpoint, every: 1 } as never }),
    'rows that are undefined on the last rank': () =>
      optimizeMpi((isLast ? undefined : rows) as never, algorithm, options),

    'responsibilities on one rank': unlike({}, { responsibilities: rows.map(() => [1]) }),
    'responsibilities that are no shares on the last rank': () =>
      optimizeMpi(rows, em(pair), {
        ...options,
        responsibilities: rows.map((_, i) => (isLast && i === 7 ? [0, 0] : [1, 2])),
      }),
    'responsibilities of a rank that has more rows': () =>
      optimizeMpi(rows, em(pair), { ...options, responsibilities: rows.slice(isLast ? 1 : 0).map(() => [1, 2]) }),
    'responsibilities with more components on the last rank': () =>
      optimizeMpi(rows, em(pair), { ...options, responsibilities: rows.map(() => (isLast ? [1, 2, 3] : [1, 2])) }),
    'responsibilities without a mixture': () => fit({ responsibilities: rows.map(() => [1, 2]) }),
    'a first model of another dimension': () =>
      optimizeMpi(
        rows.map((x) => [x, x]),
        em(new DiagonalGaussianEstimator()),
        { ...options, initialModel: new DiagonalGaussianDistribution({ mu: [0, 0, 0], sigma2: [1, 1, 1] }) },
      ),
    'rows encoded for another estimator': async () => {
      const shard = await seqEncodeMpi(rows, algorithm, { comm });
      await optimizeMpi(shard as never, em(new ExponentialEstimator()), options as never);
    },

    'no rows': () => optimizeMpi([], algorithm, options),
    'no validation rows': () => fit({ validation: rank === 0 ? [] : null }),
    'likelihood is NaN': () =>
      fit({}, wrapSteps(algorithm, { likelihood: () => ({ logLikelihood: Number.NaN, weight: 1 }) })),
    'likelihood becomes NaN': () => {
      let passes = 0;
      const likelihood = () => ({ logLikelihood: ++passes > 3 ? Number.NaN : passes, weight: 1 });
      return fit({}, wrapSteps(algorithm, { likelihood })).catch(
        (error: FitError<MpiFitResult<GaussianDistribution>>) => {
          const { model: kept, bestIteration, reason } = error.result!;
          throw Object.assign(error, { message: `${error.message} ${reason}, best ${bestIteration}: ${kept!.mu}` });
        },
      );
    },
    'M step throws on the last rank': () => fit({}, wrapSteps(algorithm, { maximization: mStep(isLast) })),
    'M step throws on all ranks': () => fit({}, wrapSteps(algorithm, { maximization: mStep(true) })),
    'codec cannot encode on rank 1': () =>
      fit(
        { codec: { ...failing, encode: (value) => throwIf(rank === 1) ?? codec.encode(value) } },
        em(new ObjectEstimator()),
      ),
    'codec cannot decode on the last rank': () =>
      fit({
        initialModel: model,
        codec: { ...failing, decode: (bytes) => throwIf(isLast) ?? codec.decode(bytes) },
      }),
    'nothing to load': () => loadOnAll(() => Promise.reject(new Error('no such model')), { comm, codec }),
    'checkpoint in a folder that is missing': () => fit({ checkpoint: { path: join(folder, 'no', 'fit') } }),
    'required checkpoint cannot be written': () => {
      const inside = join(folder, 'inside');
      if (rank === 0) mkdirSync(inside);
      return fit({
        checkpoint: { path: join(inside, 'fit'), everyIterations: 1, required: true },
        progress: () => rmSync(inside, { recursive: true, force: true }),
      });
    },
    'progress throws on rank 0': () => fit({ progress: ({ iteration }) => void throwIf(iteration === 2) }),
    'progress rejects on rank 0': () => fit({ progress: async ({ iteration }) => throwIf(iteration === 2) }),
    'rows cannot be kept on the last rank': () =>
      optimizeMpi(
        rank === 0 ? rows : null,
        { ...algorithm, concat: (parts) => throwIf(isLast) ?? algorithm.concat(parts) },
        options,
      ),
  };

  const caught: Record<string, string> = {};
  const unlikeRank0: string[] = [];
  const stacks: Record<string, boolean> = {};
  for (const [name, commit] of Object.entries(faults)) {
    const error = await commit().then(
      () => new Error('no error'),
      (reason: Error) => reason,
    );
    const texts = comm.allgatherObject(`${error.name}: ${error.message}`);
    if (texts.some((text) => text !== texts[0])) unlikeRank0.push(name);
    caught[name] = texts[0]!;
    if (error instanceof RankError) stacks[name] = /throwIf/.test((error.cause as Error).stack ?? '');
  }

  // After all of this the ranks are still in step.
  const controller = new AbortController();
  let mSteps = 0;
  const { steps } = algorithm;
  const aborting = {
    ...algorithm,
    steps: (schema: never) => {
      const made = steps(schema);
      const maximization = (...parameters: Parameters<typeof made.maximization>) => {
        if (++mSteps === 2) controller.abort();
        return made.maximization(...parameters);
      };
      return { ...made, maximization };
    },
  };
  const aborted = await fit({ modelOn: 'all', ...(isLast ? { signal: controller.signal } : {}) }, aborting);
  const ranks = comm.gatherObject({
    stacks,
    aborted: JSON.stringify([aborted.reason, aborted.iterations, aborted.model]),
  });
  // One rank prints: Open MPI may cut long lines of several ranks into each other.
  if (rank === 0) console.log(JSON.stringify({ rank, caught, unlikeRank0, ranks }));
});

/** An M step that keeps the model. */
function mStep(isFailing: boolean): (model: never) => { readonly model: never; readonly findings: [] } {
  return (entered) => throwIf(isFailing) ?? { model: entered, findings: [] };
}

function throwIf(isNow: boolean): undefined {
  if (isNow) throw new RangeError('told to fail');
  return undefined;
}
