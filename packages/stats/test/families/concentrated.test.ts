/** Concentrated distributions against mpmath: see fixtures/make/concentrated.py. */
import { describe, expect, it } from 'vitest';
import {
  BetaDistribution,
  BinomialDistribution,
  type Columns,
  DirichletDistribution,
  type Distribution,
  GammaDistribution,
  NegativeBinomialDistribution,
  PoissonDistribution,
  WeibullDistribution,
} from '../../src/index.js';
import fixture from '../fixtures/concentrated.json' with { type: 'json' };

interface Case {
  readonly model: Readonly<Record<string, unknown>>;
  readonly x: number | readonly number[];
  readonly logDensity: number;
}

const cases = fixture as readonly Case[];

const families: Readonly<Record<string, { fromJSON(fields: Case['model']): Distribution<Case['x'], Columns> }>> = {
  Beta: BetaDistribution,
  Binomial: BinomialDistribution,
  Dirichlet: DirichletDistribution,
  Gamma: GammaDistribution,
  NegativeBinomial: NegativeBinomialDistribution,
  Poisson: PoissonDistribution,
  Weibull: WeibullDistribution,
} as never; // each has columns of its own

/**
 * A last digit of a parameter or of the row changes a log-density by 2^-53 · √concentration times how many standard deviations the
 * row lies from the mean; far away by as many last digits of the log-density itself. A Weibull takes the difference from λ, which is exact,
 * and a Dirichlet distribution knows that the point is on the simplex.
 */
function tolerance({ model, logDensity }: Case): number {
  if (model.type === 'Weibull' || model.type === 'Dirichlet') return 1e-12 * Math.max(1, Math.abs(logDensity));
  const concentration = Object.values(model).reduce<number>((sum, p) => sum + (typeof p === 'number' ? p : 0), 0);
  return 1e-12 * Math.max(1, Math.sqrt(concentration) / 100) * Math.max(1, Math.abs(logDensity));
}

describe.each(Object.keys(families))('%s', (type) => {
  const own = cases.filter(({ model }) => model.type === type);

  it('has a dozen cases or more', () => expect(own.length).toBeGreaterThanOrEqual(12));

  it.each(own.map((c) => [JSON.stringify(c.model), String(c.x), c] as const))(
    '%s keeps its digits at %s',
    (_, __, c) => {
      const model = families[type]!.fromJSON(c.model);
      const columns = model.encoder().encode([c.x]);
      const found = new Float64Array(1);
      model.seqLogDensity(columns, 0, 1, found);
      const allowed = tolerance(c);
      expect(Math.abs(model.logDensity(c.x) - c.logDensity)).toBeLessThanOrEqual(allowed);
      expect(Math.abs(found[0]! - c.logDensity)).toBeLessThanOrEqual(allowed);
      if (model.seqAddLogDensity === undefined) return;
      found[0] = 1;
      model.seqAddLogDensity(columns, 0, 1, found);
      expect(Math.abs(found[0]! - 1 - c.logDensity)).toBeLessThanOrEqual(2 * allowed);
    },
  );
});

describe('concentrated distributions', () => {
  it('have the limits at the ends of their support', () => {
    const gamma = new GammaDistribution({ shape: 1e6, scale: 1 });
    const beta = new BetaDistribution({ alpha: 1, beta: 1e6 });
    const poisson = new PoissonDistribution({ lambda: 1e6 });
    expect([0, Infinity, -1].map((x) => gamma.logDensity(x))).toEqual([-Infinity, -Infinity, -Infinity]);
    expect([0, 1].map((x) => beta.logDensity(x))).toEqual([expect.closeTo(Math.log(1e6), 9), -Infinity]);
    expect([0, -1, 0.5].map((x) => poisson.logDensity(x))).toEqual([-1e6, -Infinity, -Infinity]);
    expect([gamma, beta, poisson].map((d) => d.logDensity(Number.NaN))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('score a point mass', () => {
    for (const n of [0, 5]) {
      const [never, always] = [0, 1].map((p) => new BinomialDistribution({ n, p }));
      expect([never!.density(0), always!.density(n)]).toEqual([1, 1]);
    }
    expect(new BinomialDistribution({ n: 5, p: 1 }).density(4)).toBe(0);
    expect(new BinomialDistribution({ n: 5, p: 0 }).density(1)).toBe(0);
  });

  it('Gamma has a small divergence from one nearly like it', () => {
    // Equal shapes: k (u²/2 - u³/3 + …), with 1 + u the ratio of the scales.
    const u = -(2 ** -15);
    const [from, to] = [1 + u, 1].map((scale) => new GammaDistribution({ shape: 1e9, scale }));
    const expected = 1e9 * u * u * (1 / 2 - u * (1 / 3 - u * (1 / 4 - u / 5)));
    expect(from!.crossEntropy(to!) - from!.entropy).toBeCloseTo(expected, 11);
  });
});
