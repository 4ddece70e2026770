import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Part } from './lines.js';

/** The rows of a Parquet file, a list for each row group; each rank reads its share of the groups. */
export async function* parquetRows(
  path: string,
  { rank, size }: Part,
): AsyncGenerator<readonly Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
  let rowStart = 0;
  for (const [group, rowCount] of groups.entries()) {
    const rowEnd = rowStart + rowCount;
    const reader = Math.floor(((group + 1) * size - 1) / groups.length);
    if (reader === rank) yield parquetReadObjects({ file, metadata, rowStart, rowEnd });
    rowStart = rowEnd;
  }
}
