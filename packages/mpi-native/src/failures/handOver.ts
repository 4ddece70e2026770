/**
 * Values that go from one thread to another: what would not arrive as it is, and which memory can be shared.
 *
 * Structured clone turns an instance of a class into a plain object without a word, so that a model would arrive without its
 * methods. It copies a typed array for each thread, where all could read one.
 */
import { TYPED_ARRAYS } from '../values/views.js';
import { shown } from './errors.js';

/** Something in a value that cannot go to another thread. */
export interface Loss {
  /** Where it is, such as `.rows[3]`; empty for the value itself. */
  readonly path: string;
  /** What it is, in words. */
  readonly found: string;
}

/** A value that is ready to go. */
export interface HandedOver {
  readonly value: unknown;
  /** Of its numbers, texts and typed arrays: about what a program has to work on. */
  readonly bytes: number;
  /** Whether there is a list or a typed array in it. */
  readonly hasRows: boolean;
  readonly loss: Loss | null;
}

/** The first thing in a value that would not arrive as it is, `null` when all would. */
export function findLoss(value: unknown): Loss | null {
  return handOver(value, false).loss;
}

/**
 * Looks at all of a value.
 * @param isShared  puts typed arrays into shared memory, unless they are there: the result then holds the copies
 */
export function handOver(value: unknown, isShared: boolean): HandedOver {
  const walk = new Walk(isShared);
  try {
    return { value: walk.visit(value), bytes: walk.bytes, hasRows: walk.hasRows, loss: null };
  } catch (error) {
    if (!(error instanceof LossFound)) throw error;
    return { value, bytes: walk.bytes, hasRows: walk.hasRows, loss: { path: walk.path(), found: error.found } };
  }
}

class LossFound {
  constructor(readonly found: string) {}
}

class Walk {
  bytes = 0;
  hasRows = false;
  readonly #isShared: boolean;
  readonly #seen = new Map<object, object>();
  readonly #path: (string | number)[] = [];

  constructor(isShared: boolean) {
    this.#isShared = isShared;
  }

  path(): string {
    return this.#path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  }

  visit(value: unknown): unknown {
    if (typeof value === 'string') this.bytes += value.length;
    else if (typeof value !== 'object') {
      if (typeof value === 'function' || typeof value === 'symbol') throw new LossFound(shown(value));
      this.bytes += 8;
    }
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#seen.get(value);
    if (known !== undefined) return known;
    this.#seen.set(value, value); // for a value that holds itself
    const result = this.#visitObject(value);
    if (result !== value) this.#seen.set(value, result);
    return result;
  }

  #visitObject(value: object): object {
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Map || value instanceof Set) {
      for (const entry of value) this.#at('…', entry); // what is shared inside would need a new one
      return value;
    }
    const tag = tagOf(value);
    if (tag === 'Object' && isPlain(value)) return this.#record(value as Readonly<Record<string, unknown>>);
    if (!BUILT_IN.has(tag))
      throw new LossFound(`an instance of ${value.constructor?.name || 'a class without a name'}`);
    return value;
  }

  #view(view: ArrayBufferView): ArrayBufferView {
    this.bytes += view.byteLength;
    this.hasRows = true;
    if (!this.#isShared || view.buffer instanceof SharedArrayBuffer || !('length' in view)) return view;
    const memory = new SharedArrayBuffer(view.byteLength);
    new Uint8Array(memory).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return new (typeOf(view))(memory);
  }

  #list(list: readonly unknown[]): readonly unknown[] {
    this.hasRows = true;
    let copy: unknown[] | null = null;
    for (let i = 0; i < list.length; i++) {
      const entry = list[i];
      const isPrimitive = typeof entry === 'number' || typeof entry === 'string'; // nearly all are
      const visited = isPrimitive ? this.visit(entry) : this.#at(i, entry);
      if (Object.is(visited, entry)) continue;
      copy ??= list.slice();
      copy[i] = visited;
    }
    return copy ?? list;
  }

  #record(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    let copy: Record<string, unknown> | null = null;
    for (const name of Object.keys(record)) {
      const visited = this.#at(name, record[name]);
      if (Object.is(visited, record[name])) continue;
      copy ??= { ...record };
      copy[name] = visited;
    }
    return copy ?? record;
  }

  #at(key: string | number, value: unknown): unknown {
    this.#path.push(key);
    const visited = this.visit(value); // when it throws, the path is that of the loss
    this.#path.pop();
    return visited;
  }
}

type View = new (memory: SharedArrayBuffer) => ArrayBufferView;

/** The type of a typed array. Node's `Buffer` arrives as the `Uint8Array` that it is. */
function typeOf(view: ArrayBufferView): View {
  return TYPED_ARRAYS.find((Type) => Type.name === tagOf(view)) ?? (view.constructor as View);
}

/** What structured clone keeps as it is. */
const BUILT_IN = new Set(
  'ArrayBuffer SharedArrayBuffer Boolean Number String BigInt Date RegExp Error Blob File ImageData WebAssembly.Module'.split(
    ' ',
  ),
);

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** `{}` of this realm or another: nothing but `Object.prototype` above it. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
