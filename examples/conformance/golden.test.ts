import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canRun, type Launcher, succeed } from './job.js';

const file = fileURLToPath(new URL('../../packages/stats/test/fixtures/golden/mpi-example.json', import.meta.url));

interface GoldenIterate {
  readonly logLikelihood: number;
  readonly params: {
    readonly components: readonly {
      readonly dists: readonly [{ mu: number; sigma2: number }, { pmap: readonly (readonly [string, number])[] }];
    }[];
    readonly w: readonly number[];
  };
}

// Made by the reference; see the fixtures of @dml/stats.
const golden = JSON.parse(readFileSync(file, 'utf8')).cases[0] as {
  readonly initialLogLikelihood: number;
  readonly emTrace: readonly GoldenIterate[];
  readonly tolerance: number;
};

interface Found {
  readonly logLikelihoods: readonly number[];
  readonly components: readonly { mu: number; sigma2: number; p: Record<string, number> }[];
  readonly w: readonly number[];
}

const jobs: readonly (readonly [Launcher, number])[] = [
  ['self', 1],
  ['openmpi', 2],
  ['openmpi', 3],
  ['openmpi', 4],
  ['mpich', 2],
];

describe('the published fit', () => {
  const outputs = new Set<string>();

  it.each(jobs)(
    'under %s with %i ranks follows the trace from its fixed start',
    async (launcher, ranks) => {
      if (!canRun(launcher)) return;
      const { reports } = await succeed('golden', launcher, ranks, [file]);
      outputs.add(JSON.stringify(reports[0]));
      const found = reports[0] as unknown as Found;
      const expected = [golden.initialLogLikelihood, ...golden.emTrace.map(({ logLikelihood }) => logLikelihood)];
      expect(found.logLikelihoods).toHaveLength(expected.length);
      for (const [i, value] of found.logLikelihoods.entries()) {
        expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(golden.tolerance);
      }
      const { components, w } = golden.emTrace.at(-1)!.params;
      for (const [k, { dists }] of components.entries()) {
        const [gaussian, categorical] = dists;
        const component = found.components[k]!;
        expect(Math.abs(component.mu - gaussian.mu)).toBeLessThan(golden.tolerance);
        expect(Math.abs(component.sigma2 - gaussian.sigma2)).toBeLessThan(golden.tolerance);
        for (const [level, p] of categorical.pmap) {
          expect(Math.abs(component.p[level]! - p)).toBeLessThan(golden.tolerance);
        }
        expect(Math.abs(found.w[k]! - w[k]!)).toBeLessThan(golden.tolerance);
      }
    },
    180_000,
  );

  it('has the same bits in all of these jobs', () => {
    expect(outputs.size).toBe(1);
  });
});
