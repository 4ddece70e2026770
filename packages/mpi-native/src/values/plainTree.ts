/**
 * A quick form for what most messages are: small trees of numbers, strings, arrays and plain objects. Everything else,
 * and every value that would not come back exactly, is refused; the caller then uses the general format.
 */

import { latin1Text, utf16Text } from './platform.js';

// The general formats start with 0xff in Node, with 2 in a page.
const MARK = 1;
const CAPACITY = 2 ** 16;
const DEEPEST = 64;
const MAX_KEYS = 255;
const LONGEST = 2 ** 16 - 1;
const LARGEST_LATIN1 = 0xff;

const TAG = {
  null: 0,
  undefined: 1,
  true: 2,
  false: 3,
  int32: 4,
  float64: 5,
  latin1: 6,
  utf16: 7,
  array: 8,
  object: 9,
};

const scratch = new Uint8Array(CAPACITY);
const view = new DataView(scratch.buffer);
let at = 0;
let keys = new Map<string, number>();
let seen = new Set<object>();

/** Bytes of the value, valid until the next call; `null` when the value needs the general format. */
export function encodePlainTree(value: unknown): Uint8Array | null {
  at = 0;
  keys = new Map();
  seen = new Set();
  scratch[at++] = MARK;
  const fits = write(value, 0);
  seen = new Set(); // holds on to nothing of the caller's
  return fits ? scratch.subarray(0, at) : null;
}

/** Whether the bytes are a plain tree. */
export function isPlainTree(bytes: Uint8Array): boolean {
  return bytes[0] === MARK;
}

/** The value. Keeps no view on `bytes`. */
export function decodePlainTree(bytes: Uint8Array): unknown {
  return new Reader(bytes).read();
}

function write(value: unknown, depth: number): boolean {
  if (at + 16 > CAPACITY || depth > DEEPEST) return false;
  switch (typeof value) {
    case 'number':
      return writeNumber(value);
    case 'string':
      return writeString(value);
    case 'boolean':
      scratch[at++] = value ? TAG.true : TAG.false;
      return true;
    case 'undefined':
      scratch[at++] = TAG.undefined;
      return true;
    case 'object':
      if (value === null) {
        scratch[at++] = TAG.null;
        return true;
      }
      return writeObject(value, depth);
    default:
      return false;
  }
}

function writeNumber(value: number): boolean {
  if ((value | 0) === value && !Object.is(value, -0)) {
    scratch[at] = TAG.int32;
    view.setInt32(at + 1, value, true);
    at += 5;
  } else {
    scratch[at] = TAG.float64;
    view.setFloat64(at + 1, value, true);
    at += 9;
  }
  return true;
}

function writeString(text: string): boolean {
  const { length } = text;
  if (length > LONGEST || at + 3 + 2 * length > CAPACITY) return false;
  let isLatin1 = true;
  for (let i = 0; i < length && isLatin1; i++) isLatin1 = text.charCodeAt(i) <= LARGEST_LATIN1;
  scratch[at] = isLatin1 ? TAG.latin1 : TAG.utf16;
  view.setUint16(at + 1, length, true);
  at += 3;
  // Code units without conversion: UTF-8 would change a lone surrogate.
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    scratch[at++] = unit;
    if (!isLatin1) scratch[at++] = unit >> 8;
  }
  return true;
}

function writeObject(value: object, depth: number): boolean {
  // A value that occurs twice must come back as one value: that, and every cycle, is for the general format.
  if (seen.has(value)) return false;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Before the names are listed: a typed array has one name for each element.
  if (prototype !== Array.prototype && prototype !== Object.prototype) return false;
  if (Array.isArray(value) && value.length > LONGEST) return false;
  const names = Object.keys(value);
  if (prototype === Array.prototype) {
    const list = value as readonly unknown[]; // has the prototype of arrays, and is one by the next line
    // Fewer names than elements: holes. More: properties beside the elements.
    if (!Array.isArray(value) || names.length !== value.length) return false;
    scratch[at] = TAG.array;
    view.setUint16(at + 1, list.length, true);
    at += 3;
    for (let i = 0; i < list.length; i++) if (!write(list[i], depth + 1)) return false;
    return true;
  }
  if (names.length > MAX_KEYS || Symbol.toStringTag in value) return false;
  scratch[at++] = TAG.object;
  scratch[at++] = names.length;
  for (const name of names) {
    if (!writeKey(name) || !write((value as Readonly<Record<string, unknown>>)[name], depth + 1)) return false;
  }
  return true;
}

function writeKey(name: string): boolean {
  const known = keys.get(name);
  if (at + 2 > CAPACITY) return false;
  if (known !== undefined) {
    scratch[at++] = known;
    return true;
  }
  // Assigning to this name would set the prototype.
  if (name === '__proto__' || keys.size >= MAX_KEYS) return false;
  scratch[at++] = keys.size;
  keys.set(name, keys.size);
  return writeString(name);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #keys: string[] = [];
  #at = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): unknown {
    const tag = this.#bytes[this.#at++];
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.undefined:
        return undefined;
      case TAG.true:
        return true;
      case TAG.false:
        return false;
      case TAG.int32:
        this.#at += 4;
        return this.#view.getInt32(this.#at - 4, true);
      case TAG.float64:
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, true);
      case TAG.array:
        return this.#readArray();
      case TAG.object:
        return this.#readObject();
      default:
        this.#at--;
        return this.#readString();
    }
  }

  #readArray(): unknown[] {
    const length = this.#view.getUint16(this.#at, true);
    this.#at += 2;
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.read());
    return list;
  }

  #readObject(): Record<string, unknown> {
    const count = this.#bytes[this.#at++] as number; // written by writeObject
    const object: Record<string, unknown> = {};
    for (let i = 0; i < count; i++) {
      const index = this.#bytes[this.#at++] as number; // written by writeKey
      if (index === this.#keys.length) this.#keys.push(this.#readString());
      object[this.#keys[index] as string] = this.read();
    }
    return object;
  }

  #readString(): string {
    const isLatin1 = this.#bytes[this.#at] === TAG.latin1;
    const length = this.#view.getUint16(this.#at + 1, true);
    const start = this.#at + 3;
    const end = start + (isLatin1 ? length : 2 * length);
    this.#at = end;
    const bytes = this.#bytes.subarray(start, end);
    return isLatin1 ? latin1Text(bytes) : utf16Text(bytes);
  }
}
