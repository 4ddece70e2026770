/** Checks rows before a fit: everything that an estimator would refuse, and facts that may be unexpected. As data. */
import { checkEncodable } from '../checks/parameters.js';
import { checkRows } from '../checks/rows.js';
import { violationOf } from '../columns/columns.js';
import type { Encoder, EncoderPart, Violation } from '../contract.js';
import { formatPath } from '../errors.js';
import { type MissingCoordinate, type Spike, spikesOf, VectorFacts } from './spikes.js';

export type { MissingCoordinate, Spike };

/** Rows that one field refuses for one reason. */
export interface InspectedViolation {
  /** The field: `visits[].name`; `[]` stands for every item of a list. Empty for the row itself. */
  readonly path: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** How many values. */
  readonly count: number;
  /** Numbers of the first rows, at most 10. */
  readonly rows: readonly number[];
  /** The first offending value. */
  readonly found: unknown;
}

/** What one field holds. */
export interface InspectedField {
  /** As in {@link InspectedViolation}. */
  readonly path: string;
  /** Number of values, including missing ones. */
  readonly count: number;
  /** Values that are null, undefined, NaN, or what an `OptionalEstimator` takes for missing. */
  readonly missing: number;
  /** `missing / count`. */
  readonly missingRate: number;
  /** Number of different values, without missing ones; undefined above 100,000. */
  readonly distinct: number | undefined;
  /** True when there is a value, and all are equal. */
  readonly isConstant: boolean;
  /** Strings that occur only once, with their row; the first 20. Often a typing error. */
  readonly levelsSeenOnce: readonly { readonly level: string; readonly row: number }[];
  /** Where the values are vectors: the coordinates, counted from 0, at which all that are there are equal. */
  readonly constantCoordinates: readonly number[];
  /** Where the values are vectors: the coordinates that are null, undefined or NaN in some of them, and in how many. */
  readonly missingCoordinates: readonly MissingCoordinate[];
  /**
   * Nearly equal numbers in a field, or in a coordinate of vectors, whose other numbers are all different; the first 20 in
   * ascending order, of each coordinate. A component of a mixture with only such numbers has a variance near 0, and an unbounded
   * likelihood: set a smallest variance, or model them separately. Not searched above 100,000 different values.
   */
  readonly spikes: readonly Spike[];
}

/** See {@link inspect}. */
export interface Inspection {
  readonly rowCount: number;
  /** In order of first appearance; empty when the estimator takes all rows. */
  readonly violations: readonly InspectedViolation[];
  /** In order of first appearance. */
  readonly fields: readonly InspectedField[];
}

const MAX_DISTINCT = 100_000;
const MAX_ROWS = 10;
const MAX_LEVELS = 20;

/**
 * Everything in `rows` that `estimator` would refuse, and facts about each field that it reads. Never throws for data.
 * @param rows  of any type
 * @throws {ParameterError} unless `estimator` is an estimator or a distribution
 * @example
 * const { violations } = inspect([{ age: 7 }, { age: 'x' }], new RecordEstimator({ age: new GaussianEstimator() }));
 * violations; // [{ path: 'age', expected: 'a finite number', count: 1, rows: [1], found: 'x' }]
 */
export function inspect(rows: readonly unknown[], estimator: { encoder(): Encoder<never> }): Inspection {
  checkRows('inspect: rows', rows);
  checkEncodable('inspect', 'estimator', estimator);
  // Rows of any type go to `violation` and `parts`, which take them.
  const encoder = estimator.encoder() as Encoder<unknown>;
  const violations = new Map<
    string,
    { readonly path: string; readonly violation: Violation; count: number; rows: number[] }
  >();
  const fields = new Map<string, FieldFacts>();

  function visit(part: Encoder<unknown>, value: unknown, path: string, row: number): void {
    const parts = part.parts?.(value);
    const facts = fields.get(path) ?? new FieldFacts(path);
    if (parts === undefined || parts.length === 0) {
      fields.set(path, facts);
      facts.add(value, row, parts !== undefined);
    }
    if (parts === undefined) {
      const violation = violationOf(part, value);
      if (violation !== undefined) refuse(violation, path, row);
      return;
    }
    for (const child of parts) visit(child.encoder, child.value, joinPath(path, child), row);
  }

  function refuse(violation: Violation, outer: string, row: number): void {
    const path = outer + (violation.path.length > 0 && outer !== '' ? '.' : '') + formatPath(violation.path);
    const key = JSON.stringify([path, violation.expected]);
    const known = violations.get(key) ?? { path, violation, count: 0, rows: [] };
    violations.set(key, known);
    known.count++;
    if (known.rows.length < MAX_ROWS && known.rows[known.rows.length - 1] !== row) known.rows.push(row);
  }

  rows.forEach((row, i) => visit(encoder, row, '', i));
  return {
    rowCount: rows.length,
    violations: Array.from(violations.values(), ({ path, violation: { expected, found }, count, rows: first }) => ({
      path,
      expected,
      count,
      rows: first,
      found,
    })),
    fields: Array.from(fields.values(), (facts) => facts.result()),
  };
}

function joinPath(path: string, { step, isItem = false }: EncoderPart): string {
  if (step === undefined) return path;
  if (isItem) return `${path}[]`;
  const text = formatPath([step]);
  return path === '' || text.startsWith('[') ? path + text : `${path}.${text}`;
}

/** The same for equal objects. One that has no text, with a cycle or a BigInt inside, is equal to itself alone. */
function keyOf(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

/** Counts the values of one field. */
class FieldFacts {
  #count = 0;
  #missing = 0;
  readonly #vectors = new VectorFacts(MAX_DISTINCT);
  #seen: Map<unknown, { count: number; readonly row: number }> | undefined = new Map();

  constructor(readonly path: string) {}

  add(value: unknown, row: number, isNamedMissing: boolean): void {
    this.#count++;
    if (isNamedMissing || value === null || value === undefined || Number.isNaN(value)) {
      this.#missing++;
      return;
    }
    this.#vectors.add(value);
    if (this.#seen === undefined) return;
    const key = keyOf(value);
    const seen = this.#seen.get(key);
    if (seen !== undefined) seen.count++;
    else this.#seen.set(key, { count: 1, row });
    if (this.#seen.size > MAX_DISTINCT) this.#seen = undefined;
  }

  result(): InspectedField {
    const once: { level: string; row: number }[] = [];
    for (const [level, { count, row }] of this.#seen ?? []) {
      if (typeof level === 'string' && count === 1 && once.length < MAX_LEVELS) once.push({ level, row });
    }
    return {
      path: this.path,
      count: this.#count,
      missing: this.#missing,
      missingRate: this.#count === 0 ? 0 : this.#missing / this.#count,
      distinct: this.#seen?.size,
      isConstant: this.#seen?.size === 1,
      levelsSeenOnce: once,
      constantCoordinates: this.#vectors.constantCoordinates(),
      missingCoordinates: this.#vectors.missingCoordinates(),
      spikes: [...spikesOf(countsOf(this.#seen)), ...this.#vectors.spikes()],
    };
  }
}

/** The different values that are numbers, and how often each was seen. */
function* countsOf(seen: ReadonlyMap<unknown, { readonly count: number }> = new Map()): Generator<[number, number]> {
  for (const [value, { count }] of seen) if (typeof value === 'number') yield [value, count];
}
