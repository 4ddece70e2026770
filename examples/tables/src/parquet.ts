/** Tables from Parquet files, column by column. */

import { type Compressors, type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { ColumnBuilder } from './columnBuilder.js';
import { type Column, type Table, TableError } from './table.js';

/** A file of which parts can be read. */
export interface RandomAccess {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** @throws {TableError} for a file that is cut off, or not Parquet */
export async function tableOfParquet(file: RandomAccess, name: string): Promise<Table> {
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    throw new TableError(`${name} cannot be read as Parquet; it may be cut off: ${(error as Error).message}.`);
  }
  const length = Number(metadata.num_rows);
  if (length === 0) throw new TableError(`${name} has no rows.`);
  const compressors = await findCompressors();
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const columns: Column[] = [];
  // One column at a time, and of it one group of rows: what is decoded and not yet in the column stays small.
  for (const column of names) {
    const scan = await parquetScan({ file, metadata, compressors, columns: [column] });
    const builder = new ColumnBuilder(column, length);
    for (const { rowStart, rowEnd } of scan.ranges) {
      try {
        const values = await scan.readColumn({ column, rowStart, rowEnd });
        for (let i = 0; i < values.length; i++) builder.add(values[i]);
      } catch (error) {
        throw new TableError(
          `${name}: rows ${rowStart + 1} to ${rowEnd} of "${column}" cannot be read; the file may be cut off: ${(error as Error).message}.`,
          { row: rowStart + 1, column },
        );
      }
    }
    columns.push(builder.build());
  }
  return { length, columns, notes: [] };
}

/**
 * The compressors compile WebAssembly when they are loaded, which the policy of a page may forbid: then files are read that hyparquet can
 * unpack itself, those packed by snappy or not at all.
 */
async function findCompressors(): Promise<Compressors> {
  try {
    return (await import('hyparquet-compressors')).compressors;
  } catch (error) {
    if (error instanceof Error && error.name === 'CompileError') return {};
    throw error;
  }
}
