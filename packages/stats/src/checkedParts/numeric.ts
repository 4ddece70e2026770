/** Searches, sums in logs and draws, for families outside the package. */
import type { Random, Sampler, Scratch, Seed } from '../contract.js';
import * as entropy from '../leaf/entropy.js';
import * as quantiles from '../leaf/quantiles.js';
import * as logs from '../numeric/logSumExp.js';
import * as roots from '../numeric/newtonRoot.js';
import * as draws from '../numeric/random.js';
import * as scratch from '../numeric/scratch.js';
import { answering, checkCalled, checkFunction, checkNumbers, isNumberNotNaN, isObject, refuse } from './arguments.js';

/**
 * log Σ exp(v_k), without overflow: the maximum is taken out first. All -Infinity gives -Infinity; a +Infinity gives
 * +Infinity; a NaN gives NaN.
 * @throws {OptionError} unless `values` is a list of numbers
 */
export function logSumExp(values: ArrayLike<number>): number {
  checkNumbers('logSumExp', 'values', values);
  const sum = logs.logSumExp(values);
  // Only what has no sum is looked at one by one: a NaN, or what is no number.
  if (Number.isNaN(sum)) {
    for (let k = 0; k < values.length; k++) {
      if (typeof values[k] !== 'number') refuse('logSumExp', `values[${k}]`, 'a number', values[k]);
    }
  }
  return sum;
}

/**
 * One index in 0 … K-1 with probability proportional to `weights`. The last index of positive weight takes what rounding
 * leaves over.
 * @param weights  numbers >= 0, which are not looked at
 * @throws {OptionError} unless `rng` is a generator and `weights` a list of at least one number
 */
export function drawIndex(rng: Random, weights: ArrayLike<number>): number {
  checkFunction('drawIndex', 'rng', rng);
  checkNumbers('drawIndex', 'weights', weights);
  if (weights.length === 0) refuse('drawIndex', 'weights', 'a list of at least one number', weights);
  return draws.drawIndex(rng, weights);
}

/**
 * The zero of a function that is positive left of it and negative right of it, on `[lower, upper]` with 0 < lower.
 *
 * Newton's steps, kept inside a bracket that shrinks with every step. A step that leaves the bracket, or is not half as long
 * as the one before, is replaced by the geometric mean of the ends. So it converges from any start, and quadratically at the
 * end. A function without a sign change gives the end that its sign points to.
 * @param f  its value at x, and its slope; a slope that is NaN is not used
 * @param start  first guess; anything, also NaN
 * @returns the zero, to about 4 units in the last place where the function is that accurate
 * @throws {OptionError} unless 0 < lower <= upper, and for a value of `f` that is no number
 * @example
 * newtonRoot((x) => ({ value: 2 - x * x, slope: -2 * x }), { start: 1, lower: 1e-3, upper: 1e3 }); // √2
 */
export function newtonRoot(
  f: (x: number) => roots.ValueAndSlope,
  bracket: { readonly start: number; readonly lower: number; readonly upper: number },
): number {
  checkCalled('newtonRoot', 'f', f);
  if (!isObject(bracket)) refuse('newtonRoot', 'the bracket', 'an object with start, lower, upper', bracket);
  const { start, lower, upper } = bracket;
  if (typeof start !== 'number') refuse('newtonRoot', 'start', 'a number', start);
  if (!(typeof lower === 'number' && lower > 0)) refuse('newtonRoot', 'lower', 'a number > 0', lower);
  if (!(typeof upper === 'number' && upper >= lower)) refuse('newtonRoot', 'upper', `a number >= ${lower}`, upper);
  return roots.newtonRoot((x) => {
    const at: Partial<roots.ValueAndSlope> | undefined = f(x);
    if (!isNumberNotNaN(at?.value) || typeof at.slope !== 'number') {
      refuse('newtonRoot', `f(${x})`, 'an object with the numbers value and slope', at);
    }
    return at as roots.ValueAndSlope; // both were looked at
  }, bracket);
}

/** A distribution with tails that are functions, and answer with numbers. */
function tailsOf<D extends { cdf(x: number): number; survival(x: number): number }>(part: string, distribution: D) {
  checkFunction(part, 'the cdf of the distribution', distribution?.cdf);
  checkFunction(part, 'the survival of the distribution', distribution.survival);
  return {
    cdf: answering(part, 'cdf', (x) => distribution.cdf(x)),
    survival: answering(part, 'survival', (x) => distribution.survival(x)),
  };
}

function checkProbabilityOf(part: string, p: number): void {
  if (!(typeof p === 'number' && p >= 0 && p <= 1)) refuse(part, 'p', 'a number in [0, 1]', p);
}

/**
 * The quantile of a distribution with a density over x > 0; 0 when it is below the smallest normal number.
 * @param start  first guess; anything, also NaN
 * @throws {OptionError} unless p is in [0, 1], and for tails that are no numbers
 */
export function positiveQuantile(
  distribution: { cdf(x: number): number; survival(x: number): number; density(x: number): number },
  p: number,
  start: number,
): number {
  const tails = tailsOf('positiveQuantile', distribution);
  checkFunction('positiveQuantile', 'the density of the distribution', distribution.density);
  checkProbabilityOf('positiveQuantile', p);
  if (typeof start !== 'number') refuse('positiveQuantile', 'start', 'a number', start);
  return quantiles.positiveQuantile({ ...tails, density: (x) => distribution.density(x) }, p, start);
}

/**
 * The smallest integer x in `[first, last]` with P(X <= x) >= p, by doubling steps from a guess and halving what lies between.
 * @param guess  where to begin: the nearer, the fewer the steps; anything, also NaN
 * @param last  the largest integer of the support. Default: none
 * @throws {OptionError} unless p is in [0, 1] and first <= last, and for tails that are no numbers
 */
export function integerQuantile(
  distribution: { cdf(x: number): number; survival(x: number): number },
  p: number,
  guess: number,
  first: number,
  last = Infinity,
): number {
  const tails = tailsOf('integerQuantile', distribution);
  checkProbabilityOf('integerQuantile', p);
  if (typeof guess !== 'number') refuse('integerQuantile', 'guess', 'a number', guess);
  if (!Number.isInteger(first)) refuse('integerQuantile', 'first', 'an integer', first);
  if (!(typeof last === 'number' && last >= first)) refuse('integerQuantile', 'last', `a number >= ${first}`, last);
  return quantiles.integerQuantile(tails, p, guess, first, last);
}

/**
 * -Σ p log p of probabilities that rise up to `mode` and fall behind it, from there outwards.
 *
 * Above an `sd` of 64 only every (sd / 8)-th integer is taken: by Poisson's summation formula the error is of the order of
 * exp(-2π² · 8²).
 * @param spread  the support, by default all integers; and the standard deviation `sd`, if the probabilities lie on a smooth curve that
 *   vanishes at both ends of the support
 * @throws {OptionError} for an argument of another kind, and for a log-density that is no number
 */
export function unimodalEntropy(
  logDensity: (x: number) => number,
  mode: number,
  spread: { readonly first?: number; readonly last?: number; readonly sd?: number },
): number {
  checkCalled('unimodalEntropy', 'logDensity', logDensity);
  if (!Number.isInteger(mode)) refuse('unimodalEntropy', 'mode', 'an integer', mode);
  if (!isObject(spread)) refuse('unimodalEntropy', 'the spread', 'an object with first, last, sd', spread);
  for (const name of ['first', 'last', 'sd'] as const) {
    const value = spread[name];
    if (value !== undefined && !isNumberNotNaN(value)) refuse('unimodalEntropy', name, 'a number', value);
  }
  return entropy.unimodalEntropy(answering('unimodalEntropy', 'logDensity', logDensity), mode, spread);
}

/**
 * Calls `use` with memory that the kernels use in place, and gives the memory back afterwards. Staged columns are remembered.
 * @throws {OptionError} unless `use` is a function
 */
export function withWorkspace<R>(use: (scratch: Scratch) => R): R {
  checkCalled('withWorkspace', 'use', use);
  return scratch.withWorkspace(use);
}

/**
 * The seed of a child: children of one seed draw independent streams.
 * @param name  of the child among the children of `seed`
 * @throws {ParameterError} unless `seed` is a finite number or a string
 * @throws {OptionError} unless `name` is a number or a string
 */
export function childSeed(seed: Seed, name: string | number): Seed {
  if (typeof name !== 'string' && !isNumberNotNaN(name)) refuse('childSeed', 'name', 'a number or a string', name);
  return draws.childSeed(seed, name);
}

/**
 * A sampler that calls `draw` for each row.
 * @throws {OptionError} unless `draw` is a function
 * @example
 * samplerOf(() => 7).sample(3); // [7, 7, 7]
 */
export function samplerOf<T>(draw: () => T): Sampler<T> {
  checkCalled('samplerOf', 'draw', draw);
  return draws.samplerOf(draw);
}
