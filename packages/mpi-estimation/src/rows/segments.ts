import type { Columns } from '../ports.js';
import type { Piece, Shard } from './encodedRows.js';

/** Calls `visit` for this rank's segments in order. The next one is read while the current one is worked on. */
export async function forEachSegment<C extends Columns>(
  shard: Shard<C>,
  visit: (piece: Piece<C>, segment: number) => void,
): Promise<void> {
  const { firstSegment, endSegment, store } = shard;
  let next = firstSegment < endSegment ? store.read(firstSegment) : undefined;
  try {
    for (let segment = firstSegment; segment < endSegment; segment++) {
      const piece: Piece<C> = next instanceof Promise ? await next : next!;
      next = segment + 1 < endSegment ? store.read(segment + 1) : undefined;
      visit(piece, segment);
    }
  } catch (error) {
    // A read that is under way must end before the file is closed, and its own failure is not of interest any more.
    await Promise.allSettled([next]);
    throw error;
  }
}
