/** Scratch and staging where WebAssembly uses them in place. */
import { type Arena, ArenaWorkspace } from './arena.js';
import type { Memory } from './kernels.js';
import { memoryOf, stagingOf } from './memory.js';
import { StagedBlocks } from './stagedBlocks.js';
import { StagedColumns } from './stagedColumns.js';
import type { WasmExports } from './wasmModule.js';

/** @param largestCodes  filled with the largest code of each staged range, as an unsigned number */
export function arenaMemory(arena: Arena, wasm: WasmExports, largestCodes: WeakMap<Int32Array, number>): Memory {
  const stagedBlocks = (isRemembering: boolean) =>
    new StagedBlocks(isRemembering, { workspace: new ArenaWorkspace(arena), buffer: arena.buffer, wasm });
  return memoryOf(
    () => {
      const workspace = new ArenaWorkspace(arena);
      return { float64: (length) => workspace.float64(length), release: () => workspace.release() };
    },
    stagingOf(stagedBlocks(false)),
    () => {
      const blocks = stagedBlocks(true);
      const columns = new StagedColumns(arena, wasm, largestCodes);
      return {
        ...stagingOf(blocks),
        stage: (column, start, count) => columns.stage(column, start, count),
        stageCodes: (column, start, count) => columns.stageCodes(column, start, count),
        release() {
          blocks.release();
          columns.release();
        },
      };
    },
  );
}
