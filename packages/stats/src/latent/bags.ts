/**
 * The E step of bags over shared topics. Each topic scores each item once, whatever the number of mixtures: with
 * p_tj = f_t(x_j) / max_t f_t(x_j), an item's density in mixture m is max · Σ_t τ_mt p_tj.
 */

import type { SequenceColumns } from '../combinators/sequence.js';
import type { Accumulator, Columns, Scorer, Scratch } from '../contract.js';
import { exp, log } from '../numeric/elementary.js';
import { kernels } from '../numeric/kernels/index.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { scoreChild } from '../tree/children.js';

/** What the E step needs of a model. */
export interface BagModel {
  readonly topics: readonly Scorer[];
  readonly w: readonly number[];
  readonly tau: readonly (readonly number[])[];
  readonly length: Scorer;
  /** log f_t(x) of the items `[start, end)`. */
  scoreTopic(t: number, items: Columns, start: number, end: number, out: Float64Array): void;
}

/** Working memory of a block of bags. */
export class BagMemory {
  readonly #topics = new GrowingScratch();
  readonly #mixtures = new GrowingScratch();
  readonly #posterior = new GrowingScratch();
  readonly #evidence = new GrowingScratch();
  readonly #maxima = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  #stride = 0;
  #topicRows: readonly Float64Array[] = [];
  #held: { columns: Columns; start: number; end: number; model: BagModel } | undefined;

  from(scratch: Scratch): void {
    const parts = [this.#topics, this.#mixtures, this.#posterior, this.#evidence, this.#maxima, this.#lengths];
    for (const part of parts) part.from(scratch);
    this.#stride = 0;
    this.#held = undefined;
  }

  /** Scratch for evidence that the caller does not need. */
  evidence(count: number): Float64Array {
    return this.#evidence.atLeast(count);
  }

  /** Room for the scores of lengths. */
  lengths(count: number): Float64Array {
    return this.#lengths.atLeast(count);
  }

  /** Scores, then weights, of topic `t` for the items of the block. */
  topicRow(t: number): Float64Array {
    return this.#topicRows[t]!;
  }

  holds(columns: Columns, start: number, end: number, model: BagModel): boolean {
    const held = this.#held;
    return held?.columns === columns && held.start === start && held.end === end && held.model === model;
  }

  #reserve(topicCount: number, itemCount: number): void {
    if (itemCount <= this.#stride && this.#topicRows.length === topicCount) return;
    this.#stride = Math.max(1024, itemCount) + 8;
    const all = this.#topics.atLeast(topicCount * this.#stride);
    this.#topicRows = Array.from({ length: topicCount }, (_, t) =>
      all.subarray(t * this.#stride, (t + 1) * this.#stride),
    );
  }

  /** Fills topic rows with p_tj, mixture rows with Σ_t τ_mt p_tj, posteriors of bags, and log p(items) into `out`. */
  fill(
    model: BagModel,
    children: readonly Accumulator[] | undefined,
    { offsets, items }: SequenceColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    const { topics, tau, w } = model;
    const first = offsets[start]!;
    const itemCount = offsets[end]! - first;
    this.#reserve(topics.length, itemCount);
    const rows = this.#topicRows;
    topics.forEach((topic, t) => {
      if (children === undefined) model.scoreTopic(t, items, first, first + itemCount, rows[t]!);
      else scoreChild(children[t], topic, items, first, first + itemCount, rows[t]!);
    });
    const maxima = this.#maxima.atLeast(itemCount);
    takeOutMaxima(rows, itemCount, maxima);
    const mixtures = this.#mixtures.atLeast(tau.length * itemCount);
    tau.forEach((row, m) => {
      const sums = mixtures.subarray(m * itemCount, (m + 1) * itemCount).fill(0);
      row.forEach((share, t) => {
        const topic = rows[t]!;
        if (share > 0) for (let j = 0; j < itemCount; j++) sums[j]! += share * topic[j]!;
      });
    });
    const posterior = this.#posterior.atLeast(tau.length * (end - start));
    for (let row = start; row < end; row++) {
      const from = offsets[row]! - first;
      const to = offsets[row + 1]! - first;
      let best = -Infinity;
      for (let m = 0; m < tau.length; m++) {
        let score = w[m]! > 0 ? 0 : -Infinity;
        for (let j = from; j < to; j++) score = addLogs(score, maxima[j]! + log(mixtures[m * itemCount + j]!));
        posterior[m * (end - start) + row - start] = score;
        best = Math.max(best, score);
      }
      let total = 0;
      for (let m = 0; m < tau.length; m++) {
        const at = m * (end - start) + row - start;
        // An impossible bag belongs to no mixture: it is left out of the statistics.
        const share = Number.isFinite(best) ? w[m]! * exp(posterior[at]! - best) : 0;
        posterior[at] = share;
        total += share;
      }
      for (let m = 0; m < tau.length; m++) posterior[m * (end - start) + row - start]! /= total > 0 ? total : 1;
      out[row - start] = Number.isFinite(best) ? best + log(total) : best;
    }
  }

  hold(columns: Columns, start: number, end: number, model: BagModel): void {
    this.#held = { columns, start, end, model };
  }

  /** Turns the held scores into expected counts, and the topic rows into weights of the items. */
  absorb(
    tau: readonly (readonly number[])[],
    offsets: Int32Array,
    start: number,
    end: number,
    weights: Float64Array,
    bags: Float64Array,
    itemCounts: Float64Array,
  ): void {
    this.#held = undefined;
    const rows = this.#topicRows;
    const first = offsets[start]!;
    const itemCount = offsets[end]! - first;
    const mixtures = this.#mixtures.atLeast(0);
    const posterior = this.#posterior.atLeast(0);
    const bagCount = end - start;
    for (let row = start; row < end; row++) {
      for (let m = 0; m < tau.length; m++) {
        const share = posterior[m * bagCount + row - start]! * weights[row - start]!;
        bags[m]! += share;
        // From here on a mixture's sum is what one unit of τ p_tj counts for.
        for (let j = offsets[row]! - first; j < offsets[row + 1]! - first; j++) {
          const at = m * itemCount + j;
          mixtures[at] = share > 0 ? share / mixtures[at]! : 0;
        }
      }
    }
    rows.forEach((topic, t) => {
      for (let m = 0; m < tau.length; m++) {
        let sum = 0;
        for (let j = 0; j < itemCount; j++) sum += topic[j]! * mixtures[m * itemCount + j]!;
        itemCounts[m * rows.length + t]! += tau[m]![t]! * sum;
      }
      for (let j = 0; j < itemCount; j++) {
        let share = 0;
        for (let m = 0; m < tau.length; m++) share += tau[m]![t]! * mixtures[m * itemCount + j]!;
        topic[j]! *= share;
      }
    });
  }
}

/** Log-densities to p_tj in place; the largest log-density of each item goes to `maxima`. */
export function takeOutMaxima(rows: readonly Float64Array[], itemCount: number, maxima: Float64Array): void {
  maxima.fill(-Infinity, 0, itemCount);
  for (const row of rows) {
    for (let j = 0; j < itemCount; j++) if (row[j]! > maxima[j]! || Number.isNaN(row[j]!)) maxima[j] = row[j]!;
  }
  const { exp } = kernels();
  for (const row of rows) {
    for (let j = 0; j < itemCount; j++) {
      const max = maxima[j]!;
      if (max === Infinity) row[j] = row[j] === Infinity ? 0 : -Infinity;
      else if (Number.isFinite(max)) row[j]! -= max;
    }
    exp(row, itemCount, row);
  }
}

/** Log-densities of bags `[start, end)` into `out`. Leaves in `memory` what absorbing needs. */
export function scoreBags(
  model: BagModel,
  children: { readonly topics: readonly Accumulator[]; readonly length: Accumulator } | undefined,
  columns: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: BagMemory,
): void {
  memory.fill(model, children?.topics, columns, start, end, out);
  const ofLengths = memory.lengths(end - start);
  scoreChild(children?.length, model.length, columns.lengths, start, end, ofLengths);
  for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, ofLengths[i]!);
  memory.hold(columns, start, end, model);
}
