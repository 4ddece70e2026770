// Counts from two sources of different families; and from one source beside another that is known already.
import {
  BinomialDistribution,
  BinomialEstimator,
  bestOf,
  IgnoredDistribution,
  IgnoredEstimator,
  MixtureDistribution,
  MixtureEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const calls = new PoissonDistribution({ lambda: 2 });
const answers = new BinomialDistribution({ n: 20, p: 0.5 });
const two = new MixtureDistribution([calls, answers], { w: [0.5, 0.5] });
const rows = two.sampler(1).sample(3000);
// Either family can take either source, which is a local optimum: the best of some starts is the right one.
const estimator = new MixtureEstimator([new PoissonEstimator(), new BinomialEstimator()]);
const { model } = bestOf(rows, estimator, { trials: 4, seed: 1 });
near('mean of the calls', model.components[0].lambda, 2, 0.25);
near(
  'trials of the answers, of which there are at least as many as were seen',
  model.components[1].n,
  Math.max(...rows),
  0,
);
near('mean of the answers', model.components[1].n * model.components[1].p, 10, 0.4);
near('share of calls', model.w[0]!, 0.5, 0.05);

// What is known stays as it is: a fit finds how much of it there is, and the rest.
const known = new PoissonDistribution({ lambda: 10 });
const beside = new MixtureDistribution([calls, new IgnoredDistribution(known)], { w: [0.3, 0.7] });
const found = recover(beside, new MixtureEstimator([new PoissonEstimator(), new IgnoredEstimator(known)]), 3000).model;
near('mean of what is known', found.components[1].dist.lambda, 10, 0);
near('mean of the rest', found.components[0].lambda, 2, 0.25);
near('share of the rest', found.w[0]!, 0.3, 2 * ofShare(0.3, 3000));
