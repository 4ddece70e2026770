/** The two families of MPI libraries that differ in their binary interface. */
export type Family = 'openmpi' | 'mpich';

/** What the environment says about the launcher that started this process. */
export interface Launcher {
  /** `null` when the launcher could belong to either family. */
  readonly family: Family | null;
  /** Number of processes it started, if it says so. */
  readonly size: number | undefined;
  /** Rank that it gave this process, -1 if it does not say so. */
  readonly rank: number;
  /** Whether it says that all of them are on this host. */
  readonly isOneHost: boolean;
  /** The environment variable by which it was found. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Finds the launcher from the variables that it sets, `null` for a process that was started by hand. */
export function findLauncher(environment: Environment): Launcher | null {
  const count = (name: string): number | undefined => {
    const value = Number(environment[name]);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const rankIn = (name: string): number => (environment[name] === undefined ? -1 : Number(environment[name]));
  if (environment.OMPI_COMM_WORLD_SIZE !== undefined) {
    const size = count('OMPI_COMM_WORLD_SIZE');
    const isOneHost = size !== undefined && size === count('OMPI_COMM_WORLD_LOCAL_SIZE');
    const rank = rankIn('OMPI_COMM_WORLD_RANK');
    return { family: 'openmpi', size, rank, isOneHost, variable: 'OMPI_COMM_WORLD_SIZE' };
  }
  for (const variable of ['PMI_SIZE', 'PMI_RANK', 'PMI_FD']) {
    if (environment[variable] === undefined) continue;
    return { family: 'mpich', size: count('PMI_SIZE'), rank: rankIn('PMI_RANK'), isOneHost: false, variable };
  }
  if (environment.PMIX_RANK !== undefined) {
    return {
      family: null,
      size: count('SLURM_NTASKS'),
      rank: rankIn('PMIX_RANK'),
      isOneHost: false,
      variable: 'PMIX_RANK',
    };
  }
  return null;
}

/** A launcher that started several processes and offers them no way to find each other. */
export interface SilentLauncher {
  readonly name: string;
  /** What it was found by, as in `SLURM_STEP_NUM_TASKS=4`. */
  readonly evidence: string;
  /** What to do about it. */
  readonly advice: string;
}

const BY_MPIEXEC = 'start the program with the mpiexec of the MPI installation';

/**
 * Of batch systems whose launchers start processes with or without PMI, which MPI needs. Without it each process would believe that
 * it is alone, and do the whole work. Only for an environment in which {@link findLauncher} finds nothing.
 * @see Slurm, srun(1); Flux, flux-environment(7); HPE Cray PALS; PBS, pbsdsh(1B)
 */
export function findSilentLauncher(environment: Environment): SilentLauncher | null {
  const many = (name: string): boolean => Number(environment[name]) > 1;
  const found = (name: string, variable: string, advice: string): SilentLauncher => ({
    name,
    evidence: `${variable}=${environment[variable]}`,
    advice,
  });
  if (many('SLURM_STEP_NUM_TASKS')) {
    const advice = `use srun --mpi=pmix (srun --mpi=list shows what there is), or ${BY_MPIEXEC}`;
    return found('srun', 'SLURM_STEP_NUM_TASKS', advice);
  }
  if (many('FLUX_JOB_SIZE')) {
    return found('flux', 'FLUX_JOB_SIZE', `use flux run -o pmi=pmix for Open MPI, or ${BY_MPIEXEC}`);
  }
  // These two do not tell how many there are: a number above 0 says that there are several.
  if (Number(environment.PALS_RANKID) > 0)
    return found('PALS', 'PALS_RANKID', `use mpiexec --pmi=pmix, or ${BY_MPIEXEC}`);
  if (Number(environment.PBS_TASKNUM) > 1) return found('pbsdsh', 'PBS_TASKNUM', BY_MPIEXEC);
  return null;
}

/** Marks a process that took its place in a job: children inherit the launcher's variables but are not ranks. */
export const OWNER_VARIABLE = 'DML_MPI_OWNER';

/** What {@link OWNER_VARIABLE} holds in the process that owns its place in the job. */
export function ownerMark(environment: Environment): string {
  return `${process.pid}@${jobName(environment)}`;
}

/** Whether this process is a child of a rank, and not a rank of a job of its own. */
export function isChildOfRank(environment: Environment): boolean {
  const mark = environment[OWNER_VARIABLE];
  if (mark === undefined) return false;
  // Names of jobs may hold an @ too: Open MPI 5 has prterun-host-123@1.
  const end = mark.indexOf('@');
  return mark.slice(0, end) !== String(process.pid) && mark.slice(end + 1) === jobName(environment);
}

function jobName(environment: Environment): string {
  return environment.PMIX_NAMESPACE ?? environment.PMI_JOBID ?? '';
}
