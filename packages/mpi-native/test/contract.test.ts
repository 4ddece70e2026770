import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeLauncher, expectSuccess, program } from './jobs.js';
import { type Launcher, launch } from './launch.js';

// For a machine that is busy with something else.
const timeoutMs = 120_000;
const SIZES: Readonly<Record<Launcher, readonly number[]>> = {
  self: [1],
  workers: [1, 2, 3, 5],
  openmpi: [1, 2, 3, 5],
  mpich: [1, 2, 3, 5],
};

for (const launcher of ['self', 'workers', 'openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    for (const ranks of SIZES[launcher]) {
      it(`keeps the whole contract with ${ranks} ranks`, async () => {
        const outcome = await launch({ launcher, ranks, script: program('contract.mjs'), timeoutMs });
        expectSuccess(outcome, ranks);
        const kind = launcher === 'openmpi' || launcher === 'mpich' ? 'mpi' : launcher;
        for (const report of outcome.reports) {
          expect(report).toMatchObject({ size: ranks, kind });
          expect(report.passed).toBeGreaterThan(40);
        }
      }, 130_000);
    }
  });
}

describe('ranks of spawnRanks', () => {
  it.each([1, 2, 3, 5])('keep the whole contract with %i ranks', async (ranks) => {
    const outcome = await launch({ launcher: 'self', script: program('spawnedContract.mjs'), args: [String(ranks)] });
    expectSuccess(outcome, ranks);
    for (const report of outcome.reports) {
      expect(report).toMatchObject({ size: ranks, kind: 'workers' });
      expect(report.passed).toBeGreaterThan(40);
    }
  });
});

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    // MPICH's own waits would take some 10 ms for each of the thousands of calls.
    it('keeps the whole contract where three ranks have one core', async () => {
      const [core = '0'] = /(?<=Cpus_allowed_list:\s*)\d+/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
      const inside = ['taskset', '-c', core];
      expectSuccess(await launch({ launcher, ranks: 3, script: program('contract.mjs'), inside, timeoutMs }), 3);
    }, 130_000);

    it.each([
      ['100', 2],
      ['7', 2],
    ])('keeps the contract when one MPI call moves at most %s elements', async (most, ranks) => {
      const env = { DML_MPI_MAX_COUNT: most, DML_MPI_CHECK: undefined };
      expectSuccess(await launch({ launcher, ranks, script: program('contract.mjs'), env }), ranks);
    });
  });
}
