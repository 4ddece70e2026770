import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const e = new stats.GaussianEstimator();
const [shaped] = stats.shapedGaussians(1, { covariance: 'EEE' });

type Make = (options: never) => unknown;

/** The estimators that take more than options. */
const structured: Readonly<Record<string, Make>> = {
  automaticEstimator: (o) => stats.automaticEstimator([1], o),
  CompositeEstimator: (o) => new stats.CompositeEstimator([e], o),
  ConditionalEstimator: (o) => new stats.ConditionalEstimator({ a: e }, o),
  DirichletProcessMixtureEstimator: (o) => new stats.DirichletProcessMixtureEstimator(e, o),
  HiddenMarkovEstimator: (o) => new stats.HiddenMarkovEstimator([e], o),
  HiddenSemiMarkovEstimator: (o) => new stats.HiddenSemiMarkovEstimator([e], [new stats.GeometricEstimator()], o),
  HierarchicalMixtureEstimator: (o) => new stats.HierarchicalMixtureEstimator([e], o),
  HiddenAssociationEstimator: (o) => new stats.HiddenAssociationEstimator(new stats.ConditionalEstimator({ a: e }), o),
  JointMixtureEstimator: (o) => new stats.JointMixtureEstimator([e], [e], o),
  LatentDirichletAllocationEstimator: (o) => new stats.LatentDirichletAllocationEstimator([e], o),
  LookbackHiddenMarkovEstimator: (o) => new stats.LookbackHiddenMarkovEstimator([e], o),
  MixtureEstimator: (o) => new stats.MixtureEstimator([e], o),
  MultinomialEstimator: (o) => new stats.MultinomialEstimator(e, o),
  OptionalEstimator: (o) => new stats.OptionalEstimator(e, o),
  RecordEstimator: (o) => new stats.RecordEstimator({ a: e }, o),
  SelectEstimator: (o) => new stats.SelectEstimator([e], o),
  SemiSupervisedMixtureEstimator: (o) => new stats.SemiSupervisedMixtureEstimator([e], o),
  SequenceEstimator: (o) => new stats.SequenceEstimator(e, o),
  ShapedGaussianEstimator: (o) => new stats.ShapedGaussianEstimator(shaped.group, 0, o),
  TreeHiddenMarkovEstimator: (o) => new stats.TreeHiddenMarkovEstimator([e], o),
  WeightedEstimator: (o) => new stats.WeightedEstimator(e, o),
  diagonalGaussianMixtureEstimator: (o) => stats.diagonalGaussianMixtureEstimator(2, o),
  diracMixtureEstimator: (o) => stats.diracMixtureEstimator(new stats.PoissonEstimator(), o),
  gaussianMixtureEstimator: (o) => stats.gaussianMixtureEstimator(2, o),
  integerMultinomialEstimator: (o) => stats.integerMultinomialEstimator(o),
  multivariateGaussianMixtureEstimator: (o) => stats.multivariateGaussianMixtureEstimator(2, o),
};

/** Every estimator that takes options, made with those given: as from JavaScript, where no compiler looks. */
const estimators: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.entries<unknown>({ ...stats })
    .filter(
      ([name]) =>
        /Estimator$/.test(name) && !['NullEstimator', 'IgnoredEstimator', 'VariationalEstimator'].includes(name),
    )
    .map(([name, Family]) => [
      name,
      structured[name] ?? ((o: never) => new (Family as new (options: never) => unknown)(o)),
    ]),
);

const withOptions = Object.entries(estimators);

describe('the options of an estimator', () => {
  it('are checked for every estimator', () => {
    expect(Object.keys(estimators)).toEqual(expect.arrayContaining([...Object.keys(structured), 'GaussianEstimator']));
  });

  it.each(withOptions)('of %s may not have an unknown name', (name, make) => {
    expect(() => make({ weigths: 1 } as never)).toThrow(stats.OptionError);
    expect(() => make({ weigths: 1 } as never)).toThrow(`${name}: unknown option "weigths"`);
  });

  it.each(withOptions)('of %s must be an object', (_, make) => {
    const others = [null, 3, [e], new Date(0), /x/, new Map(), Float64Array.of(1)];
    for (const options of others) expect(() => make(options as never)).toThrow(stats.OptionError);
  });

  it.each<[string, Make]>([
    ['optimize', (o) => stats.optimize([1, 2], e, o)],
    ['automaticMixture', (o) => stats.automaticMixture([1, 2], o)],
    ['automaticEstimator', (o) => stats.automaticEstimator([1, 2], o)],
    ['partition', (o) => stats.partition([1, 2], [0.5, 0.5], o)],
  ])('of %s are no date, expression or map either', (_, call) => {
    for (const options of [new Date(0), /x/, new Map()])
      expect(() => call(options as never)).toThrow(stats.OptionError);
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
