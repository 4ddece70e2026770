/** Real messages above 2^31 elements, with DML_TEST_LARGE=1: they need 5 GB. The paths are tried with small ones in contract.test.ts. */
import { expect, it } from 'vitest';
import { describeLauncher, expectSuccess, program } from './jobs.js';
import { launch } from './launch.js';

const TIMEOUT_MS = 300_000;
const isAsked = process.env.DML_TEST_LARGE === '1';
if (!isAsked) console.warn('SKIPPED: messages above 2^31 elements, because DML_TEST_LARGE=1 is not set.');

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    it.skipIf(!isAsked)(
      'moves 2^31 + 16 elements in one call',
      async () => {
        const env = { DML_MPI_WATCHDOG: undefined };
        const script = program('large.mjs');
        const outcome = await launch({ launcher, ranks: 2, script, env, timeoutMs: TIMEOUT_MS });
        expectSuccess(outcome, 2);
        expect(outcome.reports).toHaveLength(2);
      },
      TIMEOUT_MS + 10_000,
    );
  });
}
