import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { launch, type Outcome } from './launch.js';

const script = program('faults.mjs');

for (const launcher of ['openmpi', 'mpich', 'workers'] as const) {
  describeLauncher(launcher, () => {
    const ranks = launcher === 'mpich' ? 2 : 3;
    const run = (scenario: string, env: Record<string, string | undefined> = {}): Promise<Outcome> =>
      launch({ launcher, ranks, script, args: [scenario], env, timeoutMs: 30_000 });
    const printedBy = ({ stderr }: Outcome): number[] =>
      [...stderr.matchAll(/^\[rank (\d+)\/\d+\]/gm)].map((match) => Number(match[1]));

    it.each([
      ['throw', 'RangeError: boom in the main program'],
      ['throw in a timer', 'Error: boom in a timer'],
      ['reject', 'Error: boom in a promise'],
      ['reject with a string', 'boom as a string'],
      ['overflow the stack', 'RangeError: Maximum call stack size exceeded'],
      ['reject in runMpi', 'Error: boom in runMpi'],
    ])('ends the job when one rank does this: %s', async (scenario, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toContain(message);
      expect(printedBy(outcome)).toEqual([1]);
    });

    it('prints an error that all ranks throw once', async () => {
      const outcome = await run('throw everywhere');
      expectFailure(outcome);
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it.each([
      ['exit 3', 3, 'ended with exit code 3'],
      ['set the exit code and return', 5, 'ended with exit code 5'],
      ['abort 7', 7, 'out of cheese'],
      ['exit 0 early', 86, 'collective calls do not match'],
      ['return early', 86, 'collective calls do not match'],
      ['finalize early', 86, 'collective calls do not match'],
    ])('ends the job with the right exit code: %s gives %i', async (scenario, code, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain(message);
      expect(printedBy(outcome)).toEqual([1]);
    });

    it.each(['return early while others receive', 'return early while others receive from any', 'leave a ring'])(
      'does not wait for the time limit where a message can never come: %s',
      async (scenario) => {
        const outcome = await run(scenario, { DML_MPI_FINALIZE_TIMEOUT: undefined });
        expectFailure(outcome);
        expect(outcome.code).toBe(86);
        expect(outcome.stderr).toContain('waits for a message that nobody sends');
        expect(printedBy(outcome)).toHaveLength(1);
      },
    );

    it('prints one error when several ranks fail at once', async () => {
      const outcome = await run('throw on several ranks');
      expectFailure(outcome);
      expect(outcome.code).toBe(1);
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it('finds a finished rank without argument checks too', async () => {
      const outcome = await run('return early', { DML_MPI_CHECK: undefined });
      expectFailure(outcome);
      expect(outcome.code).toBe(86);
    });

    it.each([
      ['differ in length', 'rank', 'allreduce "sum" of 5 elements in a Float64Array'],
      ['differ in call', 'rank', 'bcast of 3 elements in a Int32Array with root 0'],
      ['differ in counts', 'rank', 'rank 0 expects 2 elements of rank 1, which has 3'],
    ])('says which rank is where when ranks %s', async (scenario, _, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      expect(outcome.stderr).toContain('ERR_MISMATCH');
      expect(outcome.stderr).toContain(message);
    });

    it.each([
      ['cannot encode', 'could not be cloned'],
      ['throw in combine', 'boom in combine'],
    ])('shows the cause when one rank fails inside an object method: %s', async (scenario, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      expect(outcome.stderr).toContain(message);
      expect(outcome.stderr).toContain('ERR_REMOTE');
    });

    it.each([
      ['loop for ever', /watchdog: blocked in (MPI_)?barrier for 1 s/i],
      ['receive what nobody sends', /watchdog: blocked in (MPI_)?(barrier|recv) for 1 s/i],
    ])('ends a job that makes no progress, by the watchdog: %s', async (scenario, message) => {
      const outcome = await run(scenario, { DML_MPI_WATCHDOG: '1', DML_MPI_CHECK: undefined });
      expectFailure(outcome);
      expect(outcome.stderr).toMatch(message);
      if (launcher !== 'mpich') expect(outcome.code).toBe(87);
    });

    it.each(['recover', 'exit 0 everywhere'])('lets a job end well: %s', async (scenario) => {
      expectSuccess(await run(scenario), ranks);
    });

    it('lets a rank compute for longer than it lets one hang', async () => {
      expectSuccess(await run('finish late', { DML_MPI_FINALIZE_TIMEOUT: '1' }), ranks);
    });
  });
}

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeLauncher(launcher, () => {
    it('ends the job when a rank crashes', async () => {
      expectFailure(await launch({ launcher, ranks: 2, script, args: ['crash'], timeoutMs: 30_000 }));
    });

    /** Runs until all ranks wait, then sends `signal` to a rank or to the launcher. */
    const kill = (target: 'rank' | 'launcher', signal: NodeJS.Signals): Promise<Outcome> => {
      const pids: number[] = [];
      const onLine = (line: string, child: ChildProcess): void => {
        const found = /"pid":(\d+)/.exec(line)?.[1];
        if (found === undefined) return;
        pids.push(Number(found));
        if (pids.length < 2) return;
        if (target === 'launcher') child.kill(signal);
        else process.kill(pids[0] as number, signal);
      };
      return launch({ launcher, ranks: 2, script, args: ['be killed'], onLine, timeoutMs: 30_000 });
    };

    it.each([
      ['rank', 'SIGKILL'],
      ['rank', 'SIGTERM'],
      ['launcher', 'SIGKILL'],
      ['launcher', 'SIGINT'],
      ['launcher', 'SIGTERM'],
    ] as const)('leaves nobody behind when a %s gets %s', async (target, signal) => {
      const outcome = await kill(target, signal);
      // The exit code of a launcher that was interrupted is its own: MPICH's is 2 as a rule, and now and then 0.
      if (target === 'rank') expectFailure(outcome);
      else expect(outcome).toMatchObject({ timedOut: false, survivors: [] });
    });
  });
}
