// How many kinds of rows are there? A Dirichlet process leaves components that nothing needs without weight.
import {
  DirichletProcessMixtureEstimator,
  GaussianDistribution,
  GaussianEstimator,
  MixtureDistribution,
  NormalGammaDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const kind = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const truth = new MixtureDistribution([kind(0), kind(8), kind(20)], { w: [0.3, 0.3, 0.4] });
const prior = new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 1 });
const estimator = new DirichletProcessMixtureEstimator(new GaussianEstimator({ prior }), { truncation: 8 });
const { model } = recover(truth, estimator, 500);
const used = model.components.filter((_, k) => model.w[k]! > 0.05).map(({ mu }) => mu);
near('kinds', used.length, 3, 0);
near('the lowest one', Math.min(...used), 0, 5 / Math.sqrt(150));
