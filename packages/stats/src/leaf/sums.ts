/** Statistics that are the total weight and weighted sums of stored columns. */
import { checkObject } from '../checks/parameters.js';
import type { Accumulator, Columns } from '../contract.js';
import { kernels } from '../numeric/kernels/index.js';
import { type LeafStatistic, statisticOf } from './leafEstimator.js';
import type { ColumnName } from './scores.js';

/** Additive over rows: `count` = Σw, `sum` = Σw·x. */
export interface MeanStatistic {
  readonly count: number;
  readonly sum: number;
}

/** Which column each field of the statistic but `count` sums. */
export type SummedColumns<C extends Columns, S> = { readonly [N in Exclude<keyof S, 'count'>]: ColumnName<C> };

/**
 * Sums `[Σw, Σw·column, …]`.
 * @example
 * new SumsAccumulator<GammaColumns, GammaStatistic>('Gamma', { sum: 'x', sumOfLogs: 'logX' });
 */
export class SumsAccumulator<C extends Columns, S extends { readonly count: number }> implements Accumulator<C, S> {
  readonly statistic: Float64Array;
  readonly #names: readonly (keyof S)[];
  readonly #columns: readonly ColumnName<C>[];

  /** @throws {ParameterError} unless `sums` is an object */
  constructor(
    readonly kind: string,
    sums: SummedColumns<C, S>,
    statistic?: Float64Array,
    readonly key?: string,
  ) {
    checkObject('SumsAccumulator', sums, ['a column for each sum']);
    this.#names = ['count', ...(Object.keys(sums) as (keyof S)[])]; // the type of `sums` has no other names
    this.#columns = Object.values(sums);
    this.statistic = statistic ?? new Float64Array(this.#names.length);
  }

  /** The first one or two columns by the kernel for as many, any further ones one by one. */
  seqUpdate(columns: C, start: number, end: number, weights: Float64Array): void {
    const { stage, weightedMean, weightedMeans, weightedSum } = kernels();
    const { statistic } = this;
    const count = end - start;
    const staged = (k: number) => stage(columns[this.#columns[k]!] as Float64Array, start, count); // by ColumnName
    const columnCount = this.#columns.length;
    if (columnCount === 1) weightedMean(staged(0), weights, count, statistic);
    else weightedMeans(staged(0), staged(1), weights, count, statistic);
    for (let k = 2; k < columnCount; k++) statistic[k + 1]! += weightedSum(staged(k), weights, count);
  }

  combine(other: S): void {
    for (const [k, name] of this.#names.entries()) this.statistic[k]! += other[name] as number;
  }

  value(): S {
    return Object.fromEntries(this.#names.map((name, k) => [name, this.statistic[k]!])) as S; // `#names` has all fields
  }

  fromValue(statistic: S): void {
    for (const [k, name] of this.#names.entries()) this.statistic[k] = statistic[name] as number;
  }
}

/**
 * The statistic of a family that sums columns.
 * @param sums  as for {@link SumsAccumulator}
 * @param parameters  as for {@link statisticOf}
 * @example
 * sumsOf<GammaColumns, GammaStatistic>('Gamma', { sum: 'x', sumOfLogs: 'logX' }, { parameterCount: 2, isPooled: true });
 */
export function sumsOf<C extends Columns, S extends { readonly count: number }>(
  kind: string,
  sums: SummedColumns<C, S>,
  parameters: { readonly parameterCount: number; readonly isPooled?: boolean },
): LeafStatistic<C, S> {
  const make = (statistic?: Float64Array, key?: string) => new SumsAccumulator<C, S>(kind, sums, statistic, key);
  return statisticOf(kind, 1 + Object.keys(sums).length, make, parameters);
}
