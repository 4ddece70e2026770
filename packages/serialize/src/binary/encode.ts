import { Budget, MEMORY } from '../checks/budget.js';
import type { Limits } from '../checks/limits.js';
import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import type { Context } from '../models/context.js';
import { modelFields, typeOf } from '../models/modelFields.js';
import type { TypeLookup } from '../models/registry.js';
import { KeyCheck } from '../values/keyCheck.js';
import { type Kind, kindOf } from '../values/kinds.js';
import { littleEndianBytes, type TypedArray, type TypedArrayKind } from '../values/typedArrays.js';
import type { ByteWriter } from './byteWriter.js';
import { BLOB_BYTES, MAJOR, SIMPLE, TAG } from './format.js';

const NO_NUMBER = -1;

/** An object that occurs more than once. */
interface Shared {
  /** {@link NO_NUMBER} until the second pass gives one. */
  number: number;
  /** Its data items, counted again at each mention. */
  size: number;
}

/** A large typed array that stands before the tree. */
export interface Blob {
  readonly tag: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes one value as a tree of CBOR items and a list of blobs.
 *
 * Tag 28 must stand before the first occurrence of a shared object, so sharing has to be known in advance. The first
 * pass assumes that nothing is shared, which is true of most models; only when it meets an object twice does a second
 * pass write the tree again with that knowledge.
 */
export class Encoder {
  readonly blobs: Blob[] = [];
  readonly #writer: ByteWriter;
  readonly #registry: TypeLookup;
  readonly #limits: Limits;
  readonly #allowCycles: boolean;
  /** The objects of the first pass, each model with the fields that its `toJSON` gave. */
  readonly #met = new Map<object, object>();
  /** `#ancestors[d]` is the container at depth d whose children are being written. */
  readonly #ancestors: object[] = [];
  readonly #blobIndex = new Map<object, number>();
  readonly #shared = new Map<object, Shared>();
  readonly #path: (string | number)[] = [];
  #depth = 0;
  #budget: Budget;
  #blobBytes = 0;
  /** How many objects of the tree have a number. */
  #numbered = 0;
  #secondPass = false;

  constructor(writer: ByteWriter, { registry, limits, allowCycles }: Context) {
    this.#writer = writer;
    this.#registry = registry;
    this.#limits = limits;
    this.#allowCycles = allowCycles;
    this.#budget = this.#newBudget();
  }

  readonly #modelPath = (): string => formatPath(this.#path.slice(1, this.#depth));

  #newBudget(): Budget {
    return new Budget(this.#limits, (reason) => this.#fail('ERR_LIMIT', reason));
  }

  /** Leaves the tree in the writer and the blobs in {@link blobs}. */
  run(value: unknown): void {
    this.#budget.spend(1, 0);
    this.#item(value);
    if (this.#shared.size === 0) return;
    this.#secondPass = true;
    this.#budget = this.#newBudget();
    this.#budget.spend(1 + this.blobs.length, this.blobs.length * MEMORY.typedArray);
    this.#writer.clear();
    this.#item(value);
  }

  /** Writes an item that the budget has been told of. */
  #item(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.#writer.number(value);
        return;
      case 'string':
        this.#text(value);
        return;
      case 'boolean':
        this.#writer.byte(value ? SIMPLE.true : SIMPLE.false);
        return;
      case 'undefined':
        this.#writer.byte(SIMPLE.undefined);
        return;
      case 'bigint':
        this.#budget.checkBigInt(value);
        this.#writer.bigint(value);
        return;
      case 'object':
        if (value === null) this.#writer.byte(SIMPLE.null);
        else this.#object(value);
        return;
      default:
        this.#fail('ERR_UNSUPPORTED_VALUE', `a ${typeof value} cannot be written. Store plain data instead.`);
    }
  }

  #object(value: object): void {
    if (this.#writer.length + this.#blobBytes > this.#limits.maxBytes) this.#tooLarge();
    const kind = kindOf(value);
    if (kind?.is === 'typedArray' && (value as TypedArray).byteLength >= BLOB_BYTES) {
      this.#blob(value as TypedArray, kind.typedArray);
      return;
    }
    if (!this.#secondPass) {
      if (!this.#isMetAgain(value)) this.#contents(value, kind);
      return;
    }
    const shared = this.#shared.get(value);
    if (shared === undefined) this.#contents(value, kind);
    else if (shared.number === NO_NUMBER) {
      shared.number = this.blobs.length + this.#numbered++;
      const before = this.#budget.expanded;
      this.#writer.head(MAJOR.tag, TAG.shareable);
      this.#contents(value, kind);
      shared.size = this.#budget.expanded - before;
    } else {
      this.#writer.head(MAJOR.tag, TAG.reference);
      this.#writer.head(MAJOR.unsigned, shared.number);
      this.#budget.repeat(shared.size);
    }
  }

  #contents(value: object, kind: Kind | undefined): void {
    // `kindOf` looked at the prototype, which proves each cast below.
    switch (kind?.is) {
      case 'typedArray':
        this.#budget.spend(0, MEMORY.typedArray);
        this.#typedArray(value as TypedArray, kind.typedArray);
        break;
      case 'buffer':
        this.#budget.spend(0, MEMORY.buffer);
        this.#bytes(new Uint8Array(value as ArrayBuffer));
        break;
      case 'date':
        this.#budget.spend(0, MEMORY.date);
        this.#date(value as Date);
        break;
      default:
        this.#budget.enter(this.#depth);
        this.#ancestors[++this.#depth] = value;
        if (kind === undefined) this.#model(value);
        else if (kind.is === 'array') this.#array(value as readonly unknown[]);
        else if (kind.is === 'map') this.#map(value as ReadonlyMap<unknown, unknown>);
        else if (kind.is === 'set') this.#set(value as ReadonlySet<unknown>);
        else this.#fieldsOf(value, false);
        this.#depth--;
    }
  }

  /** First pass: notes the object, and whether it is met again (then its contents need no second visit). */
  #isMetAgain(value: object): boolean {
    if (!this.#met.has(value)) {
      this.#met.set(value, value);
      return false;
    }
    if (!this.#allowCycles && this.#isAncestor(value)) {
      const advice = 'Break the cycle, or pass { allowCycles: true } to createCodec.';
      this.#fail('ERR_CYCLE', `this value contains itself. ${advice}`);
    }
    this.#shared.set(value, { number: NO_NUMBER, size: 0 });
    return true;
  }

  #isAncestor(value: object): boolean {
    return this.#ancestors.slice(1, this.#depth + 1).includes(value);
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    this.#budget.spend(length, MEMORY.array);
    this.#writer.head(MAJOR.array, length);
    for (let i = 0; i < length; i++) {
      i = this.#writer.numbers(value, i);
      if (i === length) return;
      this.#path[this.#depth] = i;
      const item = value[i];
      if (item === undefined && !(i in value)) {
        this.#writer.head(MAJOR.tag, TAG.hole);
        this.#writer.byte(SIMPLE.undefined);
      } else this.#item(item);
    }
  }

  #map(value: ReadonlyMap<unknown, unknown>): void {
    this.#budget.spend(2 * value.size, MEMORY.map);
    this.#writer.head(MAJOR.tag, TAG.map);
    this.#writer.head(MAJOR.map, value.size);
    let entry = 0;
    const check = new KeyCheck();
    for (const [key, item] of value) {
      if (!check.accepts(key)) this.#fail('ERR_LIMIT', KeyCheck.reason);
      this.#path[this.#depth] = `<key ${entry}>`;
      this.#item(key);
      this.#path[this.#depth] = typeof key === 'string' ? key : `<value ${entry}>`;
      this.#item(item);
      entry++;
    }
  }

  #set(value: ReadonlySet<unknown>): void {
    this.#budget.spend(value.size, MEMORY.set);
    this.#writer.head(MAJOR.tag, TAG.set);
    this.#writer.head(MAJOR.array, value.size);
    let entry = 0;
    const check = new KeyCheck();
    for (const item of value) {
      if (!check.accepts(item)) this.#fail('ERR_LIMIT', KeyCheck.reason);
      this.#path[this.#depth] = entry++;
      this.#item(item);
    }
  }

  #model(value: object): void {
    const type = typeOf(value, this.#registry, this.#modelPath);
    this.#writer.head(MAJOR.tag, TAG.model);
    this.#writer.head(MAJOR.array, 3);
    this.#budget.spend(2, 0);
    this.#writer.text(type.name);
    this.#writer.number(type.version);
    // The second pass must not ask again: `toJSON` may make its fields anew each time.
    const fields = this.#secondPass ? this.#met.get(value)! : modelFields(type, value, this.#modelPath);
    if (!this.#secondPass) this.#met.set(value, fields);
    this.#fieldsOf(fields, type.typeAmongFields);
    this.#budget.checkExpanded();
  }

  /** A map with text keys, in the object's own order; `skipType` leaves out the key `type`. */
  #fieldsOf(value: object, skipType: boolean): void {
    const keys = Object.keys(value);
    const count = skipType ? keys.length - 1 : keys.length;
    this.#budget.spend(2 * count, MEMORY.object);
    this.#writer.head(MAJOR.map, count);
    for (const key of keys) {
      if (skipType && key === 'type') continue;
      this.#path[this.#depth] = key;
      this.#text(key);
      this.#item((value as Record<string, unknown>)[key]);
    }
  }

  #text(value: string): void {
    if (this.#writer.length + value.length > this.#limits.maxBytes) this.#tooLarge();
    this.#writer.text(value);
  }

  /** Whole seconds and the milliseconds after them, as RFC 9581 writes time; NaN for an invalid date. */
  #date(value: Date): void {
    const time = value.getTime();
    const seconds = Math.floor(time / 1000);
    this.#writer.head(MAJOR.tag, TAG.date);
    this.#writer.head(MAJOR.map, Number.isNaN(time) ? 1 : 2);
    this.#writer.number(1);
    this.#writer.number(seconds);
    if (Number.isNaN(time)) return;
    this.#writer.number(-3);
    this.#writer.number(time - 1000 * seconds);
  }

  #typedArray(value: TypedArray, kind: TypedArrayKind): void {
    this.#writer.head(MAJOR.tag, kind.tag);
    this.#bytes(littleEndianBytes(value, kind.elementBytes));
  }

  #bytes(bytes: Uint8Array): void {
    if (bytes.length > this.#limits.maxBytes) this.#tooLarge();
    this.#writer.head(MAJOR.bytes, bytes.length);
    this.#writer.raw(bytes);
  }

  #blob(value: TypedArray, kind: TypedArrayKind): void {
    let index = this.#blobIndex.get(value);
    if (index === undefined) {
      index = this.blobs.length;
      this.#blobIndex.set(value, index);
      this.blobs.push({ tag: kind.tag, bytes: littleEndianBytes(value, kind.elementBytes) });
      this.#blobBytes += value.byteLength;
      this.#budget.spend(1, MEMORY.typedArray);
    }
    this.#writer.head(MAJOR.tag, TAG.reference);
    this.#writer.head(MAJOR.unsigned, index);
  }

  #tooLarge(): never {
    this.#fail('ERR_LIMIT', `more bytes than limits.maxBytes = ${this.#limits.maxBytes}.`);
  }

  /** `#path[d]` is the key of the child that is being written at depth d. */
  #fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: formatPath(this.#path.slice(1, this.#depth + 1)) });
  }
}
