/** Chooses the implementation of the kernels: the TypeScript twin, or WebAssembly once that is allowed. */
import { checkedCalls, twinCalls } from './columns/calls.generated.js';
import { setsOf } from './kernelSet.js';
import type { Kernels } from './kernels.js';
import { heapMemory } from './memory.js';

export type { Kernels, Workspace } from './kernels.js';
export { COLUMN_RUN, RUN, SLOT_LENGTH, STAGED_STRIDE } from './runs.js';

/** Starting the module takes about a millisecond: below this many rows in all, the twin has finished by then. */
const WORTH_STARTING = 2000;

let chosen: Kernels | undefined;
let twin: Kernels | undefined;
let startWebAssembly: (() => Kernels | undefined) | undefined;

/**
 * Lets {@link kernels} start WebAssembly by `start`, from the first call with enough work on. The choice is made here and not
 * by an import, so that a page that only scores is without the module: see `allowWebAssembly`, which fits call.
 */
export function allowStart(start: () => Kernels | undefined): void {
  startWebAssembly = start;
}

/** The implementation in TypeScript. */
export function twinKernels(): Kernels {
  twin ??= startTwin();
  return twin;
}

function startTwin(): Kernels {
  const memory = heapMemory();
  return { kind: 'twin', ...memory, ...checkedCalls(twinCalls()), also: setsOf((set) => set.twin(memory)) };
}

/** Browsers have no `process`. */
function twinIsForced(): boolean {
  const { process } = globalThis as { readonly process?: { readonly env?: { readonly DML_KERNELS?: string } } };
  return process?.env?.DML_KERNELS === 'twin';
}

/**
 * The kernels of this process. Once WebAssembly is allowed, the first call with enough work starts it; where that is
 * impossible, and where the environment variable DML_KERNELS is "twin", the twin is used for good. Both give the same bits,
 * so a fit may begin with one and go on with the other.
 * @param rowCount rows of the work to come; below 2000 nothing is started. Default: enough
 * @example
 * ```ts
 * const out = new Float64Array(2);
 * kernels().exp(Float64Array.of(0, 1), 2, out); // out: [1, 2.7182818284590455]
 * ```
 */
export function kernels(rowCount = WORTH_STARTING): Kernels {
  if (chosen !== undefined) return chosen;
  if (startWebAssembly === undefined || rowCount < WORTH_STARTING) return twinKernels();
  chosen = twinIsForced() ? twinKernels() : (startWebAssembly() ?? twinKernels());
  return chosen;
}
