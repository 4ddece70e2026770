// Two kinds of customers buy the goods 0 … 3 in different proportions: a mixture of multinomials.
import {
  IntegerCategoricalDistribution,
  integerMultinomialEstimator,
  MixtureDistribution,
  MixtureEstimator,
  MultinomialDistribution,
  PoissonDistribution,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const length = new PoissonDistribution({ lambda: 20 });
const kind = (p: number[]) =>
  new MultinomialDistribution(new IntegerCategoricalDistribution({ min: 0, p }), { length });
const truth = new MixtureDistribution([kind([0.6, 0.3, 0.1, 0]), kind([0, 0.1, 0.3, 0.6])], { w: [0.4, 0.6] });
const each = integerMultinomialEstimator({ min: 0, max: 3 });
const { model } = recover(truth, new MixtureEstimator([each, each]), 600);
const first = model.components[0].dist.p[0]! > 0.3 ? 0 : 1;
near('customers of the first kind', model.w[first]!, 0.4, ofShare(0.4, 600));
near('their share of the good 0', model.components[first]!.dist.p[0]!, 0.6, ofShare(0.6, 240 * 20));
