/**
 * What is known of the parameters of a mixture some of whose rows have labels: that of a mixture over the values. A label is a row
 * of the weights, so the scores of its E step are those of value and label together: log Σ_k v_k exp(E log w_k + E log f_k(x)).
 */
import { bayesOf } from '../../bayes/children.js';
import type { AnyDistribution, AnyEstimator, Bayes, RowOf } from '../../contract.js';
import { log } from '../../numeric/elementary.js';
import { logSumExp } from '../../numeric/logSumExp.js';
import { type MixturePosterior, scoreRows } from '../mixtures/mixtureBayes.js';
import { isDirichlet } from '../mixtures/mixtureEstimators.js';
import type { MixtureModel, MixtureStatistic } from '../responsibilities.js';
import type { Router } from '../route.js';
import { type LabelledColumns, type LabelledRow, sharesOf } from './labelledColumns.js';
import { type LabelledModel, labelPrior } from './labelledResponsibilities.js';

/**
 * @param ofValues  that of the mixture over the values
 * @param components  of that mixture
 */
export function bayesOfLabelled<D extends AnyDistribution, Qs>(
  ofValues: Bayes<D, MixtureStatistic, MixturePosterior<Qs>>,
  components: readonly AnyEstimator[],
  router: Router,
): Bayes<D, MixtureStatistic, MixturePosterior<Qs>, LabelledColumns> {
  const { predictiveLogDensity: _, ...others } = ofValues;
  const children = components.map(bayesOf);
  return {
    ...others,
    expectedScorer(known) {
      // What a mixture expects is a model for its E step.
      const { scorers, logWeights, isUnbounded } = ofValues.expectedScorer(known) as MixtureModel;
      const model: LabelledModel = {
        scorers,
        logWeights,
        isUnbounded: isUnbounded === true,
        scoresLabels: true,
        seqLogDensity: (columns, start, end, out) => {
          const labelled = columns as LabelledColumns; // those of this mixture
          scoreRows(router, model, labelled.values, start, end, out, labelPrior(labelled).enter);
        },
      };
      return model;
    },
    ...(children.every((child) => child.predictiveLogDensity !== undefined) && {
      /** Of the value, given its label. */
      predictiveLogDensity(known: MixturePosterior<Qs>, row: RowOf<D>) {
        const [value, label] = row as LabelledRow<unknown>;
        const w = isDirichlet(known.w) ? known.w.mean : known.w;
        const list = known.components as readonly unknown[]; // one for each component
        const shares = sharesOf(label);
        const ofLabel = shares.length > 0 ? shares : children.map((_child, k) => [k, 1] as const);
        const prior = ofLabel.map(([k, share]) => log(share * w[k]!));
        const joint = ofLabel.map(([k], i) => prior[i]! + children[k]!.predictiveLogDensity!(list[k], value));
        return logSumExp(joint) - logSumExp(prior);
      },
    }),
  };
}
