/** The start of a hidden Markov model: the states are those of a mixture over the items, whatever their order. */
import { takeColumns, takeEntries } from '../../columns/columns.js';
import type { Accumulator, AnyEstimator, Columns, Draws } from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import { RUN } from '../../numeric/kernels/index.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { MixtureEstimator } from '../mixture.js';
import { overSameRows } from '../sharedRows.js';

/** A start looks at all items up to this many, and at so many of more, evenly spread. */
const ITEMS = 8192;
/** EM iterations for the mixture. */
const ITERATIONS = 5;

/** Some items with their states. */
export interface ItemStates {
  readonly items: Columns;
  readonly weights: Float64Array;
  /** The probability of each state for each item: `item * S + state`. */
  readonly states: Float64Array;
}

/** Finds the states of items; `undefined` when they determine none. */
export type FindStates = (items: Columns, weights: Float64Array, draws: Draws) => ItemStates | undefined;

/** States by a mixture of the emissions, from a k-means++ start and a few EM iterations. */
export function mixtureStates(emissions: readonly AnyEstimator[]): FindStates {
  return (items, weights, draws) => {
    const mixture = new MixtureEstimator(overSameRows<readonly AnyEstimator[]>(emissions));
    const rows = someRows(items.rowCount);
    const some = rows === undefined ? items : takeColumns(mixture.encoder(), items, rows);
    const someWeights = rows === undefined ? weights : takeEntries(weights, rows);
    try {
      const model = withWorkspace((scratch) => {
        const start = mixture.accumulator(some);
        start.begin(undefined, some, scratch);
        start.seqInitialize(some, 0, some.rowCount, someWeights, draws);
        let model = mixture.estimate(start.value());
        for (let iteration = 0; iteration < ITERATIONS; iteration++) {
          const accumulator: Accumulator = mixture.accumulator(some);
          accumulator.begin?.(model, some, scratch);
          for (let from = 0; from < some.rowCount; from += RUN) {
            const to = Math.min(from + RUN, some.rowCount);
            accumulator.seqUpdate(some, from, to, someWeights.subarray(from, to), model);
          }
          model = mixture.estimate(accumulator.value() as ReturnType<typeof start.value>);
        }
        return model;
      });
      const states = new Float64Array(some.rowCount * emissions.length);
      model.seqPosterior(some, 0, some.rowCount, states);
      return { items: some, weights: someWeights, states };
    } catch (error) {
      if (error instanceof EstimationError || error instanceof ParameterError) return undefined;
      throw error;
    }
  };
}

function someRows(rowCount: number): Int32Array | undefined {
  if (rowCount <= ITEMS) return undefined;
  return Int32Array.from({ length: ITEMS }, (_, i) => Math.floor((i * rowCount) / ITEMS));
}
