/**
 * A value that may be missing: P(missing) = p, and f(x) = (1 - p) g(x) for a value x that is there. With p = null
 * missing rows say nothing: they score 0 and the others g(x). Model and estimator stand in one file, as any family: what makes it long
 * is that each answer of the child is one of the model too.
 */

import { bayesOf, type PosteriorOf } from '../bayes/children.js';
import { isPriorOf, shareMode } from '../bayes/conjugate.js';
import { checkEstimatorOptions, checkOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkEstimator, checkFields, checkPseudoCount } from '../checks/parameters.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Conditioned,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Queries,
  Report,
  RowOf,
  Sampler,
  Seed,
  Step,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import type { BetaDistribution } from '../families/beta.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { logOfShare } from '../leaf/prior.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { childSeed, random, samplerOf } from '../numeric/random.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import { OptionalAccumulator, type OptionalStatistic, optionalScorer, scoreOptional } from './optionalAccumulator.js';
import { isMissing, type Missing, type OptionalColumns, OptionalEncoder } from './optionalColumns.js';

export type { Missing, OptionalAccumulator, OptionalColumns, OptionalEncoder, OptionalStatistic };

/** What the child answers; `undefined`, also in the type, where it does not. */
type AnswerOf<D, N extends keyof Queries<unknown>> = (D & Queries<unknown>)[N];

/**
 * A child's value, or nothing. Moments, tails and quantiles are those of the value given that it is there; `presence` says how
 * probable that is.
 * @example
 * const d = new OptionalDistribution(new GaussianDistribution({ mu: 0, sigma2: 1 }), { p: 0.25 });
 * d.density(null); // 0.25
 */
// NoInfer: inside a record the compiler would otherwise take M from the record, and any missing value would do.
export class OptionalDistribution<D extends AnyDistribution, M extends Missing = null | undefined>
  extends PrintedModel
  implements Distribution<RowOf<D> | NoInfer<M>, OptionalColumns>
{
  static readonly typeName = 'Optional';
  static readonly typeVersion = 1;
  /** Probability of a missing row; null when missing rows are not modelled. */
  readonly p: number | null;
  /** The value that stands for «missing»; null stands for undefined too. */
  readonly missing: Missing;
  readonly #isUnbounded: boolean;
  readonly #logMissing: number;
  readonly #logPresent: number;
  readonly #scratch = new GrowingScratch();

  /**
   * @param dist  the distribution of present values
   * @param options  `p` in [0, 1] or null (default null); `missing`, default null
   * @throws {ParameterError} unless `dist` is a distribution and p null or a probability
   */
  constructor(
    readonly dist: D,
    options: { readonly p?: number | null; readonly missing?: M | null } = {},
  ) {
    super();
    checkDistribution('OptionalDistribution', 'dist', dist);
    checkOptions('OptionalDistribution', options, ['p', 'missing']);
    const { p = null, missing = null } = options;
    if (p !== null && !(typeof p === 'number' && p >= 0 && p <= 1)) {
      throw new ParameterError('OptionalDistribution', 'p', 'null or a number in [0, 1]', p);
    }
    this.p = p;
    this.missing = missing;
    this.#logMissing = p === null ? 0 : log(p);
    this.#logPresent = p === null ? 0 : log1p(-p);
    this.#isUnbounded = dist.isUnbounded === true;
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** log p, or 0 when missing rows are not modelled. */
  get logMissing(): number {
    return this.#logMissing;
  }

  /** log(1 - p), or 0 when missing rows are not modelled. */
  get logPresent(): number {
    return this.#logPresent;
  }

  /** P(a value is there): 1 - p, times that of the child. Missing rows that say nothing are as if absent. */
  get presence(): number {
    return (1 - (this.p ?? 0)) * (this.dist.presence ?? 1);
  }

  /** The mean of a value given that it is there, where the child has one. */
  get mean(): AnswerOf<D, 'mean'> {
    return this.dist.mean as AnswerOf<D, 'mean'>; // the type of the child says which of the three it is
  }

  /** The variance of a number given that it is there. */
  get variance(): AnswerOf<D, 'variance'> {
    return this.dist.variance as AnswerOf<D, 'variance'>;
  }

  /** The covariances of a vector given that it is there. */
  get covariance(): AnswerOf<D, 'covariance'> {
    return this.dist.covariance as AnswerOf<D, 'covariance'>;
  }

  /** The value of highest density among those that are there: never «missing», however probable that is. */
  get mode(): RowOf<D> | undefined {
    return this.dist.mode as RowOf<D> | undefined; // a row of the child
  }

  /** P(X <= x) given that a value is there. */
  get cdf(): AnswerOf<D, 'cdf'> {
    return this.dist.cdf?.bind(this.dist) as AnswerOf<D, 'cdf'>;
  }

  /** P(X > x) given that a value is there. */
  get survival(): AnswerOf<D, 'survival'> {
    return this.dist.survival?.bind(this.dist) as AnswerOf<D, 'survival'>;
  }

  /** The smallest x with P(X <= x) >= p, given that a value is there. */
  get quantile(): AnswerOf<D, 'quantile'> {
    return this.dist.quantile?.bind(this.dist) as AnswerOf<D, 'quantile'>;
  }

  logDensity(x: RowOf<D> | NoInfer<M>): number {
    const { logMissing, logPresent } = this;
    if (isMissing(x, this.missing)) return logMissing;
    return logPresent === -Infinity ? -Infinity : logPresent + this.dist.logDensity(x);
  }

  density(x: RowOf<D> | NoInfer<M>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: OptionalColumns, start: number, end: number, out: Float64Array): void {
    scoreOptional(this, undefined, columns, start, end, out, this.#scratch);
  }

  sampler(seed: Seed): Sampler<RowOf<D> | NoInfer<M>> {
    const child = this.dist.sampler(childSeed(seed, 'value'));
    const rng = random(childSeed(seed, 'missing'));
    // The child draws its own rows; `missing` is of type M (or null, its default).
    return samplerOf(() => (rng() < (this.p ?? 0) ? this.missing : child.sample()) as RowOf<D> | M);
  }

  encoder(): OptionalEncoder<RowOf<D> | NoInfer<M>> {
    return new OptionalEncoder(this.dist.encoder(), this.missing);
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): OptionalEstimator<ReturnType<D['estimator']>, NoInfer<M>> {
    const pseudoCount = pseudoCountOf('OptionalDistribution', options);
    const child = this.dist.estimator(options) as ReturnType<D['estimator']>;
    const missing = this.missing as M;
    if (this.p === null) return new OptionalEstimator(child, { missing, ignoreMissing: true });
    return new OptionalEstimator(child, { missing, pseudoCount, prior: this.p });
  }

  /** Of some values of the child; all of them are missing together. */
  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    return optionalOf(of(this.dist, steps), this);
  }

  /** A value of which a part is known is there. */
  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    if (isMissing(part, this.missing)) return { logDensity: this.#logMissing, rest: undefined };
    if (this.#logPresent === -Infinity) return { logDensity: -Infinity, rest: undefined };
    const { logDensity, rest } = condition(this.dist, part);
    return { logDensity: this.#logPresent + logDensity, rest };
  }

  toJSON(key?: string) {
    return { type: 'Optional', dist: this.dist, p: this.p, missing: jsonLevel(this.missing, key) } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): OptionalDistribution<AnyDistribution, Missing> {
    const {
      dist,
      p,
      missing: written,
    } = checkFields('OptionalDistribution', fields, { dist: 'unknown', p: 'unknown', missing: 'unknown' });
    if (p === undefined) throw new ParameterError('OptionalDistribution', 'p', 'null or a number in [0, 1]', p);
    const missing = levelFromJSON(written);
    // No row would be the same object as one from a file.
    if (typeof missing === 'object' && missing !== null) {
      throw new ParameterError('OptionalDistribution', 'missing', 'null, a string, a number or a boolean', missing);
    }
    return new this<AnyDistribution, Missing>(dist as AnyDistribution, {
      p: p as number | null,
      missing: missing as Missing,
    });
  }
}

/** What is known after the data: of p by a distribution, or a point where there is no prior; and of the child. */
export interface OptionalPosterior<Q> {
  readonly p: BetaDistribution | number | null | undefined;
  readonly dist: Q;
}

function isBeta(p: unknown): p is BetaDistribution {
  return isPriorOf(p, 'Beta');
}

/** Options of {@link OptionalEstimator}. */
export interface OptionalOptions<M extends Missing> {
  /** The value that stands for «missing». Default null, which includes undefined. */
  readonly missing?: M | null;
  /**
   * True leaves p null: missing rows say nothing about a row's component. False estimates p, which is 0 for rows without
   * a gap: a later gap is then impossible. Default: p is estimated, but left null when no row has a gap.
   */
  readonly ignoreMissing?: boolean;
  /** Imaginary rows: twice this many, half of them missing or as `prior` says. Default 0. */
  readonly pseudoCount?: number;
  /** Which share of the imaginary rows is missing, in [0, 1], default 0.5; or, instead of such rows, a distribution over p. */
  readonly prior?: number | BetaDistribution;
  /** Optionals with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * p = (m + 2cs) / (m + o + 2c), with m the weight of missing rows, o of present ones, c the pseudo count and s the prior (1/2).
 * @example
 * optimize([1, null, 3], new OptionalEstimator(new GaussianEstimator())).model.p; // 1/3
 */
// NoInfer: inside a record the compiler would otherwise take M from the record, and any missing value would do.
export class OptionalEstimator<E extends AnyEstimator, M extends Missing = null | undefined>
  implements
    Estimator<RowOf<E> | NoInfer<M>, OptionalDistribution<ModelOf<E>, NoInfer<M>>, OptionalColumns, OptionalStatistic>
{
  readonly #pooling: Pooling<OptionalStatistic> | undefined;

  /** @throws {ParameterError} for a negative pseudo count */
  constructor(
    readonly estimator: E,
    readonly options: OptionalOptions<M> = {},
  ) {
    checkEstimator('OptionalEstimator', 'estimator', estimator);
    this.#pooling = poolingOf('Optional', [estimator], (parts) => {
      const [child] = poolChildren(
        [estimator],
        parts.map((part) => [part.child]),
      );
      return { ...parts[0]!, child };
    });
    checkEstimatorOptions('OptionalEstimator', options, {
      missing: true,
      ignoreMissing: true,
      pseudoCount: true,
      prior: true,
      key: true,
    });
    const { pseudoCount, prior } = options;
    checkPseudoCount('OptionalEstimator', 'pseudoCount', pseudoCount);
    if (prior === undefined) return;
    if (isPriorOf<BetaDistribution>(prior, 'Beta')) {
      if (pseudoCount === undefined) return;
      throw new ParameterError(
        'OptionalEstimator',
        'pseudoCount',
        'left out where the prior is a distribution',
        pseudoCount,
      );
    }
    if (!(typeof prior === 'number' && prior >= 0 && prior <= 1)) {
      throw new ParameterError('OptionalEstimator', 'prior', 'a number in [0, 1] or a beta distribution', prior);
    }
    if (pseudoCount === undefined) {
      throw new ParameterError('OptionalEstimator', 'pseudoCount', 'given together with prior', pseudoCount);
    }
  }

  encoder(): OptionalEncoder<RowOf<E> | NoInfer<M>> {
    return new OptionalEncoder(this.estimator.encoder(), this.options.missing ?? null);
  }

  statisticLength(schema: OptionalColumns): number | undefined {
    return lengthWithChildren(2, [this.estimator], () => schema.present);
  }

  accumulator(schema: OptionalColumns, statistic?: Float64Array): OptionalAccumulator {
    const made = accumulatorsOf(2, [this.estimator], () => schema.present, statistic);
    return new OptionalAccumulator(made.children[0]!, made.own, schema.hasMissing, this.options.key);
  }

  /** Without rows and pseudo count, p is null; without a gap among the rows, unless `ignoreMissing` is false. */
  estimate(
    { missing, present, hasMissing, child }: OptionalStatistic,
    report?: Report,
    pooled?: OptionalStatistic,
  ): OptionalDistribution<ModelOf<E>, NoInfer<M>> {
    const { pseudoCount = 0 } = this.options;
    const prior = isPriorOf<BetaDistribution>(this.options.prior, 'Beta') ? this.options.prior : undefined;
    const { ignoreMissing = !hasMissing && pseudoCount === 0 && prior === undefined } = this.options;
    const share = typeof this.options.prior === 'number' ? this.options.prior : 0.5;
    const total = missing + present + 2 * pseudoCount;
    const dist = this.estimator.estimate(child, report?.at('dist'), pooled?.child) as ModelOf<E>;
    if (!ignoreMissing && prior !== undefined) return this.#modelOf(dist, shareMode(prior.updated(missing, present)));
    const p = ignoreMissing || !(total > 0) ? null : (missing + 2 * pseudoCount * share) / total;
    return this.#modelOf(dist, p);
  }

  #modelOf(dist: ModelOf<E>, p: number | null): OptionalDistribution<ModelOf<E>, NoInfer<M>> {
    return new OptionalDistribution<ModelOf<E>, M>(dist, { p, missing: this.options.missing ?? null });
  }

  get pooling(): Pooling<OptionalStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    const { pseudoCount = 0, prior } = this.options;
    return pseudoCount > 0 || isPriorOf(prior, 'Beta') || anyPrior([this.estimator]);
  }

  /** With a beta prior: p given the rows is Beta(α + m, β + o). Also where only the child has a prior that is a distribution. */
  get bayes():
    | Bayes<
        OptionalDistribution<ModelOf<E>, NoInfer<M>>,
        OptionalStatistic,
        OptionalPosterior<PosteriorOf<E>>,
        OptionalColumns
      >
    | undefined {
    const prior = isPriorOf<BetaDistribution>(this.options.prior, 'Beta') ? this.options.prior : undefined;
    const beta = this.options.ignoreMissing === true ? undefined : prior;
    if (beta === undefined && this.estimator.bayes === undefined) return undefined;
    const child = bayesOf(this.estimator) as Bayes<ModelOf<E>, unknown, PosteriorOf<E>>;
    return {
      prior: { p: beta, dist: child.prior },
      posterior: (statistic, pooled) => ({
        // Without a prior p is a point, as `estimate` says.
        p: beta?.updated(statistic.missing, statistic.present) ?? this.estimate(statistic).p,
        dist: child.posterior(statistic.child, pooled?.child),
      }),
      mode: ({ p, dist }) => this.#modelOf(child.mode(dist), isBeta(p) ? shareMode(p) : (p ?? null)),
      logPrior: ({ p, dist }) => (p === null ? 0 : (beta?.logDensity(p) ?? 0)) + child.logPrior(dist),
      expectedScorer({ p, dist }) {
        const { ofShare, ofRest } = isBeta(p)
          ? p.meanLogs
          : { ofShare: log(p ?? 1), ofRest: p === null || p === undefined ? 0 : log1p(-p) };
        return optionalScorer(child.expectedScorer(dist), { logMissing: ofShare, logPresent: ofRest });
      },
      ...(child.predictiveLogDensity !== undefined && {
        predictiveLogDensity: ({ p, dist }, row) => {
          const isGap = isMissing(row, this.options.missing ?? null);
          const share = isBeta(p) ? p.mean : p;
          const ofGap = share === null || share === undefined ? 0 : isGap ? log(share) : log1p(-share);
          return isGap ? ofGap : ofGap + child.predictiveLogDensity!(dist, row as RowOf<ModelOf<E>>);
        },
      }),
      divergence({ p, dist }, other) {
        const from = other === undefined ? beta : other.p;
        const ofMissing = isBeta(p) && isBeta(from) ? Math.max(p.crossEntropy(from) - p.entropy, 0) : 0;
        return ofMissing + child.divergence(dist, other?.dist);
      },
      withPrior: ({ p, dist }) =>
        another(child.withPrior(dist), {
          ...(this.options as OptionalOptions<Missing>),
          ...(isBeta(p) ? { prior: p } : {}),
        }),
    };
  }

  parameterBlocks(model: OptionalDistribution<ModelOf<E>, NoInfer<M>>): readonly ParameterBlock[] {
    const { pseudoCount = 0, prior } = this.options;
    const ofP = (p: number) => {
      if (isPriorOf<BetaDistribution>(prior, 'Beta')) return prior.logDensity(p);
      return pseudoCount > 0 ? logOfShare(2 * pseudoCount, prior ?? 0.5, p) : undefined;
    };
    const own =
      model.p === null
        ? { key: undefined, count: 0, logPrior: this.hasPrior ? 0 : undefined }
        : { key: undefined, count: 1, logPrior: ofP(model.p) };
    return blocksWithChildren(this.options.key, [own], [this.estimator], [model.dist]);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function optionalOf(
  dist: AnyDistribution,
  { p, missing }: { readonly p: number | null; readonly missing: Missing },
): OptionalDistribution<AnyDistribution, Missing> {
  return new OptionalDistribution(dist, { p, missing });
}

/** Likewise. */
function another<E extends AnyEstimator>(
  estimator: E,
  options: OptionalOptions<Missing>,
): OptionalEstimator<E, Missing> {
  return new OptionalEstimator<E, Missing>(estimator, options);
}
