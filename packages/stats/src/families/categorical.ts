/**
 * One of finitely many levels: P(X = v) = p(v). Levels are strings, numbers, booleans or null; `1` and `'1'` differ.
 * A floor `unseen` = d gives every value outside the levels the mass d, and divides all by 1 + d.
 * Source: Agresti, Categorical Data Analysis (2013), ch. 1.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import type { LevelDirichletDistribution } from '../bayes/levelDirichlet.js';
import { checkEstimatorOptions, checkFlag, checkKey, checkOptions, checkPriorOptions } from '../checks/options.js';
import { checkFields, checkProbabilities, checkProbability, checkPseudoCount } from '../checks/parameters.js';
import type { Bayes, Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { formatValue, ParameterError } from '../errors.js';
import { reportDead, reportPointMass } from '../leaf/findings.js';
import { mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import type { CategoricalColumns, CategoricalStatistic, Level } from '../leaf/levels/levels.js';
import { CategoricalAccumulator, CategoricalEncoder, isLevel, LEVEL, LevelScores } from '../leaf/levels/levels.js';
import { hasImaginaryRows, type ImaginaryRows, imaginaryRows, timesLog } from '../leaf/prior.js';
import { largestIndex, tableEntropy } from '../leaf/tableQueries.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { drawIndex, random, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';

export type { CategoricalColumns, CategoricalStatistic, Level } from '../leaf/levels/levels.js';
export { type CategoricalAccumulator, type CategoricalEncoder, isLevel } from '../leaf/levels/levels.js';

/** Probabilities by level: an object for string levels, a `Map` or pairs for any. */
export type LevelProbabilities<T extends Level> =
  | Iterable<readonly [T, number]>
  | (T extends string ? Readonly<Record<T, number>> : never);

/** Whether the probabilities have a name of their own; a level `'p'` has a number. */
function isNamed<P>(
  given: P | { readonly p: P; readonly unseen?: number },
): given is { readonly p: P; readonly unseen?: number } {
  return typeof given === 'object' && given !== null && 'p' in given && typeof given.p === 'object' && given.p !== null;
}

/**
 * A distribution over levels.
 * @example
 * new CategoricalDistribution({ a: 0.3, b: 0.7 }).density('b'); // 0.7
 * new CategoricalDistribution(new Map([[1, 0.5], [2, 0.5]]));   // levels that are numbers
 */
// NoInfer: inside a composite the compiler would otherwise take T from the composite, and any level would do.
export class CategoricalDistribution<T extends Level = string>
  extends PrintedModel
  implements Distribution<NoInfer<T>, CategoricalColumns<NoInfer<T>>>
{
  static readonly typeName = 'Categorical';
  static readonly typeVersion = 1;
  /** Probability of each level, in the order given. */
  readonly p: ReadonlyMap<T, number>;
  /** The mass of each value outside the levels, before division by 1 + `unseen`. */
  readonly unseen: number;
  readonly #logTotal: number;
  readonly #scores = new LevelScores((level) => this.logDensity(level as T));

  /**
   * @param p  probability of each level; must sum to 1 within 1e-9
   * @param options  `unseen` in [0, 1], default 0
   * @throws {ParameterError}
   */
  constructor(p: LevelProbabilities<T>, options?: { readonly unseen?: number });
  /** The same by names, as other families have it: `{ p: { a: 0.3, b: 0.7 }, unseen: 0 }`. */
  constructor(parameters: { readonly p: LevelProbabilities<T>; readonly unseen?: number });
  constructor(
    given: LevelProbabilities<T> | { readonly p: LevelProbabilities<T>; readonly unseen?: number },
    options?: { readonly unseen?: number },
  ) {
    super();
    if (options !== undefined) checkOptions('CategoricalDistribution', options, ['unseen']);
    const { p, unseen = 0 } = isNamed(given) ? given : { p: given, ...options };
    this.p = mapByLevel<T, number>('CategoricalDistribution', 'p', p);
    for (const [level, share] of this.p) {
      if (typeof share === 'number') continue;
      throw new ParameterError(
        'CategoricalDistribution',
        `p of ${formatValue(level)}`,
        'a probability, as in { a: 0.3, b: 0.7 }',
        share,
      );
    }
    if (this.p.size > 0) checkProbabilities('CategoricalDistribution', 'p', [...this.p.values()]);
    checkProbability('CategoricalDistribution', 'unseen', unseen);
    this.unseen = unseen;
    this.#logTotal = log1p(unseen);
  }

  /** The most probable level: the first of several; `undefined` without levels. */
  get mode(): NoInfer<T> | undefined {
    return [...this.p.keys()][largestIndex([...this.p.values()])];
  }

  /** The mean of -log f over the levels; what lies outside them has no probability. */
  get entropy(): number {
    return tableEntropy(this.p.values()) + this.#logTotal;
  }

  logDensity(x: NoInfer<T>): number {
    if (!isLevel(x)) return Number.isNaN(x) ? Number.NaN : -Infinity;
    return log(this.p.get(x) ?? this.unseen) - this.#logTotal;
  }

  density(x: NoInfer<T>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: CategoricalColumns<NoInfer<T>>, start: number, end: number, out: Float64Array): void {
    this.#scores.score(columns, start, end, out);
  }

  seqAddLogDensity(columns: CategoricalColumns<NoInfer<T>>, start: number, end: number, out: Float64Array): void {
    this.#scores.add(columns, start, end, out);
  }

  /** @throws {ParameterError} when the distribution has no levels */
  sampler(seed: Seed): Sampler<NoInfer<T>> {
    const levels = [...this.p.keys()];
    const weights = [...this.p.values()];
    if (levels.length === 0)
      throw new ParameterError('CategoricalDistribution', 'p', 'a list of at least one level', []);
    const rng = random(seed);
    return samplerOf(() => levels[drawIndex(rng, weights)]!);
  }

  encoder(): CategoricalEncoder<NoInfer<T>> {
    return new CategoricalEncoder<T>();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): CategoricalEstimator<NoInfer<T>> {
    return new CategoricalEstimator<T>(imaginaryRows('CategoricalDistribution', options, this.p));
  }

  /** `levels` and `p` in step: a level may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    return {
      type: 'Categorical',
      levels: [...this.p.keys()].map((level) => jsonLevel(level, key)),
      p: [...this.p.values()],
      unseen: this.unseen,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): CategoricalDistribution<Level> {
    const owner = 'CategoricalDistribution';
    const { levels, p, unseen } = checkFields(owner, fields, { levels: 'array', p: 'numbers', unseen: 'number' });
    if (levels.length !== p.length) throw new ParameterError(owner, 'p', `a list of ${levels.length} numbers`, p);
    const pairs = levels.map(levelFromJSON).map((level, k): [Level, number] => {
      if (!isLevel(level)) throw new ParameterError(owner, `levels[${k}]`, LEVEL, level);
      return [level, p[k]!];
    });
    return new this<Level>(pairs, { unseen });
  }
}

/** Options of {@link CategoricalEstimator}. */
export interface CategoricalOptions<T extends Level> {
  /** Imaginary rows, spread evenly over the levels seen, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * How the imaginary rows are spread; may name levels that the data lack. Needs `pseudoCount`. Or, instead of such rows, a
   * distribution over the probabilities.
   */
  readonly prior?: LevelProbabilities<T> | LevelDirichletDistribution<T>;
  /** Gives values outside the levels the mass 1/n² each, n being the total weight. Default false: mass 0. */
  readonly allowUnseen?: boolean;
  /** Categoricals with equal keys get equal parameters. */
  readonly key?: string;
}

/** See {@link CategoricalEstimator}. */
interface LevelsWithPrior<T> {
  readonly of: readonly T[];
  /** Those of the column first. */
  readonly all: readonly T[];
  readonly imaginary?: Float64Array;
}

const OWNER = 'CategoricalEstimator';

/**
 * Relative frequencies, or with a pseudo count c and K levels: (n_k + c/K) / (n + c).
 * @example
 * optimize(['a', 'b', 'b'], new CategoricalEstimator()).model.p; // Map { 'a' => 1/3, 'b' => 2/3 }
 */
// NoInfer: inside a composite the compiler would otherwise take T from the composite, and any level would do.
export class CategoricalEstimator<T extends Level = string>
  implements
    Estimator<
      NoInfer<T>,
      CategoricalDistribution<NoInfer<T>>,
      CategoricalColumns<NoInfer<T>>,
      CategoricalStatistic<NoInfer<T>>
    >
{
  readonly #rows: ImaginaryRows<LevelProbabilities<T>>;
  readonly #prior: readonly (readonly [T, number])[] | undefined;
  /** Of the column that was estimated last. */
  #levels: LevelsWithPrior<T> | undefined;

  /** @throws {ParameterError} for a negative pseudo count, or a prior without one */
  constructor(readonly options: CategoricalOptions<T> = {}) {
    const rows = withoutPrior<CategoricalOptions<T>, LevelProbabilities<T>>(OWNER, options, 'LevelDirichlet');
    checkEstimatorOptions(OWNER, rows, {
      pseudoCount: checkPseudoCount,
      prior: true,
      allowUnseen: checkFlag,
      key: checkKey,
    });
    checkPriorOptions(OWNER, rows, { prior: 'pseudoCount' }, { isNeeded: false });
    this.#rows = rows;
    const { prior } = rows;
    this.#prior = prior === undefined ? undefined : [...mapByLevel<T, number>(OWNER, 'prior', prior)];
  }

  encoder(): CategoricalEncoder<NoInfer<T>> {
    return new CategoricalEncoder<T>();
  }

  statisticLength(schema: CategoricalColumns<NoInfer<T>>): number {
    return schema.levels.length;
  }

  accumulator(schema: CategoricalColumns<NoInfer<T>>, statistic?: Float64Array): CategoricalAccumulator<NoInfer<T>> {
    return new CategoricalAccumulator<T>(schema.levels, statistic, this.options.key);
  }

  /** Total weight 0 and no prior: uniform over the levels of the column. */
  estimate({ levels, counts }: CategoricalStatistic<NoInfer<T>>, report?: Report): CategoricalDistribution<NoInfer<T>> {
    const { pseudoCount = 0, allowUnseen = false } = this.options;
    let n = 0;
    for (let k = 0; k < counts.length; k++) n += counts[k]!;
    if (n === 0) reportDead(report);
    if (this.bayes !== undefined) return this.#withUnseen(this.bayes.posterior({ levels, counts }), n);
    const { all, imaginary } = this.#levelsWith(levels);
    const shares = new Float64Array(all.length);
    let total = 0;
    for (let k = 0; k < shares.length; k++) {
      shares[k] = (counts[k] ?? 0) + (imaginary?.[k] ?? pseudoCount / shares.length);
      total += shares[k]!;
    }
    const p = new Map<T, number>();
    for (let k = 0; k < shares.length; k++) p.set(all[k]!, total > 0 ? shares[k]! / total : 1 / shares.length);
    reportPointMass(report, p.values());
    return new CategoricalDistribution<T>(p, { unseen: allowUnseen ? unseenMass(n) : 0 });
  }

  /** The levels of a column and those that only the prior names, with the imaginary rows of each where it says how they are spread. */
  #levelsWith(levels: readonly T[]): LevelsWithPrior<T> {
    if (this.#prior === undefined) return { of: levels, all: levels };
    if (this.#levels?.of !== levels) {
      const { pseudoCount = 0 } = this.options;
      const rows = new Map(levels.map((level) => [level, 0]));
      for (const [level, q] of this.#prior) rows.set(level, pseudoCount * q);
      this.#levels = { of: levels, all: [...rows.keys()], imaginary: Float64Array.from(rows.values()) };
    }
    return this.#levels;
  }

  get hasPrior(): boolean {
    return this.bayes !== undefined || hasImaginaryRows(this.#rows);
  }

  /** With a Dirichlet prior: the probabilities given the rows are Dirichlet(α + counts). */
  get bayes():
    | Bayes<
        CategoricalDistribution<NoInfer<T>>,
        CategoricalStatistic<NoInfer<T>>,
        LevelDirichletDistribution<NoInfer<T>>,
        CategoricalColumns<NoInfer<T>>
      >
    | undefined {
    const { prior } = this.options;
    if (!isPriorOf<LevelDirichletDistribution<T>>(prior, 'LevelDirichlet')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, { levels, counts }: CategoricalStatistic<T>) => known.updated(levels, counts),
      mode: (known) => new CategoricalDistribution<T>(known.mode),
      parameters: ({ p }: CategoricalDistribution<T>) => p,
      expectedScorer: (known) => scorerOf(new LevelScores((level) => known.meanLogOf(level as T))),
      predictiveLogDensity: (known, x) => log(known.meanOf(x)),
      withPrior: (next) => another<T>({ ...this.options, prior: next }),
    }));
  }

  /** The mode, with the mass that values outside the levels get. */
  #withUnseen(known: LevelDirichletDistribution<T>, n: number): CategoricalDistribution<T> {
    return new CategoricalDistribution<T>(known.mode, { unseen: this.options.allowUnseen ? unseenMass(n) : 0 });
  }

  parameterBlocks(model: CategoricalDistribution<NoInfer<T>>): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: Math.max(0, model.p.size - 1), logPrior: this.#logPrior(model) }];
  }

  #logPrior(model: CategoricalDistribution<NoInfer<T>>): number | undefined {
    if (this.bayes !== undefined) return this.bayes.logPrior(model);
    const { pseudoCount = 0 } = this.#rows;
    if (pseudoCount === 0) return undefined;
    let sum = 0;
    if (this.#prior === undefined) for (const p of model.p.values()) sum += timesLog(pseudoCount / model.p.size, p);
    else for (const [level, share] of this.#prior) sum += timesLog(pseudoCount * share, model.p.get(level) ?? 0);
    return sum;
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<T extends Level>(options: CategoricalOptions<T>): CategoricalEstimator<T> {
  return new CategoricalEstimator<T>(options);
}

/** 1/n², at most 1; one half without data. */
function unseenMass(n: number): number {
  return n === 0 ? 0.5 : Math.min(1, 1 / (n * n));
}
