/** The E step of a value that may be missing: the present rows go to the child, the others are counted. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, scoreChild } from '../tree/children.js';
import type { OptionalColumns } from './optionalColumns.js';

/** Additive over rows: the weight of missing and of present rows, and the child's statistic of the present ones. */
export interface OptionalStatistic {
  readonly missing: number;
  readonly present: number;
  /** Whether a row of the whole column is missing, of any weight. The same in all parts, not added. */
  readonly hasMissing: boolean;
  readonly child: unknown;
}

/** What the E step needs of an optional model. */
export interface OptionalModel extends Scorer<OptionalColumns> {
  readonly dist: Scorer;
  readonly logMissing: number;
  readonly logPresent: number;
}

/** The scores of a value, or log-probabilities of having none and of having one. */
export function optionalScorer(
  dist: Scorer,
  logs: { readonly logMissing: number; readonly logPresent: number },
): OptionalModel {
  const scratch = new GrowingScratch();
  const model = { dist, ...logs, isUnbounded: dist.isUnbounded === true };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => scoreOptional(model, undefined, columns, start, end, out, scratch),
  };
}

export function scoreOptional(
  { dist, logMissing, logPresent }: Pick<OptionalModel, 'dist' | 'logMissing' | 'logPresent'>,
  child: Accumulator | undefined,
  { offsets, present }: OptionalColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  const first = offsets[start]!;
  // No row of the block is missing, and none might have been.
  if (logPresent === 0 && offsets[end]! - first === end - start) {
    scoreChild(child, dist, present, first, offsets[end]!, out);
    return;
  }
  const scores = scratch.atLeast(offsets[end]! - first);
  scoreChild(child, dist, present, first, offsets[end]!, scores);
  for (let row = start; row < end; row++) {
    const at = offsets[row]!;
    if (at === offsets[row + 1]!) out[row - start] = logMissing;
    else out[row - start] = logPresent === -Infinity ? -Infinity : logPresent + scores[at - first]!;
  }
}

/** Absorbs missing rows by weight and passes the present ones on. */
export class OptionalAccumulator implements Accumulator<OptionalColumns, OptionalStatistic, OptionalModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #own: Float64Array;
  #hasMissing: boolean;
  readonly #child: Accumulator;
  readonly #scores = new GrowingScratch();
  readonly #weights = new GrowingScratch();

  constructor(
    child: Accumulator,
    own: Float64Array,
    hasMissing: boolean,
    readonly key: string | undefined,
  ) {
    this.children = [child];
    this.#child = child;
    this.#own = own;
    this.#hasMissing = hasMissing;
    this.kind = `Optional[${child.kind ?? '?'}]`;
  }

  begin(model: OptionalModel | undefined, { present }: OptionalColumns, scratch: Scratch): void {
    this.#scores.from(scratch);
    this.#weights.from(scratch);
    this.#child.begin?.(model?.dist, present, scratch);
  }

  score(model: OptionalModel, columns: OptionalColumns, start: number, end: number, out: Float64Array): void {
    scoreOptional(model, this.#child, columns, start, end, out, this.#scores);
  }

  seqUpdate(columns: OptionalColumns, start: number, end: number, weights: Float64Array, model?: OptionalModel): void {
    const present = this.#absorb(columns, start, end, weights);
    this.#child.seqUpdate(columns.present, columns.offsets[start]!, columns.offsets[end]!, present, model?.dist);
  }

  seqInitialize(columns: OptionalColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const present = this.#absorb(columns, start, end, weights);
    const { offsets } = columns;
    initializeChild(this.#child, columns.present, offsets[start]!, offsets[end]!, present, draws.child('value'));
  }

  /** Adds to the own counts; returns the weights of the present rows. */
  #absorb({ offsets }: OptionalColumns, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    if (offsets[end]! - first === end - start) {
      let weight = 0;
      for (let i = 0; i < end - start; i++) weight += weights[i]!;
      this.#own[1]! += weight;
      return weights;
    }
    const present = this.#weights.atLeast(offsets[end]! - first);
    let missingWeight = 0;
    let presentWeight = 0;
    for (let row = start; row < end; row++) {
      const at = offsets[row]!;
      const weight = weights[row - start]!;
      if (at === offsets[row + 1]!) missingWeight += weight;
      else {
        present[at - first] = weight;
        presentWeight += weight;
      }
    }
    this.#own[0]! += missingWeight;
    this.#own[1]! += presentWeight;
    return present;
  }

  combine({ missing, present, hasMissing, child }: OptionalStatistic): void {
    this.#hasMissing ||= hasMissing;
    this.#own[0]! += missing;
    this.#own[1]! += present;
    this.#child.combine(child);
  }

  value(): OptionalStatistic {
    const [missing, present] = this.#own as unknown as readonly [number, number]; // the two that were asked for
    return { missing, present, hasMissing: this.#hasMissing, child: this.#child.value() };
  }

  fromValue({ missing, present, hasMissing, child }: OptionalStatistic): void {
    this.#hasMissing = hasMissing;
    this.#own.set([missing, present]);
    this.#child.fromValue(child);
  }
}
