/** The gamma function and its derivatives, from stdlib. A file of its own: a page that needs none does not load it. */
import betalnOfStdlib from '@stdlib/math-base-special-betaln';
import digammaOfStdlib from '@stdlib/math-base-special-digamma';
import factoriallnOfStdlib from '@stdlib/math-base-special-factorialln';
import gammalnOfStdlib from '@stdlib/math-base-special-gammaln';
import trigammaOfStdlib from '@stdlib/math-base-special-trigamma';

/** A real function of one real number. NaN gives NaN. */
type RealFunction = (x: number) => number;

/** log Γ(x) for x > 0. */
export const lgamma: RealFunction = gammalnOfStdlib;

/** ψ(x) = d log Γ(x) / dx for x > 0. */
export const digamma: RealFunction = digammaOfStdlib;

/** ψ'(x) for x > 0. */
export const trigamma: RealFunction = trigammaOfStdlib;

/** log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b) for a, b > 0, without cancellation for large arguments. */
export const betaln: (a: number, b: number) => number = betalnOfStdlib;

/** log n! for n = 0, 1, 2, … */
export const logFactorial: RealFunction = factoriallnOfStdlib;
