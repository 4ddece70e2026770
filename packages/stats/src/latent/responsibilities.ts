/**
 * The E step of a mixture: all components score a block, the scores become responsibilities
 * r_k(x) = w_k f_k(x) / Σ_j w_j f_j(x), and these are the weights with which the components absorb the block.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), section 2.8.
 */

import { differentRows } from '../columns/equalRows.js';
import type { Accumulator, Columns, Draws, Encoder, Scorer, Scratch, TiedNode } from '../contract.js';
import { ParameterError } from '../errors.js';
import { kernels, RUN } from '../numeric/kernels/index.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild } from '../tree/children.js';
import { tiedCounts, tiedList } from '../tree/tie.js';
import { type FindLabels, movedLabels, nearestSeedLabels, randomLabels, startLabels } from './labels.js';
import { isFar, type RowPrior, toPosteriors } from './posterior.js';

/** What the E step needs of a mixture. */
export interface MixtureModel extends Scorer {
  /** The components, or what scores the mixture's columns in their stead: see `Bayes.expectedScorer`. */
  readonly scorers: readonly Scorer[];
  readonly logWeights: Float64Array;
}

/** Additive over rows: the weight that each component takes responsibility for, and its statistic under those weights. */
export interface MixtureStatistic {
  readonly counts: Float64Array;
  readonly components: readonly unknown[];
  /** Of all rows, for each component that is alone of its kind: from them it has its floor. */
  readonly ofAllRows?: readonly unknown[];
}

/** Sums all rows as component number `component` sees them. */
export interface AllRows {
  readonly component: number;
  readonly accumulator: Accumulator;
}

/** Scores all components, turns the scores into responsibilities, and hands these to the components as weights. */
export class MixtureAccumulator implements Accumulator<Columns, MixtureStatistic, MixtureModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #responsibilities = new GrowingScratch();
  readonly #evidence = new GrowingScratch();
  #stride = 0;
  /** Row k of the responsibilities, for each component. */
  #rows: readonly Float64Array[] = [];
  readonly #totals = new GrowingScratch();
  /** The rows whose responsibilities are there, and their sums if those are known. */
  #scored: { columns: Columns; start: number; end: number; model: MixtureModel; totals?: Float64Array } | undefined;

  constructor(
    readonly components: readonly Accumulator[],
    readonly counts: Float64Array,
    readonly encoder: Encoder<unknown>,
    keys: MixtureKeys,
    readonly ofAllRows: readonly AllRows[] = [],
    readonly findLabels?: FindLabels,
  ) {
    this.kind = `Mixture[${components.map((component) => component.kind ?? '?').join(', ')}]`;
    this.children = [
      tiedCounts(counts, keys.weights, 'mixture weights'),
      tiedList(components, keys.components, 'mixture components'),
    ];
  }

  begin(model: MixtureModel | undefined, columns: Columns, scratch: Scratch): void {
    this.#responsibilities.from(scratch);
    this.#evidence.from(scratch);
    this.#totals.from(scratch);
    this.#stride = 0;
    this.#rows = [];
    this.#scored = undefined;
    this.components.forEach((child, k) => child.begin?.(model?.scorers[k], columns, scratch));
    for (const { component, accumulator } of this.ofAllRows) {
      accumulator.begin?.(model?.scorers[component], columns, scratch);
    }
  }

  score(model: MixtureModel, columns: Columns, start: number, end: number, out: Float64Array, prior?: RowPrior): void {
    const all = this.#scoreComponents(model, columns, start, end);
    const scoreRow = (k: number, i: number, score: Float64Array) =>
      scoreChild(this.components[k], model.scorers[k]!, columns, start + i, start + i + 1, score);
    toPosteriors(all, this.#stride, start, end - start, model.logWeights, out, scoreRow, prior);
    this.#scored = { columns, start, end, model };
  }

  scoreSum(model: MixtureModel, columns: Columns, start: number, end: number): number {
    const all = this.#scoreComponents(model, columns, start, end);
    const totals = this.#totals.atLeast(this.components.length).fill(0);
    this.#scored = { columns, start, end, model, totals };
    const componentCount = this.components.length;
    const count = end - start;
    const total = kernels().posteriorTotal(all, this.#stride, componentCount, count, model.logWeights, totals);
    if (!isFar(total)) return total;
    const evidence = this.#evidence.atLeast(count);
    this.score(model, columns, start, end, evidence);
    return kernels().sum(evidence, count);
  }

  /** Log-densities of all components, row k at `k * stride`. */
  #scoreComponents({ scorers, logWeights }: MixtureModel, columns: Columns, start: number, end: number): Float64Array {
    const rows = this.#rowsFor(end - start);
    for (let k = 0; k < rows.length; k++) {
      if (logWeights[k]! > -Infinity) scoreChild(this.components[k], scorers[k]!, columns, start, end, rows[k]!);
    }
    return this.#responsibilities.atLeast(0);
  }

  #rowsFor(count: number): readonly Float64Array[] {
    if (this.#rows.length === 0 || count > this.#stride) {
      this.#stride = Math.max(count, RUN);
      const all = this.#responsibilities.atLeast(this.#stride * this.components.length);
      this.#rows = this.components.map((_, k) => all.subarray(k * this.#stride, (k + 1) * this.#stride));
    }
    return this.#rows;
  }

  seqUpdate(
    columns: Columns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: MixtureModel,
    prior?: RowPrior,
  ): void {
    if (model === undefined) throw new ParameterError('MixtureAccumulator', 'model', 'given to seqUpdate', model);
    const scored = this.#scored;
    const isScored =
      scored?.columns === columns && scored.start === start && scored.end === end && scored.model === model;
    if (!isScored) this.score(model, columns, start, end, this.#evidence.atLeast(end - start), prior);
    this.#scored = undefined; // the weights go into the responsibilities in place
    const { multiply, sum } = kernels();
    const count = end - start;
    const isWeighted = !isUnit(weights);
    const totals = isWeighted || !isScored ? undefined : scored.totals;
    for (let k = 0; k < this.components.length; k++) {
      if (model.logWeights[k] === -Infinity && prior === undefined) continue; // a label may ask for such a component
      const row = this.#rows[k]!;
      if (isWeighted) multiply(row, weights, count, row);
      const total = totals?.[k] ?? sum(row, count);
      if (total === 0) continue;
      this.counts[k]! += total;
      this.components[k]!.seqUpdate(columns, start, end, row, model.scorers[k]);
    }
    for (const { component, accumulator } of this.ofAllRows) {
      accumulator.seqUpdate(columns, start, end, weights, model.scorers[component]);
    }
  }

  /** By k-means++, equal rows count as one of their joint weight, as in the E step. */
  seqInitialize(columns: Columns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const isWhole = start === 0 && end === columns.rowCount && this.components.length > 1;
    const componentCount = this.components.length;
    if (!isWhole || draws.method !== 'kmeans++' || draws.labels !== undefined) {
      const labels = startLabels(this.encoder, columns, start, end, weights, componentCount, draws);
      this.initialize(columns, start, end, weights, labels, draws);
      return;
    }
    const different = this.encoder.squaredDistances && differentRows(this.encoder, columns, start, end, weights);
    const some = different?.columns ?? columns;
    const someWeights = different?.weights ?? weights;
    const nearest =
      movedLabels(this.encoder, some, someWeights, componentCount, draws, different?.weights) ??
      nearestSeedLabels(this.encoder, some, someWeights, componentCount, draws, undefined, different?.weights);
    if (nearest !== undefined) {
      this.initialize(some, 0, some.rowCount, someWeights, nearest, draws);
      return;
    }
    const found = this.findLabels?.(columns, weights, draws) ?? {
      columns,
      weights,
      labels: randomLabels(start, end, componentCount, draws),
    };
    this.initialize(found.columns, 0, found.columns.rowCount, found.weights, found.labels, draws);
  }

  /** The start with known labels: how much of row i component k gets, at `k * (end - start) + i`. */
  initialize(
    columns: Columns,
    start: number,
    end: number,
    weights: Float64Array,
    labels: Float64Array,
    draws: Draws,
  ): void {
    const count = end - start;
    this.components.forEach((child, k) => {
      const row = labels.subarray(k * count, (k + 1) * count);
      for (let i = 0; i < count; i++) {
        row[i]! *= weights[i]!;
        this.counts[k]! += row[i]!;
      }
      initializeChild(child, columns, start, end, row, draws.component(k));
    });
    for (const { accumulator } of this.ofAllRows) accumulator.seqUpdate(columns, start, end, weights);
  }

  combine({ counts, components, ofAllRows = [] }: MixtureStatistic): void {
    for (let k = 0; k < counts.length; k++) this.counts[k]! += counts[k]!;
    this.components.forEach((child, k) => child.combine(components[k]));
    this.ofAllRows.forEach(({ accumulator }, j) => accumulator.combine(ofAllRows[j]));
  }

  value(): MixtureStatistic {
    const ofAllRows = this.ofAllRows.map(({ accumulator }) => accumulator.value());
    return {
      counts: this.counts.slice(),
      components: this.components.map((child) => child.value()),
      ...(ofAllRows.length === 0 ? {} : { ofAllRows }),
    };
  }

  fromValue({ counts, components, ofAllRows = [] }: MixtureStatistic): void {
    this.counts.set(counts);
    this.components.forEach((child, k) => child.fromValue(components[k]));
    this.ofAllRows.forEach(({ accumulator }, j) => accumulator.fromValue(ofAllRows[j]));
  }
}

/** Keys of a mixture: mixtures that share one get equal weights, or equal components. */
export interface MixtureKeys {
  readonly weights?: string | undefined;
  readonly components?: string | undefined;
}
