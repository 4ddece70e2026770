/** A typed array that grows, and is not there before something is set. */

export class Entries<A extends Float64Array | Int32Array> {
  #array: A | undefined;

  /**
   * @param fill  the entry where none was set
   * @param capacity  how many entries are expected
   */
  constructor(
    readonly kind: new (length: number) => A,
    readonly fill: number,
    readonly capacity: number,
  ) {}

  set(row: number, value: number): void {
    const array = this.#array;
    if (array === undefined || row >= array.length) this.#array = this.#grown(Math.max(this.capacity, row * 1.6 + 16));
    this.#array![row] = value;
  }

  at(row: number): number {
    return this.#array?.[row] ?? this.fill;
  }

  /** The first entries, without the rest of the memory where that is much. */
  take(length: number): A {
    const array = this.#array;
    if (array === undefined || array.length < length) return this.#grown(length);
    const isRoomy = array.length - length > length / 8;
    return (isRoomy ? array.slice(0, length) : array.subarray(0, length)) as A; // of the same kind
  }

  #grown(length: number): A {
    const grown = new this.kind(Math.ceil(length));
    const { length: before = 0 } = this.#array ?? {};
    if (this.#array !== undefined) grown.set(this.#array);
    grown.fill(this.fill, before);
    return grown;
  }
}
