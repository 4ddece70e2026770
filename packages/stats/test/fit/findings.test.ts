import { expect, it } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const e = new GaussianEstimator();

it('names the degenerate parts of the model that it returns, even when that is the start', () => {
  const component = new CompositeEstimator([e, new CategoricalEstimator()]);
  const rows = Array.from({ length: 10 }, () => [1, 'a'] as const);
  const { findings } = optimize(rows, new MixtureEstimator([component, component]));
  expect(findings.map(({ kind, path }) => [kind, path])).toEqual([
    ['degenerate', 'components[0].dists[0]'],
    ['degenerate', 'components[1].dists[0]'],
  ]);
});

it('has nothing to say about an ordinary fit', () => {
  expect(optimize([1, 2, 8, 9], new MixtureEstimator([e, e]), { maxIterations: 3 }).findings).toEqual([]);
});
