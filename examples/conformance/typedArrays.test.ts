import { expect, it } from 'vitest';
import { canRun, type Launcher, succeed } from './job.js';

const jobs: readonly (readonly [Launcher, number])[] = [
  ['self', 1],
  ['openmpi', 3],
  ['mpich', 2],
  ['workers', 5],
];

it.each(jobs)(
  'under %s with %i ranks rows in typed arrays give what lists give, by every call',
  async (launcher, ranks) => {
    if (!canRun(launcher)) return;
    const { reports } = await succeed('typedArrays', launcher, ranks, [], { env: { DML_MPI_CHECK: undefined } });
    expect(reports).toEqual(Array.from({ length: ranks }, (_, rank) => ({ rank, unlike: [] })));
  },
  180_000,
);
