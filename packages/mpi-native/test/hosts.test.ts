import { afterAll, expect, it } from 'vitest';
import { makeHosts } from './hosts.js';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { launch, type Outcome } from './launch.js';

describeLauncher('openmpi', () => {
  const hosts = makeHosts();
  if (typeof hosts === 'string') {
    console.warn(`SKIPPED: jobs on two hosts, because ${hosts}`);
    it.skip('runs on two hosts (network namespaces are not allowed here)', () => {});
    return;
  }
  afterAll(() => hosts.remove());
  const { inside, launcherArgs } = hosts;
  const run = (
    name: string,
    args: readonly string[] = [],
    env: Record<string, string | undefined> = {},
    ranks = 4,
  ): Promise<Outcome> =>
    launch({
      launcher: 'openmpi',
      ranks,
      script: program(name),
      args,
      inside,
      launcherArgs,
      env: { ...hosts.env, ...env },
    });

  it('joins ranks of two hosts over TCP', async () => {
    const outcome = await run('where.mjs');
    expectSuccess(outcome, 4);
    expect(outcome.reports.map(({ sum }) => sum)).toEqual([10, 10, 10, 10]);
    const [first, second] = hosts.addresses;
    expect(outcome.reports.map(({ addresses }) => addresses)).toEqual([[first], [second], [first], [second]]);
    expect(new Set(outcome.reports.map(({ host }) => host)).size).toBe(2);
  });

  it('keeps the whole contract between hosts', async () => {
    expectSuccess(await run('contract.mjs', [], { DML_MPI_CHECK: '0' }, 2), 2);
  });

  it.each([
    ['throw', 1, 'boom in the main program'],
    ['exit 3', 3, 'ended with exit code 3'],
    ['return early', 86, 'collective calls do not match'],
  ])('ends the job on both hosts when a rank of the second does this: %s', async (scenario, code, message) => {
    const outcome = await run('faults.mjs', [scenario, '3'], { DML_MPI_FINALIZE_TIMEOUT: '1' });
    expectFailure(outcome);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });
});
