/**
 * Components that see the same rows through doors of their own: each group of components has columns that its encoder made,
 * holding the rows that its families can hold. For the other rows those components have density 0.
 */

import type { Subset } from '../columns/columns.js';
import { concatSubsets, itemCount, sliceSubset, takeSubset, violationOf } from '../columns/columns.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Draws,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Scratch,
  Seed,
  TiedNode,
  Violation,
} from '../contract.js';
import { DataError } from '../errors.js';
import { GrowingScratch } from '../numeric/scratch.js';
import {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  initializeChild,
  lengthWithChildren,
  scoreChild,
} from '../tree/children.js';

/** The columns of all groups. */
export interface RoutedColumns extends Columns {
  /** For each encoder the rows that it accepts. */
  readonly groups: readonly Subset[];
}

/** Encodes rows once for each of several encoders. A row must be accepted by one of them at least. */
export class RoutedEncoder<T> implements Encoder<T, RoutedColumns> {
  constructor(readonly encoders: readonly Encoder<unknown>[]) {}

  violation(row: unknown): Violation | undefined {
    const violations = this.encoders.map((encoder) => violationOf(encoder, row));
    return violations.includes(undefined) ? undefined : violations[0];
  }

  /** @throws {DataError} at the first row that no encoder accepts */
  encode(rows: readonly T[]): RoutedColumns {
    const isAccepted = new Uint8Array(rows.length);
    const groups = this.encoders.map((encoder): Subset => {
      const offsets = new Int32Array(rows.length + 1);
      const accepted: unknown[] = [];
      rows.forEach((row, i) => {
        if (violationOf(encoder, row) === undefined) {
          accepted.push(row);
          isAccepted[i] = 1;
        }
        offsets[i + 1] = accepted.length;
      });
      return { offsets, columns: encoder.encode(accepted) };
    });
    const refused = isAccepted.indexOf(0);
    if (refused >= 0) {
      const { path, expected, found } = this.violation(rows[refused])!;
      throw new DataError('HeterogeneousMixture', refused, `${expected}, or a row of another component`, found, path);
    }
    return { rowCount: rows.length, groups };
  }

  slice(columns: RoutedColumns, start: number, end: number): RoutedColumns {
    return this.#map(columns, end - start, (encoder, group) => sliceSubset(encoder, group, start, end));
  }

  take(columns: RoutedColumns, rows: Int32Array): RoutedColumns {
    return this.#map(columns, rows.length, (encoder, group) => takeSubset(encoder, group, rows));
  }

  concat(parts: readonly RoutedColumns[]): RoutedColumns {
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
    const groups = this.encoders.map((encoder, g) =>
      concatSubsets(
        encoder,
        parts.map((part) => part.groups[g]!),
      ),
    );
    return { rowCount, groups };
  }

  itemCount({ groups }: RoutedColumns, start: number, end: number): number {
    const inGroup = ({ offsets, columns }: Subset, g: number) =>
      itemCount(this.encoders[g]!, columns, offsets[start]!, offsets[end]!);
    return groups.reduce((most, group, g) => Math.max(most, inGroup(group, g)), end - start);
  }

  #map(
    columns: RoutedColumns,
    rowCount: number,
    change: (encoder: Encoder<unknown>, group: Subset) => Subset,
  ): RoutedColumns {
    return { rowCount, groups: columns.groups.map((group, g) => change(this.encoders[g]!, group)) };
  }
}

/** A component behind the door of its group. */
export class RoutedDistribution implements Distribution<unknown, RoutedColumns> {
  readonly isUnbounded: boolean;
  readonly #scratch = new GrowingScratch();

  constructor(
    readonly inner: AnyDistribution,
    readonly group: number,
    readonly door: RoutedEncoder<unknown>,
  ) {
    this.isUnbounded = inner.isUnbounded === true;
  }

  logDensity(x: unknown): number {
    return this.inner.logDensity(x);
  }

  density(x: unknown): number {
    return this.inner.density(x);
  }

  seqLogDensity(columns: RoutedColumns, start: number, end: number, out: Float64Array): void {
    scoreAccepted(this, undefined, columns, start, end, out, this.#scratch);
  }

  sampler(seed: Seed): Sampler<unknown> {
    return this.inner.sampler(seed);
  }

  encoder(): RoutedEncoder<unknown> {
    return this.door;
  }

  estimator(options: { readonly pseudoCount?: number } = {}): RoutedEstimator {
    return new RoutedEstimator(this.inner.estimator(options), this.group, this.door);
  }

  toJSON() {
    return this.inner.toJSON();
  }
}

function scoreAccepted(
  { inner, group }: RoutedDistribution,
  child: Accumulator | undefined,
  { groups }: RoutedColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  const { offsets, columns: accepted } = groups[group]!;
  const first = offsets[start]!;
  const last = offsets[end]!;
  if (last - first === end - start) {
    scoreChild(child, inner, accepted, first, last, out);
    return;
  }
  const scores = scratch.atLeast(last - first);
  scoreChild(child, inner, accepted, first, last, scores);
  for (let row = start; row < end; row++) {
    const at = offsets[row]!;
    out[row - start] = at < offsets[row + 1]! ? scores[at - first]! : -Infinity;
  }
}

/** Passes the accepted rows on. */
export class RoutedAccumulator implements Accumulator<RoutedColumns, unknown, RoutedDistribution> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #scores = new GrowingScratch();
  readonly #weights = new GrowingScratch();

  constructor(
    readonly inner: Accumulator,
    readonly group: number,
  ) {
    this.kind = inner.kind ?? '?';
    this.children = [inner];
  }

  begin(model: RoutedDistribution | undefined, { groups }: RoutedColumns, scratch: Scratch): void {
    this.#scores.from(scratch);
    this.#weights.from(scratch);
    this.inner.begin?.(model?.inner, groups[this.group]!.columns, scratch);
  }

  score(model: RoutedDistribution, columns: RoutedColumns, start: number, end: number, out: Float64Array): void {
    scoreAccepted(model, this.inner, columns, start, end, out, this.#scores);
  }

  seqUpdate(
    { groups }: RoutedColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: RoutedDistribution,
  ): void {
    const { offsets, columns: accepted } = groups[this.group]!;
    const picked = this.#pick(offsets, start, end, weights);
    this.inner.seqUpdate(accepted, offsets[start]!, offsets[end]!, picked, model?.inner);
  }

  seqInitialize({ groups }: RoutedColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, columns: accepted } = groups[this.group]!;
    const picked = this.#pick(offsets, start, end, weights);
    initializeChild(this.inner, accepted, offsets[start]!, offsets[end]!, picked, draws);
  }

  /** The weights of the accepted rows. */
  #pick(offsets: Int32Array, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    if (offsets[end]! - first === end - start) return weights;
    const picked = this.#weights.atLeast(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      if (offsets[row]! < offsets[row + 1]!) picked[offsets[row]! - first] = weights[row - start]!;
    }
    return picked;
  }

  combine(other: unknown): void {
    this.inner.combine(other);
  }

  value(): unknown {
    return this.inner.value();
  }

  fromValue(other: unknown): void {
    this.inner.fromValue(other);
  }
}

/** The estimator of a component behind the door of its group. */
export class RoutedEstimator implements Estimator<unknown, RoutedDistribution, RoutedColumns, unknown> {
  constructor(
    readonly inner: AnyEstimator,
    readonly group: number,
    readonly door: RoutedEncoder<unknown>,
  ) {}

  encoder(): RoutedEncoder<unknown> {
    return this.door;
  }

  statisticLength({ groups }: RoutedColumns): number | undefined {
    return lengthWithChildren(0, [this.inner], () => groups[this.group]!.columns);
  }

  accumulator({ groups }: RoutedColumns, statistic?: Float64Array): RoutedAccumulator {
    const made = accumulatorsOf(0, [this.inner], () => groups[this.group]!.columns, statistic);
    return new RoutedAccumulator(made.children[0]!, this.group);
  }

  estimate(statistic: unknown, report?: Report): RoutedDistribution {
    return new RoutedDistribution(this.inner.estimate(statistic, report), this.group, this.door);
  }

  get hasPrior(): boolean {
    return anyPrior([this.inner]);
  }

  parameterBlocks(model: RoutedDistribution): readonly ParameterBlock[] {
    return blocksWithChildren(undefined, [], [this.inner], [model.inner]);
  }
}

/** Groups equal encoders: the distinct ones, and the group of each. */
export function groupEncoders(encoders: readonly Encoder<unknown>[]): {
  readonly door: RoutedEncoder<unknown>;
  readonly groupOf: readonly number[];
} {
  const distinct: Encoder<unknown>[] = [];
  const groupOf = encoders.map((encoder) => {
    const known = distinct.findIndex((other) => isSameDoor(encoder, other));
    return known >= 0 ? known : distinct.push(encoder) - 1;
  });
  return { door: new RoutedEncoder(distinct), groupOf };
}

/**
 * Whether two encoders make the same columns: the same class, with equal public fields. A class whose constructor takes
 * nothing has nothing in which its instances could differ.
 */
function isSameDoor(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a.constructor !== b.constructor) return false;
  const names = Object.keys(a);
  if (names.length === 0) return Array.isArray(a) ? (b as unknown[]).length === 0 : a.constructor.length === 0;
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => isSameDoor((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}
