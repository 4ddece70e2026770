/**
 * A child over numbers, moved by a known distance: X = shift + Y with Y of the child, so p(x) = g(x - shift). Times of answers
 * that cannot come before 0.2 s, say: the shift is known, the rest is estimated.
 *
 * A combinator of a third party: the child is any family over numbers, from `@dml/stats` or not.
 */
import type {
  Accumulator,
  AddSquaredDistances,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Draws,
  Encoder,
  EncoderPart,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  RowCodes,
  Sampler,
  Scratch,
  Seed,
  Violation,
} from '@dml/stats';
import { DataError } from '@dml/stats';
import {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  checkDistribution,
  checkFinite,
  concatColumns,
  holdsItems,
  initializeChild,
  itemCount,
  lengthWithChildren,
  sameEncoder,
  samplerOf,
  scoreChild,
  sliceColumns,
  takeColumns,
  violationOf,
} from '@dml/stats/families';

/** A family over numbers. The rows are the encoder's: by them the compiler refuses a family over text. */
interface RowsAreNumbers {
  encoder(): Encoder<number>;
}
type OverNumbers = RowsAreNumbers & AnyDistribution;
type EstimatorOverNumbers = RowsAreNumbers & AnyEstimator;

/** `dist`, moved by `shift`. */
export class ShiftedDistribution<D extends OverNumbers> implements Distribution<number> {
  static readonly typeName = 'Shifted';
  static readonly typeVersion = 1;
  readonly shift: number;
  readonly isUnbounded: boolean;

  /** @throws {ParameterError} unless `dist` is a distribution and `shift` a finite number */
  constructor(
    readonly dist: D,
    { shift }: { readonly shift: number },
  ) {
    checkDistribution('ShiftedDistribution', 'dist', dist);
    checkFinite('ShiftedDistribution', 'shift', shift);
    this.shift = shift;
    this.isUnbounded = dist.isUnbounded === true;
  }

  logDensity(x: number): number {
    return this.dist.logDensity(moved(x, this.shift));
  }

  density(x: number): number {
    return this.dist.density(moved(x, this.shift));
  }

  /** The columns are those of the child, which has seen the rows without the shift. */
  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    this.dist.seqLogDensity(columns, start, end, out);
  }

  sampler(seed: Seed): Sampler<number> {
    const child = this.dist.sampler(seed);
    return samplerOf(() => this.shift + (child.sample() as number)); // a family over numbers draws numbers
  }

  encoder(): ShiftedEncoder {
    return new ShiftedEncoder(this.dist.encoder(), this.shift);
  }

  estimator(options: { readonly pseudoCount?: number } = {}): ShiftedEstimator<EstimatorOverNumbers> {
    return new ShiftedEstimator(this.dist.estimator(options) as EstimatorOverNumbers, { shift: this.shift });
  }

  toJSON() {
    return { type: 'Shifted', dist: this.dist, shift: this.shift } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range */
  static fromJSON({ dist, shift }: Readonly<Record<string, unknown>>): ShiftedDistribution<OverNumbers> {
    // The constructor refuses anything but a distribution and a number.
    return new ShiftedDistribution(dist as OverNumbers, { shift: shift as number });
  }
}

/** What is no number stays what it is: the child refuses it. */
function moved(x: number, shift: number): number {
  return typeof x === 'number' ? x - shift : x;
}

/** The child's encoder, for rows without the shift. What the child leaves out gets its default. */
export class ShiftedEncoder implements Encoder<number> {
  constructor(
    readonly child: Encoder<number>,
    readonly shift: number,
  ) {}

  /** @throws {DataError} at the first row that the child cannot hold, with the row as it was given */
  encode(rows: readonly number[]): Columns {
    try {
      return this.child.encode(rows.map((x) => moved(x, this.shift)));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      throw new DataError('Shifted', error.row, this.#expected(error), rows[error.row]);
    }
  }

  violation(row: unknown): Violation | undefined {
    const violation = violationOf(this.child as Encoder<unknown>, moved(row as number, this.shift));
    return violation && { ...violation, expected: this.#expected(violation), found: row };
  }

  #expected({ expected }: Violation): string {
    return `${expected} after ${this.shift} is subtracted`;
  }

  sameAs(other: Encoder<unknown>): boolean {
    return other instanceof ShiftedEncoder && other.shift === this.shift && sameEncoder(other.child, this.child);
  }

  parts(row: unknown): readonly EncoderPart[] {
    return [{ value: moved(row as number, this.shift), encoder: this.child as Encoder<unknown> }];
  }

  slice(columns: Columns, start: number, end: number): Columns {
    return sliceColumns(this.child, columns, start, end);
  }

  take(columns: Columns, rows: Int32Array): Columns {
    return takeColumns(this.child, columns, rows);
  }

  concat(parts: readonly Columns[]): Columns {
    return concatColumns(this.child, parts);
  }

  get holdsItems(): boolean {
    return holdsItems(this.child);
  }

  itemCount(columns: Columns, start: number, end: number): number {
    return itemCount(this.child, columns, start, end);
  }

  rowCodes(columns: Columns, start: number, end: number): RowCodes | undefined {
    return this.child.rowCodes?.(columns, start, end);
  }

  squaredDistances(columns: Columns, weights?: Float64Array): AddSquaredDistances | undefined {
    return this.child.squaredDistances?.(columns, weights);
  }
}

/** What the E step needs of a shifted model. */
interface ShiftedModel extends AnyDistribution {
  readonly dist: AnyDistribution;
}

/** Hands everything on: the statistic is the child's. */
export class ShiftedAccumulator implements Accumulator<Columns, unknown, ShiftedModel> {
  readonly kind: string;
  readonly children: readonly [Accumulator];

  constructor(
    child: Accumulator,
    readonly key: string | undefined,
  ) {
    this.children = [child];
    this.kind = `Shifted[${child.kind ?? '?'}]`;
  }

  begin(model: ShiftedModel | undefined, columns: Columns, scratch: Scratch): void {
    this.children[0].begin?.(model?.dist, columns, scratch);
  }

  score({ dist }: ShiftedModel, columns: Columns, start: number, end: number, out: Float64Array): void {
    scoreChild(this.children[0], dist, columns, start, end, out);
  }

  seqUpdate(columns: Columns, start: number, end: number, weights: Float64Array, model?: ShiftedModel): void {
    this.children[0].seqUpdate(columns, start, end, weights, model?.dist);
  }

  seqInitialize(columns: Columns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    initializeChild(this.children[0], columns, start, end, weights, draws.child('dist'));
  }

  combine(statistic: unknown): void {
    this.children[0].combine(statistic);
  }

  value(): unknown {
    return this.children[0].value();
  }

  fromValue(statistic: unknown): void {
    this.children[0].fromValue(statistic);
  }
}

/** Options of {@link ShiftedEstimator}. */
export interface ShiftedOptions {
  /** The known distance. */
  readonly shift: number;
  /** Shifted models with equal keys get equal children. */
  readonly key?: string;
}

/** Estimates the child from the rows without the shift. */
export class ShiftedEstimator<E extends EstimatorOverNumbers>
  implements Estimator<number, ShiftedDistribution<ModelOf<E> & OverNumbers>>
{
  /** @throws {ParameterError} unless the shift is a finite number */
  constructor(
    readonly estimator: E,
    readonly options: ShiftedOptions,
  ) {
    checkFinite('ShiftedEstimator', 'shift', options.shift);
  }

  encoder(): ShiftedEncoder {
    return new ShiftedEncoder(this.estimator.encoder(), this.options.shift);
  }

  statisticLength(schema: Columns): number | undefined {
    return lengthWithChildren(0, [this.estimator], () => schema);
  }

  accumulator(schema: Columns, statistic?: Float64Array): ShiftedAccumulator {
    const { children } = accumulatorsOf(0, [this.estimator], () => schema, statistic);
    return new ShiftedAccumulator(children[0]!, this.options.key);
  }

  estimate(statistic: unknown, report?: Report): ShiftedDistribution<ModelOf<E> & OverNumbers> {
    const dist = this.estimator.estimate(statistic, report?.at('dist')) as ModelOf<E> & OverNumbers;
    return new ShiftedDistribution(dist, this.options);
  }

  get hasPrior(): boolean {
    return anyPrior([this.estimator]);
  }

  parameterBlocks({ dist }: ShiftedDistribution<ModelOf<E> & OverNumbers>): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], [this.estimator], [dist]);
  }
}
