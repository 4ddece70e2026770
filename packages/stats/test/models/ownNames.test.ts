import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';
import { everyFamily } from '../everyFamily.js';

/** Children may speak for themselves: of these models a row is one of the child. */
const TRANSPARENT = ['Ignored', 'Mixture', 'DirichletProcessMixture', 'Optional'];

const models = Object.values(everyFamily).map(({ model }) => [model.type, stats.modelFromJSON(model)] as const);
const messageOf = (call: () => unknown): string => {
  try {
    call();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('errors name the family that the user holds, not one that it is made of', () => {
  it.each(models)('%s: options of its estimator', (type, model) => {
    for (const options of [{ pseudoCount: -1 }, { pseudoCounts: 1 }]) {
      const message = messageOf(() => model.estimator(options as never));
      if (message !== '') expect(message).toMatch(new RegExp(`^${type}Distribution.estimator: `));
    }
  });

  it.each(models.filter(([type]) => !TRANSPARENT.includes(type)))('%s: what is no row of it', (type, model) => {
    for (const row of [Symbol.iterator, { no: 'row' }, 0.5, 'q', true]) {
      for (const encoder of [model.encoder(), model.estimator().encoder()]) {
        let error: unknown;
        try {
          encoder.encode([row as never]);
        } catch (thrown) {
          error = thrown;
        }
        if (error === undefined) continue;
        expect(error).toBeInstanceOf(stats.DataError);
        const { path, message } = error as stats.DataError;
        if (path.length === 0) expect(message).toMatch(new RegExp(`^${type}: row 0`));
      }
    }
  });

  it('an estimator of edits in two levels, and the components of a Dirichlet process', () => {
    expect(() => new stats.IntegerStepBernoulliEditEstimator({ pseudoCount: -1 })).toThrow(
      'IntegerStepBernoulliEditEstimator: pseudoCount must be',
    );
    const normal = new stats.GaussianDistribution({ mu: 0, sigma2: 1 });
    const process = new stats.DirichletProcessMixtureDistribution([normal, normal], {
      sticks: [new stats.BetaDistribution({ alpha: 2, beta: 3 })],
      concentration: new stats.GammaDistribution({ shape: 1, scale: 1 }),
      posteriors: [null, null],
    });
    expect(() => process.posterior('x' as never)).toThrow('DirichletProcessMixtureDistribution.posterior: x must be');
  });
});
