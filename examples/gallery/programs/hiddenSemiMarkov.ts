// A machine works in runs of about ten minutes and rests for about three: states with durations of their own.
import {
  GaussianDistribution,
  GaussianEstimator,
  HiddenSemiMarkovDistribution,
  HiddenSemiMarkovEstimator,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { near, recover } from '../recover.js';

const truth = new HiddenSemiMarkovDistribution(
  [new GaussianDistribution({ mu: 40, sigma2: 9 }), new GaussianDistribution({ mu: 22, sigma2: 4 })],
  [new PoissonDistribution({ lambda: 9 }), new PoissonDistribution({ lambda: 2 })],
  { w: [0.5, 0.5], transitions: [[0, 1], [1, 0]], maxDuration: 40, shift: 1, length: new PoissonDistribution({ lambda: 80 }) }, // biome-ignore format: short
);
const [e, d] = [new GaussianEstimator(), new PoissonEstimator()];
const { model } = recover(truth, new HiddenSemiMarkovEstimator([e, e], [d, d], { maxDuration: 40, shift: 1 }), 60);
const works = model.emissions[0].mu > 30 ? 0 : 1;
// About 370 runs of each kind, those that the ends of lists cut off included.
near('minutes of work', model.durations[works]!.lambda + 1, 10, 5 * Math.sqrt(9 / 300));
near('minutes of rest', model.durations[1 - works]!.lambda + 1, 3, 5 * Math.sqrt(2 / 300));
