/** t-SNE through a mixture: rows are near each other when the components that one belongs to are likely to make the other. */
import type { Seed } from '@dml/stats';
import { ParameterError } from '@dml/stats';
import {
  type Check,
  checkEstimatorOptions,
  checkInteger,
  checkPositive,
  childSeed,
  normalQuantile,
  random,
} from '@dml/stats/families';
import { type MixtureAffinities, mixtureAffinities } from './affinities.js';
import { chargesOf, noCharges } from './attraction.js';
import { type Affinities, Descent } from './descent.js';
import { type EmbeddableMixture, tablesOf } from './mixture.js';
import { neighbourAffinities } from './neighbours.js';
import { symmetrise } from './pairs.js';
import { inTurns, type Point, pointsOf, type Watched } from './turns.js';

/** Options of {@link htsne}. */
export interface HtsneOptions extends Watched<HtsneIterate> {
  /**
   * Effective number of neighbours of each row, a number >= 1 and below the number of rows. Default: the affinities are the mixture's own,
   * which have no such number.
   */
  readonly perplexity?: number;
  /**
   * The most steps, an integer >= 1. Default 1000; 100 more go before them, in which all rows are pulled together four times as much. The
   * descent ends earlier when 150 steps have not lowered the divergence by 0.1 %.
   */
  readonly maxIterations?: number;
  /** Length of the first steps, a number > 0. Default 500. */
  readonly learningRate?: number;
  /** Seed of the start. Default 0: the same call gives the same embedding. */
  readonly seed?: Seed;
}

/** One step of {@link htsne}. */
export interface HtsneIterate {
  /** From 1 to `total`. */
  readonly iteration: number;
  readonly total: number;
  /** KL(P‖Q) in nats after every 50th step, else that of the step before; NaN until there is one. */
  readonly divergence: number;
  /** Where the rows are now. */
  points(): Point[];
}

/** What {@link htsne} returns. */
export interface HtsneResult {
  /** A point per row, in the order of the rows. Their centre is at 0. */
  readonly points: readonly Point[];
  /** KL(P‖Q) at these points, in nats: by how much nearness in the plane is not that of the mixture. */
  readonly divergence: number;
  readonly iterations: number;
  /** True when further steps would not have lowered the divergence. */
  readonly isConverged: boolean;
  /** True when the signal ended the descent. */
  readonly isAborted: boolean;
}

const checkAtLeastOne: Check = (owner, name, value) => checkPositive(owner, name, value, 1);
const checkFunction: Check = (owner, name, value) => {
  if (typeof value !== 'function') throw new ParameterError(owner, name, 'a function', value);
};
export const checkSteps: Check = (owner, name, value) => {
  checkInteger(owner, name, value);
  if ((value as number) < 1) throw new ParameterError(owner, name, 'an integer >= 1', value);
};

/** The checks of what every embedding can be told. `random` checks the seed. */
export const WATCHED = { onIterate: checkFunction, signal: true, seed: true, maxIterations: checkSteps } as const;

const EARLY = { steps: 100, exaggeration: 4, momentum: 0.5 };
const LATE = { exaggeration: 1, momentum: 0.8 };
const SPREAD_OF_START = 1e-4;
/** Squares of the tree this small against their distance count as one point: forces are then right within about 1 %. */
const THETA = 0.5;
const STEPS_PER_DIVERGENCE = 50;
/** The descent ends when this many values in a row of the divergence are not lower than the lowest by this share of it. */
const STALLS = 3;
const MIN_GAIN = 1e-3;

/**
 * Places rows in the plane so that those are near each other which the mixture finds alike, whatever the rows are: numbers, levels,
 * texts, lists. The affinity of row j to row i is Σ_k P(k | x_j) f_k(x_i), normalised over i.
 *
 * Forces are sums over squares of many rows, so a step takes time n log n; so does the memory. Equal arguments give equal bits.
 * @param model  a mixture, fitted to these rows or to others like them
 * @param rows  at least two
 * @returns when it is done; the event loop turns meanwhile
 * @throws {ParameterError} for an option out of range, for anything but a row of the model, and for a row at which the density of a
 *   component has no bound
 * @throws {OptionError} for an unknown option
 * @example
 * const { model } = automaticMixture(rows);
 * const { points } = await htsne(model, rows, { seed: 1 });
 * points[0]; // [x, y]
 * @see van der Maaten & Hinton, Visualizing Data using t-SNE (2008)
 */
export async function htsne<T>(
  model: EmbeddableMixture<T>,
  rows: readonly T[],
  options: HtsneOptions = {},
): Promise<HtsneResult> {
  const owner = 'htsne';
  checkEstimatorOptions<HtsneOptions>(owner, options, {
    ...WATCHED,
    perplexity: checkAtLeastOne,
    learningRate: checkPositive,
  });
  const { perplexity, maxIterations = 1000, learningRate = 500, seed = 0, onIterate, signal } = options;
  const start = startPositions(Array.isArray(rows) ? rows.length : 0, seed);
  signal?.throwIfAborted();
  const tables = tablesOf(owner, model, rows);
  if (perplexity !== undefined && perplexity >= rows.length) {
    throw new ParameterError(owner, 'perplexity', `a number below ${rows.length}, that of the rows`, perplexity);
  }
  const descent = new Descent(affinitiesOf(mixtureAffinities(tables), perplexity), start);
  const total = EARLY.steps + maxIterations;
  let divergence = Number.NaN;
  let lowest = Infinity;
  let stalls = 0;
  const { iterations, isAborted } = await inTurns(total, signal, (iteration) => {
    const isEarly = iteration <= EARLY.steps;
    const { exaggeration, momentum } = isEarly ? EARLY : LATE;
    descent.step({ momentum, exaggeration, eta: learningRate, theta: THETA });
    if (iteration % STEPS_PER_DIVERGENCE === 0) {
      divergence = descent.divergence(THETA);
      stalls = isEarly || divergence < lowest * (1 - MIN_GAIN) ? 0 : stalls + 1;
      if (!isEarly) lowest = Math.min(lowest, divergence);
    }
    onIterate?.({ iteration, total, divergence, points: () => pointsOf(descent.positions) });
    return stalls === STALLS;
  });
  return {
    points: pointsOf(descent.positions),
    divergence: descent.divergence(THETA),
    iterations,
    isConverged: stalls === STALLS,
    isAborted,
  };
}

function affinitiesOf(affinities: MixtureAffinities, perplexity: number | undefined): Affinities {
  if (perplexity === undefined) return { charges: chargesOf(affinities) };
  return {
    charges: noCharges(affinities.rowCount),
    pairs: symmetrise(neighbourAffinities(affinities, perplexity)),
  };
}

/** Normal draws about 0, by inversion. */
function startPositions(rowCount: number, seed: Seed): Float64Array {
  const rng = random(childSeed(seed, 'htsne'));
  // The generator may draw 0, whose quantile is -Infinity; 1 - 0 has none either.
  const uniform = () => Math.max(rng(), Number.EPSILON);
  return Float64Array.from({ length: 2 * rowCount }, () => SPREAD_OF_START * normalQuantile(uniform()));
}
