import { Budget, MEMORY } from '../checks/budget.js';
import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import type { Context } from '../models/context.js';
import { modelFields } from '../models/modelFields.js';
import { KeyCheck } from '../values/keyCheck.js';
import { describe, kindOf } from '../values/kinds.js';
import type { TypedArray, TypedArrayKind } from '../values/typedArrays.js';
import { elementTexts } from './elements.js';
import { lineUp, listText, membersText, wordsText } from './layout.js';
import { numbersText, numberText } from './number.js';

/** Lists of so many numbers are written in one piece. */
const MANY = 32;

/** Texts of keys that were made before; more are not kept. */
const KEPT_KEYS = 1000;

/** An object that is mentioned again. */
interface Shared {
  /** Its `$id`; 0 until it is written. */
  id: number;
  /** Its data items, counted again at each mention. */
  size: number;
}

/**
 * Writes a value as a JSON document.
 *
 * What JSON lacks is an object with one key that begins with `$`; FORMAT.md lists them. A key of the user's own that begins
 * with `$` gets one more `$`, and the key `type` of a plain object becomes `$type`, because an object with a `type` is a
 * model.
 */
export function stringifyJson(value: unknown, context: Context): string {
  const { maxBytes } = context.limits;
  const first = new JsonWriter(context);
  let text = first.item(value);
  if (first.shared.size > 0) text = new JsonWriter(context, first).item(value);
  // The line end.
  if (text.length + 1 <= maxBytes) return `${text}\n`;
  throw new CodecError({ code: 'ERR_LIMIT', reason: tooLong(text.length + 1, maxBytes) });
}

/**
 * An `$id` stands before the first occurrence of an object that is mentioned again, so that has to be known in advance. The
 * first pass assumes that nothing is, which is true of most models; only when it meets an object twice is there a second.
 */
class JsonWriter {
  readonly shared = new Map<object, Shared>();
  readonly #context: Context;
  readonly #budget: Budget;
  /** The objects of the first pass, each model with the fields that its `toJSON` gave. */
  readonly #met: Map<object, object>;
  readonly #isSecondPass: boolean;
  /** `#ancestors[d]` is the container at depth d whose children are being written. */
  readonly #ancestors: object[] = [];
  readonly #keys = new Map<string, string>();
  readonly #path: (string | number)[] = [];
  #depth = 0;
  /** How many levels the current line is moved to the right. */
  #level = 0;
  #ids = 0;
  #textLength = 0;

  constructor(context: Context, firstPass?: JsonWriter) {
    this.#context = context;
    this.#budget = new Budget(context.limits, (reason) => this.#fail('ERR_LIMIT', reason));
    this.#isSecondPass = firstPass !== undefined;
    this.#met = firstPass === undefined ? new Map() : firstPass.#met;
    if (firstPass !== undefined) this.shared = firstPass.shared;
  }

  /** The finished text of a value that begins at the current level. */
  item(value: unknown): string {
    this.#budget.spend(1, 0);
    switch (typeof value) {
      case 'number':
        return Number.isFinite(value) ? numberText(value) : this.#single('$number', `"${value}"`);
      case 'string':
        return this.#string(value);
      case 'boolean':
        return String(value);
      case 'undefined':
        return this.#single('$undefined', 'true');
      case 'bigint':
        return this.#bigint(value);
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        return this.#fail('ERR_UNSUPPORTED_VALUE', `a ${typeof value} cannot be written. Store plain data instead.`);
    }
  }

  #string(value: string): string {
    this.#addLength(value.length);
    return JSON.stringify(value);
  }

  #bigint(value: bigint): string {
    const limit = this.#context.limits.maxBigIntBytes;
    if (BigInt.asIntN(8 * limit + 1, value) !== value) {
      this.#fail('ERR_LIMIT', `a BigInt of more bytes than limits.maxBigIntBytes = ${limit}.`);
    }
    return this.#single('$bigint', `"${value}"`);
  }

  #object(value: object): string {
    if (!this.#isSecondPass) return this.#isMetAgain(value) ? '' : this.#container(value, false);
    const shared = this.shared.get(value);
    if (shared === undefined) return this.#container(value, false);
    if (shared.id > 0) {
      this.#budget.repeat(shared.size);
      return `{ "$ref": ${shared.id} }`;
    }
    shared.id = ++this.#ids;
    const before = this.#budget.expanded;
    this.#level++;
    const text = this.#container(value, true);
    this.#level--;
    shared.size = this.#budget.expanded - before;
    const id = `"$id": ${shared.id}`;
    if (text === '[]' || text === '{}') return `{ ${id}, "$value": ${text} }`;
    return lineUp('{', [id, `"$value": ${text}`], '}', this.#level);
  }

  /** First pass: notes the object, and whether it is met again (then its contents need no second visit). */
  #isMetAgain(value: object): boolean {
    if (!this.#met.has(value)) {
      this.#met.set(value, value);
      return false;
    }
    if (!this.#context.allowCycles && this.#ancestors.slice(1, this.#depth + 1).includes(value)) {
      const advice = 'Break the cycle, or pass { allowCycles: true } to createCodec.';
      this.#fail('ERR_CYCLE', `this value contains itself. ${advice}`);
    }
    this.shared.set(value, { id: 0, size: 0 });
    return true;
  }

  /** @param isBroken  one member per line, also when all would fit on one */
  #container(value: object, isBroken: boolean): string {
    const kind = kindOf(value);
    // `kindOf` looked at the prototype, which proves each cast below.
    switch (kind?.is) {
      case 'date':
        this.#budget.spend(0, MEMORY.date);
        return this.#single('$date', dateText(value as Date), isBroken);
      case 'buffer':
        this.#budget.spend(0, MEMORY.buffer);
        this.#addLength(2 * (value as ArrayBuffer).byteLength);
        return this.#listed(
          '$ArrayBuffer',
          () => Array.from(new Uint8Array(value as ArrayBuffer), String),
          true,
          isBroken,
        );
      case 'typedArray':
        return this.#typedArray(value as TypedArray, kind.typedArray, isBroken);
      default:
    }
    const { maxDepth } = this.#context.limits;
    if (this.#depth >= maxDepth) this.#fail('ERR_LIMIT', `nested deeper than limits.maxDepth = ${maxDepth}.`);
    this.#depth++;
    this.#ancestors[this.#depth] = value;
    const text = this.#nested(value, kind?.is, isBroken);
    this.#depth--;
    return text;
  }

  #nested(value: object, is: 'object' | 'array' | 'map' | 'set' | undefined, isBroken: boolean): string {
    this.#budget.spend(0, MEMORY[is ?? 'object']);
    switch (is) {
      case undefined:
        return this.#model(value, isBroken);
      case 'object':
        return this.#fields(value, isBroken);
      case 'array':
        return this.#array(value as readonly unknown[], isBroken);
      case 'map':
        return this.#listed(
          '$map',
          () => this.#entries(value as ReadonlyMap<unknown, unknown>),
          (value as Map<unknown, unknown>).size === 0,
          isBroken,
        );
      default:
        return this.#listed(
          '$set',
          () => this.#members(value as ReadonlySet<unknown>),
          [...(value as Set<unknown>)].every(isPlain),
          isBroken,
        );
    }
  }

  #array(value: readonly unknown[], isBroken: boolean): string {
    const numbers = value.length < MANY ? undefined : numbersText(value);
    if (numbers !== undefined) {
      this.#path[this.#depth] = value.length - 1;
      this.#budget.spend(value.length, 0);
      return wordsText(numbers, value.length, this.#level, isBroken);
    }
    const texts = new Array<string>(value.length);
    let arePlain = true;
    const depth = this.#depth;
    this.#level++;
    for (let i = 0; i < texts.length; i++) {
      this.#path[depth] = i;
      const item = value[i];
      if (item === undefined && !(i in value)) {
        this.#budget.spend(1, 0);
        texts[i] = this.#single('$hole', 'true');
      } else texts[i] = this.item(item);
      arePlain &&= isPlain(item);
    }
    this.#level--;
    return listText(texts, arePlain, this.#level, isBroken);
  }

  #fields(value: object, isBroken: boolean): string {
    const members: string[] = [];
    this.#level++;
    for (const key of Object.keys(value)) {
      this.#member(members, key === 'type' ? '$type' : key, key, (value as Record<string, unknown>)[key]);
    }
    this.#level--;
    return membersText(members, this.#level, isBroken);
  }

  #model(value: object, isBroken: boolean): string {
    const type = this.#context.registry.of(value);
    const path = (): string => formatPath(this.#path.slice(1, this.#depth));
    if (type === undefined) {
      const reason = `${describe(value)} is not registered. Pass its class in { types: […] } to createCodec, or store plain data.`;
      throw new CodecError({ code: 'ERR_UNSUPPORTED_VALUE', reason, path: path() });
    }
    // The second pass must not ask again: `toJSON` may make its fields anew each time.
    const fields = this.#isSecondPass ? this.#met.get(value)! : modelFields(type, value, path);
    if (!this.#isSecondPass) this.#met.set(value, fields);
    const members = [`"type": ${JSON.stringify(type.name)}`];
    if (type.version !== 1) members.push(`"$version": ${type.version}`);
    this.#level++;
    for (const key of Object.keys(fields)) {
      if (key === 'type' && type.typeAmongFields) continue;
      this.#member(members, key === 'type' ? '$type' : key, key, (fields as Record<string, unknown>)[key]);
    }
    this.#level--;
    this.#budget.checkExpanded();
    return membersText(members, this.#level, isBroken);
  }

  #member(members: string[], written: string, key: string, value: unknown): void {
    this.#path[this.#depth] = key;
    const text = this.item(value);
    members.push(this.#keyText(written, key) + text);
  }

  /** The key and its colon. */
  #keyText(written: string, key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    this.#addLength(key.length);
    const text = `${JSON.stringify(key.startsWith('$') ? `$${key}` : written)}: `;
    if (this.#keys.size < KEPT_KEYS) this.#keys.set(key, text);
    return text;
  }

  #entries(value: ReadonlyMap<unknown, unknown>): string[] {
    const check = new KeyCheck();
    return Array.from(value, ([key, item], i) => {
      if (!check.accepts(key)) this.#fail('ERR_LIMIT', KeyCheck.reason);
      this.#level++;
      this.#path[this.#depth] = `<key ${i}>`;
      const keyText = this.item(key);
      this.#path[this.#depth] = typeof key === 'string' ? key : `<value ${i}>`;
      const texts = [keyText, this.item(item)];
      this.#level--;
      return listText(texts, isPlain(key) && isPlain(item), this.#level, false);
    });
  }

  #members(value: ReadonlySet<unknown>): string[] {
    const check = new KeyCheck();
    return Array.from(value, (member, i) => {
      if (!check.accepts(member)) this.#fail('ERR_LIMIT', KeyCheck.reason);
      this.#path[this.#depth] = i;
      return this.item(member);
    });
  }

  /** An object whose one key holds a list of items. */
  #listed(key: string, texts: () => string[], arePlain: boolean, isBroken: boolean): string {
    this.#level += 2;
    const items = texts();
    this.#level -= 2;
    return this.#single(key, listText(items, arePlain, this.#level + 1, false), isBroken);
  }

  #typedArray(value: TypedArray, kind: TypedArrayKind, isBroken: boolean): string {
    this.#budget.spend(0, MEMORY.typedArray);
    // Each element takes a digit and a comma at least.
    this.#addLength(2 * value.length);
    return this.#listed(`$${kind.name}`, () => elementTexts(kind, value), true, isBroken);
  }

  /** An object with this one key. */
  #single(key: string, text: string, isBroken = false): string {
    return membersText([`"${key}": ${text}`], this.#level, isBroken);
  }

  #addLength(characters: number): void {
    const { maxBytes } = this.#context.limits;
    this.#textLength += characters;
    if (this.#textLength > maxBytes) this.#fail('ERR_LIMIT', tooLong(this.#textLength, maxBytes));
  }

  /** `#path[d]` is the key of the child that is being written at depth d. */
  #fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: formatPath(this.#path.slice(1, this.#depth + 1)) });
  }
}

/** True for what is one word of JSON. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'null' : `"${date.toISOString()}"`;
}

function tooLong(characters: number, maxBytes: number): string {
  return `${characters} characters or more, above limits.maxBytes = ${maxBytes}.`;
}
