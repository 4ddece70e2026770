/** The estimators of this package as types for a codec. */
import { ShapeGroup } from '../families/shapedGaussians.js';
import { type EstimatorType, estimatorType } from './estimatorType.js';
import {
  BernoulliEstimator,
  BernoulliSetEstimator,
  BetaEstimator,
  BinomialEstimator,
  CategoricalEstimator,
  CompositeEstimator,
  ConditionalEstimator,
  DiagonalGaussianEstimator,
  DiracEstimator,
  DirichletEstimator,
  DirichletProcessMixtureEstimator,
  ExponentialEstimator,
  GammaEstimator,
  GaussianEstimator,
  GeometricEstimator,
  HiddenAssociationEstimator,
  HiddenMarkovEstimator,
  HiddenSemiMarkovEstimator,
  HierarchicalMixtureEstimator,
  IgnoredEstimator,
  IntegerBernoulliEditEstimator,
  IntegerBernoulliSetEstimator,
  IntegerCategoricalEstimator,
  IntegerChowLiuTreeEstimator,
  IntegerHiddenAssociationEstimator,
  IntegerMarkovChainEstimator,
  IntegerPlsiEstimator,
  IntegerStepBernoulliEditEstimator,
  JointMixtureEstimator,
  LatentDirichletAllocationEstimator,
  LogGaussianEstimator,
  LookbackHiddenMarkovEstimator,
  MarkovChainEstimator,
  MixtureEstimator,
  MultinomialEstimator,
  MultivariateGaussianEstimator,
  NegativeBinomialEstimator,
  NullEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SemiSupervisedMixtureEstimator,
  SequenceEstimator,
  ShapedGaussianEstimator,
  SparseMarkovAssociationEstimator,
  SpearmanRankingEstimator,
  SpikeAndSlabEstimator,
  StudentTEstimator,
  TreeHiddenMarkovEstimator,
  UniformEstimator,
  VariationalEstimator,
  VonMisesFisherEstimator,
  WeibullEstimator,
  WeightedEstimator,
} from './models.js';

/** Classes with the same fields, by their names in files: a bundler may rename a class. */
function typesWith(
  fields: readonly string[],
  classes: Readonly<Record<string, new (...args: never) => object>>,
): readonly EstimatorType[] {
  return Object.entries(classes).map(([name, type]) => estimatorType(name, type, fields as readonly never[]));
}

/** In one call that is not needed when its result is not: a page that does not write estimators holds none of it. */
function everyType(): readonly EstimatorType[] {
  return [
    ...typesWith(['options'], {
      BernoulliEstimator,
      BernoulliSetEstimator,
      BetaEstimator,
      BinomialEstimator,
      CategoricalEstimator,
      DiagonalGaussianEstimator,
      DiracEstimator,
      DirichletEstimator,
      ExponentialEstimator,
      GammaEstimator,
      GaussianEstimator,
      GeometricEstimator,
      IntegerBernoulliEditEstimator,
      IntegerBernoulliSetEstimator,
      IntegerCategoricalEstimator,
      IntegerChowLiuTreeEstimator,
      IntegerHiddenAssociationEstimator,
      IntegerMarkovChainEstimator,
      IntegerPlsiEstimator,
      IntegerStepBernoulliEditEstimator,
      LogGaussianEstimator,
      MarkovChainEstimator,
      MultivariateGaussianEstimator,
      NegativeBinomialEstimator,
      PoissonEstimator,
      SparseMarkovAssociationEstimator,
      SpearmanRankingEstimator,
      SpikeAndSlabEstimator,
      StudentTEstimator,
      UniformEstimator,
      VonMisesFisherEstimator,
      WeibullEstimator,
    }),
    ...typesWith(['estimator', 'options'], {
      MultinomialEstimator,
      OptionalEstimator,
      SequenceEstimator,
      WeightedEstimator,
    }),
    ...typesWith(['emissions', 'options'], {
      HiddenMarkovEstimator,
      LookbackHiddenMarkovEstimator,
      TreeHiddenMarkovEstimator,
    }),
    ...typesWith(['components', 'options'], { MixtureEstimator, SemiSupervisedMixtureEstimator }),
    ...typesWith(['estimators', 'options'], { CompositeEstimator, ConditionalEstimator }),
    ...typesWith(['topics', 'options'], { HierarchicalMixtureEstimator, LatentDirichletAllocationEstimator }),
    ...typesWith([], { NullEstimator }),
    ...typesWith(['component', 'options'], { DirichletProcessMixtureEstimator }),
    ...typesWith(['components1', 'components2', 'options'], { JointMixtureEstimator }),
    ...typesWith(['conditional', 'options'], { HiddenAssociationEstimator }),
    ...typesWith(['dist'], { IgnoredEstimator }),
    ...typesWith(['emissions', 'durations', 'options'], { HiddenSemiMarkovEstimator }),
    ...typesWith(['estimator'], { VariationalEstimator }),
    ...typesWith(['fields', 'options'], { RecordEstimator }),
    ...typesWith(['group', 'index', 'options'], { ShapedGaussianEstimator }),
    // What the components of one call of shapedGaussians share: the same object in each of them.
    ...typesWith(['shape', 'count'], { ShapeGroup }),
  ];
}

/**
 * The estimators of this package, for a codec that takes types; with `modelTypes`, as priors are distributions. Without
 * `SelectEstimator`, which holds a function: give a type of your own that knows yours.
 * @example
 * const codec = createCodec({ types: [...modelTypes, ...estimatorTypes] });
 * await saveModel('fit.dml', { estimator, fit: optimize(rows, estimator) }, codec);
 */
export const estimatorTypes: readonly EstimatorType[] = /* @__PURE__ */ everyType();
