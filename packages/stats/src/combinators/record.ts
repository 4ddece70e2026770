/**
 * An object with named, independent fields: the composite for rows that are JavaScript objects. Fields of a row that the
 * record does not name are ignored. Columns, statistics and E step are those of {@link CompositeDistribution}.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkEstimator, checkFields } from '../checks/parameters.js';
import { checkSteps, isPart } from '../checks/steps.js';
import {
  concatColumns,
  encodeChild,
  sameClass,
  sameEncoder,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import type {
  AddSquaredDistances,
  AnyDistribution,
  AnyEstimator,
  Bayes,
  ColumnRows,
  Columns,
  Conditioned,
  Distribution,
  Encoder,
  EncoderPart,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowCodes,
  RowOf,
  Sampler,
  Seed,
  Step,
  Violation,
} from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { conditionFields } from '../tree/conditionFields.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import type { FieldColumns, FieldModel } from './composite.js';
import { CompositeAccumulator, CompositeDistribution, fieldScorer } from './composite.js';
import { CompositeEncoder } from './compositeColumns.js';

export type { RecordEncoder };

/** The row of a record of children: the same names, each with its child's row. */
export type RecordRow<Fs> = { readonly [N in keyof Fs]: RowOf<Fs[N]> };
/** What is known after the data of the parameters of a record of estimators. */
export type RecordPosteriors<Fs> = { readonly [N in keyof Fs]: PosteriorOf<Fs[N]> };
/** The models of a record of estimators. */
export type RecordModels<Fs> = { readonly [N in keyof Fs]: ModelOf<Fs[N]> };

function checkNames(owner: string, parameter: string, fields: unknown): void {
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields) && Object.keys(fields).length > 0) return;
  throw new ParameterError(owner, parameter, 'an object with at least one field', fields);
}

/**
 * Independent named fields.
 * @example
 * const d = new RecordDistribution({
 *   height: new GaussianDistribution({ mu: 170, sigma2: 80 }),
 *   hand: new CategoricalDistribution({ left: 0.1, right: 0.9 }),
 * });
 * d.logDensity({ height: 180, hand: 'left' });
 */
export class RecordDistribution<Fs extends Readonly<Record<string, AnyDistribution>>>
  extends PrintedModel
  implements Distribution<RecordRow<Fs>, FieldColumns>, FieldModel
{
  static readonly typeName = 'Record';
  static readonly typeVersion = 1;
  readonly #composite: CompositeDistribution<readonly AnyDistribution[]>;
  readonly #names: readonly string[];

  /**
   * @param fields  one distribution per name
   * @throws {ParameterError} for an empty record, or a field that is not a distribution
   */
  constructor(readonly fields: Fs) {
    super();
    checkNames('RecordDistribution', 'fields', fields);
    this.#names = Object.keys(fields);
    for (const name of this.#names) checkDistribution('RecordDistribution', `fields.${name}`, fields[name]);
    this.#composite = new CompositeDistribution<readonly AnyDistribution[]>(Object.values(fields));
  }

  /** The distributions in the order of the fields. */
  get dists(): readonly AnyDistribution[] {
    return this.#composite.dists;
  }

  get isUnbounded(): boolean {
    return this.#composite.isUnbounded;
  }

  /** NaN for anything but an object. */
  logDensity(x: RecordRow<Fs>): number {
    if (!isObject(x)) return Number.NaN;
    return this.#composite.logDensity(this.#names.map((name) => x[name]));
  }

  density(x: RecordRow<Fs>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: FieldColumns, start: number, end: number, out: Float64Array): void {
    this.#composite.seqLogDensity(columns, start, end, out);
  }

  sampler(seed: Seed): Sampler<RecordRow<Fs>> {
    const samplers = this.#names.map((name) => [name, this.fields[name]!.sampler(childSeed(seed, name))] as const);
    // Each name gets a draw of its own child, which is what RecordRow says.
    return samplerOf(() => Object.fromEntries(samplers.map(([name, s]) => [name, s.sample()])) as RecordRow<Fs>);
  }

  encoder(): RecordEncoder<RecordRow<Fs>> {
    return new RecordEncoder(Object.fromEntries(this.#names.map((name) => [name, this.fields[name]!.encoder()])));
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): RecordEstimator<{ readonly [N in keyof Fs]: ReturnType<Fs[N]['estimator']> }> {
    pseudoCountOf('RecordDistribution', options);
    const estimators = this.#names.map((name) => [name, this.fields[name]!.estimator(options)]);
    return new RecordEstimator(
      Object.fromEntries(estimators) as { readonly [N in keyof Fs]: ReturnType<Fs[N]['estimator']> },
    );
  }

  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const names = checkSteps(steps, this.#names) as readonly string[];
    if (!Array.isArray(steps)) return this.fields[names[0]!]!;
    return recordOf(names.map((name) => [name, this.fields[name]!]));
  }

  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    if (!isPart(part)) return { logDensity: Number.NaN, rest: undefined };
    const { logDensity, left } = conditionFields(new Map(Object.entries(this.fields)), part, condition);
    return { logDensity, rest: left.length === 0 ? undefined : recordOf(left) };
  }

  toJSON() {
    return { type: 'Record', fields: this.fields } as const;
  }

  /** @throws {ParameterError} unless `fields` is an object of distributions. */
  static fromJSON(parameters: Readonly<Record<string, unknown>>): RecordDistribution<Record<string, AnyDistribution>> {
    const { fields } = checkFields('RecordDistribution', parameters, { fields: 'unknown' });
    checkNames('RecordDistribution', 'fields', fields);
    return new this(fields as Record<string, AnyDistribution>);
  }
}

/** One child per named field. */
class RecordEncoder<T> implements Encoder<T, FieldColumns> {
  readonly #names: readonly string[];
  readonly #tuple: CompositeEncoder<readonly unknown[]>;

  constructor(readonly encoders: Readonly<Record<string, Encoder<unknown>>>) {
    this.#names = Object.keys(encoders);
    this.#tuple = new CompositeEncoder(Object.values(encoders));
  }

  violation(row: unknown): Violation | undefined {
    if (!isObject(row)) return { path: [], expected: this.#expected(), found: row };
    for (const name of this.#names) {
      const violation = violationWithin(violationOf(this.encoders[name]!, row[name]), name);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!isObject(row)) return undefined;
    return this.#names.map((name) => ({ step: name, value: row[name], encoder: this.encoders[name]! }));
  }

  #expected(): string {
    return `an object with ${this.#names.map((name) => `"${name}"`).join(', ')}`;
  }

  /** @throws {DataError} at a row that is not an object, or with a field that its family cannot hold */
  encode(rows: readonly T[]): FieldColumns {
    if (hasColumns(rows)) return this.#encodeColumns(rows);
    for (let row = 0; row < rows.length; row++) {
      if (!isObject(rows[row])) throw new DataError('Record', row, this.#expected(), rows[row]);
    }
    const fields = this.#names.map((name) =>
      encodeChild(
        this.encoders[name]!,
        rows.map((row) => (row as Record<string, unknown>)[name]),
        (row) => [row, name],
      ),
    );
    return { rowCount: rows.length, fields };
  }

  /** Field by field, and of each some rows at a time: the values of all rows never stand in a list. */
  #encodeColumns(rows: ColumnRows<T>): FieldColumns {
    const fields = this.#names.map((name) => {
      const encoder = this.encoders[name]!;
      const parts: Columns[] = [];
      for (let start = 0; start === 0 || start < rows.length; start += COLUMN_ROWS) {
        const values = rows.column(name, start, Math.min(start + COLUMN_ROWS, rows.length));
        // An encoder reads a typed array by index and length, as it reads an array.
        parts.push(encodeChild(encoder, values as readonly unknown[], (row) => [start + row, name]));
      }
      return concatColumns(encoder, parts);
    });
    return { rowCount: rows.length, fields };
  }

  slice(columns: FieldColumns, start: number, end: number): FieldColumns {
    return this.#tuple.slice(columns, start, end);
  }

  take(columns: FieldColumns, rows: Int32Array): FieldColumns {
    return this.#tuple.take(columns, rows);
  }

  concat(parts: readonly FieldColumns[]): FieldColumns {
    return this.#tuple.concat(parts);
  }

  get rowBytes(): number | undefined {
    return this.#tuple.rowBytes;
  }

  get holdsItems(): boolean {
    return this.#tuple.holdsItems;
  }

  itemCount(columns: FieldColumns, start: number, end: number): number {
    return this.#tuple.itemCount(columns, start, end);
  }

  rowCodes(columns: FieldColumns, start: number, end: number): RowCodes | undefined {
    return this.#tuple.rowCodes(columns, start, end);
  }

  squaredDistances(columns: FieldColumns, weights?: Float64Array): AddSquaredDistances | undefined {
    return this.#tuple.squaredDistances(columns, weights);
  }

  /** The fields stand in the same order. */
  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) &&
      other.#names.every((name, j) => name === this.#names[j]) &&
      sameEncoder(this.#tuple, other.#tuple)
    );
  }
}

/** Rows whose values of one field are encoded at a time, where they stand in columns. */
const COLUMN_ROWS = 65_536;

function hasColumns<T>(rows: readonly T[]): rows is ColumnRows<T> {
  return typeof (rows as Partial<ColumnRows<T>>).column === 'function';
}

function isObject(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null && !Array.isArray(row);
}

/** Options of {@link RecordEstimator}. */
export interface RecordOptions {
  /** Records with equal keys get equal parameters in all their fields. */
  readonly key?: string;
}

/**
 * Estimates field by field.
 * @example
 * const estimator = new RecordEstimator({ height: new GaussianEstimator(), hand: new CategoricalEstimator() });
 * optimize([{ height: 170, hand: 'left' }, { height: 180, hand: 'right' }], estimator).model.fields.height.mu; // 175
 */
export class RecordEstimator<Fs extends Readonly<Record<string, AnyEstimator>>>
  implements Estimator<RecordRow<Fs>, RecordDistribution<RecordModels<Fs>>, FieldColumns, readonly unknown[]>
{
  readonly #estimators: readonly AnyEstimator[];
  readonly #pooling: Pooling<readonly unknown[]> | undefined;

  /**
   * @param fields  one estimator per name
   * @throws {ParameterError} for an empty record, or a field that is not an estimator
   */
  constructor(
    readonly fields: Fs,
    readonly options: RecordOptions = {},
  ) {
    checkNames('RecordEstimator', 'fields', fields);
    for (const [name, estimator] of Object.entries(fields)) {
      checkEstimator('RecordEstimator', `fields.${name}`, estimator);
    }
    checkEstimatorOptions('RecordEstimator', options, { key: true });
    this.#estimators = Object.values(fields);
    const family = `Record[${Object.keys(fields).join(', ')}]`;
    this.#pooling = poolingOf(family, this.#estimators, (parts) => poolChildren(this.#estimators, parts));
  }

  encoder(): RecordEncoder<RecordRow<Fs>> {
    return new RecordEncoder(
      Object.fromEntries(Object.entries(this.fields).map(([name, estimator]) => [name, estimator.encoder()])),
    );
  }

  statisticLength(schema: FieldColumns): number | undefined {
    return lengthWithChildren(0, this.#estimators, (j) => schema.fields[j]!);
  }

  accumulator(schema: FieldColumns, statistic?: Float64Array): CompositeAccumulator<readonly unknown[]> {
    const made = accumulatorsOf(0, this.#estimators, (j) => schema.fields[j]!, statistic);
    return new CompositeAccumulator(made.children, this.options.key);
  }

  estimate(
    statistic: readonly unknown[],
    report?: Report,
    pooled?: readonly unknown[],
  ): RecordDistribution<RecordModels<Fs>> {
    const models = Object.entries(this.fields).map(([name, estimator], j) => [
      name,
      estimator.estimate(statistic[j], report?.at('fields', name), pooled?.[j]),
    ]);
    // Each name gets the model of its own estimator.
    return new RecordDistribution(Object.fromEntries(models) as RecordModels<Fs>);
  }

  get pooling(): Pooling<readonly unknown[]> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return anyPrior(this.#estimators);
  }

  /** Where a field has a prior that is a distribution: the fields' parameters are independent, before the rows and after. */
  get bayes():
    | Bayes<RecordDistribution<RecordModels<Fs>>, readonly unknown[], RecordPosteriors<Fs>, FieldColumns>
    | undefined {
    const byName = <V>(list: readonly V[]) =>
      Object.fromEntries(Object.keys(this.fields).map((name, j) => [name, list[j]!]));
    return bayesOfChildren(this.#estimators, {
      statistics: (statistic: readonly unknown[]) => statistic,
      models: ({ dists }: RecordDistribution<RecordModels<Fs>>) => dists,
      known: (known: RecordPosteriors<Fs>) => Object.keys(this.fields).map((name) => known[name]),
      join: (parts) => byName(parts) as RecordPosteriors<Fs>, // each name has that of its own estimator
      mode: (models) => new RecordDistribution(byName(models) as RecordModels<Fs>), // likewise
      expectedScorer: fieldScorer,
      predictive: (row, of) =>
        Object.keys(this.fields).reduce(
          (sum, name, j) => sum + of(j, [(row as Readonly<Record<string, unknown>>)[name]]),
          0,
        ),
      withPrior: (estimators) => another(byName(estimators), this.options),
    });
  }

  parameterBlocks(model: RecordDistribution<RecordModels<Fs>>): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], this.#estimators, model.dists);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function recordOf(
  fields: Iterable<readonly [Step, AnyDistribution]>,
): RecordDistribution<Record<string, AnyDistribution>> {
  return new RecordDistribution(Object.fromEntries(fields));
}

/** Likewise. */
function another<Fs extends Readonly<Record<string, AnyEstimator>>>(
  estimators: Fs,
  options: ConstructorParameters<typeof RecordEstimator>[1],
): RecordEstimator<Fs> {
  return new RecordEstimator(estimators, options);
}
