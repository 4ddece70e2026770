/** Draws of rankings π with probability proportional to exp(-ρ Σ_i (π_i - i)²). */
import type { Random } from '../contract.js';
import { exp } from '../numeric/elementary.js';
import { drawIndex } from '../numeric/random.js';
import { EXACT_ITEMS, rankingTable } from '../numeric/rankings.js';

/** A function that draws the ranks at places 0 … d - 1: exact up to {@link EXACT_ITEMS} items, by a Markov chain beyond. */
export function rankingSampler(d: number, rho: number, rng: Random): () => number[] {
  if (rho === 0) return () => shuffled(d, rng);
  return d <= EXACT_ITEMS ? exactDraws(d, rho, rng) : chainDraws(d, rho, rng);
}

/** @see Fisher & Yates (1938) */
function shuffled(d: number, rng: Random): number[] {
  const ranks = Array.from({ length: d }, (_, i) => i);
  for (let i = d - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    [ranks[i], ranks[j]] = [ranks[j]!, ranks[i]!];
  }
  return ranks;
}

/** From the last place to the first: the rank there by the sum over all ways to rank the others before it. */
function exactDraws(d: number, rho: number, rng: Random): () => number[] {
  const table = rankingTable(d, rho);
  const weights = new Float64Array(d);
  return () => {
    const ranks = new Array<number>(d);
    let subset = table.length - 1;
    for (let place = d - 1; place >= 0; place--) {
      for (let j = 0; j < d; j++) {
        const isLeft = (subset & (1 << j)) !== 0;
        weights[j] = isLeft ? table[subset ^ (1 << j)]! * exp(-rho * (place - j) ** 2) : 0;
      }
      const rank = drawIndex(rng, weights);
      ranks[place] = rank;
      subset ^= 1 << rank;
    }
    return ranks;
  };
}

/**
 * Metropolis steps that swap two ranks; half of them swap ranks next to each other, which are accepted when ρ is large.
 * @see Metropolis et al. (1953)
 */
function chainDraws(d: number, rho: number, rng: Random): () => number[] {
  const ranks = Array.from({ length: d }, (_, i) => i);
  const placeOf = ranks.slice();
  const step = () => {
    const a = Math.floor(rng() * d);
    const b = rng() < 0.5 ? Math.floor(rng() * d) : (a + 1) % d;
    const [placeA, placeB] = [placeOf[a]!, placeOf[b]!];
    // Σ (π_i - i)² changes by twice the product of the differences.
    const change = 2 * (a - b) * (placeA - placeB);
    if (change > 0 && rng() >= exp(-rho * change)) return;
    [ranks[placeA], ranks[placeB]] = [b, a];
    [placeOf[a], placeOf[b]] = [placeB, placeA];
  };
  for (let i = 0; i < 50 * d * d; i++) step();
  return () => {
    for (let i = 0; i < d * d; i++) step();
    return ranks.slice();
  };
}
