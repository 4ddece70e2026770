/**
 * Rows of several classes, told apart by a function: f(x) = f_c(x) with c = choose(x). The class itself has no probability:
 * this is a density within each class.
 */

import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistributions, checkEstimators, checkFields, checkObject } from '../checks/parameters.js';
import { encodeChild, mayHoldItems, sameClass, sameEncoders, violationOf } from '../columns/columns.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Draws,
  Encoder,
  EncoderPart,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Scratch,
  Seed,
  Violation,
} from '../contract.js';
import { DataError, formatValue, ParameterError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import type { TupleModels } from './composite.js';
import type { GroupColumns, GroupStatistic } from './groups.js';
import {
  concatGroups,
  GroupAccumulators,
  GroupMemory,
  leafRowsOfGroups,
  placesOf,
  scoreGroups,
  sliceGroups,
  takeGroups,
} from './groups.js';

export type { SelectAccumulator, SelectEncoder };

/** The row of any class. */
export type SelectRow<Es extends readonly unknown[]> = RowOf<Es[number]>;

/** The class of a row: an index into the list of children. Must give the same answer for the same row. */
export type Choose<T> = (row: T) => number;

function checkChoose(owner: string, choose: unknown): void {
  if (typeof choose !== 'function') throw new ParameterError(owner, 'choose', 'a function of a row', choose);
}

function isClass(index: unknown, classCount: number): index is number {
  return Number.isInteger(index) && (index as number) >= 0 && (index as number) < classCount;
}

/** What the user's function says of a row, or the error that it threw; one of this package goes on as it is. */
function classOf<T>(choose: Choose<T>, row: T): unknown {
  try {
    return choose(row);
  } catch (error) {
    if (error instanceof ParameterError) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Stands in for the function of a model that was read from a file. */
function notStored(): number {
  throw new ParameterError('SelectDistribution', 'choose', 'given again by withChoose, as a file cannot hold it', null);
}

/**
 * A distribution for each class of rows.
 * @example
 * const d = new SelectDistribution(
 *   [new CategoricalDistribution({ a: 0.3, b: 0.7 }), new GaussianDistribution({ mu: 0, sigma2: 1 })],
 *   { choose: (x) => (typeof x === 'string' ? 0 : 1) },
 * );
 * d.density('b'); // 0.7
 */
export class SelectDistribution<const Ds extends readonly AnyDistribution[]>
  extends PrintedModel
  implements Distribution<SelectRow<Ds>, GroupColumns>
{
  static readonly typeName = 'Select';
  static readonly typeVersion = 1;
  readonly choose: Choose<SelectRow<Ds>>;
  readonly #isUnbounded: boolean;
  readonly #memory = new GroupMemory();

  /**
   * @param dists  one distribution per class
   * @param options  `choose`: the class of a row, an index into `dists`
   * @throws {ParameterError} for an empty list or without a function
   */
  constructor(
    readonly dists: Ds,
    parameters: { readonly choose: Choose<SelectRow<Ds>> },
  ) {
    super();
    const owner = 'SelectDistribution';
    checkDistributions(owner, 'dists', dists);
    const { choose } = checkObject(owner, parameters, ['choose']);
    checkChoose(owner, choose);
    this.choose = choose;
    this.#isUnbounded = dists.some((dist) => dist.isUnbounded === true);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** -Infinity for a row without a class; NaN for one that the function does not take. */
  logDensity(x: SelectRow<Ds>): number {
    const index = classOf(this.choose, x);
    if (index instanceof Error) return Number.NaN;
    return isClass(index, this.dists.length) ? this.dists[index]!.logDensity(x) : -Infinity;
  }

  density(x: SelectRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: GroupColumns, start: number, end: number, out: Float64Array): void {
    scoreGroups(this.dists, undefined, columns, start, end, out, this.#memory);
  }

  /** @throws {ParameterError} always: the classes have no probabilities. See {@link sampleGiven}. */
  sampler(_seed: Seed): Sampler<SelectRow<Ds>> {
    throw new ParameterError(
      'SelectDistribution',
      'sampler',
      'replaced by sampleGiven(class, seed), as classes have no probabilities',
      undefined,
    );
  }

  /** Draws rows of one class. @throws {ParameterError} unless there is such a class */
  sampleGiven(index: number, seed: Seed): Sampler<SelectRow<Ds>> {
    if (!isClass(index, this.dists.length)) {
      throw new ParameterError('SelectDistribution', 'index', `an integer in 0 … ${this.dists.length - 1}`, index);
    }
    // A sampler of one class draws rows of that class.
    return this.dists[index]!.sampler(seed) as Sampler<SelectRow<Ds>>;
  }

  /** The same distributions with another function, for a model that was read from a file. */
  withChoose(choose: Choose<SelectRow<Ds>>): SelectDistribution<Ds> {
    return chosenBy(this.dists, choose);
  }

  encoder(): SelectEncoder<SelectRow<Ds>> {
    return new SelectEncoder(
      this.dists.map((dist) => dist.encoder()),
      this.choose,
    );
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): SelectEstimator<{ readonly [C in keyof Ds]: ReturnType<Ds[C]['estimator']> }> {
    pseudoCountOf('SelectDistribution', options);
    const estimators = this.dists.map((dist) => dist.estimator(options));
    type Estimators = { readonly [C in keyof Ds]: ReturnType<Ds[C]['estimator']> };
    // The rows of a distribution are those of its estimator.
    return new SelectEstimator(estimators as unknown as Estimators, { choose: this.choose as Choose<unknown> });
  }

  /** The function is not part of it: code does not belong in a file. */
  toJSON() {
    return { type: 'Select', dists: this.dists } as const;
  }

  /** The model scores nothing until {@link withChoose} gives it a function. @throws {ParameterError} */
  static fromJSON(fields: Readonly<Record<string, unknown>>): SelectDistribution<readonly AnyDistribution[]> {
    const { dists } = checkFields('SelectDistribution', fields, { dists: 'unknown' });
    return new this(dists as readonly AnyDistribution[], { choose: notStored });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function chosenBy<const Ds extends readonly AnyDistribution[]>(dists: Ds, choose: Choose<SelectRow<Ds>>) {
  return new SelectDistribution(dists, { choose });
}

/** Shares the rows out by class. */
class SelectEncoder<T> implements Encoder<T, GroupColumns> {
  constructor(
    readonly encoders: readonly Encoder<unknown>[],
    readonly choose: Choose<T>,
  ) {}

  #expected(index: unknown): string {
    if (index instanceof Error) return `a row that choose takes (it threw ${formatValue(index.message)})`;
    return `a row for which choose gives an index in 0 … ${this.encoders.length - 1}`;
  }

  violation(row: unknown): Violation | undefined {
    // The function is asked about any row; what it makes of a strange one is checked here.
    const index = classOf(this.choose, row as T);
    if (!isClass(index, this.encoders.length)) return { path: [], expected: this.#expected(index), found: row };
    return violationOf(this.encoders[index]!, row);
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    const index = classOf(this.choose, row as T);
    return isClass(index, this.encoders.length) ? [{ value: row, encoder: this.encoders[index]! }] : undefined;
  }

  /** @throws {DataError} at a row without a class, or that its class cannot hold */
  encode(rows: readonly T[]): GroupColumns {
    const groupOf = new Int32Array(rows.length);
    const rowsOf: number[][] = this.encoders.map(() => []);
    for (let row = 0; row < rows.length; row++) {
      const index = classOf(this.choose, rows[row]!);
      if (!isClass(index, this.encoders.length)) {
        const error = new DataError('Select', row, this.#expected(index), rows[row]);
        throw index instanceof Error ? Object.assign(error, { cause: index }) : error;
      }
      groupOf[row] = index;
      rowsOf[index]!.push(row);
    }
    return {
      rowCount: rows.length,
      groupOf,
      placeOf: placesOf(groupOf, this.encoders.length),
      groups: this.encoders.map((encoder, c) =>
        encodeChild(
          encoder,
          rowsOf[c]!.map((row) => rows[row]!),
          (i) => [rowsOf[c]![i]!],
        ),
      ),
    };
  }

  slice(columns: GroupColumns, start: number, end: number): GroupColumns {
    return sliceGroups(this.encoders, columns, start, end);
  }

  take(columns: GroupColumns, rows: Int32Array): GroupColumns {
    return takeGroups(this.encoders, columns, rows);
  }

  concat(parts: readonly GroupColumns[]): GroupColumns {
    return concatGroups(this.encoders, parts);
  }

  get holdsItems(): boolean {
    return this.encoders.some(mayHoldItems);
  }

  itemCount(columns: GroupColumns, start: number, end: number): number {
    return leafRowsOfGroups(this.encoders, columns, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.choose === this.choose && sameEncoders(this.encoders, other.encoders);
  }
}

/** What the E step needs of a select model. */
interface SelectModel extends AnyDistribution {
  readonly dists: readonly AnyDistribution[];
}

/** Each class learns from its own rows. */
class SelectAccumulator implements Accumulator<GroupColumns, GroupStatistic, SelectModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];

  constructor(
    readonly groups: GroupAccumulators,
    readonly key: string | undefined,
  ) {
    this.children = groups.children;
    this.kind = `Select[${this.children.map((child) => child.kind ?? '?').join(', ')}]`;
  }

  begin(model: SelectModel | undefined, columns: GroupColumns, scratch: Scratch): void {
    this.groups.begin(model?.dists, columns, scratch);
  }

  score(model: SelectModel, columns: GroupColumns, start: number, end: number, out: Float64Array): void {
    this.groups.score(model.dists, columns, start, end, out);
  }

  seqUpdate(columns: GroupColumns, start: number, end: number, weights: Float64Array, model?: SelectModel): void {
    this.groups.seqUpdate(columns, start, end, weights, model?.dists);
  }

  seqInitialize(columns: GroupColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.groups.seqInitialize(columns, start, end, weights, draws);
  }

  combine(statistic: GroupStatistic): void {
    this.groups.combine(statistic);
  }

  value(): GroupStatistic {
    return this.groups.value();
  }

  fromValue(statistic: GroupStatistic): void {
    this.groups.fromValue(statistic);
  }
}

/** Options of {@link SelectEstimator}. */
export interface SelectOptions<T> {
  /** The class of a row: an index into the list of estimators. */
  readonly choose: Choose<T>;
  /** Selects with equal keys get equal parameters in all their classes. */
  readonly key?: string;
}

/**
 * Estimates each class from its own rows.
 * @example
 * const estimator = new SelectEstimator([new GaussianEstimator(), new GaussianEstimator()], {
 *   choose: (x) => (x < 0 ? 0 : 1),
 * });
 * optimize([-3, -1, 4, 6], estimator).model.dists[1].mu; // 5
 */
export class SelectEstimator<const Es extends readonly AnyEstimator[]>
  implements Estimator<SelectRow<Es>, SelectDistribution<TupleModels<Es>>, GroupColumns, GroupStatistic>
{
  readonly #pooling: Pooling<GroupStatistic> | undefined;

  /**
   * @param estimators  one estimator per class
   * @throws {ParameterError} for an empty list or without a function
   */
  constructor(
    readonly estimators: Es,
    readonly options: SelectOptions<SelectRow<Es>>,
  ) {
    checkEstimators('SelectEstimator', 'estimators', estimators);
    checkEstimatorOptions('SelectEstimator', options, { choose: true, key: true });
    checkChoose('SelectEstimator', options?.choose);
    this.#pooling = poolingOf('Select', estimators, (parts) => ({
      counts: parts[0]!.counts,
      groups: poolChildren(
        estimators,
        parts.map(({ groups }) => groups),
      ),
    }));
  }

  encoder(): SelectEncoder<SelectRow<Es>> {
    return new SelectEncoder(
      this.estimators.map((estimator) => estimator.encoder()),
      this.options.choose,
    );
  }

  statisticLength(schema: GroupColumns): number | undefined {
    return lengthWithChildren(this.estimators.length, this.estimators, (c) => schema.groups[c]!);
  }

  accumulator(schema: GroupColumns, statistic?: Float64Array): SelectAccumulator {
    const made = accumulatorsOf(this.estimators.length, this.estimators, (c) => schema.groups[c]!, statistic);
    return new SelectAccumulator(new GroupAccumulators(made.children, made.own), this.options.key);
  }

  /** A class without rows keeps its family's parameters for no data; the report names it. */
  estimate(
    { counts, groups }: GroupStatistic,
    report?: Report,
    pooled?: GroupStatistic,
  ): SelectDistribution<TupleModels<Es>> {
    const dists = this.estimators.map((estimator, c) => {
      const place = report?.at('dists', c);
      if (counts[c] === 0) place?.add('dead', 'no row belongs to this class.');
      return estimator.estimate(groups[c], counts[c] === 0 ? undefined : place, pooled?.groups[c]);
    });
    // One model per estimator, in order: the tuple of their models. Their rows are those of the estimators.
    return new SelectDistribution(dists as unknown as TupleModels<Es>, {
      choose: this.options.choose as Choose<unknown>,
    });
  }

  get pooling(): Pooling<GroupStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return anyPrior(this.estimators);
  }

  parameterBlocks(model: SelectDistribution<TupleModels<Es>>): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], this.estimators, model.dists);
  }
}
