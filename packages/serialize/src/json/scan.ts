import { CodecError, type CodecErrorCode } from '../errors.js';
import { BACKSLASH, COMMA, QUOTE } from './characters.js';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const INTEGER = /^(-?\d+)(\.0*)?$/;

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

  /** What does not belong to the number is left for the caller. */
  number(): number {
    const start = this.at;
    const literal = this.match(NUMBER) ?? this.expected('a value');
    const value = Number(literal);
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    if (!Number.isFinite(value)) {
      this.at = start;
      this.fail('ERR_MALFORMED', `the number ${shorten(literal)} is too large for a double`);
    }
    // With a point or an exponent, the shortest digits of a double stand for it, as other languages write it:
    // `18446744073709552000.0`, `1e+23`. `9007199254740993.0` is neither these nor exact.
    const [, digits, fraction] = INTEGER.exec(literal) ?? [];
    const isShortest = fraction !== undefined && digits === String(value);
    if (digits !== undefined && !isShortest && BigInt(value) !== BigInt(digits)) {
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
