/** The error function and its kin, from stdlib. A file of its own: a page that needs none does not load it. */
import erfOfStdlib from '@stdlib/math-base-special-erf';
import erfcOfStdlib from '@stdlib/math-base-special-erfc';
import erfcinvOfStdlib from '@stdlib/math-base-special-erfcinv';

/** A real function of one real number. NaN gives NaN. */
type RealFunction = (x: number) => number;

/** The error function, 2/√π ∫_0^x exp(-t²) dt. */
export const erf: RealFunction = erfOfStdlib;

/** The complementary error function 1 - erf(x), with all its digits where it is small. */
export const erfc: RealFunction = erfcOfStdlib;

/** The x with erfc(x) = y, for y in [0, 2]. */
export const erfcInverse: RealFunction = erfcinvOfStdlib;

/** P(Z > z) for a standard normal Z. */
export const normalTail: RealFunction = (z) => 0.5 * erfc(z * Math.SQRT1_2);
