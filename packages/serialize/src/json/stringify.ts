import { Budget, MEMORY } from '../checks/budget.js';
import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import type { Context } from '../models/context.js';
import { modelFields, typeOf } from '../models/modelFields.js';
import { KeyCheck } from '../values/keyCheck.js';
import { kindOf } from '../values/kinds.js';
import type { TypedArray } from '../values/typedArrays.js';
import { elementText } from './elements.js';
import { JsonLayout, MANY } from './layout.js';
import { isUsual, isWord, numberText } from './words.js';

/** So many words are written at once, and texts of about so many characters joined. */
const PIECE = 1024;

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
  /** The objects of the first pass. */
  readonly #met = new Set<object>();
  /** What the `toJSON` of each model gave in the first pass. */
  readonly #fields: Map<object, object>;
  readonly #isSecondPass: boolean;
  /** `#ancestors[d]` is the container at depth d whose children are being written. */
  readonly #ancestors: object[] = [];
  readonly #keys = new Map<string, string>();
  readonly #path: (string | number)[] = [];
  #depth = 0;
  readonly #layout = new JsonLayout();
  #ids = 0;
  #textLength = 0;

  constructor(context: Context, firstPass?: JsonWriter) {
    this.#context = context;
    this.#budget = new Budget(context.limits, (reason) => this.#fail('ERR_LIMIT', reason));
    this.#isSecondPass = firstPass !== undefined;
    this.#fields = firstPass === undefined ? new Map() : firstPass.#fields;
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
        this.#budget.checkBigInt(value);
        return this.#single('$bigint', `"${value}"`);
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
    this.#layout.level++;
    const text = this.#container(value, true);
    this.#layout.level--;
    shared.size = this.#budget.expanded - before;
    const id = `"$id": ${shared.id}`;
    if (text === '[]' || text === '{}') return `{ ${id}, "$value": ${text} }`;
    return this.#layout.lineUp('{', [id, `"$value": ${text}`], '}');
  }

  /** First pass: notes the object, and whether it is met again (then its contents need no second visit). */
  #isMetAgain(value: object): boolean {
    const { size } = this.#met;
    if (this.#met.add(value).size > size) return false;
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
        return this.#elements('$ArrayBuffer', new Uint8Array(value as ArrayBuffer), isBroken);
      case 'typedArray':
        this.#budget.spend(0, MEMORY.typedArray);
        return this.#elements(`$${kind.typedArray.name}`, value as TypedArray, isBroken);
      default:
    }
    this.#budget.enter(this.#depth);
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
        return this.#members([], value, false, isBroken);
      case 'array':
        return this.#list(value as readonly unknown[], isBroken);
      case 'map':
        return this.#map([...(value as ReadonlyMap<unknown, unknown>)], isBroken);
      default:
        return this.#set([...(value as ReadonlySet<unknown>)], isBroken);
    }
  }

  #item(items: ArrayLike<unknown>, i: number): string {
    this.#path[this.#depth] = i;
    const item = items[i];
    if (item !== undefined || i in items) return this.item(item);
    this.#budget.spend(1, 0);
    return this.#single('$hole', 'true');
  }

  #map(entries: readonly (readonly [unknown, unknown])[], isBroken: boolean): string {
    const check = new KeyCheck();
    return this.#listed('$map', entries, isBroken, 1, (i) => {
      const [key] = entries[i]!;
      if (!check.accepts(key)) this.#fail('ERR_LIMIT', KeyCheck.reason);
      return this.#list(entries[i]!, false, 1, (isValue) => {
        this.#path[this.#depth] = isValue === 0 ? `<key ${i}>` : typeof key === 'string' ? key : `<value ${i}>`;
        return this.item(entries[i]![isValue]);
      });
    });
  }

  #set(members: readonly unknown[], isBroken: boolean): string {
    const check = new KeyCheck();
    members.forEach((member, i) => {
      this.#path[this.#depth] = i;
      if (!check.accepts(member)) this.#fail('ERR_LIMIT', KeyCheck.reason);
    });
    return this.#listed('$set', members, isBroken);
  }

  #elements(key: string, array: TypedArray, isBroken: boolean): string {
    // Each element takes a digit and a comma at least.
    this.#addLength(2 * array.length);
    return this.#listed(key, array, isBroken, 0, (i) => elementText(array, i));
  }

  /**
   * An array of these items.
   * @param cost    what an item counts against the limits
   * @param textOf  writes an item of a short list, or one that the engine would write in another way
   */
  #list(items: ArrayLike<unknown>, isBroken: boolean, cost = 1, textOf?: (i: number) => string): string {
    const layout = this.#layout;
    const { breaks } = layout;
    const isLong = items.length >= MANY;
    let areWords = !isLong;
    const texts: string[] = [];
    layout.level++;
    for (let i = 0; i < items.length; ) {
      const piece = isLong ? [] : texts;
      if (isLong) i = this.#usualItems(items, i, cost, piece);
      let room = isLong ? PIECE : Infinity;
      for (; i < items.length && room > 0 && !(isLong && isUsual(items[i])); i++) {
        areWords &&= isWord(items[i]);
        const text = textOf === undefined ? this.#item(items, i) : textOf(i);
        piece.push(text);
        room -= text.length;
      }
      // Strings in parts are dear to collect as garbage, so the parts are joined soon.
      if (isLong) texts.push(layout.joined(piece));
    }
    layout.level--;
    return layout.list(texts, areWords, isBroken || isLong || layout.breaks !== breaks);
  }

  /**
   * Adds one text of the next items, as many as the engine writes as this package does.
   * @returns the first item that is not in it
   */
  #usualItems(items: ArrayLike<unknown>, start: number, cost: number, texts: string[]): number {
    const usual: unknown[] = [];
    const most = Math.min(items.length - start, PIECE);
    while (usual.length < most) {
      const item = items[start + usual.length];
      if (!isUsual(item)) break;
      if (typeof item === 'string') this.#addLength(item.length);
      usual.push(item);
    }
    if (usual.length > 0) {
      this.#path[this.#depth] = start + usual.length - 1;
      this.#budget.spend(cost * usual.length, 0);
      texts.push(this.#layout.words(usual));
    }
    return start + usual.length;
  }

  #model(value: object, isBroken: boolean): string {
    const path = (): string => formatPath(this.#path.slice(1, this.#depth));
    const type = typeOf(value, this.#context.registry, path);
    // The second pass must not ask again: `toJSON` may make its fields anew each time.
    const fields = this.#fields.get(value) ?? modelFields(type, value, path);
    this.#fields.set(value, fields);
    const members = [`"type": ${JSON.stringify(type.name)}`];
    if (type.version !== 1) members.push(`"$version": ${type.version}`);
    const text = this.#members(members, fields, type.typeAmongFields, isBroken);
    this.#budget.checkExpanded();
    return text;
  }

  /** An object of `members` and these fields, without the one that is the `type` of a model. */
  #members(members: string[], fields: object, hasType: boolean, isBroken: boolean): string {
    const layout = this.#layout;
    const { breaks } = layout;
    layout.level++;
    for (const key of Object.keys(fields)) {
      if (hasType && key === 'type') continue;
      this.#path[this.#depth] = key;
      const text = this.item((fields as Record<string, unknown>)[key]);
      members.push(this.#keyText(key) + text);
    }
    layout.level--;
    return layout.members(members, isBroken || layout.breaks !== breaks);
  }

  /** The key and its colon. */
  #keyText(key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    this.#addLength(key.length);
    const text = `${JSON.stringify(key === 'type' || key.startsWith('$') ? `$${key}` : key)}: `;
    if (this.#keys.size < KEPT_KEYS) this.#keys.set(key, text);
    return text;
  }

  /** An object whose one key holds a {@link #list}. */
  #listed(key: string, items: ArrayLike<unknown>, isBroken: boolean, cost = 1, textOf?: (i: number) => string): string {
    const layout = this.#layout;
    const { breaks } = layout;
    layout.level++;
    const text = this.#list(items, false, cost, textOf);
    layout.level--;
    return this.#single(key, text, isBroken || layout.breaks !== breaks);
  }

  /** An object with this one key. */
  #single(key: string, text: string, isBroken = false): string {
    return this.#layout.members([`"${key}": ${text}`], isBroken);
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

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'null' : `"${date.toISOString()}"`;
}

function tooLong(characters: number, maxBytes: number): string {
  return `${characters} characters or more, above limits.maxBytes = ${maxBytes}.`;
}
