/**
 * Variational Bayes for any composition whose parameters have priors that are distributions. The E step scores rows by
 * E log f(x) under what is known of the parameters; the M step makes the posterior of the expected labels. Both raise the
 * evidence lower bound: the sum of the rows' scores, less the divergence of the posterior from the prior.
 * Source: Attias, A variational Bayesian framework for graphical models (2000); Beal, Variational algorithms for approximate
 * Bayesian inference (2003), ch. 2.
 */

import { bayesOf, type PosteriorOf } from '../bayes/children.js';
import { checkDistribution, checkEstimator, checkFields, checkObject } from '../checks/parameters.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Draws,
  Encoder,
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
  TiedNode,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scoreChild } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';

/**
 * A model whose parameters are known by a distribution. As a distribution it is `model`, the one of the most probable parameters.
 * @typeParam Q  what is known of the parameters
 * @example
 * const prior = new NormalGammaDistribution({ mu: 0, lambda: 0.1, alpha: 2, beta: 2 });
 * const { model } = optimize([1, 2, 3], variational(new GaussianEstimator({ prior })));
 * model.known.mu; // 1.935…: that of the posterior, a NormalGammaDistribution
 */
export class VariationalDistribution<D extends AnyDistribution, Q = unknown>
  extends PrintedModel
  implements Distribution<RowOf<D>, Columns>
{
  static readonly typeName = 'Variational';
  static readonly typeVersion = 1;
  /** What is known of the parameters. */
  readonly known: Q;

  /**
   * @param model  the model at the most probable parameters
   * @param parameters  `known`: what is known of them, in the terms of the estimator's `bayes`
   * @throws {ParameterError} unless `model` is a distribution
   */
  constructor(
    readonly model: D,
    parameters: { readonly known: Q },
  ) {
    super();
    checkDistribution('VariationalDistribution', 'model', model);
    this.known = checkObject('VariationalDistribution', parameters, ['known']).known;
  }

  get isUnbounded(): boolean {
    return this.model.isUnbounded === true;
  }

  logDensity(x: RowOf<D>): number {
    return this.model.logDensity(x);
  }

  density(x: RowOf<D>): number {
    return this.model.density(x);
  }

  seqLogDensity(columns: Columns, start: number, end: number, out: Float64Array): void {
    this.model.seqLogDensity(columns, start, end, out);
  }

  sampler(seed: Seed): Sampler<RowOf<D>> {
    return this.model.sampler(seed) as Sampler<RowOf<D>>;
  }

  encoder(): Encoder<RowOf<D>, Columns> {
    return this.model.encoder() as Encoder<RowOf<D>, Columns>;
  }

  /** That of `model`: priors are no part of a model. */
  estimator(options: { readonly pseudoCount?: number } = {}): ReturnType<D['estimator']> {
    return this.model.estimator(options) as ReturnType<D['estimator']>;
  }

  toJSON() {
    return { type: 'Variational', model: this.model, known: this.known } as const;
  }

  /** @throws {ParameterError} unless `model` is a distribution */
  static fromJSON(fields: Readonly<Record<string, unknown>>): VariationalDistribution<AnyDistribution> {
    const { model, known } = checkFields('VariationalDistribution', fields, { model: 'unknown', known: 'unknown' });
    return new this(checkDistribution('VariationalDistribution', 'model', model), { known });
  }
}

type KnownModel = VariationalDistribution<AnyDistribution>;

/** The E step of the estimator, with the expected scores of the entering model. */
export class VariationalAccumulator implements Accumulator<Columns, unknown, KnownModel> {
  readonly kind: string;
  readonly key: string | undefined;
  readonly children: readonly TiedNode[];
  /** Where the estimator's own accumulator has it. */
  readonly scoreSum?: (model: KnownModel, columns: Columns, start: number, end: number) => number;
  readonly #inner: Accumulator;
  readonly #scorerOf: (known: unknown) => Scorer;
  #entered: { readonly model: KnownModel; readonly scorer: Scorer } | undefined;

  constructor(inner: Accumulator, scorerOf: (known: unknown) => Scorer) {
    this.#inner = inner;
    this.#scorerOf = scorerOf;
    this.kind = `Variational[${inner.kind ?? '?'}]`;
    this.key = inner.key;
    this.children = inner.children ?? [];
    if (inner.scoreSum !== undefined) {
      this.scoreSum = (model, ...rows) => inner.scoreSum!(this.#scorer(model), ...rows); // just seen
    }
  }

  #scorer(model: KnownModel): Scorer {
    if (this.#entered?.model !== model) this.#entered = { model, scorer: this.#scorerOf(model.known) };
    return this.#entered.scorer;
  }

  begin(model: KnownModel | undefined, columns: Columns, scratch: Scratch): void {
    this.#inner.begin?.(model === undefined ? undefined : this.#scorer(model), columns, scratch);
  }

  score(model: KnownModel, columns: Columns, start: number, end: number, out: Float64Array): void {
    scoreChild(this.#inner, this.#scorer(model), columns, start, end, out);
  }

  seqUpdate(columns: Columns, start: number, end: number, weights: Float64Array, model?: KnownModel): void {
    this.#inner.seqUpdate(columns, start, end, weights, model === undefined ? undefined : this.#scorer(model));
  }

  seqInitialize(columns: Columns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    if (this.#inner.seqInitialize === undefined) this.#inner.seqUpdate(columns, start, end, weights);
    else this.#inner.seqInitialize(columns, start, end, weights, draws);
  }

  combine(statistic: unknown): void {
    this.#inner.combine(statistic);
  }

  value(): unknown {
    return this.#inner.value();
  }

  fromValue(statistic: unknown): void {
    this.#inner.fromValue(statistic);
  }
}

/** Made by {@link variational}. */
export class VariationalEstimator<E extends AnyEstimator>
  implements Estimator<RowOf<E>, VariationalDistribution<ModelOf<E>, PosteriorOf<E>>, Columns, unknown>
{
  readonly #bayes: ReturnType<typeof bayesOf>;

  /** @throws {ParameterError} when no part of the estimator has a prior that is a distribution */
  constructor(readonly estimator: E) {
    checkEstimator('variational', 'estimator', estimator);
    this.#bayes = bayesOf(estimator);
    if (estimator.bayes !== undefined) return;
    const expected =
      'an estimator with a prior that is a distribution, or with a part that has one, and of a family that it goes through ' +
      '(not hidden semi-Markov models, associations, or joint mixtures with pseudo counts)';
    throw new ParameterError('variational', 'estimator', expected, estimator);
  }

  encoder(): Encoder<RowOf<E>, Columns> {
    return this.estimator.encoder() as Encoder<RowOf<E>, Columns>;
  }

  statisticLength(schema: Columns): number | undefined {
    return this.estimator.statisticLength?.(schema);
  }

  accumulator(schema: Columns, statistic?: Float64Array): VariationalAccumulator {
    return new VariationalAccumulator(this.estimator.accumulator(schema, statistic), (known) =>
      this.#bayes.expectedScorer(known),
    );
  }

  /** Parts without a prior are fitted by maximum likelihood, as points. */
  estimate(statistic: unknown, report?: Report, pooled?: unknown): VariationalDistribution<ModelOf<E>, PosteriorOf<E>> {
    // The estimate is the mode of the posterior, and says what there is to report.
    const model = this.estimator.estimate(statistic, report?.at('model'), pooled) as ModelOf<E>;
    return new VariationalDistribution(model, { known: this.#bayes.posterior(statistic, pooled) as PosteriorOf<E> });
  }

  get pooling(): Pooling | undefined {
    return this.estimator.pooling;
  }

  get hasPrior(): boolean {
    return true;
  }

  /** What the bound has beside the rows' part: the divergence of what is known from the prior, negative. */
  logPrior({ known }: VariationalDistribution<ModelOf<E>, PosteriorOf<E>>): number {
    return -this.#bayes.divergence(known);
  }

  get takesLabels(): boolean {
    return this.estimator.takesLabels === true;
  }

  /** Those of the model. */
  parameterBlocks({ model }: VariationalDistribution<ModelOf<E>, PosteriorOf<E>>): readonly ParameterBlock[] {
    return this.estimator.parameterBlocks?.(model) ?? [];
  }
}

/**
 * The same estimator, fitted by variational Bayes: what a fit reports as log-likelihood is the rows' part of the bound, and with
 * `logPrior` it is the bound, which never falls. Mixtures use E log w and E log f, hidden Markov models E log of their tables, and
 * so on at each depth. The model knows its parameters as distributions: `model.known`, in the terms of `estimator.bayes`.
 * @param estimator  with a prior that is a distribution, in itself or in a part; parts without one are points. Give it as the
 *   outermost estimator of a fit
 * @throws {ParameterError} when no part has such a prior
 * @example
 * const each = new GaussianEstimator({ prior: new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 2 }) });
 * const prior = new DirichletDistribution({ alpha: [0.1, 0.1, 0.1] });
 * const estimator = variational(new MixtureEstimator([each, each, each], { prior }));
 * const { model } = optimize([0.1, -0.2, 0, 9.8, 10.1, 10], estimator, { seed: 1 });
 * model.known.w; // the posterior of the weights, a DirichletDistribution
 */
export function variational<E extends AnyEstimator>(estimator: E): VariationalEstimator<E> {
  return new VariationalEstimator(estimator);
}
