// Schools of two kinds; each kind has its own shares of the same two kinds of pupils.
import {
  GaussianDistribution,
  GaussianEstimator,
  HierarchicalMixtureDistribution,
  HierarchicalMixtureEstimator,
  PoissonDistribution,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const pupil = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const truth = new HierarchicalMixtureDistribution([pupil(0), pupil(6)], {
  w: [0.5, 0.5],
  tau: [[0.9, 0.1], [0.2, 0.8]], // biome-ignore format: a small table
  length: new PoissonDistribution({ lambda: 30 }),
});
const e = new GaussianEstimator();
const { model } = recover(truth, new HierarchicalMixtureEstimator([e, e], { mixtureCount: 2 }), 200);
const low = model.topics[0].mu < model.topics[1].mu ? 0 : 1;
const kinds = model.tau.map((shares) => shares[low]!).sort();
near('low pupils in schools of the one kind', kinds[1]!, 0.9, 0.05);
near('and of the other', kinds[0]!, 0.2, 0.05);
