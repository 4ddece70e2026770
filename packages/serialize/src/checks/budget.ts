import type { Limits } from './limits.js';

/**
 * Estimated bytes that a 64-bit engine needs for a value beyond its contents: measured with Node 20, rounded up. A file of
 * empty buffers needs one byte for each of them, and 360 bytes of memory.
 */
export const MEMORY = {
  value: 16,
  array: 48,
  object: 64,
  map: 256,
  set: 256,
  date: 96,
  buffer: 360,
  typedArray: 400,
} as const;

/** Ends the work with `ERR_LIMIT`; the caller knows the place. */
export type LimitFailure = (reason: string) => never;

/**
 * What a value has cost so far, against the limits. Reading and writing count in the same way, so that a codec never writes
 * what it would refuse.
 */
export class Budget {
  #items = 0;
  #memory = 0;
  #expanded = 0;
  readonly #limits: Limits;
  readonly #fail: LimitFailure;

  constructor(limits: Limits, fail: LimitFailure) {
    this.#limits = limits;
    this.#fail = fail;
  }

  /** Number of items if every shared value stood wherever it is mentioned. Infinity is possible. */
  get expanded(): number {
    return this.#expanded;
  }

  /** Adds items and the memory of their containers, one of {@link MEMORY}. */
  spend(items: number, memory: number): void {
    this.#items += items;
    this.#expanded += items;
    this.#memory += memory + items * MEMORY.value;
    if (this.#items > this.#limits.maxItems) {
      this.#fail(`more data items than limits.maxItems = ${this.#limits.maxItems}.`);
    }
    if (this.#memory > this.#limits.maxMemory) {
      this.#fail(`takes more memory than limits.maxMemory = ${this.#limits.maxMemory} bytes.`);
    }
  }

  /** One more level around a value, of which there are so many. */
  enter(depth: number): void {
    const { maxDepth } = this.#limits;
    if (depth >= maxDepth) this.#fail(`nested deeper than limits.maxDepth = ${maxDepth}.`);
  }

  /** @param value  an integer, or its decimal digits, of which a byte takes 2.41 */
  checkBigInt(value: bigint | string): void {
    const { maxBigIntBytes } = this.#limits;
    const fits =
      typeof value === 'string'
        ? value.length <= 2.41 * maxBigIntBytes + 2
        : BigInt.asIntN(8 * maxBigIntBytes + 1, value) === value;
    if (fits) return;
    this.#fail(`a BigInt of more bytes than limits.maxBigIntBytes = ${maxBigIntBytes}.`);
  }

  /** Whether {@link spend} would take so much. */
  allows(items: number, memory: number): boolean {
    const { maxItems, maxMemory } = this.#limits;
    return this.#items + items <= maxItems && this.#memory + memory + items * MEMORY.value <= maxMemory;
  }

  /** A mention of a shared value of this expanded size. */
  repeat(size: number): void {
    this.#expanded += size;
  }

  /**
   * To be called when a model is complete. Whoever scores it visits its children wherever they are mentioned: forty mixtures,
   * each with the one before as both components, are 2 kB of file and 2^40 components.
   */
  checkExpanded(): void {
    if (this.#expanded <= this.#limits.maxItems) return;
    this.#fail(
      `the shared parts of this model expand to more data items than limits.maxItems = ${this.#limits.maxItems}.`,
    );
  }
}
