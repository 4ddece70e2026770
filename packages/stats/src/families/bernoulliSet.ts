/**
 * A set of values, each of which is there or not independently of the others: P(x) = Π_{v in x} p(v) Π_{v not in x} (1 - p(v)).
 * Values are strings, numbers, booleans or null; `1` and `'1'` differ.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.3.3 (products of Bernoulli distributions).
 */

import { conjugate, isPriorOf, withoutPrior } from '../bayes/conjugate.js';
import type { LevelBetaDistribution } from '../bayes/levelBeta.js';
import { expectedSetScorer, predictiveOfSet, updatedSet } from '../bayes/setConjugacy.js';
import { checkEstimatorOptions, checkKey, checkOptions, checkPriorOptions } from '../checks/options.js';
import { checkFields, checkProbability, checkPseudoCount, orAbsent } from '../checks/parameters.js';
import type { Bayes, Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { isLevel, LEVEL, type Level } from '../leaf/levels/levels.js';
import { hasImaginaryRows, imaginaryRows, logOfShare } from '../leaf/prior.js';
import { SetAccumulator, type SetStatistic } from '../leaf/sets/setCounts.js';
import { checkMinP, reportOneSet } from '../leaf/sets/setModels.js';
import { clipped, independentOdds, logAbsent, SetScores, setEntropy } from '../leaf/sets/setScores.js';
import { misfitOfSet, type SetColumns, SetEncoder, type SetRow, type SetRule } from '../leaf/sets/sets.js';
import { exp, log } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import type { LevelProbabilities } from './categorical.js';

export type { SetAccumulator, SetStatistic } from '../leaf/sets/setCounts.js';
export type { SetColumns, SetEncoder, SetRow } from '../leaf/sets/sets.js';

const RULE: SetRule = { isItem: isLevel, item: LEVEL };

/**
 * A distribution over sets of values.
 * @example
 * const basket = new BernoulliSetDistribution({ bread: 0.8, milk: 0.5 });
 * basket.density(['bread']);             // 0.8 · 0.5
 * basket.density(new Set(['milk']));     // 0.2 · 0.5
 */
// NoInfer: inside a composite the compiler would otherwise take T from the composite, and any value would do.
export class BernoulliSetDistribution<T extends Level = string>
  extends PrintedModel
  implements Distribution<SetRow<NoInfer<T>>, SetColumns<NoInfer<T>>>
{
  static readonly typeName = 'BernoulliSet';
  static readonly typeVersion = 1;
  /** Probability that a set holds each value, in the order given. */
  readonly p: ReadonlyMap<T, number>;
  /** Every probability counts as at least this, and at most 1 minus this; an unknown value has this one. */
  readonly minP: number;
  readonly #scores: SetScores<T>;

  /**
   * @param p  probability of each value, in [0, 1]; they need not sum to 1
   * @param options  `minP` in [0, 0.5], default 0: a set without a value of probability 1, or with an unknown one, is impossible
   * @throws {ParameterError}
   */
  constructor(p: LevelProbabilities<T>, options: { readonly minP?: number } = {}) {
    super();
    const owner = 'BernoulliSetDistribution';
    checkOptions(owner, options, ['minP']);
    const { minP = 0 } = options;
    this.p = mapByLevel<T, number>(owner, 'p', p);
    let k = 0;
    for (const probability of this.p.values()) checkProbability(owner, `p[${k++}]`, probability);
    checkMinP(owner, 'minP', minP);
    this.minP = minP;
    const unknownOdds = log(minP) - logAbsent(minP, minP);
    this.#scores = new SetScores(independentOdds<T>(this.p.values(), (v) => this.p.get(v), minP, unknownOdds));
  }

  /** Scores of sets: what the accumulators need. */
  get setScores(): SetScores<NoInfer<T>> {
    return this.#scores;
  }

  /** The values that are more likely there than not. */
  get mode(): NoInfer<T>[] {
    return [...this.p].filter(([, p]) => p > 0.5).map(([value]) => value);
  }

  /** -Σ p log p + (1 - p) log(1 - p) over the known values, in nats. */
  get entropy(): number {
    return setEntropy(this.p.values(), this.minP);
  }

  logDensity(x: SetRow<NoInfer<T>>): number {
    return misfitOfSet(x, RULE) ?? this.#scores.scoreSet(x);
  }

  density(x: SetRow<NoInfer<T>>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: SetColumns<NoInfer<T>>, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
  }

  /** Draws lists, with the values in the order of `p`. */
  sampler(seed: Seed): Sampler<NoInfer<T>[]> {
    const rng = random(seed);
    return samplerOf(() => [...this.p].filter(([, p]) => rng() < clipped(p, this.minP)).map(([value]) => value));
  }

  encoder(): SetEncoder<NoInfer<T>> {
    return new SetEncoder<T>('BernoulliSet', RULE);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): BernoulliSetEstimator<NoInfer<T>> {
    const prior = imaginaryRows('BernoulliSetDistribution', options, this.p);
    return new BernoulliSetEstimator<T>({ minP: this.minP, ...prior });
  }

  /** `levels` and `p` in step: a value may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    const levels = [...this.p.keys()].map((level) => jsonLevel(level, key));
    return { type: 'BernoulliSet', levels, p: [...this.p.values()], minP: this.minP } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BernoulliSetDistribution<Level> {
    const owner = 'BernoulliSetDistribution';
    const { levels, p, minP } = checkFields(owner, fields, { levels: 'array', p: 'numbers', minP: 'number' });
    if (levels.length !== p.length) throw new ParameterError(owner, 'p', `a list of ${levels.length} numbers`, p);
    const pairs = levels.map(levelFromJSON).map((level, k): [Level, number] => {
      if (!isLevel(level)) throw new ParameterError(owner, `levels[${k}]`, LEVEL, level);
      return [level, p[k]!];
    });
    return new this<Level>(pairs, { minP });
  }
}

/** Options of {@link BernoulliSetEstimator}. */
export interface BernoulliSetOptions<T extends Level> {
  /** Imaginary rows, half of which hold each value, or as many as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * The share of the imaginary rows that holds each value; may name values that the rows lack. Needs `pseudoCount`. Or, instead
   * of such rows, a distribution over the probability of each value.
   */
  readonly prior?: LevelProbabilities<T> | LevelBetaDistribution<T>;
  /** The model's `minP`. Default 0. */
  readonly minP?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * The share of rows that holds each value, or with a pseudo count c: (n_v + c/2) / (n + c).
 * @example
 * optimize([['a'], ['a', 'b'], []], new BernoulliSetEstimator()).model.p; // Map { 'a' => 2/3, 'b' => 1/3 }
 */
// NoInfer: inside a composite the compiler would otherwise take T from the composite, and any value would do.
export class BernoulliSetEstimator<T extends Level = string>
  implements
    Estimator<
      SetRow<NoInfer<T>>,
      BernoulliSetDistribution<NoInfer<T>>,
      SetColumns<NoInfer<T>>,
      SetStatistic<NoInfer<T>>
    >
{
  readonly #prior: ReadonlyMap<T, number> | undefined;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or a `minP` outside [0, 0.5] */
  constructor(readonly options: BernoulliSetOptions<T> = {}) {
    const owner = 'BernoulliSetEstimator';
    const rows = withoutPrior<BernoulliSetOptions<T>, LevelProbabilities<T>>(owner, options, 'LevelBeta');
    checkEstimatorOptions(owner, rows, {
      pseudoCount: checkPseudoCount,
      prior: true,
      minP: orAbsent(checkMinP),
      key: checkKey,
    });
    checkPriorOptions(owner, rows, { prior: 'pseudoCount' }, { isNeeded: false });
    this.#prior = rows.prior === undefined ? undefined : new BernoulliSetDistribution<T>(rows.prior).p;
  }

  encoder(): SetEncoder<NoInfer<T>> {
    return new SetEncoder<T>('BernoulliSet', RULE);
  }

  statisticLength(schema: SetColumns<NoInfer<T>>): number {
    return schema.levels.length + 1;
  }

  accumulator(schema: SetColumns<NoInfer<T>>, statistic?: Float64Array): SetAccumulator<NoInfer<T>> {
    return new SetAccumulator<T>('BernoulliSet', schema.levels, statistic, this.options.key);
  }

  /** Total weight 0 and no prior: each value of the column is as likely there as not. */
  estimate(statistic: SetStatistic<NoInfer<T>>, report?: Report): BernoulliSetDistribution<NoInfer<T>> {
    const { count, levels, counts } = statistic;
    const { pseudoCount = 0, minP = 0 } = this.options;
    if (count === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const n = count + pseudoCount;
    const held = new Map<T, number>(levels.map((value, k) => [value, counts[k]!]));
    for (const value of this.#prior?.keys() ?? []) if (!held.has(value)) held.set(value, 0);
    const p = new Map<T, number>();
    for (const [value, weight] of held) {
      const share = this.#prior === undefined ? 0.5 : (this.#prior.get(value) ?? 0);
      // Rounding of sums in another order may pass 1.
      p.set(value, n > 0 ? Math.min(1, (weight + pseudoCount * share) / n) : 0.5);
    }
    if (minP === 0) reportOneSet(report, p.values());
    return new BernoulliSetDistribution<T>(p, { minP });
  }

  get hasPrior(): boolean {
    return this.bayes !== undefined || hasImaginaryRows(this.options);
  }

  /** With beta priors: p of each value given the rows is Beta(α + weight that holds it, β + the rest). */
  get bayes():
    | Bayes<
        BernoulliSetDistribution<NoInfer<T>>,
        SetStatistic<NoInfer<T>>,
        LevelBetaDistribution<NoInfer<T>>,
        SetColumns<NoInfer<T>>
      >
    | undefined {
    const { prior, minP = 0 } = this.options;
    if (!isPriorOf<LevelBetaDistribution<T>>(prior, 'LevelBeta')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: updatedSet,
      mode: ({ mode }) => new BernoulliSetDistribution<T>(mode, { minP }),
      parameters: ({ p }) => p,
      expectedScorer: expectedSetScorer,
      predictiveLogDensity: predictiveOfSet,
      withPrior: (next) => another<T>({ ...this.options, prior: next }),
    }));
  }

  parameterBlocks(model: BernoulliSetDistribution<NoInfer<T>>): readonly ParameterBlock[] {
    const { key, pseudoCount = 0 } = this.options;
    const ofRows = [...model.p].reduce((sum, [value, p]) => {
      const share = this.#prior === undefined ? 0.5 : (this.#prior.get(value) ?? 0);
      return sum + logOfShare(pseudoCount, share, clipped(p, model.minP));
    }, 0);
    return [
      { key, count: model.p.size, logPrior: this.bayes?.logPrior(model) ?? (this.hasPrior ? ofRows : undefined) },
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(options: BernoulliSetOptions<T>): BernoulliSetEstimator<T> {
  return new BernoulliSetEstimator<T>(options);
}
