/** The kernels over lists of items. */
import { kernels } from '../index.js';
import type { KernelSet } from '../kernels.js';
import { checkedCalls, type KernelCalls, twinCalls } from './calls.generated.js';
import { type KernelExports, moduleCalls } from './moduleCalls.generated.js';
import { WASM_TEXT } from './wasm.generated.js';

export const ITEMS: KernelSet<KernelCalls> = {
  text: WASM_TEXT,
  twin: () => checkedCalls(twinCalls()),
  wasm(exports, { border }) {
    const twin = twinCalls();
    // The bytes are built from assembly/modules/items.ts.
    return checkedCalls(moduleCalls(exports as KernelExports, border, twin), twin);
  },
};

/** The kernels over lists of items, in the implementation that {@link kernels} chooses for so many rows. */
export function itemKernels(rowCount?: number): KernelCalls {
  return kernels(rowCount).also(ITEMS);
}
