import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import { CategoricalEstimator, em, GaussianEstimator, MixtureEstimator, RecordEstimator } from '@dml/stats';
import { parquetWriteFile } from 'hyparquet-writer';
import { csvRows } from './csv.js';
import { ndjsonRows } from './ndjson.js';
import { parquetRows } from './parquet.js';

interface Visit {
  readonly minutes: number;
  readonly device: string;
}

/** Puts each row through `change`, list by list. */
async function* mapRows<A, B>(lists: AsyncIterable<readonly A[]>, change: (row: A) => B): AsyncGenerator<readonly B[]> {
  for await (const rows of lists) yield rows.map(change);
}

function writeFiles(folder: string): void {
  const visits = Array.from({ length: 3000 }, (_, i): Visit => {
    const wave = Math.sin(i) * Math.cos(7 * i);
    return i % 3 === 0 ? { minutes: 30 + 4 * wave, device: 'desk, "big"' } : { minutes: 5 + 2 * wave, device: 'phone' };
  });
  const csv = visits.map(({ minutes, device }) => `${minutes},"${device.replaceAll('"', '""')}"\n`);
  writeFileSync(join(folder, 'visits.csv'), `minutes,device\n${csv.join('')}`);
  writeFileSync(join(folder, 'visits.ndjson'), visits.map((visit) => `${JSON.stringify(visit)}\n`).join(''));
  parquetWriteFile({
    filename: join(folder, 'visits.parquet'),
    columnData: [
      { name: 'minutes', data: visits.map(({ minutes }) => minutes), type: 'DOUBLE' },
      { name: 'device', data: visits.map(({ device }) => device), type: 'STRING' },
    ],
    rowGroupSize: 500,
  });
}

await runMpi(async (comm) => {
  // Rank 0 makes the files; a real job would find them on a shared disk.
  const folder = comm.bcastObject(comm.rank === 0 ? mkdtempSync(join(tmpdir(), 'dml-files-')) : undefined);
  if (comm.rank === 0) writeFiles(folder);
  comm.barrier();

  const visit = new RecordEstimator({ minutes: new GaussianEstimator(), device: new CategoricalEstimator<string>() });
  const algorithm = em(new MixtureEstimator([visit, visit]));
  const options = { comm, seed: 1, progress: 'silent' } as const;
  // Text becomes a number here; other text becomes NaN, which the fit refuses with its row.
  const csv = mapRows(csvRows(join(folder, 'visits.csv'), comm), ({ minutes, device }) => {
    return { minutes: Number(minutes), device: device ?? '' };
  });
  const ndjson = mapRows(ndjsonRows(join(folder, 'visits.ndjson'), comm), (row) => row as Visit);
  const parquet = mapRows(parquetRows(join(folder, 'visits.parquet'), comm), (row) => row as unknown as Visit);

  const fits = [
    await optimizeMpi(csv, algorithm, options),
    await optimizeMpi(ndjson, algorithm, options),
    // Keeps the encoded rows on disk, for files that are bigger than memory.
    await optimizeMpi(parquet, algorithm, { ...options, spill: { folder } }),
  ];
  const [first, ...others] = fits.map(({ model }) => JSON.stringify(model));
  for (const other of others) assert.equal(other, first);

  if (comm.rank !== 0) return;
  rmSync(folder, { recursive: true });
  const [{ model }] = fits as [(typeof fits)[0]];
  for (const { fields } of model!.components) {
    console.log(
      `${fields.minutes.mu.toFixed(2)} minutes, mostly ${[...fields.device.p].sort((a, b) => b[1] - a[1])[0]![0]}`,
    );
  }
  const means = model!.components.map(({ fields }) => fields.minutes.mu).sort((a, b) => a - b);
  assert.ok(Math.abs(means[0]! - 5) < 0.5 && Math.abs(means[1]! - 30) < 0.5);
});
