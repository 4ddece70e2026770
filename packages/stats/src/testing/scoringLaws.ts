/** Laws of densities and samples. */
import { violationOf } from '../columns/columns.js';
import type { AnyDistribution, AnyEstimator } from '../contract.js';
import { expectAllClose, expectClose, expectSame, fail, isClose, show } from './expect.js';
import { integrate } from './integrate.js';
import type { FamilyLaws, LawCheck } from './laws.js';
import { lawMaker, offered, randomCut, type Subject, scoresOf, scratch, UNTESTED } from './subject.js';

/** Largest difference between two ways to compute one log-density, relative to 1 + its size. */
const SCORE_TOLERANCE = 1e-9;
/** Largest |1 - Σ f(x)|: what a cut tail and the quadrature may leave. */
const TOTAL_TOLERANCE = 1e-6;
/** Standard errors that a sample mean may be off. By chance alone: about 6 in 10 million. */
const Z = 5;
/** Written behind the end of an output, to see that nobody else writes there. */
const MARK = 12345.678;

export function scoringLaws(laws: FamilyLaws): LawCheck[] {
  const each = lawMaker(laws, 200);
  return [
    each('scores columns as it scores single rows', scalarIsColumns),
    each('scores blocks of any cut alike, and writes nothing outside its block', cutsAgree),
    each('gives density as the exponential of logDensity', densityIsExponential),
    each('draws equal rows from equal seeds, one by one or many at once', drawsAreReproducible),
    each('draws only rows that it can encode and that are possible', drawsArePossible),
    ...(refusesNaN(laws) ? [each('scores NaN as NaN where a row is a number', nanStaysNan)] : []),
    ...offered(laws, {
      seqAddLogDensity: each('adds log-densities where it can add directly', addsDirectly),
      isUnbounded: each('says where its density has no upper bound', (subject) => isUnboundedAtPoles(laws, subject)),
      score: each('scores in the E step as seqLogDensity does', (subject) => eStepScores(laws.estimator, subject)),
      scoreSum: each('sums the scores of the E step', (subject) => sumsScores(laws.estimator, subject)),
    }),
    ...(laws.impossible === undefined
      ? []
      : [each('scores impossible rows as -Infinity', (subject) => impossibleRows(laws.impossible!, subject))]),
    ...(laws.support === undefined
      ? []
      : [
          each('has a density that sums to 1', ({ distribution, name }) =>
            sumsToOne(laws.support!, distribution, name),
          ),
        ]),
    ...(laws.moments === undefined
      ? []
      : [
          each('draws samples with the mean and variance of the distribution', ({ distribution, name }) =>
            momentsMatch(laws.moments!, distribution, name),
          ),
        ]),
  ];
}

function scalarIsColumns({ name, distribution, rows, columns }: Subject): void {
  const scalar = rows.map((row) => distribution.logDensity(row));
  expectAllClose(scoresOf(distribution, columns), scalar, SCORE_TOLERANCE, (i) => `${name}, row ${i} ${show(rows[i])}`);
}

function cutsAgree({ name, distribution, columns, random }: Subject): void {
  const whole = scoresOf(distribution, columns);
  for (let trial = 0; trial < 10; trial++) {
    for (const [start, end] of randomCut(random, columns.rowCount)) {
      const out = new Float64Array(end - start + 3).fill(MARK);
      distribution.seqLogDensity(columns, start, end, out);
      expectAllClose(
        out.subarray(0, end - start),
        whole.subarray(start, end),
        1e-12,
        (i) => `${name}, block [${start}, ${end}), row ${start + i}`,
      );
      if (out.subarray(end - start).some((value) => value !== MARK)) {
        fail(`${name}, block [${start}, ${end}): wrote behind out[${end - start}]`);
      }
    }
  }
}

function addsDirectly({ name, distribution, columns, random }: Subject): unknown {
  if (distribution.seqAddLogDensity === undefined) return UNTESTED;
  const whole = scoresOf(distribution, columns);
  for (const [start, end] of randomCut(random, columns.rowCount)) {
    const out = new Float64Array(end - start + 3).fill(MARK);
    const before = Float64Array.from({ length: end - start }, (_, i) => i / 7);
    out.set(before);
    distribution.seqAddLogDensity(columns, start, end, out);
    const expected = before.map((value, i) => value + whole[start + i]!);
    expectAllClose(
      out.subarray(0, end - start),
      expected,
      SCORE_TOLERANCE,
      (i) => `${name}, row ${start + i}, added to ${i / 7}`,
    );
    if (out.subarray(end - start).some((value) => value !== MARK)) {
      fail(`${name}, block [${start}, ${end}): added behind out[${end - start}]`);
    }
  }
  return undefined;
}

function densityIsExponential({ name, distribution, rows }: Subject): void {
  for (const row of rows) {
    const expected = Math.exp(distribution.logDensity(row));
    const density = distribution.density(row);
    // Relative: densities of long rows are tiny.
    if (!(isClose(density, expected, 0) || Math.abs(density - expected) <= SCORE_TOLERANCE * expected)) {
      fail(`${name}, row ${show(row)}: density ${density}, exp(logDensity) ${expected}`);
    }
  }
}

/** Whether a row is a number; NaN does not count. A family may give NaN a meaning: a missing value. */
function refusesNaN({ distributions }: FamilyLaws): boolean {
  const first = distributions[0]!;
  if (typeof first.sampler(0).sample() !== 'number') return false;
  return violationOf(first.encoder(), Number.NaN) !== undefined;
}

function nanStaysNan({ name, distribution }: Subject): void {
  const score = distribution.logDensity(Number.NaN);
  if (!Number.isNaN(score)) fail(`${name}: logDensity(NaN) is ${score}`);
}

/** `isUnbounded` is true exactly where a row of infinite density is known. */
function isUnboundedAtPoles({ unbounded }: FamilyLaws, { name, distribution, columns, rows }: Subject): void {
  if (unbounded === undefined) fail(`${name}: isUnbounded is offered: give an unbounded distribution and its pole`);
  const { distribution: infinite, pole } = unbounded;
  const score = infinite.logDensity(pole);
  if (score !== Infinity) fail(`${show(infinite)} scores its pole ${show(pole)} ${score}, expected Infinity`);
  if (infinite.constructor !== distribution.constructor) fail(`${show(infinite)} must be of the family of ${name}`);
  if (infinite.isUnbounded !== true) fail(`${show(infinite)} scores ${show(pole)} Infinity, but is not isUnbounded`);
  if (distribution.isUnbounded === true) return;
  const row = scoresOf(distribution, columns).indexOf(Infinity);
  if (row >= 0) fail(`${name}: row ${show(rows[row])} scores Infinity, but isUnbounded is not true`);
}

function drawsAreReproducible({ name, distribution }: Subject): void {
  const many = distribution.sampler(7).sample(20);
  const sampler = distribution.sampler('7');
  const single = many.map(() => sampler.sample());
  expectSame(single, many, 0, `${name}: 20 single draws, against one draw of 20`);
  const other = distribution.sampler(8).sample(20);
  const isConstant = new Set(many.map((row) => JSON.stringify(row))).size === 1;
  if (!isConstant && JSON.stringify(other) === JSON.stringify(many)) fail(`${name}: seeds 7 and 8 draw the same rows`);
  if (distribution.sampler(7).sample(0).length !== 0) fail(`${name}: sample(0) is not empty`);
}

function drawsArePossible({ name, distribution, rows, columns }: Subject): void {
  scoresOf(distribution, columns).forEach((score, i) => {
    if (!(score > -Infinity)) fail(`${name}: row ${i} ${show(rows[i])} was drawn, but scores ${score}`);
  });
}

function eStepScores(estimator: AnyEstimator | undefined, subject: Subject): unknown {
  const { name, distribution, columns, random } = subject;
  const whole = scoresOf(distribution, columns);
  const accumulator = estimator?.accumulator(columns);
  if (accumulator?.score === undefined) return UNTESTED;
  accumulator.begin?.(distribution, columns, scratch);
  for (const [start, end] of randomCut(random, columns.rowCount)) {
    const out = new Float64Array(end - start + 3).fill(MARK);
    accumulator.score(distribution, columns, start, end, out);
    expectAllClose(
      out.subarray(0, end - start),
      whole.subarray(start, end),
      SCORE_TOLERANCE,
      (i) => `${name}, accumulator.score of block [${start}, ${end}), row ${start + i}`,
    );
    if (out.subarray(end - start).some((value) => value !== MARK)) {
      fail(`${name}, accumulator.score of block [${start}, ${end}): wrote behind out[${end - start}]`);
    }
  }
  return undefined;
}

function sumsScores(estimator: AnyEstimator | undefined, subject: Subject): unknown {
  const { name, distribution, columns, random } = subject;
  const whole = scoresOf(distribution, columns);
  const accumulator = estimator?.accumulator(columns);
  if (accumulator?.scoreSum === undefined) return UNTESTED;
  accumulator.begin?.(distribution, columns, scratch);
  for (const [start, end] of randomCut(random, columns.rowCount)) {
    const sum = accumulator.scoreSum(distribution, columns, start, end);
    const terms = whole.subarray(start, end).reduce((total, term) => total + term, 0);
    // -Infinity and NaN have no difference to tolerate.
    if (Object.is(sum, terms)) continue;
    expectClose(sum, terms, SCORE_TOLERANCE * (1 + end - start), `${name}, accumulator.scoreSum of [${start}, ${end})`);
  }
  return undefined;
}

function impossibleRows(impossible: readonly unknown[], { name, distribution, encoder }: Subject): void {
  const scores = scoresOf(distribution, encoder.encode(impossible));
  impossible.forEach((row, i) => {
    const scalar = distribution.logDensity(row);
    if (scalar !== -Infinity) fail(`${name}: impossible row ${show(row)} scores ${scalar}`);
    if (scores[i] !== -Infinity) fail(`${name}: impossible row ${show(row)} scores ${scores[i]} in columns`);
  });
}

function sumsToOne(support: NonNullable<FamilyLaws['support']>, distribution: AnyDistribution, name: string): void {
  let total = 0;
  if ('rows' in support) for (const row of support.rows) total += distribution.density(row);
  else if ('integers' in support) {
    const [from, to] = support.integers;
    for (let x = from; x <= to; x++) total += distribution.density(x);
  } else {
    // Quantiles of a sample tell where the mass is, so that no narrow peak is missed.
    const sample = (distribution.sampler('support').sample(400) as number[]).sort((a, b) => a - b);
    const cuts = sample.filter((_, i) => i % 40 === 20);
    total = integrate((x) => distribution.density(x), support.interval, cuts);
  }
  expectClose(total, 1, TOTAL_TOLERANCE, `${name}: the density sums to`);
}

function momentsMatch(
  moments: NonNullable<FamilyLaws['moments']>,
  distribution: AnyDistribution,
  name: string,
): unknown {
  const count = 4000;
  const values = distribution
    .sampler('moments')
    .sample(count)
    .map((row) => moments.of(row as never));
  const mean = moments.mean(distribution as never);
  const sd = moments.sd(distribution as never);
  if (!Number.isFinite(mean) || !Number.isFinite(sd)) return UNTESTED; // a heavy tail without moments
  const sampleMean = values.reduce((sum, value) => sum + value, 0) / count;
  const standardError = sd / Math.sqrt(count);
  if (!(Math.abs(sampleMean - mean) <= Z * standardError + 1e-12 * Math.abs(mean))) {
    fail(`${name}: the mean of ${count} samples is ${sampleMean}, expected ${mean} ± ${Z} × ${standardError}`);
  }
  const squares = values.map((value) => (value - mean) ** 2);
  const variance = squares.reduce((sum, value) => sum + value, 0) / count;
  // The fourth moment is the sample's own: it is the only one at hand for every family.
  const fourth = squares.reduce((sum, value) => sum + value * value, 0) / count;
  const varianceError = Math.sqrt(Math.max(0, fourth - variance * variance) / count);
  if (!(Math.abs(variance - sd * sd) <= (Z + 1) * varianceError + 1e-12 * sd * sd)) {
    fail(`${name}: the variance of ${count} samples is ${variance}, expected ${sd * sd} ± ${Z + 1} × ${varianceError}`);
  }
  return undefined;
}
