/**
 * Copies of column ranges in the arena, remembered from call to call by the identity of the column. In a first pass over a
 * column one range of it is there at a time. From the second pass on its ranges stay, as long as there is room, so that a
 * fit copies its columns twice and not once for each iteration.
 */
import type { Arena, Block } from './arena.js';
import { COLUMN_RUN, RUN } from './runs.js';
import type { WasmExports } from './wasmModule.js';

/** Columns that have a slot at a time: a model of more copies some of them anew for each component. */
const MAX_SLOTS = 1024;
/** What stays comes in pieces of so many bytes. */
const PIECE = 2 ** 18;
/** Half of the memory, of all fits together: the rest is scratch. */
const MAX_PIECES = 2 ** 25 / PIECE;
/** Between two ranges, so that they do not start in the same cache set; each starts on a line. */
const LINE = 64;

type Column = Float64Array | Int32Array;

/** Room for one range of one column. */
interface Slot {
  block: Block;
  owner: Staged | undefined;
  /** Made for the range before: serves again for one of the same length and type. */
  view: Column | undefined;
}

/** What is known of one column, and does not hold it: slots outlive their columns. The range is the one staged last. */
interface Staged {
  start: number;
  count: number;
  view: Column | undefined;
  /** Where the view is, unless it stays. */
  slot: Slot | undefined;
  /** The ranges that stay, by their first row. Absent in the first pass. */
  ranges: Map<number, Column> | undefined;
}

interface Latest {
  column: Column | undefined;
  staged: Staged | undefined;
}

/** Pieces in use in an arena. */
const pieces = new WeakMap<Arena, number>();

export class StagedColumns {
  readonly #arena: Arena;
  readonly #wasm: WasmExports;
  readonly #largestCodes: WeakMap<Int32Array, number>;
  // Weak, because columns that are read from disk for each pass come by the hundred and are large.
  #columns = new WeakMap<Column, Staged>();
  /** The columns of either type that were staged last, which components read one after the other. */
  readonly #lastDoubles: Latest = { column: undefined, staged: undefined };
  readonly #lastCodes: Latest = { column: undefined, staged: undefined };
  readonly #slots: Slot[] = [];
  readonly #freeSlots: Slot[] = [];
  #oldest = 0;
  readonly #pieces: Block[] = [];
  /** Free bytes of the last piece. */
  #free = 0;

  /** @param largestCodes  filled with the largest code of each staged range, as an unsigned number */
  constructor(arena: Arena, wasm: WasmExports, largestCodes: WeakMap<Int32Array, number>) {
    this.#arena = arena;
    this.#wasm = wasm;
    this.#largestCodes = largestCodes;
  }

  stage(column: Float64Array, start: number, count: number): Float64Array {
    // A view of doubles for a column of doubles: see viewAt.
    return this.#stage(column, this.#stagedOf(column, this.#lastDoubles), start, count) as Float64Array;
  }

  stageCodes(column: Int32Array, start: number, count: number): Int32Array {
    return this.#stage(column, this.#stagedOf(column, this.#lastCodes), start, count) as Int32Array; // likewise
  }

  release(): void {
    this.#columns = new WeakMap();
    for (const last of [this.#lastDoubles, this.#lastCodes]) last.column = last.staged = undefined;
    for (const { block } of this.#slots.splice(0)) this.#arena.give(block);
    this.#freeSlots.length = 0;
    this.#oldest = 0;
    pieces.set(this.#arena, (pieces.get(this.#arena) ?? 0) - this.#pieces.length);
    for (const block of this.#pieces.splice(0)) this.#arena.give(block);
    this.#free = 0;
  }

  #stagedOf(column: Column, last: Latest): Staged {
    if (last.column === column && last.staged !== undefined) return last.staged;
    let staged = this.#columns.get(column);
    if (staged === undefined) {
      staged = { start: 0, count: -1, view: undefined, slot: undefined, ranges: undefined };
      this.#columns.set(column, staged);
    }
    last.column = column;
    last.staged = staged;
    return staged;
  }

  #stage(column: Column, staged: Staged, start: number, count: number): Column {
    const { view, slot } = staged;
    const isThere = view !== undefined && (slot === undefined || slot.owner === staged);
    if (isThere && staged.start === start && staged.count === count) return view;
    if (start < staged.start) staged.ranges ??= new Map();
    staged.start = start;
    staged.count = count;
    staged.view = this.#lasting(column, staged) ?? this.#passing(column, staged);
    return staged.view;
  }

  /** The range among those that stay. */
  #lasting(column: Column, staged: Staged): Column | undefined {
    const { start, count, ranges } = staged;
    if (ranges === undefined) return undefined;
    let view = ranges.get(start);
    if (view?.length !== count) {
      const address = this.#roomFor(count * column.BYTES_PER_ELEMENT);
      if (address === undefined) return undefined;
      view = viewAt(column, address, count, this.#arena);
      this.#fill(view, column, start);
      ranges.set(start, view);
    }
    this.#leaveSlot(staged);
    return view;
  }

  /** The range in a slot, until another of the column takes its place. A long one is used where it is. */
  #passing(column: Column, staged: Staged): Column {
    const { start, count } = staged;
    const slot = count > COLUMN_RUN ? undefined : this.#slotOf(staged, count * column.BYTES_PER_ELEMENT);
    if (slot === undefined) {
      this.#leaveSlot(staged);
      return column.subarray(start, start + count);
    }
    if (slot.view?.length !== count || slot.view.BYTES_PER_ELEMENT !== column.BYTES_PER_ELEMENT) {
      slot.view = viewAt(column, slot.block.start, count, this.#arena);
    }
    this.#fill(slot.view, column, start);
    return slot.view;
  }

  #fill(view: Column, column: Column, start: number): void {
    view.set(column.subarray(start, start + view.length));
    if (!(view instanceof Int32Array)) return;
    this.#largestCodes.set(view, this.#wasm.largestCode(view.byteOffset, view.length) >>> 0);
  }

  /** Address of so many bytes in a piece. Undefined where there is no room. */
  #roomFor(byteLength: number): number | undefined {
    const size = Math.ceil(byteLength / LINE) * LINE + LINE;
    if (size > this.#free) {
      const inUse = pieces.get(this.#arena) ?? 0;
      const piece = size > PIECE || inUse >= MAX_PIECES ? undefined : this.#arena.take(PIECE);
      if (piece === undefined) return undefined;
      this.#pieces.push(piece);
      pieces.set(this.#arena, inUse + 1);
      this.#free = PIECE;
    }
    const address = this.#pieces[this.#pieces.length - 1]!.start + PIECE - this.#free;
    this.#free -= size;
    return address;
  }

  /** The slot of the column, a free one, or the one that was taken first. Undefined where the arena has no room at all. */
  #slotOf(staged: Staged, byteLength: number): Slot | undefined {
    if (staged.slot?.owner === staged && byteLength <= staged.slot.block.size) return staged.slot;
    this.#leaveSlot(staged);
    let slot = this.#freeSlots.pop();
    if (slot === undefined && this.#slots.length < MAX_SLOTS) {
      const block = this.#arena.take(Math.max(byteLength, 8 * RUN));
      if (block !== undefined) {
        slot = { block, owner: undefined, view: undefined };
        this.#slots.push(slot);
      }
    }
    if (slot === undefined) {
      slot = this.#slots[this.#oldest];
      this.#oldest = (this.#oldest + 1) % Math.max(1, this.#slots.length);
    }
    if (slot === undefined || !this.#hasRoom(slot, byteLength)) return undefined;
    slot.owner = staged;
    staged.slot = slot;
    return slot;
  }

  /** Whether the slot holds so many bytes, or could be made to. */
  #hasRoom(slot: Slot, byteLength: number): boolean {
    if (byteLength <= slot.block.size) return true;
    const larger = this.#arena.take(byteLength);
    if (larger === undefined) return false;
    this.#arena.give(slot.block);
    slot.block = larger;
    slot.view = undefined;
    return true;
  }

  #leaveSlot(staged: Staged): void {
    if (staged.slot?.owner === staged) {
      staged.slot.owner = undefined;
      this.#freeSlots.push(staged.slot);
    }
    staged.slot = undefined;
  }
}

/** A view of the arena, of the column's type. */
function viewAt(column: Column, address: number, count: number, { buffer }: Arena): Column {
  return column instanceof Int32Array
    ? new Int32Array(buffer, address, count)
    : new Float64Array(buffer, address, count);
}
