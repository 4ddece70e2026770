/**
 * The gamma function and its derivatives, from stdlib.
 * A file of its own, and functions, not names for stdlib's: a page loads those that it calls. NaN gives NaN.
 */
import betalnOfStdlib from '@stdlib/math-base-special-betaln';
import digammaOfStdlib from '@stdlib/math-base-special-digamma';
import factoriallnOfStdlib from '@stdlib/math-base-special-factorialln';
import gammalnOfStdlib from '@stdlib/math-base-special-gammaln';
import trigammaOfStdlib from '@stdlib/math-base-special-trigamma';

/** log Γ(x) for x > 0. */
export function lgamma(x: number): number {
  return gammalnOfStdlib(x);
}

/** ψ(x) = d log Γ(x) / dx for x > 0. */
export function digamma(x: number): number {
  return digammaOfStdlib(x);
}

/** ψ'(x) for x > 0. */
export function trigamma(x: number): number {
  return trigammaOfStdlib(x);
}

/** log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b) for a, b > 0, without cancellation for large arguments. */
export function betaln(a: number, b: number): number {
  return betalnOfStdlib(a, b);
}

/** log n! for n = 0, 1, 2, … */
export function logFactorial(x: number): number {
  return factoriallnOfStdlib(x);
}
