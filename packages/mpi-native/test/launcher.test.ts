import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findLauncher, findSilentLauncher, isChildOfRank, OWNER_VARIABLE, ownerMark } from '../src/launcher.js';

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

describe('processes that a batch system started without PMI', () => {
  it.each([
    ['srun', { SLURM_STEP_NUM_TASKS: '4', SLURM_PROCID: '0' }, /srun --mpi=pmix/],
    ['flux', { FLUX_JOB_SIZE: '2', FLUX_TASK_RANK: '1' }, /pmi=pmix/],
    ['PALS', { PALS_RANKID: '3' }, /--pmi=pmix/],
    ['pbsdsh', { PBS_TASKNUM: '2' }, /mpiexec of the MPI installation/],
  ])('are told apart from one that is alone: %s', (name, environment, advice) => {
    expect(findLauncher(environment)).toBeNull();
    const found = findSilentLauncher(environment);
    expect(found?.name).toBe(name);
    expect(found?.advice).toMatch(advice);
  });

  it.each([
    [{ SLURM_STEP_NUM_TASKS: '1' }],
    [{ SLURM_NTASKS: '8', SLURM_JOB_ID: '17' }], // in the batch script itself
    [{ FLUX_JOB_SIZE: '1' }],
    [{ PALS_RANKID: '0' }],
    [{}],
  ])('%o is alone', (environment) => {
    expect(findSilentLauncher(environment)).toBeNull();
  });

  const world = (env: Readonly<Record<string, string>>) =>
    spawnSync(
      process.execPath,
      ['--input-type=module', '-e', "import { getWorld } from '@dml/mpi-native'; console.log(getWorld().size)"],
      {
        cwd: new URL('..', import.meta.url),
        encoding: 'utf8',
        env: { PATH: process.env.PATH, ...env },
      },
    );

  it('throw where each would do all the work, unless it is told to', () => {
    const refused = world({ SLURM_STEP_NUM_TASKS: '4' });
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('srun started several processes (SLURM_STEP_NUM_TASKS=4) without PMI');
    expect(world({ SLURM_STEP_NUM_TASKS: '4', DML_MPI: 'self' }).stdout).toBe('1\n');
    expect(world({ SLURM_STEP_NUM_TASKS: '1' }).stdout).toBe('1\n');
  });
});
