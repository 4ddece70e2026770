/**
 * A value given another: f(g, x) = h(g) f_g(x), with a distribution f_g for each level g, one for all other levels, and
 * an optional model h of the given level itself. Model and estimator stand in one file, as each makes the other; passes over columns,
 * encoders and questions about levels have files of their own.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, checkOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkEstimator, checkFields } from '../checks/parameters.js';
import { allOf } from '../checks/rows.js';
import { isPart, partSteps } from '../checks/steps.js';
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
  Report,
  RowOf,
  Sampler,
  Seed,
} from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import type { Level } from '../families/categorical.js';
import { isLevel } from '../families/categorical.js';
import { type ByLevel, mapByLevel } from '../leaf/levels/byLevel.js';
import { jsonLevel, levelFromJSON } from '../leaf/levels/jsonLevels.js';
import { exp } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import {
  ConditionalAccumulator,
  ConditionalMemory,
  type ConditionalStatistic,
  conditionalScorer,
  scoreConditional,
} from './conditionalAccumulator.js';
import type { ConditionalColumns, ConditionalRow } from './conditionalColumns.js';
import { ConditionalEncoder, checkTakesLevels } from './conditionalColumns.js';
import { pairGivenValue } from './conditionalLevels.js';
import { GroupAccumulators } from './groups.js';
import { NullDistribution, NullEstimator } from './null.js';

export type { ConditionalAccumulator, ConditionalColumns, ConditionalEncoder, ConditionalRow, ConditionalStatistic };

/** Parameters of {@link ConditionalDistribution}. */
export interface ConditionalParameters<O extends AnyDistribution, G extends AnyDistribution> {
  /** Distribution of the value for all levels that have none. Default: none; such rows are impossible. */
  readonly otherwise?: O | null;
  /** Distribution of the given level. Default: none; it scores 0, and rows cannot be drawn without a level. */
  readonly given?: G;
}

/**
 * A distribution for each level of the first field.
 * @example
 * const d = new ConditionalDistribution({
 *   cat: new GaussianDistribution({ mu: 4, sigma2: 1 }),
 *   dog: new GaussianDistribution({ mu: 20, sigma2: 50 }),
 * });
 * d.logDensity(['cat', 4]); // -0.9189385332046727
 */
export class ConditionalDistribution<
    D extends AnyDistribution,
    O extends AnyDistribution = D,
    G extends AnyDistribution = NullDistribution,
    L extends Level = string,
  >
  extends PrintedModel
  implements Distribution<ConditionalRow<L, RowOf<D> | RowOf<O>>, ConditionalColumns>
{
  static readonly typeName = 'Conditional';
  static readonly typeVersion = 1;
  /** Distribution of the value by level, in the order given. */
  readonly dists: ReadonlyMap<L, D>;
  /** Distribution for all other levels, or null. */
  readonly otherwise: O | null;
  /** Distribution of the level. */
  readonly given: G;
  readonly #isUnbounded: boolean;
  readonly #memory = new ConditionalMemory();
  #grouped:
    | { readonly columns: readonly Level[]; readonly dists: readonly (AnyDistribution | undefined)[] }
    | undefined;

  /** @throws {ParameterError} for a level that stands twice, a child that is not a distribution, a `given` over other rows */
  constructor(dists: ByLevel<L, D>, parameters: ConditionalParameters<O, G> = {}) {
    super();
    const owner = 'ConditionalDistribution';
    checkOptions(owner, parameters, ['otherwise', 'given']);
    const { otherwise = null, given } = parameters;
    this.dists = mapByLevel(owner, 'dists', dists);
    for (const [level, dist] of this.dists) checkDistribution(owner, `dists[${JSON.stringify(level)}]`, dist);
    if (otherwise !== null) checkDistribution(owner, 'otherwise', otherwise);
    this.otherwise = otherwise;
    // Without a model of the level, G is its default: NullDistribution.
    this.given = given ?? (new NullDistribution() as AnyDistribution as G);
    checkDistribution(owner, 'given', this.given);
    checkTakesLevels(owner, 'a distribution', this.given, this.dists.keys());
    this.#isUnbounded = [...this.dists.values(), otherwise, this.given].some((dist) => dist?.isUnbounded === true);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** NaN for anything but a pair of a level and a value. */
  logDensity(x: ConditionalRow<L, RowOf<D> | RowOf<O>>): number {
    if (!Array.isArray(x) || x.length !== 2 || !isLevel(x[0])) return Number.NaN;
    const [given, value] = x as ConditionalRow<L, RowOf<D> | RowOf<O>>; // the type says that a pair is one of these
    const dist = this.dists.get(given) ?? this.otherwise;
    return addLogs(dist === null ? -Infinity : dist.logDensity(value), this.given.logDensity(given));
  }

  density(x: ConditionalRow<L, RowOf<D> | RowOf<O>>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: ConditionalColumns, start: number, end: number, out: Float64Array): void {
    scoreConditional(this, undefined, columns, start, end, out, this.#memory);
  }

  /**
   * The distribution of each group of `columns`.
   * @throws {EstimationError} when the columns lack a group for a distribution of this model
   */
  groupDists({ levels, hasOtherwise }: ConditionalColumns): readonly (AnyDistribution | undefined)[] {
    if (this.#grouped?.columns === levels) return this.#grouped.dists;
    const known = new Set(levels);
    const missing = [...this.dists.keys()].find((level) => !known.has(level));
    if (missing !== undefined || (this.otherwise !== null && !hasOtherwise)) {
      const what = missing === undefined ? 'other levels' : `the level ${JSON.stringify(missing)}`;
      throw new EstimationError(
        `Conditional: the rows were encoded by a model without ${what}. Conditionals over the same rows need the same levels.`,
      );
    }
    const dists = levels.map((level) => this.dists.get(level as L) ?? this.otherwise ?? undefined);
    if (hasOtherwise) dists.push(this.otherwise ?? undefined);
    this.#grouped = { columns: levels, dists };
    return dists;
  }

  /** @throws {ParameterError} when there is no model of the given level */
  sampler(seed: Seed): Sampler<ConditionalRow<L, RowOf<D> | RowOf<O>>> {
    if (this.given instanceof NullDistribution) {
      throw new ParameterError('ConditionalDistribution', 'given', 'a distribution, to draw rows from it', this.given);
    }
    const levels = this.given.sampler(childSeed(seed, 'given'));
    const values = this.#valueSamplers(seed);
    // A sampler of G draws levels.
    return samplerOf(() => this.#drawGiven(values, levels.sample() as L));
  }

  /** Draws values for one level. @throws {ParameterError} for a level without a distribution */
  sampleGiven(given: L, seed: Seed): Sampler<RowOf<D> | RowOf<O>> {
    const values = this.#valueSamplers(seed);
    return samplerOf(() => this.#drawGiven(values, given)[1]);
  }

  #valueSamplers(seed: Seed): ReadonlyMap<Level | undefined, Sampler<unknown>> {
    const samplers = new Map<Level | undefined, Sampler<unknown>>();
    let index = 0;
    for (const [level, dist] of this.dists) samplers.set(level, dist.sampler(childSeed(seed, index++)));
    if (this.otherwise !== null) samplers.set(undefined, this.otherwise.sampler(childSeed(seed, 'otherwise')));
    return samplers;
  }

  #drawGiven(
    samplers: ReadonlyMap<Level | undefined, Sampler<unknown>>,
    given: L,
  ): ConditionalRow<L, RowOf<D> | RowOf<O>> {
    const sampler = samplers.get(given) ?? samplers.get(undefined);
    if (sampler === undefined) {
      throw new ParameterError('ConditionalDistribution', 'dists', `a map that holds every level to draw`, given);
    }
    // Each sampler draws rows of D, the last one of O.
    return [given, sampler.sample() as RowOf<D> | RowOf<O>];
  }

  encoder(): ConditionalEncoder<L, RowOf<D> | RowOf<O>> {
    const byLevel = [...this.dists].map(([level, dist]) => [level, dist.encoder()] as const);
    return new ConditionalEncoder(byLevel, this.otherwise?.encoder() ?? null, this.given.encoder());
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): ConditionalEstimator<ReturnType<D['estimator']>, ReturnType<O['estimator']>, ReturnType<G['estimator']>, L> {
    pseudoCountOf('ConditionalDistribution', options);
    const byLevel = [...this.dists].map(
      ([level, dist]) => [level, dist.estimator(options) as ReturnType<D['estimator']>] as const,
    );
    return new ConditionalEstimator(byLevel, {
      otherwise: (this.otherwise?.estimator(options) ?? null) as ReturnType<O['estimator']> | null,
      given: this.given.estimator(options) as ReturnType<G['estimator']>,
    });
  }

  /**
   * Of the value where the level is known, at step 0; of the level where the value is known, at step 1; of both where a part of the
   * value is known.
   * @throws {ParameterError} for a value without a model of the level
   */
  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    const known = isPart(part) ? partSteps(part, [0, 1]) : [];
    if (!isPart(part)) {
      // A list is a whole row: `logDensity` looks at it.
      return { logDensity: this.logDensity(part as ConditionalRow<L, RowOf<D> | RowOf<O>>), rest: undefined };
    }
    if (known.length === 0) return { logDensity: 0, rest: this };
    if (!known.includes(0)) return pairGivenValue(this, part[1], condition, byLevel);
    const level = part[0] as L;
    if (!isLevel(level)) return { logDensity: Number.NaN, rest: undefined };
    const dist = this.dists.get(level) ?? this.otherwise;
    if (dist === null) return { logDensity: -Infinity, rest: undefined };
    const ofLevel = this.given.logDensity(level);
    if (!known.includes(1)) return { logDensity: ofLevel, rest: dist };
    const { logDensity, rest } = condition(dist, part[1]);
    return { logDensity: addLogs(ofLevel, logDensity), rest };
  }

  /** `levels` and `dists` in step: a level may be a number or null, which cannot be a field name. */
  toJSON(key?: string) {
    return {
      type: 'Conditional',
      levels: [...this.dists.keys()].map((level) => jsonLevel(level, key)),
      dists: [...this.dists.values()],
      otherwise: this.otherwise,
      given: this.given,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level> {
    const owner = 'ConditionalDistribution';
    const {
      levels: written,
      dists,
      otherwise,
      given,
    } = checkFields(owner, fields, { levels: 'unknown', dists: 'unknown', otherwise: 'unknown', given: 'unknown' });
    const levels = Array.isArray(written) ? written.map(levelFromJSON) : written;
    if (!Array.isArray(levels) || !allOf(levels, isLevel)) {
      throw new ParameterError(owner, 'levels', 'a list of strings, numbers, booleans or nulls', levels);
    }
    if (!Array.isArray(dists) || dists.length !== levels.length) {
      throw new ParameterError(owner, 'dists', `a list of ${levels.length} distributions`, dists);
    }
    const pairs = levels.map((level, j) => [level, checkDistribution(owner, `dists[${j}]`, dists[j])] as const);
    return new this<AnyDistribution, AnyDistribution, AnyDistribution, Level>(pairs, {
      otherwise: otherwise as AnyDistribution | null,
      given: checkDistribution(owner, 'given', given),
    });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function byLevel(dists: ReadonlyMap<Level, AnyDistribution>, given: AnyDistribution): AnyDistribution {
  return new ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>(dists, { given });
}

/** What is known after the data of the children's parameters. */
export interface ConditionalPosterior<Q, R> {
  /** By level, in the order given, and of other levels if they have a model. */
  readonly groups: readonly Q[];
  readonly given: R;
}

/** Options of {@link ConditionalEstimator}. */
export interface ConditionalOptions<O extends AnyEstimator, G extends AnyEstimator> {
  /** Estimator of the value for all levels that have none. Default: none; such rows are impossible. */
  readonly otherwise?: O | null;
  /** Estimator of the given level. Default: none. */
  readonly given?: G;
  /** Conditionals with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Estimates each level from its own rows.
 * @example
 * const e = new GaussianEstimator();
 * const rows = [['cat', 4], ['cat', 5], ['dog', 20], ['dog', 30]] as const;
 * const { model } = optimize(rows, new ConditionalEstimator({ cat: e, dog: e }));
 * model.dists.get('cat')!.mu; // 4.5
 */
export class ConditionalEstimator<
  E extends AnyEstimator,
  O extends AnyEstimator = E,
  G extends AnyEstimator = NullEstimator,
  L extends Level = string,
> implements
    Estimator<
      ConditionalRow<L, RowOf<E> | RowOf<O>>,
      ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L>,
      ConditionalColumns,
      ConditionalStatistic
    >
{
  /** Estimator of the value by level, in the order given. */
  readonly estimators: ReadonlyMap<L, E>;
  readonly #groups: readonly AnyEstimator[];
  readonly #given: AnyEstimator;
  readonly #pooling: Pooling<ConditionalStatistic> | undefined;

  /** @throws {ParameterError} for a level that stands twice, a `given` over other rows */
  constructor(
    estimators: ByLevel<L, E>,
    readonly options: ConditionalOptions<O, G> = {},
  ) {
    const owner = 'ConditionalEstimator';
    this.estimators = mapByLevel(owner, 'estimators', estimators);
    for (const [level, estimator] of this.estimators) {
      checkEstimator(owner, `estimators[${JSON.stringify(level)}]`, estimator);
    }
    checkEstimatorOptions(owner, options, { otherwise: true, given: checkEstimator, key: true });
    if (options.otherwise != null) checkEstimator(owner, 'otherwise', options.otherwise);
    this.#groups = [...this.estimators.values(), ...(options.otherwise ? [options.otherwise] : [])];
    this.#given = options.given ?? new NullEstimator();
    checkTakesLevels(owner, 'an estimator', this.#given, this.estimators.keys());
    const children = [...this.#groups, this.#given];
    this.#pooling = poolingOf('Conditional', children, (parts) => {
      const pooled = poolChildren(
        children,
        parts.map(({ groups, given }) => [...groups, given]),
      );
      return { counts: parts[0]!.counts, groups: pooled.slice(0, -1), given: pooled[pooled.length - 1] };
    });
  }

  encoder(): ConditionalEncoder<L, RowOf<E> | RowOf<O>> {
    const byLevel = [...this.estimators].map(([level, estimator]) => [level, estimator.encoder()] as const);
    return new ConditionalEncoder(byLevel, this.options.otherwise?.encoder() ?? null, this.#given.encoder());
  }

  statisticLength(schema: ConditionalColumns): number | undefined {
    const children = [...this.#groups, this.#given];
    return lengthWithChildren(this.#groups.length, children, (j) => schema.groups[j] ?? schema.given);
  }

  accumulator(schema: ConditionalColumns, statistic?: Float64Array): ConditionalAccumulator {
    const children = [...this.#groups, this.#given];
    const made = accumulatorsOf(this.#groups.length, children, (j) => schema.groups[j] ?? schema.given, statistic);
    const groups = new GroupAccumulators(made.children.slice(0, -1), made.own);
    return new ConditionalAccumulator(groups, made.children[this.#groups.length]!, this.options.key);
  }

  /** A level that no row has keeps its family's parameters for no data; the report names it. */
  estimate(
    { counts, groups, given }: ConditionalStatistic,
    report?: Report,
    pooled?: ConditionalStatistic,
  ): ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L> {
    const levels = [...this.estimators.keys()];
    const models = this.#groups.map((estimator, j) => {
      const level = levels[j];
      const place =
        level === undefined && j === levels.length ? report?.at('otherwise') : report?.at('dists', String(level));
      if (counts[j] === 0) place?.add('dead', 'no row has this level.');
      return estimator.estimate(groups[j], counts[j] === 0 ? undefined : place, pooled?.groups[j]);
    });
    return this.#modelOf([...models, this.#given.estimate(given, report?.at('given'), pooled?.given)]);
  }

  get pooling(): Pooling<ConditionalStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return anyPrior([...this.#groups, this.#given]);
  }

  /** Where a child has a prior that is a distribution. */
  get bayes():
    | Bayes<
        ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L>,
        ConditionalStatistic,
        ConditionalPosterior<PosteriorOf<E> | PosteriorOf<O>, PosteriorOf<G>>,
        ConditionalColumns
      >
    | undefined {
    type Known = ConditionalPosterior<PosteriorOf<E> | PosteriorOf<O>, PosteriorOf<G>>;
    type Model = ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L>;
    const levels = [...this.estimators.keys()];
    const hasOtherwise = this.#groups.length > levels.length;
    return bayesOfChildren([...this.#groups, this.#given], {
      statistics: ({ groups, given }: ConditionalStatistic) => [...groups, given],
      models: ({ dists, otherwise, given }: Model) => [
        ...dists.values(),
        ...(otherwise === null ? [] : [otherwise]),
        given,
      ],
      known: ({ groups, given }: Known) => [...groups, given],
      // One for each group, in order.
      join: (parts) => ({ groups: parts.slice(0, -1), given: parts[parts.length - 1] }) as Known,
      mode: (models) => this.#modelOf(models),
      expectedScorer: (scorers) => conditionalScorer(levels, scorers, hasOtherwise),
      predictive([level, value], of) {
        const at = levels.indexOf(level);
        const group = at < 0 && hasOtherwise ? levels.length : at;
        if (group < 0) return -Infinity;
        return of(group, [value]) + of(levels.length + (hasOtherwise ? 1 : 0), [level]);
      },
      withPrior: (estimators) => this.#with(estimators),
    });
  }

  #with(estimators: readonly AnyEstimator[]): AnyEstimator {
    const pairs = [...this.estimators.keys()].map((level, j) => [level, estimators[j]!] as const);
    return another(pairs, {
      ...this.options,
      otherwise: this.options.otherwise ? estimators[pairs.length]! : null,
      given: estimators[estimators.length - 1]!,
    });
  }

  /** @param models  one for each group, and that of the given level */
  #modelOf(models: readonly AnyDistribution[]): ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L> {
    const pairs = [...this.estimators.keys()].map((level, j) => [level, models[j] as ModelOf<E>] as const);
    return new ConditionalDistribution(pairs, {
      otherwise: this.options.otherwise ? (models[pairs.length] as ModelOf<O>) : null,
      given: models[models.length - 1] as ModelOf<G>,
    });
  }

  parameterBlocks(model: ConditionalDistribution<ModelOf<E>, ModelOf<O>, ModelOf<G>, L>): readonly ParameterBlock[] {
    const models = [...model.dists.values(), ...(model.otherwise === null ? [] : [model.otherwise]), model.given];
    return blocksWithChildren(this.options.key, [], [...this.#groups, this.#given], models);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<L extends Level>(
  estimators: ByLevel<L, AnyEstimator>,
  options: ConditionalOptions<AnyEstimator, AnyEstimator>,
): AnyEstimator {
  return new ConditionalEstimator<AnyEstimator, AnyEstimator, AnyEstimator, L>(estimators, options) as AnyEstimator;
}
