import { FORMAT_VERSION } from '../binary/format.js';
import { Budget, MEMORY } from '../checks/budget.js';
import { CodecError, type CodecErrorCode, formatPath, quoted } from '../errors.js';
import type { Context } from '../models/context.js';
import { buildModel } from '../models/modelFields.js';
import type { Fields } from '../models/registry.js';
import { KeyCheck } from '../values/keyCheck.js';
import { type TypedArray, type TypedArrayKind, typedArrayOfName } from '../values/typedArrays.js';
import { fillElements } from './elements.js';
import { JsonScanner } from './scan.js';

const QUOTE = 0x22;
const DOLLAR = 0x24;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const ENVELOPE = /\{[ \t\r\n]*"\$dml"[ \t\r\n]*:[ \t\r\n]*/y;
const VERSION = /[1-9]\d{0,14}(?![\d.eE])/y;
const ID = /(?:0|[1-9]\d{0,14})(?![\d.eE])/y;
const DATE = /^(?:[+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(?=(?:\.\d{1,3})?Z$)/;

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
 * @throws {CodecError} with line and column for what is no JSON, with the path for JSON that stands for no value
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
  /** `#path[d]` is the key of the child that is being read at depth d. */
  readonly #path: (string | number)[] = [];
  #depth = 0;
  /** Where the last key begins. */
  #keyAt = 0;
  /** The entry of the object about to be created, when it has an `$id`. */
  #claim: Shared | undefined;

  constructor(text: string, context: Context) {
    this.#context = context;
    this.#scanner = new JsonScanner(text);
    this.#budget = new Budget(context.limits, (reason) => this.#fail('ERR_LIMIT', reason));
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
    if (version === undefined) return this.#unexpected('"$dml" must be a format version, an integer >= 1');
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
    return value === HOLE ? this.#unknownDirective('$hole') : value;
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
    const out = this.#adopt<unknown[]>([]);
    this.#enter(MEMORY.array);
    const depth = this.#depth;
    scanner.at++;
    for (let i = 0; scanner.more(CLOSE_ARRAY, i); i++) {
      this.#path[depth] = i;
      const value = this.#itemOrHole();
      if (value === HOLE) out.length = i + 1;
      else out.push(value);
    }
    this.#depth--;
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
    return scanner.key();
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
    const depth = this.#depth;
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
        this.#path[depth] = key;
        const value = this.#item();
        if (key === '__proto__') {
          // Plain assignment would set the prototype instead of a field.
          Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
        } else out[key] = value;
      }
    }
    this.#depth--;
    if (type !== undefined) return this.#model(type, version ?? 1, out, claim);
    if (version !== undefined) this.#unknownDirective('$version');
    return out;
  }

  #nextKey(): string | undefined {
    return this.#scanner.more(CLOSE_OBJECT, 1) ? this.#key() : undefined;
  }

  #unescaped(written: string): string {
    return written === '$type' || written.charCodeAt(1) === DOLLAR ? written.slice(1) : this.#unknownDirective(written);
  }

  #typeName(): string {
    if (this.#scanner.peek() === QUOTE) return this.#scanner.string();
    return this.#unexpected('"type" must be the name of a model type. For plain data write the key as "$type"');
  }

  #typeVersion(): number {
    const version = this.#scanner.match(VERSION);
    return version === undefined ? this.#unexpected('"$version" must be an integer >= 1') : Number(version);
  }

  #model(name: string, version: number, fields: Fields, claim: Shared | undefined): object {
    if (claim?.inCycle === true) this.#fail('ERR_CYCLE', 'this model contains itself.');
    const path = (): string => this.#pathText();
    const value = buildModel(this.#context.registry.named(name, version, path), fields, version, path);
    this.#budget.checkExpanded();
    return value;
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
        if (scanner.peek() !== 0x74) this.#unexpected(`"${key}" must be true`);
        scanner.word('true', true);
        return key === '$hole' ? HOLE : undefined;
      case '$number': {
        const text = this.#text(key, '"NaN", "Infinity" or "-Infinity"');
        if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
        return this.#fail('ERR_MALFORMED', `"$number" is "NaN", "Infinity" or "-Infinity", found ${quoted(text)}.`);
      }
      case '$bigint':
        return this.#bigint(this.#text(key, 'decimal digits in a string'));
      case '$date':
        return this.#adopt(this.#date());
      case '$map':
        return this.#map();
      case '$set':
        return this.#set();
      case '$ref':
        return this.#reference();
      case '$ArrayBuffer':
        this.#budget.spend(0, MEMORY.buffer);
        return this.#adopt(this.#typedArray(typedArrayOfName('Uint8Array')!, key).buffer);
      default: {
        const kind = typedArrayOfName(key.slice(1));
        if (kind === undefined) return this.#unknownDirective(key);
        this.#budget.spend(0, MEMORY.typedArray);
        return this.#adopt(this.#typedArray(kind, key));
      }
    }
  }

  #text(key: string, expected: string): string {
    return this.#scanner.peek() === QUOTE ? this.#scanner.string() : this.#unexpected(`"${key}" must be ${expected}`);
  }

  #shareable(): unknown {
    const form = 'expected { "$id": integer, "$value": … }';
    const text = this.#scanner.match(ID);
    if (text === undefined || this.#claim !== undefined) return this.#unexpected(form);
    const id = Number(text);
    if (this.#shared.has(id)) this.#fail('ERR_DUPLICATE_KEY', `"$id" ${id} occurs twice.`);
    this.#valueKey(form);
    const entry: Shared = { value: UNFINISHED, size: -1, inCycle: false };
    this.#shared.set(id, entry);
    this.#claim = entry;
    const before = this.#budget.expanded;
    const value = this.#uncounted();
    if (typeof value !== 'object' || value === null || this.#claim !== undefined) {
      this.#fail('ERR_MALFORMED', 'only objects can have an "$id".');
    }
    entry.value = value;
    entry.size = this.#budget.expanded - before;
    this.#close('$id');
    return value;
  }

  #reference(): unknown {
    const text = this.#scanner.match(ID);
    if (text === undefined) return this.#unexpected('"$ref" must be the "$id" of an object that came before');
    if (this.#claim !== undefined) this.#fail('ERR_MALFORMED', 'a "$ref" cannot have an "$id".');
    const entry = this.#shared.get(Number(text));
    if (entry === undefined) return this.#fail('ERR_REFERENCE', `"$ref" ${text} names no "$id" that came before.`);
    if (entry.value === UNFINISHED) this.#fail('ERR_CYCLE', 'this value contains itself.');
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
    this.#enter(MEMORY.map);
    const depth = this.#depth;
    const check = new KeyCheck();
    this.#open('"$map" must be an array of [key, value]');
    for (let i = 0; scanner.more(CLOSE_ARRAY, i); i++) {
      this.#path[depth] = `<key ${i}>`;
      this.#open('an entry of "$map" must be [key, value]');
      scanner.space();
      if (scanner.peek() === CLOSE_ARRAY) this.#unexpected('an entry of "$map" must be [key, value]');
      const key = this.#memberKey(out, check);
      if (!scanner.take(COMMA)) this.#unexpected('an entry of "$map" must be [key, value]');
      this.#path[depth] = typeof key === 'string' ? key : `<value ${i}>`;
      out.set(key, this.#item());
      if (!scanner.take(CLOSE_ARRAY)) this.#unexpected('an entry of "$map" must be [key, value]');
    }
    this.#depth--;
    return out;
  }

  #set(): Set<unknown> {
    const out = this.#adopt(new Set<unknown>());
    this.#enter(MEMORY.set);
    const depth = this.#depth;
    const check = new KeyCheck();
    this.#open('"$set" must be an array');
    for (let i = 0; this.#scanner.more(CLOSE_ARRAY, i); i++) {
      this.#path[depth] = i;
      out.add(this.#memberKey(out, check));
    }
    this.#depth--;
    return out;
  }

  #memberKey(members: { has(key: unknown): boolean }, check: KeyCheck): unknown {
    const key = this.#item();
    // Maps and sets turn -0 into 0, so -0 there stands for no value.
    if (Object.is(key, -0)) this.#fail('ERR_MALFORMED', '-0 as the key of a Map or member of a Set. Write 0.');
    if (!check.accepts(key)) this.#fail('ERR_LIMIT', KeyCheck.reason);
    if (members.has(key)) this.#fail('ERR_DUPLICATE_KEY', 'this key occurs twice.');
    return key;
  }

  #bigint(text: string): bigint {
    const limit = this.#context.limits.maxBigIntBytes;
    if (!/^(0|-?[1-9]\d*)$/.test(text)) {
      this.#fail('ERR_MALFORMED', `"$bigint" must be decimal digits in a string, found ${quoted(text)}.`);
    }
    // 2.41 decimal digits per byte; the exact test follows when the number is known to be small enough to parse.
    if (text.length > 2.41 * limit + 2 || BigInt.asIntN(8 * limit + 1, BigInt(text)) !== BigInt(text)) {
      this.#fail('ERR_LIMIT', `a BigInt of more bytes than limits.maxBigIntBytes = ${limit}.`);
    }
    return BigInt(text);
  }

  #date(): Date {
    this.#budget.spend(0, MEMORY.date);
    if (this.#scanner.peek() === 0x6e) return new Date(this.#scanner.word('null', Number.NaN));
    const expected = 'null or a time such as "2024-02-29T12:00:00.000Z"';
    const text = this.#text('$date', expected);
    const toSeconds = DATE.exec(text)?.[0];
    const date = new Date(toSeconds === undefined ? Number.NaN : text);
    // Engines make 31 February the 2nd of March.
    if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, -5) !== toSeconds) {
      this.#fail('ERR_MALFORMED', `"$date" must be ${expected}, found ${quoted(text)}.`);
    }
    return date;
  }

  #typedArray(kind: TypedArrayKind, key: string): TypedArray {
    const scanner: JsonScanner = this.#scanner;
    const elements: (number | string)[] = [];
    this.#open(`"${key}" must be an array`);
    for (let i = 0; scanner.more(CLOSE_ARRAY, i); i++) {
      const code = scanner.peek();
      if (code === QUOTE) elements.push(scanner.string());
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT || code >= 0x61) {
        this.#unexpected(`element ${i} of "${key}" must be a number or a string`);
      } else elements.push(scanner.number());
    }
    const out = kind.view(new ArrayBuffer(elements.length * kind.elementBytes));
    const wrong = fillElements(kind, out, elements);
    if (wrong >= 0) {
      const expected = kind.bigint ? 'digits in a string' : 'a number';
      const found = quoted(String(elements[wrong]));
      this.#fail('ERR_MALFORMED', `element ${wrong} of "${key}" must be ${expected} in its range, found ${found}.`);
    }
    return out;
  }

  #open(expected: string): void {
    if (!this.#scanner.take(OPEN_ARRAY)) this.#unexpected(expected);
  }

  /** Steps over `, "$value":`. */
  #valueKey(form: string): void {
    const scanner: JsonScanner = this.#scanner;
    if (!scanner.take(COMMA) || this.#key() !== '$value') this.#unexpected(form);
    this.#colon();
  }

  /** The end of an object that has one key. */
  #close(key: string): void {
    const scanner: JsonScanner = this.#scanner;
    if (scanner.take(CLOSE_OBJECT)) return;
    if (scanner.atEnd()) scanner.expected('"}"');
    this.#unknownDirective(key);
  }

  #enter(memory: number): void {
    const { maxDepth } = this.#context.limits;
    if (this.#depth >= maxDepth) this.#fail('ERR_LIMIT', `nested deeper than limits.maxDepth = ${maxDepth}.`);
    this.#depth++;
    this.#budget.spend(0, memory);
  }

  #repeated(key: string): never {
    this.#scanner.at = this.#keyAt;
    return this.#scanner.fail('ERR_DUPLICATE_KEY', `the key ${quoted(key)} occurs twice`);
  }

  #unknownDirective(key: string): never {
    const advice = `For plain data write the key as ${quoted(`$${key}`)}.`;
    return this.#fail('ERR_MALFORMED', `${quoted(key)} has no meaning here. ${advice}`);
  }

  /** Refuses what comes next. */
  #unexpected(expected: string): never {
    if (this.#scanner.atEnd()) this.#scanner.expected(expected);
    return this.#fail('ERR_MALFORMED', `${expected}, found ${this.#scanner.found()}.`);
  }

  #pathText(): string {
    return formatPath(this.#path.slice(1, this.#depth + 1));
  }

  #fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: this.#pathText() });
  }
}

/** True for a key that makes its object stand for another value. `$version` is not one: it may come before `type`. */
function isDirective(key: string): boolean {
  return key.charCodeAt(0) === DOLLAR && key.charCodeAt(1) !== DOLLAR && key !== '$type' && key !== '$version';
}
