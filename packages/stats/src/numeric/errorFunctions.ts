/**
 * The error function and its kin, from stdlib.
 * A file of its own, and functions, not names for stdlib's: a page loads those that it calls. NaN gives NaN.
 */
import erfOfStdlib from '@stdlib/math-base-special-erf';
import erfcOfStdlib from '@stdlib/math-base-special-erfc';
import erfcinvOfStdlib from '@stdlib/math-base-special-erfcinv';

/** The error function, 2/√π ∫_0^x exp(-t²) dt. */
export function erf(x: number): number {
  return erfOfStdlib(x);
}

/** The complementary error function 1 - erf(x), with all its digits where it is small. */
export function erfc(x: number): number {
  return erfcOfStdlib(x);
}

/** The x with erfc(x) = y, for y in [0, 2]. */
export function erfcInverse(x: number): number {
  return erfcinvOfStdlib(x);
}

/** P(Z > z) for a standard normal Z. */
export function normalTail(z: number): number {
  return 0.5 * erfc(z * Math.SQRT1_2);
}
