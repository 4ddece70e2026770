/** UMAP of the posteriors of a mixture: rows are near each other when they belong to the same components. */
import type { Seed } from '@dml/stats';
import { ParameterError } from '@dml/stats';
import { checkEstimatorOptions, checkNonNegative, childSeed, random } from '@dml/stats/families';
import { UMAP } from 'umap-js';
import { checkSteps, WATCHED } from './htsne.js';
import { type EmbeddableMixture, posteriorsOf } from './mixture.js';
import { inTurns, type Point, type Watched } from './turns.js';

/** Options of {@link humap}. */
export interface HumapOptions extends Watched<HumapIterate> {
  /** Neighbours of each row, an integer >= 1. Default 15, or all others where there are fewer. */
  readonly neighbourCount?: number;
  /** How near points may come, a number >= 0. Default 0.1. */
  readonly minDistance?: number;
  /** Steps, an integer >= 1. Default: 200 to 500, fewer for more rows. */
  readonly maxIterations?: number;
  /** Seed of all draws. Default 0: the same call gives the same embedding. */
  readonly seed?: Seed;
}

/** One step of {@link humap}. */
export interface HumapIterate {
  /** From 1 to `total`. */
  readonly iteration: number;
  readonly total: number;
  /** Where the rows are now. */
  points(): Point[];
}

/** What {@link humap} returns. */
export interface HumapResult {
  /** A point per row, in the order of the rows. */
  readonly points: readonly Point[];
  readonly iterations: number;
  /** True when the signal ended the steps. */
  readonly isAborted: boolean;
}

/**
 * Places rows in the plane by UMAP, with the Hellinger distance √(1 - Σ_k √(p_k q_k)) between their posteriors. It shows which components
 * share rows; what differs within a component is not seen.
 *
 * Equal arguments give equal bits in one engine: UMAP takes logarithms and powers of the engine's own.
 * @param model  a mixture of at least two components
 * @param rows  at least two
 * @returns when it is done; the event loop turns between steps, but not while neighbours are searched
 * @throws {ParameterError} for an option out of range, for anything but a row of the model, and for a model with one component
 * @throws {OptionError} for an unknown option
 * @example
 * const { model } = automaticMixture(rows);
 * const { points } = await humap(model, rows, { seed: 1 });
 * points[0]; // [x, y]
 * @see McInnes, Healy & Melville, UMAP: Uniform Manifold Approximation and Projection (2018)
 */
export async function humap<T>(
  model: EmbeddableMixture<T>,
  rows: readonly T[],
  options: HumapOptions = {},
): Promise<HumapResult> {
  const owner = 'humap';
  checkEstimatorOptions<HumapOptions>(owner, options, {
    ...WATCHED,
    neighbourCount: checkSteps,
    minDistance: checkNonNegative,
  });
  const { neighbourCount = 15, minDistance = 0.1, maxIterations, seed = 0, onIterate, signal } = options;
  const rng = random(childSeed(seed, 'humap'));
  signal?.throwIfAborted();
  const { rowCount, componentCount, posterior } = posteriorsOf(owner, model, rows);
  if (componentCount < 2) throw new ParameterError(owner, 'model', 'a mixture of at least 2 components', model);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: Math.min(neighbourCount, rowCount - 1),
    minDist: minDistance,
    random: rng,
    distanceFn: distanceOfRoots,
    ...(maxIterations === undefined ? {} : { nEpochs: maxIterations }),
  });
  const roots = Array.from({ length: rowCount }, (_, i) =>
    Array.from(posterior.subarray(i * componentCount, (i + 1) * componentCount), Math.sqrt),
  );
  const total = umap.initializeFit(roots);
  const points = () => umap.getEmbedding().map((point): Point => [point[0]!, point[1]!]);
  const { iterations, isAborted } = await inTurns(total, signal, (iteration) => {
    umap.step();
    onIterate?.({ iteration, total, points });
    return false;
  });
  return { points: points(), iterations, isAborted };
}

/** The Hellinger distance by the roots of the probabilities, √(½ Σ (√p - √q)²): equal posteriors are at 0 to the last bit. */
function distanceOfRoots(p: readonly number[], q: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += (p[k]! - q[k]!) ** 2;
  return Math.sqrt(sum / 2);
}
