/** Scratch and staging where WebAssembly uses them in place. */
import { type Arena, ArenaWorkspace } from './arena.js';
import type { Memory } from './kernels.js';
import { memoryOf } from './memory.js';
import { StagedColumns } from './stagedColumns.js';
import type { WasmExports } from './wasmModule.js';

/** @param largestCodes  filled with the largest code of each staged range, as an unsigned number */
export function arenaMemory(arena: Arena, wasm: WasmExports, largestCodes: WeakMap<Int32Array, number>): Memory {
  return memoryOf(
    () => {
      const workspace = new ArenaWorkspace(arena);
      return { float64: (length) => workspace.float64(length), release: () => workspace.release() };
    },
    () => new StagedColumns(arena, wasm, largestCodes),
  );
}
