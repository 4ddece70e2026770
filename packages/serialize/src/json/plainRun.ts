/**
 * Long runs of plain elements in an array, such as numbers or the records of a table: the engine reads them, piece by piece, which
 * takes a third of the time that this package needs for each character.
 */
import { type Budget, MEMORY } from '../checks/budget.js';
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, DOLLAR, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './characters.js';
import type { JsonScanner } from './scan.js';

/** Shorter runs are not worth a look. */
const MIN_RUN = 32;
/** Characters of a piece: what a limit refuses is never read much further. */
const PIECE = 32_768;
/** What belongs to no number and does not stand between numbers. */
const OTHER = /[^-+.\deE, \t\r\n]/g;

/** What the elements of a piece have cost, and how many quotation marks enclose their keys and strings. */
interface Tally {
  items: number;
  memory: number;
  quotes: number;
}

/**
 * Appends the next elements of an array, all but the last; the scanner stands before element `out.length`, at the start and at the
 * end. Stops before anything that the parser must check itself, so that an error names the place: text that is no JSON, integers
 * that a double may round, keys that occur twice or have a meaning, and more than the limits allow.
 * @param room  how many levels the elements may have
 */
export function appendRuns(scanner: JsonScanner, out: unknown[], room: number, budget?: Budget): void {
  // Where a piece was not plain, the next look is after twice as many elements.
  const { length } = out;
  if (length < MIN_RUN || (length & (length - 1)) !== 0) return;
  for (;;) {
    const piece = scanner.text.slice(scanner.at, scanner.at + PIECE);
    const { end, quotes } = endOfRun(piece, room);
    const tally = { items: 0, memory: 0, quotes: 0 };
    const elements = end === 0 ? undefined : parsed(`[${piece.slice(0, end)}]`);
    if (elements === undefined || !arePlain(elements, tally) || tally.quotes !== quotes) return;
    if (budget?.allows(tally.items, tally.memory) === false) return;
    budget?.spend(tally.items, tally.memory);
    for (const element of elements) out.push(element);
    scanner.at += end;
    scanner.more(CLOSE_ARRAY, out.length);
  }
}

/** An array that holds nothing but numbers, whose bracket comes next, stepped over; `undefined` for any other. */
export function arrayOfNumbers(scanner: JsonScanner, budget?: Budget): number[] | undefined {
  const { text, at } = scanner;
  OTHER.lastIndex = at + 1;
  const end = OTHER.exec(text)?.index ?? text.length;
  // Each number takes two characters with its comma.
  if (text.charCodeAt(end) !== CLOSE_ARRAY || budget?.allows((end - at) >> 1, 0) === false) return undefined;
  const numbers = parsed(text.slice(at, end + 1)) as number[] | undefined;
  if (numbers === undefined) return undefined;
  for (let i = 0; i < numbers.length; i++) if (!(Math.abs(numbers[i]!) <= Number.MAX_SAFE_INTEGER)) return undefined;
  budget?.spend(numbers.length, 0);
  scanner.at = end + 1;
  return numbers;
}

/** Where the comma after the last whole element stands, and the number of quotation marks before it; escaped ones do not count. */
function endOfRun(piece: string, room: number): { readonly end: number; readonly quotes: number } {
  let end = 0;
  let quotes = 0;
  let quotesBefore = 0;
  let depth = 0;
  for (let at = 0; at < piece.length && depth >= 0 && depth <= room; at++) {
    const code = piece.charCodeAt(at);
    if (code === QUOTE) {
      quotes += 2;
      for (at++; at < piece.length && piece.charCodeAt(at) !== QUOTE; at++) {
        if (piece.charCodeAt(at) === BACKSLASH) at++;
      }
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
    else if (code === COMMA && depth === 0) {
      end = at;
      quotesBefore = quotes;
    }
  }
  return { end, quotes: quotesBefore };
}

/** The array that the text stands for. */
function parsed(text: string): unknown[] | undefined {
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}

function arePlain(values: readonly unknown[], tally: Tally): boolean {
  for (let i = 0; i < values.length; i++) if (!isPlain(values[i], tally)) return false;
  return true;
}

/** Adds up what a value costs. Of a key that occurs twice, {@link Tally.quotes} has one pair less than the text. */
function isPlain(value: unknown, tally: Tally): boolean {
  tally.items++;
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === 'string') tally.quotes += 2;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    tally.memory += MEMORY.array;
    return arePlain(value, tally);
  }
  tally.memory += MEMORY.object;
  for (const key in value) {
    tally.quotes += 2;
    if (key.charCodeAt(0) === DOLLAR || key === 'type') return false;
    if (!isPlain((value as Readonly<Record<string, unknown>>)[key], tally)) return false;
  }
  return true;
}
