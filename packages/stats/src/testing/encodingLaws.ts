/** Laws of encoders. */
import { concatColumns, itemCount, mayHoldItems, sliceColumns, takeColumns, violationOf } from '../columns/columns.js';
import type { AnyDistribution, Columns, Encoder, Violation } from '../contract.js';
import { expectAllClose, expectClose, expectSame, fail, show } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, offered, type Subject, scoresOf, UNTESTED } from './subject.js';

/** Scores of the same row in other columns: only the dictionary may be another. */
const TOLERANCE = 1e-12;

export function encodingLaws(laws: FamilyLaws): LawCheck[] {
  const each = lawMaker(laws, 120);
  return [
    each('encodes the same rows to the same columns, without changing them', encodesAlike),
    each('slices columns as if the rows had been encoded alone', slices),
    each('takes rows from columns, in any order and repeatedly', takes),
    each('joins columns as if all rows had been encoded at once, parts without rows included', joins),
    ...offered(laws, {
      violation: [
        each('finds no fault in rows that it encodes', findsNoFault),
        ...(laws.refused === undefined
          ? []
          : [each('says of a bad row alone what encode says', (s) => findsTheFault(laws.refused!, s))]),
      ],
      sameAs: each('takes only encoders of the same columns for the same', (s) => sameColumns(laws.distributions, s)),
      parts: each('shows its children each part of a row, and a bad part of a bad row', (subject) =>
        showsParts(laws.refused, subject),
      ),
      itemCount: each('counts at least one leaf row for a row, additively', countsLeafRows),
      squaredDistances: each('measures distances that are finite, symmetric and zero for the row itself', distances),
      rowCodes: each('gives equal codes only to rows that score alike, and the same to a slice', comparesRows),
    }),
    ...(laws.refused === undefined
      ? []
      : [each('refuses bad rows with a DataError that names the row', (subject) => refuses(laws.refused!, subject))]),
  ];
}

function expectScores(subject: Subject, columns: Columns, rows: readonly number[], what: string): void {
  const { name, distribution } = subject;
  if (columns.rowCount !== rows.length)
    fail(`${name}, ${what}: rowCount is ${columns.rowCount}, expected ${rows.length}`);
  const whole = scoresOf(distribution, subject.columns);
  const expected = rows.map((row) => whole[row]!);
  expectAllClose(scoresOf(distribution, columns), expected, TOLERANCE, (i) => `${name}, ${what}, row ${i}`);
}

function encodesAlike({ name, encoder, rows, columns }: Subject): void {
  const before = structuredClone(rows);
  const again = encoder.encode(rows);
  expectSame(again, columns, 0, `${name}: encoded twice`);
  expectSame(rows, before, 0, `${name}: rows after encoding`);
  if (columns.rowCount !== rows.length) fail(`${name}: rowCount is ${columns.rowCount} for ${rows.length} rows`);
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function slices(subject: Subject): void {
  const { encoder, columns, random } = subject;
  const n = columns.rowCount;
  for (let trial = 0; trial < 8; trial++) {
    const start = Math.floor(random() * (n + 1));
    const end = start + Math.floor(random() * (n + 1 - start));
    const part = sliceColumns(encoder, columns, start, end);
    expectScores(subject, part, range(start, end), `slice [${start}, ${end})`);
    const inner = sliceColumns(encoder, part, 0, Math.floor(part.rowCount / 2));
    expectScores(subject, inner, range(start, start + inner.rowCount), `slice of slice [${start}, ${end})`);
  }
  expectScores(subject, sliceColumns(encoder, columns, 0, 0), [], 'slice [0, 0)');
  expectScores(subject, sliceColumns(encoder, columns, n, n), [], `slice [${n}, ${n})`);
}

function takes(subject: Subject): void {
  const { encoder, columns, random } = subject;
  const n = columns.rowCount;
  for (let trial = 0; trial < 8; trial++) {
    const rows = Int32Array.from({ length: Math.floor(random() * n) }, () => Math.floor(random() * n));
    expectScores(subject, takeColumns(encoder, columns, rows), [...rows], `take ${show(rows)}`);
  }
  expectScores(subject, takeColumns(encoder, columns, new Int32Array(0)), [], 'take nothing');
}

function joins(subject: Subject): void {
  const { encoder, rows, columns, random } = subject;
  const n = rows.length;
  for (let trial = 0; trial < 5; trial++) {
    const cuts = [0, Math.floor(random() * n), Math.floor(random() * n), n].sort((a, b) => a - b);
    const parts = [encoder.encode([])];
    for (let i = 0; i + 1 < cuts.length; i++) {
      parts.push(encoder.encode(rows.slice(cuts[i], cuts[i + 1])), encoder.encode([]));
    }
    expectScores(subject, concatColumns(encoder, parts), range(0, n), `concat of rows cut at ${cuts.join(', ')}`);
    const schemas = parts.map((part) => sliceColumns(encoder, part, 0, 0));
    const schema = concatColumns(encoder, schemas);
    expectScores(subject, schema, [], 'concat of parts without rows');
    const slices = cuts.slice(1).map((end, i) => sliceColumns(encoder, columns, cuts[i]!, end));
    expectScores(subject, concatColumns(encoder, slices), range(0, n), `concat of slices cut at ${cuts.join(', ')}`);
  }
}

function countsLeafRows({ name, encoder, columns }: Subject): void {
  const n = columns.rowCount;
  const middle = Math.floor(n / 3);
  const whole = itemCount(encoder, columns, 0, n);
  const parts = itemCount(encoder, columns, 0, middle) + itemCount(encoder, columns, middle, n);
  // A parent of several children counts the largest, so parts may add up to more; never to less.
  if (!(Number.isInteger(whole) && whole >= n && parts >= whole)) {
    fail(`${name}: itemCount is ${whole} for ${n} rows, and ${parts} for the same rows in two parts`);
  }
  if (whole > n && !mayHoldItems(encoder)) fail(`${name}: ${n} rows hold ${whole} items, but holdsItems is false`);
}

function distances({ name, encoder, columns: { rowCount }, columns }: Subject): unknown {
  const add = encoder.squaredDistances?.(columns);
  if (add === undefined) return UNTESTED;
  const all = Array.from({ length: rowCount }, (_, row) => {
    const out = new Float64Array(rowCount);
    add(row, out);
    return out;
  });
  let sum = 0;
  all.forEach((distances, row) => {
    const bad = distances.findIndex((distance) => !(distance >= 0 && distance < Infinity));
    if (bad >= 0) fail(`${name}: the squared distance from row ${row} to row ${bad} is ${distances[bad]}`);
    if (distances[row] !== 0) fail(`${name}: the squared distance of row ${row} to itself is ${distances[row]}`);
    const back = all.map((other) => other[row]!);
    expectAllClose(distances, back, 1e-9, (other) => `${name}: the distance of rows ${row} and ${other}, both ways`);
    sum += distances.reduce((total, distance) => total + distance, 0);
  });
  // A parent adds the distances of its parts.
  if (sum > 0 && encoder.parts === undefined)
    expectClose(sum / rowCount ** 2, 1, 1e-9, `${name}: the mean squared distance of two rows`);
  // Rows that cannot be told apart are never put together.
  if (encoder.rowCodes?.(columns, 0, rowCount) !== undefined) weighsDistances(name, encoder, columns);
  return undefined;
}

/** A row of weight 3 counts as three rows, unless the encoder takes no weights: its scale is then that of the different rows. */
function weighsDistances(name: string, encoder: Encoder<never>, columns: Columns): void {
  const weights = Float64Array.from({ length: columns.rowCount }, (_, row) => 1 + 2 * (row % 2));
  const rows = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
  const repeated = new Float64Array(rows.length);
  encoder.squaredDistances?.(takeColumns(encoder, columns, Int32Array.from(rows)))?.(0, repeated);
  const weighted = new Float64Array(columns.rowCount);
  encoder.squaredDistances?.(columns, weights)?.(0, weighted);
  const unweighted = new Float64Array(columns.rowCount);
  encoder.squaredDistances?.(columns)?.(0, unweighted);
  if (weighted.every((distance, row) => distance === unweighted[row])) return;
  const expected = Array.from(weights, (_, row) => repeated[rows.indexOf(row)]!);
  expectAllClose(weighted, expected, 1e-9, (row) => `${name}: the distance of row ${row} among rows with weights`);
}

function comparesRows({ name, encoder, distribution, columns }: Subject): unknown {
  const n = columns.rowCount;
  const middle = Math.floor(n / 3);
  const found = encoder.rowCodes?.(columns, middle, n);
  if (found === undefined) return UNTESTED;
  const scores = scoresOf(distribution, columns);
  const firstRow = new Map<number, number>();
  found.codes.forEach((code, i) => {
    if (!(code >= 0 && code < found.count)) fail(`${name}: row code ${code} must be in 0 … ${found.count - 1}`);
    const row = firstRow.get(code) ?? middle + i;
    firstRow.set(code, row);
    if (!Object.is(scores[row], scores[middle + i])) {
      fail(`${name}: rows ${row} and ${middle + i} have the row code ${code}, but score differently`);
    }
  });
  if (found.codes.length !== n - middle) fail(`${name}: ${found.codes.length} row codes for ${n - middle} rows`);
  const alone = encoder.rowCodes?.(sliceColumns(encoder, columns, middle, n), 0, n - middle);
  const isSame = found.codes.every((code, i) => code === alone?.codes[i]);
  if (!isSame) fail(`${name}: the row codes of rows [${middle}, ${n}) differ from those of their slice`);
  return undefined;
}

function findsNoFault({ name, encoder, rows }: Subject): void {
  for (const row of rows) {
    const violation = violationOf(encoder, row);
    if (violation !== undefined) fail(`${name}: row ${show(row)} is encoded, but violation() says ${show(violation)}`);
  }
}

function findsTheFault(refused: readonly unknown[], { name, encoder }: Subject): void {
  for (const bad of refused) {
    const alone = encoder.violation?.(bad);
    const thrown = violationOf({ encode: (rows) => encoder.encode(rows) }, bad);
    const facts = (violation: Violation | undefined) => show([violation?.path, violation?.expected]);
    if (facts(alone) === facts(thrown)) continue;
    fail(`${name}: of ${show(bad)} violation() says ${facts(alone)}, encode() says ${facts(thrown)}`);
  }
}

function sameColumns(distributions: readonly AnyDistribution[], { name, distribution, encoder, rows }: Subject): void {
  const same = (a: Encoder<unknown>, b: Encoder<unknown>) => a.sameAs?.(b) === true;
  if (!same(encoder, encoder)) fail(`${name}: the encoder is not the same as itself`);
  if (!same(encoder, distribution.encoder())) fail(`${name}: another encoder of the same distribution is not the same`);
  const foreign: Encoder<unknown> = { encode: ({ length }) => ({ rowCount: length }) };
  if (same(encoder, foreign)) fail(`${name}: an encoder of an unknown class is the same`);
  for (const other of distributions) {
    if (!same(encoder, other.encoder())) continue;
    expectSame(other.encoder().encode(rows), encoder.encode(rows), 0, `${name}: columns of the same encoder`);
  }
}

function showsParts(refused: readonly unknown[] = [], { name, encoder, rows }: Subject): unknown {
  const partsOf = rows.map((row) => encoder.parts?.(row));
  // A parent hands the question on, and its child may have no children.
  if (partsOf.every((parts) => parts === undefined)) return UNTESTED;
  let count = 0;
  for (const [i, row] of rows.entries()) {
    const parts = partsOf[i];
    if (parts === undefined) fail(`${name}: parts() says that row ${show(row)} does not have the expected shape`);
    for (const part of parts) {
      const violation = violationOf(part.encoder, part.value);
      if (violation !== undefined) fail(`${name}: a part of row ${show(row)} is refused: ${show(violation)}`);
    }
    count += parts.length;
  }
  for (const row of refused) {
    const parts = encoder.parts?.(row);
    const isFound = parts === undefined || parts.some((part) => violationOf(part.encoder, part.value) !== undefined);
    if (!isFound) fail(`${name}: row ${show(row)} is refused, but no part of it is`);
  }
  return count === 0 ? UNTESTED : undefined;
}

function refuses(refused: readonly unknown[], { name, encoder, rows }: Subject): void {
  for (const bad of refused) {
    const violation = violationOf(encoder, bad);
    if (violation === undefined) fail(`${name}: violation() finds no fault in ${show(bad)}`);
    let error: unknown;
    try {
      encoder.encode([rows[0], rows[1], bad, rows[2]]);
    } catch (thrown) {
      error = thrown;
    }
    if (error === undefined) fail(`${name}: ${show(bad)} was encoded, but must be refused`);
    const { code, row, expected, message } = error as {
      code?: unknown;
      row?: unknown;
      expected?: unknown;
      message?: string;
    };
    if (code !== 'DATA') fail(`${name}: ${show(bad)} must be refused with a DataError, but was with: ${message}`);
    if (row !== 2) fail(`${name}: ${show(bad)} stands in row 2, but the error names row ${show(row)}`);
    if (typeof expected !== 'string' || expected === '')
      fail(`${name}: the error for ${show(bad)} does not say what was expected`);
  }
}
