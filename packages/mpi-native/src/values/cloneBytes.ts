/**
 * Structured clone as bytes, where the engine offers none: numbers, texts, lists, records, `Map`, `Set`, `Date`, `RegExp`,
 * `BigInt`, typed arrays, buffers and errors, exactly; values that occur twice and cycles stay what they are. A class is lost
 * here as everywhere in structured clone. Runs no code. The format is for messages within a job, never for files.
 */

import { TYPED_ARRAYS } from './views.js';

// A plain tree starts with 1.
const MARK = 2;

const TAG = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  bigint: 5,
  text: 6,
  known: 7,
  list: 8,
  record: 9,
  map: 10,
  set: 11,
  date: 12,
  regexp: 13,
  buffer: 14,
  view: 15,
  error: 16,
  hole: 17,
} as const;

const VIEWS = [...TYPED_ARRAYS, DataView] as const;

const ERRORS = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError] as const;

/** @throws {Error} for a function, a symbol and whatever else cannot be cloned */
export function serialize(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.value(value);
  return writer.bytes();
}

/** The value. Keeps no view on `bytes`. */
export function deserialize(bytes: Uint8Array): unknown {
  return new Reader(bytes).value();
}

class Writer {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 1;
  readonly #known = new Map<object, number>();

  constructor() {
    this.#bytes[0] = MARK;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  value(value: unknown): void {
    if (value === undefined) this.#tag(TAG.undefined);
    else if (value === null) this.#tag(TAG.null);
    else if (typeof value === 'boolean') this.#tag(value ? TAG.true : TAG.false);
    else if (typeof value === 'number') {
      this.#tag(TAG.number);
      this.#number(value);
    } else if (typeof value === 'bigint') {
      this.#tag(TAG.bigint);
      this.#text(String(value));
    } else if (typeof value === 'string') {
      this.#tag(TAG.text);
      this.#text(value);
    } else if (typeof value === 'object') this.#object(value);
    else throw new Error(`${String(value)} could not be cloned.`);
  }

  #object(value: object): void {
    const known = this.#known.get(value);
    if (known !== undefined) {
      this.#tag(TAG.known);
      this.#number(known);
      return;
    }
    this.#known.set(value, this.#known.size);
    if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Map) {
      this.#tag(TAG.map);
      this.#number(value.size);
      for (const [key, entry] of value) {
        this.value(key);
        this.value(entry);
      }
    } else if (value instanceof Set) {
      this.#tag(TAG.set);
      this.#number(value.size);
      for (const entry of value) this.value(entry);
    } else if (value instanceof Date) {
      this.#tag(TAG.date);
      this.#number(value.getTime());
    } else if (value instanceof RegExp) {
      this.#tag(TAG.regexp);
      this.#text(value.source);
      this.#text(value.flags);
    } else if (ArrayBuffer.isView(value)) {
      this.#tag(TAG.view);
      this.#tag(VIEWS.findIndex((View) => value instanceof View));
      this.#memory(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    } else if (value instanceof ArrayBuffer) {
      this.#tag(TAG.buffer);
      this.#memory(new Uint8Array(value));
    } else if (value instanceof Error) {
      this.#tag(TAG.error);
      this.#tag(
        Math.max(
          0,
          ERRORS.findIndex(({ name }) => name === value.name),
        ),
      );
      for (const field of [value.message, value.stack, value.cause]) this.value(field);
    } else {
      const tag = Object.prototype.toString.call(value);
      if (tag !== '[object Object]') throw new Error(`${tag} could not be cloned.`);
      this.#tag(TAG.record);
      this.#fields(value);
    }
  }

  #list(list: readonly unknown[]): void {
    this.#tag(TAG.list);
    this.#number(list.length);
    for (let i = 0; i < list.length; i++) {
      if (i in list) this.value(list[i]);
      else this.#tag(TAG.hole);
    }
    // Properties beside the entries come after them.
    const names = Object.keys(list);
    let entries = names.length;
    while (entries > 0 && String(Number(names[entries - 1]) >>> 0) !== names[entries - 1]) entries--;
    this.#fields(list, names.slice(entries));
  }

  #fields(value: object, names: readonly string[] = Object.keys(value)): void {
    this.#number(names.length);
    for (const name of names) {
      this.#text(name);
      this.value((value as Readonly<Record<string, unknown>>)[name]);
    }
  }

  #tag(tag: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = tag;
  }

  #number(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Code units without conversion: UTF-8 would change a lone surrogate. */
  #text(text: string): void {
    this.#number(text.length);
    this.#room(2 * text.length);
    for (let i = 0; i < text.length; i++) this.#view.setUint16(this.#at + 2 * i, text.charCodeAt(i), true);
    this.#at += 2 * text.length;
  }

  #memory(bytes: Uint8Array): void {
    this.#number(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#at + length));
    larger.set(this.bytes());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #known: object[] = [];
  #at = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(): unknown {
    const tag = this.#bytes[this.#at++];
    switch (tag) {
      case TAG.undefined:
        return undefined;
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.number:
        return this.#number();
      case TAG.bigint:
        return BigInt(this.#text());
      case TAG.text:
        return this.#text();
      case TAG.known:
        return this.#known[this.#number()];
      case TAG.list:
        return this.#list();
      case TAG.record:
        return this.#fields(this.#note({}));
      case TAG.map: {
        const map = this.#note(new Map<unknown, unknown>());
        for (let left = this.#number(); left > 0; left--) map.set(this.value(), this.value());
        return map;
      }
      case TAG.set: {
        const set = this.#note(new Set<unknown>());
        for (let left = this.#number(); left > 0; left--) set.add(this.value());
        return set;
      }
      case TAG.date:
        return this.#note(new Date(this.#number()));
      case TAG.regexp:
        return this.#note(new RegExp(this.#text(), this.#text()));
      case TAG.buffer:
        return this.#note(this.#memory());
      case TAG.view: {
        const View = VIEWS[this.#bytes[this.#at++]!] as new (memory: ArrayBuffer) => ArrayBufferView; // written by serialize
        return this.#note(new View(this.#memory()));
      }
      case TAG.error:
        return this.#error();
      default:
        throw new Error(`these bytes are no clone: found tag ${tag}.`);
    }
  }

  #list(): unknown[] {
    const length = this.#number();
    const list = this.#note(new Array<unknown>(length));
    for (let i = 0; i < length; i++) {
      if (this.#bytes[this.#at] === TAG.hole) this.#at++;
      else list[i] = this.value();
    }
    return this.#fields(list);
  }

  #fields<V extends object>(object: V): V {
    for (let left = this.#number(); left > 0; left--) {
      const name = this.#text();
      const value = this.value();
      // Assigned, a field of this name would set the prototype.
      Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
    }
    return object;
  }

  #error(): Error {
    const error = this.#note(new ERRORS[this.#bytes[this.#at++]!]!()); // written by serialize
    const hidden = { configurable: true, writable: true, enumerable: false };
    for (const field of ['message', 'stack', 'cause']) {
      const value = this.value();
      if (value !== undefined) Object.defineProperty(error, field, { ...hidden, value });
    }
    return error;
  }

  #note<V extends object>(object: V): V {
    this.#known.push(object);
    return object;
  }

  #number(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  #text(): string {
    const length = this.#number();
    let text = '';
    for (let i = 0; i < length; i++, this.#at += 2) text += String.fromCharCode(this.#view.getUint16(this.#at, true));
    return text;
  }

  #memory(): ArrayBuffer {
    const length = this.#number();
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at).buffer as ArrayBuffer; // of an array that slice has made
  }
}
