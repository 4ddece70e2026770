/** How far out a value lies: the probability of values that are no more probable. */
import { violationOf } from '../columns/columns.js';
import { isMissing, type Missing } from '../combinators/optionalColumns.js';
import type { AnyDistribution } from '../contract.js';
import { exp } from '../numeric/elementary.js';
import { upperGamma } from '../numeric/incompleteGamma.js';

/** Beyond the quantiles of this, integers are looked at one by one only as far as the value lies. */
const BEYOND = 1e-9;
/** More integers than these are not looked at. */
const MAX_INTEGERS = 1e6;

/**
 * P(f(X) <= f(x)) of levels, integers and Gaussian vectors; of other numbers 2 min(P(X <= x), P(X > x)), which is the same where
 * the density is symmetric. `undefined` where the family has no distribution function.
 */
export function tailOf(model: AnyDistribution, x: unknown): number | undefined {
  const { type, levels, p, min, missing } = model.toJSON();
  if (type === 'Bernoulli') return atMost(model, x, [false, true]);
  if (type === 'Categorical') return atMost(model, x, levels as readonly unknown[]);
  if (type === 'IntegerCategorical') {
    return atMost(
      model,
      x,
      Array.from(p as ArrayLike<number>, (_, k) => (min as number) + k),
    );
  }
  if (type === 'DiagonalGaussian' || type === 'MultivariateGaussian') {
    return vectorTail(model, x as ArrayLike<number>, missing as Missing);
  }
  const { cdf, survival, quantile } = model;
  if (typeof x !== 'number' || cdf === undefined || survival === undefined) return undefined;
  if (quantile !== undefined && isDiscrete(model, x)) return integerTail(model, x);
  return Math.min(1, 2 * Math.min(model.cdf!(x), model.survival!(x)));
}

/** Rounding must not make an equal probability a greater one. */
function isAtMost(score: number, ofX: number): boolean {
  return score <= ofX + 1e-9 * (1 + Math.abs(ofX));
}

function atMost(model: AnyDistribution, x: unknown, levels: readonly unknown[]): number {
  const ofX = model.logDensity(x);
  const scores = levels.map((level) => model.logDensity(level)).filter((score) => isAtMost(score, ofX));
  return Math.min(
    scores.reduce((sum, score) => sum + exp(score), 0),
    1,
  );
}

/** The quadratic form of a Gaussian vector is chi-square with as many degrees of freedom as coordinates: those that are there. */
function vectorTail(model: AnyDistribution, x: ArrayLike<number>, missing: Missing): number {
  const observed = Array.from(x, (_, j) => j).filter((j) => !isMissing(x[j], missing));
  if (observed.length === 0) return 1;
  if (observed.length < x.length) {
    const marginal = model.marginalOf!(observed, (child) => child);
    return vectorTail(
      marginal,
      observed.map((j) => x[j]!),
      missing,
    );
  }
  const half = model.logDensity(model.mode) - model.logDensity(x);
  return half === Infinity ? 0 : upperGamma(x.length / 2, Math.max(half, 0));
}

/** A number between two integers is not a row. */
function isDiscrete(model: AnyDistribution, x: number): boolean {
  const encoder = model.encoder();
  const isRow = (value: number) => violationOf(encoder, value) === undefined;
  return Number.isSafeInteger(x) && !isRow(x - 0.5) && !isRow(x + 0.5);
}

function integerTail(model: AnyDistribution, x: number): number | undefined {
  const ofX = model.logDensity(x);
  let low = Math.min(model.quantile!(BEYOND), x);
  let high = Math.max(model.quantile!(1 - BEYOND), x);
  // As far as integers are more probable than x, which itself may lie far out.
  while (model.logDensity(low - 1) > ofX && high - low < MAX_INTEGERS) low--;
  while (model.logDensity(high + 1) > ofX && high - low < MAX_INTEGERS) high++;
  if (!(high - low < MAX_INTEGERS)) return undefined;
  let tail = model.cdf!(low - 1) + model.survival!(high);
  for (let y = low; y <= high; y++) {
    const score = model.logDensity(y);
    if (isAtMost(score, ofX)) tail += exp(score) / (model.presence ?? 1);
  }
  return Math.min(tail, 1);
}
