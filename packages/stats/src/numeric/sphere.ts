/**
 * What the von Mises-Fisher distribution on the unit sphere of d dimensions needs of its concentration κ: the constant of the
 * density, and the length A(κ) of the mean vector.
 * Source: Mardia & Jupp, Directional Statistics (2000), ch. 9 and 10.
 */

import { besselIRatio, logReducedBesselI, type Share } from './besselI.js';
import { log } from './elementary.js';
import { newtonRoot } from './newtonRoot.js';
import { lgamma } from './special.js';

/** The log-density at the mode: that of x is lower by κ (1 - μ·x). */
export function logPeak(dimension: number, kappa: number): number {
  // log of the sphere's area is log 2 + (d/2) log π - log Γ(d/2).
  const logArea = Math.LN2 + (dimension / 2) * log(Math.PI) - lgamma(dimension / 2);
  return -logArea - logReducedBesselI(dimension / 2 - 1, kappa);
}

/** A(κ) = I_(d/2)(κ) / I_(d/2-1)(κ), the length of the mean of unit vectors. */
export function meanLength(dimension: number, kappa: number): Share {
  return besselIRatio(dimension / 2 - 1, kappa);
}

/** A'(κ) = 1 - A² - (d - 1) A/κ, the variance along the mean direction; 1/d at κ = 0. */
export function meanLengthSlope(dimension: number, kappa: number, { value, rest }: Share): number {
  return kappa === 0 ? 1 / dimension : rest * (1 + value) - ((dimension - 1) * value) / kappa;
}

/**
 * The κ in [0, most] with A(κ) = r; `most` where that lies above. Newton's method inside a bracket, from Banerjee's approximation;
 * in logarithms of A for small r and of 1 - A for large r, where these are nearly linear.
 * @see Banerjee, Dhillon, Ghosh & Sra, Clustering on the unit hypersphere using von Mises-Fisher distributions (2005), eq. 4.4
 */
export function solveKappa(dimension: number, { value: r, rest }: Share, most: number): number {
  if (!(r > 0)) return 0;
  if (meanLength(dimension, most).rest >= rest) return most;
  const start = (r * (dimension - r * r)) / (rest * (1 + r));
  return newtonRoot(
    (kappa) => {
      const length = meanLength(dimension, kappa);
      const slope = meanLengthSlope(dimension, kappa, length);
      return r < 0.5
        ? { value: log(r / length.value), slope: -slope / length.value }
        : { value: log(length.rest / rest), slope: -slope / length.rest };
    },
    { start: Math.min(start, most), lower: Number.MIN_VALUE, upper: most },
  );
}
