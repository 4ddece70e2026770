/**
 * Starts of hidden Markov models of few items. What the items look like does not tell the states that differ in what follows them
 * alone, and with few items EM ends at one of many optima. So short runs begin from the order of the items as well: all items in a
 * row are cut at random places, and each piece is in one state.
 * Source: Biernacki, Celeux & Govaert, Choosing starting values for the EM algorithm (2003).
 */
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyEstimator, Draws, Encoder, Random, Report } from '../../contract.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { initializeChild } from '../../tree/children.js';
import { attempt, shortRun } from '../shortRuns.js';
import { EndCounts } from './ends.js';
import type { HiddenMarkovAccumulator, HiddenMarkovModel, HiddenMarkovStatistic } from './forwardBackward.js';
import { type FindStates, type FindStatistic, mixtureStates } from './start.js';

/** Runs from pieces, and EM iterations of each. */
const [MAX_RUNS, ITERATIONS] = [20, 10];
/** Items times iterations of all runs together. More items are left to the mixture over the items. */
const MAX_ITEMS = 2 ** 15;
/** Cuts for each state. */
const CUTS = 3;
/** Share of each item that goes to all states, so that none has impossible values. */
const SPREAD = 0.1;

/** What runs: the estimator of a hidden Markov model. */
export interface SegmentRunEstimator {
  readonly emissions: readonly AnyEstimator[];
  encoder(): Encoder<never, SequenceColumns>;
  accumulator(schema: SequenceColumns): HiddenMarkovAccumulator;
  estimate(statistic: HiddenMarkovStatistic, report?: Report): HiddenMarkovModel;
}

/** The two ways to a start: states of items, and short runs where items are few. */
export function startsOf(
  estimator: SegmentRunEstimator,
): readonly [states: FindStates, runs: FindStatistic<HiddenMarkovStatistic>] {
  return [mixtureStates(estimator.emissions), segmentRuns(estimator)];
}

/** The statistic under the best of several short runs; `undefined` where items are too many, or no run gives a sound model. */
function segmentRuns(estimator: SegmentRunEstimator): FindStatistic<HiddenMarkovStatistic> {
  return (columns, weights, draws) => {
    const itemCount = columns.items.rowCount;
    const runCount = Math.min(MAX_RUNS, Math.floor(MAX_ITEMS / (ITERATIONS * itemCount)));
    if (runCount < 1 || itemCount < 4 * estimator.emissions.length) return undefined;
    const starts = [
      () => startByItems(estimator, columns, weights, draws),
      ...Array.from({ length: runCount }, (_, run) => () => {
        return startByPieces(estimator, columns, weights, draws.child(`pieces ${run}`));
      }),
    ];
    let best: { readonly model: HiddenMarkovModel; readonly logLikelihood: number } | undefined;
    for (const start of starts) {
      const { sound, isSound } = reporting(estimator);
      const found = attempt(() => shortRun(sound, columns, weights, start(), ITERATIONS));
      if (found === undefined || !isSound()) continue;
      if (best === undefined || found.logLikelihood > best.logLikelihood) best = found;
    }
    return best && statisticUnder(estimator, columns, weights, best.model);
  };
}

/** The estimator, and whether its last estimate had no dead part, and none on a border where likelihoods have no bound. */
function reporting(estimator: SegmentRunEstimator) {
  let isSound = true;
  const report: Report = {
    add(_kind, _message, facts) {
      if (facts?.isBounded !== true) isSound = false;
    },
    at: () => report,
  };
  const sound = {
    encoder: () => estimator.encoder(),
    accumulator: (schema: SequenceColumns) => estimator.accumulator(schema),
    estimate(statistic: HiddenMarkovStatistic) {
      isSound = true;
      return estimator.estimate(statistic, report);
    },
  };
  return { sound, isSound: () => isSound };
}

function startByItems(
  estimator: SegmentRunEstimator,
  columns: SequenceColumns,
  weights: Float64Array,
  draws: Draws,
): HiddenMarkovModel {
  return withWorkspace((scratch) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(undefined, columns, scratch);
    accumulator.initializeByItems(columns, 0, columns.rowCount, weights, draws);
    return estimator.estimate(accumulator.value());
  });
}

function startByPieces(
  estimator: SegmentRunEstimator,
  columns: SequenceColumns,
  weights: Float64Array,
  draws: Draws,
): HiddenMarkovModel {
  const { offsets, items, lengths, rowCount } = columns;
  const stateCount = estimator.emissions.length;
  const states = statesOfPieces(items.rowCount, stateCount, draws.row(-1));
  const itemWeights = new Float64Array(items.rowCount);
  const initial = new Float64Array(stateCount).fill(1);
  const transitions = new Float64Array(stateCount * stateCount).fill(1 / stateCount);
  for (let row = 0; row < rowCount; row++) {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    itemWeights.fill(weights[row]!, from, to);
    for (let i = from + 1; i < to; i++) transitions[states[i - 1]! * stateCount + states[i]!]! += weights[row]!;
  }
  return withWorkspace((scratch) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(undefined, columns, scratch);
    accumulator.emissions.forEach((child, s) => {
      const shares = itemWeights.map((weight, i) => {
        return weight * (SPREAD / stateCount + (states[i] === s ? 1 - SPREAD : 0));
      });
      initializeChild(child, items, 0, items.rowCount, shares, draws.component(s));
    });
    initializeChild(accumulator.length, lengths, 0, rowCount, weights, draws.child('length'));
    const statistic = accumulator.value();
    if (statistic.end !== undefined) new EndCounts(statistic.end).addEvenly(offsets, 0, rowCount, weights);
    return estimator.estimate({ ...statistic, initial, transitions });
  });
}

/** The state of each item: pieces between random cuts, each in a random state, and each state in one of the first pieces. */
function statesOfPieces(itemCount: number, stateCount: number, rng: Random): Int32Array {
  const isCut = new Uint8Array(itemCount);
  const cutCount = Math.min(CUTS * stateCount, itemCount - 1);
  for (let made = 0; made < cutCount; ) {
    const at = 1 + Math.floor(rng() * (itemCount - 1));
    if (isCut[at] === 1) continue;
    isCut[at] = 1;
    made++;
  }
  const states = new Int32Array(itemCount);
  let piece = 0;
  for (let i = 1; i < itemCount; i++) {
    if (isCut[i] === 0) states[i] = states[i - 1]!;
    else states[i] = ++piece < stateCount ? piece : Math.floor(rng() * stateCount);
  }
  return states;
}

/** The E step, with all that it needs of its own. */
function statisticUnder(
  estimator: SegmentRunEstimator,
  columns: SequenceColumns,
  weights: Float64Array,
  model: HiddenMarkovModel,
): HiddenMarkovStatistic {
  return withWorkspace((scratch) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(model, columns, scratch);
    accumulator.seqUpdate(columns, 0, columns.rowCount, weights, model);
    const { entering: _, ...statistic } = accumulator.value();
    return statistic;
  });
}
