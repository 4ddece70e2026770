/**
 * One of the integers min … min + L - 1, each with a probability of its own: P(X = min + k) = p_k.
 * Source: Agresti, Categorical Data Analysis (2013), ch. 1.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import type { LevelDirichletDistribution } from '../bayes/levelDirichlet.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkFields, checkInteger, checkObject, checkProbabilities, checkPseudoCount } from '../checks/parameters.js';
import type { Bayes, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { reportDead, reportPointMass } from '../leaf/findings.js';
import type { IntegerColumns, IntegerRange, IntegerStatistic } from '../leaf/integers.js';
import { IntegerEncoder, IntegerScores, integerCounts, joinRanges, weightedRange } from '../leaf/integers.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { isNumber } from '../leaf/numberEncoder.js';
import { imaginaryRows, timesLog } from '../leaf/prior.js';
import { checkQuantile, integerQuantile } from '../leaf/quantiles.js';
import { largestIndex, tableEntropy, tableMoments, tableSum } from '../leaf/tableQueries.js';
import { log } from '../numeric/elementary.js';
import { drawIndex, random, samplerOf } from '../numeric/random.js';

/** Most integers from the smallest to the largest row: each has a probability. */
const MAX_VALUES = 2 ** 22;

/** The integers of the column, and a code per row. */
export type IntegerCategoricalColumns = IntegerColumns;

/** Additive over rows: the weight of each integer. */
export type IntegerCategoricalStatistic = IntegerStatistic;

const ENCODER = /* @__PURE__ */ new IntegerEncoder('IntegerCategorical', Number.MIN_SAFE_INTEGER, MAX_VALUES);
const STATISTIC = /* @__PURE__ */ integerCounts('IntegerCategorical', 0); // as many parameters as there are integers

/**
 * Probabilities over a range of integers.
 * @example
 * new IntegerCategoricalDistribution({ min: 1, p: [0.2, 0.8] }).density(2); // 0.8
 */
export class IntegerCategoricalDistribution extends LeafDistribution<
  IntegerCategoricalColumns,
  number,
  IntegerEncoder
> {
  static readonly typeName = 'IntegerCategorical';
  static readonly typeVersion = 1;
  /** The value whose probability is `p[0]`. */
  readonly min: number;
  /** Probabilities of `min`, `min + 1`, … */
  readonly p: readonly number[];

  /**
   * @param parameters  `min`: an integer; `p`: at least one probability, sum 1 within 1e-9
   * @throws {ParameterError}
   */
  constructor(parameters: { readonly min: number; readonly p: ArrayLike<number> }) {
    super(ENCODER, new IntegerScores((x) => this.logDensity(x)));
    const owner = 'IntegerCategoricalDistribution';
    const { min, p } = checkObject(owner, parameters, ['min', 'p']);
    checkInteger(owner, 'min', min);
    checkProbabilities(owner, 'p', p);
    if (p.length === 0) throw new ParameterError(owner, 'p', 'a list of at least one probability', p);
    this.min = min;
    this.p = Object.freeze(Array.from(p));
  }

  get mean(): number {
    return this.min + tableMoments(this.p).mean;
  }

  get variance(): number {
    return tableMoments(this.p).variance;
  }

  get mode(): number {
    return this.min + largestIndex(this.p);
  }

  get entropy(): number {
    return tableEntropy(this.p);
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const end = Math.floor(x) - this.min + 1;
    return end >= this.p.length ? 1 : tableSum(this.p, 0, end);
  }

  survival(x: number): number {
    return isNumber(x) ? tableSum(this.p, Math.floor(x) - this.min + 1, this.p.length) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('IntegerCategorical', p);
    return integerQuantile(this, p, this.mean, this.min, this.min + this.p.length - 1);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return log(this.p[x - this.min] ?? 0);
  }

  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    return samplerOf(() => this.min + drawIndex(rng, this.p));
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): IntegerCategoricalEstimator {
    const { min, p } = this;
    const prior = imaginaryRows('IntegerCategoricalDistribution', options, { min, p });
    return new IntegerCategoricalEstimator({ min, max: min + p.length - 1, ...prior });
  }

  toJSON() {
    return { type: 'IntegerCategorical', min: this.min, p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerCategoricalDistribution {
    const checked = checkFields('IntegerCategoricalDistribution', fields, { min: 'number', p: 'numbers' });
    return new this(checked);
  }
}

/** Probabilities of `min`, `min + 1`, … */
export interface IntegerProbabilities {
  readonly min: number;
  readonly p: ArrayLike<number>;
}

/** Options of {@link IntegerCategoricalEstimator}. */
export interface IntegerCategoricalOptions {
  /** The range reaches down to here at least. Given together with `max`. Default: the smallest row. */
  readonly min?: number;
  /** The range reaches up to here at least. Default: the largest row. */
  readonly max?: number;
  /** Imaginary rows, spread evenly over the range, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * How the imaginary rows are spread; may reach beyond the rows. Needs `pseudoCount`. Or, instead of such rows, a
   * distribution over the probabilities of integers.
   */
  readonly prior?: IntegerProbabilities | LevelDirichletDistribution<number>;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Relative frequencies, or with a pseudo count c and L values: (n_k + c/L) / (n + c).
 * @example
 * optimize([1, 3, 3], new IntegerCategoricalEstimator()).model.p; // [1/3, 0, 2/3]
 */
export class IntegerCategoricalEstimator extends LeafEstimator<
  IntegerCategoricalDistribution,
  IntegerCategoricalColumns,
  IntegerCategoricalStatistic,
  number,
  IntegerEncoder
> {
  readonly #prior: IntegerCategoricalDistribution | undefined;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or a range that is not one */
  constructor(readonly options: IntegerCategoricalOptions = {}) {
    super(ENCODER, STATISTIC);
    const owner = 'IntegerCategoricalEstimator';
    const rows = withoutPrior<IntegerCategoricalOptions, IntegerProbabilities>(owner, options, 'LevelDirichlet');
    checkEstimatorOptions(owner, rows, {
      min: checkInteger,
      max: checkInteger,
      pseudoCount: checkPseudoCount,
      prior: ['min', 'p'],
      key: checkKey,
    });
    checkPriorOptions(owner, rows, { prior: 'pseudoCount' }, { isNeeded: false });
    const { min, max, prior } = rows;
    if (min === undefined && max !== undefined) {
      throw new ParameterError(owner, 'min', 'an integer, given together with max', min);
    }
    if (min !== undefined && !(max !== undefined && max >= min && max - min < MAX_VALUES)) {
      throw new ParameterError(owner, 'max', `an integer in min … min + ${MAX_VALUES - 1}`, max);
    }
    this.#prior = prior === undefined ? undefined : new IntegerCategoricalDistribution(prior);
  }

  /**
   * The range is that of the rows with weight, of the options and of the prior. Total weight 0 and no prior: uniform over
   * the known range.
   */
  estimate(statistic: IntegerCategoricalStatistic, report?: Report): IntegerCategoricalDistribution {
    const { pseudoCount = 0 } = this.options;
    const prior = this.#prior;
    const { values, counts } = statistic;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const range = this.#rangeWith(total === 0 ? undefined : weightedRange(statistic)) ??
      weightedRange(statistic) ?? { min: 0, max: 0 };
    const p = emptyTable(range);
    for (let k = 0; k < counts.length; k++) if (counts[k] !== 0) p[values[k]! - range.min] = counts[k]!;
    for (let k = 0; k < p.length; k++) {
      const imaginary = prior === undefined ? 1 / p.length : (prior.p[range.min + k - prior.min] ?? 0);
      p[k]! += pseudoCount * imaginary;
    }
    const sum = p.reduce((a, b) => a + b, 0);
    const shares = p.map((q) => (sum > 0 ? q / sum : 1 / p.length));
    reportPointMass(report, shares);
    return new IntegerCategoricalDistribution({ min: range.min, p: shares });
  }

  /** The smallest range that holds the rows, the options and the prior. */
  #rangeWith(rows: IntegerRange | undefined): IntegerRange | undefined {
    const { min, max } = this.options;
    const prior = this.#prior;
    return joinRanges([
      rows,
      min === undefined || max === undefined ? undefined : { min, max },
      prior === undefined ? undefined : { min: prior.min, max: prior.min + prior.p.length - 1 },
    ]);
  }

  /** With a Dirichlet prior over integers: the probabilities given the rows are Dirichlet(α + counts). */
  get bayes():
    | Bayes<
        IntegerCategoricalDistribution,
        IntegerCategoricalStatistic,
        LevelDirichletDistribution<number>,
        IntegerCategoricalColumns
      >
    | undefined {
    const { prior } = this.options;
    if (!isPriorOf<LevelDirichletDistribution<number>>(prior, 'LevelDirichlet')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, { values, counts }: IntegerCategoricalStatistic) => known.updated([...values], counts),
      mode: (known) => ofProbabilities(known.mode),
      // Integers between those of the rows that no row and no prior names are not among its levels.
      parameters: ({ min, p }): ReadonlyMap<number, number> =>
        new Map(p.map((q, k) => [min + k, q] as const).filter(([x, q]) => q > 0 || prior.alpha.has(x))),
      expectedScorer: (known) => scorerOf(new IntegerScores((x) => known.meanLogOf(x))),
      predictiveLogDensity: (known, x) => log(known.meanOf(x)),
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }

  override parameterBlocks(model: IntegerCategoricalDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.p.length - 1, logPrior: this.logPriorAt(model) }];
  }

  protected override logOfImaginaryRows(model: IntegerCategoricalDistribution): number | undefined {
    const { pseudoCount = 0 } = this.options;
    if (pseudoCount === 0) return undefined;
    const { min, p } = this.#prior ?? { min: model.min, p: model.p.map(() => 1 / model.p.length) };
    return p.reduce((sum, share, k) => sum + timesLog(pseudoCount * share, model.p[min + k - model.min] ?? 0), 0);
  }
}

/** Room for the probabilities of a range. @throws {EstimationError} for one that the family cannot hold */
function emptyTable({ min, max }: IntegerRange): Float64Array {
  const length = max - min + 1;
  if (length <= MAX_VALUES) return new Float64Array(length);
  throw new EstimationError(
    `IntegerCategorical: rows, options and prior together hold integers from ${min} to ${max}, a table of ${length} probabilities. It must have at most ${MAX_VALUES}.`,
  );
}

/** The distribution over the smallest range that holds these integers. */
function ofProbabilities(byInteger: ReadonlyMap<number, number>): IntegerCategoricalDistribution {
  const integers = [...byInteger.keys()];
  const min = integers.reduce((least, x) => Math.min(least, x), Infinity);
  const max = integers.reduce((most, x) => Math.max(most, x), -Infinity);
  const p = emptyTable({ min, max });
  for (const [x, q] of byInteger) p[x - min] = q;
  return new IntegerCategoricalDistribution({ min, p });
}
