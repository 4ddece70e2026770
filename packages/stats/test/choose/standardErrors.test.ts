import { describe, expect, it } from 'vitest';
import {
  CategoricalEstimator,
  copies,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  MarkovChainDistribution,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
  PoissonDistribution,
  PoissonEstimator,
  RecordEstimator,
  resampling,
  SequenceEstimator,
  standardErrors,
} from '../../src/index.js';

const rows = new GaussianDistribution({ mu: 3, sigma2: 4 }).sampler(1).sample(400);

describe('jackknife', () => {
  it('with a group for each row gives the standard error of a mean exactly: s / √n', () => {
    const few = rows.slice(0, 40);
    const { parameters, fit } = standardErrors(few, new GaussianEstimator(), { method: 'jackknife', replicates: 40 });
    const mean = few.reduce((sum, x) => sum + x, 0) / 40;
    const s2 = few.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39;
    const mu = parameters.find(({ path }) => path === 'mu')!;
    expect(fit.model.mu).toBeCloseTo(mean, 12);
    expect(mu.standardError).toBeCloseTo(Math.sqrt(s2 / 40), 12);
    // The quantile of t with 39 degrees of freedom, by mpmath.
    expect((mu.high - mu.low) / 2).toBeCloseTo(2.022690920036761 * mu.standardError, 10);
  });

  it('leaves each group out of exactly one replicate', () => {
    const plan = resampling({ method: 'jackknife', replicates: 5 });
    for (let row = 0; row < 100; row++) {
      const weights = Array.from({ length: 5 }, (_, replicate) => plan.weightOf(replicate)(row, 2));
      expect(weights.sort()).toEqual([0, 2, 2, 2, 2]);
    }
  });
});

describe('bootstrap', () => {
  it('weighs rows as Poisson counts with mean 1', () => {
    const weightOf = resampling({ seed: 3 }).weightOf(7);
    const counts = Array.from({ length: 100_000 }, (_, row) => weightOf(row, 1));
    const shareOf = (k: number) => counts.filter((count) => count === k).length / counts.length;
    const expected = [Math.exp(-1), Math.exp(-1), Math.exp(-1) / 2, Math.exp(-1) / 6];
    // Four standard deviations of a share of 100,000.
    expected.forEach((p, k) => expect(Math.abs(shareOf(k) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 100_000)));
    expect(Array.from({ length: 20 }, (_, row) => weightOf(row, 1))).toEqual(counts.slice(0, 20));
  });

  it('finds the standard errors of the theory', () => {
    const gaussian = standardErrors(rows, new GaussianEstimator(), { replicates: 400 });
    const { mu, sigma2 } = gaussian.fit.model;
    const errorOf = (path: string) => gaussian.parameters.find((parameter) => parameter.path === path)!;
    // σ/√n, σ²√(2/n); the bootstrap's own error is about 1/√800 of each.
    expect(errorOf('mu').standardError / Math.sqrt(sigma2 / 400)).toBeCloseTo(1, 0.5);
    expect(errorOf('sigma2').standardError / (sigma2 * Math.sqrt(2 / 400))).toBeCloseTo(1, 0.5);
    expect(errorOf('mu').low).toBeLessThan(mu);
    expect(errorOf('mu').high).toBeGreaterThan(mu);
    const counts = new PoissonDistribution({ lambda: 5 }).sampler(2).sample(300);
    const poisson = standardErrors(counts, new PoissonEstimator(), { replicates: 400 });
    expect(poisson.parameters[0]!.standardError / Math.sqrt(poisson.fit.model.lambda / 300)).toBeCloseTo(1, 0.5);
  });

  it('numbers the components of a mixture as the fit has them', () => {
    const mixture = new MixtureDistribution(
      [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 6, sigma2: 1 })],
      { w: [0.4, 0.6] },
    );
    const sample = mixture.sampler(1).sample(300);
    const { parameters, ambiguous, fit } = standardErrors(
      sample,
      new MixtureEstimator(copies(2, new GaussianEstimator())),
      {
        replicates: 100,
      },
    );
    expect(ambiguous).toBe(0);
    expect(parameters.map(({ path }) => path)).toEqual([
      'components[0].mu',
      'components[0].sigma2',
      'components[1].mu',
      'components[1].sigma2',
      'w[0]',
      'w[1]',
    ]);
    for (const [k, { sigma2 }] of fit.model.components.entries()) {
      const { standardError } = parameters.find(({ path }) => path === `components[${k}].mu`)!;
      expect(standardError / Math.sqrt(sigma2 / (300 * fit.model.w[k]!))).toBeCloseTo(1, 0.5);
    }
  });

  it('says how often components cannot be told apart', () => {
    const one = new GaussianDistribution({ mu: 0, sigma2: 1 }).sampler(3).sample(60);
    const { ambiguous } = standardErrors(one, new MixtureEstimator(copies(3, new GaussianEstimator())), {
      replicates: 30,
    });
    expect(ambiguous).toBeGreaterThan(0);
  });

  it('takes records, levels and sequences', () => {
    const visits = Array.from({ length: 60 }, (_, i) => ({ kind: i % 3 ? 'a' : 'b', times: [i % 7, (i * 5) % 11] }));
    const visit = new RecordEstimator({
      kind: new CategoricalEstimator(),
      times: new SequenceEstimator(new GaussianEstimator()),
    });
    const { parameters } = standardErrors(visits, visit, { replicates: 50 });
    expect(parameters.map(({ path }) => path)).toEqual([
      'fields.kind.p["b"]',
      'fields.kind.p["a"]',
      'fields.times.dist.mu',
      'fields.times.dist.sigma2',
    ]);
    const lists = Array.from({ length: 12 }, (_, i) =>
      Array.from({ length: 20 }, (_, t) => ((t + i) % (5 + i) < 4 ? 0 : 8) + Math.sin(i + t)),
    );
    const hmm = standardErrors(lists, new HiddenMarkovEstimator(copies(2, new GaussianEstimator())), {
      replicates: 20,
    });
    expect(hmm.parameters.some(({ path }) => path === 'transitions[0][1]')).toBe(true);
    expect(hmm.ambiguous).toBe(0);
  });
});

it('names the states of a chain, in whatever order replicates meet them', () => {
  const chain = (initial: [number, number][], transitions: [number, [number, number][]][]) =>
    new MarkovChainDistribution({ initial, transitions });
  const model = chain(
    [
      [7, 0.5],
      [9, 0.5],
    ],
    [
      [
        7,
        [
          [7, 0.9],
          [9, 0.1],
        ],
      ],
      [
        9,
        [
          [7, 0.3],
          [9, 0.7],
        ],
      ],
    ],
  );
  const other = chain(
    [
      [9, 0.4],
      [7, 0.6],
    ],
    [
      [
        9,
        [
          [9, 0.7],
          [7, 0.3],
        ],
      ],
      [
        7,
        [
          [9, 0.2],
          [7, 0.8],
        ],
      ],
    ],
  );
  const { parameters } = resampling().summary(model, [model, other]);
  expect(parameters.map(({ path, estimate }) => [path, estimate])).toEqual([
    ['initial[7]', 0.5],
    ['initial[9]', 0.5],
    ['transitions[7][7]', 0.9],
    ['transitions[7][9]', 0.1],
  ]);
});

it('takes percentiles of which the next replicate falls outside as often as it should, and never leaves the estimate out', () => {
  // Of 39 replicates the first and the last: P(the 40th is below the first) = 1/40.
  const at = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const fits = Array.from({ length: 39 }, (_, i) => at(i + 1));
  const summaryOf = (estimate: number) => resampling().summary(at(estimate), fits).parameters[0];
  expect(summaryOf(20)).toMatchObject({ path: 'mu', low: expect.closeTo(1, 12), high: 39 });
  expect(summaryOf(0.5)).toMatchObject({ low: 0.5, high: 39 });
  const bounds = resampling({ level: 0.5 }).summary(at(20), fits).parameters[0];
  expect(bounds).toMatchObject({ low: expect.closeTo(10, 12), high: expect.closeTo(30, 12) });
});

it('gives the same numbers for the same seed, and others for another', () => {
  const twice = [1, 1, 2].map(
    (seed) => standardErrors(rows, new GaussianEstimator(), { replicates: 10, seed }).parameters,
  );
  expect(twice[0]).toEqual(twice[1]);
  expect(twice[0]).not.toEqual(twice[2]);
});

it('goes on from a fit at hand', () => {
  const estimator = new GaussianEstimator();
  const { model } = optimize(rows, estimator);
  expect(standardErrors(rows, estimator, { initialModel: model, replicates: 5 }).fit.model.mu).toBe(model.mu);
});

it('stops when it is told to, and reports its progress', () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const onReplicate = (progress: number) => {
    seen.push(progress);
    if (seen.length === 3) controller.abort(new Error('enough'));
  };
  expect(() =>
    standardErrors(rows, new GaussianEstimator(), { replicates: 10, signal: controller.signal, onReplicate }),
  ).toThrow('enough');
  expect(seen).toEqual([0.1, 0.2, 0.3]);
});

it('refuses what it cannot do', () => {
  const e = new GaussianEstimator();
  expect(() => standardErrors([1], e)).toThrow(/rows must be at least 2 rows, found 1/);
  expect(() => standardErrors([1, 2, 3], e, { method: 'jackknife' })).toThrow(/at least 20 rows, found 3/);
  expect(() => standardErrors(rows, e, { replicates: 1 })).toThrow(/replicates must be an integer >= 2/);
  expect(() => standardErrors(rows, e, { level: 95 })).toThrow(/level must be a number between 0 and 1/);
  expect(() => standardErrors(rows, e, { method: 'boot' as 'bootstrap' })).toThrow(
    /method must be "bootstrap" or "jackknife"/,
  );
  expect(() => standardErrors(rows, e, { replicate: 3 } as object)).toThrow(/did you mean "replicates"/);
});

it('takes fields of any name, and renumbers where a list ends', () => {
  const e = new GaussianEstimator();
  const named = Array.from({ length: 30 }, (_, i) => ({ type: i % 7, levels: (i * i) % 5, x: i % 3 }));
  const { parameters } = standardErrors(named, new RecordEstimator({ type: e, levels: e, x: e }), { replicates: 10 });
  expect(parameters.map(({ path }) => path)).toEqual(
    ['type', 'levels', 'x'].flatMap((name) => [`fields.${name}.mu`, `fields.${name}.sigma2`]),
  );
  const model = (order: readonly number[]) =>
    new HiddenMarkovDistribution(
      order.map((i) => new GaussianDistribution({ mu: [0, 9][i]!, sigma2: 1 })),
      {
        w: [0.5, 0.5],
        transitions: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        end: order.map((i) => [0.1, 0.6][i]!),
      },
    );
  expect(resampling().summary(model([0, 1]), [model([0, 1]), model([1, 0])]).parameters).toEqual([]);
});
