/** The types of parts of rows, and of what is left when a part is known. */
import type { CompositeDistribution } from '../combinators/composite.js';
import type { ConditionalDistribution } from '../combinators/conditional.js';
import type { IgnoredDistribution } from '../combinators/ignored.js';
import type { OptionalDistribution } from '../combinators/optional.js';
import type { RecordDistribution } from '../combinators/record.js';
import type { AnyDistribution, RowOf, Step } from '../contract.js';
import type { CategoricalDistribution, Level } from '../families/categorical.js';
import type { DiagonalGaussianDistribution } from '../families/diagonalGaussian.js';
import type { IntegerChowLiuTreeDistribution } from '../families/integerChowLiuTree.js';
import type { MultivariateGaussianDistribution } from '../families/multivariateGaussian.js';
import type { JointMixtureDistribution } from '../latent/jointMixture/jointMixture.js';
import type { DirichletProcessMixtureDistribution } from '../latent/mixtures/dirichletProcessMixture.js';
import type { MixtureDistribution } from '../latent/mixtures/mixture.js';
import type { Gap } from '../leaf/vectors/vectors.js';
import type { Model, PositionsOf } from './steps.js';

/** Any part, for models of which the compiler knows no more than that they are distributions. */
type AnyPart = Readonly<Record<Step, unknown>>;

/** What can be known of a row of the model `D`: an object with some of its values by step. A value may be a part again. */
export type PartOf<D> =
  D extends RecordDistribution<infer Fs>
    ? { readonly [N in keyof Fs]?: ValueOrPart<Fs[N]> }
    : D extends CompositeDistribution<infer Ds>
      ? { readonly [J in PositionsOf<Ds>]?: ValueOrPart<Ds[J]> }
      : D extends VectorDistribution
        ? { readonly [coordinate: number]: number }
        : D extends ConditionalDistribution<infer V, infer O, infer _G, infer L>
          ? { readonly 0?: L; readonly 1?: ValueOrPart<V> | ValueOrPart<O> }
          : D extends OptionalDistribution<infer E, infer _M>
            ? PartOf<E>
            : D extends IgnoredDistribution<infer E>
              ? PartOf<E>
              : D extends MixtureDistribution<infer Cs>
                ? PartOf<Cs[number]>
                : D extends DirichletProcessMixtureDistribution<infer C, infer _Q>
                  ? PartOf<C>
                  : D extends JointMixtureDistribution<infer As, infer Bs>
                    ? { readonly 0?: ValueOrPart<As[number]>; readonly 1?: ValueOrPart<Bs[number]> }
                    : 'conditioned' extends keyof D
                      ? AnyPart
                      : never;

/** Of vectors that can be known in part. */
export type VectorDistribution =
  | MultivariateGaussianDistribution<Gap>
  | DiagonalGaussianDistribution<Gap>
  | IntegerChowLiuTreeDistribution;

type ValueOrPart<D> = RowOf<D> | PartOf<D>;

/** The names that `P` may have: all those of a part, and no others. */
export type NoOtherSteps<P, Q> = { readonly [N in Exclude<keyof P, KeysOf<Q>>]: never };
type KeysOf<Q> = Q extends unknown ? keyof Q : never;

/** The fields that are left: those that are not named, and those of which only a part is known. */
type RestOfFields<Fs, P> = {
  readonly [N in keyof Fs as N extends keyof P ? (P[N] extends RowOf<Fs[N]> ? never : N) : N]: N extends keyof P
    ? Model<RestOf<Fs[N], P[N]>>
    : Fs[N];
};

/** The same for positions, which move up. */
type RestOfPositions<Ds extends readonly unknown[], P, J extends readonly unknown[] = []> = Ds extends readonly [
  infer First,
  ...infer Others,
]
  ? J['length'] extends keyof P
    ? P[J['length']] extends RowOf<First>
      ? RestOfPositions<Others, P, [...J, unknown]>
      : readonly [Model<RestOf<First, P[J['length']]>>, ...RestOfPositions<Others, P, [...J, unknown]>]
    : readonly [First, ...RestOfPositions<Others, P, [...J, unknown]>]
  : Ds;

/** The distribution of the rest of a row of the model `D` of which the part `P` is known. */
export type RestOf<D, P> =
  D extends RecordDistribution<infer Fs>
    ? RestOfFields<Fs, P> extends infer R extends Readonly<Record<string, AnyDistribution>>
      ? RecordDistribution<R>
      : never
    : D extends CompositeDistribution<infer Ds>
      ? CompositeDistribution<Extract<RestOfPositions<Ds, P>, readonly AnyDistribution[]>>
      : D extends VectorDistribution
        ? D
        : D extends ConditionalDistribution<infer V, infer O, infer _G, infer L>
          ? P extends { readonly 0: Level }
            ? P extends { readonly 1: infer Q }
              ? RestOf<V | O, Q>
              : V | O
            : P extends { readonly 1: RowOf<V> | RowOf<O> }
              ? CategoricalDistribution<L>
              : P extends { readonly 1: infer Q }
                ? ConditionalDistribution<Model<RestOf<V, Q>>, Model<RestOf<O, Q>>, CategoricalDistribution<L>, L>
                : D
          : D extends OptionalDistribution<infer E, infer _M>
            ? RestOf<E, P>
            : D extends IgnoredDistribution<infer E>
              ? RestOf<E, P>
              : D extends MixtureDistribution<infer Cs>
                ? MixtureDistribution<{ readonly [K in keyof Cs]: Model<RestOf<Cs[K], P>> }>
                : D extends DirichletProcessMixtureDistribution<infer C, infer _Q>
                  ? MixtureDistribution<readonly Model<RestOf<C, P>>[]>
                  : D extends JointMixtureDistribution<infer As, infer Bs>
                    ? RestOfPair<RestOfSide<As, P, 0>, RestOfSide<Bs, P, 1>>
                    : AnyDistribution;

/** The components of one value of a pair, given the part `P` of the pair; never where the value is known. */
type RestOfSide<Cs extends readonly AnyDistribution[], P, S extends 0 | 1> =
  P extends Readonly<Record<S, infer Q>>
    ? Q extends RowOf<Cs[number]>
      ? never
      : { readonly [K in keyof Cs]: Model<RestOf<Cs[K], Q>> }
    : Cs;

type RestOfPair<As extends readonly AnyDistribution[], Bs extends readonly AnyDistribution[]> = [As] extends [never]
  ? MixtureDistribution<Bs>
  : [Bs] extends [never]
    ? MixtureDistribution<As>
    : JointMixtureDistribution<As, Bs>;
