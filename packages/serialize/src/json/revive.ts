import { FORMAT_VERSION } from '../binary/format.js';
import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import type { Context } from '../models/context.js';
import { buildModel } from '../models/modelFields.js';
import type { Fields } from '../models/registry.js';
import { type TypedArray, type TypedArrayKind, typedArrayOfName } from '../values/typedArrays.js';
import type { JsonNode } from './read.js';

type Members = ReadonlyMap<string, JsonNode>;

const UNFINISHED = Symbol('unfinished');

/** Turns a JSON document into the value that it describes. @throws {CodecError} with the path of what is wrong */
export function reviveDocument(document: JsonNode, context: Context): unknown {
  return new Reviver(context).item(withoutEnvelope(document));
}

/** A later format says so at the top: `{ "$dml": 2, "$value": … }`. Without that a document has version 1. */
function withoutEnvelope(document: JsonNode): JsonNode {
  if (!(document instanceof Map) || !document.has('$dml')) return document;
  const version: unknown = document.get('$dml');
  if (!Number.isSafeInteger(version) || Number(version) < 1) {
    const reason = `"$dml" must be a format version, an integer >= 1, found ${JSON.stringify(version)}.`;
    throw new CodecError({ code: 'ERR_MALFORMED', reason });
  }
  if (Number(version) > FORMAT_VERSION) {
    const reason = `format version ${version} is newer than ${FORMAT_VERSION}, the newest this package reads. Update @dml/serialize.`;
    throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
  }
  const value = document.get('$value');
  if (value === undefined || document.size !== 2) {
    throw new CodecError({ code: 'ERR_MALFORMED', reason: 'expected { "$dml": version, "$value": … }.' });
  }
  return value;
}

class Reviver {
  readonly #context: Context;
  readonly #shared = new Map<number, unknown>();
  readonly #path: (string | number)[] = [];
  #depth = 0;
  #items = 0;
  /** The `$id` of the object about to be created. */
  #claim: number | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  item(node: JsonNode): unknown {
    const { maxItems } = this.#context.limits;
    if (++this.#items > maxItems) this.#fail('ERR_LIMIT', `more data items than limits.maxItems = ${maxItems}.`);
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return this.#array(node as readonly JsonNode[]);
    const members = node as Members;
    if (members.has('type')) return this.#model(members);
    for (const key of members.keys()) {
      if (key.startsWith('$') && !key.startsWith('$$') && key !== '$type') return this.#directive(key, members);
    }
    const out = this.#adopt<Fields>({});
    this.#fields(members, out, []);
    return out;
  }

  #array(nodes: readonly JsonNode[]): unknown[] {
    const out = this.#adopt<unknown[]>([]);
    this.#enter();
    nodes.forEach((node, i) => {
      this.#path[this.#depth] = i;
      if (node instanceof Map && node.size === 1 && node.get('$hole') === true) out.length = i + 1;
      else out.push(this.item(node));
    });
    this.#depth--;
    return out;
  }

  #fields(members: Members, out: Fields, skip: readonly string[]): void {
    this.#enter();
    for (const [written, node] of members) {
      if (skip.includes(written)) continue;
      const key = written === '$type' || written.startsWith('$$') ? written.slice(1) : written;
      this.#path[this.#depth] = key;
      if (written.startsWith('$') && written === key) this.#unknownDirective(written);
      // Not plain assignment: the key may be `__proto__`.
      const value = this.item(node);
      Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
    }
    this.#depth--;
  }

  #model(members: Members): object {
    const claim = this.#claim;
    this.#claim = undefined;
    const name: unknown = members.get('type');
    const version: unknown = members.has('$version') ? members.get('$version') : 1;
    if (typeof name !== 'string') {
      const advice = 'For plain data write the key as "$type".';
      this.#fail('ERR_MALFORMED', `"type" must be the name of a model type, found ${shown(name)}. ${advice}`);
    }
    if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
      this.#fail('ERR_MALFORMED', `"$version" must be an integer >= 1, found ${shown(version)}.`);
    }
    const path = (): string => this.#pathText();
    const type = this.#context.registry.named(name, version, path);
    const fields: Fields = {};
    this.#fields(members, fields, ['type', '$version']);
    const value = buildModel(type, fields, version, path);
    if (claim !== undefined) this.#shared.set(claim, value);
    return value;
  }

  #directive(key: string, members: Members): unknown {
    if (key === '$id' || key === '$value') return this.#shareable(members);
    if (members.size !== 1) this.#unknownDirective(key);
    const node = members.get(key)!;
    switch (key) {
      case '$number':
        if (node === 'NaN' || node === 'Infinity' || node === '-Infinity') return Number(node);
        return this.#fail('ERR_MALFORMED', `"$number" is "NaN", "Infinity" or "-Infinity", found ${shown(node)}.`);
      case '$undefined':
        if (node === true) return undefined;
        return this.#fail('ERR_MALFORMED', `"$undefined" must be true, found ${shown(node)}.`);
      case '$bigint':
        return this.#bigint(node);
      case '$date':
        return this.#adopt(this.#date(node));
      case '$map':
        return this.#map(node);
      case '$set':
        return this.#set(node);
      case '$ref':
        return this.#reference(node);
      case '$ArrayBuffer':
        return this.#adopt(this.#typedArray(typedArrayOfName('Uint8Array')!, node).buffer);
      default: {
        const kind = typedArrayOfName(key.slice(1));
        if (kind === undefined) return this.#unknownDirective(key);
        return this.#adopt(this.#typedArray(kind, node));
      }
    }
  }

  #shareable(members: Members): unknown {
    const id: unknown = members.get('$id');
    const node = members.get('$value');
    if (members.size !== 2 || node === undefined || !Number.isSafeInteger(id) || this.#claim !== undefined) {
      this.#fail('ERR_MALFORMED', 'expected { "$id": integer, "$value": … }.');
    }
    if (this.#shared.has(Number(id))) this.#fail('ERR_DUPLICATE_KEY', `"$id" ${id} occurs twice.`);
    this.#shared.set(Number(id), UNFINISHED);
    this.#claim = Number(id);
    const value = this.item(node);
    if (typeof value !== 'object' || value === null || this.#claim !== undefined) {
      this.#fail('ERR_MALFORMED', 'only objects can have an "$id".');
    }
    this.#shared.set(Number(id), value);
    return value;
  }

  #reference(node: JsonNode): unknown {
    const value = typeof node === 'number' ? this.#shared.get(node) : undefined;
    if (this.#claim !== undefined) this.#fail('ERR_MALFORMED', 'a "$ref" cannot have an "$id".');
    if (value === undefined) this.#fail('ERR_REFERENCE', `"$ref" ${shown(node)} names no "$id" that came before.`);
    if (value === UNFINISHED) this.#fail('ERR_CYCLE', 'this value contains itself.');
    return value;
  }

  /** Enters a new object into the table of shared values, when it has an `$id`. */
  #adopt<T extends object>(value: T): T {
    if (this.#claim !== undefined) {
      if (this.#context.allowCycles) this.#shared.set(this.#claim, value);
      this.#claim = undefined;
    }
    return value;
  }

  #map(node: JsonNode): Map<unknown, unknown> {
    const out = this.#adopt(new Map<unknown, unknown>());
    this.#enter();
    this.#elements('$map', node).forEach((entry, i) => {
      this.#path[this.#depth] = `<key ${i}>`;
      if (!Array.isArray(entry) || entry.length !== 2) {
        this.#fail('ERR_MALFORMED', `an entry of "$map" must be [key, value], found ${shown(entry)}.`);
      }
      const key = this.#memberKey(entry[0], out);
      this.#path[this.#depth] = typeof key === 'string' ? key : `<value ${i}>`;
      out.set(key, this.item(entry[1]));
    });
    this.#depth--;
    return out;
  }

  #set(node: JsonNode): Set<unknown> {
    const out = this.#adopt(new Set<unknown>());
    this.#enter();
    this.#elements('$set', node).forEach((member, i) => {
      this.#path[this.#depth] = i;
      out.add(this.#memberKey(member, out));
    });
    this.#depth--;
    return out;
  }

  #memberKey(node: JsonNode, members: { has(key: unknown): boolean }): unknown {
    const key = this.item(node);
    if (members.has(key)) this.#fail('ERR_DUPLICATE_KEY', 'this key occurs twice.');
    return key;
  }

  #bigint(node: JsonNode): bigint {
    const limit = this.#context.limits.maxBigIntBytes;
    if (typeof node !== 'string' || !/^(0|-?[1-9]\d*)$/.test(node)) {
      this.#fail('ERR_MALFORMED', `"$bigint" must be decimal digits in a string, found ${shown(node)}.`);
    }
    // 2.41 decimal digits per byte; the exact test follows when the number is known to be small enough to parse.
    if (node.length > 2.41 * limit + 2 || BigInt.asIntN(8 * limit + 1, BigInt(node)) !== BigInt(node)) {
      this.#fail('ERR_LIMIT', `a BigInt of more bytes than limits.maxBigIntBytes = ${limit}.`);
    }
    return BigInt(node);
  }

  #date(node: JsonNode): Date {
    if (node === null) return new Date(Number.NaN);
    const date = new Date(typeof node === 'string' ? node : Number.NaN);
    if (
      Number.isNaN(date.getTime()) ||
      !/^([+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(String(node))
    ) {
      const example = '"2024-02-29T12:00:00.000Z"';
      this.#fail('ERR_MALFORMED', `"$date" must be null or a time such as ${example}, found ${shown(node)}.`);
    }
    return date;
  }

  #typedArray(kind: TypedArrayKind, node: JsonNode): TypedArray {
    const nodes = this.#elements(`$${kind.name}`, node);
    const out = kind.view(new ArrayBuffer(nodes.length * kind.elementBytes));
    nodes.forEach((element, i) => {
      const value = elementOf(kind, element);
      if (value !== undefined) out[i] = value;
      // The array itself knows what fits: what it stores differs from what was asked for when it does not.
      if (value === undefined || !(Object.is(out[i], value) || kind.name === 'Float32Array')) {
        const expected = kind.bigint ? 'digits in a string' : 'a number';
        this.#fail(
          'ERR_MALFORMED',
          `element ${i} of "$${kind.name}" must be ${expected} in its range, found ${shown(element)}.`,
        );
      }
    });
    return out;
  }

  #elements(key: string, node: JsonNode): readonly JsonNode[] {
    if (Array.isArray(node)) return node as readonly JsonNode[];
    return this.#fail('ERR_MALFORMED', `"${key}" must be an array, found ${shown(node)}.`);
  }

  #enter(): void {
    const { maxDepth } = this.#context.limits;
    if (this.#depth >= maxDepth) this.#fail('ERR_LIMIT', `nested deeper than limits.maxDepth = ${maxDepth}.`);
    this.#depth++;
  }

  #unknownDirective(key: string): never {
    const advice = `For plain data write the key as ${shown(`$${key}`)}.`;
    this.#fail('ERR_MALFORMED', `${shown(key)} has no meaning here. ${advice}`);
  }

  #pathText(): string {
    return formatPath(this.#path.slice(1, this.#depth + 1));
  }

  #fail(code: CodecErrorCode, reason: string): never {
    throw new CodecError({ code, reason, path: this.#pathText() });
  }
}

/** The number that an element of a typed array stands for, or `undefined`. */
function elementOf(kind: TypedArrayKind, node: JsonNode): number | bigint | undefined {
  if (kind.bigint) return typeof node === 'string' && /^(0|-?[1-9]\d{0,19})$/.test(node) ? BigInt(node) : undefined;
  if (typeof node === 'number') return node;
  return node === 'NaN' || node === 'Infinity' || node === '-Infinity' ? Number(node) : undefined;
}

function shown(value: unknown): string {
  if (value instanceof Map) return 'an object';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const text = String(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
