import { FORMAT_VERSION } from '../binary/format.js';
import { Budget, MEMORY } from '../checks/budget.js';
import { CodecError, quoted } from '../errors.js';
import type { Context } from '../models/context.js';
import { buildModel } from '../models/modelFields.js';
import type { Fields, RegisteredType } from '../models/registry.js';
import { KeyCheck } from '../values/keyCheck.js';
import { typedArrayOfName } from '../values/typedArrays.js';
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, DOLLAR, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './characters.js';
import { JsonPlace } from './place.js';
import { appendRuns, arrayOfNumbers } from './plainRun.js';
import { JsonScanner } from './scan.js';
import { openArray, type Reading, readBigInt, readDate, readNumber, readTypedArray } from './simpleValues.js';

const ENVELOPE = /\{[ \t\r\n]*"\$dml"[ \t\r\n]*:[ \t\r\n]*/y;
const VERSION = /[1-9]\d{0,14}(?![\d.eE])/y;
const ID = /(?:0|[1-9]\d{0,14})(?![\d.eE])/y;

/** Elements of lists with more levels are read one by one. */
const MAX_ROOM = 64;

/** Lists with items of so many characters are read item by item, too: an item may be a list of numbers. */
const LONG_ITEM = 400;

/** What `{ "$hole": true }` gives: an absent element. */
const HOLE = Symbol('hole');
const UNFINISHED = Symbol('unfinished');

/** An object with an `$id`. */
interface Shared {
  value: unknown;
  /** Its data items, counted again at each mention; -1 until it is complete. */
  size: number;
  /** Mentioned from inside itself. */
  inCycle: boolean;
}

/**
 * Reads a JSON document and makes the value that it describes, in one pass over the text.
 * @throws {CodecError} with line and column for text that is not JSON, with the path for JSON that stands for no value
 */
export function parseJson(text: string, context: Context): unknown {
  const { maxBytes } = context.limits;
  if (text.length > maxBytes) {
    const reason = `${text.length} characters, more than limits.maxBytes = ${maxBytes}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  return new JsonParser(text, context).document();
}

class JsonParser {
  readonly #context: Context;
  readonly #scanner: JsonScanner;
  readonly #budget: Budget;
  readonly #shared = new Map<number, Shared>();
  readonly #place: JsonPlace;
  readonly #reading: Reading;
  /** Where the last key begins. */
  #keyAt = 0;
  /** The entry of the object about to be created, when it has an `$id`. */
  #claim: Shared | undefined;

  constructor(text: string, context: Context) {
    this.#context = context;
    this.#scanner = new JsonScanner(text);
    this.#place = new JsonPlace(this.#scanner);
    this.#reading = { scanner: this.#scanner, place: this.#place };
    this.#budget = new Budget(context.limits, (reason) => this.#place.fail('ERR_LIMIT', reason));
  }

  document(): unknown {
    const scanner: JsonScanner = this.#scanner;
    scanner.space();
    const value = scanner.match(ENVELOPE) === undefined ? this.#item() : this.#enveloped();
    scanner.space();
    if (scanner.at < scanner.text.length) {
      scanner.fail('ERR_TRAILING_BYTES', `expected the end, found ${scanner.found()}`);
    }
    return value;
  }

  /** A later format says so at the top: `{ "$dml": 2, "$value": … }`. Without that a document has version 1. */
  #enveloped(): unknown {
    const version = this.#scanner.match(VERSION);
    if (version === undefined) return this.#place.unexpected('"$dml" must be a format version, an integer >= 1');
    if (Number(version) > FORMAT_VERSION) {
      const reason = `format version ${version} is newer than ${FORMAT_VERSION}, the newest this package reads. Update @dml/serialize.`;
      throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
    }
    this.#valueKey('expected { "$dml": version, "$value": … }');
    const value = this.#item();
    this.#close('$dml');
    return value;
  }

  #item(): unknown {
    const value = this.#itemOrHole();
    return value === HOLE ? this.#place.unknownDirective('$hole') : value;
  }

  #itemOrHole(): unknown {
    this.#budget.spend(1, 0);
    return this.#uncounted();
  }

  #uncounted(): unknown {
    const scanner: JsonScanner = this.#scanner;
    switch (scanner.peek()) {
      case OPEN_OBJECT:
        return this.#object();
      case OPEN_ARRAY:
        return this.#array();
      case QUOTE:
        return scanner.string();
      case 0x74:
        return scanner.word('true', true);
      case 0x66:
        return scanner.word('false', false);
      case 0x6e:
        return scanner.word('null', null);
      default:
        return scanner.number();
    }
  }

  #array(): unknown[] {
    const scanner: JsonScanner = this.#scanner;
    this.#enter(MEMORY.array);
    const { keys, depth } = this.#place;
    const numbers = arrayOfNumbers(scanner, this.#budget);
    if (numbers !== undefined) {
      this.#place.depth--;
      return this.#adopt(numbers);
    }
    const out = this.#adopt<unknown[]>([]);
    const room = Math.min(this.#context.limits.maxDepth - depth, MAX_ROOM);
    const start = scanner.at++;
    while (scanner.more(CLOSE_ARRAY, out.length)) {
      if (scanner.at - start < LONG_ITEM * out.length) appendRuns(scanner, out, room, this.#budget);
      keys[depth] = out.length;
      const value = this.#itemOrHole();
      if (value === HOLE) out.length++;
      else out.push(value);
    }
    this.#place.depth--;
    return out;
  }

  /** A plain object, a model (it has a `type`), or another value (its one key begins with `$`). */
  #object(): unknown {
    const scanner: JsonScanner = this.#scanner;
    scanner.at++;
    if (!scanner.more(CLOSE_OBJECT, 0)) return this.#members(undefined);
    const first = this.#key();
    return isDirective(first) ? this.#directive(first) : this.#members(first);
  }

  #key(): string {
    const scanner: JsonScanner = this.#scanner;
    this.#keyAt = scanner.at;
    if (scanner.peek() !== QUOTE) scanner.expected('a key in double quotes');
    return scanner.string();
  }

  #colon(): void {
    if (!this.#scanner.take(COLON)) this.#scanner.expected('":"');
  }

  /** The members of a plain object or model. @param first  its first key, which has been read; `undefined` after the end */
  #members(first: string | undefined): object {
    const claim = this.#claim;
    // A model does not exist before it is built, so nothing inside can mention it.
    if (first === 'type') this.#claim = undefined;
    const out: Fields = this.#adopt({});
    this.#enter(MEMORY.object);
    const { keys, depth } = this.#place;
    let type: string | undefined;
    let version: number | undefined;
    for (let written = first; written !== undefined; written = this.#nextKey()) {
      if (written === 'type') {
        if (type !== undefined) this.#repeated(written);
        this.#colon();
        type = this.#typeName();
      } else if (written === '$version') {
        if (version !== undefined) this.#repeated(written);
        this.#colon();
        version = this.#typeVersion();
      } else {
        const key = written.charCodeAt(0) === DOLLAR ? this.#unescaped(written) : written;
        if (Object.hasOwn(out, key)) this.#repeated(written);
        this.#colon();
        keys[depth] = key;
        const value = this.#item();
        if (key === '__proto__') {
          // Plain assignment would set the prototype instead of a field.
          Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
        } else out[key] = value;
      }
    }
    this.#place.depth--;
    if (type !== undefined) {
      const isLikeModel = this.#place.depth > 0 || first === 'type' || version !== undefined || /^[A-Z]/.test(type);
      return this.#model(type, version ?? 1, out, claim, isLikeModel);
    }
    if (version !== undefined) this.#place.unknownDirective('$version');
    return out;
  }

  #nextKey(): string | undefined {
    return this.#scanner.more(CLOSE_OBJECT, 1) ? this.#key() : undefined;
  }

  #unescaped(written: string): string {
    return written === '$type' || written.charCodeAt(1) === DOLLAR
      ? written.slice(1)
      : this.#place.unknownDirective(written);
  }

  #typeName(): string {
    if (this.#scanner.peek() === QUOTE) return this.#scanner.string();
    return this.#place.unexpected('"type" must be the name of a model type. For plain data write the key as "$type"');
  }

  #typeVersion(): number {
    const version = this.#scanner.match(VERSION);
    return version === undefined ? this.#place.unexpected('"$version" must be an integer >= 1') : Number(version);
  }

  /** @param isLikeModel  false for a whole document that only has a `type` somewhere, as `package.json` has "module" */
  #model(name: string, version: number, fields: Fields, claim: Shared | undefined, isLikeModel: boolean): object {
    if (claim?.inCycle === true) this.#place.fail('ERR_CYCLE', 'this model contains itself.');
    const path = (): string => this.#place.text();
    const value = buildModel(this.#typeNamed(name, version, path, isLikeModel), fields, version, path);
    this.#budget.checkExpanded();
    return value;
  }

  #typeNamed(name: string, version: number, path: () => string, isLikeModel: boolean): RegisteredType {
    try {
      return this.#context.registry.named(name, version, path);
    } catch (cause) {
      if (isLikeModel || !(cause instanceof CodecError) || cause.code !== 'ERR_UNKNOWN_TYPE') throw cause;
      const reason = `JSON that is not a model: its "type", ${quoted(name)}, is not among the registered types.`;
      throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason, cause });
    }
  }

  /** A value that JSON lacks, as an object with one key. */
  #directive(key: string): unknown {
    this.#colon();
    if (key === '$id') return this.#shareable();
    const value = this.#directed(key);
    this.#close(key);
    return value;
  }

  #directed(key: string): unknown {
    const scanner: JsonScanner = this.#scanner;
    switch (key) {
      case '$hole':
      case '$undefined':
        if (scanner.peek() !== 0x74) this.#place.unexpected(`"${key}" must be true`);
        scanner.word('true', true);
        return key === '$hole' ? HOLE : undefined;
      case '$number':
        return readNumber(this.#reading);
      case '$bigint':
        return readBigInt(this.#reading, this.#budget);
      case '$date':
        this.#budget.spend(0, MEMORY.date);
        return this.#adopt(readDate(this.#reading));
      case '$map':
        return this.#map();
      case '$set':
        return this.#set();
      case '$ref':
        return this.#reference();
      case '$ArrayBuffer':
        this.#budget.spend(0, MEMORY.buffer);
        return this.#adopt(readTypedArray(this.#reading, typedArrayOfName('Uint8Array')!, key).buffer);
      default: {
        const kind = typedArrayOfName(key.slice(1));
        if (kind === undefined) return this.#place.unknownDirective(key);
        this.#budget.spend(0, MEMORY.typedArray);
        return this.#adopt(readTypedArray(this.#reading, kind, key));
      }
    }
  }

  #shareable(): unknown {
    const form = 'expected { "$id": integer, "$value": … }';
    const text = this.#scanner.match(ID);
    if (text === undefined || this.#claim !== undefined) return this.#place.unexpected(form);
    const id = Number(text);
    if (this.#shared.has(id)) this.#place.fail('ERR_DUPLICATE_KEY', `"$id" ${id} occurs twice.`);
    this.#valueKey(form);
    const entry: Shared = { value: UNFINISHED, size: -1, inCycle: false };
    this.#shared.set(id, entry);
    this.#claim = entry;
    const before = this.#budget.expanded;
    const value = this.#uncounted();
    if (typeof value !== 'object' || value === null || this.#claim !== undefined) {
      this.#place.fail('ERR_MALFORMED', 'only objects can have an "$id".');
    }
    entry.value = value;
    entry.size = this.#budget.expanded - before;
    this.#close('$id');
    return value;
  }

  #reference(): unknown {
    const text = this.#scanner.match(ID);
    if (text === undefined) return this.#place.unexpected('"$ref" must be the "$id" of an object that came before');
    if (this.#claim !== undefined) this.#place.fail('ERR_MALFORMED', 'a "$ref" cannot have an "$id".');
    const entry = this.#shared.get(Number(text));
    if (entry === undefined)
      return this.#place.fail('ERR_REFERENCE', `"$ref" ${text} names no "$id" that came before.`);
    if (entry.value === UNFINISHED) this.#place.fail('ERR_CYCLE', 'this value contains itself.');
    if (entry.size < 0) entry.inCycle = true;
    else this.#budget.repeat(entry.size);
    return entry.value;
  }

  /** Enters a new object into the table of shared values, when it has an `$id`. */
  #adopt<T extends object>(value: T): T {
    if (this.#claim !== undefined) {
      if (this.#context.allowCycles) this.#claim.value = value;
      this.#claim = undefined;
    }
    return value;
  }

  #map(): Map<unknown, unknown> {
    const scanner: JsonScanner = this.#scanner;
    const out = this.#adopt(new Map<unknown, unknown>());
    openArray(this.#reading, '"$map" must be an array of [key, value]');
    this.#enter(MEMORY.map);
    const { keys, depth } = this.#place;
    const check = new KeyCheck();
    for (let i = 0; scanner.more(CLOSE_ARRAY, i); i++) {
      keys[depth] = `<key ${i}>`;
      openArray(this.#reading, 'an entry of "$map" must be [key, value]');
      scanner.space();
      if (scanner.peek() === CLOSE_ARRAY) this.#place.unexpected('an entry of "$map" must be [key, value]');
      const key = this.#memberKey(out, check);
      if (!scanner.take(COMMA)) this.#place.unexpected('an entry of "$map" must be [key, value]');
      keys[depth] = typeof key === 'string' ? key : `<value ${i}>`;
      out.set(key, this.#item());
      if (!scanner.take(CLOSE_ARRAY)) this.#place.unexpected('an entry of "$map" must be [key, value]');
    }
    this.#place.depth--;
    return out;
  }

  #set(): Set<unknown> {
    const out = this.#adopt(new Set<unknown>());
    openArray(this.#reading, '"$set" must be an array');
    this.#enter(MEMORY.set);
    const { keys, depth } = this.#place;
    const check = new KeyCheck();
    for (let i = 0; this.#scanner.more(CLOSE_ARRAY, i); i++) {
      keys[depth] = i;
      out.add(this.#memberKey(out, check));
    }
    this.#place.depth--;
    return out;
  }

  #memberKey(members: { has(key: unknown): boolean }, check: KeyCheck): unknown {
    const key = this.#item();
    // Maps and sets turn -0 into 0, so -0 there stands for no value.
    if (Object.is(key, -0)) this.#place.fail('ERR_MALFORMED', '-0 as the key of a Map or member of a Set. Write 0.');
    if (!check.accepts(key)) this.#place.fail('ERR_LIMIT', KeyCheck.reason);
    if (members.has(key)) this.#place.fail('ERR_DUPLICATE_KEY', 'this key occurs twice.');
    return key;
  }

  /** Steps over `, "$value":`. */
  #valueKey(form: string): void {
    const scanner: JsonScanner = this.#scanner;
    if (!scanner.take(COMMA) || this.#key() !== '$value') this.#place.unexpected(form);
    this.#colon();
  }

  /** The end of an object that has one key. */
  #close(key: string): void {
    const scanner: JsonScanner = this.#scanner;
    if (scanner.take(CLOSE_OBJECT)) return;
    if (scanner.atEnd()) scanner.expected('"}"');
    this.#place.unknownDirective(key);
  }

  #enter(memory: number): void {
    this.#budget.enter(this.#place.depth);
    this.#place.depth++;
    this.#budget.spend(0, memory);
  }

  #repeated(key: string): never {
    this.#scanner.at = this.#keyAt;
    return this.#scanner.fail('ERR_DUPLICATE_KEY', `the key ${quoted(key)} occurs twice`);
  }
}

/** True for a key that makes its object stand for another value. `$version` is not one: it may come before `type`. */
function isDirective(key: string): boolean {
  return key.charCodeAt(0) === DOLLAR && key.charCodeAt(1) !== DOLLAR && key !== '$type' && key !== '$version';
}
