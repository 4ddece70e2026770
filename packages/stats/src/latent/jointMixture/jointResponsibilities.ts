/**
 * The E step of a joint mixture. Each component scores its side of a row once; the cells (k, j) then share the row as the
 * components of a mixture would, with the weights w_k τ_kj and the log-densities log f_k(x_1) + log g_j(x_2).
 */

import type { FieldColumns } from '../../combinators/composite.js';
import type { Accumulator, Columns, Draws, Encoder, Scorer, Scratch, TiedNode } from '../../contract.js';
import { kernels, RUN } from '../../numeric/kernels/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import { nearestSeedLabels, randomLabels } from '../labels.js';
import { toPosteriors } from '../posterior.js';
import { ScoredBlock } from '../scoredBlock.js';

/** What the E step needs of a joint mixture. */
export interface JointModel extends Scorer<FieldColumns> {
  /** The components of both sides. */
  readonly sides: readonly [readonly Scorer[], readonly Scorer[]];
  /** log w_k τ_kj, row-major [K1 × K2]. */
  readonly logCells: Float64Array;
}

/** Scores rows `[start, end)` of a side under one of its components. */
export type ScoreSide = (side: 0 | 1, k: number, start: number, end: number, out: Float64Array) => void;

/** Additive over rows: expected rows per cell (row-major [K1 × K2]), and the statistics of both sides' components. */
export interface JointMixtureStatistic {
  readonly cells: Float64Array;
  readonly components1: readonly unknown[];
  readonly components2: readonly unknown[];
}

/** Finds labels of all values of a side that have no distance; `undefined` where it finds none. */
export type FindSideLabels = (
  side: 0 | 1,
  columns: Columns,
  weights: Float64Array,
  draws: Draws,
) => Float64Array | undefined;

/** Keys: joint mixtures that share one get equal tables, or equal components of a side. */
export interface JointMixtureKeys {
  readonly cells?: string | undefined;
  readonly components1?: string | undefined;
  readonly components2?: string | undefined;
}

/** Working memory of a block of rows. */
export class JointMemory {
  readonly #scores = new GrowingScratch();
  readonly #cells = new GrowingScratch();
  /** Distance between the rows of the memory. */
  stride = 0;

  from(scratch: Scratch): void {
    this.#scores.from(scratch);
    this.#cells.from(scratch);
  }

  /** Entry `row` of the scores: the components of side 0, then those of side 1. */
  score(row: number, count: number): Float64Array {
    return this.#scores.atLeast(0).subarray(row * this.stride, row * this.stride + count);
  }

  /** P(cell | row), cell-major. */
  get cells(): Float64Array {
    return this.#cells.atLeast(0);
  }

  reserve(scoreCount: number, cellCount: number, count: number): void {
    this.stride = Math.max(RUN, count);
    this.#scores.atLeast(scoreCount * this.stride);
    this.#cells.atLeast(cellCount * this.stride);
  }
}

/** Log-densities of rows `[start, end)` into `out`, and P(cell | row) into the memory. */
export function scoreJoint(
  { sides, logCells, isUnbounded }: JointModel,
  start: number,
  end: number,
  scoreSide: ScoreSide,
  memory: JointMemory,
  out: Float64Array,
): void {
  const count = end - start;
  const [count1, count2] = [sides[0].length, sides[1].length];
  memory.reserve(count1 + count2, logCells.length, count);
  sides[0].forEach((_, k) => scoreSide(0, k, start, end, memory.score(k, count)));
  sides[1].forEach((_, j) => scoreSide(1, j, start, end, memory.score(count1 + j, count)));
  const { cells, stride } = memory;
  for (let cell = 0; cell < logCells.length; cell++) {
    const a = memory.score(Math.floor(cell / count2), count);
    const b = memory.score(count1 + (cell % count2), count);
    const at = cell * stride;
    if (isUnbounded === true) for (let i = 0; i < count; i++) cells[at + i] = addLogs(a[i]!, b[i]!);
    else for (let i = 0; i < count; i++) cells[at + i] = a[i]! + b[i]!;
  }
  const scoreCell = (cell: number, i: number, score: Float64Array) => {
    const a = memory.score(Math.floor(cell / count2), count)[i]!;
    score[0] = addLogs(a, memory.score(count1 + (cell % count2), count)[i]!);
  };
  toPosteriors(cells, stride, start, count, logCells, out, scoreCell);
}

/** Shares rows among the cells, and hands each side's components the sums of their cells as weights. */
export class JointMixtureAccumulator implements Accumulator<FieldColumns, JointMixtureStatistic, JointModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #memory = new JointMemory();
  readonly #weights = new GrowingScratch();
  readonly #scored = new ScoredBlock<FieldColumns, JointModel>('JointMixtureAccumulator');

  /**
   * @param cells  K1 × K2 counts
   * @param findLabels  a start for a side whose values have no distance
   */
  constructor(
    readonly sides: readonly [readonly Accumulator[], readonly Accumulator[]],
    readonly cells: Float64Array,
    readonly encoders: readonly Encoder<unknown>[],
    keys: JointMixtureKeys,
    readonly findLabels: FindSideLabels,
  ) {
    const kinds = sides.map((side) => side.map((component) => component.kind ?? '?').join(', '));
    this.kind = `JointMixture[${kinds.join('; ')}]`;
    this.children = [
      tiedCounts(cells, keys.cells, `cells of ${sides[0].length}`),
      tiedList(sides[0], keys.components1, 'joint mixture components'),
      tiedList(sides[1], keys.components2, 'joint mixture components'),
    ];
  }

  begin(model: JointModel | undefined, { fields }: FieldColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    this.#scored.from(scratch);
    this.sides.forEach((side, s) => {
      side.forEach((child, k) => child.begin?.(model?.sides[s as 0 | 1][k], fields[s]!, scratch));
    });
  }

  score(model: JointModel, columns: FieldColumns, start: number, end: number, out: Float64Array): void {
    const scoreSide: ScoreSide = (side, k, from, to, scores) =>
      scoreChild(this.sides[side][k], model.sides[side][k]!, columns.fields[side]!, from, to, scores);
    scoreJoint(model, start, end, scoreSide, this.#memory, out);
    this.#scored.remember(model, columns, start, end);
  }

  seqUpdate(columns: FieldColumns, start: number, end: number, weights: Float64Array, model?: JointModel): void {
    const count = end - start;
    const scorer = this.#scored.take(this, columns, start, end, model); // the weights go into the posteriors in place
    const { multiply, sum } = kernels();
    const { cells, stride } = this.#memory;
    for (let cell = 0; cell < this.cells.length; cell++) {
      const row = cells.subarray(cell * stride, cell * stride + count);
      if (!isUnit(weights)) multiply(row, weights, count, row);
      this.cells[cell]! += sum(row, count);
    }
    const [count1, count2] = [this.sides[0].length, this.sides[1].length];
    this.sides[0].forEach((child, k) => {
      const row = this.#sumOf(k * count2, 1, count2, count);
      child.seqUpdate(columns.fields[0]!, start, end, row, scorer.sides[0][k]);
    });
    this.sides[1].forEach((child, j) => {
      const row = this.#sumOf(j, count2, count1, count);
      child.seqUpdate(columns.fields[1]!, start, end, row, scorer.sides[1][j]);
    });
  }

  /** Σ of `termCount` cells from `first` on, `step` apart, for each row of the block. */
  #sumOf(first: number, step: number, termCount: number, count: number): Float64Array {
    const { cells, stride } = this.#memory;
    const out = this.#weights.atLeast(count);
    out.fill(0, 0, count);
    for (let term = 0; term < termCount; term++) {
      const at = (first + term * step) * stride;
      for (let i = 0; i < count; i++) out[i]! += cells[at + i]!;
    }
    return out;
  }

  /** Each side starts as a mixture would, by draws of its own. */
  seqInitialize({ fields }: FieldColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const count = end - start;
    const labels = this.sides.map((side, s) => {
      const [encoder, columns, own] = [this.encoders[s]!, fields[s]!, draws.child(s + 1)];
      const isWhole = start === 0 && end === columns.rowCount && side.length > 1;
      const found =
        isWhole && own.method === 'kmeans++'
          ? (nearestSeedLabels(encoder, columns, weights, side.length, own) ??
            this.findLabels(s as 0 | 1, columns, weights, own))
          : undefined;
      return found ?? randomLabels(start, end, side.length, own);
    });
    for (let cell = 0; cell < this.cells.length; cell++) {
      const a = Math.floor(cell / this.sides[1].length) * count;
      const b = (cell % this.sides[1].length) * count;
      for (let i = 0; i < count; i++) this.cells[cell]! += weights[i]! * labels[0]![a + i]! * labels[1]![b + i]!;
    }
    this.sides.forEach((side, s) => {
      side.forEach((child, k) => {
        const row = labels[s]!.subarray(k * count, (k + 1) * count);
        for (let i = 0; i < count; i++) row[i]! *= weights[i]!;
        initializeChild(child, fields[s]!, start, end, row, draws.child(s + 1).component(k));
      });
    });
  }

  combine({ cells, components1, components2 }: JointMixtureStatistic): void {
    for (let cell = 0; cell < cells.length; cell++) this.cells[cell]! += cells[cell]!;
    this.sides[0].forEach((child, k) => child.combine(components1[k]));
    this.sides[1].forEach((child, j) => child.combine(components2[j]));
  }

  value(): JointMixtureStatistic {
    const [components1, components2] = this.sides.map((side) => side.map((child) => child.value()));
    return { cells: this.cells.slice(), components1: components1!, components2: components2! };
  }

  fromValue({ cells, components1, components2 }: JointMixtureStatistic): void {
    this.cells.set(cells);
    this.sides[0].forEach((child, k) => child.fromValue(components1[k]));
    this.sides[1].forEach((child, j) => child.fromValue(components2[j]));
  }
}
