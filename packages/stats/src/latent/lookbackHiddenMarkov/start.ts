/**
 * The start of a lookback hidden Markov model: short runs of EM from several guesses, of which the best goes on.
 *
 * A single window may say nothing of its state, as each item is compared with those before it only: one letter after another
 * fits any mixture of conditionals of the same average, and EM would stay where all states are alike. But states last for a
 * while. So guesses come from mixtures over stretches of some steps, each taken as of one state.
 * Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, for the short runs.
 */

import { NullAccumulator, NullEncoder } from '../../combinators/null.js';
import { SequenceEstimator } from '../../combinators/sequence.js';
import { type SequenceColumns, SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type { Accumulator, Draws } from '../../contract.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { unitWeights } from '../../tree/children.js';
import {
  HiddenMarkovAccumulator,
  type HiddenMarkovModel,
  type HiddenMarkovStatistic,
} from '../hiddenMarkov/forwardBackward.js';
import { HiddenMarkovEstimator } from '../hiddenMarkov/model.js';
import { type FindStates, type ItemStates, mixtureStates } from '../hiddenMarkov/start.js';
import { ItemEstimators } from '../itemEstimators.js';
import { MixtureEstimator } from '../mixtures/mixture.js';
import { isRouted } from '../routedColumns.js';
import { overSameRows } from '../sharedRows.js';
import { attempt, shortRun, triesOf } from '../shortRuns.js';
import type { StateTableOptions } from '../stateTables.js';
import type { StepEstimator } from './stepFamily.js';

/** Lists are cut into pieces of at most so many steps; pieces of about this many steps in all, evenly spread, are looked at. */
const PIECE = 256;
const STEPS = 8192;
/** Steps of a stretch; 1 is a mixture over single steps. */
const STRETCHES: readonly number[] = [1, 4, 16];
const TRIES = 2;
const MIXTURE_ITERATIONS = 5;
const CHAIN_ITERATIONS = 12;

/** The hidden Markov model over steps as short runs need it: without a model of the length. */
class StepChain {
  readonly #estimator: HiddenMarkovEstimator<readonly StepEstimator[]>;
  readonly #items: ItemEstimators;

  constructor(
    readonly emissions: readonly StepEstimator[],
    tables: StateTableOptions,
  ) {
    this.#estimator = new HiddenMarkovEstimator(overSameRows<readonly StepEstimator[]>(emissions), tables);
    this.#items = new ItemEstimators('LookbackHiddenMarkov', emissions, undefined);
  }

  encoder(): SequenceEncoder<unknown> {
    return this.#estimator.encoder();
  }

  /** @param findStates  the states of a start. Default: not for a start */
  accumulator(schema: SequenceColumns, findStates: FindStates = () => undefined): HiddenMarkovAccumulator {
    const stateCount = this.emissions.length;
    const { own, items, length } = this.#items.accumulators(stateCount * (stateCount + 1), schema, undefined);
    return new HiddenMarkovAccumulator(items, length, own, {}, findStates);
  }

  estimate(statistic: HiddenMarkovStatistic): HiddenMarkovModel {
    return this.#estimator.estimate(statistic);
  }
}

/**
 * Finds the states of the steps of these lists.
 * @param emissions  of steps
 */
export function chainStates(
  emissions: readonly StepEstimator[],
  tables: StateTableOptions,
  columns: SequenceColumns,
): FindStates {
  return (items, weights, draws) => {
    const chain = new StepChain(emissions, tables);
    const all = cut(columns.offsets, PIECE);
    const rowsOfPieces = evenly(all, STEPS);
    const lists = new SequenceEncoder<unknown>(chain.encoder().item, new NullEncoder());
    const whole: SequenceColumns = {
      rowCount: all.length - 1,
      offsets: all,
      items,
      lengths: { rowCount: all.length - 1 },
    };
    const pieces = rowsOfPieces === undefined ? whole : lists.take(whole, rowsOfPieces);
    const rows = rowsOfPieces ?? Int32Array.from({ length: all.length - 1 }, (_, i) => i);
    const pieceWeights = Float64Array.from(rows, (row) => weights[all[row]!]!);
    let best: { readonly model: HiddenMarkovModel; readonly logLikelihood: number } | undefined;
    const ofSteps = new MixtureEstimator(overSameRows<readonly StepEstimator[]>(emissions));
    const tries = triesOf(TRIES, ofSteps, pieces.items, spread(pieceWeights, pieces.offsets));
    for (const stretch of isRouted(items) ? [1] : stretchesWithin(pieces.offsets)) {
      for (let run = 0; run < tries; run++) {
        const ofRun = draws.child(`stretches of ${stretch}, run ${run}`);
        const found = attempt(() => shortChainRun(chain, pieces, pieceWeights, stretch, draws, ofRun));
        if (found !== undefined && !(found.logLikelihood <= (best?.logLikelihood ?? -Infinity))) best = found;
      }
    }
    if (best === undefined) return mixtureStates(chain.emissions)(items, weights, draws);
    return {
      items: pieces.items,
      weights: spread(pieceWeights, pieces.offsets),
      states: smoothedStates(best.model, pieces),
    };
  };
}

/** Offsets of pieces of at most `most` items, which end where lists end. Lists without items have none. */
function cut(offsets: Int32Array, most: number): Int32Array {
  const cuts = [0];
  for (let row = 0; row < offsets.length - 1; row++) {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at += most) cuts.push(Math.min(at + most, offsets[row + 1]!));
  }
  return Int32Array.from(cuts);
}

/** The stretches that differ: two that are at least as long as all pieces are one. */
function stretchesWithin(offsets: Int32Array): readonly number[] {
  let longest = 0;
  for (let i = 1; i < offsets.length; i++) longest = Math.max(longest, offsets[i]! - offsets[i - 1]!);
  return STRETCHES.filter((_, i) => i === 0 || STRETCHES[i - 1]! < longest);
}

/** Evenly spread pieces of about `most` items; `undefined` for all. */
function evenly(offsets: Int32Array, most: number): Int32Array | undefined {
  const pieceCount = offsets.length - 1;
  const itemCount = offsets[pieceCount]!;
  if (itemCount <= most) return undefined;
  const count = Math.max(1, Math.floor((pieceCount * most) / itemCount));
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * pieceCount) / count));
}

/** The weight of its list for each item. */
function spread(weights: Float64Array, offsets: Int32Array): Float64Array {
  const out = new Float64Array(offsets[weights.length]!);
  weights.forEach((weight, row) => {
    out.fill(weight, offsets[row]!, offsets[row + 1]!);
  });
  return out;
}

/** A guess, and a few iterations of EM. @param draws  of the chain: its families start by these in all runs */
function shortChainRun(
  chain: StepChain,
  pieces: SequenceColumns,
  pieceWeights: Float64Array,
  stretch: number,
  draws: Draws,
  ofRun: Draws,
) {
  const weights = spread(pieceWeights, pieces.offsets);
  const guess =
    stretch === 1
      ? mixtureStates(chain.emissions)(pieces.items, weights, ofRun)
      : stretchStates(chain.emissions, pieces, weights, stretch, ofRun);
  const start = withWorkspace((scratch) => {
    const accumulator = chain.accumulator(pieces, () => guess);
    accumulator.begin(undefined, pieces, scratch);
    accumulator.seqInitialize(pieces, 0, pieces.rowCount, pieceWeights, draws);
    return chain.estimate(accumulator.value());
  });
  return shortRun(chain, pieces, pieceWeights, start, CHAIN_ITERATIONS);
}

/** States by a mixture over stretches of steps, all steps of one being of one state. */
function stretchStates(
  emissions: readonly StepEstimator[],
  { offsets, items }: SequenceColumns,
  weights: Float64Array,
  stretch: number,
  draws: Draws,
): ItemStates {
  const ofStretches = cut(offsets, stretch);
  const rowCount = ofStretches.length - 1;
  const stretches: SequenceColumns = { rowCount, offsets: ofStretches, items, lengths: { rowCount } };
  const rowWeights = Float64Array.from({ length: rowCount }, (_, row) => weights[ofStretches[row]!]!);
  const components = emissions.map((emission) => new SequenceEstimator(emission));
  const mixture = new MixtureEstimator(overSameRows<readonly SequenceEstimator<StepEstimator>[]>(components));
  const start = withWorkspace((scratch) => {
    const accumulator = mixture.accumulator(stretches);
    accumulator.begin(undefined, stretches, scratch);
    accumulator.seqInitialize(stretches, 0, rowCount, rowWeights, draws);
    return mixture.estimate(accumulator.value());
  });
  const { model } = shortRun(mixture, stretches, rowWeights, start, MIXTURE_ITERATIONS);
  const stateCount = emissions.length;
  const ofRows = new Float64Array(rowCount * stateCount);
  model.seqPosterior(stretches, 0, rowCount, ofRows);
  const states = new Float64Array(items.rowCount * stateCount);
  for (let row = 0; row < rowCount; row++) {
    const shares = ofRows.subarray(row * stateCount, (row + 1) * stateCount);
    for (let item = ofStretches[row]!; item < ofStretches[row + 1]!; item++) states.set(shares, item * stateCount);
  }
  return { items, weights, states };
}

/** P(state | list) of all items, at `item * S + state`: the weights that an E step hands to the emissions. */
function smoothedStates(model: HiddenMarkovModel, columns: SequenceColumns): Float64Array {
  const stateCount = model.emissions.length;
  const states = new Float64Array(columns.items.rowCount * stateCount);
  const recorders = model.emissions.map(
    (_, s): Accumulator => ({
      score: (_model, items, start, end, out) => model.scoreEmission(s, items, start, end, out),
      seqUpdate(_items, start, end, weights) {
        for (let item = start; item < end; item++) states[item * stateCount + s] = weights[item - start]!;
      },
      combine() {},
      value: () => null,
      fromValue() {},
    }),
  );
  const own = new Float64Array(stateCount * (stateCount + 1));
  const expected = new HiddenMarkovAccumulator(recorders, new NullAccumulator(), own, {}, () => undefined);
  withWorkspace((scratch) => {
    expected.begin(model, columns, scratch);
    expected.seqUpdate(columns, 0, columns.rowCount, unitWeights(columns.rowCount), model);
  });
  return states;
}
