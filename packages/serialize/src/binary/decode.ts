import { Budget, MEMORY } from '../checks/budget.js';
import type { Limits } from '../checks/limits.js';
import type { Context } from '../models/context.js';
import { buildModel } from '../models/modelFields.js';
import type { Fields, TypeLookup } from '../models/registry.js';
import { KeyCheck } from '../values/keyCheck.js';
import { decodeWtf8, hasLoneSurrogate } from '../values/text.js';
import { fromLittleEndian, type TypedArray, type TypedArrayKind, typedArrayOfTag } from '../values/typedArrays.js';
import { ByteReader, hex } from './byteReader.js';
import { MAJOR, SIMPLE, TAG } from './format.js';

/** Stands in the table of shared values until the value is complete. */
const UNFINISHED = Symbol('unfinished');

/** Engines turn longer arrays into tables when they get their memory at once. */
const MAX_AT_ONCE = 2 ** 24;

/** Tag 31 around `undefined`: an absent element of an array. */
const HOLE = [0xd8, TAG.hole, SIMPLE.undefined] as const;

/**
 * Reads the payload of a file: blobs, then the tree.
 *
 * It accepts only what the encoder would write, so that a value has one form and a byte has one meaning. No memory is
 * allocated for an announced length alone: the bytes for it must be there.
 */
export class Decoder {
  readonly #reader: ByteReader;
  readonly #registry: TypeLookup;
  readonly #limits: Limits;
  readonly #allowCycles: boolean;
  readonly #shared: unknown[];
  /** The data items of each shared value, counted again at each mention. */
  readonly #sizes: number[];
  readonly #budget: Budget;
  /** Index in the table of the object about to be created, or -1. */
  #claim = -1;

  /** @param blobs  typed arrays already read from the head of the payload, when it came as a stream */
  constructor(payload: Uint8Array, { registry, limits, allowCycles }: Context, blobs: readonly TypedArray[] = []) {
    this.#reader = new ByteReader(payload);
    this.#registry = registry;
    this.#limits = limits;
    this.#allowCycles = allowCycles;
    this.#shared = [...blobs];
    this.#sizes = blobs.map(() => 0);
    // Failures of the reader end with the place in the payload, before the full stop.
    this.#budget = new Budget(limits, (reason) => this.#reader.fail('ERR_LIMIT', reason.replace(/\.$/, '')));
    this.#budget.spend(blobs.length, blobs.length * MEMORY.typedArray);
  }

  /** Reads a whole payload. */
  payload(): unknown {
    const reader: ByteReader = this.#reader;
    const parts = reader.expect(MAJOR.array, 'the array of blobs and tree');
    if (parts !== 2) reader.malformed(`expected an array of 2 items, the blobs and the tree, found ${parts}`);
    const count = reader.expect(MAJOR.array, 'the array of blobs');
    this.#budget.spend(count, count * MEMORY.typedArray);
    for (let i = 0; i < count; i++) {
      const tag = reader.expect(MAJOR.tag, 'a shareable typed array');
      const kind = typedArrayOfTag(reader.expect(MAJOR.tag, 'a typed array'));
      if (tag !== TAG.shareable || kind === undefined) reader.malformed('a blob must be a shareable typed array');
      this.#shared.push(this.#typedArray(kind));
      this.#sizes.push(0);
    }
    return this.tree();
  }

  /** Reads the tree, which must end where the bytes end. */
  tree(): unknown {
    this.#budget.spend(1, 0);
    const value = this.#item();
    const { remaining } = this.#reader;
    if (remaining > 0) this.#reader.fail('ERR_TRAILING_BYTES', `${remaining} bytes after the end of the value`);
    return value;
  }

  #item(): unknown {
    const reader: ByteReader = this.#reader;
    const first = reader.byte();
    switch (first >> 5) {
      case MAJOR.unsigned:
        return reader.argument(first);
      case MAJOR.negative: {
        const value = -1 - reader.argument(first);
        return Number.isSafeInteger(value) ? value : reader.malformed('an integer below -(2^53 - 1)');
      }
      case MAJOR.bytes:
        this.#budget.spend(0, MEMORY.buffer);
        return this.#adopt(this.#ownBytes(reader.argument(first)));
      case MAJOR.text:
        return reader.text(reader.argument(first));
      case MAJOR.array:
        return this.#array(reader.argument(first));
      case MAJOR.map:
        return this.#object(reader.argument(first));
      case MAJOR.tag:
        return this.#tagged(reader.argument(first));
      default:
        return this.#simple(first);
    }
  }

  #simple(first: number): unknown {
    switch (first) {
      case SIMPLE.false:
        return false;
      case SIMPLE.true:
        return true;
      case SIMPLE.null:
        return null;
      case SIMPLE.undefined:
        return undefined;
      case SIMPLE.float64: {
        const reader: ByteReader = this.#reader;
        const at = reader.skip(8);
        const value = reader.view.getFloat64(at);
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
          reader.malformed(`the integer ${value} is written as a double`);
        }
        if (Number.isNaN(value) && reader.view.getBigUint64(at) !== 0x7ff8_0000_0000_0000n) {
          reader.malformed('a NaN other than 7ff8000000000000');
        }
        return value;
      }
      default:
        return this.#reader.malformed(`byte 0x${hex(first)} starts no item of this format`);
    }
  }

  #tagged(tag: number): unknown {
    const reader: ByteReader = this.#reader;
    switch (tag) {
      case TAG.model:
        return this.#model();
      case TAG.shareable:
        return this.#shareable();
      case TAG.reference:
        return this.#reference();
      case TAG.map:
        return this.#map();
      case TAG.set:
        return this.#set();
      case TAG.date:
        this.#budget.spend(0, MEMORY.date);
        return this.#adopt(this.#date());
      case TAG.positiveBigInt:
        return this.#bigint();
      case TAG.negativeBigInt:
        return -1n - this.#bigint();
      case TAG.wobblyText:
        return this.#wobblyText();
      default: {
        const kind = typedArrayOfTag(tag);
        if (kind === undefined) reader.malformed(`tag ${tag} has no meaning here`);
        this.#budget.spend(0, MEMORY.typedArray);
        return this.#adopt(this.#typedArray(kind));
      }
    }
  }

  #array(count: number): unknown[] {
    const reader: ByteReader = this.#reader;
    // The bytes for `count` items are there, and limits.maxItems has room for them: no length is trusted.
    this.#enter(count, MEMORY.array);
    const out: unknown[] = this.#adopt(count <= MAX_AT_ONCE ? new Array<unknown>(count) : []);
    const { bytes, depth, path } = reader;
    for (let i = 0; i < count; i++) {
      i = reader.numbers(out, i, count);
      if (i === count) break;
      path[depth] = i;
      const at = reader.position;
      if (bytes[at] === HOLE[0] && bytes[at + 1] === HOLE[1] && bytes[at + 2] === HOLE[2]) {
        reader.position += HOLE.length;
        if (out.length === i) out.length++;
      } else out[i] = this.#item();
    }
    reader.depth--;
    return out;
  }

  #object(count: number): Fields {
    const reader: ByteReader = this.#reader;
    const out: Fields = this.#adopt({});
    this.#enter(2 * count, MEMORY.object);
    const { depth, path } = reader;
    for (let i = 0; i < count; i++) {
      path[depth] = '<key>';
      const key = this.#key();
      path[depth] = key;
      if (Object.hasOwn(out, key)) reader.fail('ERR_DUPLICATE_KEY', 'this key occurs twice');
      const value = this.#item();
      if (key === '__proto__') {
        // Plain assignment would set the prototype instead of a field.
        Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
      } else out[key] = value;
    }
    reader.depth--;
    return out;
  }

  #key(): string {
    const reader: ByteReader = this.#reader;
    const first = reader.byte();
    if (first >> 5 === MAJOR.text) return reader.text(reader.argument(first));
    if (first >> 5 === MAJOR.tag && reader.argument(first) === TAG.wobblyText) return this.#wobblyText();
    return reader.malformed(`the key of an object must be text, found byte 0x${hex(first)}`);
  }

  #map(): Map<unknown, unknown> {
    const reader: ByteReader = this.#reader;
    const out = this.#adopt(new Map<unknown, unknown>());
    const count = reader.expect(MAJOR.map, 'the entries of a Map');
    this.#enter(2 * count, MEMORY.map);
    const check = new KeyCheck();
    const { depth, path } = reader;
    for (let i = 0; i < count; i++) {
      path[depth] = `<key ${i}>`;
      const key = this.#memberKey(out, check);
      path[depth] = typeof key === 'string' ? key : `<value ${i}>`;
      out.set(key, this.#item());
    }
    reader.depth--;
    return out;
  }

  #set(): Set<unknown> {
    const reader: ByteReader = this.#reader;
    const out = this.#adopt(new Set<unknown>());
    const count = reader.expect(MAJOR.array, 'the members of a Set');
    this.#enter(count, MEMORY.set);
    const check = new KeyCheck();
    const { depth, path } = reader;
    for (let i = 0; i < count; i++) {
      path[depth] = i;
      out.add(this.#memberKey(out, check));
    }
    reader.depth--;
    return out;
  }

  /** Maps and sets turn -0 into 0, so -0 there has no value that it could come from. */
  #memberKey(members: { has(key: unknown): boolean }, check: KeyCheck): unknown {
    const key = this.#item();
    if (Object.is(key, -0)) this.#reader.malformed('-0 as the key of a Map or member of a Set');
    if (!check.accepts(key)) this.#reader.fail('ERR_LIMIT', KeyCheck.reason);
    if (members.has(key)) this.#reader.fail('ERR_DUPLICATE_KEY', 'this key occurs twice');
    return key;
  }

  #model(): object {
    const reader: ByteReader = this.#reader;
    const claim = this.#claim;
    this.#claim = -1;
    if (reader.expect(MAJOR.array, 'the parts of a model') !== 3) {
      reader.malformed('a model must have three parts: type, version, fields');
    }
    this.#budget.spend(2, 0);
    const name = reader.expectText('the type of a model');
    const version = reader.expect(MAJOR.unsigned, 'the version of a type');
    if (version < 1) reader.malformed('the version of a type must be at least 1');
    const path = (): string => reader.pathText();
    const type = this.#registry.named(name, version, path);
    const fields = this.#object(reader.expect(MAJOR.map, 'the fields of a model'));
    const value = buildModel(type, fields, version, path);
    this.#budget.checkExpanded();
    if (claim >= 0) this.#shared[claim] = value;
    return value;
  }

  #shareable(): unknown {
    const reader: ByteReader = this.#reader;
    if (this.#claim >= 0) reader.malformed('a value marked as shareable twice');
    const index = this.#shared.length;
    this.#shared.push(UNFINISHED);
    this.#sizes.push(0);
    this.#claim = index;
    const before = this.#budget.expanded;
    const value = this.#item();
    if (typeof value !== 'object' || value === null || this.#claim >= 0) {
      reader.malformed('only objects can be marked as shareable');
    }
    this.#shared[index] = value;
    this.#sizes[index] = this.#budget.expanded - before;
    return value;
  }

  #reference(): unknown {
    const reader: ByteReader = this.#reader;
    const index = reader.expect(MAJOR.unsigned, 'the index of a shared value');
    if (this.#claim >= 0) reader.malformed('a reference marked as shareable');
    if (index >= this.#shared.length) {
      reader.fail('ERR_REFERENCE', `reference to shared value ${index}, but only ${this.#shared.length} came before`);
    }
    const value = this.#shared[index];
    if (value === UNFINISHED) reader.fail('ERR_CYCLE', 'this value contains itself');
    this.#budget.repeat(this.#sizes[index]!);
    return value;
  }

  /** Enters a new object into the table of shared values, when it was marked as shareable. */
  #adopt<T extends object>(value: T): T {
    if (this.#claim >= 0) {
      if (this.#allowCycles) this.#shared[this.#claim] = value;
      this.#claim = -1;
    }
    return value;
  }

  #typedArray(kind: TypedArrayKind): TypedArray {
    const reader: ByteReader = this.#reader;
    const count = reader.expect(MAJOR.bytes, `the bytes of a ${kind.name}`);
    if (count % kind.elementBytes !== 0) {
      reader.malformed(`${count} bytes are no whole number of elements of a ${kind.name}`);
    }
    return fromLittleEndian(kind, this.#ownBytes(count));
  }

  /** A copy: the input may be a buffer that is reused. */
  #ownBytes(count: number): ArrayBuffer {
    const view = this.#reader.take(count);
    const out = new Uint8Array(count);
    out.set(view);
    return out.buffer;
  }

  #date(): Date {
    const reader: ByteReader = this.#reader;
    const entries = reader.expect(MAJOR.map, 'the parts of a date');
    if (reader.expect(MAJOR.unsigned, 'key 1, the seconds') !== 1) reader.malformed('expected key 1, the seconds');
    const seconds = this.#item();
    if (entries === 1 && Number.isNaN(seconds)) return new Date(Number.NaN);
    if (entries !== 2 || reader.byte() !== 0x22) reader.malformed('expected key -3, the milliseconds');
    const milliseconds = reader.expect(MAJOR.unsigned, 'the milliseconds');
    const date = new Date(Number(seconds) * 1000 + milliseconds);
    if (
      !Number.isSafeInteger(seconds) ||
      Object.is(seconds, -0) ||
      milliseconds > 999 ||
      Number.isNaN(date.getTime())
    ) {
      reader.malformed('a date outside the years that a Date can hold');
    }
    return date;
  }

  #bigint(): bigint {
    const reader: ByteReader = this.#reader;
    const count = reader.expect(MAJOR.bytes, 'the magnitude of a BigInt');
    if (count > this.#limits.maxBigIntBytes) {
      reader.fail('ERR_LIMIT', `a BigInt of ${count} bytes, limits.maxBigIntBytes = ${this.#limits.maxBigIntBytes}`);
    }
    const bytes = reader.take(count);
    if (bytes[0] === 0) reader.malformed('a BigInt with a leading zero');
    return count === 0 ? 0n : BigInt(`0x${Array.from(bytes, hex).join('')}`);
  }

  #wobblyText(): string {
    const reader: ByteReader = this.#reader;
    const text = decodeWtf8(reader.take(reader.expect(MAJOR.bytes, 'the bytes of a string')));
    if (text === undefined || !hasLoneSurrogate(text)) reader.malformed('a string that should be plain text');
    return text;
  }

  /** Every item takes at least one byte, so a count above the bytes left is wrong. */
  #enter(items: number, memory: number): void {
    const reader: ByteReader = this.#reader;
    if (items > reader.remaining) reader.truncated(items);
    this.#budget.spend(items, memory);
    this.#budget.enter(reader.depth);
    reader.depth++;
  }
}
