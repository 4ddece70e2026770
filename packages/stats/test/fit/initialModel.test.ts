import { expect, it } from 'vitest';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import type { AnyEstimator } from '../../src/contract.js';
import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { DirichletDistribution, DirichletEstimator } from '../../src/families/dirichlet.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import {
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
} from '../../src/families/multivariateGaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import type { HiddenMarkovOptions } from '../../src/latent/hiddenMarkov/options.js';
import {
  IntegerMarkovChainDistribution,
  IntegerMarkovChainEstimator,
} from '../../src/latent/markovChain/integerMarkovChain.js';
import {
  MarkovChainDistribution,
  MarkovChainEstimator,
  type MarkovChainOptions,
} from '../../src/latent/markovChain/markovChain.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const diagonalGaussian = (d: number) =>
  new DiagonalGaussianDistribution({ mu: new Array(d).fill(0), sigma2: new Array(d).fill(1) });
const g = new GaussianDistribution({ mu: 0, sigma2: 1 });
const e = new GaussianEstimator();
const mixture = (count: number) =>
  new MixtureDistribution(
    Array.from({ length: count }, () => g),
    { w: Array.from({ length: count }, () => 1 / count) },
  );

/** Rows that the estimator can hold, so that only the first model is wrong. */
const rowsFor = (estimator: unknown) => (estimator instanceof RecordEstimator ? [{ a: 1, b: 2 }] : [1, 2]) as never;

it.each([
  ['a mixture of another size', new MixtureEstimator([e, e]), mixture(4), /components must be 2 parts, found 4/],
  ['another family', new PoissonEstimator(), g, /must be a PoissonDistribution, found "GaussianDistribution"/],
  ['a plain model for a mixture', new MixtureEstimator([e, e]), g, /must be a MixtureDistribution/],
  [
    'a record that lacks a field',
    new RecordEstimator({ a: e, b: e }),
    new RecordDistribution({ a: g }),
    /fields must be the parts a, b, found "a"/,
  ],
  [
    'another family inside',
    new MixtureEstimator([e, e]),
    new MixtureDistribution([g, new PoissonDistribution({ lambda: 1 })], { w: [0.5, 0.5] }),
    /components\[1\] must be a GaussianDistribution/,
  ],
])('refuses %s as the first model', (_, estimator, initialModel, message) => {
  expect(() => optimize(rowsFor(estimator), estimator as never, { initialModel: initialModel as never })).toThrow(
    message,
  );
});

it.each([
  ['diagonal', new DiagonalGaussianEstimator(), (d: number) => diagonalGaussian(d)],
  [
    'full',
    new MultivariateGaussianEstimator({ minEigenvalue: 1e-6 }),
    (d: number) =>
      new MultivariateGaussianDistribution({ mu: diagonalGaussian(d).mu, covariance: diagonalGaussian(d).covariance }),
  ],
  [
    'Dirichlet',
    new DirichletEstimator(),
    (d: number) => new DirichletDistribution({ alpha: diagonalGaussian(d).sigma2 }),
  ],
])('refuses a first model of another dimension, at the top and in a mixture: %s', (_, estimator, make) => {
  const rows = [
    [0.5, 0.5],
    [0.25, 0.75],
    [0.125, 0.875],
    [0.375, 0.625],
  ];
  const fit = (of: AnyEstimator, initialModel: unknown) => optimize(rows, of, { initialModel: initialModel as never });
  expect(() => fit(estimator, make(3))).toThrow(/initialModel: dimension must be 2, as for the rows, found 3/);
  expect(() => fit(estimator, make(2))).not.toThrow();
  const pair = new MixtureEstimator([estimator, estimator]);
  const model = (a: number, b: number) => new MixtureDistribution([make(a), make(b)], { w: [0.5, 0.5] });
  expect(() => fit(pair, model(3, 3))).toThrow(/components\[0\] dimension must be 2, as for the rows, found 3/);
  expect(() => model(2, 3)).toThrow(/components\[1\] must be a distribution over the rows of components\[0\]/);
});

it('refuses a first chain over other values, or of another lag', () => {
  const chain = (valueCount: number, lag: number) =>
    new IntegerMarkovChainDistribution({
      conditional: Array.from({ length: valueCount ** lag }, () => new Array(valueCount).fill(1 / valueCount)),
      lag,
    });
  const fit = (initialModel: IntegerMarkovChainDistribution) =>
    optimize([[0, 1, 1, 0]], new IntegerMarkovChainEstimator({ valueCount: 2 }), { initialModel });
  expect(() => fit(chain(3, 1))).toThrow(/valueCount must be 2, as for the rows, found 3/);
  expect(() => fit(chain(2, 2))).toThrow(/lag must be 1, as for the rows, found 2/);
  expect(() => fit(chain(2, 1))).not.toThrow();
});

it('refuses a first model that the estimator fixes or masks otherwise, anywhere in it', () => {
  const g = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const hidden = (w: readonly number[], transitions: readonly (readonly number[])[]) =>
    new HiddenMarkovDistribution([g(0), g(5)], { w, transitions });
  const rows = [
    [0, 1, 5, 6, 5],
    [1, 0, 4],
  ];
  const free = hidden(
    [0.5, 0.5],
    [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
  );
  const leftRight = hidden(
    [1, 0],
    [
      [0.9, 0.1],
      [0, 1],
    ],
  );
  const fit = (options: HiddenMarkovOptions, initialModel: typeof free) => () =>
    optimize(rows, new HiddenMarkovEstimator([e, e], options), { initialModel, maxIterations: 2 });
  const steps = {
    allowed: {
      transitions: [
        [true, true],
        [false, true],
      ],
    },
  };
  const starts = { allowed: { initial: [true, false] } };
  expect(fit(steps, free)).toThrow(
    'transitions[1][0] of the model must be 0, as it is not allowed to be more, found 0.2',
  );
  expect(fit(starts, free)).toThrow('w[1] of the model must be 0, as it is not allowed to be more, found 0.5');
  expect(fit({ fixedInitial: [1, 0] }, free)).toThrow('w[0] of the model must be 1, as fixed, found 0.5');
  expect(fit({ fixedTransitions: leftRight.transitions }, free)).toThrow('transitions[1][0] of the model must be 0');
  for (const options of [{ allowed: { ...steps.allowed, ...starts.allowed } }, { fixedInitial: [1, 0] }]) {
    expect(fit(options, leftRight)).not.toThrow();
  }
  const nested = new MixtureEstimator([new HiddenMarkovEstimator([e, e], steps)]);
  const inner = new MixtureDistribution([free], { w: [1] });
  expect(() => optimize(rows, nested, { initialModel: inner })).toThrow('transitions[1][0] of the model must be 0');

  const chain = new MarkovChainDistribution({ initial: { a: 1 }, transitions: { a: { a: 0.5, b: 0.5 }, b: { a: 1 } } });
  const walk = (options: MarkovChainOptions<string>) => () =>
    optimize([['a', 'b', 'a']], new MarkovChainEstimator(options), { initialModel: chain, maxIterations: 1 });
  expect(walk({ allowed: { transitions: { a: ['b'] } } })).toThrow('transitions["a"]["a"] of the model must be 0');
  expect(walk({ allowed: { initial: ['b'] } })).toThrow('initial["a"] of the model must be 0');
  expect(walk({ fixedInitial: { a: 0.5, b: 0.5 } })).toThrow(
    'initial["a"] of the model must be 0.5, as fixed, found 1',
  );
  expect(walk({ fixedTransitions: { a: { b: 1 } } })).toThrow('transitions["a"]["a"] of the model must be 0, as fixed');
  expect(walk({ fixedInitial: { a: 1 }, allowed: { transitions: { b: ['a'] } } })).not.toThrow();

  const halves = new MixtureEstimator([e, e], { fixedWeights: [0.25, 0.75] });
  const even = mixture(2) as never;
  expect(() => optimize([1, 2, 9], halves, { initialModel: even })).toThrow('w[0] of the model must be 0.25, as fixed');
});

it('refuses a first model beside responsibilities, of which only one can be the start', () => {
  const given = {
    initialModel: mixture(2) as never,
    responsibilities: [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  };
  const fit = () => optimize([1, 2, 9], new MixtureEstimator([e, e]), given);
  expect(fit).toThrow('give initialModel or responsibilities, not both');
});

it('takes a first model of the right shape', () => {
  expect(() => optimize([1, 2, 9], new MixtureEstimator([e, e]), { initialModel: mixture(2) as never })).not.toThrow();
});

it('tells of the collapse that made the likelihood fall', () => {
  const rows = Array.from({ length: 100 }, (_, i) => (i < 20 ? 0 : 5 + 2 * Math.sin(7 * i)));
  const unbounded = new GaussianEstimator({ minSigma2: 0 });
  const mixture = new MixtureEstimator([unbounded, unbounded]);
  const { reason, findings } = optimize(rows, mixture, { seed: 1, maxIterations: 500 });
  expect(reason).toBe('decreased');
  expect(findings.map(({ kind }) => kind)).toContain('degenerate');
});

it('says what is missing when it is not given an estimator or rows', () => {
  expect(() => em(undefined as never)).toThrow(/an estimator is needed/);
  expect(() => optimize(null as never, e)).toThrow(/rows must be an array or typed array, found null/);
});

// A bundler that minifies calls the classes by one letter; a message that took their names then said "a t, found n".
it('names models by their type when a bundler has shortened the names of classes', () => {
  class t extends GammaDistribution {
    static override readonly typeName = 'Gamma';
  }
  const found = new t({ shape: 1, scale: 1 });
  const fit = () => optimize([1, 2], new GaussianEstimator(), { initialModel: found as never });
  expect(fit).toThrow('must be a GaussianDistribution, found "GammaDistribution"');
});
