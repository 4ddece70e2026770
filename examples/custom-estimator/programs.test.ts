import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';

const script = (name: string) => fileURLToPath(new URL(`dist/${name}.js`, import.meta.url));

it('a family and a combinator of a third party are fitted alone, together, and in a mixture of records', () => {
  const output = execFileSync('node', [script('main')], { encoding: 'utf8' });
  expect(output).toMatch(/alone: mu 3\.0\d, b 0\.(49|5\d)/);
  expect(output).toMatch(/answers: mean 0\.5\d after 0\.2 s/);
});

describe('under a launcher', () => {
  const jobs: readonly (readonly [Launcher, number])[] = [
    ['openmpi', 3],
    ['mpich', 2],
    ['workers', 3],
    ['self', 1],
  ];
  it.each(jobs)(
    'they are fitted by %s with %i ranks to the same bits as by one process',
    async (launcher, ranks) => {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        return;
      }
      const { code, stdout, stderr } = await launch({ launcher, ranks, script: script('mpi') });
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/mu -[34]\.\d+, b [01]\.\d+|mu 3\.0\d/);
      expect(stdout).toMatch(/answers: mean 0\.5\d/);
    },
    60_000,
  );
});
