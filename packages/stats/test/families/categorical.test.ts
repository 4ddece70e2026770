import { describe, it } from 'vitest';
import { CategoricalDistribution, CategoricalEstimator, type Level } from '../../src/families/categorical.js';
import { checkFamily } from '../../src/testing/index.js';

const laws = checkFamily({
  distributions: [
    new CategoricalDistribution<Level>([
      ['a', 0.25],
      ['b', 0.5],
      ['c', 0.25],
    ]),
    new CategoricalDistribution<Level>([
      [1, 0.125],
      ['1', 0.375],
      [true, 0.25],
      [null, 0.25],
    ]),
    new CategoricalDistribution<Level>([['only', 1]]),
  ],
  estimator: new CategoricalEstimator<Level>(),
  keyed: new CategoricalEstimator<Level>({ key: 'shared' }),
  refused: [Number.NaN, undefined, {}, [], Symbol.iterator, 1n],
  impossible: ['never seen', -17],
  parameters: (d: CategoricalDistribution<Level>) => ['a', 'b', 1, '1', true].map((level) => d.density(level)),
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});
