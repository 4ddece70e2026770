import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';
import { klDivergence } from '../../src/index.js';

type Pair = readonly [stats.AnyDistribution, stats.AnyDistribution];

const gaussians = [
  new stats.GaussianDistribution({ mu: 0.5, sigma2: 2 }),
  new stats.GaussianDistribution({ mu: -1, sigma2: 3 }),
] as const;
const letters = [
  new stats.CategoricalDistribution({ a: 0.25, b: 0.75 }),
  new stats.CategoricalDistribution({ b: 0.5, a: 0.3, c: 0.2 }),
] as const;
const poissons = [new stats.PoissonDistribution({ lambda: 3 }), new stats.PoissonDistribution({ lambda: 5 })] as const;

/** Models of one family each, over numbers: p and q. */
const scalars: Readonly<Record<string, Pair>> = {
  Gaussian: gaussians,
  LogGaussian: [
    new stats.LogGaussianDistribution({ mu: 0.2, sigma2: 0.3 }),
    new stats.LogGaussianDistribution({ mu: 0, sigma2: 0.5 }),
  ],
  Exponential: [new stats.ExponentialDistribution({ mean: 2 }), new stats.ExponentialDistribution({ mean: 3 })],
  Gamma: [new stats.GammaDistribution({ shape: 2.5, scale: 1.5 }), new stats.GammaDistribution({ shape: 3, scale: 1 })],
  Weibull: [
    new stats.WeibullDistribution({ shape: 1.5, scale: 2 }),
    new stats.WeibullDistribution({ shape: 2, scale: 2.5 }),
  ],
  Beta: [new stats.BetaDistribution({ alpha: 2, beta: 3 }), new stats.BetaDistribution({ alpha: 3, beta: 2.5 })],
  Uniform: [new stats.UniformDistribution({ min: 1, max: 2 }), new stats.UniformDistribution({ min: 0, max: 4 })],
};
const integers: Readonly<Record<string, Pair>> = {
  Poisson: poissons,
  Geometric: [new stats.GeometricDistribution({ p: 0.3 }), new stats.GeometricDistribution({ p: 0.5 })],
  Binomial: [
    new stats.BinomialDistribution({ n: 9, p: 0.3, min: 1 }),
    new stats.BinomialDistribution({ n: 9, p: 0.6, min: 1 }),
  ],
  NegativeBinomial: [
    new stats.NegativeBinomialDistribution({ mean: 3, size: 2 }),
    new stats.NegativeBinomialDistribution({ mean: 4, size: 2 }),
  ],
  IntegerCategorical: [
    new stats.IntegerCategoricalDistribution({ min: 2, p: [0.5, 0.5] }),
    new stats.IntegerCategoricalDistribution({ min: 1, p: [0.2, 0.3, 0.5] }),
  ],
};

describe('against the sum or the integral of p log(p/q)', () => {
  it.each(Object.entries(integers))('%s', (_, [p, q]) => {
    let sum = 0;
    for (let x = 0; x < 400; x++) {
      const score = p.logDensity(x as never);
      if (score > -Infinity) sum += Math.exp(score) * (score - q.logDensity(x as never));
    }
    expect(klDivergence(p, q)).toBeCloseTo(sum, 11);
  });

  it.each(Object.entries(scalars))('%s', (_, [p, q]) => {
    // The midpoint rule in the probabilities of p, by its quantiles.
    const { quantile } = p as unknown as { quantile(p: number): number };
    const count = 200_000;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const x = quantile.call(p, (i + 0.5) / count) as never;
      sum += (p.logDensity(x) - q.logDensity(x)) / count;
    }
    expect(klDivergence(p, q)).toBeCloseTo(sum, 3);
  });

  it('conditionals, by the levels and the values of each', () => {
    const of = (a: number, inA: number, other: number, size: number) =>
      new stats.ConditionalDistribution(
        { a: new stats.IgnoredDistribution(new stats.CategoricalDistribution({ x: inA, y: 1 - inA })) },
        {
          otherwise: new stats.IgnoredDistribution(new stats.CategoricalDistribution({ x: other, y: 1 - other })),
          given: new stats.CategoricalDistribution({ a, b: (1 - a) * size, c: (1 - a) * (1 - size) }),
        },
      );
    const [p, q] = [of(0.3, 0.9, 0.4, 0.5), of(0.6, 0.5, 0.2, 0.25)];
    const rows = ['a', 'b', 'c'].flatMap((level) => ['x', 'y'].map((value) => [level, value] as [string, string]));
    const sum = rows.reduce((total, row) => total + p.density(row) * (p.logDensity(row) - q.logDensity(row)), 0);
    expect(klDivergence(p, q)).toBeCloseTo(sum, 13);
    const closed = new stats.ConditionalDistribution({ a: p.dists.get('a')! }, { given: q.given });
    expect(klDivergence(p, closed)).toBe(Infinity);
    const open = new stats.ConditionalDistribution({ a: p.dists.get('a')! });
    expect(() => klDivergence(open, open)).toThrow('given must be a categorical distribution of the levels');
  });

  it('Gaussian vectors, which agree with numbers where coordinates are independent', () => {
    const p = new stats.DiagonalGaussianDistribution({ mu: [0.5, 1], sigma2: [2, 1] });
    const q = new stats.DiagonalGaussianDistribution({ mu: [-1, 1], sigma2: [3, 4] });
    const sum = klDivergence(gaussians[0], gaussians[1]) + 0.5 * (1 / 4 - 1 - Math.log(1 / 4));
    expect(klDivergence(p, q)).toBeCloseTo(sum, 12);
    const full = [p, q].map(
      ({ mu, sigma2 }) =>
        new stats.MultivariateGaussianDistribution({
          mu,
          covariance: sigma2.map((v, i) => sigma2.map((_, j) => (i === j ? v : 0))),
        }),
    );
    expect(klDivergence(full[0]!, full[1]!)).toBeCloseTo(sum, 12);
    // Invariant under a rotation by 45°, with mean and covariance turned alike.
    const s = Math.SQRT1_2;
    const turned = full.map(({ mu, covariance }) => {
      const [a, b] = [covariance[0]![0]!, covariance[1]![1]!];
      return new stats.MultivariateGaussianDistribution({
        mu: [s * (mu[0]! - mu[1]!), s * (mu[0]! + mu[1]!)],
        covariance: [
          [(a + b) / 2, (a - b) / 2],
          [(a - b) / 2, (a + b) / 2],
        ],
      });
    });
    expect(klDivergence(turned[0]!, turned[1]!)).toBeCloseTo(sum, 12);
  });

  it('Dirichlet, which is the beta distribution in two coordinates', () => {
    const [p, q] = scalars.Beta as unknown as readonly stats.BetaDistribution[];
    const dirichlet = ({ alpha, beta }: stats.BetaDistribution) =>
      new stats.DirichletDistribution({ alpha: [alpha, beta] });
    expect(klDivergence(dirichlet(p!), dirichlet(q!))).toBeCloseTo(klDivergence(p!, q!), 12);
  });
});

describe('parts', () => {
  it('add up', () => {
    const levels = 0.25 * Math.log(0.25 / 0.3) + 0.75 * Math.log(0.75 / 0.5);
    expect(klDivergence(letters[0], letters[1])).toBeCloseTo(levels, 14);
    expect(klDivergence(letters[1], letters[0])).toBe(Infinity); // c has no mass there
    const record = (k: 0 | 1) => new stats.RecordDistribution({ x: gaussians[k], kind: letters[k] });
    const ofNumbers = klDivergence(gaussians[0], gaussians[1]);
    expect(klDivergence(record(0), record(1))).toBeCloseTo(levels + ofNumbers, 13);
    const gap = (k: 0 | 1) => new stats.OptionalDistribution(gaussians[k], { p: [0.2, 0.5][k]! });
    const ofGap = 0.2 * Math.log(0.2 / 0.5) + 0.8 * Math.log(0.8 / 0.5);
    expect(klDivergence(gap(0), gap(1))).toBeCloseTo(ofGap + 0.8 * ofNumbers, 13);
    const list = (k: 0 | 1) => new stats.SequenceDistribution(gaussians[k], { length: poissons[k] });
    expect(klDivergence(list(0), list(1))).toBeCloseTo(klDivergence(poissons[0], poissons[1]) + 3 * ofNumbers, 13);
    const sets = [0.2, 0.4].map((p) => new stats.BernoulliSetDistribution(new Map([['a', p]])));
    expect(klDivergence(sets[0]!, sets[1]!)).toBeCloseTo(0.2 * Math.log(0.5) + 0.8 * Math.log(0.8 / 0.6), 14);
  });
});

it('is 0 for equal models, and keeps its digits for models that are nearly so', () => {
  for (const [p] of [...Object.values(scalars), ...Object.values(integers)])
    expect(klDivergence(p, p)).toBeCloseTo(0, 13);
  const near = new stats.GaussianDistribution({ mu: 0.5, sigma2: 2 * (1 + 1e-6) });
  // ½ (r - 1 - log r) with r = 1 / (1 + 1e-6): e²/4 for a small e.
  expect(klDivergence(gaussians[0], near) / 2.5e-13).toBeCloseTo(1, 5);
});

it('refuses what has no closed form, and models that differ in kind', () => {
  const t = new stats.StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 3 });
  expect(() => klDivergence(t, t)).toThrow(/family with a closed form .* or use empiricalKlDivergence/);
  expect(() => klDivergence<stats.AnyDistribution>(gaussians[0], poissons[0])).toThrow(
    /q.type must be as that of p, Gaussian/,
  );
  const nine = new stats.BinomialDistribution({ n: 9, p: 0.5 });
  expect(() => klDivergence(nine, new stats.BinomialDistribution({ n: 8, p: 0.5 }))).toThrow(
    /q.n must be as that of p, 9/,
  );
  expect(() => klDivergence<stats.AnyDistribution>(undefined as never, nine)).toThrow(
    /klDivergence: p must be a distribution/,
  );
});

it('takes many levels, and names those that differ', () => {
  const of = (first: number) =>
    new stats.CategoricalDistribution(
      new Map(Array.from({ length: 100_000 }, (_, k) => [(first + k) % 100_000, 1e-5])),
    );
  expect(klDivergence(of(0), of(7))).toBeCloseTo(0, 12); // the same levels, in another order
  const set = (level: string) => new stats.BernoulliSetDistribution(new Map([[level, 0.5]]));
  expect(() => klDivergence(set('a'), set('b'))).toThrow(/q.levels must be those of p, \["a"\], found \["b"\]/);
  const integers = [[0.2], [0.4]].map((p) => new stats.IntegerBernoulliSetDistribution({ p }));
  expect(klDivergence(integers[0]!, integers[1]!)).toBeCloseTo(0.2 * Math.log(0.5) + 0.8 * Math.log(0.8 / 0.6), 14);
});

it('holds at the borders', () => {
  const of = (label: string) =>
    new stats.SequenceDistribution(new stats.CategoricalDistribution(new Map([[label, 1]])), {
      length: new stats.PoissonDistribution({ lambda: 0 }),
    });
  expect(klDivergence(of('a'), of('b'))).toBe(0); // no list has an item
  const wide = new stats.GaussianDistribution({ mu: 0, sigma2: 1e300 });
  expect(klDivergence(wide, new stats.GaussianDistribution({ mu: 0, sigma2: 1e-300 }))).toBe(Infinity);
  // ½ δ² ψ′(a), with ψ′(a) = 1/a for a large a.
  const [one, other] = [1e12, 1e12 + 1e3].map((shape) => new stats.GammaDistribution({ shape, scale: 1 }));
  expect(klDivergence(one!, other!) / 5e-7).toBeCloseTo(1, 6);
  const set = (...levels: string[]) =>
    new stats.BernoulliSetDistribution(new Map(levels.map((level) => [level, level === 'a' ? 0.2 : 0.7])));
  expect(klDivergence(set('a', 'b'), set('b', 'a'))).toBe(0);
});
