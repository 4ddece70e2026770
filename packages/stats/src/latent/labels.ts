/**
 * Hidden labels for a start: for every row, how much of it each of K components gets.
 */

import type { Columns, Draws, Encoder } from '../contract.js';
import { ParameterError } from '../errors.js';
import { exp, log } from '../numeric/elementary.js';
import { drawIndex } from '../numeric/random.js';
import { gammaVariates } from '../numeric/variates.js';

/** Share of a row that a k-means++ start spreads over all components, so that none starts with impossible values. */
const SPREAD = 0.1;

/** How far a row is shared evenly that no component but the moved one would take. */
const TINY = 1e-12;

/** A model that finds the posterior probabilities of its components. */
export interface PosteriorModel {
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array): void;
}

/** Rows of a start, with their weights and labels. */
export interface LabelledRows {
  readonly columns: Columns;
  readonly weights: Float64Array;
  /** Component-major: row i of component k at `k * rowCount + i`. */
  readonly labels: Float64Array;
}

/** Finds some rows and their labels where rows have no distance; `undefined` where it finds none. */
export type FindLabels = (columns: Columns, weights: Float64Array, draws: Draws) => LabelledRows | undefined;

/** Posteriors, row-major, as labels: component-major, and with a little of each row for every component. */
export function labelsOf(posteriors: Float64Array, componentCount: number): Float64Array {
  const count = posteriors.length / componentCount;
  const spread = SPREAD / componentCount;
  return posteriors.map((_, at) => {
    const [k, i] = [Math.floor(at / count), at % count];
    return spread + (1 - SPREAD) * posteriors[i * componentCount + k]!;
  });
}

/**
 * Labels for rows `[start, end)`, component-major: row i of component k at `k * (end - start) + i`. Rows are shared out by
 * k-means++ where the encoder knows a distance and the whole column is asked for, else at random. Labels sum to 1.
 */
export function startLabels(
  encoder: Encoder<unknown>,
  columns: Columns,
  start: number,
  end: number,
  weights: Float64Array,
  componentCount: number,
  draws: Draws,
): Float64Array {
  const { labels: given } = draws;
  if (given !== undefined) {
    const givenCount = given.length / (end - start);
    if (givenCount === componentCount) return given.slice();
    throw new ParameterError(
      'responsibilities',
      '[0]',
      `a list of ${componentCount} numbers, one per component`,
      givenCount,
    );
  }
  if (draws.method === 'kmeans++' && start === 0 && end === columns.rowCount && componentCount > 1) {
    const labels = nearestSeedLabels(encoder, columns, weights, componentCount, draws);
    if (labels !== undefined) return labels;
  }
  return randomLabels(start, end, componentCount, draws);
}

/** Draws from the symmetric Dirichlet distribution with parameter 1/K²: nearly all of a row goes to one component. */
export function randomLabels(start: number, end: number, componentCount: number, draws: Draws): Float64Array {
  const count = end - start;
  const shape = 1 / (componentCount * componentCount);
  const labels = new Float64Array(componentCount * count);
  const logs = new Float64Array(componentCount);
  for (let i = 0; i < count; i++) {
    const rng = draws.row(start + i);
    const gamma = gammaVariates(rng, shape + 1);
    // In logs: a gamma variate of shape 1/K² underflows for large K.
    for (let k = 0; k < componentCount; k++) logs[k] = log(gamma()) + log(1 - rng()) / shape;
    const max = logs.reduce((a, b) => Math.max(a, b));
    let total = 0;
    for (let k = 0; k < componentCount; k++) total += exp(logs[k]! - max);
    for (let k = 0; k < componentCount; k++) labels[k * count + i] = exp(logs[k]! - max) / total;
  }
  return labels;
}

/**
 * The labels of rows under `draws.near`, with one component moved: its rows go to the others, and it takes a part of those of
 * another one, as k-means++ divides them. This leaves a local maximum in which two components share a cluster while another
 * component holds two.
 *
 * Both components are drawn. The one that moves is the likelier the less log-likelihood its removal would cost,
 * -Σ w log(1 - r); the one that is divided is drawn by its weight.
 * @param rowCounts  as for `nearestSeedLabels`
 * @returns `undefined` when there is no such model, or the rows have no distance
 * @see Ueda, Nakano, Ghahramani & Hinton (2000), SMEM algorithm for mixture models; Zhao, Hautamäki, Kärkkäinen & Fränti (2012), Random
 *   swap EM algorithm for Gaussian mixture models
 */
export function movedLabels(
  encoder: Pick<Encoder<unknown>, 'squaredDistances'>,
  columns: Columns,
  weights: Float64Array,
  componentCount: number,
  draws: Draws,
  rowCounts?: Float64Array,
): Float64Array | undefined {
  const near = draws.near as Partial<PosteriorModel> | undefined;
  if (near?.seqPosterior === undefined) return undefined;
  const { rowCount } = columns;
  const posteriors = new Float64Array(rowCount * componentCount);
  near.seqPosterior(columns, 0, rowCount, posteriors);
  const counts = new Float64Array(componentCount);
  const losses = new Float64Array(componentCount);
  posteriors.forEach((share, at) => {
    const weight = weights[Math.floor(at / componentCount)]!;
    counts[at % componentCount]! += weight * share;
    losses[at % componentCount]! -= weight * log(1 - share + TINY);
  });
  const rng = draws.row(-1);
  const moved = drawIndex(
    rng,
    losses.map((loss) => 1 / (1 + loss)),
  );
  counts[moved] = 0;
  const divided = drawIndex(rng, counts);
  const shares = weights.map((weight, i) => {
    const row = posteriors.subarray(i * componentCount, (i + 1) * componentCount);
    const left = 1 - row[moved]! + componentCount * TINY;
    for (let k = 0; k < componentCount; k++) row[k] = (row[k]! + TINY) / left;
    return weight * row[divided]!;
  });
  const halves = nearestSeedLabels(encoder, columns, shares, 2, draws.child('halves'), undefined, rowCounts);
  if (halves === undefined) return undefined;
  for (let i = 0; i < rowCount; i++) {
    const at = i * componentCount;
    posteriors[at + moved] = posteriors[at + divided]! * halves[i]!;
    posteriors[at + divided]! *= halves[rowCount + i]!;
  }
  return labelsOf(posteriors, componentCount);
}

/** Rows that are known to belong to a component, by component. */
export type KnownRows = ReadonlyMap<number, readonly number[]>;

/**
 * Greedy k-means++: each seed is the best of a few rows drawn with probability proportional to weight times squared
 * distance to the nearest seed so far. Each row then goes to its nearest seed. A component with known rows has these as its
 * seeds, and draws none.
 * @param rowCounts  how many rows each stands for, where equal rows were put together: distances are scaled by all rows
 * @returns `undefined` when the rows have no distance
 * @see Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding, section 2 and 5 (greedy variant);
 *   Basu, Banerjee & Mooney (2002), Semi-supervised clustering by seeding
 */
export function nearestSeedLabels(
  encoder: Pick<Encoder<unknown>, 'squaredDistances'>,
  columns: Columns,
  rowWeights: Float64Array,
  componentCount: number,
  draws: Draws,
  known: KnownRows = new Map(),
  rowCounts?: Float64Array,
): Float64Array | undefined {
  const addDistances = encoder.squaredDistances?.(columns, rowCounts);
  if (addDistances === undefined) return undefined;
  const count = columns.rowCount;
  const weights = rowWeights.subarray(0, count);
  const rng = draws.row(-1);
  const candidateCount = 2 + Math.floor(log(componentCount));
  const nearest = new Float64Array(count).fill(Infinity);
  const owner = new Int32Array(count);
  let best = new Float64Array(count);
  let tried = new Float64Array(count);
  const masses = new Float64Array(count);
  const claim = (k: number, distances: Float64Array) => {
    for (let i = 0; i < count; i++) {
      const distance = distances[i]!;
      if (distance >= nearest[i]!) continue;
      nearest[i] = distance;
      owner[i] = k;
    }
  };
  for (const [k, rows] of known) {
    for (const row of rows) {
      addDistances(row, tried.fill(0));
      claim(k, tried);
    }
  }
  let isFirst = known.size === 0;
  for (let k = 0; k < componentCount; k++) {
    if (known.has(k)) continue;
    if (!isFirst) for (let i = 0; i < count; i++) masses[i] = weights[i]! * nearest[i]!;
    const mass = isFirst ? weights : masses;
    let bestPotential = Infinity;
    for (let trial = 0; trial < (isFirst ? 1 : candidateCount); trial++) {
      addDistances(drawIndex(rng, mass), tried.fill(0));
      let potential = 0;
      for (let i = 0; i < count; i++) potential += weights[i]! * Math.min(nearest[i]!, tried[i]!);
      if (trial > 0 && !(potential < bestPotential)) continue;
      bestPotential = potential;
      [best, tried] = [tried, best];
    }
    claim(k, best);
    isFirst = false;
  }
  const labels = new Float64Array(componentCount * count).fill(SPREAD / componentCount);
  for (let i = 0; i < count; i++) labels[owner[i]! * count + i]! += 1 - SPREAD;
  return labels;
}
