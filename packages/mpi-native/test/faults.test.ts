import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { type Launcher, launch, type Outcome } from './launch.js';

const script = program('faults.mjs');

/** Most of these jobs wait for an error or a clock. */
const describeFaults = (launcher: Launcher, tests: () => void): void =>
  describeLauncher(launcher, tests, { concurrent: true });

for (const launcher of ['openmpi', 'mpich', 'workers'] as const) {
  describeFaults(launcher, () => {
    const ranks = launcher === 'mpich' ? 2 : 3;
    const run = (scenario: string, env: Record<string, string | undefined> = {}, own = '{}'): Promise<Outcome> =>
      launch({ launcher, ranks, script, args: [scenario, '1', own], env, timeoutMs: 30_000 });
    const printedBy = ({ stderr }: Outcome): number[] =>
      [...stderr.matchAll(/^\[rank (\d+)\/\d+\]/gm)].map((match) => Number(match[1]));

    it.each([
      ['throw', 'RangeError: boom in the main program'],
      ['throw in a timer', 'Error: boom in a timer'],
      ['reject', 'Error: boom in a promise'],
      ['reject with a string', 'boom as a string'],
      ['overflow the stack', 'RangeError: Maximum call stack size exceeded'],
      ['reject in runMpi', 'Error: boom in runMpi'],
      ['lose a rejection', 'Error: boom that nobody awaits'],
      ['throw after runMpi', 'Error: boom after the end'],
      ['throw after finalize', 'Error: boom after finalize'],
      ['throw while others await promises', 'Error: boom while others await'],
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
      ['end while others sum up', 86, 'collective calls do not match'],
    ])('ends the job with the right exit code: %s gives %i', async (scenario, code, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain(message);
      expect(printedBy(outcome)).toEqual([1]);
    });

    it('says whose error it is that every rank throws', async () => {
      const outcome = await run('reject an error of another rank');
      expectFailure(outcome);
      expect(outcome.stderr).toMatch(/^\[rank [02]\/\d\] passes on the error of rank 1: Error: boom known to all/m);
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it.each([
      'return early while others receive',
      'return early while others receive from any',
      'leave a ring',
      'promise what nobody sends',
      'wait for what nobody sends',
      'probe what nobody sends',
    ])('does not wait for the time limit where a message can never come: %s', async (scenario) => {
      const outcome = await run(scenario, { DML_MPI_FINALIZE_TIMEOUT: undefined });
      expectFailure(outcome);
      expect(outcome.code).toBe(86);
      expect(outcome.stderr).toContain('waits for a message that nobody sends');
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it.each([
      ['start what nobody receives', 'rank 0 never received a message that this rank sent with isend'],
      ['start a sum alone', 'collective calls do not match'],
    ])('does not leave out in silence what was started: %s', async (scenario, message) => {
      const outcome = await run(scenario, { DML_MPI_FINALIZE_TIMEOUT: undefined });
      expectFailure(outcome);
      expect(outcome.code).toBe(86);
      expect(outcome.stderr).toContain(message);
      expect(printedBy(outcome)).toHaveLength(1);
    });

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
      ['differ in length', 'ERR_MISMATCH', 'allreduce "sum" of 5 elements in a Float64Array'],
      ['differ in call', 'ERR_MISMATCH', 'bcast of 3 elements in a Int32Array with root 0'],
      ['differ in counts', 'ERR_MISMATCH', 'rank 0 expects 2 elements of rank 1, which has 3'],
      ['cannot encode', 'ERR_REMOTE', 'could not be cloned'],
      ['throw in combine', 'ERR_REMOTE', 'boom in combine'],
      ['throw in a function of a reduction', 'ERR_REMOTE', 'boom in a function'],
    ])('says what is wrong when ranks %s: %s', async (scenario, code, message) => {
      const outcome = await run(scenario);
      expectFailure(outcome);
      for (const part of [code, message]) expect(outcome.stderr).toContain(part);
    });

    it.each([
      ['loop for ever', /watchdog: blocked in (MPI_)?barrier for 1 s/i],
      ['receive what nobody sends', /watchdog: blocked in (MPI_)?(barrier|recv) for 1 s/i],
    ])('ends a job that makes no progress, by the watchdog: %s', async (scenario, message) => {
      const outcome = await run(scenario, { DML_MPI_WATCHDOG: '1', DML_MPI_CHECK: undefined });
      expectFailure(outcome);
      expect(outcome.stderr).toMatch(message);
      if (launcher !== 'mpich') expect(outcome.code).toBe(87);
      // One rank speaks, and names all that wait and all that do not.
      expect(printedBy(outcome)).toHaveLength(1);
      const others = ranks === 2 ? [0] : [0, 2];
      for (const rank of others) expect(outcome.stderr).toMatch(new RegExp(`waiting: .*rank ${rank} \\(`));
      if (scenario === 'loop for ever') expect(outcome.stderr).toMatch(/; rank 1 is in no (MPI )?call/);
    });

    it('ends a job by the watchdog when a rank stays idle after the end', async () => {
      const env = { DML_MPI_WATCHDOG: '1', DML_MPI_FINALIZE_TIMEOUT: '3' };
      const outcome = await run('stay idle after the end', env);
      expectFailure(outcome);
      expect(outcome.stderr).toContain('this rank has finished, and no other has done anything for 1 s');
      expect(outcome.stderr).toMatch(/waiting: rank 0 \(has finished\).*; rank 1 is in no (MPI )?call/);
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it('ends a job by the watchdog when promises wait for each other', async () => {
      const outcome = await run('wait for each other in promises', { DML_MPI_WATCHDOG: '1' });
      expectFailure(outcome);
      expect(outcome.stderr).toContain('watchdog: the promise of irecv has been pending for 1 s');
      expect(printedBy(outcome)).toHaveLength(1);
    });

    it('does not take a rank that computes between two looks at a promise for one that waits', async () => {
      const env = { DML_MPI_FINALIZE_TIMEOUT: '1', DML_MPI_WATCHDOG: undefined };
      expectSuccess(await run('promise, then compute', env), ranks);
    });

    it('finishes what was started before it ends', async () => {
      const outcome = await run('finish with messages on their way');
      expectSuccess(outcome, ranks);
      expect(outcome.reports[0]).toMatchObject({ last: 3 });
    });

    it('spreads a setting of one rank, and refuses two that differ', async () => {
      const checked = await run('compare after opening', { DML_MPI_CHECK: undefined }, '{"DML_MPI_CHECK":"1"}');
      expectFailure(checked);
      expect(checked.stderr).toContain('allreduce "sum" of 5 elements in a Float64Array');
      expectSuccess(await run('open the world', { DML_MPI_CHECK: undefined }, '{"DML_MPI_CHECK":"1"}'), ranks);
      const watched = await run(
        'loop for ever',
        { DML_MPI_WATCHDOG: undefined, DML_MPI_CHECK: undefined },
        '{"DML_MPI_WATCHDOG":"1"}',
      );
      expectFailure(watched);
      expect(watched.stderr).toMatch(/watchdog: blocked in (MPI_)?barrier for 1 s/i);
      const different = await run('open the world', { DML_MPI_WATCHDOG: '30' }, '{"DML_MPI_WATCHDOG":"40"}');
      expectFailure(different);
      expect(different.stderr).toContain('ERR_MISMATCH');
      expect(different.stderr).toContain('DML_MPI_WATCHDOG is 30 on rank 0 and 40 on rank 1');
    });

    it.each(['recover', 'exit 0 everywhere', 'leave a receive'])('lets a job end well: %s', async (scenario) => {
      expectSuccess(await run(scenario), ranks);
    });

    it('lets a rank compute for longer than it lets one hang', async () => {
      expectSuccess(await run('finish late', { DML_MPI_FINALIZE_TIMEOUT: '1' }), ranks);
    });
  });
}

for (const launcher of ['self', 'openmpi', 'mpich', 'workers'] as const) {
  describeFaults(launcher, () => {
    const ranks = launcher === 'self' ? 1 : 2;

    it('runs several parts of a program, one after another', async () => {
      const outcome = await launch({ launcher, ranks, script, args: ['run two parts'] });
      expectSuccess(outcome, ranks);
      for (const report of outcome.reports) expect(report.parts).toEqual([ranks, 2 * ranks]);
    });

    it('refuses every call after the end', async () => {
      const outcome = await launch({ launcher, ranks, script, args: ['use it after finalize'] });
      expectSuccess(outcome, ranks);
      for (const report of outcome.reports) expect(report.codes).toEqual(Array(3).fill('ERR_FINALIZED'));
    });
  });
}

describeFaults('self', () => {
  it('says so when a promise waits for a message that this rank alone could send', async () => {
    const outcome = await launch({ launcher: 'self', script, args: ['wait for each other in promises'] });
    expectFailure(outcome);
    expect(outcome.stderr).toContain('ERR_DEADLOCK');
  });
});

describeFaults('workers', () => {
  it('finds object calls that do not match without argument checks', async () => {
    const args = ['gather objects while others broadcast'];
    const env = { DML_MPI_CHECK: undefined };
    const outcome = await launch({ launcher: 'workers', ranks: 3, script, args, env });
    expectFailure(outcome);
    expect(outcome.stderr).toMatch(/ERR_MISMATCH/);
    expect(outcome.stderr).toMatch(/rank \d is in (bcast|allgather): collective calls do not match/);
  });
});

for (const launcher of ['openmpi', 'mpich'] as const) {
  describeFaults(launcher, () => {
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
