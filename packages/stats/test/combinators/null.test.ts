import { describe, expect, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { IgnoredDistribution, IgnoredEstimator } from '../../src/combinators/ignored.js';
import { NullDistribution, NullEstimator } from '../../src/combinators/null.js';
import { OptionalDistribution } from '../../src/combinators/optional.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { MultivariateGaussianDistribution } from '../../src/families/multivariateGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { ENCODER, QUERIES } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 4 });

describe('the law, for Null', () => {
  const laws = checkFamily({
    offers: [
      'seqAddLogDensity',
      'violation',
      'sameAs',
      'squaredDistances',
      'statisticLength',
      'parameterBlocks',
      'kind',
    ],
    notShown: ['kind'], // it has nothing to share: it takes no key
    distributions: [new NullDistribution()],
    estimator: new NullEstimator(),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for Ignored', () => {
  const laws = checkFamily({
    offers: [...ENCODER, ...QUERIES, 'isUnbounded', 'seqAddLogDensity', 'marginalOf', 'conditioned'],
    notShown: ['rowCodes', 'marginalOf', 'conditioned', 'entropy'], // a mixture has none
    distributions: [
      new IgnoredDistribution(gaussian(1)),
      new IgnoredDistribution(new MixtureDistribution([gaussian(0), gaussian(9)], { w: [0.5, 0.5] })),
    ],
    unbounded: { distribution: new IgnoredDistribution(new GammaDistribution({ shape: 0.5, scale: 1 })), pole: 0 },
    refused: ['x', Number.NaN],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for Ignored and its estimator', () => {
  const fixed = gaussian(1);
  const laws = checkFamily({
    offers: [
      ...QUERIES,
      'statisticLength',
      'parameterBlocks',
      'kind',
      'isUnbounded',
      'seqAddLogDensity',
      'violation',
      'sameAs',
      'squaredDistances',
      'marginalOf',
      'conditioned',
    ],
    notShown: ['isUnbounded', 'kind', 'parameterBlocks', 'marginalOf', 'conditioned'], // it has nothing to share, and rows change nothing
    distributions: [new IgnoredDistribution(fixed)],
    estimator: new IgnoredEstimator(fixed),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('Null beside other fields', () => {
  it('is a column of zeros, first or last', () => {
    for (const fields of [
      [new NullEstimator(), new GaussianEstimator()],
      [new GaussianEstimator(), new NullEstimator()],
    ]) {
      const at = fields[0] instanceof GaussianEstimator ? 0 : 1;
      const rows = [1, 2, 6].map((x) => (at === 0 ? [x, 'a'] : ['a', x]));
      const { model } = optimize(rows as never[], new CompositeEstimator(fields));
      expect((model.dists[at] as GaussianDistribution).mu).toBe(3);
      expect(model.logDensity(rows[0] as never)).toBe(model.dists[at]!.logDensity(rows[0]![at] as never));
    }
  });
});

describe('Ignored', () => {
  it('answers what its distribution does', () => {
    const covariance = [
      [2, 1],
      [1, 3],
    ];
    const vector = new MultivariateGaussianDistribution({ mu: [5, 6], covariance });
    expect(new IgnoredDistribution(vector)).toMatchObject({ mean: [5, 6], covariance });
    const sometimes = new IgnoredDistribution(new OptionalDistribution(gaussian(1), { p: 0.25 }));
    expect(sometimes).toMatchObject({ mean: 1, presence: 0.75 });
  });

  it('is the same distribution after a fit', () => {
    const fixed = gaussian(1);
    const estimator = new CompositeEstimator([new IgnoredEstimator(fixed), new GaussianEstimator()]);
    const { model } = optimize(
      [
        [5, 1],
        [7, 3],
      ],
      estimator,
    );
    expect(model.dists[0].dist).toBe(fixed);
    expect(model.dists[1].mu).toBe(2);
    expect(model).toBeInstanceOf(CompositeDistribution);
  });

  it('has no free parameters and keeps the row type', () => {
    const estimator = new IgnoredEstimator(gaussian(0));
    expect(estimator.parameterBlocks()).toEqual([]);
    expect(estimator.encoder().encode([1, 2]).rowCount).toBe(2);
    // @ts-expect-error rows of an ignored Gaussian are numbers
    expect(() => estimator.encoder().encode(['a'])).toThrow(expect.objectContaining({ code: 'DATA' }));
  });
});
