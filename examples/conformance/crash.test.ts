import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, canRun, type Launcher, onSmallDisk, run, succeed } from './job.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dml-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);

/** A fit that nobody disturbs. */
async function undisturbed(): Promise<string> {
  await succeed('crash', 'self', 1, [inFolder('other.checkpoint'), inFolder('expected.json')]);
  return readFileSync(inFolder('expected.json'), 'utf8');
}

const crashes: readonly (readonly [Launcher, number, string, Launcher, number])[] = [
  ['openmpi', 3, '0:8', 'openmpi', 2],
  ['openmpi', 2, '1:20', 'workers', 3],
  ['mpich', 2, '1:3', 'self', 1], // before the first checkpoint
  // Goes on at iteration 12, which is an accelerated step: in the middle of a cycle.
  ['openmpi', 1, '0:14', 'openmpi', 1],
  ['openmpi', 3, '2:14', 'openmpi', 3],
];

/** How the models of the path in a result file were made, the start first. */
function stepsOf(result: string): readonly string[] {
  return Array.from(result.matchAll(/"step":\s*"(\w+)"/g), ([, step]) => step!);
}

describe('a fit with checkpoints', () => {
  it.each(crashes)(
    'of %s with %i ranks, killed at rank:pass %s, ends under %s with %i ranks at the same bits',
    async (launcher, ranks, kill, otherLauncher, otherRanks) => {
      if (!canRun(launcher) || !canRun(otherLauncher)) return;
      const files = [inFolder('fit.checkpoint'), inFolder('fit.json')];
      const killed = await run('crash', launcher, ranks, [...files, kill]);
      expect(killed.code).not.toBe(0);
      const { reports } = await succeed('crash', otherLauncher, otherRanks, files);
      expect(readFileSync(inFolder('fit.json'), 'utf8')).toBe(await undisturbed());
      // A checkpoint after every third M step: at most three iterations are done again.
      const pass = Number(kill.split(':')[1]) - 1;
      expect(reports[0]!.firstIteration).toBe(pass - (pass % 3));
      if (pass === 13) expect(stepsOf(await undisturbed())[12]).not.toBe('plain');
    },
    90_000,
  );

  it('goes on from the last whole checkpoint, and refuses those of another fit, something else, and a missing folder', async () => {
    const path = inFolder('fit.checkpoint');
    const files = [path, inFolder('fit.json')];
    await succeed('crash', 'self', 1, files);

    for (const [other, differs] of [
      ['seed', '"seed = 1" there, "seed = 2" here'],
      ['estimator', 'pseudoCount'],
      ['rows', 'rows = '],
    ] as const) {
      const { code, stderr } = await run('crash', 'workers', 2, [...files, 'never', other]);
      expect(code).not.toBe(0);
      expect(stderr).toContain('belongs to another fit');
      expect(stderr).toContain(differs);
    }

    truncateSync(path, 500);
    const torn = await succeed('crash', 'workers', 2, files);
    expect(torn.stderr).toMatch(/CheckpointWarning: the checkpoint .*fit.checkpoint is damaged/);
    expect(torn.reports[0]!.firstIteration).toBe(15); // of 20 iterations, saved after each third
    expect(readFileSync(inFolder('fit.json'), 'utf8')).toBe(await undisturbed());

    for (const name of [path, `${path}.1`]) truncateSync(name, 500);
    const lost = await run('crash', 'workers', 2, files);
    expect(lost.code).not.toBe(0);
    expect(lost.stderr).toContain('fit.checkpoint is damaged');

    writeFileSync(path, 'my notes\n');
    const foreign = await run('crash', 'workers', 2, files);
    expect(foreign.code).not.toBe(0);
    expect(foreign.stderr).toContain('is not a checkpoint');

    const nowhere = join(folder, 'no such folder', 'fit.checkpoint');
    const unwritten = await run('crash', 'self', 1, [nowhere, inFolder('fit.json')]);
    expect(unwritten.code).not.toBe(0);
    expect(unwritten.stderr).toContain('no such folder cannot be written: ENOENT');
  }, 90_000);

  it.each([
    ['openmpi', 2],
    ['mpich', 2],
    ['workers', 3],
  ] as const)(
    'of %s with %i ranks keeps its path: a second job is told at its start',
    async (launcher, ranks) => {
      if (!canRun(launcher)) return;
      const path = inFolder('fit.checkpoint');
      let second: ReturnType<typeof run> | undefined;
      const onLine = (line: string) => {
        if (line !== 'waiting') return;
        second = run('crash', launcher, ranks, [path, inFolder('second.json')]);
        second.finally(() => writeFileSync(`${path}.go`, ''));
      };
      const first = await succeed('crash', launcher, ranks, [path, inFolder('fit.json'), 'never', 'waits'], { onLine });
      expect(first.reports[0]!.firstIteration).toBe(0);
      const refused = await second!;
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/fit.checkpoint is in use by process \d+ on/);
      expect(readFileSync(inFolder('fit.json'), 'utf8')).toBe(await undisturbed());
    },
    180_000,
  );

  it('goes on when the disk fills up between two checkpoints, and leaves the first one whole', async () => {
    if (!canMount()) return;
    const disk = inFolder('disk');
    mkdirSync(disk);
    // Two pages: room for the lock and one checkpoint, and none for the next beside it.
    const inside = [
      ...onSmallDisk(disk, '8k'),
      'sh',
      '-c',
      `"$@"; code=$?; cp '${disk}'/fit '${folder}'/kept; exit $code`,
      'sh',
    ];
    const full = await succeed('crash', 'self', 1, [join(disk, 'fit'), inFolder('fit.json')], { inside });
    expect(full.stderr).toMatch(/CheckpointWarning: the checkpoint .* was not written after iteration 6: ENOSPC/);
    const result = readFileSync(inFolder('fit.json'), 'utf8');
    expect(result).toBe(await undisturbed());
    const resumed = await succeed('crash', 'workers', 2, [inFolder('kept'), inFolder('again.json')]);
    expect(resumed.reports[0]!.firstIteration).toBe(3);
    expect(readFileSync(inFolder('again.json'), 'utf8')).toBe(result);
  }, 90_000);
});
