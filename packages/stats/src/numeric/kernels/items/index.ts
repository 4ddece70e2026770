/** The kernels over lists of items. */
import { checkRange } from '../check.js';
import { kernels } from '../index.js';
import type { KernelSet } from '../kernels.js';
import { checkedCalls, type KernelCalls, twinCalls } from './calls.generated.js';
import { type KernelExports, moduleCalls } from './moduleCalls.generated.js';
import { type Lists, listsInPlace, StagedLists } from './stagedLists.js';
import { WASM_TEXT } from './wasm.generated.js';

export type { Lists } from './stagedLists.js';

export interface ItemKernels extends KernelCalls {
  /**
   * Rows [start, start + count) of a column of lists, as the kernels take them. While a workspace remembers, they are copied to where
   * the kernels use them in place, and the copy serves again; valid until 4 more blocks have been staged. More than `RUN` rows, or
   * rows of more than `SLOT_LENGTH` items together, stay where they are.
   */
  stageLists(offsets: Int32Array, items: Int32Array, start: number, count: number): Lists;
}

export const ITEMS: KernelSet<ItemKernels> = {
  text: WASM_TEXT,
  twin: () => ({
    ...checkedCalls(twinCalls()),
    stageLists(offsets, items, start, count) {
      checkRange('offsets', offsets, start, count + 1);
      return listsInPlace(offsets, items, start, count);
    },
  }),
  wasm(exports, host, { hold }) {
    const twin = twinCalls();
    const staged = (isRemembering: boolean) =>
      isRemembering ? new StagedLists(host) : { stage: listsInPlace, release: () => {} };
    return {
      // The bytes are built from assembly/modules/items.ts.
      ...checkedCalls(moduleCalls(exports as KernelExports, host.border, twin), twin),
      stageLists(offsets, items, start, count) {
        checkRange('offsets', offsets, start, count + 1);
        return hold(staged).stage(offsets, items, start, count);
      },
    };
  },
};

/** The kernels over lists of items, in the implementation that {@link kernels} chooses for so many rows. */
export function itemKernels(rowCount?: number): ItemKernels {
  return kernels(rowCount).also(ITEMS);
}
