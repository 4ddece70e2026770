// Folders of a disk: most are like the one they stand in. Hidden states along trees.
import {
  GaussianDistribution,
  GaussianEstimator,
  PoissonDistribution,
  TreeHiddenMarkovDistribution,
  TreeHiddenMarkovEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new TreeHiddenMarkovDistribution(
  [new GaussianDistribution({ mu: 1, sigma2: 0.25 }), new GaussianDistribution({ mu: 6, sigma2: 1 })],
  { w: [0.7, 0.3], transitions: [[0.9, 0.1], [0.25, 0.75]], childCount: new PoissonDistribution({ lambda: 1 }), maxDepth: 6 }, // biome-ignore format: short
);
const size = new GaussianEstimator();
const { model } = recover(truth, new TreeHiddenMarkovEstimator([size, size]), 400);
const small = model.emissions[0].mu < model.emissions[1].mu ? 0 : 1;
near('small folders in small ones', model.transitions[small]![small]!, 0.9, 0.05);
near('size of large ones', model.emissions[1 - small]!.mu, 6, 0.25);
