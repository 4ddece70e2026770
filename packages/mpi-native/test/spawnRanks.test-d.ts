/** What `spawnRanks` knows of the function that ranks run: compiled, never run. */
import type { RankContext } from '../src/spawn/rankProgram.js';
import { spawnRanks as spawnWorkers } from '../src/spawn/spawnWorkers.js';
import { spawnRanks } from '../src/spawnRanks.js';

type Fit = (context: RankContext<{ readonly rows: Float64Array }, number>) => Promise<{ readonly mu: number } | null>;

export async function types(module: URL, start: () => never): Promise<void> {
  const rows = new Float64Array(3);
  const fitted: { readonly mu: number } | null = await spawnRanks<Fit>(module, {
    data: { rows },
    onProgress: (value, rank) => value.toFixed(rank),
  });
  const inWorkers: typeof fitted = await spawnWorkers<Fit>(start, { data: { rows } });
  // @ts-expect-error: the rows are a typed array
  await spawnRanks<Fit>(module, { data: { rows: [1] } });
  // @ts-expect-error: a number is reported
  await spawnRanks<Fit>(module, { data: { rows }, onProgress: (value: string) => value });
  // @ts-expect-error: the result may be null
  inWorkers.mu;
  // @ts-expect-error: without a type the result is unknown
  (await spawnRanks(module)).mu;
  // @ts-expect-error: workers of a page have no name to export
  await spawnWorkers<Fit>(start, { data: { rows }, name: 'fit' });
}
