/**
 * The E step of a mixture some of whose rows have labels: r_k(x) = v_k w_k f_k(x) / Σ_j v_j w_j f_j(x), with v the values of
 * the row's label; all 1 where it has none.
 */

import type { Accumulator, Draws, Scratch, TiedNode } from '../../contract.js';
import { exp } from '../../numeric/elementary.js';
import type { RowPrior } from '../posterior.js';
import type { MixtureAccumulator, MixtureModel, MixtureStatistic } from '../responsibilities.js';
import type { LabelledColumns, LabelledEncoder } from './labelledColumns.js';
import { addLabels, labelEvidence } from './labelledColumns.js';
import { type FindLabelsBeside, labelledStart } from './labelledStart.js';

/** What the E step needs of a model. */
export interface LabelledModel extends MixtureModel {
  /** True where scores are those of the value and the label together, as the bound has them. Default: of the value, given the label. */
  readonly scoresLabels?: boolean;
}

/**
 * The labels as what rows say of their components.
 * @param scoresLabels  see {@link LabelledModel}
 */
export function labelPrior(columns: LabelledColumns, scoresLabels = false): RowPrior {
  return {
    enter: (start, count, logDensity, stride, componentCount) =>
      addLabels(columns, start, count, logDensity, stride, componentCount),
    leave(start, count, logWeights, posterior, stride, evidence) {
      for (let i = 0; i < count; i++) {
        const row = start + i;
        if (columns.offsets[row] === columns.offsets[row + 1]) continue;
        const ofLabel = labelEvidence(columns, row, logWeights);
        if (evidence[i] === -Infinity) shareByLabel(columns, row, logWeights, ofLabel, posterior, stride, i);
        else if (!scoresLabels) evidence[i]! -= ofLabel;
      }
    },
  };
}

/** v_k w_k / Σ v_j w_j; where all these weights are 0, the values of the label alone. */
function shareByLabel(
  { offsets, components, logValues }: LabelledColumns,
  row: number,
  logWeights: Float64Array,
  evidence: number,
  posterior: Float64Array,
  stride: number,
  i: number,
): void {
  for (let k = 0; k < logWeights.length; k++) posterior[k * stride + i] = 0;
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
    const k = components[at]!;
    const share = evidence > -Infinity ? logValues[at]! + logWeights[k]! - evidence : logValues[at]!;
    posterior[k * stride + i] = exp(share);
  }
}

/** The E step of a mixture over the values, with the labels as prior of each row. */
export class SemiSupervisedMixtureAccumulator implements Accumulator<LabelledColumns, MixtureStatistic, LabelledModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #mixture: MixtureAccumulator;
  readonly #encoder: LabelledEncoder<unknown>;

  /** @param findLabels  a start for values without a distance */
  constructor(
    mixture: MixtureAccumulator,
    encoder: LabelledEncoder<unknown>,
    readonly findLabels: FindLabelsBeside,
  ) {
    this.#mixture = mixture;
    this.#encoder = encoder;
    this.kind = `SemiSupervised${mixture.kind}`;
    this.children = mixture.children;
  }

  begin(model: LabelledModel | undefined, { values }: LabelledColumns, scratch: Scratch): void {
    this.#mixture.begin(model, values, scratch);
  }

  score(model: LabelledModel, columns: LabelledColumns, start: number, end: number, out: Float64Array): void {
    this.#mixture.score(model, columns.values, start, end, out, labelPrior(columns, model.scoresLabels));
  }

  seqUpdate(columns: LabelledColumns, start: number, end: number, weights: Float64Array, model?: LabelledModel): void {
    this.#mixture.seqUpdate(columns.values, start, end, weights, model, labelPrior(columns, model?.scoresLabels));
  }

  seqInitialize(columns: LabelledColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const labels = labelledStart(this.#encoder, columns, start, end, weights, draws, this.findLabels);
    this.#mixture.initialize(columns.values, start, end, weights, labels, draws);
  }

  combine(statistic: MixtureStatistic): void {
    this.#mixture.combine(statistic);
  }

  value(): MixtureStatistic {
    return this.#mixture.value();
  }

  fromValue(statistic: MixtureStatistic): void {
    this.#mixture.fromValue(statistic);
  }
}
