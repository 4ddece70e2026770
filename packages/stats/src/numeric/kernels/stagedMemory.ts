/** Scratch in the arena, and copies of column ranges that are remembered from call to call. */
import { type Arena, ArenaWorkspace } from './arena.js';
import { checkRange, checkVectors } from './check.js';
import { heapMemory } from './heapMemory.js';
import type { Memory } from './kernels.js';
import { RUN, STAGED_STRIDE } from './runs.js';
import type { WasmExports } from './wasmModule.js';

/** Columns that there is a place for from the start, at 8 KiB each. */
const COLUMNS = 64;
/** Columns that are remembered at most: a model of more copies some of them anew for each component. */
const MOST_COLUMNS = 1024;
const BLOCKS = 4;

/** A remembered range; the views are of the same bytes. */
interface Staged {
  /** Number of the claim that holds this slot now. */
  claim: number;
  start: number;
  count: number;
  /** The slot's memory as doubles and as integers, cut to `count`. */
  float64: Float64Array;
  int32: Int32Array;
  readonly offset: number;
}

/** What a column knows of its slot. It has lost the slot when the numbers differ. */
interface Claim {
  readonly slot: Staged;
  readonly number: number;
}

interface StagedBlock {
  rows: Float64Array | null;
  start: number;
  count: number;
  dimension: number;
  columns: Float64Array;
  release: () => void;
}

/**
 * @param largestCodes  filled with the largest code of each staged range, as unsigned, so that kernels need not look at
 *   every code at every call
 */
export function stagedMemory(arena: Arena, wasm: WasmExports, largestCodes: Map<Int32Array, number>): Memory {
  const { buffer } = arena;
  const heap = heapMemory();
  const slots: Staged[] = Array.from({ length: COLUMNS }, () => slotAt(arena.float64(RUN).byteOffset));
  // Weak, because columns that are read from disk for each pass come by the hundred and are large.
  let claims = new WeakMap<Float64Array | Int32Array, Claim>();
  let claimCount = 0;
  /** Slots in use; those behind them are free. */
  let claimed = 0;
  let oldest = 0;

  const blocks: StagedBlock[] = Array.from({ length: BLOCKS }, () => ({
    rows: null,
    start: 0,
    count: 0,
    dimension: 0,
    columns: new Float64Array(0),
    release: () => {},
  }));
  let nextBlock = 0;
  let rowMajor = new ArenaWorkspace(arena);
  let rowMajorCopy = rowMajor.float64(0);

  /** What a fit has read may change before the next one. */
  function forget(): void {
    claims = new WeakMap();
    largestCodes.clear();
    claimed = 0;
    oldest = 0;
    for (const block of blocks) block.rows = null;
  }

  function slotAt(offset: number): Staged {
    const float64 = new Float64Array(buffer, offset, RUN);
    return { claim: 0, start: 0, count: RUN, float64, int32: new Int32Array(buffer, offset, RUN), offset };
  }

  /** A free slot, or the one that was claimed first where there is no room for more. */
  function nextSlot(): Staged {
    if (claimed === slots.length && claimed < MOST_COLUMNS) {
      const block = arena.take(8 * RUN);
      if (block !== undefined) slots.push(slotAt(block.start));
    }
    if (claimed < slots.length) return slots[claimed++]!;
    const slot = slots[oldest]!;
    oldest = (oldest + 1) % slots.length;
    return slot;
  }

  function slotOf(column: Float64Array | Int32Array): Staged | undefined {
    const known = claims.get(column);
    return known !== undefined && known.slot.claim === known.number ? known.slot : undefined;
  }

  function claim(column: Float64Array | Int32Array, start: number, count: number): Staged {
    let slot = slotOf(column);
    if (slot === undefined) {
      slot = nextSlot();
      slot.claim = ++claimCount;
      claims.set(column, { slot, number: claimCount });
    }
    largestCodes.delete(slot.int32);
    slot.start = start;
    if (slot.count !== count) {
      slot.count = count;
      slot.float64 = new Float64Array(buffer, slot.offset, count);
      slot.int32 = new Int32Array(buffer, slot.offset, count);
    }
    return slot;
  }

  /** The slot that holds this range already. */
  function remembered(column: Float64Array | Int32Array, start: number, count: number): Staged | undefined {
    const slot = slotOf(column);
    return slot !== undefined && slot.start === start && slot.count === count ? slot : undefined;
  }

  function copyOfRows(rows: Float64Array, start: number, count: number, dimension: number): Float64Array | undefined {
    const length = count * dimension;
    if (rowMajorCopy.length < length) {
      rowMajor.release();
      rowMajor = new ArenaWorkspace(arena);
      rowMajorCopy = rowMajor.float64(RUN * dimension);
    }
    if (rowMajorCopy.buffer !== buffer) return undefined;
    rowMajorCopy.set(rows.subarray(start * dimension, (start + count) * dimension));
    return rowMajorCopy;
  }

  return {
    workspace() {
      const workspace = new ArenaWorkspace(arena);
      return {
        float64: (length) => workspace.float64(length),
        release() {
          workspace.release();
          forget();
        },
      };
    },
    stage(column, start, count) {
      checkRange('column', column, start, count);
      if (count > RUN || column.buffer === buffer) return column.subarray(start, start + count);
      const known = remembered(column, start, count);
      if (known !== undefined) return known.float64;
      const slot = claim(column, start, count);
      slot.float64.set(column.subarray(start, start + count));
      return slot.float64;
    },
    stageCodes(column, start, count) {
      checkRange('column', column, start, count);
      if (count > RUN || column.buffer === buffer) return column.subarray(start, start + count);
      const known = remembered(column, start, count);
      if (known !== undefined) return known.int32;
      const slot = claim(column, start, count);
      slot.int32.set(column.subarray(start, start + count));
      largestCodes.set(slot.int32, wasm.largestCode(slot.offset, count) >>> 0);
      return slot.int32;
    },
    stageVectors(rows, start, count, dimension) {
      checkVectors(rows, start, count, dimension);
      for (const block of blocks) {
        if (block.rows === rows && block.start === start && block.count === count && block.dimension === dimension) {
          return block.columns;
        }
      }
      const block = blocks[nextBlock]!;
      nextBlock = (nextBlock + 1) % BLOCKS;
      const length = dimension * STAGED_STRIDE;
      if (block.columns.length < length) {
        block.release();
        const workspace = new ArenaWorkspace(arena);
        block.columns = workspace.float64(length);
        block.release = () => workspace.release();
      }
      const copy = copyOfRows(rows, start, count, dimension);
      if (copy === undefined || block.columns.buffer !== buffer)
        return heap.stageVectors(rows, start, count, dimension);
      wasm.transpose(copy.byteOffset, count, dimension, block.columns.byteOffset);
      Object.assign(block, { rows, start, count, dimension });
      return block.columns;
    },
  };
}
