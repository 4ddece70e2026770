/**
 * All numbers of an interval alike: p(x) = 1 / (max - min) for min <= x <= max.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 2 (1995), ch. 26.
 */

import { checkEstimatorOptions, checkKey, pseudoCountOf } from '../checks/options.js';
import { checkFinite, checkNonNegative, checkParameters } from '../checks/parameters.js';
import type { Accumulator, ParameterBlock, Pooling, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, statisticOf } from '../leaf/leafEstimator.js';
import { isNumber, itself, type NumberColumns, NumberEncoder, REAL } from '../leaf/numberEncoder.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { RowScores } from '../leaf/scores.js';
import { log } from '../numeric/elementary.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { uniformVariates } from '../numeric/variates.js';

export type { UniformAccumulator };

/** One real number per row. */
export type UniformColumns = NumberColumns;

/**
 * The total weight, and the smallest and largest row of positive weight (Infinity and -Infinity without any). Merged by
 * adding the weights and taking the smaller minimum and the larger maximum, so it has no flat form unless both ends are fixed.
 */
export interface UniformStatistic {
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

interface Interval {
  readonly min: number;
  readonly max: number;
}

const CHECKS = { min: checkFinite, max: checkFinite };
const ENCODER = /* @__PURE__ */ new NumberEncoder<UniformColumns>('Uniform', REAL, { x: itself });
const STATISTIC = /* @__PURE__ */ statisticOf<UniformColumns, UniformStatistic>(
  'Uniform',
  1,
  (statistic, key) => new UniformAccumulator(statistic, key),
  { parameterCount: 2, isPooled: true },
);

/** @throws {ParameterError} for an interval of no width, or of a width that overflows */
function checkWidth(owner: string, { min, max }: Interval, path = ''): void {
  if (max > min && max - min < Infinity) return;
  throw new ParameterError(owner, `${path}max`, `a finite number > ${min}`, max);
}

/**
 * The uniform distribution on [min, max].
 * @example
 * new UniformDistribution({ min: 0, max: 4 }).density(4); // 0.25
 */
export class UniformDistribution extends LeafDistribution<UniformColumns> {
  static readonly typeName = 'Uniform';
  static readonly typeVersion = 1;
  readonly min: number;
  /** Belongs to the interval, as `min` does. */
  readonly max: number;
  readonly #logDensity: number;

  /** @throws {ParameterError} unless both are finite, min < max, and max - min does not overflow */
  constructor(parameters: Interval) {
    super(ENCODER, new RowScores((x) => this.logDensity(x)));
    const { min, max } = checkParameters('UniformDistribution', parameters, CHECKS);
    checkWidth('UniformDistribution', { min, max });
    this.min = min;
    this.max = max;
    this.#logDensity = -log(max - min);
  }

  get mean(): number {
    return this.min + 0.5 * (this.max - this.min);
  }

  get variance(): number {
    return (this.max - this.min) ** 2 / 12;
  }

  /** log(max - min). */
  get entropy(): number {
    return -this.#logDensity;
  }

  cdf(x: number): number {
    return isNumber(x) ? (Math.min(Math.max(x, this.min), this.max) - this.min) / (this.max - this.min) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? (this.max - Math.min(Math.max(x, this.min), this.max)) / (this.max - this.min) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('Uniform', p);
    return p <= 0.5 ? this.min + p * (this.max - this.min) : this.max - (1 - p) * (this.max - this.min);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x >= this.min && x <= this.max ? this.#logDensity : -Infinity;
  }

  override seqLogDensity({ x }: UniformColumns, start: number, end: number, out: Float64Array): void {
    for (let row = start; row < end; row++) {
      out[row - start] = x[row]! >= this.min && x[row]! <= this.max ? this.#logDensity : -Infinity;
    }
  }

  sampler(seed: Seed): Sampler<number> {
    const draw = uniformVariates(random(seed), this.min, this.max);
    return samplerOf(drawsWithin(this.min, this.max, draw)); // rounding of min + u (max - min)
  }

  /** With a pseudo count, the estimate covers this interval. */
  estimator(options: { readonly pseudoCount?: number } = {}): UniformEstimator {
    const pseudoCount = pseudoCountOf('UniformDistribution', options);
    return new UniformEstimator(pseudoCount > 0 ? { prior: { min: this.min, max: this.max } } : {});
  }

  toJSON() {
    return { type: 'Uniform', min: this.min, max: this.max } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): UniformDistribution {
    return new this(checkParameters('UniformDistribution', fields, CHECKS));
  }
}

/** Finds the range of the rows of positive weight. */
class UniformAccumulator implements Accumulator<UniformColumns, UniformStatistic, UniformDistribution> {
  readonly kind = 'Uniform';
  #min = Infinity;
  #max = -Infinity;

  /** @param statistic  the total weight */
  constructor(
    readonly statistic: Float64Array = new Float64Array(1),
    readonly key?: string,
  ) {}

  seqUpdate({ x }: UniformColumns, start: number, end: number, weights: Float64Array): void {
    for (let row = start; row < end; row++) {
      const w = weights[row - start]!;
      if (w === 0) continue;
      this.statistic[0]! += w;
      if (x[row]! < this.#min) this.#min = x[row]!;
      if (x[row]! > this.#max) this.#max = x[row]!;
    }
  }

  combine({ count, min, max }: UniformStatistic): void {
    this.statistic[0]! += count;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  value(): UniformStatistic {
    return { count: this.statistic[0]!, min: this.#min, max: this.#max };
  }

  fromValue({ count, min, max }: UniformStatistic): void {
    this.statistic[0] = count;
    this.#min = min;
    this.#max = max;
  }
}

/** Options of {@link UniformEstimator}. */
export interface UniformOptions {
  /** A lower end that is not estimated; rows below it are impossible. Default: estimated. */
  readonly min?: number;
  /** An upper end that is not estimated. */
  readonly max?: number;
  /** An interval that the estimate covers, whatever the rows. */
  readonly prior?: Interval;
  /**
   * The smallest width that is returned; 0 for none. Default: none, but for a component of a mixture 1e-3 of the width of all
   * rows; see {@link UniformEstimator.estimate}.
   */
  readonly minWidth?: number;
  /** Uniforms with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood: the smallest and the largest row of positive weight.
 * @example
 * optimize([3, 1, 2], new UniformEstimator()).model; // UniformDistribution { min: 1, max: 3 }
 */
export class UniformEstimator extends LeafEstimator<UniformDistribution, UniformColumns, UniformStatistic> {
  /** @throws {ParameterError} for ends or a prior that are no interval, or a width that is not > 0 */
  constructor(readonly options: UniformOptions = {}) {
    super(ENCODER, STATISTIC);
    const owner = 'UniformEstimator';
    checkEstimatorOptions(owner, options, { ...CHECKS, prior: CHECKS, minWidth: checkNonNegative, key: checkKey });
    const { min, max, prior } = options;
    if (min !== undefined && max !== undefined) checkWidth(owner, { min, max });
    if (prior !== undefined) checkWidth(owner, prior, 'prior.');
  }

  /** With both ends fixed only the total weight counts, which is a sum. */
  override statisticLength(): number | undefined {
    const { min, max } = this.options;
    return min !== undefined && max !== undefined ? 1 : undefined;
  }

  /**
   * Total weight 0 gives the prior, or an interval of width 1 that starts at 0 (or at a fixed end). An interval that is a
   * single point is widened about it to `minWidth`, or to 1 without it, and the report says so; likewise one that is narrower
   * than `minWidth`.
   */
  estimate(statistic: UniformStatistic, report?: Report, pooled?: UniformStatistic): UniformDistribution {
    const { prior, minWidth } = this.options;
    const isEmpty = statistic.count === 0;
    if (isEmpty) reportDead(report);
    const low = this.options.min ?? Math.min(statistic.min, prior?.min ?? Infinity);
    const high = this.options.max ?? Math.max(statistic.max, prior?.max ?? -Infinity);
    if (low === Infinity || high === -Infinity) {
      const min = low === Infinity ? (high === -Infinity ? 0 : high - 1) : low;
      return new UniformDistribution({ min, max: high === -Infinity ? min + 1 : high });
    }
    const least = minWidth ?? (pooled === undefined || isEmpty ? 0 : Math.sqrt(FLOOR) * widthOf(pooled));
    if (high - low >= least && high > low) return new UniformDistribution({ min: low, max: high });
    if (!isEmpty && least > 0) reportFloor(report, 'the width', 'minWidth', minWidth !== undefined);
    else if (!isEmpty) report?.add('degenerate', 'all rows are equal, so the width is 0. Set minWidth or a prior.');
    return this.#widened(Math.min(low, high), Math.max(low, high), least > 0 ? least : 1);
  }

  /** Fixed ends stay where they are. The width grows until it is more than rounding. */
  #widened(low: number, high: number, width: number): UniformDistribution {
    const { min, max } = this.options;
    const spare = Math.max(width - (high - low), 8 * Number.EPSILON * Math.abs(low));
    if (min !== undefined) return new UniformDistribution({ min, max: max ?? min + (high - low) + spare });
    if (max !== undefined) return new UniformDistribution({ min: max - (high - low) - spare, max });
    return new UniformDistribution({ min: low - spare / 2, max: high + spare / 2 });
  }

  override get pooling(): Pooling<UniformStatistic> | undefined {
    const { min, max } = this.options;
    return min !== undefined && max !== undefined ? undefined : super.pooling;
  }

  override parameterBlocks(): readonly ParameterBlock[] {
    const { min, max, key } = this.options;
    return [{ key, count: (min === undefined ? 1 : 0) + (max === undefined ? 1 : 0) }];
  }
}

/** The width of the interval of all rows; 0 without rows. */
function widthOf({ min, max }: UniformStatistic): number {
  const width = max - min;
  return width > 0 && width < Infinity ? width : 0;
}
