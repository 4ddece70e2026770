/**
 * The error function and its kin. NaN gives NaN.
 * Source: Cody, Rational Chebyshev approximations for the error function (1969): near 0, up to 4, and beyond.
 */
import { exp, log } from './elementary.js';

/** Coefficients of a numerator and a denominator, the highest power first. */
type Rational = readonly [readonly number[], readonly number[]];

/** erf(x) / x in x², up to {@link NEAR}. */
const OF_SQUARE: Rational = [
  [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
];
const NEAR = 0.46875;

/** e^(x²) erfc(x) in x, from there up to {@link FAR}. */
const SCALED: Rational = [
  [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
];
const FAR = 4;

/** (1/√π - x e^(x²) erfc(x)) x² in 1/x², beyond. */
const OF_INVERSE_SQUARE: Rational = [
  [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
];

const ROOT_PI = Math.sqrt(Math.PI);

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

function ratio([top, bottom]: Rational, x: number): number {
  return polynomial(top, x) / polynomial(bottom, x);
}

/** e^(-x²) for x >= 0: the square of a number of few bits is exact, and what it leaves out is small. */
function bell(x: number): number {
  const rounded = Math.trunc(16 * x) / 16;
  return exp(-rounded * rounded) * exp(-(x - rounded) * (x + rounded));
}

/** e^(x²) erfc(x) for x > {@link NEAR}. */
function scaledTail(x: number): number {
  if (x <= FAR) return ratio(SCALED, x);
  const inverse = 1 / (x * x);
  return (1 / ROOT_PI - inverse * ratio(OF_INVERSE_SQUARE, inverse)) / x;
}

/** erfc(x) for x > {@link NEAR}. */
function tail(x: number): number {
  return x > 28 ? 0 : bell(x) * scaledTail(x);
}

/** The error function, 2/√π ∫_0^x exp(-t²) dt, within 2 ulp. */
export function erf(x: number): number {
  const size = Math.abs(x);
  return size > NEAR ? Math.sign(x) * (1 - tail(size)) : x * ratio(OF_SQUARE, x * x);
}

/** The complementary error function 1 - erf(x), with all its digits where it is small. */
export function erfc(x: number): number {
  if (x > NEAR) return tail(x);
  return x < -NEAR ? 2 - tail(-x) : 1 - erf(x);
}

/**
 * The x with erfc(x) = y, for y in [0, 2], within 2 ulp.
 *
 * Three steps of Newton's method from a start within 0.0004: on log erfc(x) = log y, which is nearly a parabola, or near y = 1 on
 * erf(x) = 1 - y, which has the digits of a small x.
 * @see Abramowitz & Stegun (1964), 26.2.23
 */
export function erfcInverse(y: number): number {
  if (y > 1) return -erfcInverse(2 - y);
  if (!(y > 0)) return y === 0 ? Infinity : NaN;
  const logY = log(y);
  const t = Math.sqrt(2 * (Math.LN2 - logY));
  const correction = polynomial([0.010328, 0.802853, 2.515517], t) / polynomial([0.001308, 0.189269, 1.432788, 1], t);
  let x = (t - correction) * Math.SQRT1_2;
  for (let step = 0; step < 3; step++) {
    const scaled = scaledTail(x);
    const change = y > 0.5 ? (1 - y - erf(x)) / bell(x) : (log(scaled) - x * x - logY) * scaled;
    x += change * 0.5 * ROOT_PI;
  }
  return x;
}

/** P(Z > z) for a standard normal Z. */
export function normalTail(z: number): number {
  return 0.5 * erfc(z * Math.SQRT1_2);
}
