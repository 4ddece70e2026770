/** Laws of accumulators: statistics are additive, and nobody shares memory by accident. */

import { sliceColumns, takeColumns } from '../columns/columns.js';
import type { Accumulator, AnyEstimator, TiedNode } from '../contract.js';
import { countParameters } from '../tree/children.js';
import { tie } from '../tree/tie.js';
import { expectSame, fail, firstDifference, plainOf } from './expect.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { accumulate, estimateOf, lawMaker, offered, randomCut, type Subject, scratch, UNTESTED } from './subject.js';

/** Estimates from sums in another order. Rounding is far below; iterative estimates stop within this. */
const TOLERANCE = 1e-8;

export function statisticLaws(laws: FamilyLaws): LawCheck[] {
  const { estimator, keyed } = laws;
  if (estimator === undefined) return [];
  const make = lawMaker(laws, 150);
  const each = (law: string, check: (estimator: AnyEstimator, subject: Subject) => unknown): LawCheck =>
    make(law, (subject) => check(estimator, subject));
  return [
    each('estimates the same from blocks of any cut', anyCut),
    each('merges statistics in any grouping, into an empty one too', anyGrouping),
    each('takes a row with weight w as w equal rows', integerWeights),
    each('takes a row of weight zero as absent', zeroWeights),
    each('reads only the weights of its block, and leaves them as they are', readsItsWeights),
    each('gives a value that later rows do not change, and changes none that it is given', notAliased),
    each('estimates without changing the statistic, and the same twice', estimateIsPure),
    each('pools the statistics of nodes tied by a key', poolsByKey),
    ...offered(laws, {
      kind: each('hands its key and kind to its accumulators', (_, subject) => handsKeyOn(keyed, subject)),
      begin: each('begins another pass as if it were the first', beginsAgain),
      children: each('names the nodes below it, whose statistics are parts of its own', namesChildren),
      score: each('scores again when the rows are not those it scored last', staleScores),
      statisticLength: each('sums into a flat vector as into an object', flatIsObject),
      parameterBlocks: each('counts its free parameters', (e, subject) => countsParameters(e, keyed, subject)),
    }),
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

function staleScores(estimator: AnyEstimator, subject: Subject): unknown {
  const { name, distribution, columns, weights, random } = subject;
  const whole = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  const accumulator = estimator.accumulator(columns);
  if (accumulator.score === undefined) return UNTESTED;
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
  return undefined;
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

function flatIsObject(estimator: AnyEstimator, { name, distribution, columns, encoder, weights }: Subject): unknown {
  const schema = sliceColumns(encoder, columns, 0, 0);
  const length = estimator.statisticLength?.(columns);
  const ofSchema = estimator.statisticLength?.(schema);
  if (length !== ofSchema) fail(`${name}: statisticLength is ${length} for rows, ${ofSchema} for their schema`);
  if (length === undefined) return UNTESTED;
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
  return undefined;
}

function beginsAgain(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): void {
  const fresh = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  const accumulator = accumulate(estimator, fresh, columns, weights);
  accumulator.fromValue(estimator.accumulator(columns).value());
  accumulator.begin?.(distribution, columns, scratch);
  accumulator.seqUpdate(columns, 0, columns.rowCount, weights, distribution);
  const again = estimateOf(estimator, accumulator);
  expectSame(again, fresh, TOLERANCE, `${name}: a second pass with the same accumulator`);
}

/** Emptying a child must change the parent's statistic: it is how tied children get theirs. */
function namesChildren(estimator: AnyEstimator, { name, distribution, columns, weights }: Subject): unknown {
  let isTested = false;
  const children = accumulate(estimator, distribution, columns, weights).children ?? [];
  const zeros = estimator.accumulator(columns).children ?? [];
  children.forEach((_, child) => {
    const accumulator = accumulate(estimator, distribution, columns, weights);
    const zero = zeros[child]!.value();
    if (firstDifference(plainOf(zero), plainOf(accumulator.children![child]!.value())) === undefined) return;
    isTested = true;
    const before = plainOf(accumulator.value());
    accumulator.children![child]!.fromValue(zero as never);
    if (firstDifference(plainOf(accumulator.value()), before) === undefined) {
      fail(`${name}: emptying child ${child} of its accumulator does not change its statistic`);
    }
  });
  return isTested ? undefined : UNTESTED;
}

function countsParameters(estimator: AnyEstimator, keyed: AnyEstimator | undefined, subject: Subject): unknown {
  const { name, distribution, columns, weights } = subject;
  const half = Math.floor(columns.rowCount / 2);
  const model = estimateOf(estimator, accumulate(estimator, distribution, columns, weights));
  const other = estimateOf(estimator, accumulate(estimator, distribution, columns, weights, [[0, half]]));
  const blocks = estimator.parameterBlocks?.(model) ?? [];
  const bad = blocks.find(({ count }) => !(Number.isInteger(count) && count >= 0));
  if (bad !== undefined) fail(`${name}: parameterBlocks counts ${bad.count} parameters`);
  const count = countParameters(blocks);
  const numbers = numbersIn(plainOf(model));
  if (count > numbers)
    fail(`${name}: parameterBlocks counts ${count} free parameters of a model of ${numbers} numbers`);
  if (numbers === 0) return undefined; // and so is the count
  const isEstimated = firstDifference(plainOf(model), plainOf(other)) !== undefined;
  if (isEstimated && count === 0) fail(`${name}: parameterBlocks counts no free parameter, but rows change the model`);
  const hasKey = keyed?.parameterBlocks?.(model).some(({ key }) => key !== undefined);
  if (hasKey === false) fail(`${name}: the keyed estimator gives parameterBlocks without a key`);
  return isEstimated ? undefined : UNTESTED;
}

function numbersIn(plain: unknown): number {
  if (typeof plain === 'number') return 1;
  if (typeof plain !== 'object' || plain === null) return 0;
  return Object.values(plain).reduce((sum: number, value) => sum + numbersIn(value), 0);
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

function handsKeyOn(keyed: AnyEstimator | undefined, { name, columns }: Subject): void {
  if (keyed === undefined) fail(`${name}: kind is offered, so accumulators can share a key: give a keyed estimator`);
  const accumulator = keyed.accumulator(columns);
  const nodes = [accumulator as TiedNode, ...(accumulator.children ?? [])];
  const holder = nodes.find((node) => node.key !== undefined);
  if (holder === undefined) fail(`${name}: the keyed estimator makes accumulators without a key`);
  if (holder.kind === undefined) fail(`${name}: an accumulator with a key needs a kind`);
}
