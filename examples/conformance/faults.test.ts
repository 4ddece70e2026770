import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMount, canRun, type Launcher, onSmallDisk, run } from './job.js';

const last = 'rank 2 of 3';

/** What is done wrong, and what the message must say. Rank 0 and 1 have rows 0 to 199, the last rank the next 100. */
const faults: readonly (readonly [string, readonly string[]])[] = [
  ['NaN on the last rank', [last, 'row 241', '"size"', 'NaN']],
  ['missing field on rank 0 alone', ['rank 0 of 3', 'row 41', '"kind"', 'undefined']],
  ['wrong type in a stream', [last, 'row 241', '"size"', '"1"']],
  ['a stream that breaks', [last, 'the disk of this rank is gone']],
  ['no rows at all', ['no rank has rows']],
  ['other iterations on the last rank', ['"maxIterations" differs', '5 on ranks 0, 1', '6 on rank 2']],
  ['other estimator on the last rank', ['estimators differ', 'pseudoCount = 2 on rank 2']],
  ['other call on the last rank', ['optimizeMpi on ranks 0, 1', 'seqEncodeMpi on rank 2']],
  ['a call of the communicator on the last rank', ['do not make the same calls', 'sent "mine"', 'rank 2']],
  ['unknown option', ['unknown option "maxIts"', 'maxIterations']],
  ['weight below zero', [last, 'row 207', '-1']],
  ['combine throws', ['combine was told to fail']],
  ['an E step throws on the last rank', [last, 'told to fail', 'at failAt']], // with its stack
  ['an E step of big statistics throws on the last rank', [last, 'told to fail']],
  ['a lost rejection', ['[rank 2/3] Error: lost by rank 2']],
  ['a throw in a timer', ['[rank 2/3] RangeError: told to fail']],
  ['progress rejects', ['rank 0 of 3', 'told to fail']],
  ['progress throws', ['rank 0 of 3', 'told to fail']],
  ['impossible row', [last, '-Infinity', 'row 6']],
  ['save fails', ['rank 0 of 3', 'no space left for the model']],
];

const fault = (name: string) => faults.find(([other]) => other === name)!;

async function fails(launcher: Launcher, name: string, parts: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run('faults', launcher, 3, [name], { timeoutMs: 30_000 });
  expect(code).not.toBe(0);
  expect(stdout).not.toContain('went on');
  for (const part of parts) expect(stderr).toContain(part);
  // Told once for the job, not by every rank.
  expect(stderr.split('\n').filter((line) => /^\[rank \d\/3\]/.test(line))).toHaveLength(1);
}

// Most of these jobs wait for an error or a clock.
describe.concurrent('a fault on one rank ends all ranks, once, with a message', () => {
  it.each(faults)(
    '%s',
    async (fault, parts) => {
      await fails('workers', fault, parts);
    },
    40_000,
  );

  it.each(['openmpi', 'mpich'] as const)(
    'under %s, too',
    async (launcher) => {
      if (!canRun(launcher)) return;
      await fails(launcher, ...faults[0]!);
      await fails(launcher, ...fault('combine throws'));
      await fails(launcher, ...fault('a lost rejection'));
      await fails(launcher, ...fault('a throw in a timer'));
      await fails(launcher, ...fault('progress rejects'));
    },
    180_000,
  );

  it.each(['openmpi', 'mpich'] as const)(
    'a rank that is killed under %s',
    async (launcher) => {
      if (!canRun(launcher)) return;
      const { code, stdout, milliseconds } = await run('faults', launcher, 3, ['killed'], { timeoutMs: 30_000 });
      expect(code).not.toBe(0);
      expect(stdout).not.toContain('went on');
      expect(milliseconds).toBeLessThan(20_000);
    },
    40_000,
  );

  it.each(['openmpi', 'mpich'] as const)(
    'a rank that is stopped under %s: the watchdog tells who waits, and where',
    async (launcher) => {
      if (!canRun(launcher)) return;
      const { code, stdout, stderr, milliseconds } = await run('faults', launcher, 3, ['stopped'], {
        timeoutMs: 30_000,
        env: { DML_MPI_WATCHDOG: '3' },
      });
      expect(code).not.toBe(0);
      expect(stdout).not.toContain('went on');
      expect(stderr).toMatch(/rank [01]\/3\] watchdog: blocked in MPI_\w+ for 3 s/);
      // The one that says nothing is the one that is stopped.
      expect(stderr).not.toContain('[rank 2/3] watchdog');
      expect(milliseconds).toBeLessThan(25_000);
    },
    40_000,
  );

  it.each(
    (['openmpi', 'mpich', 'workers'] as const).flatMap((launcher) => [
      [launcher, 'idle after the fit'] as const,
      [launcher, 'idle after the end'] as const,
    ]),
  )(
    'a rank under %s that is %s: the watchdog tells who has finished, and who has not',
    async (launcher, name) => {
      if (!canRun(launcher)) return;
      const env = { DML_MPI_WATCHDOG: '3', DML_MPI_FINALIZE_TIMEOUT: '5' };
      const { code, stderr, milliseconds } = await run('faults', launcher, 3, [name], { timeoutMs: 30_000, env });
      expect(code).not.toBe(0);
      if (launcher !== 'mpich') expect(code).toBe(87);
      expect(stderr).toContain('watchdog: this rank has finished, and no other has done anything for 3 s');
      expect(stderr).toMatch(/waiting: .*rank [01] \(has finished\).*; rank 2 is in no (MPI )?call/);
      expect(stderr.split('\n').filter((line) => /^\[rank \d\/3\]/.test(line))).toHaveLength(1);
      expect(milliseconds).toBeLessThan(25_000);
    },
    40_000,
  );

  it('a disk that is full while rows spill', async () => {
    if (!canMount()) return;
    const disk = mkdtempSync(join(tmpdir(), 'dml-disk-'));
    const { code, stdout, stderr } = await run('faults', 'workers', 3, ['disk full while rows spill', disk], {
      inside: onSmallDisk(disk, '64k'),
    });
    rmSync(disk, { recursive: true });
    expect(code).not.toBe(0);
    expect(stdout).not.toContain('went on');
    expect(stderr).toMatch(/rank 0 of 3: spill: rows cannot be written to .*dml-disk.*: ENOSPC/);
  }, 40_000);
});
