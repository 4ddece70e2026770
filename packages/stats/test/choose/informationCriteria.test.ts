import { describe, expect, it } from 'vitest';
import { informationCriteria, parameterCount } from '../../src/choose/informationCriteria.js';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import type { AnyEstimator } from '../../src/contract.js';
import { EstimationError } from '../../src/errors.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const g = new GaussianEstimator();
const keyed = new GaussianEstimator({ key: 'g' });
const c = new CategoricalEstimator();
const pairs = Array.from({ length: 40 }, (_, i) => [i % 7, 'abc'[i % 3]!] as const);

describe('parameterCount', () => {
  const count = (estimator: AnyEstimator, rows: readonly unknown[]) =>
    parameterCount(estimator, optimize(rows, estimator, { maxIterations: 1 }).model);
  const numbers = pairs.map(([x]) => x);

  it.each<[string, number, AnyEstimator, readonly unknown[]]>([
    ['a Gaussian', 2, g, numbers],
    ['a categorical of 3 levels', 2, c, pairs.map(([, level]) => level)],
    ['a composite of both', 4, new CompositeEstimator([g, c]), pairs],
    [
      'a record with a missing rate',
      3,
      new RecordEstimator({ x: new OptionalEstimator(g) }),
      [...numbers, null].map((x) => ({ x })),
    ],
    ['a record without a gap, whose missing rate is left open', 2, new OptionalEstimator(g), numbers],
    ['an optional that ignores missing rows', 2, new OptionalEstimator(g, { ignoreMissing: true }), numbers],
    ['a mixture of three', 8, new MixtureEstimator([g, g, g]), numbers],
    [
      'a mixture of composites',
      9,
      new MixtureEstimator([new CompositeEstimator([g, c]), new CompositeEstimator([g, c])]),
      pairs,
    ],
    ['a mixture of a tied Gaussian', 3, new MixtureEstimator([keyed, keyed]), numbers],
    ['a mixture with fixed weights', 4, new MixtureEstimator([g, g], { fixedWeights: [0.5, 0.5] }), numbers],
    [
      'two mixtures with tied components',
      2 + 4,
      new CompositeEstimator([
        new MixtureEstimator([g, g], { keys: { components: 'k' } }),
        new MixtureEstimator([g, g], { keys: { components: 'k' } }),
      ]),
      numbers.map((x) => [x, 6 - x]),
    ],
    [
      'two mixtures with tied weights',
      1 + 8,
      new CompositeEstimator([
        new MixtureEstimator([g, g], { keys: { weights: 'w' } }),
        new MixtureEstimator([g, g], { keys: { weights: 'w' } }),
      ]),
      numbers.map((x) => [x, 6 - x]),
    ],
    [
      'tied Gaussians at two depths',
      2 + 1,
      new CompositeEstimator([keyed, new OptionalEstimator(keyed)]),
      [...numbers, null].map((x) => [x ?? 0, x]),
    ],
  ])('counts those of %s', (_, expected, estimator, rows) => {
    expect(count(estimator, rows)).toBe(expected);
  });

  it('refuses to guess for a family that does not say', () => {
    const silent = Object.defineProperty(new GaussianEstimator(), 'parameterBlocks', { value: undefined });
    expect(() => count(silent, numbers)).toThrow(EstimationError);
    expect(() => count(new CompositeEstimator([silent, c]), pairs)).toThrow(/parameterBlocks/);
  });
});

describe('informationCriteria', () => {
  it('is the textbook formula', () => {
    const rows = [1, 2, 3, 4];
    const { model } = optimize(rows, g);
    const logLikelihood = -2 * Math.log(2 * Math.PI * 1.25) - 2; // n/2 log 2πσ² + n/2, with σ² = 1.25
    expect(informationCriteria(rows, g, model)).toEqual({
      logLikelihood: expect.closeTo(logLikelihood, 12),
      parameterCount: 2,
      weight: 4,
      n: 4,
      aic: expect.closeTo(4 - 2 * logLikelihood, 12),
      bic: expect.closeTo(2 * Math.log(4) - 2 * logLikelihood, 12),
      caic: expect.closeTo(2 * (Math.log(4) + 1) - 2 * logLikelihood, 12),
      sabic: expect.closeTo(2 * Math.log(6 / 24) - 2 * logLikelihood, 12),
    });
  });

  it('adds the entropy of the components to BIC for ICL', () => {
    const half = new GaussianDistribution({ mu: 0, sigma2: 1 });
    const estimator = new MixtureEstimator([g, g]);
    // Components that cannot be told apart: log 2 nats of doubt per row.
    const blind = informationCriteria([0, 1, 2], estimator, new MixtureDistribution([half, half], { w: [0.5, 0.5] }));
    expect(blind.icl! - blind.bic).toBeCloseTo(2 * 3 * Math.log(2), 12);
    expect(blind.entropy).toBeCloseTo(3 * Math.log(2), 12);
    expect(blind.entropyR2).toBeCloseTo(0, 12);
    const far = new GaussianDistribution({ mu: 1000, sigma2: 1 });
    const clear = informationCriteria([0, 1000], estimator, new MixtureDistribution([half, far], { w: [0.5, 0.5] }));
    expect(clear.icl).toBe(clear.bic);
    expect([clear.entropy, clear.entropyR2]).toEqual([0, 1]);
    const alone = informationCriteria([0, 1], new MixtureEstimator([g]), new MixtureDistribution([half], { w: [1] }));
    expect(alone.entropyR2).toBe(1);
  });

  it('takes weights as rows', () => {
    const { model } = optimize([1, 2, 4], g);
    const weighted = informationCriteria([1, 2, 4], g, model, { weights: [1, 0, 2] });
    const repeated = informationCriteria([1, 4, 4], g, model);
    expect(weighted.bic).toBeCloseTo(repeated.bic, 12);
  });

  it('counts the items of sequences, or the sequences', () => {
    const lists = [[1, 2, 3], [2, 5], [], [4]];
    const estimator = new SequenceEstimator(g);
    const { model } = optimize(lists, estimator);
    const n = (unit: 'items' | 'sequences') => informationCriteria(lists, estimator, model, { unit }).n;
    expect([n('items'), n('sequences')]).toEqual([7, 4]); // the empty one counts as one item
    expect(informationCriteria(lists, estimator, model, { weights: [2, 1, 0, 1] }).n).toBe(9);
    expect(informationCriteria(lists, estimator, model).bic).toBe(
      informationCriteria(lists, estimator, model, { unit: 'items' }).bic,
    );
    expect(() => informationCriteria(lists, estimator, model, { unit: 'rows' as never })).toThrow(/"items" or/);
    expect(() => informationCriteria(lists, estimator, model, { wieghts: [1] } as never)).toThrow(/"weights"/);
  });

  it('chooses the number of components that made the rows', () => {
    const truth = new MixtureDistribution(
      [-6, 0, 6].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
      { w: [0.3, 0.3, 0.4] },
    );
    const rows = truth.sampler(5).sample(400);
    const bic = [1, 2, 3, 4].map((k) => {
      const estimator = new MixtureEstimator(Array<GaussianEstimator>(k).fill(g));
      return informationCriteria(rows, estimator, optimize(rows, estimator, { seed: 1 }).model).bic;
    });
    expect(bic.indexOf(Math.min(...bic)) + 1).toBe(3);
  });
});
