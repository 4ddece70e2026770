// Baskets: what people buy together, and how many things. Goods have shares, the number of things a mean.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  MultinomialDistribution,
  MultinomialEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new MultinomialDistribution(new CategoricalDistribution({ tea: 0.5, milk: 0.3, bread: 0.2 }), {
  length: new PoissonDistribution({ lambda: 6 }),
});
const { model } = recover(
  truth,
  new MultinomialEstimator(new CategoricalEstimator(), { length: new PoissonEstimator() }),
  800,
);
near('share of tea', model.dist.density('tea'), 0.5, ofShare(0.5, 800 * 6));
near('things in a basket', model.length.lambda, 6, 5 * Math.sqrt(6 / 800));
