/** Rows in typed arrays, by every call; each rank prints which results differ from those of a list in one process. */
import {
  bestOfMpi,
  kFoldMpi,
  optimizeMpi,
  seqEncodeMpi,
  seqEstimateMpi,
  seqInitializeMpi,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
} from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import {
  bestOf,
  CategoricalEstimator,
  em,
  GaussianEstimator,
  initialize,
  kFold,
  MixtureEstimator,
  modelTypes,
  optimize,
  PoissonEstimator,
} from '@dml/stats';

const codec = createCodec({ types: modelTypes });
const e = new GaussianEstimator();
const estimator = new MixtureEstimator([e, e]);
const algorithm = em(estimator);
const counting = new MixtureEstimator([new PoissonEstimator(), new PoissonEstimator()]);

const numbers = Float64Array.from({ length: 3000 }, (_, i) => (i % 3) * 4 + Math.sin(i * i));
const counts = Uint16Array.from({ length: 3000 }, (_, i) => (i % 2) * 9 + ((i * i) % 5));
const weights = Float64Array.from(numbers, (_, i) => (i % 4) / 2);
const stop = { maxIterations: 6, seed: 2 };

async function* pieces<A extends Float64Array | Uint16Array>(rows: A): AsyncGenerator<A> {
  for (let at = 0; at < rows.length; at += 250) yield rows.subarray(at, at + 250) as A;
}

await runMpi(async (comm) => {
  const { rank, size } = comm;
  const own = <A extends Float64Array | Uint16Array>(rows: A): A =>
    rows.subarray(Math.floor((rows.length * rank) / size), Math.floor((rows.length * (rank + 1)) / size)) as A;
  const quiet = { comm, codec, progress: 'silent', modelOn: 'all' } as const;
  const unlike: string[] = [];
  const expectEqual = (name: string, found: unknown, expected: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(expected)) unlike.push(name);
  };

  const list = Array.from(numbers);
  const fitted = optimize(list, estimator, { ...stop, validation: list.slice(0, 500) });
  const validation = rank === 0 ? numbers.subarray(0, 500) : null;
  for (const [name, rows] of [
    ['even', own(numbers)],
    ['on rank 0', rank === 0 ? numbers : null],
    ['streamed', pieces(own(numbers))],
    ['on the last rank, as a list elsewhere', rank === size - 1 ? numbers : []],
  ] as const) {
    for (const spill of name === 'streamed' ? [{}] : [undefined, {}]) {
      const fit = await optimizeMpi(rows, algorithm, { ...quiet, ...stop, validation, ...(spill && { spill }) });
      expectEqual(`${name}${spill ? ', on disk' : ''}`, [fit.model, fit.path], [fitted.model, fitted.path]);
    }
  }
  const before = numbers.slice();
  const weighted = await optimizeMpi(own(numbers), algorithm, { ...quiet, ...stop, weights: own(weights) });
  expectEqual('weights', weighted.model, optimize(list, estimator, { ...stop, weights }).model);
  const byRow = await optimizeMpi(own(numbers), algorithm, { ...quiet, ...stop, weights: (x) => (x > 3 ? 2 : 1) });
  const localByRow = optimize(list, estimator, { ...stop, weights: list.map((x) => (x > 3 ? 2 : 1)) });
  expectEqual('weights by row', byRow.model, localByRow.model);

  const best = await bestOfMpi(own(numbers), algorithm, { ...quiet, ...stop, trials: 3 });
  expectEqual('best of three', best.trialScores, bestOf(list, estimator, { ...stop, trials: 3 }).trialScores);
  const folds = await kFoldMpi(own(numbers), algorithm, { ...quiet, ...stop, folds: 3 });
  expectEqual('folds', folds.logLikelihood, kFold(list, estimator, { ...stop, folds: 3 }).logLikelihood);
  const first = await seqInitializeMpi(own(numbers), algorithm, { comm, seed: 2 });
  expectEqual('start', first, initialize(list, estimator, { seed: 2 }));
  const { model } = await seqEstimateMpi(own(numbers), algorithm, first, { comm, codec });
  const oneStep = optimize(list, estimator, { ...stop, maxIterations: 1, acceleration: 'none' });
  expectEqual('one step', model, oneStep.model);

  const scores = await seqLogDensityMpi(own(numbers), algorithm, fitted.model, { comm });
  expectEqual(
    'scores',
    Array.from(scores ?? []),
    Array.from(own(numbers), (x) => columnScore(x)),
  );
  function columnScore(x: number): number {
    const out = new Float64Array(1);
    fitted.model.seqLogDensity(fitted.model.encoder().encode([x]), 0, 1, out);
    return out[0]!;
  }
  const shard = await seqEncodeMpi(own(numbers), algorithm, { comm });
  const sum = await seqLogDensitySumMpi(own(numbers), algorithm, fitted.model, { comm });
  expectEqual('sum', sum, await seqLogDensitySumMpi(shard, algorithm, fitted.model, { comm }));

  const counted = await optimizeMpi(own(counts), em(counting), { ...quiet, ...stop });
  expectEqual('counts', counted.model, optimize(Array.from(counts), counting, stop).model);
  expectEqual('the rows themselves', numbers, before);

  // A bad row is named as in a list.
  const bad = numbers.slice();
  bad[1234] = Number.NaN;
  const message = await optimizeMpi(own(bad), algorithm, quiet).then(() => 'no error', String);
  if (!message.includes('row 1234 must be a finite number, found NaN')) unlike.push(message);
  // Only rows that are numbers may stand in a typed array.
  // @ts-expect-error
  const refused = optimizeMpi(own(numbers), em(new CategoricalEstimator<string>()), { ...quiet, maxIterations: 0 });
  await refused.catch(() => undefined);

  process.stdout.write(`${JSON.stringify({ rank, unlike })}\n`);
});
