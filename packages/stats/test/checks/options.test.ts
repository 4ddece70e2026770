import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const e = new stats.GaussianEstimator();

/** Every estimator, made with the options given: as from JavaScript, where no compiler looks. */
const estimators: Readonly<Record<string, (options: never) => unknown>> = {
  BernoulliEstimator: (o) => new stats.BernoulliEstimator(o),
  BetaEstimator: (o) => new stats.BetaEstimator(o),
  BinomialEstimator: (o) => new stats.BinomialEstimator(o),
  CategoricalEstimator: (o) => new stats.CategoricalEstimator(o),
  CompositeEstimator: (o) => new stats.CompositeEstimator([e], o),
  ConditionalEstimator: (o) => new stats.ConditionalEstimator({ a: e }, o),
  DiagonalGaussianEstimator: (o) => new stats.DiagonalGaussianEstimator(o),
  DirichletEstimator: (o) => new stats.DirichletEstimator(o),
  ExponentialEstimator: (o) => new stats.ExponentialEstimator(o),
  GammaEstimator: (o) => new stats.GammaEstimator(o),
  GaussianEstimator: (o) => new stats.GaussianEstimator(o),
  GeometricEstimator: (o) => new stats.GeometricEstimator(o),
  HiddenMarkovEstimator: (o) => new stats.HiddenMarkovEstimator([e], o),
  HierarchicalMixtureEstimator: (o) => new stats.HierarchicalMixtureEstimator([e], o),
  IntegerCategoricalEstimator: (o) => new stats.IntegerCategoricalEstimator(o),
  IntegerMarkovChainEstimator: (o) => new stats.IntegerMarkovChainEstimator(o),
  LogGaussianEstimator: (o) => new stats.LogGaussianEstimator(o),
  MarkovChainEstimator: (o) => new stats.MarkovChainEstimator(o),
  MixtureEstimator: (o) => new stats.MixtureEstimator([e], o),
  MultivariateGaussianEstimator: (o) => new stats.MultivariateGaussianEstimator(o),
  NegativeBinomialEstimator: (o) => new stats.NegativeBinomialEstimator(o),
  OptionalEstimator: (o) => new stats.OptionalEstimator(e, o),
  PoissonEstimator: (o) => new stats.PoissonEstimator(o),
  RecordEstimator: (o) => new stats.RecordEstimator({ a: e }, o),
  SelectEstimator: (o) => new stats.SelectEstimator([e], o),
  SequenceEstimator: (o) => new stats.SequenceEstimator(e, o),
  StudentTEstimator: (o) => new stats.StudentTEstimator(o),
  UniformEstimator: (o) => new stats.UniformEstimator(o),
  WeibullEstimator: (o) => new stats.WeibullEstimator(o),
  WeightedEstimator: (o) => new stats.WeightedEstimator(e, o),
  diagonalGaussianMixtureEstimator: (o) => stats.diagonalGaussianMixtureEstimator(2, o),
  gaussianMixtureEstimator: (o) => stats.gaussianMixtureEstimator(2, o),
};

const withOptions = Object.entries(estimators);

describe('the options of an estimator', () => {
  it('are checked for every estimator that takes some', () => {
    const exported = Object.keys(stats).filter((name) => /Estimator$/.test(name));
    expect(exported.filter((name) => !['NullEstimator', 'IgnoredEstimator'].includes(name)).sort()).toEqual(
      Object.keys(estimators).sort(),
    );
  });

  it.each(withOptions)('of %s may not have an unknown name', (name, make) => {
    expect(() => make({ weigths: 1 } as never)).toThrow(stats.OptionError);
    expect(() => make({ weigths: 1 } as never)).toThrow(`${name}: unknown option "weigths"`);
  });

  it.each(withOptions)('of %s must be an object', (_, make) => {
    for (const options of [null, 3, [e]]) expect(() => make(options as never)).toThrow(stats.OptionError);
  });

  it('are compared with the known ones, inner records included', () => {
    const slip = () => new stats.GaussianEstimator({ minSigma: 1 } as never);
    expect(slip).toThrow('GaussianEstimator: unknown option "minSigma"; did you mean "minSigma2"?');
    const inner = () => new stats.GaussianEstimator({ prior: { mean: 0, muCount: 1 } } as never);
    expect(inner).toThrow('GaussianEstimator prior: unknown option "mean"');
    const states = () => new stats.HiddenMarkovEstimator([e], { pseudoCount: { transition: 1 } } as never);
    expect(states).toThrow('did you mean "transitions"?');
    expect(() => new stats.HiddenMarkovEstimator([e], { pseudoCount: 1 } as never)).toThrow('must be an object with');
    expect(() => new stats.BetaEstimator({ pseudoCount: 1, prior: undefined } as never)).not.toThrow();
  });
});
