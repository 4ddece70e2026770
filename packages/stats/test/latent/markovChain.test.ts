import { describe, expect, it } from 'vitest';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MarkovChainDistribution, MarkovChainEstimator } from '../../src/latent/markovChain.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const weather = (stay: number) =>
  new MarkovChainDistribution({
    initial: { rain: 0.5, sun: 0.5 },
    transitions: { rain: { rain: stay, sun: 1 - stay }, sun: { rain: 0.25, sun: 0.75 } },
    length: new PoissonDistribution({ lambda: 5 }),
  });

const laws = checkFamily({
  offers: PARENT,
  distributions: [weather(0.75), weather(0.5)],
  estimator: new MarkovChainEstimator({ length: new PoissonEstimator() }),
  keyed: new MarkovChainEstimator({ length: new PoissonEstimator(), key: 'chain' }),
  rows: [[], ['rain']],
  refused: [3, null, 'rain', [undefined]],
  impossible: [['snow'], ['rain', 'snow']],
  parameters: ({ initial, transitions }: ReturnType<typeof weather>) => [
    initial.get('rain')!,
    transitions.get('rain')!.get('rain')!,
    transitions.get('sun')!.get('sun')!,
  ],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

it('counts steps: the closed form of two sequences', () => {
  const { model } = optimize(
    [
      ['a', 'b', 'b', 'a'],
      ['b', 'a'],
    ],
    new MarkovChainEstimator(),
  );
  expect(model.initial.get('a')).toBe(0.5);
  expect([...model.transitions.get('b')!]).toEqual([
    ['a', 2 / 3],
    ['b', 1 / 3],
  ]);
  expect(model.transitions.get('a')!.get('b')).toBe(1);
});

it('tells 1 from "1"', () => {
  const { model } = optimize([[1, '1', 1, '1']], new MarkovChainEstimator<number | string>());
  expect(model.density([1, '1'])).toBe(1);
  expect(model.density(['1', '1'])).toBe(0);
});

it('ends a walk into a state without a table with a clear error', () => {
  const chain = new MarkovChainDistribution({
    initial: { a: 1 },
    transitions: { a: { b: 1 } },
    length: new PoissonDistribution({ lambda: 50 }),
  });
  expect(() => chain.sampler(1).sample()).toThrow(/state "b" has no transitions/);
});
