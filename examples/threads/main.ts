import assert from 'node:assert/strict';
import { spawnRanks } from '@dml/mpi-native';
import {
  CategoricalDistribution,
  GaussianDistribution,
  MixtureDistribution,
  optimize,
  RecordDistribution,
} from '@dml/stats';
import { algorithm, codec, estimator } from './fit.js';

// 100,000 visits, as a program has them: a list of records.
const visits = (mu: number, phone: number) =>
  new RecordDistribution({
    minutes: new GaussianDistribution({ mu, sigma2: 4 }),
    device: new CategoricalDistribution({ phone, desk: 1 - phone }),
  });
const truth = new MixtureDistribution([visits(3, 0.9), visits(9, 0.5), visits(20, 0.1)], { w: [0.5, 0.3, 0.2] });
const rows = truth.sampler(1).sample(100_000);

// Encoded once, here; the columns are then shared by all ranks.
const columns = algorithm.encode(rows);
const bytes = await spawnRanks<typeof import('./fit.js').default>(new URL('./fit.js', import.meta.url), {
  data: { columns, seed: 7 },
  onProgress: (line) => console.error(line),
});
assert.ok(bytes !== null);
const model = codec.decode(bytes);
console.log(String(model));

// One thread and all cores give the same model, to the bit.
const alone = optimize(rows, estimator, { seed: 7 });
assert.deepEqual(bytes, codec.encode(alone.model));
console.log('the same model as on one thread');
