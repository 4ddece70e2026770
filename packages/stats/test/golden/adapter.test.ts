import { describe, expect, it } from 'vitest';
import type { GaussianDistribution } from '../../src/families/gaussian.js';
import type { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { build } from './adapter.js';
import { runCase } from './cases.js';

const gaussian = { type: 'Gaussian', mu: 0, sigma2: 1 };

describe('the adapters of the golden files', () => {
  it('fail on a name that they do not read, wherever it stands', () => {
    expect(() => build.estimator({ type: 'Gaussian', pseudoCounts: 1 })).toThrow('does not know pseudoCounts');
    expect(() => build.distribution({ ...gaussian, sigma: 1 })).toThrow('does not know sigma');
    expect(() => build.estimator({ type: 'Composite', dists: [{ type: 'Poisson', rate: 1 }] })).toThrow('rate');
    expect(() => runCase({ name: 'a', params: gaussian, data: [1], quantile: [0.5] })).toThrow('quantile');
  });

  it('follow the conventions that the golden files describe in words', () => {
    const replaced = build.distribution({ type: 'Gaussian', mu: 2, sigma2: 'NaN' }) as GaussianDistribution;
    expect(replaced.sigma2).toBe(1);
    const listed = build.distribution({ type: 'Conditional', dmap: [gaussian, { ...gaussian, mu: 5 }] });
    expect(listed.logDensity([1, 5])).toBe(build.distribution(gaussian).logDensity(0));
    const estimator = build.estimator({
      type: 'Mixture',
      components: [{ type: 'Gaussian' }, { type: 'Gaussian' }],
      pseudoCount: 2,
      suffStat: [3, 1],
    }) as MixtureEstimator<never>;
    expect(estimator.options).toMatchObject({ pseudoCount: 8, prior: [0.75, 0.25] });
  });
});
