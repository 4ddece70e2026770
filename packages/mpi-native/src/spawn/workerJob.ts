/** What a worker thread of this process was started with. */
import { type MessagePort, workerData } from 'node:worker_threads';
import type { Tell } from '../contract/transport.js';
import { SHARED_JOB_KEY, type SharedJob } from '../threads/sharedMemory.js';
import { failureMessage } from './rankMessages.js';

/** The name in `workerData` under which a rank of `spawnRanks` finds its {@link SpawnedRank}. */
export const SPAWNED_RANK_KEY = '@dml/mpi-native/spawned';

/** What `spawnRanks` gives to each worker beside its {@link SharedJob}. */
export interface SpawnedRank {
  /** Address of the module, and the name of the function that it exports. */
  readonly module: string;
  readonly name: string;
  readonly data: unknown;
  /** Takes `RankMessage`s to the program that started the ranks. */
  readonly port: MessagePort;
}

/** The job that this thread is a worker of, `null` in any other thread. */
export function sharedJob(): SharedJob | null {
  return (data()[SHARED_JOB_KEY] as SharedJob | undefined) ?? null; // written by dml-run and spawnRanks alone
}

/** What `spawnRanks` asks of this thread, `null` in any other thread. */
export function spawnedRank(): SpawnedRank | null {
  return (data()[SPAWNED_RANK_KEY] as SpawnedRank | undefined) ?? null; // written by spawnRanks alone
}

/** How this rank tells the program that started it why the job fails; `undefined` where a failure is printed. */
export function tellParent(): Tell | undefined {
  const spawned = spawnedRank();
  if (spawned === null) return undefined;
  return (reason, thrown) => spawned.port.postMessage(failureMessage(reason, thrown));
}

function data(): Readonly<Record<string, unknown>> {
  return typeof workerData === 'object' && workerData !== null ? workerData : {};
}
