/** Laws of accumulators: statistics are additive, and nobody shares memory by accident. */

import { sliceColumns, takeColumns } from '../columns/columns.js';
import type { Accumulator, AnyEstimator, TiedNode } from '../contract.js';
import { tie } from '../tree/tie.js';
import { expectSame, fail, firstDifference, plainOf } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { accumulate, estimateOf, lawMaker, randomCut, type Subject, scratch } from './subject.js';

/** Estimates from sums in another order. Rounding is far below; iterative estimates stop within this. */
const TOLERANCE = 1e-8;

export function statisticLaws(laws: FamilyLaws): LawCheck[] {
  const { estimator, keyed } = laws;
  if (estimator === undefined) return [];
  const make = lawMaker(laws, 150);
  const each = (law: string, check: (estimator: AnyEstimator, subject: Subject) => void): LawCheck =>
    make(law, (subject) => check(estimator, subject));
  return [
    each('estimates the same from blocks of any cut', anyCut),
    each('merges statistics in any grouping, into an empty one too', anyGrouping),
    each('takes a row with weight w as w equal rows', integerWeights),
    each('takes a row of weight zero as absent', zeroWeights),
    each('reads only the weights of its block, and leaves them as they are', readsItsWeights),
    each('scores again when the rows are not those it scored last', staleScores),
    each('gives a value that later rows do not change, and changes none that it is given', notAliased),
    each('estimates without changing the statistic, and the same twice', estimateIsPure),
    each('sums into a flat vector as into an object', flatIsObject),
    each('pools the statistics of nodes tied by a key', poolsByKey),
    ...(keyed === undefined
      ? []
      : [each('hands its key and kind to its accumulators', (_, subject) => handsKeyOn(keyed, subject))]),
  ];
}

function anyCut(estimator: AnyEstimator, { name, distribution, columns, weights, random }: Subject): void {
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  for (let trial = 0; trial < 5; trial++) {
    const cut = randomCut(random, columns.rowCount);
    const parts = estimateOf(estimator, accumulate(estimator, distribution, columns, weights, cut));
    expectSame(parts, whole, TOLERANCE, `${name}, blocks ${JSON.stringify(cut)}`);
  }
}

function anyGrouping(estimator: AnyEstimator, { name, distribution, columns, weights, random }: Subject): void {
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  for (let trial = 0; trial < 5; trial++) {
    const values = randomCut(random, columns.rowCount).map((range) =>
      accumulate(estimator, distribution, columns, weights, [range]).value(),
    );
    // Merge two neighbours at a time, chosen at random, until one is left: a random binary tree.
    while (values.length > 1) {
      const at = Math.floor(random() * (values.length - 1));
      const sum = estimator.accumulator(columns);
      if (random() < 0.5) sum.fromValue(values[at]!);
      else sum.combine(values[at]!);
      sum.combine(values[at + 1]!);
      values.splice(at, 2, sum.value());
    }
    const merged = estimator.accumulator(columns);
    merged.combine(values[0]!);
    merged.combine(accumulate(estimator, distribution, columns, weights, []).value());
    expectSame(estimateOf(estimator, merged), whole, TOLERANCE, `${name}, merged in grouping ${trial}`);
  }
}

function integerWeights(estimator: AnyEstimator, { name, distribution, columns, encoder, random }: Subject): void {
  const counts = Float64Array.from({ length: columns.rowCount }, () => 1 + Math.floor(random() * 3));
  const repeated: number[] = [];
  counts.forEach((count, row) => {
    for (let i = 0; i < count; i++) repeated.push(row);
  });
  const many = takeColumns(encoder, columns, Int32Array.from(repeated));
  const ones = new Float64Array(many.rowCount).fill(1);
  expectSame(
    estimateOf(estimator, accumulate(estimator, distribution, columns, counts)),
    estimateOf(estimator, accumulate(estimator, distribution, many, ones)),
    TOLERANCE,
    `${name}: rows with weights 1 to 3, against repeated rows`,
  );
}

function zeroWeights(estimator: AnyEstimator, { name, distribution, columns, encoder, random }: Subject): void {
  const weights = Float64Array.from({ length: columns.rowCount }, () => (random() < 0.3 ? 0 : 0.5 + random()));
  const rows = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
  expectSame(
    estimateOf(estimator, accumulate(estimator, distribution, columns, weights)),
    estimateOf(
      estimator,
      accumulate(
        estimator,
        distribution,
        takeColumns(encoder, columns, rows),
        weights.filter((w) => w > 0),
      ),
    ),
    TOLERANCE,
    `${name}: rows of weight 0, against leaving them out`,
  );
}

function readsItsWeights(estimator: AnyEstimator, { name, distribution, columns, weights, random }: Subject): void {
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  const accumulator = estimator.accumulator(columns);
  accumulator.begin?.(distribution, columns, scratch);
  for (const [start, end] of randomCut(random, columns.rowCount)) {
    const longer = new Float64Array(end - start + 5).fill(Number.NaN);
    longer.set(weights.subarray(start, end));
    accumulator.seqUpdate(columns, start, end, longer, distribution);
    const changed = longer.findIndex((w, i) => !Object.is(w, i < end - start ? weights[start + i]! : Number.NaN));
    if (changed >= 0)
      fail(`${name}: seqUpdate of [${start}, ${end}) changed weights[${changed}] to ${longer[changed]}`);
  }
  expectSame(
    estimateOf(estimator, accumulator as Accumulator),
    whole,
    TOLERANCE,
    `${name}: weights longer than the block`,
  );
}

function staleScores(estimator: AnyEstimator, subject: Subject): void {
  const { name, distribution, columns, weights, random } = subject;
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  const accumulator = estimator.accumulator(columns);
  if (accumulator.score === undefined) return;
  accumulator.begin?.(distribution, columns, scratch);
  const out = new Float64Array(columns.rowCount);
  for (const [start, end] of randomCut(random, columns.rowCount)) {
    accumulator.score(distribution, columns, start, end, out);
    if (random() < 0.5) {
      const from = Math.floor(random() * (columns.rowCount - (end - start)));
      accumulator.score(distribution, columns, from, from + (end - start), out);
    }
    accumulator.seqUpdate(columns, start, end, weights.subarray(start, end), distribution);
  }
  expectSame(estimateOf(estimator, accumulator as Accumulator), whole, TOLERANCE, `${name}: after scoring other rows`);
}

function notAliased(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const half = Math.floor(columns.rowCount / 2);
  const first: [number, number] = [0, half];
  const second: [number, number] = [half, columns.rowCount];
  const accumulator = accumulate(estimator, distribution, columns, weights, [first]);
  const value = accumulator.value();
  const kept = plainOf(value);
  const expectKept = (what: string) => {
    const difference = firstDifference(plainOf(value), kept);
    if (difference !== undefined) fail(`${name}: ${what} changed a value given before; ${difference}`);
  };
  accumulator.seqUpdate(columns, ...second, weights.subarray(half), distribution);
  accumulator.value();
  expectKept('seqUpdate, or another value(),');
  const other = estimator.accumulator(columns) as Accumulator;
  other.begin?.(distribution, columns, scratch);
  other.fromValue(value);
  other.seqUpdate(columns, ...second, weights.subarray(half), distribution);
  expectKept('seqUpdate after fromValue');
  other.combine(value);
  other.combine(value);
  expectKept('combine');
  other.fromValue(value);
  expectSame(
    estimateOf(estimator, other),
    estimateOf(estimator, fromValue(estimator, columns, value)),
    TOLERANCE,
    `${name}: fromValue`,
  );
}

function fromValue(estimator: AnyEstimator, columns: Subject['columns'], value: unknown): Accumulator {
  const accumulator = estimator.accumulator(columns) as Accumulator;
  accumulator.fromValue(value);
  return accumulator;
}

function estimateIsPure(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const value = accumulate(estimator, distribution, columns, weights).value();
  const before = plainOf(value);
  const first = estimator.estimate(value);
  const difference = firstDifference(plainOf(value), before);
  if (difference !== undefined) fail(`${name}: estimate changed the statistic; ${difference}`);
  expectSame(estimator.estimate(value), first, 0, `${name}: estimated twice`);
}

function flatIsObject(estimator: AnyEstimator, { name, distribution, columns, encoder, weights }: Subject): void {
  const schema = sliceColumns(encoder, columns, 0, 0);
  const length = estimator.statisticLength?.(columns);
  const ofSchema = estimator.statisticLength?.(schema);
  if (length !== ofSchema) fail(`${name}: statisticLength is ${length} for rows, ${ofSchema} for their schema`);
  if (length === undefined) return;
  const half = Math.floor(columns.rowCount / 2);
  const parts = (
    [
      [0, half],
      [half, columns.rowCount],
    ] as const
  ).map((range) => {
    const vector = new Float64Array(length);
    const accumulator = estimator.accumulator(schema, vector);
    accumulator.begin?.(distribution, columns, scratch);
    accumulator.seqUpdate(columns, range[0], range[1], weights.subarray(range[0], range[1]), distribution);
    return vector;
  });
  const sum = parts[0]!.map((x, i) => x + parts[1]![i]!);
  const before = sum.slice();
  const read = estimator.accumulator(schema, sum) as Accumulator;
  read.begin?.(distribution, schema, scratch);
  if (firstDifference([...sum], [...before]) !== undefined) fail(`${name}: begin changed the flat statistic`);
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  expectSame(estimateOf(estimator, read), whole, TOLERANCE, `${name}: two flat statistics added as vectors`);
}

function poolsByKey(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const third = Math.floor(columns.rowCount / 3);
  const ranges: [number, number][] = [
    [0, third],
    [third, 2 * third],
    [2 * third, columns.rowCount],
  ];
  const holders = ranges.map((range) => accumulate(estimator, distribution, columns, weights, [range]));
  const nodes = holders.map(
    (holder): TiedNode => ({
      key: 'pooled',
      kind: holder.kind ?? 'unnamed',
      children: holder.children ?? [],
      value: () => holder.value(),
      combine: (statistic) => holder.combine(statistic),
      fromValue: (statistic) => holder.fromValue(statistic),
    }),
  );
  tie({ children: nodes, value: () => undefined, combine: () => undefined, fromValue: () => undefined });
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  holders.forEach((holder, i) => {
    expectSame(estimator.estimate(holder.value()), whole, TOLERANCE, `${name}: holder ${i} of a shared key`);
  });
}

function handsKeyOn(keyed: AnyEstimator, { name, columns }: Subject): void {
  const accumulator = keyed.accumulator(columns);
  const nodes = [accumulator as TiedNode, ...(accumulator.children ?? [])];
  const holder = nodes.find((node) => node.key !== undefined);
  if (holder === undefined) fail(`${name}: the keyed estimator makes accumulators without a key`);
  if (holder.kind === undefined) fail(`${name}: an accumulator with a key needs a kind`);
}
