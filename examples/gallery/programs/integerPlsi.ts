// Authors and their words: two topics, of which each author has a share.
import { IntegerPlsiDistribution, IntegerPlsiEstimator, PoissonDistribution } from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new IntegerPlsiDistribution({
  words: [[0.5, 0.4, 0.1, 0, 0, 0], [0, 0, 0, 0.2, 0.4, 0.4]], // biome-ignore format: a small table
  states: [[1, 0], [0.7, 0.3], [0.2, 0.8], [0, 1]], // biome-ignore format: a small table
  documents: [0.25, 0.25, 0.25, 0.25],
  length: new PoissonDistribution({ lambda: 30 }),
});
const { model } = recover(truth, new IntegerPlsiEstimator({ stateCount: 2, valueCount: 6, documentCount: 4 }), 200);
const first = model.words[0]![0]! > model.words[1]![0]! ? 0 : 1;
near('word 0 in the first topic', model.words[first]![0]!, 0.5, 0.06);
for (const author of [1, 2])
  near(`share of author ${author}`, model.states[author]![first]!, truth.states[author]![0]!, 0.08);
