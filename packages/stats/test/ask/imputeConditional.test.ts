import { expect, it } from 'vitest';
import {
  CategoricalDistribution,
  ConditionalDistribution,
  GaussianDistribution,
  HiddenMarkovDistribution,
  impute,
  RecordDistribution,
} from '../../src/index.js';

const normal = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });

it('fills a conditional that is missing as a whole by a level and its value', () => {
  const conditional = new ConditionalDistribution(
    { u: normal(1), v: normal(9) },
    { given: new CategoricalDistribution({ u: 0.7, v: 0.3 }) },
  );
  const model = new RecordDistribution({ c: conditional, y: normal(0) });
  expect(impute(model, { c: null, y: 1 })).toEqual({ c: ['u', 1], y: 1 });
  expect(impute(model, { c: ['v', null], y: 1 } as never)).toEqual({ c: ['v', 9], y: 1 });
});

it('fills gaps between the items of a list, and refuses what is no item', () => {
  const states = new HiddenMarkovDistribution([normal(0), normal(9)], {
    w: [0.5, 0.5],
    transitions: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  });
  // The state of the gap does not depend on the others.
  expect(impute(states, [0, null, 9])[1]).toBeCloseTo(4.5, 14);
  expect(() => impute(states, [0, null, 'x'] as never)).toThrow(/impute: a value of Gaussian must be/);
});
