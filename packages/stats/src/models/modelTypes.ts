import type { AnyDistribution } from '../contract.js';
import {
  BernoulliDistribution,
  BernoulliSetDistribution,
  BetaDistribution,
  BinomialDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  DiagonalNormalGammaDistribution,
  DiracDistribution,
  DirichletDistribution,
  DirichletProcessMixtureDistribution,
  ExponentialDistribution,
  GammaDistribution,
  GaussianDistribution,
  GeometricDistribution,
  HiddenAssociationDistribution,
  HiddenMarkovDistribution,
  HierarchicalMixtureDistribution,
  IgnoredDistribution,
  IntegerBernoulliEditDistribution,
  IntegerBernoulliSetDistribution,
  IntegerCategoricalDistribution,
  IntegerChowLiuTreeDistribution,
  IntegerMarkovChainDistribution,
  IntegerPlsiDistribution,
  JointMixtureDistribution,
  LatentDirichletAllocationDistribution,
  LevelDirichletDistribution,
  LogGaussianDistribution,
  LookbackHiddenMarkovDistribution,
  MarkovChainDistribution,
  MixtureDistribution,
  MultinomialDistribution,
  MultivariateGaussianDistribution,
  NegativeBinomialDistribution,
  NormalGammaDistribution,
  NullDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
  SelectDistribution,
  SemiSupervisedMixtureDistribution,
  SequenceDistribution,
  SpearmanRankingDistribution,
  SpikeAndSlabDistribution,
  StudentTDistribution,
  TreeHiddenMarkovDistribution,
  UniformDistribution,
  VonMisesFisherDistribution,
  WeibullDistribution,
  WeightedDistribution,
} from './models.js';
import { type ModelType, rebuildModel } from './rebuildModel.js';

/**
 * The distributions of this package, for a codec that takes types.
 * @example
 * const codec = createCodec({ types: modelTypes });
 */
// A plain list: a bundler leaves it out of a page that does not use it, and with it all families that the page does not name.
export const modelTypes: readonly ModelType[] = [
  BernoulliDistribution,
  BernoulliSetDistribution,
  BetaDistribution,
  BinomialDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  DiracDistribution,
  DiagonalNormalGammaDistribution,
  DirichletDistribution,
  DirichletProcessMixtureDistribution,
  ExponentialDistribution,
  GammaDistribution,
  GaussianDistribution,
  GeometricDistribution,
  HiddenAssociationDistribution,
  HiddenMarkovDistribution,
  HierarchicalMixtureDistribution,
  IgnoredDistribution as ModelType, // of any child: the compiler does not see that its columns are columns
  IntegerBernoulliEditDistribution,
  IntegerBernoulliSetDistribution,
  IntegerCategoricalDistribution,
  IntegerChowLiuTreeDistribution,
  IntegerMarkovChainDistribution,
  IntegerPlsiDistribution,
  JointMixtureDistribution,
  LevelDirichletDistribution,
  LatentDirichletAllocationDistribution,
  LogGaussianDistribution,
  LookbackHiddenMarkovDistribution,
  MarkovChainDistribution,
  MixtureDistribution,
  MultinomialDistribution,
  MultivariateGaussianDistribution,
  NegativeBinomialDistribution,
  NormalGammaDistribution,
  NullDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
  SelectDistribution,
  SemiSupervisedMixtureDistribution,
  SequenceDistribution,
  SpikeAndSlabDistribution,
  SpearmanRankingDistribution,
  StudentTDistribution,
  TreeHiddenMarkovDistribution,
  UniformDistribution,
  VonMisesFisherDistribution,
  WeibullDistribution,
  WeightedDistribution,
];

/**
 * Builds a model from plain data such as `JSON.parse(JSON.stringify(model))`: objects with a known `type` become
 * distributions, from the inside out. A page that calls it gets every family; with {@link rebuildModel}, those it lists.
 * @param types  defaults to {@link modelTypes}
 * @throws {ParameterError} for an unknown type or a parameter out of range
 * @example
 * modelFromJSON({ type: 'Gaussian', mu: 0, sigma2: 1 }); // GaussianDistribution
 */
export function modelFromJSON(json: unknown, types: readonly ModelType[] = modelTypes): AnyDistribution {
  return rebuildModel(json, types);
}
