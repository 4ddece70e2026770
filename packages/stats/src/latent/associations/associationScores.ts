/**
 * The E step of associations. Each target has the density p = b + Σ_u s_u f(v | u), with the share s_u of source u in its row and
 * a background b; source u is responsible for the part s_u f(v | u) / p of it.
 */

import type { Accumulator, AnyDistribution, Draws, Scratch } from '../../contract.js';
import { kernels } from '../../numeric/kernels/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { drawIndex } from '../../numeric/random.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { scoreChild } from '../../tree/children.js';
import type { AssociationColumns } from './associationColumns.js';

/** What the scores of all associations need of a model. */
export interface AssociationModel {
  readonly given: AnyDistribution;
  readonly length: AnyDistribution;
}

/** The accumulators that score for the children, where there are any. */
export interface AssociationChildren {
  readonly given: Accumulator;
  readonly length: Accumulator;
}

/** The densities of the targets of a block of rows, and the scores of the rows that follow. */
export class TargetMemory {
  readonly #norms = new GrowingScratch();
  readonly #logs = new GrowingScratch();
  readonly #given = new GrowingScratch();
  readonly #lengths = new GrowingScratch();

  from(scratch: Scratch): void {
    for (const part of [this.#norms, this.#logs, this.#given, this.#lengths]) part.from(scratch);
  }

  /** The densities of `count` targets. */
  norms(count: number): Float64Array {
    return this.#norms.atLeast(count);
  }

  /**
   * out = Σ c log p + the scores of the list of sources and of the length, for rows `[start, end)`.
   * @param scales  the logarithm of what was taken out of each density; default: nothing
   */
  sum(
    model: AssociationModel,
    children: AssociationChildren | undefined,
    { targets, given, lengths }: AssociationColumns,
    start: number,
    end: number,
    out: Float64Array,
    scales?: Float64Array,
  ): void {
    const { offsets } = targets;
    const first = offsets[start]!;
    const targetCount = offsets[end]! - first;
    const logs = this.#logs.atLeast(targetCount);
    kernels().log(this.norms(targetCount), targetCount, logs);
    if (scales !== undefined) for (let t = 0; t < targetCount; t++) logs[t] = addLogs(logs[t]!, scales[t]!);
    const [ofGiven, ofLengths] = [this.#given.atLeast(end - start), this.#lengths.atLeast(end - start)];
    scoreChild(children?.given, model.given, given, start, end, ofGiven);
    scoreChild(children?.length, model.length, lengths, start, end, ofLengths);
    const counts = targets.items.weights;
    for (let row = start; row < end; row++) {
      let sum = 0;
      for (let t = offsets[row]!; t < offsets[row + 1]!; t++) sum = addLogs(sum, counts[t]! * logs[t - first]!);
      out[row - start] = addLogs(addLogs(sum, ofGiven[row - start]!), ofLengths[row - start]!);
    }
  }
}

/** How much of a target its drawn source gets at a start. */
const DRAWN = 0.9;

/** The links of a block of rows: how likely they are, then their parts in the targets. */
export class LinkMemory {
  readonly targets = new TargetMemory();
  readonly #links = new GrowingScratch();
  readonly #scales = new GrowingScratch();

  from(scratch: Scratch): void {
    this.targets.from(scratch);
    this.#links.from(scratch);
    this.#scales.from(scratch);
  }

  /** Room for a number for each of `count` links. */
  links(count: number): Float64Array {
    return this.#links.atLeast(count);
  }

  /** Turns log f(v | u) of the links of the block into f(v | u) / max_u f(v | u), and returns the logarithms of the maxima. */
  takeOutMaxima({ sources, targets, links }: AssociationColumns, start: number, end: number): Float64Array {
    const [firstTarget, firstLink] = [targets.offsets[start]!, links.offsets[start]!];
    const linkCount = links.offsets[end]! - firstLink;
    const scores = this.links(linkCount);
    const scales = this.#scales.atLeast(targets.offsets[end]! - firstTarget);
    let at = 0;
    for (let row = start; row < end; row++) {
      const sourceCount = sources.offsets[row + 1]! - sources.offsets[row]!;
      for (let t = targets.offsets[row]!; t < targets.offsets[row + 1]!; t++) {
        let max = -Infinity;
        for (let s = 0; s < sourceCount; s++) if (scores[at + s]! > max) max = scores[at + s]!;
        scales[t - firstTarget] = max;
        for (let s = 0; s < sourceCount; s++) {
          // Sources of infinite density share a target among them; where none is possible, all stay so.
          if (max === Infinity) scores[at + s] = scores[at + s] === Infinity ? 0 : -Infinity;
          else if (max > -Infinity) scores[at + s]! -= max;
        }
        at += sourceCount;
      }
    }
    kernels().exp(scores, linkCount, scores);
    return scales;
  }

  /** Multiplies each link by the share of its source, times `factor`; a target's density is their sum, and `background`. */
  settle(
    { sources, targets, links }: AssociationColumns,
    start: number,
    end: number,
    factor: number,
    background: number,
  ): void {
    const first = targets.offsets[start]!;
    const norms = this.targets.norms(targets.offsets[end]! - first);
    const shares = this.links(links.offsets[end]! - links.offsets[start]!);
    const counts = sources.items.weights;
    let at = 0;
    for (let row = start; row < end; row++) {
      const [from, to] = [sources.offsets[row]!, sources.offsets[row + 1]!];
      let total = 0;
      for (let s = from; s < to; s++) total += counts[s]!;
      for (let t = targets.offsets[row]!; t < targets.offsets[row + 1]!; t++) {
        let norm = background;
        for (let s = from; s < to; s++) {
          const share = factor * (counts[s]! / total) * shares[at]!;
          shares[at++] = share;
          norm += share;
        }
        norms[t - first] = norm;
      }
    }
  }

  /** Turns the links into their parts in the targets: w c s_u f(v | u) / p. A row with an impossible target has none. */
  weigh(
    { sources, targets, links }: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
  ): Float64Array {
    const first = targets.offsets[start]!;
    const norms = this.targets.norms(0);
    const parts = this.links(links.offsets[end]! - links.offsets[start]!);
    const counts = targets.items.weights;
    let at = 0;
    for (let row = start; row < end; row++) {
      const sourceCount = sources.offsets[row + 1]! - sources.offsets[row]!;
      const [from, to] = [targets.offsets[row]!, targets.offsets[row + 1]!];
      let weight = weights[row - start]!;
      for (let t = from; t < to; t++) if (norms[t - first] === 0) weight = 0;
      for (let t = from; t < to; t++) {
        const scale = weight === 0 ? 0 : (weight * counts[t]!) / norms[t - first]!;
        for (let s = 0; s < sourceCount; s++) parts[at++]! *= scale;
      }
    }
    return parts;
  }

  /** Parts for a start: a source that is drawn by its count gets most of a target; all share the rest. */
  draw(
    { sources, targets, links }: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
    draws: Draws,
  ): Float64Array {
    const parts = this.links(links.offsets[end]! - links.offsets[start]!);
    let at = 0;
    for (let row = start; row < end; row++) {
      const rng = draws.row(row);
      const counts = sources.items.weights.subarray(sources.offsets[row], sources.offsets[row + 1]);
      const total = counts.reduce((sum, count) => sum + count, 0);
      for (let t = targets.offsets[row]!; t < targets.offsets[row + 1]!; t++) {
        const drawn = drawIndex(rng, counts);
        const weight = weights[row - start]! * targets.items.weights[t]!;
        for (let s = 0; s < counts.length; s++) {
          parts[at++] = weight * ((1 - DRAWN) * (counts[s]! / total) + (s === drawn ? DRAWN : 0));
        }
      }
    }
    return parts;
  }
}
