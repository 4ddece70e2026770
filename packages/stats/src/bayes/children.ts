/** What parents make of children that have priors, and of those that have none. */
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  ModelOf,
  ParameterDistribution,
  RowOf,
  Scorer,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { logPriorOf } from '../tree/children.js';
import { type Part, partOf } from './conjugate.js';

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
      get prior() {
        // Where nothing is counted nothing is learned: the estimate is known before the rows.
        const isFixed = estimator.statisticLength?.(estimator.encoder().encode([])) === 0;
        return isFixed ? estimator.estimate(null) : undefined;
      },
      posterior: (statistic, pooled) => estimator.estimate(statistic, undefined, pooled),
      mode: (known) => known as AnyDistribution,
      logPrior: (model) => logPriorOfPoint(estimator, model as AnyDistribution),
      expectedScorer: (known) => known as AnyDistribution,
      predictiveLogDensity(known, row) {
        if (known !== undefined) return (known as AnyDistribution).logDensity(row);
        throw new ParameterError('Bayes.predictiveLogDensity', 'known', 'a posterior: a part has no prior', known);
      },
      // From another point there is none: points have no densities to compare.
      divergence: (known, other) =>
        other === undefined ? -logPriorOfPoint(estimator, known as AnyDistribution | undefined) : 0,
      withPrior: () => estimator,
    }
  );
}

/** What a point adds to the bound: the log prior of what stands below it, NaN where that is not known. */
function logPriorOfPoint(estimator: AnyEstimator, point: AnyDistribution | undefined): number {
  return point === undefined ? 0 : logPriorOf(estimator, point);
}

/** A table of a parent's own, with a prior that is a distribution over it. */
export function tablePart<S, P, Q extends ParameterDistribution<P>>(
  prior: Q,
  posterior: (known: Q, statistic: S) => Q,
  mode: (known: Q) => P,
): Part {
  // A part is only ever given what it has made, or the parent's own table.
  return partOf({ prior, posterior, mode, parameters: (table: P) => table }) as Part;
}

/**
 * A table of a parent's own without such a prior.
 * @param logPrior  what imaginary rows add to the log-likelihood at a table. Default: nothing
 */
export function tablePoint(estimate: (statistic: never) => unknown, logPrior?: (table: never) => number): Part {
  const point = bayesOf({ estimate } as AnyEstimator) as Part; // without `bayes`, nothing but the estimate is asked for
  if (logPrior === undefined) return point;
  const of = (table: unknown) => (table === undefined ? 0 : logPrior(table as never)); // it is what `estimate` makes
  return { ...point, logPrior: of, divergence: (known, other) => (other === undefined ? -of(known) : 0) };
}

/** How a parent is made of its parts. */
export interface Whole<D, S, Q> {
  statistics(statistic: S): readonly unknown[];
  /** The children of a model, and its own tables. */
  models(model: D): readonly unknown[];
  /** What is known of the parts, in order. */
  known(known: Q): readonly unknown[];
  join(parts: readonly unknown[]): Q;
  mode(models: readonly unknown[]): D;
}

/** Of a parent whose parts are independent, before the rows and after. */
export function bayesOfParts<D, S, Q>(parts: readonly Part[], whole: Whole<D, S, Q>): Part<D, S, Q> {
  const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
  return {
    prior: whole.join(parts.map((part) => part.prior)),
    posterior(statistic, pooled) {
      const statistics = whole.statistics(statistic);
      const ofAllRows = pooled === undefined ? [] : whole.statistics(pooled);
      return whole.join(parts.map((part, j) => part.posterior(statistics[j], ofAllRows[j])));
    },
    mode(known) {
      const list = whole.known(known);
      return whole.mode(parts.map((part, j) => part.mode(list[j])));
    },
    logPrior(model) {
      const models = whole.models(model);
      return sum(parts.map((part, j) => part.logPrior(models[j])));
    },
    divergence(known, other) {
      const list = whole.known(known);
      const others = other === undefined ? [] : whole.known(other);
      return sum(parts.map((part, j) => part.divergence(list[j], others[j])));
    },
  };
}

/** What a parent says itself. */
export interface ParentBayes<D, S, Q, C extends Columns> extends Whole<D, S, Q> {
  mode(models: readonly AnyDistribution[]): D;
  expectedScorer(scorers: readonly Scorer[]): Scorer<C>;
  withPrior(estimators: readonly AnyEstimator[]): AnyEstimator;
  /**
   * The joint log-density of what the children see of one more row. Absent where it has no closed form.
   * @param of  that of rows of a child, in order: each is scored by what is known after those before it
   */
  predictive?(row: RowOf<D>, of: (child: number, rows: readonly unknown[]) => number): number;
  /** Children that see any number of rows. The joint density of these must be known: their priors are distributions. */
  readonly lists?: readonly number[];
}

/** Of a parent whose children's parameters are independent; `undefined` when no child has a prior that is a distribution. */
export function bayesOfChildren<D, S, Q, C extends Columns>(
  estimators: readonly AnyEstimator[],
  parent: ParentBayes<D, S, Q, C>,
): Bayes<D, S, Q, C> | undefined {
  if (estimators.every((estimator) => estimator.bayes === undefined)) return undefined;
  const children = estimators.map(bayesOf);
  const { predictive, lists = [] } = parent;
  const isClosed =
    children.every((child) => child.predictiveLogDensity !== undefined) &&
    lists.every((child) => isDistribution(children[child]!.prior));
  return {
    ...bayesOfParts(children as unknown as readonly Part[], parent as Whole<D, S, Q>), // the parts of a parent are its children's
    expectedScorer(known) {
      const parts = parent.known(known);
      return parent.expectedScorer(children.map((child, j) => child.expectedScorer(parts[j])));
    },
    ...(predictive !== undefined &&
      isClosed && {
        predictiveLogDensity(known, row) {
          const parts = parent.known(known);
          return predictive(row, (child, rows) => predictiveOfRows(estimators[child]!, parts[child], rows));
        },
      }),
    withPrior(prior) {
      const parts = parent.known(prior);
      return parent.withPrior(children.map((child, j) => child.withPrior(parts[j])));
    },
  };
}

/** Whether what is known is the distribution of one family's parameters. */
function isDistribution(known: unknown): boolean {
  return typeof known === 'object' && known !== null && 'crossEntropy' in known;
}

/** log of the joint density of more rows, by the chain rule: each after what the rows before it have taught. */
function predictiveOfRows(estimator: AnyEstimator, known: unknown, rows: readonly unknown[]): number {
  let now = known;
  let sum = 0;
  rows.forEach((row, i) => {
    const bayes = bayesOf(estimator);
    sum += bayes.predictiveLogDensity!(now, row); // asked for where it is there
    if (i < rows.length - 1) now = learned(bayes.withPrior(now), row);
  });
  return sum;
}

/** What is known after one more row. */
function learned(estimator: AnyEstimator, row: unknown): unknown {
  const columns = estimator.encoder().encode([row]);
  const accumulator = estimator.accumulator(columns);
  accumulator.seqUpdate(columns, 0, 1, Float64Array.of(1));
  return bayesOf(estimator).posterior(accumulator.value());
}
