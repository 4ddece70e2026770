/**
 * A part of a model that is given and not learnt: scores as the distribution it holds, and estimates to itself.
 */

import { checkDistribution, checkFields } from '../checks/parameters.js';
import type {
  AnyDistribution,
  Columns,
  ColumnsOf,
  Conditioned,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Queries,
  RowOf,
  Sampler,
  Seed,
  Step,
} from '../contract.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { PrintedModel } from '../tree/modelText.js';
import { NullAccumulator } from './null.js';

/** What the distribution answers; `undefined`, also in the type, where it does not. */
type AnswerOf<D, N extends keyof Queries<unknown>> = (D & Queries<unknown>)[N];

/**
 * A distribution that a fit leaves as it is.
 * @example
 * new IgnoredDistribution(new GaussianDistribution({ mu: 0, sigma2: 1 })).logDensity(0); // -0.9189385332046727
 */
export class IgnoredDistribution<D extends AnyDistribution>
  extends PrintedModel
  implements Distribution<RowOf<D>, Columns>
{
  static readonly typeName = 'Ignored';
  static readonly typeVersion = 1;
  readonly #scratch = new GrowingScratch();

  /** @param dist  the distribution to keep */
  constructor(readonly dist: D) {
    super();
    checkDistribution('IgnoredDistribution', 'dist', dist);
  }

  get isUnbounded(): boolean {
    return this.dist.isUnbounded === true;
  }

  /** The mean, where the distribution that it holds has one: this and the answers below are those of that distribution. */
  get mean(): AnswerOf<D, 'mean'> {
    return this.dist.mean as AnswerOf<D, 'mean'>; // the type of `dist` says which of the three it is
  }

  /** The variance of a number. */
  get variance(): AnswerOf<D, 'variance'> {
    return this.dist.variance as AnswerOf<D, 'variance'>;
  }

  /** The covariances of a vector. */
  get covariance(): AnswerOf<D, 'covariance'> {
    return this.dist.covariance as AnswerOf<D, 'covariance'>;
  }

  /** The value of highest density. */
  get mode(): RowOf<D> | undefined {
    return this.dist.mode as RowOf<D> | undefined; // a row of D
  }

  /** -E log f, in nats. */
  get entropy(): AnswerOf<D, 'entropy'> {
    return this.dist.entropy as AnswerOf<D, 'entropy'>;
  }

  /** P(X <= x). */
  get cdf(): AnswerOf<D, 'cdf'> {
    return this.dist.cdf?.bind(this.dist) as AnswerOf<D, 'cdf'>;
  }

  /** P(X > x), with full precision where it is small. */
  get survival(): AnswerOf<D, 'survival'> {
    return this.dist.survival?.bind(this.dist) as AnswerOf<D, 'survival'>;
  }

  /** The smallest x with P(X <= x) >= p. */
  get quantile(): AnswerOf<D, 'quantile'> {
    return this.dist.quantile?.bind(this.dist) as AnswerOf<D, 'quantile'>;
  }

  /** P(a value is there), where rows may be missing. */
  get presence(): number | undefined {
    return this.dist.presence;
  }

  logDensity(x: RowOf<D>): number {
    return this.dist.logDensity(x);
  }

  density(x: RowOf<D>): number {
    return this.dist.density(x);
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    this.dist.seqLogDensity(columns, start, end, out);
  }

  seqAddLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    if (this.dist.seqAddLogDensity !== undefined) {
      this.dist.seqAddLogDensity(columns, start, end, out);
      return;
    }
    const scores = this.#scratch.atLeast(end - start);
    this.dist.seqLogDensity(columns, start, end, scores);
    for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, scores[i]!);
  }

  sampler(seed: Seed): Sampler<RowOf<D>> {
    // A sampler of D draws rows of D.
    return this.dist.sampler(seed) as Sampler<RowOf<D>>;
  }

  encoder(): Encoder<RowOf<D>, ColumnsOf<D>> {
    return this.dist.encoder() as Encoder<RowOf<D>, ColumnsOf<D>>;
  }

  estimator(): IgnoredEstimator<D> {
    return new IgnoredEstimator(this.dist);
  }

  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    return of(this.dist, steps);
  }

  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    return condition(this.dist, part);
  }

  toJSON() {
    return { type: 'Ignored', dist: this.dist } as const;
  }

  /** @throws {ParameterError} unless `dist` is a distribution */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IgnoredDistribution<AnyDistribution> {
    const { dist } = checkFields('IgnoredDistribution', fields, { dist: 'unknown' });
    return new this(checkDistribution('IgnoredDistribution', 'dist', dist));
  }
}

/**
 * Gives back the distribution it was made with, whatever the data.
 * @example
 * // Counts of items are taken to be Poisson with mean 3:
 * const length = new IgnoredEstimator(new PoissonDistribution({ lambda: 3 }));
 * new SequenceEstimator(new GaussianEstimator(), { length });
 */
export class IgnoredEstimator<D extends AnyDistribution>
  implements Estimator<RowOf<D>, IgnoredDistribution<D>, Columns, null>
{
  /**
   * @param dist  the distribution to keep
   * @throws {ParameterError} for an estimator, say
   */
  constructor(readonly dist: D) {
    checkDistribution('IgnoredEstimator', 'dist', dist);
  }

  encoder(): Encoder<RowOf<D>, Columns> {
    return this.dist.encoder() as Encoder<RowOf<D>, Columns>;
  }

  statisticLength(): number {
    return 0;
  }

  accumulator(): NullAccumulator {
    return new NullAccumulator();
  }

  estimate(): IgnoredDistribution<D> {
    return new IgnoredDistribution(this.dist);
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [];
  }
}
