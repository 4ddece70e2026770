/**
 * A tuple of independent fields: f(x_1, …, x_d) = Π_j f_j(x_j). Fields may be of any families.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistributions, checkEstimators, checkFields } from '../checks/parameters.js';
import { checkSteps, isPart } from '../checks/steps.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Conditioned,
  Distribution,
  Draws,
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
  StatisticOf,
  Step,
} from '../contract.js';
import { exp } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { GrowingScratch } from '../numeric/scratch.js';
import {
  accumulatorsOf,
  anyPrior,
  blocksWithChildren,
  initializeChild,
  lengthWithChildren,
  scoreChild,
} from '../tree/children.js';
import { conditionFields } from '../tree/conditionFields.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import { CompositeEncoder, type FieldColumns } from './compositeColumns.js';

export type { CompositeEncoder, FieldColumns };

/** The row of a tuple of children. */
export type TupleRow<Es extends readonly unknown[]> = { readonly [J in keyof Es]: RowOf<Es[J]> };
/** The models of a tuple of estimators. */
export type TupleModels<Es extends readonly unknown[]> = { readonly [J in keyof Es]: ModelOf<Es[J]> };
/** What is known after the data of the parameters of a tuple of estimators. */
export type TuplePosteriors<Es extends readonly unknown[]> = { readonly [J in keyof Es]: PosteriorOf<Es[J]> };
/** The statistics of a tuple of estimators. */
export type TupleStatistics<Es extends readonly unknown[]> = { readonly [J in keyof Es]: StatisticOf<Es[J]> };

/**
 * Independent fields side by side.
 * @example
 * const d = new CompositeDistribution([
 *   new GaussianDistribution({ mu: 0, sigma2: 1 }),
 *   new CategoricalDistribution({ a: 0.3, b: 0.7 }),
 * ]);
 * d.logDensity([0, 'a']); // log N(0; 0, 1) + log 0.3
 */
export class CompositeDistribution<const Ds extends readonly AnyDistribution[]>
  extends PrintedModel
  implements Distribution<TupleRow<Ds>, FieldColumns>
{
  static readonly typeName = 'Composite';
  static readonly typeVersion = 1;
  readonly #isUnbounded: boolean;
  readonly #scratch = new GrowingScratch();

  /**
   * @param dists  one distribution per field
   * @throws {ParameterError} for an empty list, or an entry that is not a distribution
   */
  constructor(readonly dists: Ds) {
    super();
    checkDistributions('CompositeDistribution', 'dists', dists);
    this.#isUnbounded = dists.some((dist) => dist.isUnbounded === true);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** NaN for anything but a list of as many values. */
  logDensity(x: TupleRow<Ds>): number {
    if (!Array.isArray(x) || x.length !== this.dists.length) return Number.NaN;
    return this.dists.reduce((sum, dist, j) => addLogs(sum, dist.logDensity(x[j])), 0);
  }

  density(x: TupleRow<Ds>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: FieldColumns, start: number, end: number, out: Float64Array): void {
    scoreFields(this, undefined, columns, start, end, out, this.#scratch);
  }

  sampler(seed: Seed): Sampler<TupleRow<Ds>> {
    const samplers = this.dists.map((dist, j) => dist.sampler(childSeed(seed, j)));
    // One sampler per field, in order, so the drawn list is the row's tuple.
    return samplerOf(() => samplers.map((sampler) => sampler.sample()) as unknown as TupleRow<Ds>);
  }

  encoder(): CompositeEncoder<TupleRow<Ds>> {
    return new CompositeEncoder(this.dists.map((dist) => dist.encoder()));
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): CompositeEstimator<{ readonly [J in keyof Ds]: ReturnType<Ds[J]['estimator']> }> {
    pseudoCountOf('CompositeDistribution', options);
    const estimators = this.dists.map((dist) => dist.estimator(options));
    return new CompositeEstimator(
      estimators as unknown as { readonly [J in keyof Ds]: ReturnType<Ds[J]['estimator']> },
    );
  }

  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const positions = checkSteps(steps, [...this.dists.keys()]) as readonly number[];
    if (!Array.isArray(steps)) return this.dists[positions[0]!]!;
    return compositeOf(positions.map((j) => this.dists[j]!));
  }

  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    const isWhole = Array.isArray(part) && part.length === this.dists.length;
    if (!isWhole && !isPart(part)) return { logDensity: Number.NaN, rest: undefined };
    const known = isWhole ? Object.fromEntries(part.entries()) : (part as Readonly<Record<Step, unknown>>);
    const { logDensity, left } = conditionFields(new Map(this.dists.entries()), known, condition);
    return { logDensity, rest: left.length === 0 ? undefined : compositeOf(left.map(([, dist]) => dist)) };
  }

  toJSON() {
    return { type: 'Composite', dists: this.dists } as const;
  }

  /** @throws {ParameterError} unless `dists` is a list of distributions. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): CompositeDistribution<readonly AnyDistribution[]> {
    const { dists } = checkFields('CompositeDistribution', fields, { dists: 'unknown' });
    return new this(dists as readonly AnyDistribution[]); // checked by the constructor
  }
}

/** What the E step needs of a composite model. */
export interface FieldModel extends Scorer<FieldColumns> {
  readonly dists: readonly Scorer[];
  readonly isUnbounded: boolean;
}

/** The sum of the fields' scores. */
export function fieldScorer(dists: readonly Scorer[]): FieldModel {
  const scratch = new GrowingScratch();
  const isUnbounded = dists.some((dist) => dist.isUnbounded === true);
  return {
    dists,
    isUnbounded,
    seqLogDensity(columns, start, end, out) {
      scoreFields({ dists, isUnbounded }, undefined, columns, start, end, out, scratch);
    },
  };
}

/** `out` = Σ_j log f_j(x_j), by the children's accumulators if there are any. */
function scoreFields(
  { dists, isUnbounded }: Pick<FieldModel, 'dists' | 'isUnbounded'>,
  children: readonly Accumulator[] | undefined,
  { fields }: FieldColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  for (let j = 0; j < fields.length; j++) {
    const child = children?.[j];
    const dist = dists[j]!;
    if (j === 0) scoreChild(child, dist, fields[j]!, start, end, out);
    else if (child?.score === undefined && dist.seqAddLogDensity !== undefined && !isUnbounded) {
      dist.seqAddLogDensity(fields[j]!, start, end, out);
    } else {
      const part = scratch.atLeast(end - start);
      scoreChild(child, dist, fields[j]!, start, end, part);
      for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, part[i]!);
    }
  }
}

/** Every child sees the same rows with the same weights. */
export class CompositeAccumulator<S extends readonly unknown[]> implements Accumulator<FieldColumns, S, FieldModel> {
  readonly kind: string;
  readonly #scratch = new GrowingScratch();

  constructor(
    readonly children: readonly Accumulator[],
    readonly key: string | undefined,
  ) {
    this.kind = `Composite[${children.map((child) => child.kind ?? '?').join(', ')}]`;
  }

  begin(model: FieldModel | undefined, { fields }: FieldColumns, scratch: Scratch): void {
    this.#scratch.from(scratch);
    this.children.forEach((child, j) => child.begin?.(model?.dists[j], fields[j]!, scratch));
  }

  score(model: FieldModel, columns: FieldColumns, start: number, end: number, out: Float64Array): void {
    scoreFields(model, this.children, columns, start, end, out, this.#scratch);
  }

  seqUpdate({ fields }: FieldColumns, start: number, end: number, weights: Float64Array, model?: FieldModel): void {
    for (let j = 0; j < fields.length; j++) {
      this.children[j]!.seqUpdate(fields[j]!, start, end, weights, model?.dists[j]);
    }
  }

  seqInitialize({ fields }: FieldColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.children.forEach((child, j) => initializeChild(child, fields[j]!, start, end, weights, draws.child(j)));
  }

  combine(other: S): void {
    this.children.forEach((child, j) => child.combine(other[j]));
  }

  value(): S {
    // One value per child, in order: the tuple S, by construction of the children.
    return this.children.map((child) => child.value()) as unknown as S;
  }

  fromValue(other: S): void {
    this.children.forEach((child, j) => child.fromValue(other[j]));
  }
}

/** Options of {@link CompositeEstimator}. */
export interface CompositeOptions {
  /** Composites with equal keys get equal parameters in all their fields. */
  readonly key?: string;
}

/**
 * Estimates field by field.
 * @example
 * const estimator = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
 * optimize([[1.5, 'a'], [2.5, 'b']], estimator).model.dists[0].mu; // 2
 */
export class CompositeEstimator<const Es extends readonly AnyEstimator[]>
  implements Estimator<TupleRow<Es>, CompositeDistribution<TupleModels<Es>>, FieldColumns, TupleStatistics<Es>>
{
  readonly #pooling: Pooling<TupleStatistics<Es>> | undefined;

  /**
   * @param estimators  one estimator per field
   * @throws {ParameterError} for an empty list
   */
  constructor(
    readonly estimators: Es,
    readonly options: CompositeOptions = {},
  ) {
    checkEstimators('CompositeEstimator', 'estimators', estimators);
    checkEstimatorOptions('CompositeEstimator', options, { key: true });
    // One statistic per field, in order: the tuple of their types.
    const pool = (parts: readonly TupleStatistics<Es>[]) => poolChildren(estimators, parts) as TupleStatistics<Es>;
    this.#pooling = poolingOf('Composite', estimators, pool);
  }

  encoder(): CompositeEncoder<TupleRow<Es>> {
    return new CompositeEncoder(this.estimators.map((estimator) => estimator.encoder()));
  }

  statisticLength(schema: FieldColumns): number | undefined {
    return lengthWithChildren(0, this.estimators, (j) => schema.fields[j]!);
  }

  accumulator(schema: FieldColumns, statistic?: Float64Array): CompositeAccumulator<TupleStatistics<Es>> {
    const made = accumulatorsOf(0, this.estimators, (j) => schema.fields[j]!, statistic);
    return new CompositeAccumulator(made.children, this.options.key);
  }

  estimate(
    statistic: TupleStatistics<Es>,
    report?: Report,
    pooled?: TupleStatistics<Es>,
  ): CompositeDistribution<TupleModels<Es>> {
    const dists = this.estimators.map((estimator, j) =>
      estimator.estimate(statistic[j], report?.at('dists', j), pooled?.[j]),
    );
    // One model per estimator, in order: the tuple of their models.
    return new CompositeDistribution(dists as unknown as TupleModels<Es>);
  }

  get pooling(): Pooling<TupleStatistics<Es>> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return anyPrior(this.estimators);
  }

  /** Where a field has a prior that is a distribution: the fields' parameters are independent, before the rows and after. */
  get bayes():
    | Bayes<CompositeDistribution<TupleModels<Es>>, TupleStatistics<Es>, TuplePosteriors<Es>, FieldColumns>
    | undefined {
    return bayesOfChildren(this.estimators, {
      statistics: (statistic: TupleStatistics<Es>) => statistic,
      models: ({ dists }: CompositeDistribution<TupleModels<Es>>) => dists,
      known: (known: TuplePosteriors<Es>) => known,
      join: (parts) => parts as unknown as TuplePosteriors<Es>, // one per estimator, in order
      mode: (models) => new CompositeDistribution(models as unknown as TupleModels<Es>), // likewise
      expectedScorer: fieldScorer,
      predictive: (row, of) => row.reduce<number>((sum, value, j) => sum + of(j, [value]), 0),
      withPrior: (estimators) => another(estimators, this.options),
    });
  }

  parameterBlocks(model: CompositeDistribution<TupleModels<Es>>): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], this.estimators, model.dists);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function compositeOf(dists: readonly AnyDistribution[]): CompositeDistribution<readonly AnyDistribution[]> {
  return new CompositeDistribution(dists);
}

/** Likewise. */
function another<const Es extends readonly AnyEstimator[]>(
  estimators: Es,
  options: CompositeOptions,
): CompositeEstimator<Es> {
  return new CompositeEstimator(estimators, options);
}
