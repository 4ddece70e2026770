/**
 * The numeric kernels that the families call, as one interface with two implementations that give the same bits:
 * WebAssembly SIMD, and TypeScript (the *twin*, which is also the specification: see twin/ for each kernel).
 *
 * They come in sets, each with a WebAssembly module of its own in the same memory: those over columns, which are always there, and
 * others that only the families have in a bundle that call them (see {@link KernelSet}).
 *
 * Conventions, for every kernel:
 * - An array argument is read or written from its entry 0 on; give a `subarray` to begin elsewhere.
 * - A kernel reads and writes `count` rows and nothing else. An array that is too short throws `RangeError`.
 * - `add…` adds to `out` what the kernel of the same name without `add` stores.
 * - Arrays may live anywhere. Those from a {@link Workspace} or from `stage…` are used in place; others are copied
 *   through a small buffer, or handed to the twin. The result is the same to the bit.
 * - NaN in gives NaN out, never an error. Which NaN is not defined.
 *
 * Sums are taken in *runs* of {@link RUN} rows. Within a run, row i is added to lane i mod 4, and the run gives
 * (lane 0 + lane 2) + (lane 1 + lane 3). Runs are added in order. A kernel that sums otherwise says so.
 *
 * An argument list stands in one place, at the twin's function. The checks and the calls into WebAssembly are made from it
 * by scripts/buildKernels.mjs, and this interface has its type.
 *
 * To add a kernel to a set: write its twin in twin/ and name it in the set's twin.ts; write it in assembly/ and export it from the
 * set's file in assembly/modules/; say in scripts/kernelTable.mjs what its arguments hold; run `npm run build:kernels`. The tests of
 * test/numeric/kernels/ compare both to the bit.
 */
import type { Arena } from './arena.js';
import type { Border } from './border.js';
import type { KernelCalls } from './columns/calls.generated.js';

/** Owner of scratch arrays. Arrays are zeroed; they must not be used after `release`. */
export interface Workspace {
  /** A zeroed array of `length` doubles. */
  float64(length: number): Float64Array;
  /**
   * Runs `use`. Columns that are staged meanwhile are remembered by identity, from one such call to the next, until
   * `release`: they must not change before it.
   */
  remember<R>(use: () => R): R;
  /** Gives all arrays of this workspace back, and forgets what was staged. Calling it twice is harmless. */
  release(): void;
}

/** What is given back with a workspace. */
export interface Held {
  release(): void;
}

/** Scratch and staging of an implementation. */
export interface Memory {
  /** Opens a workspace: scratch that the kernels use in place. Call `release` in a `finally`. */
  workspace(): Workspace;

  /**
   * The rows [start, start + count) of an encoded column as an array that starts at row `start`. While a workspace
   * remembers, the rows are copied to where the kernels use them in place, once for a range that is staged again and
   * again; the array is valid until another range of the column, or 1024 other columns, have been staged. Else, and for
   * more than {@link RUN} rows of a first pass, it is a view of the column. Do not write to it.
   */
  stage(column: Float64Array, start: number, count: number): Float64Array;
  /** {@link stage} for codes. */
  stageCodes(column: Int32Array, start: number, count: number): Int32Array;
  /**
   * What the workspace that remembers has from `make`, which is called once for it; while none remembers, what is used anew by
   * each call.
   */
  hold<H extends Held>(make: (isRemembering: boolean) => H): H;
}

/** Where the modules work. */
export interface ModuleHost {
  readonly arena: Arena;
  readonly border: Border;
}

/** Kernels beside those over columns, with a WebAssembly module of their own. A bundle has them only where something in it calls them. */
export interface KernelSet<K> {
  /** The bytes of the module, as text. */
  readonly text: string;
  /** The kernels in TypeScript. */
  twin(memory: Memory): K;
  /** The kernels in WebAssembly. @param exports  those of the module */
  wasm(exports: unknown, host: ModuleHost, memory: Memory): K;
}

export interface Kernels extends KernelCalls, Memory {
  /** Which implementation this is. */
  readonly kind: 'wasm' | 'twin';
  /** The kernels of another set, in the same implementation. The first call starts their module. */
  also<K>(set: KernelSet<K>): K;
}
