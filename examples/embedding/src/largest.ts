/** The entries of the largest values among those that were offered. */
export class LargestOf {
  readonly #values: Float64Array;
  readonly #indices: Uint32Array;
  #count = 0;

  constructor(readonly size: number) {
    this.#values = new Float64Array(size);
    this.#indices = new Uint32Array(size);
  }

  clear(): void {
    this.#count = 0;
  }

  /** Of equal values the first ones stay. */
  offer(value: number, index: number): void {
    if (this.#count < this.size) {
      this.#rise(this.#count++, value, index);
    } else if (value > this.#values[0]!) {
      this.#sink(value, index);
    }
  }

  /** In no order. */
  indices(): Uint32Array {
    return this.#indices.slice(0, this.#count);
  }

  /** A heap: no entry is larger than the two below it, so the smallest is at 0. */
  #rise(at: number, value: number, index: number): void {
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#values[above]! <= value) break;
      this.#set(at, this.#values[above]!, this.#indices[above]!);
      at = above;
    }
    this.#set(at, value, index);
  }

  #sink(value: number, index: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#count) break;
      if (below + 1 < this.#count && this.#values[below + 1]! < this.#values[below]!) below++;
      if (this.#values[below]! >= value) break;
      this.#set(at, this.#values[below]!, this.#indices[below]!);
      at = below;
    }
    this.#set(at, value, index);
  }

  #set(at: number, value: number, index: number): void {
    this.#values[at] = value;
    this.#indices[at] = index;
  }
}
