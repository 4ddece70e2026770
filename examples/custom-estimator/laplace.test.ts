import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkFamily } from '@dml/stats/testing';
import { describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';
import { LaplaceDistribution, LaplaceEstimator } from './laplace.js';

const laws = checkFamily({
  offers: ['kind', 'hasPrior', 'parameterBlocks'],
  distributions: [
    new LaplaceDistribution({ mu: 0, b: 1 }),
    new LaplaceDistribution({ mu: -1e3, b: 0.01 }),
    new LaplaceDistribution({ mu: 2, b: 30 }),
  ],
  estimator: new LaplaceEstimator(),
  keyed: new LaplaceEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, '1', null, undefined],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: LaplaceDistribution) => d.mu,
    sd: (d: LaplaceDistribution) => Math.SQRT2 * d.b,
  },
  parameters: (d: LaplaceDistribution) => [d.mu, d.b],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

const script = (name: string) => fileURLToPath(new URL(`dist/${name}.js`, import.meta.url));

it('is fitted alone and in a mixture of records', () => {
  const output = execFileSync('node', [script('main')], { encoding: 'utf8' });
  expect(output).toMatch(/alone: mu 3\.0\d, b 0\.(49|5\d)/);
});

describe('under a launcher', () => {
  const jobs: readonly (readonly [Launcher, number])[] = [
    ['openmpi', 3],
    ['mpich', 2],
    ['workers', 3],
    ['self', 1],
  ];
  it.each(jobs)(
    'is fitted by %s with %i ranks to the same bits as by one process',
    async (launcher, ranks) => {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        return;
      }
      const { code, stdout, stderr } = await launch({ launcher, ranks, script: script('mpi') });
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/mu -[34]\.\d+, b [01]\.\d+|mu 3\.0\d/);
    },
    60_000,
  );
});
