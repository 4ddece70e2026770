/** Where the kernels keep what they compute on the way, and where the caller's memory begins. */

/** On a cache line, behind the static data. */
export const SCRATCH: usize = (__heap_base + 63) & ~63;

/** 128 hidden states, a scatter in 128 dimensions, a softmax of 4000 components. */
const SCRATCH_BYTES: usize = 8 * 73728;

/** The first byte that is the caller's. */
export const ARENA: usize = SCRATCH + SCRATCH_BYTES;

/** Bytes from one column of a block of vectors to the next: STAGED_STRIDE of src/numeric/kernels/runs.ts. */
export const COLUMN: usize = 8 * (1024 + 8);
