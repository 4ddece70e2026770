import type { Limits } from '../checks/limits.js';
import { CodecError, type CodecErrorCode } from '../errors.js';

/** JSON as it was written. Objects are Maps: order and every key are kept, `__proto__` is a key like any other. */
export type JsonNode = null | boolean | number | string | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

/** A value of one level may take four levels of JSON: `{"$id": …, "$value": {"$map": [[key, value]]}}`. */
const LEVELS_PER_VALUE = 6;
/** A data item takes at most so many containers and keys. */
const NODES_PER_ITEM = 4;

/**
 * Reads JSON (RFC 8259) more strictly than `JSON.parse`: a repeated key, a number too large for a double and an
 * integer that a double would round are errors. Errors name line and column, because people edit these files.
 */
export function readJson(text: string, limits: Limits): JsonNode {
  if (text.length > limits.maxBytes) {
    const reason = `${text.length} characters, more than limits.maxBytes = ${limits.maxBytes}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  return new JsonReader(text, limits).document();
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  readonly #text: string;
  readonly #maxLevels: number;
  #nodesLeft: number;
  #at = 0;
  #level = 0;

  constructor(text: string, { maxDepth, maxItems }: Limits) {
    this.#text = text;
    this.#maxLevels = LEVELS_PER_VALUE * maxDepth + LEVELS_PER_VALUE;
    this.#nodesLeft = NODES_PER_ITEM * maxItems + NODES_PER_ITEM;
  }

  document(): JsonNode {
    // Editors on some systems put a byte order mark before the text.
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#space();
    const node = this.#node();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('ERR_TRAILING_BYTES', `expected the end, found ${this.#found()}`);
    return node;
  }

  #node(): JsonNode {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): ReadonlyMap<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    this.#enter();
    while (this.#more('}', members.size)) {
      if (this.#text[this.#at] !== '"') this.#expected('a key in double quotes');
      const start = this.#at;
      const key = this.#string();
      if (members.has(key)) {
        this.#at = start;
        this.#fail('ERR_DUPLICATE_KEY', `the key ${shorten(JSON.stringify(key))} occurs twice`);
      }
      this.#space();
      if (this.#text[this.#at] !== ':') this.#expected('":"');
      this.#at++;
      this.#space();
      this.#countNode();
      members.set(key, this.#node());
    }
    this.#level--;
    return members;
  }

  #array(): readonly JsonNode[] {
    const items: JsonNode[] = [];
    this.#enter();
    while (this.#more(']', items.length)) items.push(this.#node());
    this.#level--;
    return items;
  }

  #enter(): void {
    if (++this.#level > this.#maxLevels) this.#fail('ERR_LIMIT', 'nested deeper than limits.maxDepth allows');
    this.#countNode();
    this.#at++;
  }

  /** Moves to the next member of a container; false after its end. */
  #more(close: string, count: number): boolean {
    this.#space();
    const next = this.#text[this.#at];
    if (next === close) {
      this.#at++;
      return false;
    }
    if (count === 0) return true;
    if (next !== ',') this.#expected(`"," or "${close}"`);
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === close) this.#expected('a value after the last ","');
    return true;
  }

  #string(): string {
    this.#at++;
    let text = '';
    for (;;) {
      const start = this.#at;
      while (standsForItself(this.#text.charCodeAt(this.#at))) this.#at++;
      text += this.#text.slice(start, this.#at);
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at++;
        return text;
      }
      if (next !== '\\') this.#expected('the closing double quote');
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#expected('four hexadecimal digits after \\u');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (!Object.hasOwn(ESCAPES, letter)) this.#expected('one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u');
    this.#at += 2;
    return ESCAPES[letter]!;
  }

  #number(): number {
    NUMBER.lastIndex = this.#at;
    const literal = NUMBER.exec(this.#text)?.[0];
    if (literal === undefined) return this.#expected('a value');
    const value = Number(literal);
    if (!Number.isFinite(value))
      this.#fail('ERR_MALFORMED', `the number ${shorten(literal)} is too large for a double`);
    if (/^-?\d+$/.test(literal) && !Number.isSafeInteger(value) && String(value) !== literal) {
      const advice = `Write { "$bigint": "…" }, or ${value} if that is meant`;
      this.#fail('ERR_MALFORMED', `the integer ${shorten(literal)} does not fit a double. ${advice}`);
    }
    this.#at = NUMBER.lastIndex;
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#expected('a value');
    this.#at += word.length;
    return value;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #countNode(): void {
    if (--this.#nodesLeft < 0) this.#fail('ERR_LIMIT', 'more data items than limits.maxItems allows');
  }

  #found(): string {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return rest === '' ? 'the end of the text' : JSON.stringify(rest);
  }

  #expected(what: string): never {
    const code = this.#at >= this.#text.length ? 'ERR_TRUNCATED' : 'ERR_MALFORMED';
    this.#fail(code, `expected ${what}, found ${this.#found()}`);
  }

  #fail(code: CodecErrorCode, reason: string): never {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    const column = this.#at - before.lastIndexOf('\n');
    throw new CodecError({ code, reason: `line ${line}, column ${column}: ${reason}.` });
  }
}

/** False for a double quote, a backslash, a control character, and for NaN, the code after the end of the text. */
const standsForItself = (unit: number): boolean => unit >= 0x20 && unit !== 0x22 && unit !== 0x5c;

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
