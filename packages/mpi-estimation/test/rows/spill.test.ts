import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { optimizeMpi } from '../../src/index.js';
import { builderOnDisk } from '../../src/rows/spill.js';
import { oneRank as comm, halfWay } from '../oneRank.js';

const folder = mkdtempSync(join(tmpdir(), 'dml-spill-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* stream(rowCount: number, length: number) {
  for (let start = 0; start < rowCount; start += length) {
    yield Array.from({ length: Math.min(length, rowCount - start) }, (_, i) => Math.sin(start + i));
  }
}

describe('rows on disk', () => {
  it.each([1, 2, 3, 5, 64, 1000])('give the fit of rows in memory: %i rows', async (rowCount) => {
    const options = { comm, progress: 'silent', weights: (x: number) => 1 + x } as const;
    const inMemory = await optimizeMpi(stream(rowCount, 7), halfWay(), options);
    const onDisk = await optimizeMpi(stream(rowCount, 7), halfWay(), { ...options, spill: { folder } });
    expect([onDisk.model, onDisk.path]).toEqual([inMemory.model, inMemory.path]);
    expect(readdirSync(folder)).toEqual([]); // nothing to clean up, even after a kill
  });

  it('are read back in parts, across the lists they came in', () => {
    const algorithm = halfWay();
    const builder = builderOnDisk(algorithm, { folder });
    for (const x of [[0, 1, 2], [3], [4, 5]]) builder.add({ columns: algorithm.encode(x) });
    const rows = builder.build();
    expect([...rows.read(1, 5)].map(({ columns }) => [...columns.x])).toEqual([[1, 2], [3], [4]]);
    expect([...rows.read(3, 3)]).toEqual([]);
    rows.release();
  });

  it('are refused with the reason when the folder cannot be used', async () => {
    const options = { comm, progress: 'silent', spill: { folder: '/dev/null/no' } } as const;
    await expect(optimizeMpi([1, 2], halfWay(), options)).rejects.toThrow('ENOTDIR');
    const missing = { ...options, spill: { folder: join(tmpdir(), 'dml-no-such-folder', 'inner') } };
    await expect(optimizeMpi([1, 2], halfWay(), missing)).rejects.toThrow(/ENOENT.*Make this folder/);
  });
});
