import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spawnRanks } from '@dml/mpi-native';
import { expect, it } from 'vitest';
import { algorithm, codec } from './fit.js';

const built = (name: string) => new URL(`dist/${name}`, import.meta.url);

it('fits on all cores, and finds the model of one thread', async () => {
  const child = spawn(process.execPath, [fileURLToPath(built('main.js'))], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let progress = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    progress += text;
  });
  const code = await new Promise((done) => child.on('exit', done));
  expect(code, progress).toBe(0);
  expect(output).toMatch(/the same model as on one thread\n$/);
  expect(progress).toMatch(/^iteration 0: -\d+\.\d\d$/m);
}, 60_000);

it('finds the same model, to the bit, for any number of ranks', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    minutes: 10 * Math.sin(i) + (i % 3) * 20,
    device: i % 5 < 3 ? 'phone' : 'desk',
  }));
  const data = { columns: algorithm.encode(rows), seed: 3 };
  const fits = [undefined, 1, 2, 3, 5].map((ranks) =>
    spawnRanks<typeof import('./fit.js').default>(built('fit.js'), { data, ranks }),
  );
  const models = await Promise.all(fits);
  expect(codec.decode(models[0]!)).toMatchObject({ components: { length: 3 } });
  for (const model of models) expect(model).toEqual(models[0]);
}, 60_000);

it('finds it where ranks are left without rows: few rows have eight segments', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ minutes: Math.sin(i) + (i % 3) * 20, device: 'desk' }));
  const data = { columns: algorithm.encode(rows), seed: 3 };
  const [one, many] = await Promise.all(
    [1, 12].map((ranks) => spawnRanks<typeof import('./fit.js').default>(built('fit.js'), { data, ranks })),
  );
  expect(many).toEqual(one);
}, 60_000);
