import { spawnRanks } from '@dml/mpi-native';
import { em, optimize } from '@dml/stats';
import { expect, it } from 'vitest';
import { models } from './programs/models.js';
import { found, type Task } from './programs/sharedColumns.js';

const program = new URL('dist/sharedColumns.js', import.meta.url);
type Fit = typeof import('./programs/sharedColumns.js').default;

it('fits to columns in shared memory have the bits of optimize, for every model and number of ranks', async () => {
  const names = Object.keys(models);
  const columns = Object.fromEntries(
    names.map((name) => [name, em(models[name]!.estimator).encode(models[name]!.rows)]),
  );
  const name = names[0]!;
  const weights = Float64Array.from(models[name]!.rows, (_, i) => (i % 4) / 2);
  const data: Task = { columns, weighted: { name, weights } };

  const stop = { maxIterations: 6, seed: 3 } as const;
  const local = Object.fromEntries(
    names.map((key) => [key, found(optimize(models[key]!.rows, models[key]!.estimator, stop))]),
  );
  local.weighted = found(optimize(models[name]!.rows, models[name]!.estimator, { ...stop, weights }));
  for (const ranks of [1, 2, 3]) {
    const fits = await spawnRanks<Fit>(program, { ranks, data });
    const unlike = Object.keys(local).filter((key) => !Buffer.from(local[key]!).equals(fits[key]!));
    expect({ ranks, unlike }).toEqual({ ranks, unlike: [] });
  }
}, 300_000);

it.each([
  ['rows', /encoded rows of ranks 0 and 1 are not the same/],
  ['weights', /weights: row \d+ must have a finite weight >= 0, found -1/],
] as const)('ranks that differ, or a bad weight, are an error on every rank: %s', async (data, message) => {
  const refused = spawnRanks(program, { ranks: 2, name: 'disagree', data });
  await expect(refused).rejects.toThrow(message);
});
