import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';

const script = fileURLToPath(new URL('dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dml-example-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(launcher: Launcher, ranks: number) {
  const { code, stdout, stderr } = await launch({ launcher, ranks, script, cwd: folder });
  expect(code, stderr).toBe(0);
  return { lines: stdout.trim().split('\n').sort(), file: readFileSync(join(folder, 'mpi_model_fit.json'), 'utf8') };
}

const jobs: readonly (readonly [Launcher, number])[] = [
  ['openmpi', 1],
  ['openmpi', 2],
  ['openmpi', 3],
  ['openmpi', 4],
  ['mpich', 1],
  ['mpich', 2],
  ['workers', 3],
];

describe('the first job', () => {
  it.each(jobs)(
    'under %s with %i ranks says where the model is, and saves the same file as one process',
    async (launcher, ranks) => {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        return;
      }
      const { file: expected } = await run('self', 1);
      const { lines, file } = await run(launcher, ranks);
      const said = Array.from({ length: ranks }, (_, rank) => `Rank ${rank}: model is null == ${rank > 0}`);
      expect(lines).toEqual([...said, 'Wrote file ./mpi_model_fit.json']);
      expect(file).toBe(expected);
    },
    60_000,
  );
});
