/** What the estimators of leaf families share that take a distribution over their parameters as prior. */
import type { AnyEstimator, Bayes, Columns, ParameterDistribution, Scorer } from '../contract.js';
import { ParameterError } from '../errors.js';
import type { Scores } from '../leaf/scores.js';

/** The parts of {@link Bayes} that a family says itself. */
export interface Conjugacy<D, S, Q, P, C extends Columns> {
  readonly prior: Q;
  posterior(prior: Q, statistic: S): Q;
  mode(known: Q): D;
  /** The parameters of a model, as the prior is distributed over them. */
  parameters(model: D): P;
  expectedScorer(known: Q): Scorer<C>;
  withPrior(prior: Q): AnyEstimator;
}

/** The rest follows from the prior: its density, entropy and cross-entropy. */
export function conjugate<D, S, P, Q extends ParameterDistribution<P>, C extends Columns>(
  family: Conjugacy<D, S, Q, P, C>,
): Bayes<D, S, Q, C> {
  const { prior } = family;
  return {
    prior,
    posterior: (statistic) => family.posterior(prior, statistic),
    mode: (known) => family.mode(known),
    logPrior: (model) => prior.logDensity(family.parameters(model)),
    expectedScorer: (known) => family.expectedScorer(known),
    divergence: (known, other = prior) => Math.max(known.crossEntropy(other) - known.entropy, 0), // not below 0 by rounding
    withPrior: (next) => family.withPrior(next),
  };
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
