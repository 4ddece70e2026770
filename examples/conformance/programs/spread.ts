/** Ways in which rows can lie on ranks. */
import type { Rows } from '@dml/mpi-estimation';
import type { Communicator } from '@dml/mpi-native';

export type Layout = 'on rank 0' | 'on the last rank' | 'even' | 'uneven' | 'streamed';

/** The rows of this rank. The ranks' rows, one after the other, are `rows`. */
export function spread<T>(rows: readonly T[], comm: Communicator, layout: Layout): Rows<T> {
  const { rank, size } = comm;
  if (layout === 'on rank 0') return rank === 0 ? rows : null;
  if (layout === 'on the last rank') return rank === size - 1 ? rows : null;
  if (layout === 'uneven') {
    // The first rank has a few rows, the second none, the last most.
    const few = Math.min(3, rows.length);
    if (size === 1) return rows;
    if (rank === 0) return rows.slice(0, few);
    return rank === size - 1 ? rows.slice(few) : [];
  }
  const own = rows.slice(Math.floor((rows.length * rank) / size), Math.floor((rows.length * (rank + 1)) / size));
  return layout === 'even' ? own : stream(own, 97);
}

async function* stream<T>(rows: readonly T[], length: number): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < rows.length; start += length) yield rows.slice(start, start + length);
}
