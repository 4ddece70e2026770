/**
 * A set of integers 0 … V - 1, each of which is there or not independently of the others:
 * P(x) = Π_{j in x} p_j Π_{j not in x} (1 - p_j).
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.3.3 (products of Bernoulli distributions).
 */

import { conjugate, isPriorOf, withoutPrior } from '../bayes/conjugate.js';
import type { LevelBetaDistribution } from '../bayes/levelBeta.js';
import { expectedSetScorer, predictiveOfSet, updatedSet } from '../bayes/setConjugacy.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkFields, checkObject, checkPseudoCount, orAbsent } from '../checks/parameters.js';
import type { Bayes, Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { hasImaginaryRows, type ImaginaryRows, imaginaryRows, logOfShare } from '../leaf/prior.js';
import { SetAccumulator, type SetStatistic } from '../leaf/sets/setCounts.js';
import { checkChances, checkItemCount, checkMinP, INTEGERS, reportOneSet } from '../leaf/sets/setModels.js';
import { clipped, independentOdds, SetScores, setEntropy } from '../leaf/sets/setScores.js';
import { misfitOfSet, type SetColumns, SetEncoder, type SetRow } from '../leaf/sets/sets.js';
import { exp } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';

const ENCODER = /* @__PURE__ */ new SetEncoder<number>('IntegerBernoulliSet', INTEGERS);

/** Parameters of {@link IntegerBernoulliSetDistribution}. */
export interface IntegerBernoulliSetParameters {
  /** Probability that a set holds each of the integers 0 … V - 1; they need not sum to 1. */
  readonly p: ArrayLike<number>;
  /** Every probability counts as at least this, and at most 1 minus this; in [0, 0.5]. Default 0. */
  readonly minP?: number;
}

/**
 * A distribution over sets of integers. An integer outside 0 … V - 1 is impossible.
 * @example
 * new IntegerBernoulliSetDistribution({ p: [0.8, 0.5] }).density([0]); // 0.8 · 0.5
 */
export class IntegerBernoulliSetDistribution
  extends PrintedModel
  implements Distribution<SetRow<number>, SetColumns<number>>
{
  static readonly typeName = 'IntegerBernoulliSet';
  static readonly typeVersion = 1;
  /** Probability of each integer. */
  readonly p: readonly number[];
  readonly minP: number;
  readonly #scores: SetScores<number>;

  /** @throws {ParameterError} unless all `p` are in [0, 1] */
  constructor(parameters: IntegerBernoulliSetParameters) {
    super();
    const owner = 'IntegerBernoulliSetDistribution';
    const { p, minP = 0 } = checkObject(owner, parameters, ['p']);
    checkChances(owner, 'p', p);
    checkMinP(owner, 'minP', minP);
    this.p = Object.freeze(Array.from(p));
    this.minP = minP;
    this.#scores = new SetScores(independentOdds<number>(this.p, (j) => this.p[j], minP, -Infinity));
  }

  /** Scores of sets: what the accumulators need. */
  get setScores(): SetScores<number> {
    return this.#scores;
  }

  /** Number of integers V. */
  get valueCount(): number {
    return this.p.length;
  }

  /** The integers that are more likely there than not. */
  get mode(): number[] {
    return [...this.p.keys()].filter((j) => this.p[j]! > 0.5);
  }

  /** -Σ p log p + (1 - p) log(1 - p), in nats. */
  get entropy(): number {
    return setEntropy(this.p, this.minP);
  }

  logDensity(x: SetRow<number>): number {
    return misfitOfSet(x, INTEGERS) ?? this.#scores.scoreSet(x);
  }

  density(x: SetRow<number>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: SetColumns<number>, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
  }

  /** Draws increasing lists. */
  sampler(seed: Seed): Sampler<number[]> {
    const rng = random(seed);
    const integers = [...this.p.keys()];
    return samplerOf(() => integers.filter((j) => rng() < clipped(this.p[j]!, this.minP)));
  }

  encoder(): SetEncoder<number> {
    return ENCODER;
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): IntegerBernoulliSetEstimator {
    const { p, minP, valueCount } = this;
    const prior = imaginaryRows('IntegerBernoulliSetDistribution', options, p);
    return new IntegerBernoulliSetEstimator({ valueCount, minP, ...prior });
  }

  toJSON() {
    return { type: 'IntegerBernoulliSet', p: this.p, minP: this.minP } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerBernoulliSetDistribution {
    return new this(checkFields('IntegerBernoulliSetDistribution', fields, { p: 'numbers', minP: 'number' }));
  }
}

/** Options of {@link IntegerBernoulliSetEstimator}. */
export interface IntegerBernoulliSetOptions {
  /** Number of integers V, at least. Default: one more than the largest in the rows. */
  readonly valueCount?: number;
  /** Imaginary rows, half of which hold each integer, or as many as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * The share of the imaginary rows that holds each integer; may be longer than the rows need. Needs `pseudoCount`. Or, instead
   * of such rows, a distribution over the probability of each integer.
   */
  readonly prior?: ArrayLike<number> | LevelBetaDistribution<number>;
  /** The model's `minP`. Default 0. */
  readonly minP?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * The share of rows that holds each integer, or with a pseudo count c: (n_j + c/2) / (n + c).
 * @example
 * optimize([[0], [0, 2], []], new IntegerBernoulliSetEstimator()).model.p; // [2/3, 0, 1/3]
 */
export class IntegerBernoulliSetEstimator
  implements Estimator<SetRow<number>, IntegerBernoulliSetDistribution, SetColumns<number>, SetStatistic<number>>
{
  readonly #rows: ImaginaryRows<ArrayLike<number>>;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or a `minP` outside [0, 0.5] */
  constructor(readonly options: IntegerBernoulliSetOptions = {}) {
    const owner = 'IntegerBernoulliSetEstimator';
    const rows = withoutPrior<IntegerBernoulliSetOptions, ArrayLike<number>>(owner, options, 'LevelBeta');
    checkEstimatorOptions(owner, rows, {
      valueCount: checkItemCount,
      pseudoCount: checkPseudoCount,
      prior: checkChances,
      minP: orAbsent(checkMinP),
      key: checkKey,
    });
    this.#rows = rows;
    checkPriorOptions(owner, rows, { prior: 'pseudoCount' }, { isNeeded: false });
  }

  encoder(): SetEncoder<number> {
    return ENCODER;
  }

  statisticLength(schema: SetColumns<number>): number {
    return schema.levels.length + 1;
  }

  accumulator(schema: SetColumns<number>, statistic?: Float64Array): SetAccumulator<number> {
    return new SetAccumulator('IntegerBernoulliSet', schema.levels, statistic, this.options.key);
  }

  /** Total weight 0 and no prior: each integer is as likely there as not. */
  estimate(statistic: SetStatistic<number>, report?: Report): IntegerBernoulliSetDistribution {
    const { count, levels, counts } = statistic;
    const { valueCount = 0, minP = 0 } = this.options;
    const { pseudoCount = 0, prior } = this.#rows;
    if (count === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const n = count + pseudoCount;
    const largest = levels.reduce((most, level) => Math.max(most, level), -1);
    const p = new Float64Array(Math.max(valueCount, prior?.length ?? 0, largest + 1));
    for (let k = 0; k < levels.length; k++) p[levels[k]!] = counts[k]!;
    for (let j = 0; j < p.length; j++) {
      const share = prior === undefined ? 0.5 : (prior[j] ?? 0);
      // Rounding of sums in another order may pass 1.
      p[j] = n > 0 ? Math.min(1, (p[j]! + pseudoCount * share) / n) : 0.5;
    }
    if (minP === 0) reportOneSet(report, p);
    return new IntegerBernoulliSetDistribution({ p, minP });
  }

  get hasPrior(): boolean {
    return this.bayes !== undefined || hasImaginaryRows(this.#rows);
  }

  /** With beta priors: p of each integer given the rows is Beta(α + weight that holds it, β + the rest). */
  get bayes():
    | Bayes<IntegerBernoulliSetDistribution, SetStatistic<number>, LevelBetaDistribution<number>, SetColumns<number>>
    | undefined {
    const { prior, minP = 0, valueCount = 0 } = this.options;
    if (!isPriorOf<LevelBetaDistribution<number>>(prior, 'LevelBeta')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: updatedSet,
      mode: ({ mode }) => ofProbabilities(mode, valueCount, minP),
      parameters: ({ p }): ReadonlyMap<number, number> => new Map(p.entries()),
      expectedScorer: expectedSetScorer,
      predictiveLogDensity: predictiveOfSet,
      withPrior: (next) => another({ ...this.options, prior: next }),
    }));
  }

  parameterBlocks(model: IntegerBernoulliSetDistribution): readonly ParameterBlock[] {
    const { key } = this.options;
    const { pseudoCount = 0, prior } = this.#rows;
    const ofRows = Array.from(model.p).reduce((sum, p, j) => {
      return sum + logOfShare(pseudoCount, prior === undefined ? 0.5 : (prior[j] ?? 0), clipped(p, model.minP));
    }, 0);
    return [
      { key, count: model.p.length, logPrior: this.bayes?.logPrior(model) ?? (this.hasPrior ? ofRows : undefined) },
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(options: IntegerBernoulliSetOptions): IntegerBernoulliSetEstimator {
  return new IntegerBernoulliSetEstimator(options);
}

/** The distribution over 0 … V - 1 with these probabilities, and 0 where there is none. */
function ofProbabilities(
  byInteger: ReadonlyMap<number, number>,
  valueCount: number,
  minP: number,
): IntegerBernoulliSetDistribution {
  const largest = [...byInteger.keys()].reduce((most, j) => Math.max(most, j), -1);
  const p = new Float64Array(Math.max(valueCount, largest + 1));
  for (const [j, share] of byInteger) p[j] = share;
  return new IntegerBernoulliSetDistribution({ p, minP });
}
