// Every family, by topic. A new family adds one line here, one in modelTypes.ts and one in estimatorTypes.ts.

// Distributions over parameters
export type { PosteriorOf } from '../bayes/children.js';
export * from '../bayes/diagonalNormalGamma.js';
export * from '../bayes/dirichletTable.js';
export * from '../bayes/levelBeta.js';
export { LevelDirichletDistribution } from '../bayes/levelDirichlet.js';
export * from '../bayes/normalGamma.js';
export * from '../bayes/normalWishart.js';
// Combinators
export {
  type CompositeAccumulator,
  CompositeDistribution,
  type CompositeEncoder,
  CompositeEstimator,
  type CompositeOptions,
  type FieldColumns,
  type FieldModel,
  type TupleModels,
  type TuplePosteriors,
  type TupleRow,
  type TupleStatistics,
} from '../combinators/composite.js';
export * from '../combinators/conditional.js';
export * from '../combinators/ignored.js';
export {
  type EditColumns,
  type EditPrior,
  type EditRow,
  type EditStatistic,
  type IntegerBernoulliEditAccumulator,
  IntegerBernoulliEditDistribution,
  type IntegerBernoulliEditEncoder,
  IntegerBernoulliEditEstimator,
  type IntegerBernoulliEditOptions,
  type IntegerBernoulliEditParameters,
} from '../combinators/integerBernoulliEdit.js';
export * from '../combinators/integerMultinomial.js';
export * from '../combinators/integerStepBernoulliEdit.js';
export type { ListSamplerOptions } from '../combinators/lengthModel.js';
export * from '../combinators/multinomial.js';
export { type NullAccumulator, NullDistribution, type NullEncoder, NullEstimator } from '../combinators/null.js';
export * from '../combinators/optional.js';
export * from '../combinators/record.js';
export * from '../combinators/select.js';
export * from '../combinators/sequence.js';
export {
  type WeightedAccumulator,
  type WeightedColumns,
  WeightedDistribution,
  type WeightedEncoder,
  WeightedEstimator,
  type WeightedOptions,
  type WeightedRow,
} from '../combinators/weighted.js';
// Leaf families
export * from '../families/bernoulli.js';
export * from '../families/bernoulliSet.js';
export * from '../families/beta.js';
export * from '../families/binomial.js';
export * from '../families/categorical.js';
export * from '../families/diagonalGaussian.js';
export * from '../families/dirac.js';
export * from '../families/dirichlet.js';
export * from '../families/exponential.js';
export * from '../families/gamma.js';
export * from '../families/gaussian.js';
export * from '../families/geometric.js';
export * from '../families/integerBernoulliSet.js';
export * from '../families/integerCategorical.js';
export * from '../families/integerChowLiuTree.js';
export * from '../families/logGaussian.js';
export * from '../families/multivariateGaussian.js';
export * from '../families/negativeBinomial.js';
export * from '../families/poisson.js';
export type { ShapedGaussianOptions, ShapedGaussianStatistic } from '../families/shapedGaussians.js';
export { ShapedGaussianEstimator, shapedGaussians } from '../families/shapedGaussians.js';
export * from '../families/spearmanRanking.js';
export * from '../families/spikeAndSlab.js';
export * from '../families/studentT.js';
export * from '../families/uniform.js';
export * from '../families/vonMisesFisher.js';
export * from '../families/weibull.js';
// Latent models
export type {
  AssociationColumns,
  AssociationEncoder,
  AssociationRow,
} from '../latent/associations/associationColumns.js';
export * from '../latent/associations/hiddenAssociation.js';
export * from '../latent/associations/integerHiddenAssociation.js';
export * from '../latent/associations/sparseMarkovAssociation.js';
export type {
  HiddenMarkovAccumulator,
  HiddenMarkovKeys,
  HiddenMarkovStatistic,
} from '../latent/hiddenMarkov/forwardBackward.js';
export * from '../latent/hiddenMarkov/model.js';
export type { HiddenMarkovOptions } from '../latent/hiddenMarkov/options.js';
export type { HiddenMarkovParameters } from '../latent/hiddenMarkov/parameters.js';
export type { StatePath } from '../latent/hiddenMarkov/paths.js';
export type { HiddenMarkovPathOptions } from '../latent/hiddenMarkov/queries.js';
export type { SampledPath } from '../latent/hiddenMarkov/sampling.js';
export type { HiddenMarkovTableOptions, ImaginaryRows, ImaginaryTable } from '../latent/hiddenMarkov/tableOptions.js';
export type {
  HiddenSemiMarkovAccumulator,
  HiddenSemiMarkovKeys,
  HiddenSemiMarkovStatistic,
} from '../latent/hiddenSemiMarkov/accumulator.js';
export type { DurationColumns, SegmentedColumns, SegmentedEncoder } from '../latent/hiddenSemiMarkov/columns.js';
export * from '../latent/hiddenSemiMarkov/model.js';
export type { HiddenSemiMarkovOptions, HiddenSemiMarkovParameters } from '../latent/hiddenSemiMarkov/parameters.js';
export type { BestSegments, Segment, SegmentedPath } from '../latent/hiddenSemiMarkov/viterbi.js';
export * from '../latent/hierarchicalMixture/hierarchicalMixture.js';
export * from '../latent/jointMixture/jointMixture.js';
export * from '../latent/lookbackHiddenMarkov/model.js';
export * from '../latent/markovChain/integerMarkovChain.js';
export type { IntegerMarkovChainColumns, IntegerMarkovChainEncoder } from '../latent/markovChain/integerSteps.js';
export * from '../latent/markovChain/markovChain.js';
export type { MarkovChainAccumulator, MarkovChainStatistic } from '../latent/markovChain/markovCounts.js';
export * from '../latent/mixtures/diracMixture.js';
export {
  DirichletProcessMixtureDistribution,
  DirichletProcessMixtureEstimator,
  type ProcessOptions,
  type ProcessParameters,
} from '../latent/mixtures/dirichletProcessMixture.js';
export * from '../latent/mixtures/gaussianMixture.js';
export * from '../latent/mixtures/mixture.js';
export * from '../latent/mixtures/multivariateGaussianMixture.js';
export type { ProcessAccumulator, ProcessStatistic } from '../latent/mixtures/processAccumulator.js';
export type {
  MixtureAccumulator,
  MixtureKeys,
  MixtureModel,
  MixtureStatistic,
} from '../latent/responsibilities.js';
export type {
  ComponentLabel,
  LabelledColumns,
  LabelledEncoder,
  LabelledRow,
} from '../latent/semiSupervisedMixture/labelledColumns.js';
export type { SemiSupervisedMixtureAccumulator } from '../latent/semiSupervisedMixture/labelledResponsibilities.js';
export * from '../latent/semiSupervisedMixture/semiSupervisedMixture.js';
export * from '../latent/topics/integerPlsi.js';
export * from '../latent/topics/latentDirichletAllocation.js';
export * from '../latent/treeHiddenMarkov/model.js';
export { VariationalDistribution, VariationalEstimator, variational } from '../latent/variational.js';
export type { CovarianceShape } from '../leaf/vectors/covarianceShapes.js';
export type { Copies } from '../tree/copies.js';
export { copies } from '../tree/copies.js';
