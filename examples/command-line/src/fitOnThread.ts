/** What each thread of `dml fit --threads n` runs. */

import type { RankContext } from '@dml/mpi-native';
import { rowsOf, type Table, type TypedColumn } from '@dml-examples/tables';
import { estimatorsOf } from './estimators.js';
import { type FitSettings, fitRows, type Progress } from './fitRows.js';
import { codecOf, loadModule } from './modelFile.js';

/** For the threads. Its typed arrays, the numbers of the table, are in memory that all of them share. */
export interface ThreadTask {
  readonly table: Table;
  readonly types: readonly TypedColumn[];
  /** The path of the module of `--model`. */
  readonly modulePath: string | undefined;
  readonly settings: FitSettings;
}

/** Each thread encodes and holds its part of the rows. @returns the fit as bytes, on rank 0 */
export default async function fit({
  comm,
  data: { table, types, modulePath, settings },
  report,
  stop,
}: RankContext<ThreadTask, Progress>): Promise<Uint8Array | null> {
  const module = modulePath === undefined ? undefined : await loadModule(modulePath);
  const part = (rank: number) => Math.floor((table.length * rank) / comm.size);
  const fitted = await fitRows(estimatorsOf(types, module, settings.range !== undefined, table), settings, {
    comm,
    rows: rowsOf(table, types, part(comm.rank), part(comm.rank + 1)),
    signal: stop,
    onProgress: report,
  });
  return fitted === null ? null : codecOf(module).encode(fitted);
}
