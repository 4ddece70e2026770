/** Sizes that no memory holds are refused before anything is made of them. */
import { expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const g = new stats.GaussianEstimator();
const cases: readonly (readonly [name: string, make: (n: number) => unknown])[] = [
  ['words', (n) => new stats.IntegerPlsiEstimator({ stateCount: 2, valueCount: n, documentCount: 2 })],
  ['states', (n) => new stats.IntegerPlsiEstimator({ stateCount: n, valueCount: 2, documentCount: 2 })],
  ['documents', (n) => new stats.IntegerPlsiEstimator({ stateCount: 2, valueCount: 2, documentCount: n })],
  ['values of a chain', (n) => new stats.IntegerMarkovChainEstimator({ valueCount: n })],
  ['a lag', (n) => new stats.IntegerMarkovChainEstimator({ valueCount: 3, lag: n })],
  ['steps back', (n) => new stats.LookbackHiddenMarkovEstimator([g, g] as never, { lag: n })],
  ['mixtures of topics', (n) => new stats.HierarchicalMixtureEstimator([g, g], { mixtureCount: n })],
  ['a truncation', (n) => new stats.DirichletProcessMixtureEstimator(g as never, { truncation: n })],
  ['components', (n) => stats.gaussianMixtureEstimator(n)],
  ['diagonal components', (n) => stats.diagonalGaussianMixtureEstimator(n)],
  ['full components', (n) => stats.multivariateGaussianMixtureEstimator(n)],
  ['shaped components', (n) => stats.shapedGaussians(n, { covariance: 'EEE' })],
  ['copies', (n) => stats.copies(n, g)],
  ['places', (n) => stats.rankingDepth('a', [['a', 1]], n)],
  ['draws', (n) => new stats.GaussianDistribution({ mu: 0, sigma2: 1 }).sampler(1).sample(n)],
];

it.each(cases)('%s: the limit is named', (_, make) => {
  for (const n of [2 ** 33, 2 ** 53 - 1]) {
    expect(() => make(n)).toThrow(
      expect.objectContaining({ code: 'PARAMETER', message: expect.stringMatching(/ at most | <= \d+/) }),
    );
  }
});
