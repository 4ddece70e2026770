import { CodecError, type CodecErrorCode } from '../errors.js';
import { BACKSLASH, COMMA, MINUS, NINE, POINT, QUOTE, ZERO } from './characters.js';

/** Longer keys are made anew each time. */
const SHORT_KEY = 32;
/** Keys seen before. They recur in a document, and comparing characters is faster than making and interning a string. */
const recentKeys: string[] = new Array(512).fill('');
/** So many decimal digits always fit a double. */
const EXACT_DIGITS = 15;

/**
 * The tokens of JSON (RFC 8259), read more strictly than by `JSON.parse`: a number too large for a double and an integer
 * that a double would round are errors. Errors name line and column, because people edit these files.
 */
export class JsonScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
    // Editors on some systems put a byte order mark before the text.
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** The code of the next character; NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.at);
  }

  space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  /** Steps over this character and the space around it; false when another one comes next. */
  take(code: number): boolean {
    this.space();
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at++;
    this.space();
    return true;
  }

  /**
   * Moves to the next member of a container, whose end is `close`; false after that end.
   * @param index  how many members came before
   */
  more(close: number, index: number): boolean {
    if (this.take(close)) return false;
    if (index === 0) return true;
    if (!this.take(COMMA)) this.expected(`"," or "${String.fromCharCode(close)}"`);
    if (this.peek() === close) this.expected('a value after the last ","');
    return true;
  }

  string(): string {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let code = text.charCodeAt(at);
    while (code >= 0x20 && code !== QUOTE && code !== BACKSLASH) code = text.charCodeAt(++at);
    this.at = at;
    if (code !== QUOTE) return this.#stringWithEscapes(start);
    this.at = at + 1;
    return text.slice(start, at);
  }

  /** A string that is likely to have occurred before: the key of an object. */
  key(): string {
    const { text } = this;
    const start = this.at + 1;
    const known = recentKeys[this.#slot(start)]!;
    const end = start + known.length;
    if (known !== '' && text.charCodeAt(end) === QUOTE) {
      let i = 0;
      while (i < known.length && text.charCodeAt(start + i) === known.charCodeAt(i)) i++;
      if (i === known.length) {
        this.at = end + 1;
        return known;
      }
    }
    const key = this.string();
    if (key.length <= SHORT_KEY && this.at === start + key.length + 1) {
      recentKeys[this.#slot(start)] = key;
    }
    return key;
  }

  /** The same for equal keys, if they have two characters or more. */
  #slot(start: number): number {
    return (this.text.charCodeAt(start) * 31 + this.text.charCodeAt(start + 1) * 17) & 511;
  }

  /** The engine joins the parts of a string with escapes: piece by piece would take memory for each escape. */
  #stringWithEscapes(start: number): string {
    for (;;) {
      const code = this.peek();
      if (code === QUOTE) break;
      if (code === BACKSLASH) this.#escape();
      else if (code >= 0x20) this.at++;
      else this.expected('the closing double quote');
    }
    this.at++;
    return JSON.parse(this.text.slice(start - 1, this.at)) as string;
  }

  #escape(): void {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) {
        this.expected('four hexadecimal digits after \\u');
      }
      this.at += 6;
    } else if (letter !== '' && '"\\/bfnrt'.includes(letter)) this.at += 2;
    else this.expected('one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u');
  }

  number(): number {
    const { text } = this;
    const start = this.at;
    let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
    const digits = at;
    let value = 0;
    let code = text.charCodeAt(at);
    if (code === ZERO) code = text.charCodeAt(++at);
    else {
      for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) value = 10 * value + (code - ZERO);
    }
    if (at === digits) this.expected('a value');
    const isInteger = code !== POINT && (code | 0x20) !== 0x65;
    if (!isInteger) at = this.#endOfFraction(at);
    this.at = at;
    if (isInteger && at - digits <= EXACT_DIGITS) return digits === start ? value : -value;
    const literal = text.slice(start, at);
    return this.#checked(Number(literal), literal, isInteger, start);
  }

  /** The end of the fraction and exponent that begin here. What does not belong to the number is left for the caller. */
  #endOfFraction(start: number): number {
    const { text } = this;
    const digitsFrom = (from: number): number => {
      let at = from;
      while (text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= NINE) at++;
      return at;
    };
    let end = start;
    if (text.charCodeAt(end) === POINT) {
      const after = digitsFrom(end + 1);
      if (after === end + 1) return end;
      end = after;
    }
    if ((text.charCodeAt(end) | 0x20) !== 0x65) return end;
    const sign = text[end + 1] === '+' || text[end + 1] === '-' ? 1 : 0;
    const after = digitsFrom(end + 1 + sign);
    return after === end + 1 + sign ? end : after;
  }

  #checked(value: number, literal: string, isInteger: boolean, start: number): number {
    if (!Number.isFinite(value)) {
      this.at = start;
      this.fail('ERR_MALFORMED', `the number ${shorten(literal)} is too large for a double`);
    }
    // With a point or an exponent, the shortest digits of a double stand for it, as other languages write it:
    // `18446744073709552000.0`, `1e+23`. `9007199254740993.0` is neither these nor exact.
    const digits = isInteger ? literal : /^(-?\d+)\.0*$/.exec(literal)?.[1];
    const isShortest = !isInteger && digits === String(value);
    if (digits !== undefined && !Number.isSafeInteger(value) && !isShortest && BigInt(value) !== BigInt(digits)) {
      this.at = start;
      const advice = `Write { "$bigint": "…" }, or ${BigInt(value)} if that is meant`;
      this.fail('ERR_MALFORMED', `the integer ${shorten(literal)} is not exactly a double. ${advice}`);
    }
    return value;
  }

  /** The text that a sticky pattern finds here, stepped over. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.expected('a value');
    this.at += word.length;
    return value;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** What comes next, for messages. */
  found(): string {
    const rest = this.text.slice(this.at, this.at + 20);
    return rest === '' ? 'the end of the text' : JSON.stringify(rest);
  }

  expected(what: string): never {
    const code = this.atEnd() ? 'ERR_TRUNCATED' : 'ERR_MALFORMED';
    this.fail(code, `expected ${what}, found ${this.found()}`);
  }

  fail(code: CodecErrorCode, reason: string): never {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    throw new CodecError({ code, reason: `line ${line}, column ${column}: ${reason}.` });
  }
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
