// Sellers and what they sell: three kinds of sellers, three kinds of lists of goods, and how one goes with the other.
import * as stats from '@dml/stats';
import { near, ofShare } from '../recover.js';

const bell = (mu: number) => new stats.GaussianDistribution({ mu, sigma2: 1 });
const seller = (town: string, mu: number) =>
  new stats.CompositeDistribution([
    new stats.CategoricalDistribution([...'abc'].map((name) => [name, name === town ? 1 : 0] as const)),
    bell(mu),
  ]);
const goods = (mu: number, shape: number) =>
  new stats.SequenceDistribution(
    new stats.CompositeDistribution([bell(mu), new stats.GammaDistribution({ shape, scale: 3 })]),
    { length: new stats.PoissonDistribution({ lambda: 3 }) },
  );
const truth = new stats.JointMixtureDistribution(
  [seller('a', -6), seller('b', 0), seller('c', 6)],
  [goods(-6, 1), goods(0, 3), goods(6, 1)],
  { w1: [0.6, 0.3, 0.1], tau12: [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]] }, // biome-ignore format: a small table
);
const [rows, validation] = stats.partition(truth.sampler(1).sample(1500), [0.9, 0.1], { seed: 1 });
const first = new stats.CompositeEstimator([
  new stats.CategoricalEstimator<string>({ pseudoCount: 1 }),
  new stats.GaussianEstimator(),
]);
const second = new stats.SequenceEstimator(
  new stats.CompositeEstimator([new stats.GaussianEstimator(), new stats.GammaEstimator()]),
  { length: new stats.PoissonEstimator() },
);
const estimator = new stats.JointMixtureEstimator([first, first, first], [second, second, second], {
  pseudoCount: { w1: 0.001, w2: 0.001, tau: 0.001 },
});
const { model } = stats.bestOf(rows, estimator, { trials: 3, seed: 1, maxIterations: 60, validation });
const { divergence } = stats.empiricalKlDivergence(model, truth, validation);
near('nats between the fit and the truth', divergence, 0, 0.1);
const lowSeller = model.components1.findIndex(({ dists }) => dists[1].mu < -3);
const lowGoods = model.components2.findIndex(({ dist }) => dist.dists[0].mu < -3);
near('sellers of the first kind', model.w1[lowSeller]!, 0.6, ofShare(0.6, 1350));
near('who sell goods of the first kind', model.tau12[lowSeller]![lowGoods]!, 0.8, 0.08);
