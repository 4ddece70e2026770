/** Long runs of numbers in an array: the engine reads them, piece by piece, which is faster than character by character. */
import type { Budget } from '../checks/budget.js';
import type { JsonScanner } from './scan.js';

/** Shorter runs are not worth a look. */
export const MIN_RUN = 32;
/** Characters of a piece: what a limit refuses is never read much further. */
const PIECE = 32_768;
/** What belongs to no number and does not stand between numbers. */
const OTHER = /[^-+.\deE, \t\r\n]/;

/**
 * Appends the numbers that come next to the elements of an array, but for the last one or more. The scanner stands before the
 * element `out.length`, and then before a comma.
 * @returns  false, and nothing is read, for few numbers and for what has to be judged one by one: what is no JSON, integers that
 *   a double may round, and more than the budget allows, so that the error names the place
 */
export function appendRun(scanner: JsonScanner, out: unknown[], budget: Budget | undefined): boolean {
  const piece = scanner.text.slice(scanner.at, scanner.at + PIECE);
  const other = piece.search(OTHER);
  const end = piece.lastIndexOf(',', other < 0 ? piece.length : other);
  const numbers = end < 0 ? undefined : parsed(piece.slice(0, end));
  if (!numbers?.every((number) => Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return false;
  if (budget?.allows(numbers.length, 0) === false) return false;
  budget?.spend(numbers.length, 0);
  for (const number of numbers) out.push(number);
  scanner.at += end;
  return true;
}

function parsed(text: string): readonly number[] | undefined {
  try {
    return JSON.parse(`[${text}]`) as readonly number[]; // no other character is in the text
  } catch {
    return undefined;
  }
}
