import { describe, expect, it } from 'vitest';
import { isChildOfRank, OWNER_VARIABLE, ownerMark } from '../src/launcher.js';

/** The environment of a process whose parent, of this pid, took a place in the job. */
function childOf(pid: number, job: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...job, [OWNER_VARIABLE]: ownerMark(job).replace(String(process.pid), String(pid)) };
}

describe('a process that inherits the variables of a launcher', () => {
  // Open MPI 5 puts an @ into the name of a job; it was once taken for the end of that name.
  it.each([
    ['Open MPI 4', { OMPI_COMM_WORLD_SIZE: '2', PMIX_NAMESPACE: '4038721537' }],
    ['Open MPI 5', { OMPI_COMM_WORLD_SIZE: '2', PMIX_NAMESPACE: 'prterun-node7-10241@1' }],
    ['MPICH', { PMI_SIZE: '2', PMI_RANK: '0' }],
  ])('is the child of a rank, and no rank, under %s', (_, job) => {
    expect(isChildOfRank(childOf(process.pid + 1, job))).toBe(true);
    expect(isChildOfRank(childOf(process.pid, job))).toBe(false);
    expect(isChildOfRank(job)).toBe(false);
  });

  it('is a rank when a launcher of its own started it', () => {
    const inherited = childOf(process.pid + 1, { PMIX_NAMESPACE: 'prterun-node7-10241@1' });
    expect(isChildOfRank({ ...inherited, PMIX_NAMESPACE: 'prterun-node7-10999@1' })).toBe(false);
  });
});
