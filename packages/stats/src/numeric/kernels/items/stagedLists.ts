/** Rows that are lists of items, where the kernels over them read them. */
import { ArenaWorkspace } from '../arena.js';
import type { Held, ModuleHost } from '../kernels.js';
import { RUN, SLOT_LENGTH } from '../runs.js';

/** Rows as the kernels take them: row i has the items offsets[i] … offsets[i + 1] - 1, counted from `offsets[0]`. */
export interface Lists {
  readonly offsets: Int32Array;
  readonly items: Int32Array;
}

/** Rows [start, start + count) where they are. */
export function listsInPlace(offsets: Int32Array, items: Int32Array, start: number, count: number): Lists {
  return {
    offsets: offsets.subarray(start, start + count + 1),
    items: items.subarray(offsets[start]!, offsets[start + count]!),
  };
}

/** Blocks that are held at a time. */
const BLOCKS = 4;

interface Block {
  /** Room for the rows of any block. */
  readonly room: Lists;
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  readonly start: number;
  readonly count: number;
  readonly lists: Lists;
}

/** Copies of the blocks of rows that were staged last: all components of a model score and count one block before the next. */
export class StagedLists implements Held {
  readonly #workspace: ArenaWorkspace;
  readonly #blocks: Block[] = [];
  #next = 0;

  constructor({ arena }: ModuleHost) {
    this.#workspace = new ArenaWorkspace(arena);
  }

  stage(offsets: Int32Array, items: Int32Array, start: number, count: number): Lists {
    for (const block of this.#blocks) {
      const isThere = block.start === start && block.count === count;
      if (isThere && block.items === items && block.offsets === offsets) return block.lists;
    }
    const lists = listsInPlace(offsets, items, start, count);
    if (count > RUN || lists.items.length > SLOT_LENGTH) return lists;
    const at = this.#next;
    this.#next = (at + 1) % BLOCKS;
    const room = this.#blocks[at]?.room ?? { offsets: this.#integers(RUN + 1), items: this.#integers(SLOT_LENGTH) };
    room.offsets.set(lists.offsets);
    room.items.set(lists.items);
    const copies = {
      offsets: room.offsets.subarray(0, count + 1),
      items: room.items.subarray(0, lists.items.length),
    };
    this.#blocks[at] = { room, offsets, items, start, count, lists: copies };
    return copies;
  }

  release(): void {
    this.#blocks.length = 0;
    this.#workspace.release();
  }

  #integers(length: number): Int32Array {
    const { buffer, byteOffset } = this.#workspace.float64(Math.ceil(length / 2));
    return new Int32Array(buffer, byteOffset, length);
  }
}
