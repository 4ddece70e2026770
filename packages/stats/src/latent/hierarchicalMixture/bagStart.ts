/**
 * The start of a mixture of bags. The topics are those of a mixture over the items, whatever bag they are in. Bags are told apart by
 * the topics of their items: k-means++ over the square roots of their shares, whose distance is Hellinger's. Of a few such starts,
 * each with some iterations of EM, the best is taken.
 * Sources: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm; Arthur & Vassilvitskii (2007).
 */
import { takeColumns, takeEntries } from '../../columns/columns.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Draws, Encoder } from '../../contract.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { initializeChild } from '../../tree/children.js';
import type { BagModel } from '../bags.js';
import { itemMixture } from '../hiddenMarkov/start.js';
import { nearestSeedLabels } from '../labels.js';
import { attempt, rowsOfRuns, shortRun } from '../shortRuns.js';
import type {
  FindBagStatistic,
  HierarchicalMixtureAccumulator,
  HierarchicalMixtureStatistic,
} from './bagResponsibilities.js';

const [RUNS, ITERATIONS] = [4, 5];

/** What runs: the estimator of a mixture of bags. */
export interface BagEstimator {
  readonly topics: readonly AnyEstimator[];
  readonly options: { readonly mixtureCount: number };
  encoder(): Encoder<never, SequenceColumns>;
  accumulator(schema: SequenceColumns): HierarchicalMixtureAccumulator;
  estimate(statistic: HierarchicalMixtureStatistic): AnyDistribution & BagModel;
}

/** See the head of this file. */
export function bagRuns(estimator: BagEstimator): FindBagStatistic {
  return (all, allWeights, draws) => {
    const { mixtureCount } = estimator.options;
    const runCount = mixtureCount > 1 ? RUNS : 1;
    const rows = rowsOfRuns(estimator.encoder(), all, mixtureCount);
    const columns = rows === undefined ? all : takeColumns(estimator.encoder(), all, rows);
    const weights = rows === undefined ? allWeights : takeEntries(allWeights, rows);
    const topics = topicShares(estimator, columns, weights, draws);
    if (topics === undefined) return undefined;
    const profiles = bagProfiles(columns, topics, estimator.topics.length);
    let best: { readonly model: AnyDistribution & BagModel; readonly logLikelihood: number } | undefined;
    for (let run = 0; run < runCount; run++) {
      const found = attempt(() => {
        const labels = bagLabels(profiles, columns.rowCount, weights, mixtureCount, draws.child(`run ${run}`));
        const statistic = labelledStatistic(estimator, columns, weights, topics, labels, draws);
        return shortRun(estimator, columns, weights, estimator.estimate(statistic), ITERATIONS);
      });
      if (found !== undefined && !(found.logLikelihood <= (best?.logLikelihood ?? -Infinity))) best = found;
    }
    if (best === undefined) return undefined;
    const { model } = best;
    return withWorkspace((scratch) => {
      const accumulator = estimator.accumulator(all);
      accumulator.begin(model, all, scratch);
      accumulator.seqUpdate(all, 0, all.rowCount, allWeights, model);
      return accumulator.value();
    });
  };
}

/** The weight of each item in its bag's. */
function itemWeightsOf({ offsets, items, rowCount }: SequenceColumns, weights: Float64Array): Float64Array {
  const itemWeights = new Float64Array(items.rowCount);
  for (let row = 0; row < rowCount; row++) itemWeights.fill(weights[row]!, offsets[row]!, offsets[row + 1]!);
  return itemWeights;
}

/** The probability of each topic for each item, `item * T + topic`. */
function topicShares(
  { topics }: BagEstimator,
  columns: SequenceColumns,
  weights: Float64Array,
  draws: Draws,
): Float64Array | undefined {
  const { items } = columns;
  if (items.rowCount === 0) return undefined;
  const shares = new Float64Array(items.rowCount * topics.length);
  if (topics.length === 1) return shares.fill(1);
  const found = itemMixture(topics, items, itemWeightsOf(columns, weights), draws.child('items'));
  found?.model.seqPosterior(items, 0, items.rowCount, shares);
  return found && shares;
}

/** The square root of the share of each topic in each bag, `bag * T + topic`; a bag without items is like an even one. */
function bagProfiles({ offsets, rowCount }: SequenceColumns, topics: Float64Array, topicCount: number): Float64Array {
  const profiles = new Float64Array(rowCount * topicCount);
  for (let row = 0; row < rowCount; row++) {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    for (let t = 0; t < topicCount; t++) {
      let sum = 0;
      for (let item = from; item < to; item++) sum += topics[item * topicCount + t]!;
      profiles[row * topicCount + t] = Math.sqrt(to > from ? sum / (to - from) : 1 / topicCount);
    }
  }
  return profiles;
}

/** How much of each bag each mixture gets, mixture-major, by k-means++ over the profiles. */
function bagLabels(
  profiles: Float64Array,
  rowCount: number,
  weights: Float64Array,
  mixtureCount: number,
  draws: Draws,
): Float64Array {
  const topicCount = profiles.length / rowCount;
  const addDistances = (row: number, out: Float64Array) => {
    for (let i = 0; i < rowCount; i++) {
      let distance = 0;
      for (let t = 0; t < topicCount; t++) {
        const difference = profiles[i * topicCount + t]! - profiles[row * topicCount + t]!;
        distance += difference * difference;
      }
      out[i]! += distance;
    }
  };
  const ofProfiles = { squaredDistances: () => addDistances };
  return nearestSeedLabels(ofProfiles, { rowCount }, weights, mixtureCount, draws)!; // they have a distance
}

function labelledStatistic(
  estimator: BagEstimator,
  columns: SequenceColumns,
  weights: Float64Array,
  topics: Float64Array,
  labels: Float64Array,
  draws: Draws,
): HierarchicalMixtureStatistic {
  const { offsets, items, lengths, rowCount } = columns;
  const [topicCount, { mixtureCount }] = [estimator.topics.length, estimator.options];
  const bags = new Float64Array(mixtureCount).fill(1 / mixtureCount);
  const cells = new Float64Array(mixtureCount * topicCount).fill(1 / topicCount);
  for (let m = 0; m < mixtureCount; m++) {
    for (let row = 0; row < rowCount; row++) {
      const share = labels[m * rowCount + row]! * weights[row]!;
      bags[m]! += share;
      for (let at = offsets[row]! * topicCount; at < offsets[row + 1]! * topicCount; at++) {
        cells[m * topicCount + (at % topicCount)]! += share * topics[at]!;
      }
    }
  }
  const itemWeights = itemWeightsOf(columns, weights);
  return withWorkspace((scratch) => {
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(undefined, columns, scratch);
    accumulator.topics.forEach((child, t) => {
      const shares = itemWeights.map((weight, item) => weight * topics[item * topicCount + t]!);
      initializeChild(child, items, 0, items.rowCount, shares, draws.component(t));
    });
    initializeChild(accumulator.length, lengths, 0, rowCount, weights, draws.child('length'));
    return { ...accumulator.value(), bags, items: cells };
  });
}
