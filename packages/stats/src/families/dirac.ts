/**
 * One value for certain: P(X = value) = 1. Rows of another value are refused, so that it stands beside families that hold them:
 * the extra zeros of counts, lists of a fixed length.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 1 (degenerate distributions).
 */

import { checkEstimatorOptions, checkKey } from '../checks/options.js';
import { checkFinite, checkParameters } from '../checks/parameters.js';
import { sameClass } from '../columns/columns.js';
import type {
  Accumulator,
  AddSquaredDistances,
  Columns,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  RowCodes,
  Sampler,
  Violation,
} from '../contract.js';
import { DataError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { isNumber } from '../leaf/numberEncoder.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { exp } from '../numeric/elementary.js';
import { samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';

export type { DiracAccumulator, DiracEncoder };

/** All rows are `value`. */
export interface DiracColumns extends Columns {
  readonly value: number;
}

/** Additive over rows: the total weight. */
export interface DiracStatistic {
  readonly count: number;
}

const CHECKS = { value: checkFinite };

/**
 * The distribution of a number that is always the same.
 * @example
 * const d = new DiracDistribution({ value: 3 });
 * d.density(3); // 1
 * d.density(4); // 0
 */
export class DiracDistribution extends PrintedModel implements Distribution<number, DiracColumns> {
  static readonly typeName = 'Dirac';
  static readonly typeVersion = 1;
  readonly value: number;

  /** @throws {ParameterError} unless `value` is finite */
  constructor(parameters: { readonly value: number }) {
    super();
    this.value = checkParameters('DiracDistribution', parameters, CHECKS).value;
  }

  get mean(): number {
    return this.value;
  }

  get variance(): number {
    return 0;
  }

  get mode(): number {
    return this.value;
  }

  get entropy(): number {
    return 0;
  }

  cdf(x: number): number {
    return isNumber(x) ? Number(x >= this.value) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? Number(x < this.value) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('Dirac', p);
    return this.value;
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x === this.value ? 0 : -Infinity;
  }

  density(x: number): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity({ value }: DiracColumns, start: number, end: number, out: Float64Array): void {
    out.fill(this.logDensity(value), 0, end - start);
  }

  seqAddLogDensity({ value }: DiracColumns, start: number, end: number, out: Float64Array): void {
    if (value !== this.value) out.fill(-Infinity, 0, end - start);
  }

  sampler(): Sampler<number> {
    return samplerOf(() => this.value);
  }

  encoder(): DiracEncoder {
    return new DiracEncoder(this.value);
  }

  /** The value stays; there is nothing that imaginary rows could change. */
  estimator(): DiracEstimator {
    return new DiracEstimator({ value: this.value });
  }

  toJSON() {
    return { type: 'Dirac', value: this.value } as const;
  }

  /** @throws {ParameterError} unless `value` is finite */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DiracDistribution {
    return new this(checkParameters('DiracDistribution', fields, CHECKS));
  }
}

/** Accepts one number. */
class DiracEncoder implements Encoder<number, DiracColumns> {
  readonly #expected: string;

  constructor(readonly value: number) {
    this.#expected = `the number ${value}`;
  }

  violation(row: unknown): Violation | undefined {
    return row === this.value ? undefined : { path: [], expected: this.#expected, found: row };
  }

  /** @throws {DataError} at the first row that is not `value` */
  encode(rows: readonly number[]): DiracColumns {
    for (let row = 0; row < rows.length; row++) {
      if (rows[row] !== this.value) throw new DataError('Dirac', row, this.#expected, rows[row]);
    }
    return { rowCount: rows.length, value: this.value };
  }

  rowCodes(_columns: DiracColumns, start: number, end: number): RowCodes {
    return { codes: new Int32Array(end - start), count: 1 };
  }

  /** All rows are equal. */
  squaredDistances(): AddSquaredDistances {
    return () => {};
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.value === this.value;
  }
}

/** Sums the weight. */
class DiracAccumulator implements Accumulator<DiracColumns, DiracStatistic> {
  readonly kind: string;

  constructor(
    value: number,
    readonly statistic: Float64Array = new Float64Array(1),
    readonly key?: string,
  ) {
    this.kind = `Dirac at ${value}`;
  }

  seqUpdate(_columns: DiracColumns, start: number, end: number, weights: Float64Array): void {
    let sum = 0;
    for (let i = 0; i < end - start; i++) sum += weights[i]!;
    this.statistic[0]! += sum;
  }

  combine({ count }: DiracStatistic): void {
    this.statistic[0]! += count;
  }

  value(): DiracStatistic {
    return { count: this.statistic[0]! };
  }

  fromValue({ count }: DiracStatistic): void {
    this.statistic[0] = count;
  }
}

/** Options of {@link DiracEstimator}. */
export interface DiracOptions {
  /** The one value that rows may have. */
  readonly value: number;
  /** Families with equal keys must have equal values. */
  readonly key?: string;
}

/**
 * Makes a {@link DiracDistribution} of the given value: there is nothing to estimate.
 * @example
 * // Counts with more zeros than a Poisson distribution has:
 * new MixtureEstimator([new PoissonEstimator(), new DiracEstimator({ value: 0 })]);
 */
export class DiracEstimator implements Estimator<number, DiracDistribution, DiracColumns, DiracStatistic> {
  /** @throws {ParameterError} unless `value` is finite */
  constructor(readonly options: DiracOptions) {
    checkEstimatorOptions('DiracEstimator', options, { value: checkFinite, key: checkKey });
    checkFinite('DiracEstimator', 'value', options.value);
  }

  encoder(): DiracEncoder {
    return new DiracEncoder(this.options.value);
  }

  statisticLength(): number {
    return 1;
  }

  accumulator(_schema: DiracColumns, statistic?: Float64Array): DiracAccumulator {
    return new DiracAccumulator(this.options.value, statistic, this.options.key);
  }

  estimate({ count }: DiracStatistic, report?: Report): DiracDistribution {
    if (count === 0) reportDead(report);
    return new DiracDistribution({ value: this.options.value });
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 0 }];
  }
}
