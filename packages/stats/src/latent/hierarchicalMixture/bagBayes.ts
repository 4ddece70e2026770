/**
 * What is known of the parameters of a mixture of bags over shared topics: of the weights of the mixtures, of each mixture's shares
 * of topics, of each topic, and of the length.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.2, for both levels.
 */
import { bayesOf, bayesOfParts, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../contract.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { exp } from '../../numeric/elementary.js';
import { BagMemory, type BagModel, scoreBags } from '../bags.js';
import { weightsPart } from '../mixtures/mixtureBayes.js';
import { isDirichlet } from '../mixtures/mixtureEstimators.js';
import type { Router } from '../route.js';
import type { HierarchicalMixtureStatistic } from './bagResponsibilities.js';
import type { BagTablePriors, BagTables } from './bagTables.js';

/** What is known after the data: Dirichlet distributions of the tables, or where they have no such prior the tables themselves. */
export interface HierarchicalMixturePosterior<Qs, R> {
  readonly w: DirichletDistribution | ArrayLike<number>;
  readonly tau: readonly (DirichletDistribution | ArrayLike<number>)[];
  readonly topics: Qs;
  readonly length: R;
}

/** What a mixture of bags says itself. */
export interface BagParts<D> {
  readonly topics: readonly AnyEstimator[];
  readonly length: AnyEstimator;
  readonly tables: BagTables;
  readonly router: Router;
  pool(statistic: HierarchicalMixtureStatistic): HierarchicalMixtureStatistic | undefined;
  modelOf(
    topics: readonly AnyDistribution[],
    tables: { readonly w: ArrayLike<number>; readonly tau: readonly ArrayLike<number>[] },
    length: AnyDistribution,
  ): D;
  withPrior(topics: readonly AnyEstimator[], priors: BagTablePriors, length: AnyEstimator): AnyEstimator;
}

/** `undefined` when neither a table, a topic nor the length has a prior that is a distribution. */
export function bayesOfBags<
  D extends AnyDistribution & {
    readonly topics: readonly AnyDistribution[];
    readonly w: readonly number[];
    readonly tau: readonly (readonly number[])[];
    readonly length: AnyDistribution;
  },
  Qs,
  R,
>(
  parts: BagParts<D>,
): Bayes<D, HierarchicalMixtureStatistic, HierarchicalMixturePosterior<Qs, R>, SequenceColumns> | undefined {
  type Known = HierarchicalMixturePosterior<Qs, R>;
  const { tables } = parts;
  const { mixtureCount, priors } = tables;
  const hasPrior = [...parts.topics, parts.length].some(({ bayes }) => bayes !== undefined);
  if (!hasPrior && priors.w === undefined && priors.tau === undefined) return undefined;
  const topics = parts.topics.map(bayesOf);
  const length = bayesOf(parts.length);
  const topicCount = topics.length;
  const ofW =
    priors.w === undefined
      ? tablePoint(
          (bags: Float64Array) => tables.w(bags),
          (w: ArrayLike<number>) => tables.logPriorOfW(w) ?? 0,
        )
      : weightsPart(priors.w);
  const ofTau = Array.from({ length: mixtureCount }, (_, m) => {
    const prior = priors.tau?.[m];
    if (prior !== undefined) return weightsPart(prior);
    return tablePoint(
      (items: Float64Array) => tables.tau(m, items),
      (row: ArrayLike<number>) => tables.logPriorOfTau(m, row) ?? 0,
    );
  });
  const knownOf = (known: Known) => known.topics as readonly unknown[]; // one for each topic
  const whole = bayesOfParts([ofW, ...ofTau, length as unknown as Part, ...(topics as unknown as readonly Part[])], {
    statistics: ({ bags, items, topics: list, length: ofLength }: HierarchicalMixtureStatistic) => [
      bags,
      ...ofTau.map((_, m) => items.subarray(m * topicCount, (m + 1) * topicCount)),
      ofLength,
      ...list,
    ],
    models: (model: D) => [model.w, ...model.tau, model.length, ...model.topics],
    known: (known: Known) => [known.w, ...known.tau, known.length, ...knownOf(known)],
    join: ([w, ...list]) =>
      ({
        w,
        tau: list.slice(0, mixtureCount),
        length: list[mixtureCount],
        topics: list.slice(mixtureCount + 1),
      }) as unknown as Known,
    mode([w, ...list]) {
      const tau = list.slice(0, mixtureCount) as ArrayLike<number>[];
      const models = list.slice(mixtureCount + 1) as AnyDistribution[];
      return parts.modelOf(models, { w: w as ArrayLike<number>, tau }, list[mixtureCount] as AnyDistribution);
    },
  });
  return {
    ...whole,
    // Topics without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pool(statistic)) => whole.posterior(statistic, pooled),
    expectedScorer(known) {
      const list = knownOf(known);
      const scorers = topics.map((topic, t) => topic.expectedScorer(list[t]));
      const model: BagModel = {
        topics: scorers,
        w: expected(known.w),
        tau: known.tau.map(expected),
        length: length.expectedScorer(known.length),
        scoreTopic: (t, items, start, end, out) => parts.router.seqLogDensity(t, scorers[t]!, items, start, end, out),
      };
      const memory = new BagMemory();
      return {
        ...model,
        seqLogDensity: (columns: SequenceColumns, start: number, end: number, out: Float64Array) =>
          scoreBags(model, undefined, columns, start, end, out, memory),
      };
    },
    withPrior(known) {
      const list = knownOf(known);
      const rows = known.tau.filter(isDirichlet);
      return parts.withPrior(
        topics.map((topic, t) => topic.withPrior(list[t])),
        {
          ...(isDirichlet(known.w) && { w: known.w }),
          ...(rows.length === mixtureCount && { tau: rows }),
        },
        length.withPrior(known.length),
      );
    },
  };
}

/** exp E log p, which need not sum to 1. */
function expected(known: DirichletDistribution | ArrayLike<number>): readonly number[] {
  return isDirichlet(known) ? known.meanLogs().map(exp) : Array.from(known as ArrayLike<number>);
}
