/** What the laws are checked on: rows drawn from each distribution, encoded, with weights; and the ways to add them up. */
import type { Accumulator, AnyDistribution, AnyEstimator, Columns, Encoder, Random, Scratch } from '../contract.js';
import { random } from '../numeric/random.js';
import { tie } from '../tree/tie.js';
import { fail, show } from './expect.js';
import type { FamilyLaws, LawCheck, OptionalMember } from './laws.js';

/** One distribution with rows of its own. */
export interface Subject {
  /** For messages. */
  readonly name: string;
  readonly distribution: AnyDistribution;
  readonly rows: readonly unknown[];
  readonly encoder: Encoder<unknown>;
  readonly columns: Columns;
  /** Positive weights, one per row. */
  readonly weights: Float64Array;
  /** Draws for cuts, subsets and groupings; the same in every run. */
  readonly random: Random;
}

/** Rows drawn from `distribution`, followed by `more`. */
function subjectOf(
  distribution: AnyDistribution,
  index: number,
  rowCount: number,
  more: readonly unknown[] = [],
): Subject {
  const rows = [...distribution.sampler(`law ${index}`).sample(rowCount), ...more];
  const encoder = distribution.encoder();
  const rng = random(`cuts ${index}`);
  return {
    name: `distribution ${index} ${show(distribution)}`,
    distribution,
    rows,
    encoder,
    columns: encoder.encode(rows),
    weights: Float64Array.from(rows, () => 0.25 + 2 * rng()),
    random: rng,
  };
}

/** What a check returns when the subject does not show the law: a sample without moments, say. */
export const UNTESTED = Symbol('untested');

/** Checks a law on one subject; {@link UNTESTED} is the only answer that counts. @throws {Error} when the law is broken */
export type Check = (subject: Subject) => unknown;

/**
 * Makes a law that is checked on every distribution, with `rowCount` sampled rows each. A law that no distribution shows
 * fails: it would pass whatever the family does.
 */
export function lawMaker(
  { distributions, rows }: FamilyLaws,
  rowCount: number,
): (law: string, check: Check) => LawCheck {
  return (law, check) => ({
    law,
    run() {
      let isTested = false;
      for (const [index, distribution] of distributions.entries()) {
        if (check(subjectOf(distribution, index, rowCount, rows)) !== UNTESTED) isTested = true;
      }
      if (!isTested) fail('no given distribution tests this law: give another one, or other rows.');
    },
  });
}

/** The laws of those optional members that are offered and can be shown. */
export function offered(
  { offers = [], notShown = [] }: FamilyLaws,
  laws: { readonly [M in OptionalMember]?: LawCheck | readonly LawCheck[] },
): LawCheck[] {
  const isShown = (member: string) => offers.some((m) => m === member) && notShown.every((m) => m !== member);
  return Object.entries(laws).flatMap(([member, law]) => (isShown(member) ? law : []));
}

/** Plain memory, as any driver may offer. */
export const scratch: Scratch = { float64: (length) => new Float64Array(length) };

/** Scores of all rows by `seqLogDensity`. */
export function scoresOf(distribution: AnyDistribution, columns: Columns): Float64Array {
  const out = new Float64Array(columns.rowCount);
  distribution.seqLogDensity(columns, 0, columns.rowCount, out);
  return out;
}

/** Rows `[0, rowCount)` in consecutive ranges, some of them empty, some of one row. */
export function randomCut(rng: Random, rowCount: number): readonly (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = [];
  let start = 0;
  while (start < rowCount) {
    const length = Math.floor(rng() * 5) === 0 ? Math.floor(rng() * 2) : 1 + Math.floor(rng() * rowCount * 0.4);
    const end = Math.min(rowCount, start + length);
    ranges.push([start, end]);
    start = end;
  }
  return ranges;
}

/** A fresh accumulator that has seen rows `[start, end)` in the given ranges. */
export function accumulate(
  estimator: AnyEstimator,
  model: AnyDistribution,
  columns: Columns,
  weights: Float64Array,
  ranges: readonly (readonly [number, number])[] = [[0, columns.rowCount]],
  statistic?: Float64Array,
): Accumulator {
  const accumulator = estimator.accumulator(columns, statistic) as Accumulator;
  accumulator.begin?.(model, columns, scratch);
  for (const [start, end] of ranges) accumulator.seqUpdate(columns, start, end, weights.subarray(start, end), model);
  return accumulator;
}

/** The M step. The accumulator must not be used afterwards. */
export function estimateOf(estimator: AnyEstimator, accumulator: Accumulator): AnyDistribution {
  tie(accumulator);
  return estimator.estimate(accumulator.value());
}
