/** Lengths that the kernels know. The first two are part of the numeric contract: sums and blocks depend on them. */

/** Rows per run of a sum, and the most rows that one `stage…` call holds. */
export const RUN = 1024;

/** Distance between two columns of a block of vectors: not a multiple of a cache page. */
export const STAGED_STRIDE = RUN + 8;

/** Below this many rows the twin is faster than crossing into WebAssembly. */
export const SMALL = 4;

/** Entries of the buffers through which arrays from elsewhere go to WebAssembly and come back. */
export const SLOT_LENGTH = 16384;

/** Calls `run` for each run of rows: with the rows before it, and how many it has. */
export function inRuns(count: number, run: (done: number, length: number) => void): void {
  for (let done = 0; done < count; done += RUN) run(done, Math.min(RUN, count - done));
}
