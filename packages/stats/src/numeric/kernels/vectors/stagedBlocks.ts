/** Rows of a matrix where the kernels over vectors read them: turned into columns, or as they are. */
import type { ArenaWorkspace } from '../arena.js';
import type { Held } from '../kernels.js';
import { RUN, STAGED_STRIDE } from '../runs.js';

/** Blocks that are held at a time. */
const BLOCKS = 4;

interface Block {
  rows: Float64Array | null;
  start: number;
  count: number;
  dimension: number;
  /** The columns, or the rows themselves. */
  entries: Float64Array;
}

/** Where the module has its memory, and the module, which turns rows into columns there. */
export interface BlockMemory {
  readonly workspace: ArenaWorkspace;
  readonly buffer: ArrayBufferLike;
  readonly transpose: (rows: number, count: number, dimension: number, columns: number) => void;
}

export class StagedBlocks implements Held {
  readonly #isRemembering: boolean;
  readonly #module: BlockMemory | undefined;
  readonly #turns: boolean;
  readonly #blocks: Block[] = [];
  #next = 0;
  /** Rows as they are, where the module can read them. */
  #rowMajor: Float64Array = new Float64Array(0);

  /**
   * @param isRemembering  whether a block that is staged again is still there. Else it is made anew
   * @param module         its own workspace. Default: blocks are on the JavaScript heap
   * @param turns          whether rows become columns. Else they are copied
   */
  constructor(isRemembering: boolean, module?: BlockMemory, turns = true) {
    this.#isRemembering = isRemembering;
    this.#module = module;
    this.#turns = turns;
  }

  stage(rows: Float64Array, start: number, count: number, dimension: number): Float64Array {
    if (this.#isRemembering) {
      for (const block of this.#blocks) {
        if (block.rows === rows && block.start === start && block.count === count && block.dimension === dimension) {
          return block.entries;
        }
      }
    }
    const { entries } = this.#blockFor(rows, start, count, dimension);
    const some = rows.subarray(start * dimension, (start + count) * dimension);
    if (this.#turns) this.#transpose(some, count, dimension, entries);
    else entries.set(some);
    return entries;
  }

  release(): void {
    this.#blocks.length = 0;
    this.#rowMajor = new Float64Array(0);
    this.#module?.workspace.release();
  }

  #blockFor(rows: Float64Array, start: number, count: number, dimension: number): Block {
    const at = this.#next;
    this.#next = (at + 1) % BLOCKS;
    const length = dimension * (this.#turns ? STAGED_STRIDE : RUN);
    let entries = this.#blocks[at]?.entries;
    if (entries === undefined || entries.length < length) entries = this.#array(length);
    const block = { rows: this.#isRemembering ? rows : null, start, count, dimension, entries };
    this.#blocks[at] = block;
    return block;
  }

  /** Arrays that were too short are given back with all others. */
  #array(length: number): Float64Array {
    return this.#module?.workspace.float64(length) ?? new Float64Array(length);
  }

  #transpose(rows: Float64Array, count: number, dimension: number, columns: Float64Array): void {
    const module = this.#module;
    if (module !== undefined && columns.buffer === module.buffer) {
      if (this.#rowMajor.length < rows.length) this.#rowMajor = this.#array(rows.length);
      if (this.#rowMajor.buffer === module.buffer) {
        this.#rowMajor.set(rows);
        module.transpose(this.#rowMajor.byteOffset, count, dimension, columns.byteOffset);
        return;
      }
    }
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < dimension; j++) columns[j * STAGED_STRIDE + i] = rows[i * dimension + j]!;
    }
  }
}
