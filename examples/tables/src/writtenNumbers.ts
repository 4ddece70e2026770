/** Numbers as people and spreadsheets write them: `1,234.50`, `1.234,5`, `$12`, `45 %`. */

import { numberOf } from './cells.js';

const COMMA_FRACTION = /^[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+$/;
const COMMA_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const UNIT_FIRST = /^([+-]?)([$€£¥])\s?(.+)$/;
const UNIT_LAST = /^(.+?)\s?([%$€£¥])$/;

/** The plain numbers of the same column. */
export interface PlainNumbers {
  readonly count: number;
  /** The largest of them, without its sign. */
  readonly most: number;
  /** Whether one of them is written with a point. */
  readonly hasPoint: boolean;
}

/** The number of each text, and how they were read. */
export interface WrittenNumbers {
  readonly numbers: readonly number[];
  readonly note: string;
}

/**
 * What texts say that are all numbers of one spelling; `undefined` where they are not. `1,234` alone could be either of two numbers:
 * it is 1234, save where commas must be before fractions: in a file with semicolons between its cells, or beside a plain 1500.
 * @param texts  the different ones, of which none is a plain number
 * @param isCommaFraction  whether a comma that may stand before a fraction does
 */
export function writtenNumbers(
  texts: readonly string[],
  plain: PlainNumbers,
  isCommaFraction: boolean,
): WrittenNumbers | undefined {
  const parts = texts.map(unitAndRest);
  const { unit } = parts[0]!;
  // 12 beside 12 % may be a share, and may be per cent.
  if (parts.some((part) => part.unit !== unit) || (unit !== '' && plain.count > 0)) return undefined;
  const spelling = spellingOf(
    parts.map(({ rest }) => rest).filter((rest) => Number.isNaN(numberOf(rest))),
    plain,
    isCommaFraction,
  );
  if (spelling === undefined) return undefined;
  const numbers = parts.map(({ rest }) => {
    const number = numberOf(rest);
    return Number.isNaN(number) ? spelling.read(rest) : number;
  });
  const signs = unit === '' ? [] : [`the sign ${unit}`];
  return { numbers, note: `numbers with ${[...signs, ...spelling.with].join(' and ')}` };
}

function unitAndRest(text: string): { readonly unit: string; readonly rest: string } {
  const first = UNIT_FIRST.exec(text);
  if (first !== null) return { unit: first[2]!, rest: first[1]! + first[3]! };
  const last = UNIT_LAST.exec(text);
  return last === null ? { unit: '', rest: text } : { unit: last[2]!, rest: last[1]! };
}

interface Spelling {
  readonly with: readonly string[];
  read(text: string): number;
}

const PLAIN: Spelling = { with: [], read: Number };
const THOUSANDS: Spelling = { with: ['commas between thousands'], read: (text) => Number(text.replaceAll(',', '')) };
const FRACTION: Spelling = {
  with: ['a comma before their fraction'],
  read: (text) => Number(text.replaceAll('.', '').replace(',', '.')),
};

function spellingOf(texts: readonly string[], plain: PlainNumbers, isCommaFraction: boolean): Spelling | undefined {
  if (texts.length === 0) return PLAIN;
  // A plain 12.345 beside 1.234,5 may be either.
  const isFraction = !plain.hasPoint && texts.every((text) => COMMA_FRACTION.test(text));
  const isThousands = texts.every((text) => COMMA_THOUSANDS.test(text));
  if (isFraction && (!isThousands || isCommaFraction || plain.most >= 1000)) return FRACTION;
  return isThousands ? THOUSANDS : undefined;
}
