import { createCodec } from '@dml/serialize';
import {
  BernoulliEstimator,
  ExponentialDistribution,
  ExponentialEstimator,
  GammaDistribution,
  GaussianDistribution,
  MixtureDistribution,
  MixtureEstimator,
  modelTypes,
  optimize,
  PoissonDistribution,
  PoissonEstimator,
} from '@dml/stats';
import { checkFamily, type OptionalMember } from '@dml/stats/testing';
import { describe, expect, it } from 'vitest';
import { LaplaceDistribution, LaplaceEstimator } from './laplace.js';
import { ShiftedDistribution, ShiftedEstimator } from './shifted.js';

const offers: readonly OptionalMember[] = [
  ...(['isUnbounded', 'violation', 'sameAs', 'parts', 'slice', 'take', 'concat', 'itemCount'] as const),
  ...(['rowCodes', 'squaredDistances', 'statisticLength', 'hasPrior', 'parameterBlocks'] as const),
  ...(['kind', 'children', 'begin', 'score', 'seqInitialize'] as const),
];
const late = (mean: number, shift: number) => new ShiftedDistribution(new ExponentialDistribution({ mean }), { shift });

describe('the law', () => {
  const laws = checkFamily({
    offers,
    notShown: ['rowCodes', 'seqInitialize'],
    distributions: [late(1, 5), late(0.25, 5)],
    unbounded: {
      distribution: new ShiftedDistribution(new GammaDistribution({ shape: 0.5, scale: 1 }), { shift: 5 }),
      pole: 5,
    },
    estimator: new ShiftedEstimator(new ExponentialEstimator(), { shift: 5 }),
    keyed: new ShiftedEstimator(new ExponentialEstimator(), { shift: 5, key: 'shared' }),
    refused: [4.9, Number.NaN, Infinity, '7', null, undefined],
    support: { interval: [5, Infinity] },
    moments: {
      of: (x: number) => x,
      mean: (d: ReturnType<typeof late>) => d.shift + d.dist.mean,
      sd: (d: ReturnType<typeof late>) => d.dist.mean,
    },
    parameters: (d: ReturnType<typeof late>) => [d.dist.mean],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for counts in a mixture', () => {
  const two = new MixtureDistribution(
    [new PoissonDistribution({ lambda: 1 }), new PoissonDistribution({ lambda: 9 })],
    {
      w: [0.5, 0.5],
    },
  );
  const laws = checkFamily({
    offers,
    notShown: ['isUnbounded', 'kind'],
    distributions: [new ShiftedDistribution(two, { shift: -3 })],
    estimator: new ShiftedEstimator(new MixtureEstimator([new PoissonEstimator(), new PoissonEstimator()]), {
      shift: -3,
    }),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a shifted family', () => {
  it('is the child, moved: a shifted Gaussian is a Gaussian', () => {
    const moved = new ShiftedDistribution(new GaussianDistribution({ mu: 1, sigma2: 4 }), { shift: 2 });
    const gaussian = new GaussianDistribution({ mu: 3, sigma2: 4 });
    for (const x of [-1, 3, 8.5]) expect(moved.logDensity(x)).toBeCloseTo(gaussian.logDensity(x), 14);
  });

  it('is two shifts in one, and takes a family of a third party', () => {
    const laplace = new LaplaceDistribution({ mu: 0, b: 2 });
    const twice = new ShiftedDistribution(new ShiftedDistribution(laplace, { shift: 3 }), { shift: -1 });
    expect(twice.logDensity(2)).toBe(laplace.logDensity(0));
    const estimator = new ShiftedEstimator(new LaplaceEstimator(), { shift: 10 });
    expect(optimize([11, 12, 16], estimator).model.dist.mu).toBe(2);
  });

  it('refuses a row with the value that was given', () => {
    const rows = [6, 4];
    expect(() => optimize(rows, new ShiftedEstimator(new ExponentialEstimator(), { shift: 5 }))).toThrow(
      'Shifted: row 1 must be a finite number >= 0 after 5 is subtracted, found 4.',
    );
    // @ts-expect-error the child must be a family over numbers
    expect(new ShiftedEstimator(new BernoulliEstimator(), { shift: 1 }).options.shift).toBe(1);
    // @ts-expect-error the rows are numbers
    expect(() => optimize(['a'], new ShiftedEstimator(new LaplaceEstimator(), { shift: 1 }))).toThrow('found "a"');
  });

  it('is saved and loaded with the child of a third party', () => {
    const codec = createCodec({ types: [...modelTypes, LaplaceDistribution, ShiftedDistribution] });
    const model = new ShiftedDistribution(new LaplaceDistribution({ mu: 0.1, b: 2 }), { shift: 1 / 3 });
    const loaded = codec.decode(codec.encode(model)) as typeof model;
    expect(loaded).toBeInstanceOf(ShiftedDistribution);
    expect(loaded.dist).toBeInstanceOf(LaplaceDistribution);
    for (const x of [-1, 0.5, 7]) expect(loaded.logDensity(x)).toBe(model.logDensity(x));
  });
});
