import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canRun, type Launcher, run, succeed } from './job.js';

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
];

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
    },
    90_000,
  );

  it('refuses checkpoints that are torn, of another fit, or something else, and goes on when none can be written', async () => {
    const path = inFolder('fit.checkpoint');
    const files = [path, inFolder('fit.json')];
    await succeed('crash', 'self', 1, files);

    const otherSeed = await run('crash', 'workers', 2, [...files, 'never', '2']);
    expect(otherSeed.code).not.toBe(0);
    expect(otherSeed.stderr).toMatch(/belongs to another fit: "seed = "1"" there, "seed = "2"" here/);

    truncateSync(path, 500);
    const torn = await run('crash', 'workers', 2, files);
    expect(torn.code).not.toBe(0);
    expect(torn.stderr).toContain('fit.checkpoint is damaged');

    writeFileSync(path, 'my notes\n');
    const foreign = await run('crash', 'workers', 2, files);
    expect(foreign.code).not.toBe(0);
    expect(foreign.stderr).toContain('is not a checkpoint');

    const nowhere = join(folder, 'no such folder', 'fit.checkpoint');
    const unwritten = await succeed('crash', 'self', 1, [nowhere, inFolder('fit.json')]);
    expect(unwritten.stderr).toMatch(/CheckpointWarning: the checkpoint .* was not written after iteration 3/);
    expect(readFileSync(inFolder('fit.json'), 'utf8')).toBe(await undisturbed());
  }, 90_000);
});
