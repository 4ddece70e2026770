/** The kernels in WebAssembly. */
import { Arena } from './arena.js';
import { arenaMemory } from './arenaMemory.js';
import { Border } from './border.js';
import { checkedCalls, twinCalls } from './columns/calls.generated.js';
import { moduleCalls } from './columns/moduleCalls.generated.js';
import { allowStart, twinKernels } from './index.js';
import { setsOf } from './kernelSet.js';
import type { Kernels } from './kernels.js';
import { startFirst } from './wasmModule.js';

let wasm: Kernels | undefined;

/** Started by the first call. Undefined where the module cannot start. */
function wasmKernels(): Kernels | undefined {
  wasm ??= start();
  return wasm;
}

function start(): Kernels | undefined {
  const first = startFirst();
  if (first === undefined) return undefined;
  const { exports, buffer, startNext } = first;
  const arena = new Arena(buffer, exports.ARENA.value);
  const largestCodes = new WeakMap<Int32Array, number>();
  const border = new Border(arena, exports.largestCode, largestCodes);
  const host = { arena, border };
  const memory = arenaMemory(arena, exports, largestCodes);
  const twin = twinCalls();
  return {
    kind: 'wasm',
    ...memory,
    ...checkedCalls(moduleCalls(exports, border, twin), twin),
    also: setsOf((set) => {
      const more = startNext(set.text);
      return more === undefined ? set.twin(memory) : set.wasm(more, host, memory);
    }),
  };
}

/**
 * From now on the kernels run in WebAssembly where there is enough work. Functions that pass over many rows call it before
 * they do: whoever imports one of them has the module, and nobody else.
 */
export function allowWebAssembly(): void {
  allowStart(wasmKernels);
}

/**
 * One named implementation, for tests and benchmarks that compare them. It does not change what `kernels` gives.
 * @throws {Error} for "wasm" where it cannot start
 */
export function kernelsOfKind(kind: Kernels['kind']): Kernels {
  const found = kind === 'twin' ? twinKernels() : wasmKernels();
  if (found === undefined) throw new Error('WebAssembly with SIMD cannot start here. Use the twin.');
  return found;
}
