/** The start of a hidden Markov model: the states are those of a mixture over the items, whatever their order. */

import { takeColumns, takeEntries } from '../../columns/columns.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, AnyDistribution, AnyEstimator, Columns, Draws } from '../../contract.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { initializeChild } from '../../tree/children.js';
import { type MixtureDistribution, MixtureEstimator } from '../mixtures/mixture.js';
import { overSameRows } from '../sharedRows.js';
import { attempt, shortRun, triesOf } from '../shortRuns.js';

/** A start looks at all items up to this many, and at so many of more, evenly spread. */
const ITEMS = 8192;
/** EM iterations for the mixture. */
const ITERATIONS = 5;
/** k-means++ starts of the mixture, each followed by some iterations, on fewer items; the best one goes on with all. */
const TRIES = 4;
const TRY_ITEMS = 1024;

/** Some items with their states. */
export interface ItemStates {
  readonly items: Columns;
  readonly weights: Float64Array;
  /** The probability of each state for each item: `item * S + state`. */
  readonly states: Float64Array;
}

/** Finds the states of items; `undefined` when they determine none. */
export type FindStates = (items: Columns, weights: Float64Array, draws: Draws) => ItemStates | undefined;

/** Finds the statistic of all lists at a start; `undefined` where the states of items are the better way. */
export type FindStatistic<S> = (columns: SequenceColumns, weights: Float64Array, draws: Draws) => S | undefined;

/** States by a mixture of the emissions: the best of a few k-means++ starts and short runs of EM. */
export function mixtureStates(emissions: readonly AnyEstimator[]): FindStates {
  return (items, weights, draws) => {
    const found = itemMixture(emissions, items, weights, draws);
    if (found === undefined) return undefined;
    const { model, some } = found;
    const states = new Float64Array(some.items.rowCount * emissions.length);
    model.seqPosterior(some.items, 0, some.items.rowCount, states);
    return { ...some, states };
  };
}

/** The mixture that {@link mixtureStates} takes its states from, and the items that it was fitted to. */
export function itemMixture(
  emissions: readonly AnyEstimator[],
  items: Columns,
  weights: Float64Array,
  draws: Draws,
): { readonly model: MixtureDistribution<readonly AnyDistribution[]>; readonly some: WeightedItems } | undefined {
  const mixture = new MixtureEstimator(overSameRows<readonly AnyEstimator[]>(emissions));
  const some = someItems(mixture, items, weights, ITEMS);
  const few = someItems(mixture, some.items, some.weights, TRY_ITEMS);
  let best: ReturnType<typeof tryRun> | undefined;
  // Where items have no distance, the mixture itself starts from the best of several short runs.
  const hasDistance = mixture.encoder().squaredDistances?.(few.items) !== undefined;
  const tries = hasDistance ? triesOf(TRIES, mixture, few.items, few.weights) : 1;
  for (let run = 0; run < tries; run++) {
    const found = attempt(() => tryRun(mixture, few, draws.child(`run ${run}`)));
    if (found !== undefined && !(found.logLikelihood <= (best?.logLikelihood ?? -Infinity))) best = found;
  }
  if (best === undefined) return undefined;
  const { model: start } = best;
  return attempt(() => ({ model: shortRun(mixture, some.items, some.weights, start, ITERATIONS).model, some }));
}

interface WeightedItems {
  readonly items: Columns;
  readonly weights: Float64Array;
}

/** A k-means++ start and a short run. */
function tryRun(mixture: MixtureEstimator<readonly AnyEstimator[]>, { items, weights }: WeightedItems, draws: Draws) {
  const start = withWorkspace((scratch) => {
    const accumulator = mixture.accumulator(items);
    accumulator.begin(undefined, items, scratch);
    accumulator.seqInitialize(items, 0, items.rowCount, weights, draws);
    return mixture.estimate(accumulator.value());
  });
  return shortRun(mixture, items, weights, start, ITERATIONS);
}

/** At most `most` items, evenly spread. */
function someItems(
  mixture: MixtureEstimator<readonly AnyEstimator[]>,
  items: Columns,
  weights: Float64Array,
  most: number,
): WeightedItems {
  const { rowCount } = items;
  if (rowCount <= most) return { items, weights };
  const rows = Int32Array.from({ length: most }, (_, i) => Math.floor((i * rowCount) / most));
  return { items: takeColumns(mixture.encoder(), items, rows), weights: takeEntries(weights, rows) };
}

/**
 * The start of the emissions of all lists `[start, end)`: the states of their items come from a mixture of the emissions, or are
 * drawn evenly.
 */
export function initializeEmissions(
  emissions: readonly Accumulator[],
  items: Columns,
  offsets: Int32Array,
  start: number,
  end: number,
  weights: Float64Array,
  draws: Draws,
  findStates: FindStates,
): void {
  const stateCount = emissions.length;
  const first = offsets[start]!;
  const count = offsets[end]! - first;
  const itemWeights = new Float64Array(count);
  for (let row = start; row < end; row++) {
    itemWeights.fill(weights[row - start]!, offsets[row]! - first, offsets[row + 1]! - first);
  }
  const isWhole = first === 0 && count === items.rowCount;
  const found =
    draws.method === 'kmeans++' && isWhole && stateCount > 1 && count > 0
      ? findStates(items, itemWeights, draws)
      : undefined;
  const from = found === undefined ? first : 0;
  const given = found ?? { items, weights: itemWeights, states: drawnStates(stateCount, offsets, start, end, draws) };
  emissions.forEach((child, s) => {
    const labels = given.weights.map((weight, item) => weight * given.states[item * stateCount + s]!);
    initializeChild(child, given.items, from, from + labels.length, labels, draws.component(s));
  });
}

/** One state for each item, all being equally likely. */
function drawnStates(stateCount: number, offsets: Int32Array, start: number, end: number, draws: Draws): Float64Array {
  const first = offsets[start]!;
  const states = new Float64Array((offsets[end]! - first) * stateCount);
  for (let row = start; row < end; row++) {
    const rng = draws.row(row);
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      states[(at - first) * stateCount + Math.floor(rng() * stateCount)] = 1;
    }
  }
  return states;
}
