// A shopping list from one week to the next: what stays, and what comes.
import {
  IntegerBernoulliEditDistribution,
  IntegerBernoulliEditEstimator,
  IntegerBernoulliSetDistribution,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new IntegerBernoulliEditDistribution({
  kept: [0.9, 0.5, 0.2],
  added: [0.3, 0.1, 0.6],
  initial: new IntegerBernoulliSetDistribution({ p: [0.5, 0.5, 0.5] }),
});
const { model } = recover(truth, new IntegerBernoulliEditEstimator({ valueCount: 3 }), 1000);
for (const [item, p] of truth.kept.entries()) near(`item ${item} stays`, model.kept[item]!, p, ofShare(p, 500));
for (const [item, p] of truth.added.entries()) near(`item ${item} comes`, model.added[item]!, p, ofShare(p, 500));
