/** Allocation inside one fixed buffer, so that no view of it is ever detached. */

/** Every block starts on a cache line. */
const ALIGNMENT = 64;

/** A part of the buffer, in bytes. */
export interface Block {
  readonly start: number;
  readonly size: number;
}

/** First-fit allocator over the bytes [start, buffer.byteLength). */
export class Arena {
  readonly buffer: ArrayBufferLike;
  /** Free blocks, ascending, never adjacent. */
  readonly #free: Block[];

  constructor(buffer: ArrayBufferLike, start: number) {
    this.buffer = buffer;
    this.#free = [{ start, size: buffer.byteLength - start }];
  }

  /** Takes `byteLength` bytes, zeroed. Undefined when no free block is large enough. */
  take(byteLength: number): Block | undefined {
    // One line more than needed: arrays of 2^n bytes would otherwise all start in the same cache set.
    const size = Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT + ALIGNMENT;
    const at = this.#free.findIndex((block) => block.size >= size);
    const found = this.#free[at];
    if (found === undefined) return undefined;
    if (found.size === size) this.#free.splice(at, 1);
    else this.#free[at] = { start: found.start + size, size: found.size - size };
    new Uint8Array(this.buffer, found.start, size).fill(0);
    return { start: found.start, size };
  }

  /** Gives a block of `take` back. */
  give(block: Block): void {
    const next = this.#free.findIndex((other) => other.start > block.start);
    const at = next < 0 ? this.#free.length : next;
    this.#free.splice(at, 0, block);
    this.#merge(at);
    if (at > 0) this.#merge(at - 1);
  }

  #merge(at: number): void {
    const block = this.#free[at];
    const next = this.#free[at + 1];
    if (block === undefined || next === undefined || block.start + block.size !== next.start) return;
    this.#free.splice(at, 2, { start: block.start, size: block.size + next.size });
  }

  float64(length: number): Float64Array {
    const block = this.take(8 * length);
    if (block === undefined) throw new RangeError(`Arena: ${8 * length} bytes are not free.`);
    return new Float64Array(this.buffer, block.start, length);
  }
}

/** A workspace whose arrays come from an arena while there is room, and from the JavaScript heap after that. */
export class ArenaWorkspace {
  readonly #arena: Arena;
  readonly #blocks: Block[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  float64(length: number): Float64Array {
    const block = this.#take(8 * length);
    return block === undefined ? new Float64Array(length) : new Float64Array(this.#arena.buffer, block.start, length);
  }

  release(): void {
    for (const block of this.#blocks.splice(0)) this.#arena.give(block);
  }

  #take(byteLength: number): Block | undefined {
    const block = this.#arena.take(byteLength);
    if (block !== undefined) this.#blocks.push(block);
    return block;
  }
}
