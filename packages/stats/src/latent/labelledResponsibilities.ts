/**
 * The E step of a mixture some of whose rows have labels: r_k(x) = v_k w_k f_k(x) / Σ_j v_j w_j f_j(x), with v the values of
 * the row's label; all 1 where it has none.
 */

import type { Accumulator, Columns, Draws, Scratch, TiedNode } from '../contract.js';
import { ParameterError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { kernels, RUN } from '../numeric/kernels/index.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, isUnit } from '../tree/children.js';
import { tiedCounts, tiedList } from '../tree/tie.js';
import type { LabelledColumns, LabelledEncoder } from './labelledColumns.js';
import { addLabels, labelEvidence } from './labelledColumns.js';
import { labelledStart } from './labelledStart.js';
import { settleFarRows } from './posterior.js';
import type { MixtureKeys, MixtureModel, MixtureStatistic } from './responsibilities.js';

/** Scores rows `[start, end)` of the values under component `k` into `out`. */
export type ScoreComponent = (k: number, values: Columns, start: number, end: number, out: Float64Array) => void;

/**
 * Posteriors of rows `[start, end)`, component-major with distance `stride`, and their log-densities into `out`. A row that is
 * impossible under all components gets the probabilities of its label alone.
 */
export function scoreLabelled(
  logWeights: Float64Array,
  columns: LabelledColumns,
  start: number,
  end: number,
  scoreComponent: ScoreComponent,
  posterior: Float64Array,
  stride: number,
  out: Float64Array,
): void {
  const count = end - start;
  const componentCount = logWeights.length;
  for (let k = 0; k < componentCount; k++) {
    const row = posterior.subarray(k * stride, k * stride + count);
    if (logWeights[k]! > -Infinity) scoreComponent(k, columns.values, start, end, row);
  }
  addLabels(columns, start, count, posterior, stride, componentCount);
  kernels().posterior(posterior, stride, componentCount, count, logWeights, out);
  settleFarRows(out, count, logWeights, (k, i, score) => {
    scoreComponent(k, columns.values, start + i, start + i + 1, score);
    const labelled = new Float64Array(componentCount).fill(score[0]!);
    addLabels(columns, start + i, 1, labelled, 1, componentCount);
    score[0] = labelled[k]!;
  })?.forEach((shares, i) => {
    shares.forEach((share, k) => {
      posterior[k * stride + i] = share;
    });
  });
  for (let i = 0; i < count; i++) {
    const row = start + i;
    if (columns.offsets[row] === columns.offsets[row + 1]) continue;
    const evidence = labelEvidence(columns, row, logWeights);
    if (out[i] === -Infinity) shareByLabel(columns, row, logWeights, evidence, posterior, stride, i);
    else out[i]! -= evidence;
  }
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

/** Scores all components, turns the scores and the labels into responsibilities, and hands these to the components as weights. */
export class SemiSupervisedMixtureAccumulator implements Accumulator<LabelledColumns, MixtureStatistic, MixtureModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #responsibilities = new GrowingScratch();
  readonly #evidence = new GrowingScratch();
  #stride = 0;
  #scored: { columns: LabelledColumns; start: number; end: number; model: MixtureModel } | undefined;

  constructor(
    readonly components: readonly Accumulator[],
    readonly counts: Float64Array,
    readonly encoder: LabelledEncoder<unknown>,
    keys: MixtureKeys,
  ) {
    this.kind = `SemiSupervisedMixture[${components.map((component) => component.kind ?? '?').join(', ')}]`;
    this.children = [
      tiedCounts(counts, keys.weights, 'mixture weights'),
      tiedList(components, keys.components, 'mixture components'),
    ];
  }

  begin(model: MixtureModel | undefined, { values }: LabelledColumns, scratch: Scratch): void {
    this.#responsibilities.from(scratch);
    this.#evidence.from(scratch);
    this.#scored = undefined;
    this.components.forEach((child, k) => child.begin?.(model?.scorers[k], values, scratch));
  }

  score(model: MixtureModel, columns: LabelledColumns, start: number, end: number, out: Float64Array): void {
    this.#stride = Math.max(RUN, end - start);
    const posterior = this.#responsibilities.atLeast(this.#stride * this.components.length);
    const scoreComponent: ScoreComponent = (k, values, from, to, scores) => {
      const child = this.components[k]!;
      if (child.score === undefined) model.scorers[k]!.seqLogDensity(values, from, to, scores);
      else child.score(model.scorers[k]!, values, from, to, scores);
    };
    scoreLabelled(model.logWeights, columns, start, end, scoreComponent, posterior, this.#stride, out);
    this.#scored = { columns, start, end, model };
  }

  seqUpdate(columns: LabelledColumns, start: number, end: number, weights: Float64Array, model?: MixtureModel): void {
    if (model === undefined) {
      throw new ParameterError('SemiSupervisedMixtureAccumulator', 'model', 'given to seqUpdate', model);
    }
    const scored = this.#scored;
    const isScored =
      scored?.columns === columns && scored.start === start && scored.end === end && scored.model === model;
    const count = end - start;
    if (!isScored) this.score(model, columns, start, end, this.#evidence.atLeast(count));
    this.#scored = undefined; // the weights go into the responsibilities in place
    const { multiply, sum } = kernels();
    const posterior = this.#responsibilities.atLeast(0);
    for (let k = 0; k < this.components.length; k++) {
      const row = posterior.subarray(k * this.#stride, k * this.#stride + count);
      if (!isUnit(weights)) multiply(row, weights, count, row);
      const total = sum(row, count);
      if (total === 0) continue; // also a component of weight 0, unless a label says that a row is of it
      this.counts[k]! += total;
      this.components[k]!.seqUpdate(columns.values, start, end, row, model.scorers[k]);
    }
  }

  seqInitialize(columns: LabelledColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const count = end - start;
    const labels = labelledStart(this.encoder, columns, start, end, weights, draws);
    this.components.forEach((child, k) => {
      const row = labels.subarray(k * count, (k + 1) * count);
      for (let i = 0; i < count; i++) {
        row[i]! *= weights[i]!;
        this.counts[k]! += row[i]!;
      }
      initializeChild(child, columns.values, start, end, row, draws.component(k));
    });
  }

  combine({ counts, components }: MixtureStatistic): void {
    for (let k = 0; k < counts.length; k++) this.counts[k]! += counts[k]!;
    this.components.forEach((child, k) => child.combine(components[k]));
  }

  value(): MixtureStatistic {
    return { counts: this.counts.slice(), components: this.components.map((child) => child.value()) };
  }

  fromValue({ counts, components }: MixtureStatistic): void {
    this.counts.set(counts);
    this.components.forEach((child, k) => child.fromValue(components[k]));
  }
}
