import { describe, expect, it } from 'vitest';
import type { AnyEstimator } from '../../src/contract.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { optimize } from '../../src/fit/optimize.js';
import { seqEncode, seqEstimate } from '../../src/fit/sequential.js';
import * as stats from '../../src/index.js';

// The start of a table was once smoothed by a row even without a hidden variable. With a prior the likelihood of the rows then fell
// in the first iteration, and the smoothed start was returned instead of the estimate.
it('returns the posterior mode of a categorical with a prior, not its start', () => {
  const estimator = new CategoricalEstimator({ pseudoCount: 4, prior: { a: 0.25, b: 0.75 } });
  const { model } = optimize(['b', 'b', 'b', 'b'], estimator);
  expect(model.p.get('a')).toBeCloseTo(1 / 8, 12);
  expect(model.p.get('b')).toBeCloseTo(7 / 8, 12);
});

it('returns the posterior mode of an integer categorical with a prior', () => {
  const estimator = new IntegerCategoricalEstimator({ pseudoCount: 4, prior: { min: 0, p: [0.25, 0.75] } });
  const { model } = optimize([2, 2, 2, 2], estimator);
  expect(model.p).toEqual([1 / 8, 3 / 8, 1 / 2]);
});

// Once the likelihood of the rows alone stopped such a fit: from the likelihood's own maximum every step towards the prior loses
// some, so the first was refused and the fit ended 'decreased' where it began.
describe('a fit with a prior', () => {
  const rows = [0, 0, 1, 1, 0, 7, 6, 8, 7, 7].map((count, i) => ({ count, group: i < 6 ? 'a' : 'b' }));
  const part = (pseudoCount: number) =>
    new stats.RecordEstimator({
      count: new stats.PoissonEstimator({ pseudoCount, prior: { lambda: 3 } }),
      group: new CategoricalEstimator<string>({ pseudoCount }),
    });
  const mixture = (pseudoCount: number) =>
    new stats.MixtureEstimator([part(pseudoCount), part(pseudoCount)], { pseudoCount });
  const options = { maxIterations: 2000, deltaPerRow: 1e-13 };
  const plain = optimize(rows, mixture(0), { seed: 1, ...options });

  it('goes on to the posterior mode, even from the maximum of the likelihood', () => {
    const fit = optimize(rows, mixture(4), { initialModel: plain.model, ...options });
    expect(fit.reason).toBe('converged');
    expect(fit.path[1]!.change).toBeLessThan(0);
    expect(fit.bestIteration).toBe(fit.iterations);
    const next = seqEstimate(seqEncode(rows, mixture(4)), mixture(4), fit.model);
    next.components.forEach((component, k) => {
      expect(component.fields.count.lambda).toBeCloseTo(fit.model.components[k]!.fields.count.lambda, 5);
    });
    expect(fit.logLikelihood).toBeLessThan(plain.logLikelihood);
  });

  it('without imaginary rows is an ordinary fit', () => {
    const fit = optimize(rows, mixture(0), { initialModel: plain.model, ...options });
    expect(fit.path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(plain.logLikelihood);
  });

  it('knows its imaginary rows, wherever in the model they are', () => {
    const leaf = new stats.GaussianEstimator({ prior: { sigma2: 1, sigma2Count: 2 } });
    const none = new stats.GaussianEstimator({ prior: { mu: 1, muCount: 0, sigma2Count: 0 } });
    const within = (e: AnyEstimator, length: stats.PoissonEstimator): AnyEstimator[] => [
      new stats.CompositeEstimator([e]),
      new stats.RecordEstimator({ a: e }),
      new stats.OptionalEstimator(e),
      new stats.SequenceEstimator(e),
      new stats.WeightedEstimator(e),
      new stats.SelectEstimator([e], { choose: () => 0 }),
      new stats.ConditionalEstimator({ a: e }),
      new stats.MixtureEstimator([e]),
      new stats.HierarchicalMixtureEstimator([e], { mixtureCount: 2 }),
      new stats.HiddenMarkovEstimator([e]),
      new stats.MarkovChainEstimator({ length }),
      new stats.IntegerMarkovChainEstimator({ valueCount: 2, length }),
    ];
    const shown = within(leaf, new stats.PoissonEstimator({ pseudoCount: 2, prior: { lambda: 1 } }));
    const plainOnes = within(none, new stats.PoissonEstimator());
    expect(shown.map((e) => e.hasPrior)).toEqual(shown.map(() => true));
    expect(plainOnes.map((e) => e.hasPrior)).toEqual(plainOnes.map(() => false));
  });
});
