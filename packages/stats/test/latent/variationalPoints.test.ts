import { expect, it } from 'vitest';
import {
  BernoulliEstimator,
  BetaDistribution,
  CompositeEstimator,
  GaussianEstimator,
  HiddenMarkovEstimator,
  NormalGammaDistribution,
  optimize,
  variational,
} from '../../src/index.js';

it('a part that is known as a point adds the log prior below it, so that the bound climbs', () => {
  const prior = new NormalGammaDistribution({ mu: 0, lambda: 20, alpha: 30, beta: 5 });
  const item = new GaussianEstimator({ prior });
  const told = new BernoulliEstimator({ prior: new BetaDistribution({ alpha: 2, beta: 2 }) });
  const estimator = variational(new CompositeEstimator([told, new HiddenMarkovEstimator([item, item])]));
  const rows: [boolean, number[]][] = [
    [true, [0, 5, 6]],
    [false, [4, 9]],
    [true, [8, 1, 2]],
  ];
  for (const seed of [1, 2, 3, 4, 5]) {
    const fit = optimize(rows, estimator, { seed, acceleration: 'none', delta: 1e-12 });
    expect(fit.reason).toBe('converged');
    for (const { change } of fit.path.slice(1)) expect(change).toBeGreaterThan(-1e-9);
  }
});
