/** Lists of small records or rows: the engine writes many of them at once, which takes less time than a text for each word. */
import { kindOf } from '../values/kinds.js';
import { DOLLAR } from './characters.js';

/** Records of plain words, or lists of them, that stand in a list one after the other. */
export interface FlatItems {
  readonly is: 'object' | 'array';
  /** How many words they hold. */
  readonly words: number;
  /** The characters of their keys and strings. */
  readonly characters: number;
}

/** What the items are, if all are records, or all are lists, of words that stand in JSON as the engine writes them. */
export function flatItems(items: readonly unknown[]): FlatItems | undefined {
  let is: 'object' | 'array' | undefined;
  let words = 0;
  let characters = 0;
  for (const item of items) {
    if (typeof item !== 'object' || item === null) return undefined;
    const kind = kindOf(item)?.is;
    if ((kind !== 'object' && kind !== 'array') || (is !== undefined && kind !== is)) return undefined;
    is = kind;
    if (kind === 'array') {
      const list = item as readonly unknown[];
      words += list.length;
      for (let i = 0; i < list.length; i++) {
        if (!isWord(list[i])) return undefined;
        characters += lengthOf(list[i]);
      }
      continue;
    }
    const record = item as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(record)) {
      if (key === 'type' || key.charCodeAt(0) === DOLLAR || !isWord(record[key])) return undefined;
      words++;
      characters += key.length + lengthOf(record[key]);
    }
  }
  return is === undefined ? undefined : { is, words, characters };
}

function lengthOf(word: unknown): number {
  return typeof word === 'string' ? word.length : 0;
}

/** Whether the engine writes the value as this package does: infinities, -0 and integers from 2^53 on are special. */
function isWord(value: unknown): boolean {
  if (typeof value === 'number') return isPlainNumber(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** The same of a number. */
export function isPlainNumber(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && !(value === 0 && Object.is(value, -0));
}

/** Each of the {@link flatItems} on one line: a line end never stands inside a string of JSON. */
export function flatTexts(items: readonly unknown[], is: FlatItems['is']): string[] {
  const lines = JSON.stringify(items, null, 1).slice(3, -2);
  const closed = is === 'object' ? lines.replace(/\n }/g, ' }') : lines.replace(/\n ]/g, ']').replace(/\[\n {2}/g, '[');
  return closed.replace(/\n {2}/g, ' ').split(',\n ');
}
