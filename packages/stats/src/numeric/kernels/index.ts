/** Chooses the implementation of the kernels: WebAssembly where it starts, the TypeScript twin elsewhere. */
import { Arena } from './arena.js';
import { Border } from './border.js';
import { kernelCalls } from './calls.generated.js';
import type { Kernels } from './kernels.js';
import { arenaMemory, heapMemory } from './memory.js';
import { type StartedModule, startModule, startModuleLater } from './wasmModule.js';

export type { Kernels, Workspace } from './kernels.js';
export { RUN, STAGED_STRIDE } from './runs.js';

/** Starting the module takes about a millisecond: below this many rows in all, the twin has finished by then. */
const WORTH_STARTING = 2000;

let chosen: Kernels | undefined;
let wasm: Kernels | undefined;
let twin: Kernels | undefined;

function theTwin(): Kernels {
  twin ??= { kind: 'twin', ...heapMemory(), ...kernelCalls() };
  return twin;
}

function adopt(module: StartedModule | undefined): Kernels | undefined {
  if (wasm === undefined && module !== undefined) {
    const { exports, buffer } = module;
    const arena = new Arena(buffer, exports.ARENA.value);
    const largestCodes = new WeakMap<Int32Array, number>();
    const border = new Border(arena, exports.largestCode, largestCodes);
    const memory = arenaMemory(arena, exports, largestCodes);
    wasm = { kind: 'wasm', ...memory, ...kernelCalls({ wasm: exports, border }) };
  }
  return wasm;
}

/** Browsers have no `process`. */
function twinIsForced(): boolean {
  const { process } = globalThis as { readonly process?: { readonly env?: { readonly DML_KERNELS?: string } } };
  return process?.env?.DML_KERNELS === 'twin';
}

/**
 * The kernels of this process. The first call with enough work starts WebAssembly; where that is impossible, and
 * where the environment variable DML_KERNELS is "twin", the twin is used for good. Both give the same bits, so a
 * fit may begin with one and go on with the other.
 * @param rowCount rows of the work to come; below 2000 nothing is started. Default: enough
 * @example
 * ```ts
 * const out = new Float64Array(2);
 * kernels().exp(Float64Array.of(0, 1), 2, out); // out: [1, 2.7182818284590455]
 * ```
 */
export function kernels(rowCount = WORTH_STARTING): Kernels {
  if (chosen !== undefined) return chosen;
  if (rowCount < WORTH_STARTING) return theTwin();
  chosen = twinIsForced() ? theTwin() : (adopt(startModule()) ?? theTwin());
  return chosen;
}

/**
 * Starts WebAssembly without blocking, for pages that may not compile it synchronously. Optional elsewhere.
 * @returns which implementation runs from now on
 */
export async function kernelsReady(): Promise<Kernels['kind']> {
  if (chosen?.kind !== 'wasm') {
    chosen = twinIsForced() ? theTwin() : (wasm ?? adopt(await startModuleLater()) ?? theTwin());
  }
  return chosen.kind;
}

/**
 * One named implementation, for tests and benchmarks that compare them. It does not change what {@link kernels} gives.
 * @throws {Error} for "wasm" where it cannot start
 */
export function kernelsOfKind(kind: Kernels['kind']): Kernels {
  const found = kind === 'twin' ? theTwin() : (wasm ?? adopt(startModule()));
  if (found === undefined) throw new Error('WebAssembly with SIMD cannot start here. Use the twin.');
  return found;
}
