// Flowers of two kinds, of equal mean lengths and of opposite proportions: only a full covariance tells them apart.
import {
  copies,
  DiagonalGaussianEstimator,
  DirichletDistribution,
  DirichletEstimator,
  MixtureDistribution,
  MixtureEstimator,
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
  optimize,
} from '@dml/stats';
import { atLeast, near, ofShare, recover } from '../recover.js';

const kind = (covariance: number) =>
  new MultivariateGaussianDistribution({
    mu: [5, 3],
    covariance: [
      [1, covariance],
      [covariance, 1],
    ],
  });
const truth = new MixtureDistribution([kind(0.95), kind(-0.95)], { w: [0.6, 0.4] });
const count = 800;
const { rows, model } = recover(truth, new MixtureEstimator(copies(2, new MultivariateGaussianEstimator())), count);
const rising = model.components[0].covariance[0]![1]! > 0 ? 0 : 1;
near('covariance of the one kind', model.components[rising].covariance[0]![1]!, 0.95, 0.22);
near('its share', model.w[rising]!, 0.6, 2 * ofShare(0.6, count));

const diagonal = optimize(rows, new MixtureEstimator(copies(2, new DiagonalGaussianEstimator())), { seed: 1 }).model;
const better = rows.filter((row) => model.logDensity(row) > diagonal.logDensity(row)).length;
atLeast('rows that the covariances make more probable', better / count, 0.6);

// Shares that sum to one: three parts of a day.
const day = recover(new DirichletDistribution({ alpha: [4, 2, 6] }), new DirichletEstimator(), 1000).model;
near('precision of the shares', day.alpha[0]! + day.alpha[1]! + day.alpha[2]!, 12, 1);
near('mean share of the first part', day.alpha[0]! / (day.alpha[0]! + day.alpha[1]! + day.alpha[2]!), 1 / 3, 0.02);
