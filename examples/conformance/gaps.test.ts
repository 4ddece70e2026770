import { expect, it } from 'vitest';
import { canRun, type Launcher, succeed } from './job.js';

const jobs: readonly (readonly [Launcher, number])[] = [
  ['openmpi', 2],
  ['workers', 3],
];

it.each(jobs)(
  'under %s with %i ranks records with gaps give the bits of one process, by every family with a table of values',
  async (launcher, ranks) => {
    if (!canRun(launcher)) return;
    const { reports } = await succeed('gaps', launcher, ranks, [], { env: { DML_MPI_CHECK: undefined } });
    expect(reports).toEqual(Array.from({ length: ranks }, (_, rank) => ({ rank, unlike: [] })));
  },
  180_000,
);
