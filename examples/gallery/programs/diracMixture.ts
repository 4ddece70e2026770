// Lists that are empty more often than a Poisson law says: a share of nothing beside it.
import {
  DiracDistribution,
  DiracEstimator,
  MixtureDistribution,
  MixtureEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new MixtureDistribution([new DiracDistribution({ value: 0 }), new PoissonDistribution({ lambda: 4 })], {
  w: [0.3, 0.7],
});
const { model } = recover(
  truth,
  new MixtureEstimator([new DiracEstimator({ value: 0 }), new PoissonEstimator()]),
  2000,
);
// Zeros of the Poisson are few, so that nearly every row tells its component.
near('share of nothing', model.w[0]!, 0.3, 0.06);
near('mean of the others', model.components[1].lambda, 4, 0.3);
