/**
 * Children that see the same rows: components of a mixture, states of a hidden Markov model, topics. Each reads the columns
 * of its own encoder; a row that it cannot hold has density 0 there and gets no weight.
 */

import type { Subset } from '../columns/columns.js';
import type { Accumulator, Columns, Draws, Encoder, Scorer, Scratch, TiedNode } from '../contract.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, scoreChild } from '../tree/children.js';
import { isRouted, RoutedEncoder } from './routedColumns.js';

/** Hands a parent's columns to its children. */
export class Router {
  readonly #family: string;
  readonly #children: readonly { encoder(): Encoder<unknown> }[];
  readonly #scratch = new GrowingScratch();
  #encoder: RoutedEncoder<unknown> | undefined;

  /**
   * @param family  the parent, for messages
   * @param children  distributions or estimators over the same rows
   */
  constructor(family: string, children: readonly { encoder(): Encoder<unknown> }[]) {
    this.#family = family;
    this.#children = children;
  }

  /** The encoder of the rows. Made when it is asked for: a model in the middle of a fit needs none. */
  get encoder(): RoutedEncoder<unknown> {
    this.#encoder ??= new RoutedEncoder(
      this.#family,
      this.#children.map((child) => child.encoder()),
    );
    return this.#encoder;
  }

  /**
   * The rows that child `k` can hold; `undefined` when all children share the columns. Columns of a greater or smaller depth
   * are those of another parent: a mixture above or below this one.
   */
  #subset(columns: Columns, k: number): Subset | undefined {
    if (!isRouted(columns) || columns.routeDepth !== this.encoder.routeDepth) return undefined;
    return columns.groups[columns.groupOf[k]!]!;
  }

  /** The columns of child `k`. */
  columnsOf(columns: Columns, k: number): Columns {
    return this.#subset(columns, k)?.columns ?? columns;
  }

  /** The accumulators of the children from the `first` on, as accumulators of the parent's rows. */
  accumulators(children: readonly Accumulator[], schema: Columns, first = 0): readonly Accumulator[] {
    if (this.#subset(schema, 0) === undefined) return children;
    return children.map((child, j) => new RoutedAccumulator(child, (columns) => this.#subset(columns, first + j)!));
  }

  /** Log-densities of rows `[start, end)` under the model of child `k`. */
  seqLogDensity(k: number, model: Scorer, columns: Columns, start: number, end: number, out: Float64Array): void {
    const subset = this.#subset(columns, k);
    if (subset === undefined) model.seqLogDensity(columns, start, end, out);
    else scoreSubset(undefined, model, subset, start, end, out, this.#scratch);
  }
}

/** `out` = log f(x), -Infinity for rows outside the subset. */
function scoreSubset(
  child: Accumulator | undefined,
  model: Scorer,
  { offsets, columns }: Subset,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  const first = offsets[start]!;
  const last = offsets[end]!;
  if (last - first === end - start) {
    scoreChild(child, model, columns, first, last, out);
    return;
  }
  const scores = scratch.atLeast(last - first);
  scoreChild(child, model, columns, first, last, scores);
  for (let row = start; row < end; row++) {
    const at = offsets[row]!;
    out[row - start] = at < offsets[row + 1]! ? scores[at - first]! : -Infinity;
  }
}

/** Passes on the rows that the child can hold. */
class RoutedAccumulator implements Accumulator<Columns, unknown, Scorer> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #child: Accumulator;
  readonly #subsetOf: (columns: Columns) => Subset;
  readonly #scores = new GrowingScratch();
  readonly #weights = new GrowingScratch();

  constructor(child: Accumulator, subsetOf: (columns: Columns) => Subset) {
    this.#child = child;
    this.#subsetOf = subsetOf;
    this.kind = child.kind ?? '?';
    this.children = [child];
  }

  begin(model: Scorer | undefined, columns: Columns, scratch: Scratch): void {
    this.#scores.from(scratch);
    this.#weights.from(scratch);
    this.#child.begin?.(model, this.#subsetOf(columns).columns, scratch);
  }

  score(model: Scorer, columns: Columns, start: number, end: number, out: Float64Array): void {
    scoreSubset(this.#child, model, this.#subsetOf(columns), start, end, out, this.#scores);
  }

  seqUpdate(columns: Columns, start: number, end: number, weights: Float64Array, model?: Scorer): void {
    const { offsets, columns: accepted } = this.#subsetOf(columns);
    const picked = this.#pick(offsets, start, end, weights);
    this.#child.seqUpdate(accepted, offsets[start]!, offsets[end]!, picked, model);
  }

  seqInitialize(columns: Columns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, columns: accepted } = this.#subsetOf(columns);
    const picked = this.#pick(offsets, start, end, weights);
    initializeChild(this.#child, accepted, offsets[start]!, offsets[end]!, picked, draws);
  }

  /** The weights of the rows that the child can hold. */
  #pick(offsets: Int32Array, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    if (offsets[end]! - first === end - start) return weights;
    const picked = this.#weights.atLeast(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      if (offsets[row]! < offsets[row + 1]!) picked[offsets[row]! - first] = weights[row - start]!;
    }
    return picked;
  }

  combine(statistic: unknown): void {
    this.#child.combine(statistic);
  }

  value(): unknown {
    return this.#child.value();
  }

  fromValue(statistic: unknown): void {
    this.#child.fromValue(statistic);
  }
}
