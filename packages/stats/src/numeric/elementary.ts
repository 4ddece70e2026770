/**
 * exp, log and their kin, with the same bits in every engine: engines may choose the last bit of their own, and do. The values
 * are those of the kernels, so a score of one row has the bits of a score of a column.
 */
import { kernels } from './kernels/index.js';
import { EXP_UNDERFLOW, expOf } from './kernels/twin/exp.js';
import { logOf } from './kernels/twin/log.js';

/** e^x within 1.02 ulp; within 4 ulp below -690, where the kernels give 0. */
export function exp(x: number): number {
  if (!(x < EXP_UNDERFLOW)) return expOf(x);
  const root = expOf(x / 2);
  return root * root;
}

/** ln x within 1 ulp; ln 0 = -Infinity, NaN below 0. */
export const log: (x: number) => number = logOf;

/** The logarithm of each entry, with the bits of {@link log}. */
export function logarithms(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  kernels(x.length).log(x, x.length, out);
  return out;
}

/**
 * ln(1 + x) within 2 ulp.
 *
 * u = 1 + x is rounded; ln(1 + x) = ln u - (u - 1 - x)/u to first order, and u - 1 is exact.
 */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (!(u > 0 && u < Infinity)) return logOf(u);
  return logOf(u) - (u - 1 - x) / u;
}

/**
 * e^x - 1 within 4 ulp.
 * @see Kahan, quoted by Higham, Accuracy and Stability of Numerical Algorithms (2002), section 1.14.1: the errors of
 *   u = e^x in u - 1 and in ln u cancel in their quotient
 */
export function expm1(x: number): number {
  const u = expOf(x);
  if (Math.abs(x) > 1) return u - 1;
  if (u === 1) return x;
  return (u - 1) * (x / logOf(u));
}
