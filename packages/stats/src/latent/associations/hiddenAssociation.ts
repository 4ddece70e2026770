/**
 * Two lists of values with counts, where the second comes from the first: each of the c_v copies of a target v picks a source u
 * with probability c_u / Σ c, and is drawn from f(v | u). Which source it was is not known:
 * log p = Σ_v c_v log Σ_u (c_u / Σ c) f(v | u) + log h(sources) + log g(Σ c_v), without multinomial coefficients. Without sources
 * no target is possible.
 * Source: Brown, Della Pietra, Della Pietra & Mercer (1993), The mathematics of statistical machine translation, section 4.2
 * (model 1, where f is a table of words).
 */

import { checkEstimatorOptions, checkKey, checkOptions, pseudoCountOf } from '../../checks/options.js';
import { checkDistribution, checkEstimator, checkFields } from '../../checks/parameters.js';
import {
  ConditionalDistribution,
  ConditionalEstimator,
  type ConditionalStatistic,
} from '../../combinators/conditional.js';
import { checkLengthModel, type ListSamplerOptions, lengthEstimator } from '../../combinators/lengthModel.js';
import { NullDistribution, NullEncoder, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Encoder,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { isLevel, type Level } from '../../families/categorical.js';
import { CategoricalEncoder } from '../../leaf/levels/levels.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { childSeed } from '../../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import { notARow, posteriorOf } from '../posterior.js';
import {
  type AssociationColumns,
  AssociationEncoder,
  type AssociationRow,
  areCounts,
  checkTakesLists,
  isAssociation,
  pairOf,
  totalOf,
} from './associationColumns.js';
import { associationSampler } from './associationSampler.js';
import { LinkMemory } from './associationScores.js';
import {
  HiddenAssociationAccumulator,
  type HiddenAssociationModel,
  type HiddenAssociationStatistic,
  scoreLinks,
} from './hiddenAssociationCounts.js';

export type { HiddenAssociationAccumulator, HiddenAssociationStatistic };

/** A distribution of a target for each source. */
export type AnyConditional = ConditionalDistribution<AnyDistribution, AnyDistribution, AnyDistribution, Level>;

/** Its estimator. */
export type AnyConditionalEstimator = ConditionalEstimator<AnyEstimator, AnyEstimator, AnyEstimator, Level>;

/** The conditional that an estimator makes. */
type ConditionalOf<E> = ModelOf<E> extends infer C extends AnyConditional ? C : never;

/** Sources and targets of a conditional, or of its estimator, with counts. */
export type HiddenAssociationRow<C> = RowOf<C> extends readonly [infer U, infer V] ? AssociationRow<U, V> : never;

/** Parameters of {@link HiddenAssociationDistribution}. */
export interface HiddenAssociationParameters<G extends AnyDistribution, L extends AnyDistribution> {
  /** Distribution of the list of sources, with their counts. Default: none; it scores 0, and rows cannot be drawn. */
  readonly given?: G;
  /** Distribution of the number of targets Σ c_v. Default: none. */
  readonly length?: L;
}

/**
 * A hidden association between the values of two lists.
 * @example
 * const d = new HiddenAssociationDistribution(
 *   new ConditionalDistribution({
 *     chien: new CategoricalDistribution({ dog: 0.9, cat: 0.1 }),
 *     chat: new CategoricalDistribution({ dog: 0.2, cat: 0.8 }),
 *   }),
 * );
 * const row = [[['chien', 1], ['chat', 1]], [['dog', 1]]] as const;
 * d.density(row);   // (0.9 + 0.2) / 2
 * d.posterior(row); // [[0.9 / 1.1, 0.2 / 1.1]]: which source the target comes from
 */
export class HiddenAssociationDistribution<
    C extends AnyConditional,
    G extends AnyDistribution = NullDistribution,
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<HiddenAssociationRow<C>, AssociationColumns>, HiddenAssociationModel
{
  static readonly typeName = 'HiddenAssociation';
  static readonly typeVersion = 1;
  readonly given: G;
  readonly length: L;
  readonly #memory = new LinkMemory();

  /**
   * @param conditional  the distribution of a target for each source, without a model of the source
   * @throws {ParameterError}
   */
  constructor(
    readonly conditional: C,
    parameters: HiddenAssociationParameters<G, L> = {},
  ) {
    super();
    const owner = 'HiddenAssociationDistribution';
    checkOptions(owner, parameters, ['given', 'length']);
    const { given, length } = parameters;
    checkDistribution(owner, 'conditional', conditional);
    if (!(conditional instanceof ConditionalDistribution)) {
      throw new ParameterError(owner, 'conditional', 'a ConditionalDistribution', conditional);
    }
    if (!(conditional.given instanceof NullDistribution)) {
      throw new ParameterError(owner, 'conditional.given', 'left out, as sources are given', conditional.given);
    }
    // Without a model of the sources, or of the length, these are the default: NullDistribution.
    this.given = given ?? (new NullDistribution() as AnyDistribution as G);
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkDistribution(owner, 'given', this.given);
    checkTakesLists(owner, 'a distribution', this.given, conditional.dists.keys());
    checkLengthModel(owner, 'length', this.length);
  }

  /** True when a target may have infinite density. */
  get isUnbounded(): boolean {
    return [this.conditional, this.given, this.length].some((child) => child.isUnbounded === true);
  }

  /** NaN for anything but a pair of lists; -Infinity for a count below 0, and for targets without sources. */
  logDensity(x: HiddenAssociationRow<C>): number {
    const row: unknown = x;
    if (!isAssociation(row) || !row[0].every(([source]) => isLevel(source))) return Number.NaN;
    if (!row.every(areCounts)) return -Infinity;
    const sum = row[1].reduce((score, [target, count]) => {
      return count > 0 ? addLogs(score, count * logSumExp(this.#linksOf(row[0], target))) : score;
    }, 0);
    return addLogs(addLogs(sum, this.given.logDensity(row[0])), this.length.logDensity(totalOf(row[1])));
  }

  /** log (c_u / Σ c) f(target | u) of each source. */
  #linksOf(sources: AssociationRow[0], target: unknown): number[] {
    const logDensity = (pair: readonly [unknown, unknown]) => this.conditional.logDensity(pair as never);
    const total = totalOf(sources);
    return sources.map(([source, count]) =>
      count > 0 ? addLogs(log(count / total), logDensity([source, target])) : -Infinity,
    );
  }

  density(x: HiddenAssociationRow<C>): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(source | target) for each target of the row, in order: a list with a number for each of its sources. A target that no source
   * can have made gets the shares of the sources.
   * @throws {ParameterError} for anything but a row of the model
   */
  posterior(x: HiddenAssociationRow<C>): number[][] {
    const row: unknown = x;
    if (Number.isNaN(this.logDensity(x)) || !isAssociation(row) || !row.every(areCounts)) {
      throw notARow('HiddenAssociationDistribution.posterior', this.encoder(), x);
    }
    const total = totalOf(row[0]);
    const shares = row[0].map(([, count]) => (total > 0 ? count / total : 0));
    return row[1].map(([target]) => {
      const scores = row[0].map(([source]) => this.conditional.logDensity([source, target] as never));
      return posteriorOf(scores, shares) ?? [...shares];
    });
  }

  seqLogDensity(columns: AssociationColumns, start: number, end: number, out: Float64Array): void {
    scoreLinks(this, undefined, columns, start, end, out, this.#memory);
  }

  /**
   * Draws a list of sources, a number of targets and the targets, and counts equal ones.
   * @throws {ParameterError} when there is no model of the sources, or neither a number of targets nor a model of it
   */
  sampler(seed: Seed, options: ListSamplerOptions = {}): Sampler<HiddenAssociationRow<C>> {
    const samplers = new Map<unknown, Sampler<unknown>>();
    const drawTarget = (source: unknown) => {
      if (!samplers.has(source)) {
        const own = childSeed(seed, `targets of ${typeof source} ${String(source)}`);
        samplers.set(source, this.conditional.sampleGiven(source as Level, own));
      }
      return samplers.get(source)!.sample();
    };
    // The sources are those of G, and the targets those of the conditional.
    return associationSampler('HiddenAssociationDistribution', this, seed, options, drawTarget) as Sampler<
      HiddenAssociationRow<C>
    >;
  }

  encoder(): AssociationEncoder<HiddenAssociationRow<C>[0][number][0], HiddenAssociationRow<C>[1][number][0]> {
    return encoderOf(this.conditional, this.given, this.length);
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HiddenAssociationEstimator<ReturnType<C['estimator']>, ReturnType<G['estimator']>, ReturnType<L['estimator']>> {
    pseudoCountOf('HiddenAssociationDistribution', options);
    return new HiddenAssociationEstimator(this.conditional.estimator(options) as ReturnType<C['estimator']>, {
      given: this.given.estimator(options) as ReturnType<G['estimator']>,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
    });
  }

  toJSON() {
    const { conditional, given, length } = this;
    return { type: 'HiddenAssociation', conditional, given, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): HiddenAssociationDistribution<AnyConditional, AnyDistribution, AnyDistribution> {
    const owner = 'HiddenAssociationDistribution';
    const types = { conditional: 'unknown', given: 'unknown', length: 'unknown' } as const;
    const { conditional, given, length } = checkFields(owner, fields, types);
    return new this<AnyConditional, AnyDistribution, AnyDistribution>(conditional as AnyConditional, {
      given: checkDistribution(owner, 'given', given),
      length: checkDistribution(owner, 'length', length),
    });
  }
}

interface Encodes {
  encoder(): Encoder<unknown>;
}

function encoderOf<U, V>(conditional: Encodes, given: Encodes, length: Encodes): AssociationEncoder<U, V> {
  return new AssociationEncoder<U, V>({
    family: 'HiddenAssociation',
    source: new CategoricalEncoder(),
    target: new NullEncoder(),
    link: conditional.encoder(),
    linkOf: pairOf,
    given: given.encoder(),
    length: length.encoder(),
  });
}

/** Options of {@link HiddenAssociationEstimator}. */
export interface HiddenAssociationOptions<G extends AnyEstimator, L extends AnyEstimator> {
  /** Estimator of the list of sources. Default: none. */
  readonly given?: G;
  /** Estimator of the number of targets. Default: none. */
  readonly length?: L;
  /** Associations with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * EM: each target is shared among the sources of its row by P(source | target); each source's distribution is then estimated from
 * its parts.
 * @example
 * const word = new CategoricalEstimator();
 * const estimator = new HiddenAssociationEstimator(new ConditionalEstimator({ chien: word, chat: word }));
 * const rows = [[[['chien', 1], ['chat', 1]], [['dog', 1], ['cat', 1]]], [[['chien', 1]], [['dog', 1]]]] as const;
 * const { model } = optimize(rows, estimator, { seed: 1 });
 * model.conditional.dists.get('chat')!.density('cat'); // nearly 1
 */
export class HiddenAssociationEstimator<
  E extends AnyConditionalEstimator,
  G extends AnyEstimator = NullEstimator,
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      HiddenAssociationRow<E>,
      HiddenAssociationDistribution<ConditionalOf<E>, ModelOf<G>, ModelOf<L>>,
      AssociationColumns,
      HiddenAssociationStatistic
    >
{
  readonly #children: readonly [conditional: AnyEstimator, given: AnyEstimator, length: AnyEstimator];
  readonly #pooling: Pooling<HiddenAssociationStatistic> | undefined;

  /**
   * @param conditional  the estimator of a target for each source, without a model of the source
   * @throws {ParameterError}
   */
  constructor(
    readonly conditional: E,
    readonly options: HiddenAssociationOptions<G, L> = {},
  ) {
    const owner = 'HiddenAssociationEstimator';
    checkEstimator(owner, 'conditional', conditional);
    if (!(conditional instanceof ConditionalEstimator)) {
      throw new ParameterError(owner, 'conditional', 'a ConditionalEstimator', conditional);
    }
    const { given: ofSource = new NullEstimator(), otherwise } = conditional.options;
    if (!(ofSource instanceof NullEstimator)) {
      throw new ParameterError(owner, 'conditional.options.given', 'left out, as sources are given', ofSource);
    }
    checkEstimatorOptions(owner, options, { given: checkEstimator, length: true, key: checkKey });
    const given = options.given ?? new NullEstimator();
    checkTakesLists(owner, 'an estimator', given, conditional.estimators.keys());
    this.#children = [conditional, given, lengthEstimator(owner, options.length)];
    const groups = [...conditional.estimators.values(), ...(otherwise ? [otherwise] : [])];
    this.#pooling = hiddenPoolingOf('HiddenAssociation', this.#children, (parts) =>
      pooledOf(parts, groups, given, this.#children[2]),
    );
  }

  encoder(): AssociationEncoder<HiddenAssociationRow<E>[0][number][0], HiddenAssociationRow<E>[1][number][0]> {
    return encoderOf(...this.#children);
  }

  #schemaOf({ links, given, lengths }: AssociationColumns) {
    return (child: number) => [links.items, given, lengths][child]!;
  }

  statisticLength(schema: AssociationColumns): number | undefined {
    return lengthWithChildren(0, this.#children, this.#schemaOf(schema));
  }

  accumulator(schema: AssociationColumns, statistic?: Float64Array): HiddenAssociationAccumulator {
    const { children } = accumulatorsOf(0, this.#children, this.#schemaOf(schema), statistic);
    return new HiddenAssociationAccumulator(children[0]!, children[1]!, children[2]!, this.options.key);
  }

  estimate(
    statistic: HiddenAssociationStatistic,
    report?: Report,
    pooled: HiddenAssociationStatistic | undefined = this.#pooling?.pool([statistic]),
  ): HiddenAssociationDistribution<ConditionalOf<E>, ModelOf<G>, ModelOf<L>> {
    const [conditional, given, length] = (['conditional', 'given', 'length'] as const).map((name, child) =>
      this.#children[child]!.estimate(statistic[name], report?.at(name), pooled?.[name]),
    );
    // What the estimators E, G and L make.
    return new HiddenAssociationDistribution(conditional as ConditionalOf<E>, {
      given: given as ModelOf<G>,
      length: length as ModelOf<L>,
    });
  }

  get pooling(): Pooling<HiddenAssociationStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    return anyPrior(this.#children);
  }

  parameterBlocks(
    model: HiddenAssociationDistribution<AnyConditional, AnyDistribution, AnyDistribution>,
  ): readonly ParameterBlock[] {
    return blocksWithChildren(this.options.key, [], this.#children, [model.conditional, model.given, model.length]);
  }
}

/** The sources share the targets as components share rows, so that each one's floor comes from the targets of all. */
function pooledOf(
  parts: readonly HiddenAssociationStatistic[],
  groups: readonly AnyEstimator[],
  given: AnyEstimator,
  length: AnyEstimator,
): HiddenAssociationStatistic {
  const conditionals = parts.map(({ conditional }) => conditional as ConditionalStatistic); // of a ConditionalEstimator
  return {
    conditional: {
      ...conditionals[0]!,
      groups: poolComponents(
        groups,
        conditionals.map((part) => part.groups),
      ),
    },
    given: given.pooling?.pool(parts.map((part) => part.given)),
    length: length.pooling?.pool(parts.map((part) => part.length)),
  };
}
