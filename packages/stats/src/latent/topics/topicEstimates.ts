/** The M step of topics, which share the words as the components of a mixture share rows. */
import type { AnyDistribution, AnyEstimator, Pooling, Report } from '../../contract.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import type { LatentDirichletAllocationStatistic } from './topicAllocation.js';

/** A topic without words is reported as dead, once. */
export function estimateTopics(
  estimators: readonly AnyEstimator[],
  { words, topics }: LatentDirichletAllocationStatistic,
  report: Report | undefined,
  pooled: LatentDirichletAllocationStatistic | undefined,
): AnyDistribution[] {
  return estimators.map((topic, t) => {
    const place = report?.at('topics', t);
    const isUsed = words[t]! > 0;
    if (!isUsed) place?.add('dead', 'no word belongs to this topic.');
    return topic.estimate(topics[t], isUsed ? place : undefined, pooled?.topics[t]);
  });
}

export function poolingOfTopics(
  topics: readonly AnyEstimator[],
): Pooling<LatentDirichletAllocationStatistic> | undefined {
  return hiddenPoolingOf('LatentDirichletAllocation', topics, (parts) => ({
    ...parts[0]!,
    topics: poolComponents(
      topics,
      parts.map((part) => part.topics),
    ),
  }));
}
