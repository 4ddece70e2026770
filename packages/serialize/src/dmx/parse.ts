import { Budget, MEMORY } from '../checks/budget.js';
import type { Limits } from '../checks/limits.js';
import { CodecError, quoted } from '../errors.js';
import { KeyCheck } from '../values/keyCheck.js';

/** A literal or a call, as Python prints them. Lists and tuples are arrays, dictionaries are Maps. */
export type DmxValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly DmxValue[]
  | ReadonlyMap<DmxValue, DmxValue>
  | ReadonlySet<DmxValue>
  | DmxCall;

/** `name(positional, …, key=value, …)`. */
export class DmxCall {
  constructor(
    readonly name: string,
    readonly positional: readonly DmxValue[],
    readonly named: ReadonlyMap<string, DmxValue>,
    /** Where the name begins in the text. */
    readonly at: number,
  ) {}
}

/** `line 3, column 7`. Counting lines takes the time of the text before, so it is left for messages. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const SPACE = /(?:[ \t\r\n\f]|\\\r?\n|#[^\n]*)*/y;
const NAME = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const CONSTANTS: ReadonlyMap<string, DmxValue> = new Map<string, DmxValue>([
  ['None', null],
  ['True', true],
  ['False', false],
  ['True_', true],
  ['False_', false],
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['Infinity', Number.POSITIVE_INFINITY],
]);
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};

/**
 * Parses one constructor expression: calls, lists, tuples, dictionaries, sets, strings, numbers, `None`, `True`,
 * `False`, `nan` and `inf`. There are no variables, operators or attributes, and nothing is looked up or run.
 * @throws {CodecError} `ERR_DMX_SYNTAX` with line and column
 */
export function parseDmx(text: string, limits: Limits): DmxValue {
  if (text.length > limits.maxBytes) {
    const reason = `${text.length} characters, more than limits.maxBytes = ${limits.maxBytes}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  return new DmxParser(text, limits).whole();
}

class DmxParser {
  readonly #text: string;
  readonly #limits: Limits;
  readonly #budget: Budget;
  #at = 0;
  #depth = 0;

  constructor(text: string, limits: Limits) {
    this.#text = text;
    this.#limits = limits;
    this.#budget = new Budget(limits, (reason) => {
      throw new CodecError({ code: 'ERR_LIMIT', reason });
    });
  }

  whole(): DmxValue {
    this.#space();
    const value = this.#value();
    if (this.#at < this.#text.length) this.#expected('the end');
    return value;
  }

  /** Reads a value and the space after it. */
  #value(): DmxValue {
    this.#budget.spend(1, 0);
    if (++this.#depth > this.#limits.maxDepth) this.#limit('maxDepth');
    const value = this.#bare();
    this.#space();
    this.#depth--;
    return value;
  }

  #bare(): DmxValue {
    const next = this.#text[this.#at];
    if (this.#text.startsWith('...', this.#at)) {
      const advice = 'Print it after numpy.set_printoptions(threshold=sys.maxsize)';
      this.#fail(`NumPy left numbers out of a long array. ${advice}`);
    }
    switch (next) {
      case '[':
        return this.#sequence(']').values;
      case '(':
        return this.#tuple();
      case '{':
        return this.#braces();
      case '"':
      case "'":
        return this.#string();
      case '-':
      case '+':
        return this.#signed(next);
      default:
        return next !== undefined && /[\d.]/.test(next) ? this.#number() : this.#nameOrCall();
    }
  }

  /** The values up to `close`, and whether a comma stood before it. */
  #sequence(close: string): { readonly values: DmxValue[]; readonly trailingComma: boolean } {
    this.#budget.spend(0, MEMORY.array);
    const values: DmxValue[] = [];
    let trailingComma = false;
    this.#skip();
    while (!this.#take(close)) {
      if (values.length > 0 && !trailingComma) this.#expected(`"," or "${close}"`);
      values.push(this.#value());
      trailingComma = this.#take(',');
    }
    return { values, trailingComma };
  }

  /** `(x)` is x itself; `(x,)` and `()` are tuples. */
  #tuple(): DmxValue {
    const { values, trailingComma } = this.#sequence(')');
    return values.length === 1 && !trailingComma ? values[0]! : values;
  }

  #braces(): DmxValue {
    this.#budget.spend(0, MEMORY.map + MEMORY.set);
    this.#skip();
    const map = new Map<DmxValue, DmxValue>();
    if (this.#take('}')) return map;
    const set = new Set<DmxValue>();
    const check = new KeyCheck();
    for (;;) {
      const key = this.#value();
      if (!check.accepts(key)) throw new CodecError({ code: 'ERR_LIMIT', reason: KeyCheck.reason });
      if (map.has(key) || set.has(key)) this.#fail('this key occurs twice');
      if (set.size === 0 && this.#take(':')) map.set(key, this.#value());
      else if (map.size === 0) set.add(key);
      else this.#expected('":"');
      const more = this.#take(',');
      if (this.#take('}')) return map.size > 0 ? map : set;
      if (!more) this.#expected('"," or "}"');
    }
  }

  #nameOrCall(): DmxValue {
    const start = this.#at;
    const name = this.#match(NAME);
    if (name === undefined) return this.#expected('a value');
    if (this.#text[this.#at] === '"' || this.#text[this.#at] === "'") {
      if (name === 'u') return this.#string();
      if (/^b$/i.test(name)) this.#fail('bytes have no counterpart here. Decode them to strings in Python first');
      this.#fail(`strings with the prefix ${shortened(name)} are not supported`);
    }
    this.#space();
    const word = name.slice(name.lastIndexOf('.') + 1);
    if (this.#text[this.#at] === '(') return this.#call(word, start);
    if (CONSTANTS.has(word)) return CONSTANTS.get(word)!;
    this.#at = start;
    return this.#fail(`the name ${quoted(name)} has no value here. Only constructor expressions are read`);
  }

  #call(name: string, start: number): DmxCall {
    this.#budget.spend(0, MEMORY.object + MEMORY.array + MEMORY.map);
    const positional: DmxValue[] = [];
    const named = new Map<string, DmxValue>();
    let comma = true;
    this.#skip();
    while (!this.#take(')')) {
      if (!comma) this.#expected('"," or ")"');
      const keyword = this.#keyword();
      if (keyword === undefined) {
        if (named.size > 0) this.#expected('name=value after a named argument');
        positional.push(this.#value());
      } else {
        if (named.has(keyword)) this.#fail(`the argument ${shortened(keyword)} occurs twice`);
        // `dtype=float64`; and `pmat=pmat` in the place of a table, which dmx-learn prints under the next keyword.
        named.set(keyword, (/^(dtype|pmat)$/.test(keyword) ? this.#bareName() : undefined) ?? this.#value());
      }
      comma = this.#take(',');
    }
    return new DmxCall(name, positional, named, start);
  }

  /** A name as an argument: NumPy names the type of an array's elements without quotes, `dtype=float64`. */
  #bareName(): string | undefined {
    const start = this.#at;
    const name = this.#match(NAME);
    this.#space();
    if (name !== undefined && /[,)]/.test(this.#text[this.#at] ?? '')) return name;
    this.#at = start;
    return undefined;
  }

  /** Reads `name=` when that is what comes next. */
  #keyword(): string | undefined {
    const start = this.#at;
    const name = this.#match(NAME);
    this.#space();
    if (name !== undefined && !name.includes('.') && this.#text[this.#at] === '=') {
      this.#skip();
      return name;
    }
    this.#at = start;
    return undefined;
  }

  #signed(sign: string): DmxValue {
    const start = this.#at;
    this.#skip();
    const value = this.#bare();
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      this.#at = start;
      this.#expected('a number after the sign');
    }
    return sign === '-' ? -value : value;
  }

  /** Python's integers have no bound; beyond 2^53 they become BigInts. */
  #number(): number | bigint {
    const literal = this.#match(NUMBER);
    if (literal === undefined) return this.#expected('a number');
    const value = Number(literal);
    return /^\d+$/.test(literal) && !Number.isSafeInteger(value) ? this.#bigint(literal) : value;
  }

  #bigint(literal: string): bigint {
    // Two decimal digits take less than one byte.
    if (literal.length > 2 * this.#limits.maxBigIntBytes) this.#limit('maxBigIntBytes');
    return BigInt(literal);
  }

  #string(): string {
    const quote = this.#text[this.#at]!;
    if (this.#text.startsWith(quote.repeat(3), this.#at)) this.#fail('strings in triple quotes are not supported');
    this.#at++;
    // A string that grows by one character at a time takes memory for each of them.
    const parts: string[] = [];
    for (;;) {
      const start = this.#at;
      let next = this.#text[start];
      while (next !== undefined && next !== '\n' && next !== '\\' && next !== quote) next = this.#text[++this.#at];
      parts.push(this.#text.slice(start, this.#at));
      if (next !== '\\' && next !== quote) return this.#expected('the closing quote');
      if (next === quote) break;
      parts.push(this.#escape());
    }
    this.#at++;
    return parts.join('');
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const width = { x: 2, u: 4, U: 8 }[letter];
    if (width !== undefined) {
      const digits = this.#text.slice(this.#at + 2, this.#at + 2 + width);
      const code = Number.parseInt(digits, 16);
      if (digits.length < width || /[^0-9a-fA-F]/.test(digits) || code > 0x10ffff) this.#expected('a character code');
      this.#at += 2 + width;
      return String.fromCodePoint(code);
    }
    if (/[0-7]/.test(letter)) {
      const digits = /^[0-7]{1,3}/.exec(this.#text.slice(this.#at + 1, this.#at + 4))![0];
      this.#at += 1 + digits.length;
      return String.fromCharCode(Number.parseInt(digits, 8));
    }
    if (letter === 'N')
      this.#fail('characters by name, \\N{…}, are not supported. Write the character, or \\u and its code');
    // Python keeps the backslash of an escape that it does not know.
    this.#at += Object.hasOwn(ESCAPES, letter) ? 2 : 1;
    return ESCAPES[letter] ?? '\\';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#skip();
    return true;
  }

  #skip(): void {
    this.#at++;
    this.#space();
  }

  #space(): void {
    this.#match(SPACE);
  }

  #expected(what: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    this.#fail(`expected ${what}, found ${rest === '' ? 'the end of the text' : JSON.stringify(rest)}`);
  }

  #fail(reason: string): never {
    throw new CodecError({ code: 'ERR_DMX_SYNTAX', reason: `${placeIn(this.#text, this.#at)}: ${reason}.` });
  }

  #limit(name: keyof Limits): never {
    throw new CodecError({ code: 'ERR_LIMIT', reason: `more than limits.${name} = ${this.#limits[name]} allows.` });
  }
}
