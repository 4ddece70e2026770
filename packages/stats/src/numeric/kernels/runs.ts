/** Lengths that the kernels know. The first three are part of the numeric contract: sums and blocks depend on them. */

/** Rows per run of a sum over vectors or sequences, and the most rows of a block of such rows. */
export const RUN = 1024;

/** Rows per run of a sum over columns, the most rows of a block of narrow rows, and of a column that is staged. */
export const COLUMN_RUN = 4096;

/** Distance between two columns of a block of vectors: not a multiple of a cache page. */
export const STAGED_STRIDE = RUN + 8;

/** Below this many rows the twin is faster than crossing into WebAssembly. */
export const SMALL = 4;

/** Entries of the buffers through which arrays from elsewhere go to WebAssembly and come back. */
export const SLOT_LENGTH = 16384;

/** Calls `run` for each run of rows, of at most `most`: with the rows before it, and how many it has. */
export function inRuns(count: number, most: number, run: (done: number, length: number) => void): void {
  for (let done = 0; done < count; done += most) run(done, Math.min(most, count - done));
}
