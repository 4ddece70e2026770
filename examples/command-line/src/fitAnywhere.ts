/** A fit in this process, on threads, or on the ranks of an MPI job. */

import { type Communicator, spawnRanks } from '@dml/mpi-native';
import { rowsOf, type Table, type TypedColumn } from '@dml-examples/tables';
import { type Arguments, UsageError } from './command.js';
import type { Estimators } from './estimators.js';
import { type FitSettings, type Fitted, fitRows, type Progress } from './fitRows.js';
import { codecOf, type ModelModule } from './modelFile.js';

export interface FitTask {
  /** On rank 0. */
  readonly table: Table | undefined;
  readonly types: readonly TypedColumn[];
  readonly settings: FitSettings;
  readonly modulePath: string | undefined;
  readonly module: ModelModule | undefined;
  readonly estimators: Estimators;
  readonly world: Communicator;
  readonly stop: AbortController;
  readonly given: Arguments;
}

/**
 * Collective.
 * @returns the fit on rank 0, `null` on others
 */
export async function fitAnywhere(
  { table, types, settings, modulePath, module, estimators, world, stop, given }: FitTask,
  onProgress: (progress: Progress) => void,
): Promise<Fitted | null> {
  const threads = given.integer('threads', 1) ?? 1;
  if (threads > 1 && world.size > 1) throw new UsageError('--threads is for one process; mpiexec has started several.');
  if (threads === 1 || table === undefined) {
    const rows = table === undefined ? null : rowsOf(table, types);
    return fitRows(estimators, settings, { comm: world, rows, signal: stop.signal, onProgress });
  }
  const bytes = await spawnRanks<typeof import('./fitOnThread.js').default>(
    new URL('./fitOnThread.js', import.meta.url),
    {
      data: { table, types, settings, modulePath },
      ranks: threads,
      onProgress,
      stop: stop.signal,
    },
  );
  return bytes === null ? null : (codecOf(module).decode(bytes) as Fitted); // the thread has encoded a fit
}
