/** What is known of the parameters of a lookback hidden Markov model: that of the hidden Markov model over its steps, by part. */
import type { SequenceColumns } from '../../combinators/sequenceColumns.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../contract.js';
import type { HiddenMarkovPosterior } from '../hiddenMarkov/bayes.js';
import type { HiddenMarkovScorer, HiddenMarkovStatistic } from '../hiddenMarkov/forwardBackward.js';
import type { LookbackScorer } from './accumulator.js';
import type { StepPosterior } from './stepFamily.js';

/** What is known after the data. States are 0 … S - 1; tables that are fixed are themselves. */
export interface LookbackHiddenMarkovPosterior<Qs, I, R>
  extends Pick<HiddenMarkovPosterior<Qs, R>, 'initial' | 'transitions' | 'emissions' | 'length'> {
  /** Of the first items of a list, for each state. */
  readonly initialEmissions: readonly I[];
}

export type StepsPosterior<R> = HiddenMarkovPosterior<readonly StepPosterior[], R>;

/** That of the model over steps, with what is known of a state's two families apart. */
export function bayesOfLookback<D extends AnyDistribution & { readonly steps: M }, M extends AnyDistribution, Qs, I, R>(
  steps: Bayes<M, HiddenMarkovStatistic, StepsPosterior<R>, SequenceColumns> | undefined,
  modelOf: (steps: M) => D,
  withSteps: (estimator: AnyEstimator) => AnyEstimator,
): Bayes<D, HiddenMarkovStatistic, LookbackHiddenMarkovPosterior<Qs, I, R>, SequenceColumns> | undefined {
  if (steps === undefined) return undefined;
  type Known = LookbackHiddenMarkovPosterior<Qs, I, R>;
  const apart = ({ emissions, ...others }: StepsPosterior<R>): Known => ({
    ...others,
    initialEmissions: emissions.map(([firsts]) => firsts as I), // what the estimators of either kind know
    emissions: emissions.map(([, windows]) => windows) as unknown as Qs,
  });
  const together = ({ emissions, initialEmissions, ...others }: Known): StepsPosterior<R> => ({
    ...others,
    emissions: (emissions as readonly unknown[]).map((windows, s) => [initialEmissions[s], windows] as const),
  });
  return {
    prior: apart(steps.prior),
    posterior: (statistic, pooled) => apart(steps.posterior(statistic, pooled)),
    mode: (known) => modelOf(steps.mode(together(known))),
    logPrior: (model) => steps.logPrior(model.steps),
    expectedScorer(known) {
      // What a hidden Markov model expects is one for its E step.
      const ofSteps = steps.expectedScorer(together(known)) as HiddenMarkovScorer;
      const scorer: LookbackScorer = {
        steps: ofSteps,
        seqLogDensity: (columns, start, end, out) => ofSteps.seqLogDensity(columns, start, end, out),
      };
      return scorer;
    },
    divergence: (known, other) => steps.divergence(together(known), other && together(other)),
    withPrior: (known) => withSteps(steps.withPrior(together(known))),
  };
}
