/**
 * The types of what may be asked about a part of a row: which steps lead into the rows of a model, and what the answers are. A
 * step that a model's rows lack does not compile.
 */
import type { CompositeDistribution } from '../combinators/composite.js';
import type { ConditionalDistribution } from '../combinators/conditional.js';
import type { IgnoredDistribution } from '../combinators/ignored.js';
import type { OptionalDistribution } from '../combinators/optional.js';
import type { RecordDistribution } from '../combinators/record.js';
import type { SequenceDistribution } from '../combinators/sequence.js';
import type { AnyDistribution, Step } from '../contract.js';
import type { BetaDistribution } from '../families/beta.js';
import type { DiagonalGaussianDistribution } from '../families/diagonalGaussian.js';
import type { DirichletDistribution } from '../families/dirichlet.js';
import type { GaussianDistribution } from '../families/gaussian.js';
import type { IntegerCategoricalDistribution } from '../families/integerCategorical.js';
import type { IntegerChowLiuTreeDistribution } from '../families/integerChowLiuTree.js';
import type { MultivariateGaussianDistribution } from '../families/multivariateGaussian.js';
import type { HiddenMarkovDistribution } from '../latent/hiddenMarkov/model.js';
import type { HiddenSemiMarkovDistribution } from '../latent/hiddenSemiMarkov/model.js';
import type { JointMixtureDistribution } from '../latent/jointMixture/jointMixture.js';
import type { DirichletProcessMixtureDistribution } from '../latent/mixtures/dirichletProcessMixture.js';
import type { MixtureDistribution } from '../latent/mixtures/mixture.js';
import type { SemiSupervisedMixtureDistribution } from '../latent/semiSupervisedMixture/semiSupervisedMixture.js';
import type { OverSameRows } from '../latent/sharedRows.js';
import type { TreeHiddenMarkovDistribution } from '../latent/treeHiddenMarkov/model.js';
import type { Gap } from '../leaf/vectors/vectors.js';

/** The positions of a tuple, as numbers. */
export type PositionsOf<Ds extends readonly unknown[]> = number extends Ds['length']
  ? number
  : Extract<keyof Ds, `${number}`> extends `${infer J extends number}`
    ? J
    : never;

/** Components of the types that a mapped tuple says: they are over the same rows because those that they came from were. */
export type SameRows<Ds extends readonly AnyDistribution[]> = Ds & OverSameRows<Ds>;

type AnyJointMixture = JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]>;

/** A family of somebody else's: what its own members say. */
type OthersSteps<D> = 'marginalOf' extends keyof D ? Step : never;

/** The steps into the rows of a model: names of fields, positions, coordinates; those of the items for a model of lists. */
export type StepsOf<D> =
  D extends RecordDistribution<infer Fs>
    ? keyof Fs & string
    : D extends CompositeDistribution<infer Ds>
      ? PositionsOf<Ds>
      : D extends MultivariateGaussianDistribution<Gap> | DiagonalGaussianDistribution<Gap>
        ? number
        : D extends ConditionalDistribution<infer _D, infer _O, infer _G, infer _L> | AnyJointMixture
          ? 0 | 1
          : D extends OptionalDistribution<infer E, infer _M>
            ? StepsOf<E>
            : D extends IgnoredDistribution<infer E>
              ? StepsOf<E>
              : D extends SequenceDistribution<infer E, infer _L>
                ? StepsOf<E>
                : D extends HiddenMarkovDistribution<infer Es, infer _L>
                  ? StepsOf<Es[number]>
                  : D extends MixtureDistribution<infer Cs>
                    ? StepsOf<Cs[number]>
                    : D extends DirichletProcessMixtureDistribution<infer C, infer _Q>
                      ? StepsOf<C>
                      : D extends DirichletDistribution | IntegerChowLiuTreeDistribution
                        ? number
                        : D extends SemiSupervisedMixtureDistribution<readonly AnyDistribution[]>
                          ? 0
                          : D extends HiddenSemiMarkovDistribution<infer Es, infer _G, infer _L>
                            ? StepsOf<Es[number]>
                            : D extends TreeHiddenMarkovDistribution<infer Es, infer _G>
                              ? StepsOf<Es[number]>
                              : OthersSteps<D>;

/** The distribution of the values at `S`, a step or a list of steps, of rows of the model `D`. */
export type MarginalOf<D, S> =
  D extends RecordDistribution<infer Fs>
    ? S extends readonly (infer N)[]
      ? RecordDistribution<Pick<Fs, N & keyof Fs>>
      : Fs[S & keyof Fs]
    : D extends CompositeDistribution<infer Ds>
      ? S extends readonly unknown[]
        ? CompositeDistribution<{ readonly [I in keyof S]: Ds[S[I] & number] }>
        : Ds[S & number]
      : D extends MultivariateGaussianDistribution<Gap> | DiagonalGaussianDistribution<Gap>
        ? S extends readonly unknown[]
          ? D
          : GaussianDistribution
        : D extends ConditionalDistribution<infer V, infer O, infer G, infer _L>
          ? S extends 0
            ? G
            : S extends 1
              ? MixtureDistribution<readonly (V | O)[]>
              : AnyDistribution
          : D extends OptionalDistribution<infer E, infer M>
            ? OptionalDistribution<Model<MarginalOf<E, S>>, M>
            : D extends IgnoredDistribution<infer E>
              ? MarginalOf<E, S>
              : D extends SequenceDistribution<infer E, infer L>
                ? SequenceDistribution<Model<MarginalOf<E, S>>, L>
                : D extends HiddenMarkovDistribution<infer Es, infer L>
                  ? HiddenMarkovDistribution<{ readonly [K in keyof Es]: Model<MarginalOf<Es[K], S>> }, L>
                  : D extends MixtureDistribution<infer Cs>
                    ? MixtureDistribution<{ readonly [K in keyof Cs]: Model<MarginalOf<Cs[K], S>> }>
                    : D extends DirichletProcessMixtureDistribution<infer C, infer _Q>
                      ? MixtureDistribution<readonly Model<MarginalOf<C, S>>[]>
                      : D extends JointMixtureDistribution<infer As, infer Bs>
                        ? MixtureDistribution<S extends 0 ? As : Bs>
                        : MarginalOfOthers<D, S>;

type MarginalOfOthers<D, S> = D extends DirichletDistribution
  ? BetaDistribution
  : D extends IntegerChowLiuTreeDistribution
    ? S extends readonly unknown[]
      ? IntegerChowLiuTreeDistribution
      : IntegerCategoricalDistribution
    : D extends SemiSupervisedMixtureDistribution<infer Cs>
      ? MixtureDistribution<Cs>
      : D extends HiddenSemiMarkovDistribution<infer Es, infer Gs, infer L>
        ? HiddenSemiMarkovDistribution<{ readonly [K in keyof Es]: Model<MarginalOf<Es[K], S>> }, Gs, L>
        : D extends TreeHiddenMarkovDistribution<infer Es, infer G>
          ? TreeHiddenMarkovDistribution<{ readonly [K in keyof Es]: Model<MarginalOf<Es[K], S>> }, G>
          : AnyDistribution;

/** For the compiler, which cannot see that what a conditional type gives is a distribution. */
export type Model<D> = D extends AnyDistribution ? D : never;
