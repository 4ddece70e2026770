import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';

async function run(program: string, launcher: Launcher, ranks: number): Promise<string> {
  const script = fileURLToPath(new URL(`dist/${program}.js`, import.meta.url));
  const { code, stdout, stderr } = await launch({ launcher, ranks, script });
  expect(code, stderr).toBe(0); // the programs check what they find
  return stdout;
}

const jobs: readonly (readonly [Launcher, number])[] = [
  ['openmpi', 1],
  ['openmpi', 2],
  ['openmpi', 3],
];

describe.each(['priors', 'dirichletProcess', 'automatic'])('%s', (program) => {
  it('prints the same hashes for any number of ranks', { timeout: 120_000 }, async () => {
    const expected = await run(program, 'self', 1);
    expect(expected).toMatch(/: [0-9a-f]{64}$/m);
    for (const [launcher, ranks] of jobs) {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        continue;
      }
      expect(await run(program, launcher, ranks), `${launcher}, ${ranks} ranks`).toBe(expected);
    }
  });
});
