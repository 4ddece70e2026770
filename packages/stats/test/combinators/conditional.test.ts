import { describe, expect, expectTypeOf, it } from 'vitest';
import { ConditionalDistribution, ConditionalEstimator } from '../../src/combinators/conditional.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const e = new GaussianEstimator();
const given = new CategoricalDistribution({ a: 0.3, b: 0.5, z: 0.2 });
const full = (mu: number) =>
  new ConditionalDistribution({ a: gaussian(mu), b: gaussian(mu + 9) }, { otherwise: gaussian(-mu), given });
const estimatorOf = (key?: string) =>
  new ConditionalEstimator(
    { a: e, b: e },
    { otherwise: e, given: new CategoricalEstimator(), ...(key === undefined ? {} : { key }) },
  );

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'conditioned'],
    distributions: [full(3), full(50)],
    unbounded: {
      distribution: new ConditionalDistribution({ a: new GammaDistribution({ shape: 0.5, scale: 1 }) }),
      pole: ['a', 0],
    },
    estimator: estimatorOf(),
    keyed: estimatorOf('shared'),
    refused: [1, ['a'], ['a', Number.NaN], [{}, 1], ['z', 'x'], [undefined, 1], ['a', 1, 2]],
    parameters: ({ dists, otherwise, given: g }: ReturnType<typeof full>) => [
      dists.get('a')!.mu,
      dists.get('b')!.mu,
      otherwise!.sigma2,
      g.p.get('a')!,
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with a mixture for one level', () => {
  const mixture = new MixtureDistribution([gaussian(0), gaussian(8)], { w: [0.5, 0.5] });
  const g = new CategoricalDistribution<number>([
    [1, 0.5],
    [2, 0.5],
  ]);
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'conditioned'],
    notShown: ['isUnbounded', 'kind'],
    distributions: [
      new ConditionalDistribution<
        MixtureDistribution<[GaussianDistribution, GaussianDistribution]> | GaussianDistribution,
        never,
        typeof g,
        number
      >(
        [
          [1, mixture as never],
          [2, gaussian(3)],
        ],
        { given: g },
      ),
    ],
    estimator: new ConditionalEstimator<
      MixtureEstimator<[GaussianEstimator, GaussianEstimator]> | GaussianEstimator,
      never,
      CategoricalEstimator<number>,
      number
    >(
      [
        [1, new MixtureEstimator([e, e]) as never],
        [2, e],
      ],
      { given: new CategoricalEstimator<number>() },
    ),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a conditional', () => {
  it('scores a level without a distribution as impossible, wherever it stands', () => {
    const d = new ConditionalDistribution({ a: gaussian(0), b: gaussian(5) });
    const rows = [
      ['a', 0.5],
      ['zz', 0.1],
      ['b', 2.5],
      ['zz', 1],
      ['a', -0.25],
    ] as const;
    const out = new Float64Array(rows.length);
    d.seqLogDensity(d.encoder().encode(rows), 0, rows.length, out);
    expect([...out]).toEqual(rows.map((row) => d.logDensity(row)));
    expect(out[1]).toBe(-Infinity);
  });

  it('learns each level from its own rows, and reports levels without rows', () => {
    const { model } = optimize(
      [
        ['a', 1],
        ['b', 10],
        ['a', 3],
        ['q', 7],
      ],
      new ConditionalEstimator({ a: e, b: e }, { otherwise: e }),
    );
    expect([...model.dists].map(([level, { mu }]) => [level, mu])).toEqual([
      ['a', 2],
      ['b', 10],
    ]);
    expect(model.otherwise!.mu).toBe(7);
    const found: string[] = [];
    const estimator = new ConditionalEstimator({ a: e });
    const report = { add: (kind: string) => void found.push(kind), at: () => report };
    estimator.estimate(estimator.accumulator(estimator.encoder().encode([])).value(), report);
    expect(found).toEqual(['dead']);
  });

  it('tells 1 from "1"', () => {
    const d = new ConditionalDistribution<GaussianDistribution, GaussianDistribution, never, number | string>(
      new Map<number | string, GaussianDistribution>([
        [1, gaussian(0)],
        ['1', gaussian(9)],
      ]),
    );
    expect(d.logDensity([1, 0])).toBe(d.logDensity(['1', 9]));
  });

  it('draws values for a given level', () => {
    expect(full(3).sampleGiven('b', 1).sample(3)).toHaveLength(3);
    expect(() => new ConditionalDistribution({ a: gaussian(0) }).sampler(1)).toThrow(
      expect.objectContaining({ code: 'PARAMETER' }),
    );
    expect(() => new ConditionalDistribution({ a: gaussian(0) }).sampleGiven('x', 1).sample()).toThrow(
      expect.objectContaining({ code: 'PARAMETER' }),
    );
  });

  it('refuses rows that were grouped for other levels', () => {
    const [one, other] = [
      new ConditionalDistribution({ a: gaussian(0) }),
      new ConditionalDistribution({ b: gaussian(0) }),
    ];
    const columns = one.encoder().encode([['b', 1]]);
    expect(() => other.seqLogDensity(columns, 0, 1, new Float64Array(1))).toThrow(
      expect.objectContaining({ code: 'ESTIMATION' }),
    );
  });

  it('carries the types of level and value', () => {
    const { model } = optimize([['a', 1]], estimatorOf());
    expectTypeOf(model.dists.get('a')!.mu).toEqualTypeOf<number>();
    // @ts-expect-error the value of a Gaussian is a number
    expect(() => optimize([['a', 'b']], estimatorOf())).toThrow(expect.objectContaining({ code: 'DATA', path: [1] }));
  });
});
