/** The kernels over blocks of vectors. */
import { ArenaWorkspace } from '../arena.js';
import { checkVectors } from '../check.js';
import { kernels } from '../index.js';
import type { KernelSet, Memory } from '../kernels.js';
import { checkedCalls, type KernelCalls, twinCalls } from './calls.generated.js';
import { type KernelExports, moduleCalls } from './moduleCalls.generated.js';
import { type BlockMemory, StagedBlocks } from './stagedBlocks.js';
import { WASM_TEXT } from './wasm.generated.js';

export interface VectorKernels extends KernelCalls {
  /**
   * Rows [start, start + count) of a row-major [n × dimension] matrix, turned into `dimension` columns at distance
   * `STAGED_STRIDE`: entry j of row start + i is at `[j * STAGED_STRIDE + i]`. Remembered like a column of `stage`;
   * valid until 4 more blocks have been staged.
   * @throws {RangeError} for more than `RUN` rows.
   */
  stageVectors(rows: Float64Array, start: number, count: number, dimension: number): Float64Array;
  /** The same rows as they are: entry j of row start + i is at `[i * dimension + j]`. */
  stageRows(rows: Float64Array, start: number, count: number, dimension: number): Float64Array;
}

/** @param module  where it stages. Default: on the JavaScript heap */
function staging({ hold }: Memory, module?: () => BlockMemory): Pick<VectorKernels, 'stageVectors' | 'stageRows'> {
  const blocks = (isRemembering: boolean) => new StagedBlocks(isRemembering, module?.());
  const rowBlocks = (isRemembering: boolean) => new StagedBlocks(isRemembering, module?.(), false);
  return {
    stageVectors(rows, start, count, dimension) {
      checkVectors(rows, start, count, dimension);
      return hold(blocks).stage(rows, start, count, dimension);
    },
    stageRows(rows, start, count, dimension) {
      checkVectors(rows, start, count, dimension);
      if (module === undefined) return rows.subarray(start * dimension, (start + count) * dimension);
      return hold(rowBlocks).stage(rows, start, count, dimension);
    },
  };
}

export const VECTORS: KernelSet<VectorKernels> = {
  text: WASM_TEXT,
  twin: (memory) => ({ ...checkedCalls(twinCalls()), ...staging(memory) }),
  wasm(exports, { arena, border }, memory) {
    // The bytes are built from assembly/modules/vectors.ts.
    const wasm = exports as KernelExports & Pick<BlockMemory, 'transpose'>;
    const twin = twinCalls();
    const { buffer } = arena;
    const module = () => ({ workspace: new ArenaWorkspace(arena), buffer, transpose: wasm.transpose });
    return { ...checkedCalls(moduleCalls(wasm, border, twin), twin), ...staging(memory, module) };
  },
};

/** The kernels over vectors, in the implementation that {@link kernels} has chosen. */
export function vectorKernels(): VectorKernels {
  return kernels().also(VECTORS);
}
