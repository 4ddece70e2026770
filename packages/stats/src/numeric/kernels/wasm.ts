/** The WebAssembly implementation: an arena in the module's memory, and kernels that work in it. */
import { Arena } from './arena.js';
import { Border } from './border.js';
import type { Memory, RunKernels } from './runKernels.js';
import { stagedMemory } from './stagedMemory.js';
import { wasmBlocks } from './wasmBlocks.js';
import { wasmColumns } from './wasmColumns.js';
import { ARENA_START, type StartedModule } from './wasmModule.js';

/** Binds the kernels to a started module. */
export function bindModule({ exports, buffer }: StartedModule): { kernels: RunKernels; memory: Memory } {
  const arena = new Arena(buffer, ARENA_START);
  const border = new Border(arena);
  const largestCodes = new Map<Int32Array, number>();
  return {
    kernels: { ...wasmColumns(exports, border, arena, largestCodes), ...wasmBlocks(exports, border, arena) },
    memory: stagedMemory(arena, exports, largestCodes),
  };
}
