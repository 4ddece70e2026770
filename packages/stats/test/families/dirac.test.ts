import { describe, expect, it } from 'vitest';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import { DiracDistribution, DiracEstimator } from '../../src/families/dirac.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { QUERIES } from '../offers.js';

const OFFERS = [
  ...QUERIES,
  'violation',
  'squaredDistances',
  'seqAddLogDensity',
  'statisticLength',
  'parameterBlocks',
  'kind',
  'rowCodes',
  'sameAs',
] as const;

describe.each([0, -3, 2.5])('the law at %f', (value) => {
  const laws = checkFamily({
    offers: OFFERS,
    // There are no parameters; and the law of quantiles takes other numbers than integers for those of a density.
    notShown: Number.isInteger(value) ? ['parameterBlocks'] : ['parameterBlocks', 'quantile'],
    distributions: [new DiracDistribution({ value })],
    estimator: new DiracEstimator({ value }),
    keyed: new DiracEstimator({ value, key: 'shared' }),
    refused: [1, -2, Number.NaN, Infinity, '0', null, undefined, true],
    support: { rows: [value] },
    moments: { of: (x: number) => x, mean: () => value, sd: () => 0 },
    parameters: (d: DiracDistribution) => [d.value],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('Dirac', () => {
  it('gives one value all the mass', () => {
    const d = new DiracDistribution({ value: 3 });
    expect([2.999, 3, 3.001].map((x) => [d.density(x), d.cdf(x), d.survival(x)])).toEqual([
      [0, 0, 1],
      [1, 1, 0],
      [0, 1, 0],
    ]);
    expect([0, 0.5, 1].map((p) => d.quantile(p))).toEqual([3, 3, 3]);
    expect([d.mean, d.variance, d.mode, d.entropy]).toEqual([3, 0, 3, 0]);
  });

  it('scores rows of another value as impossible, whoever encoded them', () => {
    const out = new Float64Array(2);
    const columns = new DiracDistribution({ value: 2 }).encoder().encode([2, 2]);
    new DiracDistribution({ value: 3 }).seqLogDensity(columns, 0, 2, out);
    expect([...out]).toEqual([-Infinity, -Infinity]);
  });

  it('holds lists to one length', () => {
    const estimator = new SequenceEstimator(new GaussianEstimator(), { length: new DiracEstimator({ value: 2 }) });
    const { model } = optimize(
      [
        [1, 2],
        [3, 4],
      ],
      estimator,
    );
    expect(model.sampler(1).sample().length).toBe(2);
    expect(model.logDensity([1])).toBe(-Infinity);
    expect(() => optimize([[1, 2], [3]], estimator)).toThrow(
      expect.objectContaining({ code: 'DATA', row: 1, path: ['length'], expected: 'the number 2' }),
    );
  });

  it('says that no row reached it', () => {
    const e = new DiracEstimator({ value: 0 });
    const { findings } = optimize([4, 6, 5], new MixtureEstimator([new PoissonEstimator(), e]));
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'dead', path: 'components[1]' }));
    expect(() => new DiracEstimator({} as never)).toThrow('value must be a finite number');
  });
});
