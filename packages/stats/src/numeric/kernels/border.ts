/** Crosses from typed arrays to addresses in WebAssembly memory. */
import type { Arena } from './arena.js';
import { RUN } from './kernels.js';

/** One place for a copy of an array that lives outside the arena. */
interface Slot {
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly pointer: number;
}

/** Arguments of one kernel call that may need a copy: x, y, weights, out, a table or parameters, a second of them. */
export const X = 0;
export const Y = 1;
export const WEIGHTS = 2;
export const OUT = 3;
export const TABLE = 4;
export const PARAMETERS = 5;
const SLOTS = 6;

/** Longest column that a slot of a table or of parameters holds. */
export const TABLE_LENGTH = 16384;

export class Border {
  readonly #buffer: ArrayBufferLike;
  readonly #slots: readonly Slot[];

  constructor(arena: Arena) {
    this.#buffer = arena.buffer;
    this.#slots = Array.from({ length: SLOTS }, (_, slot) => {
      const float64 = arena.float64(slot < TABLE ? RUN : TABLE_LENGTH);
      const pointer = float64.byteOffset;
      return { float64, int32: new Int32Array(arena.buffer, pointer, float64.length), pointer };
    });
  }

  /** Whether the kernels can use the array where it is. */
  isInside(array: Float64Array | Int32Array): boolean {
    return array.buffer === this.#buffer;
  }

  /** Address of array[start], copied into the slot if need be. */
  read(array: Float64Array, start: number, count: number, slot: number): number {
    if (array.buffer === this.#buffer) return array.byteOffset + 8 * start;
    const { float64, pointer } = this.#slots[slot]!;
    if (count < 32) for (let i = 0; i < count; i++) float64[i] = array[start + i]!;
    else float64.set(array.subarray(start, start + count));
    return pointer;
  }

  /** {@link read} for codes. */
  readCodes(array: Int32Array, start: number, count: number): number {
    if (array.buffer === this.#buffer) return array.byteOffset + 4 * start;
    const { int32, pointer } = this.#slots[X]!;
    int32.set(array.subarray(start, start + count));
    return pointer;
  }

  /** Address that a kernel may write to in the place of array[start]: finish with {@link wrote}. */
  write(array: Float64Array, start: number): number {
    return array.buffer === this.#buffer ? array.byteOffset + 8 * start : this.#slots[OUT]!.pointer;
  }

  /** Copies what a kernel wrote after {@link write} into the array. */
  wrote(array: Float64Array, start: number, count: number): void {
    this.returned(array, start, count, OUT);
  }

  /** Copies what a kernel changed after {@link read} back into the array. */
  returned(array: Float64Array, start: number, count: number, slot: number): void {
    if (array.buffer === this.#buffer) return;
    array.set(this.#slots[slot]!.float64.subarray(0, count), start);
  }
}
