/** The E step of pairs of sets: how often each integer was removed, added and kept; and the rates that follow. */
import type { Accumulator, AnyDistribution, Draws, Report, Scratch, TiedNode } from '../contract.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { logOfShare } from '../leaf/prior.js';
import { SetAccumulator, type SetStatistic } from '../leaf/sets/setCounts.js';
import { clipped, PlacedTable, type SetScores } from '../leaf/sets/setScores.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, scoreChild } from '../tree/children.js';
import { ADDED, type EditColumns, KEPT, readEdit } from './editColumns.js';

/** Additive over rows: the weight of each edit, and the statistic of the sets before. */
export interface EditStatistic {
  readonly edits: SetStatistic<number>;
  readonly initial: unknown;
}

/** What scoring needs of a model. */
export interface EditModel extends AnyDistribution {
  readonly initial: AnyDistribution;
  readonly editScores: SetScores<number>;
}

/**
 * Scores rows `[start, end)` into `out`.
 * @param initial  the accumulator that scores the sets before, if there is one
 * @param placed  where the kernels have the table of the model. Default: it is copied for each block
 */
export function scoreEdits(
  model: EditModel,
  initial: Accumulator | undefined,
  { edits, before }: EditColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
  placed?: PlacedTable,
): void {
  const scores = scratch.atLeast(end - start);
  model.editScores.score(edits, start, end, scores, placed);
  scoreChild(initial, model.initial, before, start, end, out);
  for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, scores[i]!);
}

/** Counts edits. */
export class IntegerBernoulliEditAccumulator implements Accumulator<EditColumns, EditStatistic, EditModel> {
  readonly kind = 'IntegerBernoulliEdit';
  readonly children: readonly TiedNode[];
  readonly #edits: SetAccumulator<number>;
  readonly #scratch = new GrowingScratch();
  readonly #odds = new PlacedTable();

  constructor(
    levels: readonly number[],
    statistic: Float64Array,
    readonly initial: Accumulator,
    readonly key: string | undefined,
  ) {
    this.#edits = new SetAccumulator('edits', levels, statistic);
    this.children = [initial];
  }

  begin(model: EditModel | undefined, { before }: EditColumns, scratch: Scratch): void {
    this.#scratch.from(scratch);
    this.#odds.from(scratch);
    this.initial.begin?.(model?.initial, before, scratch);
  }

  score(model: EditModel, columns: EditColumns, start: number, end: number, out: Float64Array): void {
    scoreEdits(model, this.initial, columns, start, end, out, this.#scratch, this.#odds);
  }

  seqUpdate(
    { edits, before }: EditColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: EditModel,
  ): void {
    this.#edits.seqUpdate(edits, start, end, weights);
    this.initial.seqUpdate(before, start, end, weights, model?.initial);
  }

  /** Below a hidden variable one more row that holds a little of every edit. */
  seqInitialize({ edits, before }: EditColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#edits.seqInitialize(edits, start, end, weights, draws);
    initializeChild(this.initial, before, start, end, weights, draws.child('initial'));
  }

  combine({ edits, initial }: EditStatistic): void {
    this.#edits.combine(edits);
    this.initial.combine(initial);
  }

  value(): EditStatistic {
    return { edits: this.#edits.value(), initial: this.initial.value() };
  }

  fromValue({ edits, initial }: EditStatistic): void {
    this.#edits.fromValue(edits);
    this.initial.fromValue(initial);
  }
}

/** How imaginary rows are distributed; all lists have an entry for each integer. */
export interface EditPrior {
  /** Share of the imaginary rows that hold each integer before. Default: half. */
  readonly before?: ArrayLike<number>;
  /** Of those that do not: the share that holds it after. */
  readonly added: ArrayLike<number>;
  /** Of those that do: the share that holds it after. */
  readonly kept: ArrayLike<number>;
}

/** Of a sum of weights: what may be rounding. */
const ROUNDING = 2 ** -44;

/** Shares of rows, and how much weight each is the share of. */
export interface Rates {
  readonly share: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Of the rows that lack an integer before, the share that has it after; and of those that have it, the share that keeps it.
 * 1/2 where there are no such rows.
 * @param valueCount  number of integers, at least
 * @param pseudoCount  imaginary rows, spread as `prior` says or evenly over the four cases
 */
export function editRates(
  { count, levels, counts }: SetStatistic<number>,
  valueCount: number,
  pseudoCount: number,
  prior: EditPrior | undefined,
): { readonly added: Rates; readonly kept: Rates } {
  const largest = levels.reduce((most, edit) => Math.max(most, readEdit(edit).integer), -1);
  const V = Math.max(valueCount, prior?.added.length ?? 0, largest + 1);
  const added = { share: new Float64Array(V), weight: new Float64Array(V) };
  const kept = { share: new Float64Array(V), weight: new Float64Array(V) };
  for (let k = 0; k < levels.length; k++) {
    const { integer, what } = readEdit(levels[k]!);
    if (what === ADDED) added.share[integer] = counts[k]!;
    else kept.weight[integer]! += counts[k]!;
    if (what === KEPT) kept.share[integer] = counts[k]!;
  }
  for (let j = 0; j < V; j++) {
    const before = pseudoCount * shareBefore(prior, j);
    // Rounding of sums in another order may leave less than nothing, or a little where all rows hold the integer.
    const rest = count - kept.weight[j]!;
    const absent = Math.max(added.share[j]!, rest > ROUNDING * count ? rest : 0) + pseudoCount - before;
    const present = kept.weight[j]! + before;
    added.weight[j] = absent;
    kept.weight[j] = present;
    const ofAdded = added.share[j]! + (pseudoCount - before) * shareAfter(prior?.added, j);
    const ofKept = kept.share[j]! + before * shareAfter(prior?.kept, j);
    added.share[j] = absent > 0 ? Math.min(1, ofAdded / absent) : 0.5;
    kept.share[j] = present > 0 ? Math.min(1, ofKept / present) : 0.5;
  }
  return { added, kept };
}

/**
 * What the imaginary rows of {@link editRates} add to the log-likelihood at a model; `undefined` without any. They score as rows do,
 * with probabilities of at least `minP`.
 */
export function logEditPrior(
  { added, kept, minP }: { readonly added: readonly number[]; readonly kept: readonly number[]; readonly minP: number },
  pseudoCount: number,
  prior: EditPrior | undefined,
): number | undefined {
  if (pseudoCount === 0) return undefined;
  return added.reduce((sum, p, j) => {
    const before = pseudoCount * shareBefore(prior, j);
    const ofAdded = logOfShare(pseudoCount - before, shareAfter(prior?.added, j), clipped(p, minP));
    return sum + ofAdded + logOfShare(before, shareAfter(prior?.kept, j), clipped(kept[j]!, minP));
  }, 0);
}

/** The share of imaginary rows that hold integer j before: half of them, and none where the prior does not reach. */
function shareBefore(prior: EditPrior | undefined, j: number): number {
  return prior === undefined ? 0.5 : (prior.before?.[j] ?? (j < prior.added.length ? 0.5 : 0));
}

/** Of these, or of the others: the share that holds it after. */
function shareAfter(shares: ArrayLike<number> | undefined, j: number): number {
  return shares === undefined ? 0.5 : (shares[j] ?? 0);
}

/** Says that no weight arrived, or that all probabilities are 0 or 1. */
export function reportEdits(
  report: Report | undefined,
  count: number,
  probabilities: readonly number[],
  minP: number,
): void {
  if (count === 0) reportDead(report);
  if (minP > 0 || probabilities.length === 0 || !probabilities.every((p) => p === 0 || p === 1)) return;
  report?.add('degenerate', 'each set leaves one possible next set. Set pseudoCount or minP.', BOUNDED);
}
