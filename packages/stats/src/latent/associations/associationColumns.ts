/**
 * The columns of associations: a row is two lists of values with counts, sources and targets, and each target comes from one of
 * the sources of its row.
 */

import { allOf } from '../../checks/rows.js';
import {
  acceptedBy,
  concatColumns,
  encodeChild,
  itemCount,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../../columns/columns.js';
import {
  type Counted,
  isCount,
  isPair,
  type MultinomialColumns,
  MultinomialEncoder,
} from '../../combinators/multinomialColumns.js';
import { NullEncoder } from '../../combinators/null.js';
import { type SequenceColumns, SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../../contract.js';
import { DataError, ParameterError } from '../../errors.js';
import { isNumber } from '../../leaf/numberEncoder.js';

/** Sources with counts, and targets with counts. */
export type AssociationRow<U = unknown, V = unknown> = readonly [
  sources: readonly Counted<U>[],
  targets: readonly Counted<V>[],
];

/**
 * Both lists of each row, without pairs of count 0; the list of sources as its own model sees it; and the lengths, of the targets
 * or of both lists. `links` has an item for each target and source of a row, those of a target together; some families have none.
 */
export interface AssociationColumns extends Columns {
  readonly sources: MultinomialColumns;
  readonly targets: MultinomialColumns;
  readonly links: SequenceColumns;
  readonly given: Columns;
  readonly lengths: Columns;
}

/** What an {@link AssociationEncoder} is made of. */
export interface AssociationParts {
  /** For messages. */
  readonly family: string;
  readonly source: Encoder<unknown>;
  readonly target: Encoder<unknown>;
  /** The encoder of links, and a link as it takes it: {@link pairOf}, say. Default: no links. */
  readonly link?: Encoder<unknown>;
  readonly linkOf?: (source: unknown, target: unknown) => unknown;
  /** Of the list of sources. */
  readonly given: Encoder<unknown>;
  /** Of the number of targets. */
  readonly length: Encoder<unknown>;
  /** True when `length` takes the pair of the number of sources and the number of targets. Default false. */
  readonly isOfBoth?: boolean;
}

/** Indices below `count`. */
export interface IndexColumns extends Columns {
  readonly count: number;
  readonly codes: Int32Array;
}

const EXPECTED_ROW = 'a pair of two lists of values with counts';

/** Takes the integers 0 … count - 1. */
export class IndexEncoder implements Encoder<number, IndexColumns> {
  /** @param what  what an integer stands for: `'a source'` */
  constructor(
    readonly family: string,
    readonly what: string,
    readonly count: number,
  ) {}

  violation(row: unknown): Violation | undefined {
    if (isIndex(row, this.count)) return undefined;
    return { path: [], expected: `${this.what}, 0 to ${this.count - 1}`, found: row };
  }

  /** @throws {DataError} at the first row that is no such integer */
  encode(rows: readonly number[]): IndexColumns {
    const codes = new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const violation = this.violation(rows[row]);
      if (violation !== undefined) throw new DataError(this.family, row, violation.expected, violation.found);
      codes[row] = rows[row]!;
    }
    return { rowCount: rows.length, count: this.count, codes };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.count === this.count;
  }
}

/** Whether a value is an integer in 0 … count - 1. */
export function isIndex(value: unknown, count: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}

/** Whether a value is two lists of pairs of a value and a number; whether the numbers are counts is another question. */
export function isAssociation(x: unknown): x is AssociationRow {
  if (!isPair(x)) return false;
  return allOf<unknown>(
    x,
    (list) =>
      Array.isArray(list) &&
      allOf<unknown>(list, (pair) => isPair(pair) && typeof pair[1] === 'number' && !Number.isNaN(pair[1])),
  );
}

/** {@link isAssociation} for lists of numbers. */
export function isIntegerAssociation(x: unknown): x is AssociationRow<number, number> {
  return isAssociation(x) && x.every((list) => list.every(([value]) => isNumber(value)));
}

/** Whether all counts are finite and >= 0. */
export function areCounts(list: readonly Counted<unknown>[]): boolean {
  return list.every(([, count]) => isCount(count));
}

/** The sum of the counts. */
export function totalOf(list: readonly Counted<unknown>[]): number {
  return list.reduce((total, [, count]) => total + count, 0);
}

/** @throws {ParameterError} unless `given` takes one of the sources, with its count, as a list */
export function checkTakesLists(
  owner: string,
  what: string,
  given: { encoder(): Encoder<unknown> },
  sources: Iterable<unknown>,
): void {
  const accepts = acceptedBy(given.encoder());
  let isAny = false;
  for (const source of sources) {
    if (accepts([[source, 1]])) return;
    isAny = true;
  }
  if (isAny) throw new ParameterError(owner, 'given', `${what} over lists of sources with counts`, given);
}

/** The check of a background. @throws {ParameterError} */
export function checkBackground(owner: string, name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value < 1) return;
  throw new ParameterError(owner, name, 'a number in [0, 1)', value);
}

/** The check of a number of things. @throws {ParameterError} */
export function checkSize(owner: string, name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return;
  throw new ParameterError(owner, name, 'an integer >= 1', value);
}

/** A link as a conditional takes it. */
export function pairOf(source: unknown, target: unknown): readonly [source: unknown, target: unknown] {
  return [source, target];
}

/** Lays the sources, the targets and the links of all rows end to end. */
export class AssociationEncoder<U, V> implements Encoder<AssociationRow<U, V>, AssociationColumns> {
  readonly #parts: AssociationParts;
  readonly #sources: MultinomialEncoder<unknown>;
  readonly #targets: MultinomialEncoder<unknown>;
  readonly #links: SequenceEncoder<unknown>;

  constructor(parts: AssociationParts) {
    this.#parts = parts;
    this.#sources = new MultinomialEncoder(parts.source, new NullEncoder());
    this.#targets = new MultinomialEncoder(parts.target, new NullEncoder());
    this.#links = new SequenceEncoder(parts.link ?? new NullEncoder(), new NullEncoder());
  }

  /** The encoder of links. */
  get link(): Encoder<unknown> | undefined {
    return this.#parts.link;
  }

  /** The encoders of the fields of the columns. */
  get #fields(): Readonly<Record<Exclude<keyof AssociationColumns, 'rowCount'>, Encoder<never>>> {
    const { given, length } = this.#parts;
    return { sources: this.#sources, targets: this.#targets, links: this.#links, given, lengths: length };
  }

  #lengthOf([sources, targets]: AssociationRow): unknown {
    return this.#parts.isOfBoth === true ? [totalOf(sources), totalOf(targets)] : totalOf(targets);
  }

  #linksOf([sources, targets]: AssociationRow): unknown[] {
    const { linkOf } = this.#parts;
    const links: unknown[] = [];
    if (linkOf === undefined) return links;
    for (const [target, count] of targets) {
      if (count === 0) continue;
      for (const [source, sourceCount] of sources) if (sourceCount > 0) links.push(linkOf(source, target));
    }
    return links;
  }

  /** Where in the row a fault of link `link` stands, which the link's encoder finds at `path` of a pair. */
  #placeOf(row: AssociationRow, link: number, [side = 0, ...steps]: Violation['path']): Violation['path'] {
    const places = row.map((list) => [...list.keys()].filter((at) => list[at]![1] > 0));
    const [sources, targets] = [places[0]!, places[1]!];
    const target = targets[Math.floor(link / sources.length)]!;
    return side === 1 ? [1, target, 0, ...steps] : [0, sources[link % sources.length]!, 0, ...steps];
  }

  violation(row: unknown): Violation | undefined {
    if (!isPair(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    const ofSources = violationWithin(violationOf(this.#sources, row[0]), 0);
    const ofLists = ofSources ?? violationWithin(violationOf(this.#targets, row[1]), 1);
    if (ofLists !== undefined) return ofLists;
    const lists = row as unknown as AssociationRow; // both encoders take them
    const ofLink = violationOf(this.#links, this.#linksOf(lists));
    if (ofLink !== undefined) {
      const [link, ...path] = ofLink.path;
      return { ...ofLink, path: this.#placeOf(lists, link as number, path) };
    }
    const ofGiven = violationWithin(violationOf(this.#parts.given, row[0]), 0);
    return ofGiven ?? violationWithin(violationOf(this.#parts.length, this.#lengthOf(lists)), 'length');
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!isAssociation(row) || !row.every(areCounts)) return undefined;
    const { given, length, link } = this.#parts;
    const items = row.flatMap((list, step) => {
      const parts = (step === 0 ? this.#sources : this.#targets).parts(list)!;
      return parts.filter(({ isItem }) => isItem === true).map((part) => ({ ...part, step }));
    });
    const links = this.#linksOf(row).map((value) => ({ step: 1, isItem: true, value, encoder: link! }));
    return [
      ...items,
      ...links,
      { step: 0, value: row[0], encoder: given },
      { step: 'length', value: this.#lengthOf(row), encoder: length },
    ];
  }

  /** @throws {DataError} at a row that is no such pair, or with a value or a length that its family cannot hold */
  encode(rows: readonly AssociationRow<U, V>[]): AssociationColumns {
    for (let row = 0; row < rows.length; row++) {
      if (!isPair(rows[row])) throw new DataError(this.#parts.family, row, EXPECTED_ROW, rows[row]);
    }
    const sources = rows.map((row) => row[0]);
    return {
      rowCount: rows.length,
      sources: encodeChild(this.#sources, sources, (row) => [row, 0]),
      targets: encodeChild(
        this.#targets,
        rows.map((row) => row[1]),
        (row) => [row, 1],
      ),
      links: this.#encodeLinks(rows),
      given: encodeChild(this.#parts.given, sources as readonly unknown[], (row) => [row, 0]),
      lengths: encodeChild(
        this.#parts.length,
        rows.map((row) => this.#lengthOf(row)),
        (row) => [row, 'length'],
      ),
    };
  }

  #encodeLinks(rows: readonly AssociationRow[]): SequenceColumns {
    try {
      return this.#links.encode(rows.map((row) => this.#linksOf(row)));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const { family, row, expected, found, path } = error;
      const [link, ...steps] = path;
      throw new DataError(family, row, expected, found, this.#placeOf(rows[row]!, link as number, steps));
    }
  }

  slice(columns: AssociationColumns, start: number, end: number): AssociationColumns {
    return this.#each(end - start, (field, encoder) => sliceColumns(encoder, columns[field], start, end));
  }

  take(columns: AssociationColumns, rows: Int32Array): AssociationColumns {
    return this.#each(rows.length, (field, encoder) => takeColumns(encoder, columns[field], rows));
  }

  concat(parts: readonly AssociationColumns[]): AssociationColumns {
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
    return this.#each(rowCount, (field, encoder) =>
      concatColumns(
        encoder,
        parts.map((part) => part[field]),
      ),
    );
  }

  #each(
    rowCount: number,
    make: (field: Exclude<keyof AssociationColumns, 'rowCount'>, encoder: Encoder<never>) => Columns,
  ): AssociationColumns {
    const { sources, targets, links, given, lengths } = this.#fields;
    return {
      rowCount,
      sources: make('sources', sources) as MultinomialColumns, // of the encoder of such columns, as are the next two
      targets: make('targets', targets) as MultinomialColumns,
      links: make('links', links) as SequenceColumns,
      given: make('given', given),
      lengths: make('lengths', lengths),
    };
  }

  /** As many as the largest part has. */
  itemCount(columns: AssociationColumns, start: number, end: number): number {
    const counts = Object.entries<Encoder<never>>(this.#fields).map(([field, encoder]) =>
      itemCount(encoder, columns[field as 'given'], start, end),
    );
    return Math.max(end - start, ...counts);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other) || other.#parts.isOfBoth !== this.#parts.isOfBoth) return false;
    const others = other.#fields;
    return Object.entries<Encoder<never>>(this.#fields).every(([field, encoder]) =>
      sameEncoder(encoder, others[field as 'given']),
    );
  }
}
