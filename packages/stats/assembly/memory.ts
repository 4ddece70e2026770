/**
 * Where the kernels keep what they compute on the way, and where the caller's memory begins. All modules work in one memory, one
 * kernel at a time, so they share the table and the scratch. The static data of each lies between the two, where buildKernels.mjs puts it.
 */

/** The table of the exponential, 256 numbers: written by wasmModule.ts, see exp.ts. */
export const POWERS: usize = 1024;

/** Behind the static data of all modules. */
export const SCRATCH: usize = 8192;

/** 128 hidden states, a scatter in 128 dimensions, a softmax of 4000 components. */
const SCRATCH_BYTES: usize = 8 * 73728 + 96;

/** The first byte that is the caller's. */
export const ARENA: usize = SCRATCH + ((SCRATCH_BYTES + 63) & ~63);

/** Bytes from one column of a block of vectors to the next: STAGED_STRIDE of src/numeric/kernels/runs.ts. */
export const COLUMN: usize = 8 * (1024 + 8);

/** Three quadruples of rows, at the end of the scratch. */
const PADDED: usize = ARENA - 96;

/** A copy of the last one to three rows, padded with 0 to four: the `slot`-th of three. */
export function paddedRows(at: usize, tail: i32, slot: usize): usize {
  const copy = PADDED + (slot << 5);
  v128.store(copy, f64x2.splat(0));
  v128.store(copy, f64x2.splat(0), 16);
  for (let i: usize = 0; i < <usize>tail << 3; i += 8) store<f64>(copy + i, load<f64>(at + i));
  return copy;
}
