/**
 * One of the integers min … max, one of them with a probability of its own and the others alike: P(X = spike) = p, and
 * P(X = x) = (1 - p) / (max - min) for each other x.
 * Source: Mitchell & Beauchamp (1988), Bayesian variable selection in linear regression, J. Amer. Statist. Assoc. 83, section 2:
 * the same form over an interval.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkInteger, checkParameters, checkProbability, checkPseudoCount } from '../checks/parameters.js';
import type { ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import type { IntegerColumns, IntegerRange, IntegerStatistic } from '../leaf/integers.js';
import { IntegerEncoder, IntegerScores, integerCounts, joinRanges, weightedRange } from '../leaf/integers.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator } from '../leaf/leafEstimator.js';
import { isNumber } from '../leaf/numberEncoder.js';
import { imaginaryRows, timesLog } from '../leaf/prior.js';
import { checkQuantile, integerQuantile } from '../leaf/quantiles.js';
import { log, log1p } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';

/** The integers of the column, and a code per row. */
export type SpikeAndSlabColumns = IntegerColumns;

/** Additive over rows: the weight of each integer. */
export type SpikeAndSlabStatistic = IntegerStatistic;

const ENCODER = /* @__PURE__ */ new IntegerEncoder('SpikeAndSlab');
const STATISTIC = /* @__PURE__ */ integerCounts('SpikeAndSlab', 2);
const CHECKS = { min: checkInteger, max: checkInteger, spike: checkInteger, p: checkProbability };

/** @throws {ParameterError} unless min <= max, and their difference is an exact number */
function checkRange(owner: string, { min, max }: IntegerRange): void {
  if (max >= min && Number.isSafeInteger(max - min)) return;
  throw new ParameterError(owner, 'max', `an integer in min … min + ${Number.MAX_SAFE_INTEGER}`, max);
}

/**
 * A point of its own probability among integers that are all alike.
 * @example
 * const d = new SpikeAndSlabDistribution({ min: 0, max: 4, spike: 2, p: 0.6 });
 * d.density(2); // 0.6
 * d.density(0); // 0.1
 */
export class SpikeAndSlabDistribution extends LeafDistribution<SpikeAndSlabColumns, number, IntegerEncoder> {
  static readonly typeName = 'SpikeAndSlab';
  static readonly typeVersion = 1;
  readonly min: number;
  readonly max: number;
  /** The integer of probability `p`. */
  readonly spike: number;
  readonly p: number;
  readonly #logSpike: number;
  readonly #logOther: number;

  /**
   * @param parameters  `min` <= `spike` <= `max`, integers; `p` in [0, 1], which is 1 when `min` = `max`
   * @throws {ParameterError}
   */
  constructor(parameters: {
    readonly min: number;
    readonly max: number;
    readonly spike: number;
    readonly p: number;
  }) {
    super(ENCODER, new IntegerScores((x) => this.logDensity(x)));
    const owner = 'SpikeAndSlabDistribution';
    const { min, max, spike, p } = checkParameters(owner, parameters, CHECKS);
    checkRange(owner, { min, max });
    if (!(spike >= min && spike <= max)) throw new ParameterError(owner, 'spike', 'an integer in min … max', spike);
    if (min === max && p !== 1) throw new ParameterError(owner, 'p', '1, as min = max', p);
    this.min = min;
    this.max = max;
    this.spike = spike;
    this.p = p;
    this.#logSpike = log(p);
    this.#logOther = log1p(-p) - log(Math.max(1, max - min));
  }

  /** The probability of an integer of the range that is not the spike. */
  get #other(): number {
    return (1 - this.p) / Math.max(1, this.max - this.min);
  }

  /** The spike, as a distance from the middle of the range. */
  get #offset(): number {
    return this.spike - this.min - (this.max - this.min) / 2;
  }

  get mean(): number {
    const [width, fromMin] = [this.max - this.min, this.spike - this.min];
    return this.min + this.p * fromMin + this.#other * ((width * (width + 1)) / 2 - fromMin);
  }

  /** p (1 - p) times the squared distance of the spike from the mean of the others, and (1 - p) times their variance. */
  get variance(): number {
    const width = this.max - this.min;
    if (width === 0) return 0;
    const ofOthers = -this.#offset / width;
    const spread = ((width + 1) * (width + 2)) / 12 - this.#offset ** 2 / width - ofOthers ** 2;
    return this.p * (1 - this.p) * (this.#offset - ofOthers) ** 2 + (1 - this.p) * spread;
  }

  get mode(): number {
    if (this.p > this.#other || this.min === this.max) return this.spike;
    return this.p < this.#other && this.spike === this.min ? this.min + 1 : this.min;
  }

  get entropy(): number {
    const ofSpike = this.p === 0 ? 0 : -this.p * this.#logSpike;
    return this.p === 1 ? 0 : ofSpike - (1 - this.p) * this.#logOther;
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x >= this.max) return 1;
    return x < this.min ? 0 : this.#sum(Math.floor(x) - this.min + 1, this.spike <= x);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < this.min) return 1;
    return x >= this.max ? 0 : this.#sum(this.max - Math.floor(x), this.spike > x);
  }

  /** The probability of `count` integers, the spike among them or not. */
  #sum(count: number, hasSpike: boolean): number {
    return hasSpike ? this.p + (count - 1) * this.#other : count * this.#other;
  }

  quantile(p: number): number {
    checkQuantile('SpikeAndSlab', p);
    if (this.p === 1) return this.spike;
    // The ends of the support: the spike is no part of it when its probability is 0.
    const first = this.p === 0 && this.spike === this.min ? this.min + 1 : this.min;
    const last = this.p === 0 && this.spike === this.max ? this.max - 1 : this.max;
    return integerQuantile(this, p, this.mean, first, last);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x === this.spike) return this.#logSpike;
    return Number.isSafeInteger(x) && x >= this.min && x <= this.max ? this.#logOther : -Infinity;
  }

  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    return samplerOf(() => {
      if (rng() < this.p) return this.spike;
      const other = this.min + Math.floor(rng() * (this.max - this.min));
      return other < this.spike ? other : other + 1;
    });
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): SpikeAndSlabEstimator {
    const { min, max, spike, p } = this;
    const prior = imaginaryRows('SpikeAndSlabDistribution', options, { spike, p });
    return new SpikeAndSlabEstimator({ min, max, ...prior });
  }

  toJSON() {
    return { type: 'SpikeAndSlab', min: this.min, max: this.max, spike: this.spike, p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): SpikeAndSlabDistribution {
    return new this(checkParameters('SpikeAndSlabDistribution', fields, CHECKS));
  }
}

/** Options of {@link SpikeAndSlabEstimator}. */
export interface SpikeAndSlabOptions {
  /** The range reaches down to here at least. Given together with `max`. Default: the smallest row. */
  readonly min?: number;
  /** The range reaches up to here at least. Default: the largest row. */
  readonly max?: number;
  /** Imaginary rows, spread evenly over the range, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The share `p` of the imaginary rows is at `spike`, the rest spread over the others. Needs `pseudoCount`. */
  readonly prior?: { readonly spike: number; readonly p: number };
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood: p = n_k / n, where the spike k is the most frequent integer of the range or the least frequent one,
 * whichever makes the rows more likely (the first of several).
 * @example
 * const { spike, p, max } = optimize([0, 5, 5, 5, 9], new SpikeAndSlabEstimator()).model; // 5, 0.6, 9
 */
export class SpikeAndSlabEstimator extends LeafEstimator<
  SpikeAndSlabDistribution,
  SpikeAndSlabColumns,
  SpikeAndSlabStatistic,
  number,
  IntegerEncoder
> {
  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or a range that is not one */
  constructor(readonly options: SpikeAndSlabOptions = {}) {
    super(ENCODER, STATISTIC);
    const owner = 'SpikeAndSlabEstimator';
    checkEstimatorOptions(owner, options, {
      min: checkInteger,
      max: checkInteger,
      pseudoCount: checkPseudoCount,
      prior: { spike: checkInteger, p: checkProbability },
      key: checkKey,
    });
    checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
    const { min, max } = options;
    if ((min === undefined) !== (max === undefined)) {
      throw new ParameterError(
        owner,
        min === undefined ? 'min' : 'max',
        'an integer, given with the other end',
        undefined,
      );
    }
    if (min !== undefined && max !== undefined) checkRange(owner, { min, max });
  }

  /**
   * The range is that of the rows with weight, of the options and of the prior. Total weight 0 and no prior: all integers of
   * the known range alike.
   */
  estimate(statistic: SpikeAndSlabStatistic, report?: Report): SpikeAndSlabDistribution {
    const { min: least, max: most, pseudoCount = 0, prior } = this.options;
    const { values, counts } = statistic;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) reportDead(report);
    const declared = least === undefined || most === undefined ? undefined : { min: least, max: most };
    const imagined = prior === undefined ? undefined : { min: prior.spike, max: prior.spike };
    const ofRows = weightedRange(statistic);
    const known = joinRanges([total === 0 ? undefined : ofRows, declared, imagined]) ?? ofRows ?? { min: 0, max: 0 };
    checkRange('SpikeAndSlabEstimator', known);
    const { min, max } = known;
    const n = total + pseudoCount;
    if (!(n > 0)) return new SpikeAndSlabDistribution({ min, max, spike: min, p: 1 / (max - min + 1) });

    // Imaginary rows at the prior's spike, and at each other integer; without a prior they are alike everywhere.
    const others = max - min;
    const atOthers = pseudoCount * (prior === undefined ? 1 / (others + 1) : others === 0 ? 0 : (1 - prior.p) / others);
    const weights = new Map<number, number>();
    for (let k = 0; k < counts.length; k++) if (counts[k]! > 0) weights.set(values[k]!, counts[k]! + atOthers);
    if (prior !== undefined) {
      const atSpike = pseudoCount * (others === 0 ? 1 : prior.p);
      weights.set(prior.spike, (weights.get(prior.spike) ?? atOthers) - atOthers + atSpike);
    }
    let bare = min;
    while (weights.has(bare)) bare++;
    if (bare <= max) weights.set(bare, atOthers); // stands for all integers without rows
    const { spike, weight } = mostLikelySpike(weights, n, others);
    const p = others === 0 ? 1 : Math.min(1, weight / n); // rounding of the two sums
    if (p === 1 && others > 0) {
      report?.add('degenerate', `all rows are ${spike}: the other integers are impossible. Set pseudoCount.`, BOUNDED);
    } else if (p === 0) report?.add('degenerate', `no row is ${spike}: it is impossible. Set pseudoCount.`, BOUNDED);
    return new SpikeAndSlabDistribution({ min, max, spike, p });
  }

  /** p, and the place of the spike. */
  override parameterBlocks(model: SpikeAndSlabDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.max > model.min ? 2 : 0, logPrior: this.logPriorAt(model) }];
  }

  protected override logOfImaginaryRows({ min, max, spike, p }: SpikeAndSlabDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.options;
    if (pseudoCount === 0) return undefined;
    const others = max - min;
    if (others === 0) return 0;
    const atOther = prior === undefined ? 1 / (others + 1) : (1 - prior.p) / others;
    const atSpike = prior !== undefined && spike === prior.spike ? prior.p : atOther;
    return timesLog(pseudoCount * atSpike, p) + timesLog(pseudoCount * (1 - atSpike), (1 - p) / others);
  }
}

/**
 * The integer that makes the best spike. The log-likelihood c log(c/n) + (n - c) log((n - c)/(n others)) is convex in the
 * weight c of the spike, so the best is among the largest and the smallest weight.
 */
function mostLikelySpike(
  weights: ReadonlyMap<number, number>,
  n: number,
  others: number,
): { readonly spike: number; readonly weight: number } {
  const entries = [...weights].sort(([a], [b]) => a - b).map(([spike, weight]) => ({ spike, weight }));
  const most = entries.reduce((best, entry) => (entry.weight > best.weight ? entry : best));
  const least = entries.reduce((best, entry) => (entry.weight < best.weight ? entry : best));
  const times = (c: number, q: number) => (c > 0 ? c * log(q) : 0); // 0 log 0 = 0
  const likelihood = ({ weight: c }: { readonly weight: number }) =>
    times(c, c / n) + times(n - c, (n - c) / n / others);
  const gain = likelihood(most) - likelihood(least);
  if (gain === 0) return most.spike < least.spike ? most : least;
  return gain > 0 ? most : least;
}
