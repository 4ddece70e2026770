import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canRun, type Launcher, succeed } from './job.js';

const jobs: readonly (readonly [Launcher, number])[] = [
  ['self', 1],
  ['openmpi', 2],
  ['openmpi', 3],
  ['openmpi', 5],
  ['mpich', 2],
  ['workers', 4],
];

describe('a fit', () => {
  const shared = new Map<unknown, string>();
  const folder = mkdtempSync(join(tmpdir(), 'dml-fits-'));
  /** What one process finds: the first job writes it, so that the ranks of the others need not compute it too. */
  const local = join(folder, 'local.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(jobs)(
    'under %s with %i ranks gives the bits of optimize, for every model and every source of rows',
    async (launcher, ranks) => {
      if (!canRun(launcher)) return;
      // With more ranks than cores the checks between ranks take most of the time.
      const { reports } = await succeed('fits', launcher, ranks, [local], { env: { DML_MPI_CHECK: undefined } });
      expect(reports.map(({ rank }) => rank)).toEqual(Array.from({ length: ranks }, (_, rank) => rank));
      for (const report of reports) {
        expect(report.caseCount).toBeGreaterThan(20);
        expect(report.unlikeLocal).toEqual([]);
        expect(report.heldOut).toEqual([334, 333, 333]); // 1000 rows in 3 folds
        expect(report.rowCount).toBe(1000);
        expect(report.isLoaded).toBe(true);
        expect(report.isPaired).toBe(ranks > 2);
        expect(report.ranksTimed).toBe(ranks);
        shared.set(report.shared, `${launcher} ${ranks}`);
      }
      // One message to the root and one back: of numbers, or of objects where an estimator has no flat statistic.
      expect(reports[0]!.messages).toEqual(['gatherObject bcastObject', 'gatherv bcast']);
    },
    240_000,
  );

  it('is cross-validated and scored with the same bits by all of these jobs', () => {
    expect([...shared.values()]).toHaveLength(1);
  });
});
