import { describe, expect, it } from 'vitest';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { IntegerCategoricalDistribution, IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import {
  LatentDirichletAllocationDistribution,
  LatentDirichletAllocationEstimator,
} from '../../src/latent/topics/latentDirichletAllocation.js';
import { lgamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const words = (p: readonly number[]) => new IntegerCategoricalDistribution({ min: 0, p });
const length = new PoissonDistribution({ lambda: 12 });
const lda = (alpha: readonly number[], share = 0.5) =>
  new LatentDirichletAllocationDistribution(
    [words([share, 0.25, 0.75 - share, 0]), words([0, 0.125, 0.25, 0.625]), words([0.25, 0.25, 0.25, 0.25])],
    { alpha, length },
  );
const e = new IntegerCategoricalEstimator({ min: 0, max: 3 });
const topics = [e, e, e] as const;

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'squaredDistances', 'isUnbounded', 'takesLabels'],
    distributions: [lda([0.5, 1, 0.25]), lda([2, 2, 1], 0.25)],
    unbounded: {
      distribution: new LatentDirichletAllocationDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })], {
        alpha: [1],
      }),
      pole: [[0, 1], [3, 2]], // biome-ignore format: two pairs
    },
    estimator: new LatentDirichletAllocationEstimator(topics, { length: new PoissonEstimator() }),
    keyed: new LatentDirichletAllocationEstimator(topics, { keys: { alpha: 'shared' } }),
    rows: [[], [[1, 0]], [[3, 2], [3, 1], [0, 1]]], // biome-ignore format: three documents
    refused: [3, null, [1], [[1]], [['x', 1]], [[1, -1]], [[1, Number.NaN]]],
  });
  for (const { law, run } of laws) it(law, run);
});

/** The exact log-likelihood: over all topics of all words, with the proportions integrated out. */
function exactLogLikelihood(
  { topics: all, alpha }: LatentDirichletAllocationDistribution<readonly IntegerCategoricalDistribution[], never>,
  values: readonly number[],
): number {
  const total = alpha.reduce((sum, a) => sum + a, 0);
  let likelihood = 0;
  for (let code = 0; code < alpha.length ** values.length; code++) {
    const counts = alpha.map(() => 0);
    let rest = code;
    let p = 1;
    for (const value of values) {
      const k = rest % alpha.length;
      rest = Math.floor(rest / alpha.length);
      p *= all[k]!.density(value);
      counts[k]! += 1;
    }
    const proportions = counts.reduce((sum, n, k) => sum + lgamma(alpha[k]! + n) - lgamma(alpha[k]!), 0);
    likelihood += p * Math.exp(proportions + lgamma(total) - lgamma(total + values.length));
  }
  return Math.log(likelihood);
}

describe('the score is a bound', () => {
  const d = new LatentDirichletAllocationDistribution(lda([0.5, 1, 0.25]).topics, { alpha: [0.5, 1, 0.25] });

  it('that lies below the log-likelihood, by less than 1 for so few words', () => {
    for (const values of [[0], [3, 3], [0, 1, 2], [3, 0, 0, 3, 1], [0, 0, 0, 0, 0, 3]]) {
      const exact = exactLogLikelihood(d as never, values);
      const bound = d.logDensity(values.map((value) => [value, 1]));
      expect(bound).toBeLessThanOrEqual(exact + 1e-12);
      expect(exact - bound).toBeLessThan(1);
    }
  });

  it('that is exact with one topic', () => {
    const one = new LatentDirichletAllocationDistribution([words([0.5, 0.25, 0.25])], { alpha: [0.7] });
    expect(one.logDensity([[0, 2], [2, 1.5]])).toBeCloseTo(2 * Math.log(0.5) + 1.5 * Math.log(0.25), 12); // biome-ignore format: two pairs
  });

  it('that counts c equal words as c words', () => {
    const once = [[0, 3], [3, 2], [1, 1]] as const; // biome-ignore format: three pairs
    const apart = [[3, 1], [0, 1], [0, 2], [1, 0.5], [3, 1], [1, 0.5]] as const; // biome-ignore format: six pairs
    expect(d.logDensity(apart)).toBeCloseTo(d.logDensity(once), 10);
    d.posterior(apart).forEach((p, k) => expect(p).toBeCloseTo(d.posterior(once)[k]!, 7));
  });

  it('and is the formula of its γ and φ', () => {
    const document = [[0, 3], [3, 2], [1, 1]] as const; // biome-ignore format: three pairs
    const shares = d.posterior(document);
    const total = 1.75 + 6; // Σα and six words
    const gamma = shares.map((share) => share * total);
    // ψ by its definition, with a difference of second order.
    const psi = (x: number) => (lgamma(x + 1e-5) - lgamma(x - 1e-5)) / 2e-5;
    const E = gamma.map((g) => psi(g) - psi(total));
    let bound = lgamma(1.75) - lgamma(total);
    gamma.forEach((g, k) => {
      bound += lgamma(g) - lgamma(d.alpha[k]!) + (d.alpha[k]! - g) * E[k]!;
    });
    for (const [value, count] of document) {
      const phi = E.map((x, k) => Math.exp(x) * d.topics[k]!.density(value));
      const norm = phi.reduce((sum, p) => sum + p, 0);
      bound += count * Math.log(norm);
    }
    expect(d.logDensity(document)).toBeCloseTo(bound, 6);
  });

  it('of 0 for a document without words, whose proportions are those of α', () => {
    expect(d.logDensity([])).toBe(0);
    expect(d.posterior([])).toEqual([0.5 / 1.75, 1 / 1.75, 0.25 / 1.75]);
  });

  it('of -Infinity for a word that no topic has: such a document says nothing of the topics', () => {
    const levels = (a: number) => new CategoricalDistribution({ a, b: 1 - a, c: 0 });
    const none = new LatentDirichletAllocationDistribution([levels(0.5), levels(0.25)], { alpha: [1, 2] });
    const document = [['a', 1], ['c', 1]] as const; // biome-ignore format: two pairs
    expect(none.logDensity(document)).toBe(-Infinity);
    expect(none.posterior(document)).toEqual([1 / 3, 2 / 3]);
    const c = new CategoricalEstimator<'a' | 'b' | 'c'>();
    const estimator = new LatentDirichletAllocationEstimator([c, c]);
    const columns = estimator.encoder().encode([document, [['a', 2], ['b', 2]]]); // biome-ignore format: short
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(5, 1), none);
    expect(accumulator.value().weight).toBe(1);
    expect(accumulator.value().words.reduce((sum, n) => sum + n, 0)).toBeCloseTo(4, 12);
  });

  it('also where the only topic of a word has a share that underflows', () => {
    const at = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
    const apart = new LatentDirichletAllocationDistribution([at(0), at(1000)], { alpha: [50, 1e-5] });
    const twice = [[0, 1], [1000, 1e-6]] as const; // biome-ignore format: two pairs
    // γ = α + c: each word has its own topic.
    const [g, h] = [51, 1e-5 + 1e-6];
    const logBeta = (a: number, b: number) => lgamma(a) + lgamma(b) - lgamma(a + b);
    const scores = -0.5 * Math.log(2 * Math.PI) * (1 + 1e-6);
    expect(apart.logDensity(twice)).toBeCloseTo(scores + logBeta(g, h) - logBeta(50, 1e-5), 9);
    expect(apart.posterior(twice)[1]! * (g + h)).toBeCloseTo(h, 12);
    const estimator = new LatentDirichletAllocationEstimator([new GaussianEstimator(), new GaussianEstimator()], {
      fixedAlpha: [50, 1e-5],
    });
    const { model } = optimize([twice, [[1, 1]]], estimator, { initialModel: apart, maxIterations: 1 });
    expect([model.topics[0].mu, model.topics[1].mu]).toEqual([0.5, 1000]);
  });
});

it('refuses documents by path', () => {
  const encoder = new LatentDirichletAllocationEstimator(topics).encoder();
  expect(() => encoder.encode([[], [[0, 1], [1, -2]]])).toThrow(DataError); // biome-ignore format: short
  expect(() => encoder.encode([[], [[0, 1], [1, -2]]])).toThrow('row 1, field "[1][1]"'); // biome-ignore format: short
});

describe('LatentDirichletAllocationEstimator', () => {
  const corner = (k: number) => words(Array.from({ length: 12 }, (_, v) => (Math.floor(v / 4) === k ? 0.24 : 0.005)));
  const truth = new LatentDirichletAllocationDistribution([corner(0), corner(1), corner(2)], {
    alpha: [0.4, 0.4, 0.4],
    length: new PoissonDistribution({ lambda: 100 }),
  });
  const documents = truth.sampler(2).sample(400);
  const word = new IntegerCategoricalEstimator({ min: 0, max: 11 });

  it('finds the topics that drew the documents, from any seed', () => {
    for (const seed of [1, 2]) {
      const estimator = new LatentDirichletAllocationEstimator([word, word, word], { gammaThreshold: 1e-5 });
      const { model } = optimize(documents, estimator, { seed, maxIterations: 60 });
      const sizes = model.topics.map((topic) =>
        [0, 1, 2].map((k) => [0, 1, 2, 3].reduce((sum, v) => sum + topic.density(4 * k + v), 0)),
      );
      const own = sizes.map((shares) => shares.indexOf(Math.max(...shares)));
      expect([...own].sort()).toEqual([0, 1, 2]);
      // Variational estimates are biased.
      sizes.forEach((shares) => expect(Math.max(...shares)).toBeGreaterThan(0.9));
      model.alpha.forEach((a) => expect(Math.abs(a - 0.4)).toBeLessThan(0.3));
    }
  });

  it('never lowers the bound over many iterations', () => {
    let before = -Infinity;
    let model = new LatentDirichletAllocationDistribution([word, word, word].map((_, k) => corner(k)), { alpha: [5, 1, 0.1] }); // biome-ignore format: short
    const estimator = new LatentDirichletAllocationEstimator([word, word, word]);
    for (let i = 0; i < 25; i++) {
      const fit = optimize(documents.slice(0, 60), estimator, {
        initialModel: model as never,
        maxIterations: 1,
        delta: null,
        acceleration: 'none',
      });
      expect(fit.logLikelihood).toBeGreaterThanOrEqual(before - 1e-7);
      before = fit.logLikelihood;
      model = fit.model as never;
    }
  });

  it('keeps a fixed α, and pulls a free one towards its prior', () => {
    const fixed = new LatentDirichletAllocationEstimator([word, word], { fixedAlpha: [0.1, 0.2] });
    expect(optimize(documents.slice(0, 20), fixed, { seed: 1, maxIterations: 3 }).model.alpha).toEqual([0.1, 0.2]);
    const pulled = new LatentDirichletAllocationEstimator([word, word], { pseudoCount: 1e9, prior: [3, 1] });
    const { model } = optimize(documents.slice(0, 20), pulled, { seed: 1, maxIterations: 3 });
    [3, 1].forEach((a, k) => expect(model.alpha[k]).toBeCloseTo(a, 5));
    expect([fixed.hasPrior, pulled.hasPrior]).toEqual([false, true]);
  });

  it('says that equal documents have no best α, and that a topic is dead', () => {
    const dead = new LatentDirichletAllocationDistribution([words([0.5, 0.5, 0]), words([0, 0, 1])], { alpha: [1, 1] });
    const estimator = new LatentDirichletAllocationEstimator([e, e]);
    const { findings } = optimize([[[0, 1]], [[1, 2]]], estimator, { initialModel: dead, maxIterations: 1 });
    expect(findings.map(({ kind, path }) => [kind, path])).toContainEqual(['dead', 'topics[1]']);
  });

  it('fits one topic, documents without words, and one document', () => {
    const one = optimize([[[0, 1], [1, 3]], []], new LatentDirichletAllocationEstimator([e])).model; // biome-ignore format: short
    expect(one.alpha).toEqual([1]);
    expect(Array.from(one.topics[0].p)).toEqual([0.25, 0.75, 0, 0]);
    for (const rows of [[[]], [[], []], [[[2, 5]]]] as const) {
      const { model } = optimize(rows, new LatentDirichletAllocationEstimator(topics), { seed: 1, maxIterations: 5 });
      expect(model.alpha.every((a) => a > 0 && a < Infinity)).toBe(true);
    }
  });

  it('ends where each document is of one topic, and an extrapolated statistic has means above 0', () => {
    const documents: [string, number][][] = [
      [
        ['a', 2],
        ['b', 1],
      ],
      [],
      [['c', 3]],
      [],
    ];
    const topic = new CategoricalEstimator<string>();
    const { model, logLikelihood } = optimize(documents, new LatentDirichletAllocationEstimator([topic, topic]), {
      seed: 1,
    });
    // With α towards 0 a document has one topic, each of them as often: 2/3 · 2/3 · 1/3 · 1/2, and 1 · 1/2.
    expect(logLikelihood).toBeCloseTo(Math.log(4 / 27 / 4), 3);
    expect(Math.max(...model.alpha)).toBeLessThan(1e-3);
  });

  it('takes topics of any family: records, and numbers', () => {
    const record = () => new RecordEstimator({ x: new GaussianEstimator(), y: new CategoricalEstimator<string>() });
    const drawn = new LatentDirichletAllocationDistribution(
      [0, 8].map(
        (mu) =>
          new RecordDistribution({
            x: new GaussianDistribution({ mu, sigma2: 1 }),
            y: new CategoricalDistribution(mu === 0 ? { a: 0.9, b: 0.1 } : { a: 0.1, b: 0.9 }),
          }),
      ),
      { alpha: [0.5, 0.5], length: new PoissonDistribution({ lambda: 10 }) },
    );
    const rows = drawn.sampler(1).sample(150);
    const estimator = new LatentDirichletAllocationEstimator([record(), record()], { gammaThreshold: 1e-4 });
    const { model } = optimize(rows, estimator, { seed: 3, maxIterations: 60 });
    const means = model.topics.map(({ fields }) => fields.x.mu).sort((a, b) => a - b);
    expect(means[0]).toBeCloseTo(0, 0);
    expect(means[1]).toBeCloseTo(8, 0);
  });

  it('fits inside a mixture, with topics that are shared by key', () => {
    const inner = () =>
      new LatentDirichletAllocationEstimator([word, word], { keys: { topics: 'shared' }, gammaThreshold: 1e-4 });
    const { model } = optimize(documents.slice(0, 80), new MixtureEstimator([inner(), inner()]), {
      seed: 1,
      maxIterations: 10,
    });
    const [first, second] = model.components;
    expect(Array.from(first.topics[0].p)).toEqual(Array.from(second.topics[0].p));
    expect(first.alpha).not.toEqual(second.alpha);
  });

  it.each([
    ['an α of another length', { fixedAlpha: [1] }],
    ['an α of 0', { fixedAlpha: [1, 0, 1] }],
    ['a prior without its number', { prior: [1, 1, 1] }],
    ['a threshold of 0', { gammaThreshold: 0 }],
  ])('refuses %s', (_, options) => {
    expect(() => new LatentDirichletAllocationEstimator(topics, options)).toThrow(ParameterError);
  });
});

describe('documents of one topic each', () => {
  it.each([0, 1, 2])('take α to its limit, and a finding says so (seed %i)', (seed) => {
    const documents = Array.from({ length: 30 }, (_, i) => [[i % 2 ? 'x' : 'y', 5] as const]);
    const topic = new CategoricalEstimator<string>();
    const { model, findings } = optimize(documents, new LatentDirichletAllocationEstimator([topic, topic]), { seed });
    expect(model.alpha.every((a) => a >= 1e-4)).toBe(true);
    expect(model.topics.map(({ p }) => Math.max(...p.values())).every((most) => most > 0.99)).toBe(true);
    if (model.alpha.every((a) => a === 1e-4))
      expect(findings.map(({ message }) => message).join()).toContain('fixedAlpha');
  });
});

it('a topic on one value is held at the floor that all words give, as a component of a mixture is', () => {
  // Every third document has one value alone; the words of the others spread from 1 to 9.
  const documents = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: 8 }, (__, n): [number, number] => [
      i % 3 === 0 ? 3 : 1 + ((i * 37 + n * 11) % 160) / 20,
      1 + (n % 2),
    ]),
  );
  const all = documents.flat();
  const total = all.reduce((sum, [, c]) => sum + c, 0);
  const mean = all.reduce((sum, [x, c]) => sum + c * x, 0) / total;
  const variance = all.reduce((sum, [x, c]) => sum + c * (x - mean) ** 2, 0) / total;
  const topic = new GaussianEstimator();
  const fit = optimize(documents, new LatentDirichletAllocationEstimator([topic, topic]), {
    responsibilities: documents.map((_, i) => (i % 3 === 0 ? [1, 0] : [0, 1])),
  });
  expect(fit.model.topics[0]!.sigma2 / variance).toBeCloseTo(1e-6, 12);
  expect(fit.findings.map(({ kind, path }) => [kind, path])).toContainEqual(['degenerate', 'topics[0]']);
  expect(Number.isFinite(fit.logLikelihood)).toBe(true);
  // Below a mixture, of the topics of all its components.
  const nested = optimize(
    documents,
    new MixtureEstimator([
      new LatentDirichletAllocationEstimator([topic, topic]),
      new LatentDirichletAllocationEstimator([topic, topic]),
    ]),
    { seed: 1, maxIterations: 30 },
  );
  for (const { topics: found } of nested.model.components) {
    for (const { sigma2 } of found) expect(sigma2).toBeGreaterThan(0.99e-6 * variance);
  }
});
