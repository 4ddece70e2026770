// Calls that a state of the talk ends: talk and goodbye. Each state has a probability that the list ends after its item.
import { GaussianDistribution, GaussianEstimator, HiddenMarkovDistribution, HiddenMarkovEstimator } from '@dml/stats';
import { near, ofShare, recover } from '../recover.js';

const truth = new HiddenMarkovDistribution(
  [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 8, sigma2: 1 })],
  { w: [1, 0], transitions: [[0.9, 0.1], [0.2, 0.8]], end: [0.01, 0.3] }, // biome-ignore format: a small table
);
const e = new GaussianEstimator();
const { model, rows } = recover(truth, new HiddenMarkovEstimator([e, e], { ends: true }), 500);
const goodbye = model.emissions[0].mu > 4 ? 0 : 1;
const items = rows.flat().filter((x) => x > 4).length;
near('goodbye ends the call', model.end![goodbye]!, 0.3, ofShare(0.3, items));
near('talk goes on to goodbye', model.transitions[1 - goodbye]![goodbye]!, 0.1, 0.03);
