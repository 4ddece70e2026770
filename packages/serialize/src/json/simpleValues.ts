/** Values that JSON lacks and that hold no others: each is the content of an object with one key, such as `{ "$date": … }`. */
import type { Budget } from '../checks/budget.js';
import { quoted } from '../errors.js';
import type { TypedArray, TypedArrayKind } from '../values/typedArrays.js';
import { CLOSE_ARRAY, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './characters.js';
import { fillElements } from './elements.js';
import type { JsonPlace } from './place.js';
import { appendRuns, arrayOfNumbers } from './plainRun.js';
import type { JsonScanner } from './scan.js';

const DATE = /^(?:[+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(?=(?:\.\d{1,3})?Z$)/;

/** What a value is read from, and where it stands. */
export interface Reading {
  readonly scanner: JsonScanner;
  readonly place: JsonPlace;
}

/** Steps over the bracket of an array. */
export function openArray({ scanner, place }: Reading, expected: string): void {
  if (!scanner.take(OPEN_ARRAY)) place.unexpected(expected);
}

function textOf({ scanner, place }: Reading, key: string, expected: string): string {
  return scanner.peek() === QUOTE ? scanner.string() : place.unexpected(`"${key}" must be ${expected}`);
}

const NUMBERS = '"NaN", "Infinity", "-Infinity" or "-0"';

/** The number of `{ "$number": … }`, one that JSON cannot write, or that other programs write as another one. */
export function readNumber(reading: Reading): number {
  const text = textOf(reading, '$number', NUMBERS);
  if (/^(NaN|-?Infinity|-0)$/.test(text)) return Number(text);
  const reason = `"$number" is ${NUMBERS}, found ${quoted(text)}.`;
  return reading.place.fail('ERR_MALFORMED', reason);
}

/** The integer of `{ "$bigint": … }`. */
export function readBigInt(reading: Reading, budget: Budget): bigint {
  const text = textOf(reading, '$bigint', 'decimal digits in a string');
  if (!/^(0|-?[1-9]\d*)$/.test(text)) {
    const reason = `"$bigint" must be decimal digits in a string, found ${quoted(text)}.`;
    reading.place.fail('ERR_MALFORMED', reason);
  }
  // The exact test follows when the number is known to be small enough to parse.
  budget.checkBigInt(text);
  const value = BigInt(text);
  budget.checkBigInt(value);
  return value;
}

export function readDate(reading: Reading): Date {
  const { scanner, place } = reading;
  if (scanner.peek() === 0x6e) return new Date(scanner.word('null', Number.NaN));
  const expected = 'null or a time such as "2024-02-29T12:00:00.000Z"';
  const text = textOf(reading, '$date', expected);
  const toSeconds = DATE.exec(text)?.[0];
  const date = new Date(toSeconds === undefined ? Number.NaN : text);
  // Engines make 31 February the 2nd of March.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, -5) !== toSeconds) {
    place.fail('ERR_MALFORMED', `"$date" must be ${expected}, found ${quoted(text)}.`);
  }
  return date;
}

/** The elements of `{ "$Float64Array": [ … ] }` or another typed array, whose key is `key`. */
export function readTypedArray(reading: Reading, kind: TypedArrayKind, key: string): TypedArray {
  const { scanner, place } = reading;
  const numbers = arrayOfNumbers(scanner);
  const elements: (number | string)[] = numbers ?? [];
  if (numbers === undefined) openArray(reading, `"${key}" must be an array`);
  while (numbers === undefined && scanner.more(CLOSE_ARRAY, elements.length)) {
    appendRuns(scanner, elements, 0);
    const code = scanner.peek();
    if (code === QUOTE) elements.push(scanner.string());
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT || code >= 0x61) {
      place.unexpected(`element ${elements.length} of "${key}" must be a number or a string`);
    } else elements.push(scanner.number());
  }
  const out = kind.view(new ArrayBuffer(elements.length * kind.elementBytes));
  const wrong = fillElements(kind, out, elements);
  if (wrong >= 0) {
    const expected = kind.bigint ? 'digits in a string' : 'a number';
    const found = quoted(String(elements[wrong]));
    place.fail('ERR_MALFORMED', `element ${wrong} of "${key}" must be ${expected} in its range, found ${found}.`);
  }
  return out;
}
