/**
 * The affinities of each row to its nearest neighbours, sharpened or softened until it has as many effective neighbours as the
 * user wants: its perplexity, e to the entropy.
 * Source: van der Maaten & Hinton, Visualizing Data using t-SNE (2008), section 2; van der Maaten, Accelerating t-SNE using
 * tree-based algorithms (2014), section 4.1: three times the perplexity is enough neighbours.
 */
import { exp, log } from '@dml/stats/families';
import { affinitiesOfRow, type MixtureAffinities } from './affinities.js';
import { LargestOf } from './largest.js';
import type { PairList } from './pairs.js';

/** p(i | j) at the given perplexity; of row j, entry j is left out. */
export function neighbourAffinities(affinities: MixtureAffinities, perplexity: number): PairList {
  const { rowCount } = affinities;
  const most = Math.min(rowCount - 1, Math.ceil(3 * perplexity));
  const start = new Uint32Array(rowCount + 1);
  const column = new Uint32Array(rowCount * most);
  const value = new Float64Array(rowCount * most);
  const ofRow = new Float64Array(rowCount);
  const nearest = new LargestOf(most);
  let at = 0;
  for (let j = 0; j < rowCount; j++) {
    affinitiesOfRow(affinities, j, ofRow);
    nearest.clear();
    for (let i = 0; i < rowCount; i++) if (ofRow[i]! > 0) nearest.offer(ofRow[i]!, i);
    const rows = nearest.indices().sort();
    const begin = at;
    for (const i of rows) {
      column[at] = i;
      value[at++] = -log(ofRow[i]!);
    }
    scaleToPerplexity(value.subarray(begin, at), perplexity);
    start[j + 1] = at;
  }
  return { rowCount, start, column: column.subarray(0, at), value: value.subarray(0, at) };
}

/** Doublings of the inverse scale before what is nearest is taken alone, and bisections: enough for all 53 bits. */
const DOUBLINGS = 100;
const BISECTIONS = 64;

/**
 * Replaces distances d by exp(-d / s) / Σ exp(-d / s), with s such that the entropy is log(perplexity). Fewer distances than the
 * perplexity share the row equally; so do more equal ones, if they are the smallest.
 */
function scaleToPerplexity(distances: Float64Array, perplexity: number): void {
  const nearest = distances.reduce((least, d) => Math.min(least, d), Infinity);
  const wanted = log(perplexity);
  // The entropy falls as the inverse scale grows.
  let low = 0;
  let high = 1;
  for (let i = 0; i < DOUBLINGS && entropyAt(distances, nearest, high) > wanted; i++) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (entropyAt(distances, nearest, middle) > wanted) low = middle;
    else high = middle;
  }
  let sum = 0;
  for (let i = 0; i < distances.length; i++) {
    distances[i] = exp((nearest - distances[i]!) * high);
    sum += distances[i]!;
  }
  for (let i = 0; i < distances.length; i++) distances[i]! /= sum;
}

/** The entropy of exp(-inverse · d), normalised: log Σ e + inverse · Σ d e / Σ e, with distances counted from the nearest. */
function entropyAt(distances: Float64Array, nearest: number, inverse: number): number {
  let sum = 0;
  let moment = 0;
  for (const distance of distances) {
    const beyond = distance - nearest;
    const weight = exp(-beyond * inverse);
    sum += weight;
    moment += weight * beyond;
  }
  return log(sum) + (inverse * moment) / sum;
}
