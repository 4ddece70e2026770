/** Builds one column from its cells, one after the other, in the smallest form that holds them. */

import { booleanOf, dateOf, isGap, numberOf } from './cells.js';
import { duckdbValue } from './duckdbValue.js';
import { Entries } from './entries.js';
import { isPlainObject, plainOf } from './plainOf.js';
import { type Column, shown, type TextColumn } from './table.js';
import { writtenNumbers } from './writtenNumbers.js';

/** Numbers with so small a share of texts between them are numbers with faults; with more, texts. */
const FAULTS = 0.05;

type Kind = 'numbers' | 'booleans' | 'dates';

/**
 * Numbers and texts may stand in one column: which of them it holds is decided at the end. Values of other kinds do not mix, and
 * where they do the column keeps them as they are.
 */
export class ColumnBuilder {
  length = 0;
  #kind: Kind | undefined;
  /** Numbers, moments, or truth values as 0 and 1; NaN for all else. */
  readonly #numbers: Entries<Float64Array>;
  #numberCount = 0;
  /** Whether a number was written with a point. */
  #hasPoint = false;
  readonly #codes: Entries<Int32Array>;
  readonly #codeOf = new Map<string, number>();
  #textCount = 0;
  #firstText: { readonly text: string; readonly row: number } | undefined;
  #others: unknown[] | undefined;
  #missing = 0;

  /**
   * @param capacity  how many cells are expected
   * @param isCommaFraction  whether a comma in a number stands before its fraction, where both could be
   */
  constructor(
    readonly name: string,
    capacity = 1024,
    readonly isCommaFraction = false,
  ) {
    this.#numbers = new Entries(Float64Array, Number.NaN, capacity);
    this.#codes = new Entries(Int32Array, -1, capacity);
  }

  /** Adds the text of a cell, which may be that of a number. */
  addCell(text: string): void {
    if (isGap(text)) {
      this.length++;
      this.#missing++;
      return;
    }
    const number = numberOf(text);
    if (Number.isNaN(number)) {
      this.#addText(text);
      return;
    }
    this.#addNumber(number, 'numbers');
    this.#hasPoint ||= text.includes('.');
  }

  /** Adds a value as JavaScript has it. */
  add(value: unknown): void {
    if (value === null || value === undefined || Number.isNaN(value)) {
      this.length++;
      if (this.#others !== undefined) this.#others.push(null);
      this.#missing++;
    } else if (this.#others !== undefined) this.#addOther(value);
    else if (typeof value === 'number') this.#addNumber(value, 'numbers');
    else if (typeof value === 'string') this.#addText(value);
    else if (typeof value === 'bigint') this.#addBigint(value);
    else if (typeof value === 'boolean') this.#addNumber(Number(value), 'booleans');
    else if (value instanceof Date && !Number.isNaN(value.getTime())) this.#addNumber(value.getTime(), 'dates');
    else if (typeof value === 'object') this.#addObject(value);
    else this.#addOther(value);
  }

  /** A list or an object; or a value of DuckDB, which may be a number or a date. */
  #addObject(value: object): void {
    const read = Array.isArray(value) || isPlainObject(value) ? undefined : duckdbValue(value);
    if (read === undefined) this.#addOther(value);
    else this.add(read);
  }

  #addBigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.#addNumber(number, 'numbers');
    else this.#addText(String(value));
  }

  #addNumber(number: number, kind: Kind): void {
    const isOfKind = this.#kind === kind || (this.#kind === undefined && (this.#textCount === 0 || kind === 'numbers'));
    if (!isOfKind) {
      this.#addOther(kind === 'booleans' ? number === 1 : kind === 'dates' ? new Date(number) : number);
      return;
    }
    this.#kind = kind;
    this.#numberCount++;
    this.#numbers.set(this.length++, number);
  }

  #addText(text: string): void {
    if (this.#kind !== undefined && this.#kind !== 'numbers') {
      this.#addOther(text);
      return;
    }
    this.#firstText ??= { text, row: this.length };
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
    }
    this.#textCount++;
    this.#codes.set(this.length++, code);
  }

  /** Values that do not fit with those before: all are kept as they are from now on. */
  #addOther(value: unknown): void {
    if (this.#others === undefined) {
      const levels = this.#levels();
      this.#others = Array.from({ length: this.length }, (_, row) => {
        const number = this.#numbers.at(row);
        if (Number.isNaN(number)) return levels[this.#codes.at(row)] ?? null;
        if (this.#kind === 'booleans') return number === 1;
        return this.#kind === 'dates' ? new Date(number) : number;
      });
    }
    this.#others.push(plainOf(value));
    this.length++;
  }

  #levels(): readonly string[] {
    return [...this.#codeOf.keys()];
  }

  /** The column. The builder must not be used afterwards. */
  build(): Column {
    const { name } = this;
    const missing = this.#missing;
    if (this.#others !== undefined) return { name, kind: 'others', values: this.#others, missing, notes: [] };
    if (this.#textCount === 0) return this.#column(this.#kind ?? 'numbers', missing, []);
    const levels = this.#levels();
    const texts: TextColumn = { name, kind: 'texts', codes: this.#codes.take(this.length), levels, missing, notes: [] };
    if (this.#numberCount > 0) return this.#mixed(levels, texts);
    return this.#allOf(levels, dateOf, 'dates') ?? this.#truths(levels) ?? this.#written(levels) ?? texts;
  }

  #column(kind: Kind, missing: number, notes: readonly string[]): Column {
    const { name, length } = this;
    const values = this.#numbers.take(length);
    if (kind !== 'booleans') return { name, kind, values, missing, notes };
    return { name, kind, values: Int8Array.from(values, (x) => (Number.isNaN(x) ? -1 : x)), missing, notes };
  }

  /** The texts as numbers of a kind, if all of them are. */
  #allOf(
    levels: readonly string[],
    of: (text: string, code: number) => number,
    kind: Kind,
    notes: readonly string[] = [],
  ) {
    const numbers = levels.map(of);
    if (numbers.some(Number.isNaN)) return undefined;
    for (let row = 0; row < this.length; row++) {
      const code = this.#codes.at(row);
      if (code >= 0) this.#numbers.set(row, numbers[code]!);
    }
    return this.#column(kind, this.#missing, notes);
  }

  #truths(levels: readonly string[]): Column | undefined {
    return this.#allOf(levels, (text) => Number(booleanOf(text) ?? Number.NaN), 'booleans');
  }

  #written(levels: readonly string[]): Column | undefined {
    let most = 0;
    for (let row = 0; row < this.length; row++) most = Math.max(most, Math.abs(this.#numbers.at(row)) || 0);
    const plain = { count: this.#numberCount, most, hasPoint: this.#hasPoint };
    const written = writtenNumbers(levels, plain, this.isCommaFraction);
    return written && this.#allOf(levels, (_, code) => written.numbers[code]!, 'numbers', [written.note]);
  }

  /** Numbers and texts. */
  #mixed(levels: readonly string[], texts: TextColumn): Column {
    const written = this.#written(levels);
    if (written !== undefined) return written;
    const { text, row } = this.#firstText!;
    const where = `${shown(text)} in row ${row + 1}`;
    const isOneWord = levels.length === 1 && this.#textCount <= this.#numberCount && this.#numberCount >= 5;
    if (isOneWord || this.#textCount <= FAULTS * (this.#textCount + this.#numberCount)) {
      const what = isOneWord
        ? `${shown(text)} in ${counted(this.#textCount, 'row')} among numbers, the first of them row ${row + 1}: read as missing`
        : `${counted(this.#textCount, 'text')} among ${counted(this.#numberCount, 'number')}, the first ${where}: read as missing`;
      return this.#column('numbers', this.#missing + this.#textCount, [what]);
    }
    const codes = texts.codes;
    for (let i = 0; i < this.length; i++) {
      if (codes[i]! >= 0 || Number.isNaN(this.#numbers.at(i))) continue;
      const digits = String(this.#numbers.at(i));
      if (!this.#codeOf.has(digits)) this.#codeOf.set(digits, this.#codeOf.size);
      codes[i] = this.#codeOf.get(digits)!;
    }
    const note = `${counted(this.#numberCount, 'number')} and ${counted(this.#textCount, 'text')}, the first ${where}: all read as texts`;
    return { ...texts, levels: this.#levels(), notes: [note] };
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
