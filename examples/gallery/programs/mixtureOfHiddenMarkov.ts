// Two makes of machines, each with three hidden states: one table of steps for both, states of their own.
import * as stats from '@dml/stats';
import { atLeast, near, ofShare } from '../recover.js';

const state = (mu: number, frequent: string) =>
  new stats.CompositeDistribution([
    new stats.GaussianDistribution({ mu, sigma2: 1 }),
    new stats.CategoricalDistribution([...'abcd'].map((code) => [code, frequent.includes(code) ? 0.4 : 0.1] as const)),
  ]);
const transitions = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]; // biome-ignore format: a small table
const make = (mus: readonly [number, number, number], lambda: number) =>
  new stats.HiddenMarkovDistribution([state(mus[0], 'ab'), state(mus[1], 'cd'), state(mus[2], 'bc')], {
    w: [0.4, 0.4, 0.2],
    transitions,
    length: new stats.PoissonDistribution({ lambda }),
  });
const truth = new stats.MixtureDistribution([make([-20, 0, 20], 4), make([-6, 0, 6], 8)], { w: [0.5, 0.5] });
const [rows, validation] = stats.partition(truth.sampler(2).sample(600), [0.9, 0.1], { seed: 2 });

const each = new stats.CompositeEstimator([new stats.GaussianEstimator(), new stats.CategoricalEstimator<string>()]);
const machine = new stats.HiddenMarkovEstimator([each, each, each], {
  length: new stats.PoissonEstimator(),
  keys: { initial: 'first states', transitions: 'steps' },
});
const { model, trialScores } = stats.bestOf(rows, new stats.MixtureEstimator([machine, machine]), {
  trials: 3,
  seed: 1,
  validation,
});
near('starts that were tried', trialScores.length, 3, 0);
const wide = model.components[0].length.lambda < model.components[1].length.lambda ? 0 : 1;
const { emissions, length } = model.components[wide];
near('share of the first make', model.w[wide]!, 0.5, ofShare(0.5, 540));
near('things that it does', length.lambda, 4, 5 * Math.sqrt(4 / 270));
near('its highest state', Math.max(...emissions.map(({ dists }) => dists[0].mu)), 20, 0.5);
const steps = model.components.map((chain) => chain.transitions.flat().join());
near('tables of steps', new Set(steps).size, 1, 0);
// States are named in an order of their own: what stays is the same in any.
near(
  'how often a state stays',
  model.components[0].transitions.reduce((sum, row, s) => sum + row[s]!, 0) / 3,
  0.8,
  0.05,
);
const right = validation.filter((row) => truth.posterior(row)[0]! > 0.5 === model.posterior(row)[wide]! > 0.5);
atLeast('machines whose make is found', right.length / validation.length, 0.97);
