/** Variates whose bits do not depend on the engine: they use our own exp and log. */

import type { Random } from '../contract.js';
import { exp, log, log1p } from './elementary.js';

/** Uniform variates in [min, max). */
export function uniformVariates(rng: Random, min: number, max: number): () => number {
  const width = max - min;
  if (width < Infinity) return () => rng() * width + min;
  return () => {
    const u = rng();
    return (1 - u) * min + u * max;
  };
}

/** Exponential variates of mean 1, by inversion. */
export function exponentialVariates(rng: Random): () => number {
  return () => -log1p(-rng());
}

/**
 * Standard normal variates.
 * @see Marsaglia & Bray, A convenient method for generating normal variables (1964): the polar method
 */
export function normalVariates(rng: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second;
    }
    for (;;) {
      const x = 2 * rng() - 1;
      const y = 2 * rng() - 1;
      const square = x * x + y * y;
      if (square === 0 || square > 1) continue;
      const stretch = Math.sqrt((-2 * log(square)) / square);
      spare = x * stretch;
      return y * stretch;
    }
  };
}

/**
 * Gamma variates of scale 1. Below a shape of 1, Gamma(k) = Gamma(k + 1) · U^(1/k).
 * @param normal  a stream of normals, where several share one
 * @see Marsaglia & Tsang, A simple method for generating gamma variables (2000)
 */
export function gammaVariates(rng: Random, shape: number, normal = normalVariates(rng)): () => number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  const large = (): number => {
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - rng();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v;
    }
  };
  return shape < 1 ? () => large() * exp(log(1 - rng()) / shape) : large;
}

/** Trials up to the first success, by inversion. `p` is in (0, 1]. */
export function geometricVariates(rng: Random, p: number): () => number {
  if (p === 1) return () => 1;
  const rate = log1p(-p);
  return () => 1 + Math.floor(log1p(-rng()) / rate);
}

/** A search by waiting times takes as many steps as there are successes: at most about so many. */
const FEW = 16;

/**
 * Numbers of successes. While many are expected, the place of one order statistic of the n uniforms halves the problem; then
 * waiting times are counted.
 * @see Relles, A simple algorithm for generating binomial random variables when N is large (1972)
 */
export function binomialVariates(rng: Random, n: number, p: number): () => number {
  if (!(p > 0)) return () => 0;
  if (p >= 1) return () => n;
  const normal = normalVariates(rng);
  return () => {
    let [successes, trials, chance] = [0, n, p];
    while (trials * chance > FEW && trials * (1 - chance) > FEW) {
      // The i-th smallest of the uniforms has a beta distribution.
      const i = Math.floor((trials + 1) * chance);
      const below = gammaVariates(rng, i, normal)();
      const place = below / (below + gammaVariates(rng, trials - i + 1, normal)());
      if (place <= chance) {
        successes += i;
        trials -= i;
        chance = (chance - place) / (1 - place);
      } else {
        trials = i - 1;
        chance /= place;
      }
    }
    const isRare = chance < 0.5;
    const rare = isRare ? chance : 1 - chance;
    let count = 0;
    if (rare > 0) {
      const wait = geometricVariates(rng, rare);
      for (let at = wait(); at <= trials; at += wait()) count++;
    }
    return successes + (isRare ? count : trials - count);
  };
}

/**
 * Numbers of events in a time `lambda`. While many are expected, the time of one of them halves the problem; then waiting
 * times are added.
 * @see Ahrens & Dieter, Computer methods for sampling from gamma, beta, Poisson and binomial distributions (1974)
 */
export function poissonVariates(rng: Random, lambda: number): () => number {
  const normal = normalVariates(rng);
  const wait = exponentialVariates(rng);
  return () => {
    let [events, left] = [0, lambda];
    while (left > FEW) {
      const n = Math.floor(0.875 * left);
      const time = gammaVariates(rng, n, normal)();
      if (time > left) return events + binomialVariates(rng, n - 1, left / time)();
      events += n;
      left -= time;
    }
    for (let time = wait(); time <= left; time += wait()) events++;
    return events;
  };
}

/**
 * Points of the simplex, Dirichlet distributed. In logs: Gamma(α) = Gamma(α + 1) · U^(1/α), which underflows for small α.
 * @see Devroye, Non-Uniform Random Variate Generation (1986), ch. XI.4
 */
export function dirichletVariates(rng: Random, alpha: readonly number[]): () => number[] {
  const gammas = alpha.map((a) => gammaVariates(rng, a + 1));
  return () => {
    const logs = alpha.map((a, j) => log(gammas[j]!()) + log(1 - rng()) / a);
    const largest = Math.max(...logs);
    const parts = logs.map((part) => exp(part - largest));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  };
}
