/** What the ranks of an MPI job tell each other before a fit. */

import type { Communicator } from '@dml/mpi-native';
import type { Table, TypedColumn } from '@dml-examples/tables';
import { exitCodeOf } from './failures.js';

/** What all ranks know of the data. */
export interface Known {
  /** On rank 0. */
  readonly table: Table | undefined;
  readonly types: readonly TypedColumn[];
  /** The columns of nested values that are used: estimators are made from them. */
  readonly nested: Table | undefined;
}

/**
 * Collective: rank 0 reads the table, the others learn its types.
 * @returns `undefined` on other ranks when rank 0 could not read it, with its exit code set
 * @throws on rank 0 what `read` throws
 */
export async function agreeOn(
  world: Communicator,
  read: () => Promise<{ readonly table: Table; readonly types: readonly TypedColumn[] }>,
): Promise<Known | undefined> {
  if (world.rank !== 0) {
    const told = world.bcastObject<{ readonly code: number } | Omit<Known, 'table'>>(undefined);
    if (!('code' in told)) return { ...told, table: undefined };
    process.exitCode = told.code;
    return undefined;
  }
  try {
    const { table, types } = await read();
    const columns = table.columns.filter(
      ({ kind, name }) => kind === 'others' && types.some((type) => type.name === name && type.isUsed),
    );
    const nested = columns.length === 0 ? undefined : { ...table, columns };
    world.bcastObject({ types, nested });
    return { table, types, nested };
  } catch (error) {
    world.bcastObject({ code: exitCodeOf(error) });
    throw error;
  }
}
