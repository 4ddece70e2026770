/**
 * What is known of the parameters of a topic model: of each topic's, and of the length's. The concentrations of the proportions
 * are a point.
 * Source: Hoffman, Blei & Bach, Online learning for latent Dirichlet allocation (2010), section 2.
 */
import { bayesOf, bayesOfParts, tablePoint } from '../../bayes/children.js';
import type { Part } from '../../bayes/conjugate.js';
import type { MultinomialColumns } from '../../combinators/multinomialColumns.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../contract.js';
import type { Router } from '../route.js';
import type { LatentDirichletAllocationStatistic } from './topicAllocation.js';
import type { TopicModel } from './topicProportions.js';
import { scoreDocuments } from './topicScores.js';

/** What is known after the data of the topics' parameters, of α, and of the length's parameters. */
export interface TopicPosterior<Qs, R> {
  readonly topics: Qs;
  readonly alpha: ArrayLike<number>;
  readonly length: R;
}

/** What a topic model says itself. */
export interface TopicParts<D> {
  readonly topics: readonly AnyEstimator[];
  readonly length: AnyEstimator;
  readonly router: Router;
  readonly gammaThreshold: number;
  /** The statistic of all words, for topics without a prior: see `Pooling`. */
  pool(statistic: LatentDirichletAllocationStatistic): LatentDirichletAllocationStatistic | undefined;
  alphaOf(statistic: LatentDirichletAllocationStatistic): ArrayLike<number>;
  /** What imaginary documents add to the bound at α. */
  logPriorOf(alpha: ArrayLike<number>): number;
  modelOf(topics: readonly AnyDistribution[], alpha: ArrayLike<number>, length: AnyDistribution): D;
  withPrior(topics: readonly AnyEstimator[], length: AnyEstimator): AnyEstimator;
}

/** `undefined` when neither a topic nor the length has a prior that is a distribution. */
export function bayesOfTopics<
  D extends AnyDistribution & {
    readonly topics: readonly AnyDistribution[];
    readonly alpha: readonly number[];
    readonly length: AnyDistribution;
  },
  Qs,
  R,
>(
  parts: TopicParts<D>,
): Bayes<D, LatentDirichletAllocationStatistic, TopicPosterior<Qs, R>, MultinomialColumns> | undefined {
  if ([...parts.topics, parts.length].every(({ bayes }) => bayes === undefined)) return undefined;
  const topics = parts.topics.map(bayesOf);
  const length = bayesOf(parts.length);
  const alpha = tablePoint(
    (statistic: LatentDirichletAllocationStatistic) => parts.alphaOf(statistic),
    (table: ArrayLike<number>) => parts.logPriorOf(table),
  );
  const knownOf = (known: TopicPosterior<Qs, R>) => known.topics as readonly unknown[]; // one for each topic
  const whole = bayesOfParts([alpha, length as unknown as Part, ...(topics as unknown as readonly Part[])], {
    statistics: (statistic: LatentDirichletAllocationStatistic) => [statistic, statistic.length, ...statistic.topics],
    models: (model: D) => [model.alpha, model.length, ...model.topics],
    known: (known: TopicPosterior<Qs, R>) => [known.alpha, known.length, ...knownOf(known)],
    join: ([a, ofLength, ...list]) => ({ alpha: a, length: ofLength, topics: list }) as TopicPosterior<Qs, R>,
    mode: ([a, ofLength, ...list]) =>
      parts.modelOf(list as readonly AnyDistribution[], a as ArrayLike<number>, ofLength as AnyDistribution),
  });
  return {
    ...whole,
    // Topics without a prior have the floors of a mixture.
    posterior: (statistic, pooled = parts.pool(statistic)) => whole.posterior(statistic, pooled),
    expectedScorer(known) {
      const list = knownOf(known);
      const model: Omit<TopicModel, 'seqLogDensity'> = {
        topics: topics.map((topic, t) => topic.expectedScorer(list[t])),
        alpha: Array.from(known.alpha),
        gammaThreshold: parts.gammaThreshold,
        length: length.expectedScorer(known.length),
      };
      return {
        ...model,
        seqLogDensity: (columns: MultinomialColumns, start: number, end: number, out: Float64Array) =>
          scoreDocuments(model, parts.router, columns, start, end, out),
      };
    },
    withPrior(known) {
      const list = knownOf(known);
      const next = topics.map((topic, t) => topic.withPrior(list[t]));
      return parts.withPrior(next, length.withPrior(known.length));
    },
  };
}
