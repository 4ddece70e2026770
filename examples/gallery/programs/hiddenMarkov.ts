// A machine that runs well or badly: nobody sees which, only how loud it is.
import {
  copies,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  PoissonDistribution,
} from '@dml/stats';
import { atLeast, near, recover } from '../recover.js';

const truth = new HiddenMarkovDistribution(
  [new GaussianDistribution({ mu: 40, sigma2: 9 }), new GaussianDistribution({ mu: 50, sigma2: 9 })],
  { w: [0.9, 0.1], transitions: [[0.95, 0.05], [0.2, 0.8]], length: new PoissonDistribution({ lambda: 40 }) }, // biome-ignore format: a small table
);
const { rows, model } = recover(truth, new HiddenMarkovEstimator(copies(2, new GaussianEstimator())), 150);
const bad = model.emissions[0].mu > 45 ? 0 : 1;
near('noise of a machine that runs badly', model.emissions[bad].mu, 50, 0.6);
near('steps from good to bad', model.transitions[1 - bad]![bad]!, 0.05, 0.02);

const paths = rows.map((row) => [model.viterbi(row), truth.viterbi(row)] as const);
const same = paths.flatMap(([found, best]) => found.map((state, t) => (state === bad) === (best[t] === 1)));
atLeast('states as the true model has them', same.filter(Boolean).length / same.length, 0.98);
