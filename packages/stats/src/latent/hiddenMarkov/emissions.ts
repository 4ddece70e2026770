/** The M step of what the states emit. */
import type { AnyDistribution, AnyEstimator, Pooling, Report } from '../../contract.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import type { HiddenMarkovStatistic } from './forwardBackward.js';

/** A state that no item reached is reported as dead, once. */
export function estimateEmissions(
  estimators: readonly AnyEstimator[],
  { initial, transitions, emissions }: HiddenMarkovStatistic,
  report: Report | undefined,
  pooled: HiddenMarkovStatistic | undefined,
): AnyDistribution[] {
  return estimators.map((emission, s) => {
    const place = report?.at('emissions', s);
    const isReached = initial[s]! > 0 || initial.some((_, from) => transitions[from * initial.length + s]! > 0);
    if (!isReached) place?.add('dead', 'no item belongs to this state.');
    return emission.estimate(emissions[s], isReached ? place : undefined, pooled?.emissions[s]);
  });
}

export function poolingOfEmissions(emissions: readonly AnyEstimator[]): Pooling<HiddenMarkovStatistic> | undefined {
  return hiddenPoolingOf('HiddenMarkov', emissions, (parts) => ({
    ...parts[0]!,
    emissions: poolComponents(
      emissions,
      parts.map((part) => part.emissions),
    ),
  }));
}
