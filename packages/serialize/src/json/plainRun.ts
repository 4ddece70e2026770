/** Long runs of numbers in an array: the engine reads them, piece by piece, which is faster than character by character. */
import type { Budget } from '../checks/budget.js';
import { CLOSE_ARRAY } from './characters.js';
import type { JsonScanner } from './scan.js';

/** Shorter runs are not worth a look. */
export const MIN_RUN = 32;
/** Characters of a piece: what a limit refuses is never read much further. */
const PIECE = 32_768;
/** What belongs to no number and does not stand between numbers. */
const OTHER = /[^-+.\deE, \t\r\n]/;

/**
 * Appends the numbers that come next to the elements of an array, but for the last one or more; the scanner stands before the
 * element `out.length`, here and in the end. Stops at what has to be judged one by one: what is no JSON, integers that a double
 * may round, and more than the budget allows, so that the error names the place.
 */
export function appendRuns(scanner: JsonScanner, out: unknown[], budget?: Budget): void {
  for (;;) {
    const piece = scanner.text.slice(scanner.at, scanner.at + PIECE);
    const other = piece.search(OTHER);
    const end = piece.lastIndexOf(',', other < 0 ? piece.length : other);
    const numbers = end < 0 ? undefined : parsed(piece.slice(0, end));
    if (!numbers?.every((number) => Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return;
    if (budget?.allows(numbers.length, 0) === false) return;
    budget?.spend(numbers.length, 0);
    for (const number of numbers) out.push(number);
    scanner.at += end;
    scanner.more(CLOSE_ARRAY, out.length);
  }
}

function parsed(text: string): readonly number[] | undefined {
  try {
    return JSON.parse(`[${text}]`) as readonly number[]; // no other character is in the text
  } catch {
    return undefined;
  }
}
