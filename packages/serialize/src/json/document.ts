import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import type { Context } from '../models/context.js';
import { modelFields } from '../models/modelFields.js';
import { describe, kindOf } from '../values/kinds.js';

/** A piece of a JSON document: finished text, a container, or a second mention of a container. */
export type Piece = string | Container | Mention;

export interface Container {
  readonly is: 'object' | 'array';
  /** Finished JSON strings, one per child, for an object; empty for an array. */
  readonly keys: string[];
  readonly children: Piece[];
  /** Mentioned again further on, so it needs an `$id`. */
  mentioned: boolean;
}

export interface Mention {
  readonly is: 'mention';
  readonly of: Container;
}

/**
 * Lays a value out as a JSON document.
 *
 * What JSON lacks is an object with one key that starts with `$`; FORMAT.md lists them. A key of the user's own that
 * starts with `$` gets one more `$`, and the key `type` of a plain object becomes `$type`, because an object with a
 * `type` is a model.
 */
export function toDocument(value: unknown, context: Context): Piece {
  return new Layout(context).item(value);
}

class Layout {
  readonly #context: Context;
  readonly #met = new Map<object, Container>();
  readonly #open = new Set<object>();
  readonly #path: (string | number)[] = [];
  #depth = 0;
  #items = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  item(value: unknown): Piece {
    const { maxItems, maxBigIntBytes } = this.#context.limits;
    if (++this.#items > maxItems) this.#fail('ERR_LIMIT', `more data items than limits.maxItems = ${maxItems}.`);
    switch (typeof value) {
      case 'number':
        return Number.isFinite(value) ? finite(value) : directive('$number', `"${value}"`);
      case 'string':
        return JSON.stringify(value);
      case 'boolean':
        return String(value);
      case 'undefined':
        return directive('$undefined', 'true');
      case 'bigint':
        if (BigInt.asIntN(8 * maxBigIntBytes + 1, value) !== value) {
          this.#fail('ERR_LIMIT', `a BigInt of more bytes than limits.maxBigIntBytes = ${maxBigIntBytes}.`);
        }
        return directive('$bigint', `"${value}"`);
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        return this.#fail('ERR_UNSUPPORTED_VALUE', `a ${typeof value} cannot be written. Store plain data instead.`);
    }
  }

  #object(value: object): Piece {
    const known = this.#met.get(value);
    if (known !== undefined) {
      if (this.#open.has(value) && !this.#context.allowCycles) {
        const advice = 'Break the cycle, or pass { allowCycles: true } to createCodec.';
        this.#fail('ERR_CYCLE', `this value contains itself. ${advice}`);
      }
      known.mentioned = true;
      return { is: 'mention', of: known };
    }
    const kind = kindOf(value);
    const isArray = kind?.is === 'array';
    const out = container(isArray ? 'array' : 'object');
    this.#met.set(value, out);
    this.#open.add(value);
    const { maxDepth } = this.#context.limits;
    const nests = kind?.is !== 'typedArray' && kind?.is !== 'buffer' && kind?.is !== 'date';
    if (nests && ++this.#depth > maxDepth) {
      this.#depth--;
      this.#fail('ERR_LIMIT', `nested deeper than limits.maxDepth = ${maxDepth}.`);
    }
    // `kindOf` looked at the prototype, which proves each cast below.
    switch (kind?.is) {
      case undefined:
        this.#model(value, out);
        break;
      case 'object':
        this.#fields(value, out, (key) => (key === 'type' ? '$type' : escapeKey(key)));
        break;
      case 'array':
        this.#elements(value as readonly unknown[], out);
        break;
      case 'map':
        add(out, '$map', array(this.#entries(value as ReadonlyMap<unknown, unknown>)));
        break;
      case 'set':
        add(out, '$set', array(this.#members(value as ReadonlySet<unknown>)));
        break;
      case 'date': {
        const date = value as Date;
        add(out, '$date', Number.isNaN(date.getTime()) ? 'null' : `"${date.toISOString()}"`);
        break;
      }
      case 'buffer':
        add(out, '$ArrayBuffer', array(Array.from(new Uint8Array(value as ArrayBuffer), String)));
        break;
      case 'typedArray':
        add(out, `$${kind.typedArray.name}`, array(Array.from(value as Iterable<number | bigint>, element)));
        break;
    }
    if (nests) this.#depth--;
    this.#open.delete(value);
    return out;
  }

  #model(value: object, out: Container): void {
    const type = this.#context.registry.of(value);
    const path = (): string => formatPath(this.#path.slice(1, this.#depth));
    if (type === undefined) {
      const reason = `${describe(value)} is not registered. Pass its class in { types: […] } to createCodec, or store plain data.`;
      throw new CodecError({ code: 'ERR_UNSUPPORTED_VALUE', reason, path: path() });
    }
    add(out, 'type', JSON.stringify(type.name));
    if (type.version !== 1) add(out, '$version', String(type.version));
    const fields = modelFields(type, value, path);
    this.#fields(fields, out, (key) => {
      if (key === 'type') return type.typeAmongFields ? undefined : '$type';
      return escapeKey(key);
    });
  }

  #fields(value: object, out: Container, keyOf: (key: string) => string | undefined): void {
    for (const [key, field] of Object.entries(value)) {
      const written = keyOf(key);
      if (written === undefined) continue;
      this.#path[this.#depth] = key;
      add(out, written, this.item(field));
    }
  }

  #elements(value: readonly unknown[], out: Container): void {
    for (let i = 0; i < value.length; i++) {
      this.#path[this.#depth] = i;
      out.children.push(i in value ? this.item(value[i]) : directive('$hole', 'true'));
    }
  }

  #entries(value: ReadonlyMap<unknown, unknown>): Piece[] {
    return Array.from(value, ([key, item], i) => {
      this.#path[this.#depth] = `<key ${i}>`;
      const keyPiece = this.item(key);
      this.#path[this.#depth] = typeof key === 'string' ? key : `<value ${i}>`;
      return array([keyPiece, this.item(item)]);
    });
  }

  #members(value: ReadonlySet<unknown>): Piece[] {
    return Array.from(value, (member, i) => {
      this.#path[this.#depth] = i;
      return this.item(member);
    });
  }

  #fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: formatPath(this.#path.slice(1, this.#depth + 1)) });
  }
}

function container(is: 'object' | 'array', children: Piece[] = []): Container {
  return { is, keys: [], children, mentioned: false };
}

const array = (children: Piece[]): Container => container('array', children);

function add(out: Container, key: string, child: Piece): void {
  out.keys.push(JSON.stringify(key));
  out.children.push(child);
}

function directive(key: string, child: Piece): Container {
  const out = container('object');
  add(out, key, child);
  return out;
}

const escapeKey = (key: string): string => (key.startsWith('$') ? `$${key}` : key);

/** JSON readers of other languages drop the sign of an integer zero, but not of `-0.0`. */
const finite = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));

/** Inside a typed array the kind is known, so a string can stand for what JSON numbers cannot say. */
function element(value: number | bigint): string {
  if (typeof value === 'bigint') return `"${value}"`;
  return Number.isFinite(value) ? finite(value) : `"${value}"`;
}
