// As integerBernoulliEdit, for 20 items of which the first half stays more often: two levels are found, not twenty.
import {
  IntegerBernoulliEditDistribution,
  IntegerBernoulliSetDistribution,
  IntegerStepBernoulliEditEstimator,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const items = Array.from({ length: 20 }, (_, item) => item);
const truth = new IntegerBernoulliEditDistribution({
  kept: items.map((item) => (item < 10 ? 0.9 : 0.4)),
  added: items.map(() => 0.2),
  initial: new IntegerBernoulliSetDistribution({ p: items.map(() => 0.5) }),
});
const { model } = recover(truth, new IntegerStepBernoulliEditEstimator({ valueCount: 20 }), 400);
near('levels of what stays', new Set(model.kept).size, 2, 0);
near('the upper one', model.kept[0]!, 0.9, ofShare(0.9, 400 * 5));
