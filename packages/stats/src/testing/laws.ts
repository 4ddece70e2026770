/** What a law is checked on, and what a check is. */
import type { Accumulator, AnyDistribution, AnyEstimator, Distribution, Encoder, Estimator } from '../contract.js';
import type { StoredType } from '../models/estimatorJSON.js';
import type { ModelType } from '../models/rebuildModel.js';

/** The names of the members that `T` may leave out. */
export type OptionalKeys<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];

/**
 * The optional members of each part of the contract. An accumulator's `key` is left to the `keyed` estimator, `holdsItems` to the
 * law of `itemCount`, and `rowBytes` only divides the work.
 */
export interface OptionalMembers {
  readonly distribution: OptionalKeys<Distribution<unknown>>;
  readonly encoder: Exclude<OptionalKeys<Encoder<unknown>>, 'holdsItems' | 'rowBytes'>;
  readonly estimator: OptionalKeys<Estimator<unknown, AnyDistribution>>;
  readonly accumulator: Exclude<OptionalKeys<Accumulator>, 'key'>;
}

/** An optional member of the contract. */
export type OptionalMember = OptionalMembers[keyof OptionalMembers];

/** What to check a family with. */
export interface FamilyLaws {
  /** Distributions of the family in several regimes, all over the same kind of row. */
  readonly distributions: readonly AnyDistribution[];
  /** An estimator of the family without a prior; absent for families that are not estimated. */
  readonly estimator?: AnyEstimator;
  /** The same estimator with a key; needed where `kind` is shown. */
  readonly keyed?: AnyEstimator;
  /**
   * The optional members that the family has: exactly these. Each brings its own laws; one that is missing, and one that is
   * there but not listed, is a fault. Default: none.
   */
  readonly offers?: readonly OptionalMember[];
  /**
   * Offered members that these distributions cannot show (row codes, where a field is a real number; a start that draws,
   * where no part draws). Their laws are left out here: show them in another call.
   */
  readonly notShown?: readonly OptionalMember[];
  /** A distribution of the family and a row at which its density is infinite; needed where `isUnbounded` is shown. */
  readonly unbounded?: { readonly distribution: AnyDistribution; readonly pole: unknown };
  /** Rows besides the sampled ones, to bring in what samples seldom hold. They must be possible under every distribution. */
  readonly rows?: readonly unknown[];
  /** Rows that the encoder must refuse. */
  readonly refused?: readonly unknown[];
  /** Rows that can be encoded but score -Infinity under every given distribution. */
  readonly impossible?: readonly unknown[];
  /** How the density sums to 1: all rows of a finite support, an integer range, or a real interval. Absent: not checked. */
  readonly support?:
    | { readonly rows: readonly unknown[] }
    | { readonly integers: readonly [from: number, to: number] }
    | { readonly interval: readonly [from: number, to: number] };
  /** A number per row whose sample mean is compared with its mean and standard deviation under each distribution. */
  readonly moments?: {
    readonly of: (row: never) => number;
    readonly mean: (distribution: never) => number;
    readonly sd: (distribution: never) => number;
  };
  /** Parameters that a fit to many sampled rows must recover, as a flat list of numbers. */
  readonly parameters?: (distribution: never) => readonly number[];
  /** Largest error of a recovered parameter, in units of 1 + its size. Default 0.1. */
  readonly recovery?: number;
  /** Classes from which the models are rebuilt. Default: those of the given distributions and of their children. */
  readonly types?: readonly ModelType[];
  /**
   * Types from which the estimator is rebuilt, with those of all that it holds. Default: those of this package; an estimator of
   * another class is then not rebuilt.
   */
  readonly estimatorTypes?: readonly StoredType[];
}

/** One law for one family. */
export interface LawCheck {
  /** A whole sentence. */
  readonly law: string;
  /** @throws {Error} when the law is broken, with the numbers */
  run(): void;
}
