/**
 * Jobs on two hosts. Those of MPICH use TCP alone only with DML_TEST_MPICH_HOSTS=1: MPICH 4.0.2 then hangs in MPI_Finalize now and
 * then, in plain C too (docs/mpi-hosts.md). Without it all but the transport is that of two hosts.
 */
import { afterAll, expect, it } from 'vitest';
import { makeHosts } from './hosts.js';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { launch, type Outcome } from './launch.js';

const hosts = makeHosts(process.env.DML_TEST_MPICH_HOSTS === '1');
afterAll(() => {
  if (typeof hosts !== 'string') hosts.remove();
});

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    if (typeof hosts === 'string') {
      console.warn(`SKIPPED: jobs on two hosts, because ${hosts}`);
      it.skip('runs on two hosts (network namespaces are not allowed here)', () => {});
      return;
    }
    const { inside } = hosts;
    const all = hosts.ranks[launcher];
    const run = (
      name: string,
      args: readonly string[] = [],
      env: Record<string, string | undefined> = {},
      ranks = all,
    ): Promise<Outcome> =>
      launch({
        launcher,
        ranks,
        script: program(name),
        args,
        inside,
        launcherArgs: hosts.launcherArgs[launcher],
        env: { ...hosts.env, ...env },
      });

    it('joins ranks of two hosts', async () => {
      const outcome = await run('where.mjs');
      expectSuccess(outcome, all);
      const sum = (all * (all + 1)) / 2;
      expect(outcome.reports.map((report) => report.sum)).toEqual(Array(all).fill(sum));
      const { addresses } = hosts;
      const expected = outcome.reports.map((_, rank) => [addresses[rank % 2]]);
      expect(outcome.reports.map((report) => report.addresses)).toEqual(expected);
      expect(new Set(outcome.reports.map(({ host }) => host)).size).toBe(2);
    });

    it('keeps the whole contract between hosts', async () => {
      expectSuccess(await run('contract.mjs', [], { DML_MPI_CHECK: '0' }, 2), 2);
    });

    it('spreads the settings of the first host', async () => {
      // Open MPI gives ranks of the second host no variable of this process that is not named in its options.
      const outcome = await run('faults.mjs', ['compare after opening'], { DML_MPI_CHECK: '1' });
      expectFailure(outcome);
      expect(outcome.stderr).toContain('allreduce "sum" of 5 elements in a Float64Array');
    });

    it.each([
      ['throw', 1, 'boom in the main program'],
      ['exit 3', 3, 'ended with exit code 3'],
      ['return early', 86, 'collective calls do not match'],
    ])('ends the job on both hosts when a rank of the second does this: %s', async (scenario, code, message) => {
      const outcome = await run('faults.mjs', [scenario, String(all - 1)], { DML_MPI_FINALIZE_TIMEOUT: '1' });
      expectFailure(outcome);
      if (launcher === 'openmpi') expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain(message);
    });
  });
}
