// Warm and cold days, and what people order on them: two hidden variables, the second one depends on the first.
import {
  CategoricalDistribution,
  CategoricalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  JointMixtureDistribution,
  JointMixtureEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

type Order = 'soup' | 'tea' | 'ice' | 'juice';
const day = (mu: number) => new GaussianDistribution({ mu, sigma2: 9 });
const orders = (p: Record<Order, number>) => new CategoricalDistribution<Order>(p);
const truth = new JointMixtureDistribution(
  [day(5), day(27)],
  [orders({ soup: 0.6, tea: 0.4, ice: 0, juice: 0 }), orders({ soup: 0, tea: 0.1, ice: 0.5, juice: 0.4 })],
  { w1: [0.4, 0.6], tau12: [[0.9, 0.1], [0.2, 0.8]] }, // biome-ignore format: a small table
);
const t = new GaussianEstimator();
const o = new CategoricalEstimator<Order>();
const { model } = recover(truth, new JointMixtureEstimator([t, t], [o, o]), 3000);
const cold = model.components1[0].mu < model.components1[1].mu ? 0 : 1;
const hot = model.components2[0].density('soup') > 0.3 ? 0 : 1;
near('cold days', model.w1[cold]!, 0.4, 0.06);
near('hot orders on them', model.tau12[cold]![hot]!, 0.9, 0.08);
