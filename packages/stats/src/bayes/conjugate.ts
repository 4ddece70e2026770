/** What the estimators of leaf families share that take a distribution over their parameters as prior. */
import type { AnyEstimator, Bayes, Columns, ParameterDistribution, RowOf, Scorer } from '../contract.js';
import { ParameterError } from '../errors.js';
import type { Scores } from '../leaf/scores.js';

/** What is known of some parameters, a family's or a table of a parent's own, and what follows from it. */
export interface Known<D, S, Q, P> {
  readonly prior: Q;
  posterior(prior: Q, statistic: S): Q;
  mode(known: Q): D;
  /** The parameters of a model, as the prior is distributed over them. */
  parameters(model: D): P;
}

/** The parts of {@link Bayes} that a family says itself. */
export interface Conjugacy<D, S, Q, P, C extends Columns> extends Known<D, S, Q, P> {
  expectedScorer(known: Q): Scorer<C>;
  /** log E f(x), for one row. */
  predictiveLogDensity(known: Q, row: RowOf<D>): number;
  withPrior(prior: Q): AnyEstimator;
}

/** The members of {@link Bayes} that say what is known. */
export type Part<D = unknown, S = unknown, Q = unknown> = Pick<
  Bayes<D, S, Q>,
  'prior' | 'posterior' | 'mode' | 'logPrior' | 'divergence'
>;

/** They follow from the prior: its density, entropy and cross-entropy. */
export function partOf<D, S, P, Q extends ParameterDistribution<P>, K extends Known<D, S, Q, P>>(
  known: K & Known<D, S, Q, P>,
): Omit<K, keyof Part> & Part<D, S, Q> {
  const { prior } = known;
  return {
    ...known,
    posterior: (statistic) => known.posterior(prior, statistic),
    mode: (q) => known.mode(q),
    logPrior: (model) => prior.logDensity(known.parameters(model)),
    divergence: (q, other = prior) => Math.max(q.crossEntropy(other) - q.entropy, 0), // not below 0 by rounding
  };
}

/** By estimator: a fit asks at every M step, of every component. */
const made = /* @__PURE__ */ new WeakMap<object, unknown>();

/** That of a family. Made once for each estimator: its options never change. */
export function conjugate<D, S, P, Q extends ParameterDistribution<P>, C extends Columns>(
  estimator: object,
  make: () => Conjugacy<D, S, Q, P, C>,
): Bayes<D, S, Q, C> {
  if (!made.has(estimator)) made.set(estimator, partOf(make()));
  return made.get(estimator) as Bayes<D, S, Q, C>; // what its family has just made, or had
}

/** The scores of a family with other constants. */
export function scorerOf<C extends Columns>(scores: Scores<C>): Scorer<C> {
  return {
    seqLogDensity: (columns, start, end, out) => scores.score(columns, start, end, out),
    seqAddLogDensity: (columns, start, end, out) => scores.add(columns, start, end, out),
  };
}

/**
 * Whether an option `prior` is a distribution over parameters of this type. By name, not by class: a program that imports no
 * such prior must not load it, and two copies of the package know each other's.
 */
export function isPriorOf<Q extends ParameterDistribution<unknown>>(prior: unknown, typeName: string): prior is Q {
  if (typeof prior !== 'object' || prior === null) return false;
  return (prior.constructor as { readonly typeName?: unknown } | undefined)?.typeName === typeName;
}

/**
 * The options without a prior that is a distribution, so that the others are checked as ever.
 * @typeParam P  what `prior` is otherwise
 * @throws {ParameterError} when imaginary rows are asked for beside such a prior
 */
export function withoutPrior<O extends { readonly prior?: unknown }, P>(
  owner: string,
  options: O,
  typeName: string,
): Omit<O, 'prior'> & { readonly prior?: P } {
  if (typeof options !== 'object' || options === null || !isPriorOf(options.prior, typeName)) return options as never;
  const { prior: _, ...others } = options;
  const pseudoCount = (options as { readonly pseudoCount?: unknown }).pseudoCount;
  if (pseudoCount === undefined) return others;
  throw new ParameterError(owner, 'pseudoCount', 'left out where the prior is a distribution', pseudoCount);
}

/** The densest probability under a beta distribution: the end where it is largest, and one half where there is no such end. */
export function shareMode({ mode }: { readonly mode: number | undefined }): number {
  return mode ?? 0.5;
}
