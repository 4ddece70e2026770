/**
 * A value with a weight of its own: log f(x, w) = w log g(x). In a fit the row counts as w rows of the value x.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkEstimator, checkFields } from '../checks/parameters.js';
import {
  concatColumns,
  encodeChild,
  itemCount,
  joinEntries,
  mayHoldItems,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  takeEntries,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import type {
  Accumulator,
  AddSquaredDistances,
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  Distribution,
  Draws,
  Encoder,
  EncoderPart,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Scorer,
  Scratch,
  Seed,
  Violation,
} from '../contract.js';
import { DataError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { samplerOf } from '../numeric/random.js';
import { GrowingScratch } from '../numeric/scratch.js';
import {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  initializeChild,
  scoreChild,
  statisticLength,
} from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolingOf } from '../tree/pooling.js';

/** The values, and a weight for each. */
export interface WeightedColumns extends Columns {
  readonly values: Columns;
  readonly weights: Float64Array;
}

/** A value and its weight. */
export type WeightedRow<T> = readonly [value: T, weight: number];

const EXPECTED_ROW = 'a pair of a value and its weight';
const EXPECTED_WEIGHT = 'a finite number >= 0';

/**
 * Weighted values.
 * @example
 * const d = new WeightedDistribution(new CategoricalDistribution({ a: 0.5, b: 0.5 }));
 * d.logDensity(['a', 3]); // 3 log 0.5
 */
export class WeightedDistribution<D extends AnyDistribution>
  extends PrintedModel
  implements Distribution<WeightedRow<RowOf<D>>, WeightedColumns>
{
  static readonly typeName = 'Weighted';
  static readonly typeVersion = 1;
  readonly #isUnbounded: boolean;

  /** @param dist  the distribution of the value */
  constructor(readonly dist: D) {
    super();
    checkDistribution('WeightedDistribution', 'dist', dist);
    this.#isUnbounded = dist.isUnbounded === true;
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** 0 for weight 0, even where the value is impossible; NaN for anything but a pair of a value and a number. */
  logDensity(x: WeightedRow<RowOf<D>>): number {
    if (!isPair(x) || typeof x[1] !== 'number' || Number.isNaN(x[1])) return Number.NaN;
    const [value, weight] = x;
    if (!isWeight(weight)) return -Infinity;
    return weight === 0 ? 0 : weight * this.dist.logDensity(value);
  }

  density(x: WeightedRow<RowOf<D>>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: WeightedColumns, start: number, end: number, out: Float64Array): void {
    scoreWeighted(this.dist, undefined, columns, start, end, out);
  }

  /** Draws values with weight 1. */
  sampler(seed: Seed): Sampler<WeightedRow<RowOf<D>>> {
    const values = this.dist.sampler(seed);
    // A sampler of D draws rows of D.
    return samplerOf(() => [values.sample() as RowOf<D>, 1] as const);
  }

  encoder(): WeightedEncoder<RowOf<D>> {
    return new WeightedEncoder(this.dist.encoder());
  }

  estimator(options: { readonly pseudoCount?: number } = {}): WeightedEstimator<ReturnType<D['estimator']>> {
    pseudoCountOf('WeightedDistribution', options);
    return new WeightedEstimator(this.dist.estimator(options) as ReturnType<D['estimator']>);
  }

  toJSON() {
    return { type: 'Weighted', dist: this.dist } as const;
  }

  /** @throws {ParameterError} unless `dist` is a distribution */
  static fromJSON(fields: Readonly<Record<string, unknown>>): WeightedDistribution<AnyDistribution> {
    const { dist } = checkFields('WeightedDistribution', fields, { dist: 'unknown' });
    return new this(checkDistribution('WeightedDistribution', 'dist', dist));
  }
}

function isWeight(weight: unknown): weight is number {
  return typeof weight === 'number' && weight >= 0 && weight < Infinity;
}

function scoreWeighted(
  dist: Scorer,
  child: Accumulator | undefined,
  { values, weights }: WeightedColumns,
  start: number,
  end: number,
  out: Float64Array,
): void {
  scoreChild(child, dist, values, start, end, out);
  for (let row = start; row < end; row++) {
    const weight = weights[row]!;
    out[row - start] = weight === 0 ? 0 : weight * out[row - start]!;
  }
}

/** Takes the weight off the value. */
export class WeightedEncoder<T> implements Encoder<WeightedRow<T>, WeightedColumns> {
  constructor(readonly child: Encoder<unknown>) {}

  violation(row: unknown): Violation | undefined {
    if (!isPair(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    const [value, weight] = row;
    if (!isWeight(weight)) return { path: [1], expected: EXPECTED_WEIGHT, found: weight };
    return violationWithin(violationOf(this.child, value), 0);
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!isPair(row) || !isWeight(row[1])) return undefined;
    return [{ step: 0, value: row[0], encoder: this.child }];
  }

  /** @throws {DataError} at a row that is not a pair, or with a value or a weight that cannot be held */
  encode(rows: readonly WeightedRow<T>[]): WeightedColumns {
    const weights = new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const pair: unknown = rows[row];
      if (!isPair(pair)) throw new DataError('Weighted', row, EXPECTED_ROW, pair);
      const weight = pair[1];
      if (!isWeight(weight)) throw new DataError('Weighted', row, EXPECTED_WEIGHT, weight, [1]);
      weights[row] = weight;
    }
    const values = encodeChild(
      this.child,
      rows.map(([value]) => value),
      (row) => [row, 0],
    );
    return { rowCount: rows.length, values, weights };
  }

  slice({ values, weights }: WeightedColumns, start: number, end: number): WeightedColumns {
    return {
      rowCount: end - start,
      values: sliceColumns(this.child, values, start, end),
      weights: weights.subarray(start, end),
    };
  }

  take({ values, weights }: WeightedColumns, rows: Int32Array): WeightedColumns {
    return {
      rowCount: rows.length,
      values: takeColumns(this.child, values, rows),
      weights: takeEntries(weights, rows),
    };
  }

  concat(parts: readonly WeightedColumns[]): WeightedColumns {
    const weights = joinEntries(parts.map((part) => part.weights));
    return {
      rowCount: weights.length,
      values: concatColumns(
        this.child,
        parts.map((part) => part.values),
      ),
      weights,
    };
  }

  get holdsItems(): boolean {
    return mayHoldItems(this.child);
  }

  itemCount({ values }: WeightedColumns, start: number, end: number): number {
    return itemCount(this.child, values, start, end);
  }

  /** The distance of the values. */
  squaredDistances({ values }: WeightedColumns): AddSquaredDistances | undefined {
    return this.child.squaredDistances?.(values);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && sameEncoder(this.child, other.child);
  }
}

function isPair(row: unknown): row is readonly [unknown, unknown] {
  return Array.isArray(row) && row.length === 2;
}

/** What the E step needs of a weighted model. */
interface WeightedModel extends Scorer<WeightedColumns> {
  readonly dist: Scorer;
}

/** Hands the values on, each with its own weight times that of its row. */
export class WeightedAccumulator implements Accumulator<WeightedColumns, unknown, WeightedModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #product = new GrowingScratch();

  /** @param encoder  that of the values */
  constructor(
    readonly child: Accumulator,
    readonly key: string | undefined,
    readonly encoder: () => Encoder<unknown>,
  ) {
    this.children = [child];
    this.kind = `Weighted[${child.kind ?? '?'}]`;
  }

  /** Where rows decide, as at a start, those of weight 0 are no rows. */
  begin(model: WeightedModel | undefined, { values, weights }: WeightedColumns, scratch: Scratch): void {
    this.#product.from(scratch);
    let counted = values;
    if (model === undefined && weights.includes(0)) {
      const rows = Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
      counted = takeColumns(this.encoder(), values, rows);
    }
    this.child.begin?.(model?.dist, counted, scratch);
  }

  score(model: WeightedModel, columns: WeightedColumns, start: number, end: number, out: Float64Array): void {
    scoreWeighted(model.dist, this.child, columns, start, end, out);
  }

  seqUpdate(columns: WeightedColumns, start: number, end: number, weights: Float64Array, model?: WeightedModel): void {
    const product = this.#multiply(columns, start, end, weights);
    this.child.seqUpdate(columns.values, start, end, product, model?.dist);
  }

  seqInitialize(columns: WeightedColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const product = this.#multiply(columns, start, end, weights);
    initializeChild(this.child, columns.values, start, end, product, draws.child('value'));
  }

  #multiply(columns: WeightedColumns, start: number, end: number, weights: Float64Array): Float64Array {
    const product = this.#product.atLeast(end - start);
    for (let row = start; row < end; row++) product[row - start] = columns.weights[row]! * weights[row - start]!;
    return product;
  }

  combine(statistic: unknown): void {
    this.child.combine(statistic);
  }

  value(): unknown {
    return this.child.value();
  }

  fromValue(statistic: unknown): void {
    this.child.fromValue(statistic);
  }
}

/** Options of {@link WeightedEstimator}. */
export interface WeightedOptions {
  /** Weighted models with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Estimates from weighted values.
 * @example
 * const rows = [[1, 3], [5, 1]] as const;
 * optimize(rows, new WeightedEstimator(new GaussianEstimator())).model.dist.mu; // 2
 */
export class WeightedEstimator<E extends AnyEstimator>
  implements Estimator<WeightedRow<RowOf<E>>, WeightedDistribution<ModelOf<E>>, WeightedColumns, unknown>
{
  /** @param estimator  the estimator of the value */
  constructor(
    readonly estimator: E,
    readonly options: WeightedOptions = {},
  ) {
    checkEstimator('WeightedEstimator', 'estimator', estimator);
    checkEstimatorOptions('WeightedEstimator', options, { key: true });
  }

  encoder(): WeightedEncoder<RowOf<E>> {
    return new WeightedEncoder(this.estimator.encoder());
  }

  statisticLength({ values }: WeightedColumns): number | undefined {
    return statisticLength(this.estimator, values);
  }

  accumulator({ values }: WeightedColumns, statistic?: Float64Array): WeightedAccumulator {
    const made = accumulatorsOf(0, [this.estimator], () => values, statistic);
    return new WeightedAccumulator(made.children[0]!, this.options.key, () => this.estimator.encoder());
  }

  estimate(statistic: unknown, report?: Report, pooled?: unknown): WeightedDistribution<ModelOf<E>> {
    // The statistic was made by an accumulator of this estimator.
    return new WeightedDistribution(this.estimator.estimate(statistic, report?.at('dist'), pooled) as ModelOf<E>);
  }

  get pooling(): Pooling | undefined {
    return poolingOf('Weighted', [this.estimator], (parts) => this.estimator.pooling?.pool(parts));
  }

  get hasPrior(): boolean {
    return anyPrior([this.estimator]);
  }

  /** Where the value has a prior that is a distribution: a row teaches as its weight says. */
  get bayes(): Bayes<WeightedDistribution<ModelOf<E>>, unknown, PosteriorOf<E>, WeightedColumns> | undefined {
    return bayesOfChildren([this.estimator], {
      statistics: (statistic: unknown) => [statistic],
      models: ({ dist }: WeightedDistribution<ModelOf<E>>) => [dist],
      known: (known: PosteriorOf<E>) => [known],
      join: ([known]) => known as PosteriorOf<E>,
      mode: ([dist]) => new WeightedDistribution(dist as ModelOf<E>),
      expectedScorer: ([scorer]) => ({
        dist: scorer!,
        seqLogDensity: (columns, start, end, out) => scoreWeighted(scorer!, undefined, columns, start, end, out),
      }),
      withPrior: ([estimator]) => another(estimator!, this.options),
    });
  }

  parameterBlocks(model: WeightedDistribution<ModelOf<E>>): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], [this.estimator], [model.dist]);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(estimator: AnyEstimator, options: WeightedOptions): WeightedEstimator<AnyEstimator> {
  return new WeightedEstimator(estimator, options);
}
