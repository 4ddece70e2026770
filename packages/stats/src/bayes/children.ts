/** What parents make of children that have priors, and of those that have none. */
import type { AnyDistribution, AnyEstimator, Bayes, Columns, ModelOf, Scorer } from '../contract.js';

/** What is known of the parameters after the data: by a distribution, or, where there is no prior, by one estimate. */
export type PosteriorOf<E> = E extends { readonly bayes: infer B }
  ? NonNullable<B> extends { posterior(statistic: never): infer Q }
    ? Q
    : ModelOf<E>
  : ModelOf<E>;

type AnyBayes = Bayes<AnyDistribution, unknown, unknown, Columns>;

/** The `bayes` of an estimator. Without a prior the estimate is all that is known: a point, at no distance from the prior. */
export function bayesOf(estimator: AnyEstimator): AnyBayes {
  return (
    estimator.bayes ?? {
      prior: undefined,
      posterior: (statistic, pooled) => estimator.estimate(statistic, undefined, pooled),
      mode: (known) => known as AnyDistribution,
      logPrior: () => 0,
      expectedScorer: (known) => known as AnyDistribution,
      divergence: () => 0,
      withPrior: () => estimator,
    }
  );
}

/** What a parent says itself. */
export interface ParentBayes<D, S, Q, C extends Columns> {
  statistics(statistic: S): readonly unknown[];
  models(model: D): readonly AnyDistribution[];
  /** What is known of the children, in order. */
  known(known: Q): readonly unknown[];
  join(children: readonly unknown[]): Q;
  mode(models: readonly AnyDistribution[]): D;
  expectedScorer(scorers: readonly Scorer[]): Scorer<C>;
  withPrior(estimators: readonly AnyEstimator[]): AnyEstimator;
}

/** Of a parent whose children's parameters are independent; `undefined` when no child has a prior that is a distribution. */
export function bayesOfChildren<D, S, Q, C extends Columns>(
  estimators: readonly AnyEstimator[],
  parent: ParentBayes<D, S, Q, C>,
): Bayes<D, S, Q, C> | undefined {
  if (estimators.every((estimator) => estimator.bayes === undefined)) return undefined;
  const children = estimators.map(bayesOf);
  const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
  return {
    prior: parent.join(children.map((child) => child.prior)),
    posterior(statistic, pooled) {
      const statistics = parent.statistics(statistic);
      const ofAllRows = pooled === undefined ? [] : parent.statistics(pooled);
      return parent.join(children.map((child, j) => child.posterior(statistics[j], ofAllRows[j])));
    },
    mode(known) {
      const parts = parent.known(known);
      return parent.mode(children.map((child, j) => child.mode(parts[j])));
    },
    logPrior(model) {
      const models = parent.models(model);
      return sum(children.map((child, j) => child.logPrior(models[j]!)));
    },
    expectedScorer(known) {
      const parts = parent.known(known);
      return parent.expectedScorer(children.map((child, j) => child.expectedScorer(parts[j])));
    },
    divergence(known, other) {
      const parts = parent.known(known);
      const others = other === undefined ? [] : parent.known(other);
      return sum(children.map((child, j) => child.divergence(parts[j], others[j])));
    },
    withPrior(prior) {
      const parts = parent.known(prior);
      return parent.withPrior(children.map((child, j) => child.withPrior(parts[j]) as AnyEstimator));
    },
  };
}
