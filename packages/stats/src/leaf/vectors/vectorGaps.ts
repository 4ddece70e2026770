/** Vectors of which some coordinates are missing: how rows say so, how far they lie apart, and how blocks of them are scored. */
import type { AddSquaredDistances } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import type { Gap, GapRule, Vector, VectorColumns, VectorRule } from './vectors.js';

function ruleOf(name: string, isGap: (entry: unknown) => boolean): VectorRule {
  const gaps: GapRule = {
    expected: `a finite number or ${name}`,
    isGap,
    write(row, x, start) {
      let observed = 0;
      for (let j = 0; j < row.length; j++) {
        const isMissing = isGap(row[j]);
        x[start + j] = isMissing ? Number.NaN : (row[j] as number); // the encoder has checked the row
        if (!isMissing) observed++;
      }
      return observed;
    },
  };
  return { gaps, distances: observedVectorSquares };
}

// One of each: encoders are compared by their rules.
const NULLS = /* @__PURE__ */ ruleOf('null', (entry) => entry === null || entry === undefined);
const NANS = /* @__PURE__ */ ruleOf('NaN', (entry) => Object.is(entry, Number.NaN));
const NONE: VectorRule = {};

/** The rule of an encoder whose rows have this where a coordinate is missing; `undefined` when none may be. */
export function gapRule(missing: Gap | undefined): VectorRule {
  return missing === undefined ? NONE : missing === null ? NULLS : NANS;
}

/** The check of what stands for a missing coordinate. @throws {ParameterError} */
export function checkGap(owner: string, name: string, missing: unknown): void {
  if (missing === null || missing === undefined || Object.is(missing, Number.NaN)) return;
  throw new ParameterError(owner, name, 'null or NaN', missing);
}

/**
 * The option, where it is given: an option that is there must not be undefined.
 * @typeParam M  what the rows of the caller have there
 */
export function missingOf<M extends Gap>({
  missing,
}: {
  readonly missing?: Gap | undefined;
}): { readonly missing?: M } {
  return missing === undefined ? {} : { missing: missing as M };
}

/** A row as columns hold it: NaN where a coordinate is missing. */
export function withNaN(row: Vector<Gap>, { gaps }: VectorRule): { readonly x: Vector; readonly observed: number } {
  if (gaps === undefined) return { x: row as Vector, observed: row.length }; // without a rule for gaps there are none
  const x = new Float64Array(row.length);
  return { observed: gaps.write(row, x, 0), x };
}

/** Mean and variance of each coordinate, over the rows that have it; 0 and 1 where none has. */
export function observedMoments({ rowCount, dimension, x }: VectorColumns): {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
} {
  const [mean, variance] = [new Float64Array(dimension), new Float64Array(dimension)];
  const counts = new Float64Array(dimension);
  for (let i = 0; i < rowCount; i++) {
    for (let j = 0; j < dimension; j++) {
      const value = x[i * dimension + j]!;
      if (Number.isNaN(value)) continue;
      counts[j]!++;
      const deviation = value - mean[j]!;
      mean[j]! += deviation / counts[j]!;
      variance[j]! += deviation * (value - mean[j]!);
    }
  }
  return { mean, variance: variance.map((sum, j) => (counts[j]! > 0 ? sum / counts[j]! : 1)) };
}

/**
 * The mean, over the coordinates that both rows have, of (x_ij - x_row,j)² / 2 Var(x_j). Rows that have none in common are as far
 * apart as two rows are on average: 1. Constant coordinates do not count.
 */
function observedVectorSquares(x: Float64Array, rowCount: number, dimension: number): AddSquaredDistances {
  const scales = observedMoments({ rowCount, dimension, x }).variance.map((v) => (v > 0 && v < Infinity ? 0.5 / v : 0));
  return (row, out) => {
    for (let i = 0; i < rowCount; i++) {
      let distance = 0;
      let common = 0;
      for (let j = 0; j < dimension; j++) {
        const deviation = x[i * dimension + j]! - x[row * dimension + j]!;
        if (scales[j] === 0 || Number.isNaN(deviation)) continue;
        distance += deviation * deviation * scales[j]!;
        common++;
      }
      out[i]! += common > 0 ? distance / common : i === row ? 0 : 1;
    }
  };
}

/** Scores rows that have gaps. */
export interface GapScores {
  /** How many coordinates a row has. */
  readonly dimension: number;
  /** The log-density of the coordinates that are there, of `x[start … start + d)`. */
  scoreAt(x: ArrayLike<number>, start: number): number;
}

/** Rows with gaps have no score by the kernels: it is put right here, after them. */
export function scoreGaps(
  scores: GapScores,
  { x, dimension, observed }: VectorColumns,
  start: number,
  end: number,
  out: Float64Array,
): void {
  if (scores.dimension !== dimension) return; // they are impossible, with or without gaps
  for (let row = start; row < end; row++) {
    if (observed![row] !== dimension) out[row - start] = scores.scoreAt(x, row * dimension);
  }
}

const sums = /* @__PURE__ */ new GrowingScratch();

/** What stood in `out` before scores were added, which leave no number for rows with gaps. `undefined` where none may have any. */
export function beforeAdding(
  { observed }: VectorColumns,
  start: number,
  end: number,
  out: Float64Array,
): Float64Array | undefined {
  if (observed === undefined) return undefined;
  const before = sums.atLeast(end - start);
  for (let i = 0; i < end - start; i++) before[i] = out[i]!;
  return before;
}

/** Puts the sums of rows with gaps right: what stood there before, and their own scores. */
export function addGaps(
  scores: GapScores,
  { x, dimension, observed }: VectorColumns,
  start: number,
  end: number,
  out: Float64Array,
  before: Float64Array,
): void {
  if (scores.dimension !== dimension) return;
  for (let row = start; row < end; row++) {
    if (observed![row] === dimension) continue;
    out[row - start] = before[row - start]! + scores.scoreAt(x, row * dimension);
  }
}

/** The weights of rows `[start, end)`, with 0 for those that have gaps; the weights themselves where none has. */
export function weightsOfWhole(
  { dimension, observed }: VectorColumns,
  start: number,
  end: number,
  weights: Float64Array,
  scratch: GrowingScratch,
): Float64Array {
  let row = start;
  while (row < end && observed![row] === dimension) row++;
  if (row === end) return weights;
  const whole = scratch.atLeast(end - start);
  for (let i = 0; i < end - start; i++) whole[i] = observed![start + i] === dimension ? weights[i]! : 0;
  return whole;
}
