import { expect, it } from 'vitest';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { launch } from './launch.js';

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    const run = (mode: string) => launch({ launcher, ranks: 2, script: program('codecs.mjs'), args: [mode] });

    it('uses the codec of the program for objects', async () => {
      const outcome = await run('equal');
      expectSuccess(outcome, 2);
      const gathered = [
        { rank: 0, lost: null },
        { rank: 1, lost: null },
      ];
      for (const report of outcome.reports) expect(report).toMatchObject({ gathered, calls: 1, refused: 'ERR_ARG' });
    });

    it('refuses codecs that differ between ranks', async () => {
      const outcome = await run('different');
      expectFailure(outcome);
      expect(outcome.stderr).toContain('ERR_MISMATCH');
      expect(outcome.stderr).toContain('ranks 0 and 1 pass different codecs');
    });
  });
}
