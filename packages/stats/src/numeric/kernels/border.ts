/** Crosses from typed arrays to addresses in WebAssembly memory. */
import type { Arena } from './arena.js';
import { checkCodes } from './check.js';
import { SLOT_LENGTH } from './runs.js';

/** One place for a copy of an array that lives outside the arena. */
interface Slot {
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly address: number;
}

/** The most arrays of one kernel that may need a copy. */
const SLOTS = 5;

/** Up to so many entries a copy is faster than the question in which memory they are: `buffer` is a slow property. */
const FEW = 8;

/** Up to so many entries a loop is faster than a view and a copy. */
const SHORT = 32;

export class Border {
  /** For the few numbers that a kernel always adds to: they are copied in and back by hand. */
  readonly sums: Float64Array;
  readonly sumsAt: number;
  readonly #buffer: ArrayBufferLike;
  readonly #slots: readonly Slot[];
  readonly #largestCode: (address: number, count: number) => number;
  readonly #largestCodes: Pick<WeakMap<Int32Array, number>, 'get'>;

  /**
   * @param largestCode   of the module
   * @param largestCodes  of staged ranges, known from the time they were staged
   */
  constructor(
    arena: Arena,
    largestCode: (address: number, count: number) => number,
    largestCodes: Pick<WeakMap<Int32Array, number>, 'get'>,
  ) {
    this.#buffer = arena.buffer;
    this.sums = arena.float64(FEW);
    this.sumsAt = this.sums.byteOffset;
    this.#slots = Array.from({ length: SLOTS }, () => {
      const float64 = arena.float64(SLOT_LENGTH);
      const address = float64.byteOffset;
      return { float64, int32: new Int32Array(arena.buffer, address, SLOT_LENGTH), address };
    });
    this.#largestCode = largestCode;
    this.#largestCodes = largestCodes;
  }

  /** Whether the kernels can use the array where it is. */
  isInside(array: Float64Array): boolean {
    return array.buffer === this.#buffer;
  }

  /** Address of the array, copied into the slot if need be. A few entries are copied sooner than it is known where they are. */
  read(array: Float64Array, count: number, slot: number): number {
    if (count > FEW && array.buffer === this.#buffer) return array.byteOffset;
    const { float64, address } = this.#slots[slot]!;
    if (count <= SHORT) for (let i = 0; i < count; i++) float64[i] = array[i]!;
    else float64.set(array.length === count ? array : array.subarray(0, count));
    return address;
  }

  /** {@link read} for integers. */
  readIntegers(array: Int32Array, count: number, slot: number): number {
    if (array.buffer === this.#buffer) return array.byteOffset;
    const { int32, address } = this.#slots[slot]!;
    int32.set(array.length === count ? array : array.subarray(0, count));
    return address;
  }

  /** {@link readIntegers}. @throws {RangeError} unless all codes are in 0 … levelCount - 1 */
  codes(array: Int32Array, count: number, levelCount: number, slot: number): number {
    const address = this.readIntegers(array, count, slot);
    const known = count === array.length ? this.#largestCodes.get(array) : undefined;
    checkCodes(known ?? this.#largestCode(address, count) >>> 0, levelCount);
    return address;
  }

  /** Address that a kernel may write to in the place of the array: finish with {@link wrote}. */
  write(array: Float64Array, slot: number): number {
    return array.buffer === this.#buffer ? array.byteOffset : this.#slots[slot]!.address;
  }

  /** Copies what a kernel wrote at `address` into the array, if that is the slot. */
  wrote(array: Float64Array, count: number, slot: number, address: number): void {
    const { float64, address: ofSlot } = this.#slots[slot]!;
    if (address !== ofSlot) return;
    if (count <= SHORT) for (let i = 0; i < count; i++) array[i] = float64[i]!;
    else array.set(float64.subarray(0, count));
  }
}
