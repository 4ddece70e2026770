/**
 * Pairs whose two values each come from a mixture, with dependent components:
 * f(x_1, x_2) = Σ_k w_k f_k(x_1) Σ_j τ_kj g_j(x_2), with τ_kj = P(component j of x_2 | component k of x_1).
 * Source: the bivariate finite mixture of Goodman (1974), Exploratory latent structure analysis using both identifiable and
 * unidentifiable models, with two latent variables; EM as in McLachlan & Peel, Finite Mixture Models (2000), ch. 2.
 * Model and estimator stand in one file, as each makes the other; passes, tables and questions have files of their own.
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkFields, checkObject, checkProbabilities, checkProbabilityRows } from '../../checks/parameters.js';
import type { FieldColumns } from '../../combinators/composite.js';
import { CompositeEncoder } from '../../combinators/compositeColumns.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  Conditioned,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Step,
} from '../../contract.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import { MixtureEstimator } from '../mixtures/mixture.js';
import { estimateComponents } from '../mixtures/mixtureEstimators.js';
import { componentScores, notARow, posteriorOf } from '../posterior.js';
import { Router } from '../route.js';
import { checkAlike, checkAlikeEstimators, type OverSameRows, overSameRows } from '../sharedRows.js';
import { shortRunLabels } from '../shortRuns.js';
import type { ComponentRow } from '../weightedComponents.js';
import { frozenTable, type Table } from '../weights.js';
import { bayesOfJoint, type JointMixturePosterior } from './jointBayes.js';
import { conditionedPair, marginalOfPair } from './jointQueries.js';
import {
  type FindSideLabels,
  JointMemory,
  JointMixtureAccumulator,
  type JointMixtureKeys,
  type JointMixtureStatistic,
  type JointModel,
  type ScoreSide,
  scoreJoint,
} from './jointResponsibilities.js';
import {
  checkColumns,
  checkedPriors,
  estimateTables,
  type JointMixtureParameters,
  type JointMixturePrior,
  type JointMixturePseudoCount,
  type JointTablePriors,
  logTablesPrior,
  normalized,
  sumOf,
  tablesOf,
  transposed,
} from './jointTables.js';

export type {
  JointMixtureAccumulator,
  JointMixtureKeys,
  JointMixtureParameters,
  JointMixturePosterior,
  JointMixturePseudoCount,
  JointMixtureStatistic,
  JointModel,
};

/**
 * A joint mixture of pairs.
 * @example
 * const temperatures = [3, 28].map((mu) => new GaussianDistribution({ mu, sigma2: 9 }));
 * const orders = [0.9, 0.1].map((tea) => new CategoricalDistribution({ tea, ice: 1 - tea }));
 * const d = new JointMixtureDistribution(temperatures, orders, { w1: [0.5, 0.5], tau12: [[0.8, 0.2], [0, 1]] });
 * d.posterior([4, 'tea']); // P(component of the temperature, component of the order | pair), K1 rows of K2
 */
export class JointMixtureDistribution<
    const As extends readonly AnyDistribution[],
    const Bs extends readonly AnyDistribution[],
  >
  extends PrintedModel
  implements Distribution<readonly [ComponentRow<As>, ComponentRow<Bs>], FieldColumns>, JointModel
{
  static readonly typeName = 'JointMixture';
  static readonly typeVersion = 1;
  readonly components1: As;
  readonly components2: Bs;
  readonly w1: readonly number[];
  readonly w2: readonly number[];
  readonly tau12: Table;
  readonly tau21: Table;
  readonly #logCells: Float64Array;
  readonly #routers: readonly [Router, Router];
  readonly #memory = new JointMemory();

  /**
   * @param components1  K1 >= 1 distributions over the first value
   * @param components2  K2 >= 1 distributions over the second value
   * @throws {ParameterError}
   */
  constructor(
    components1: As & OverSameRows<As>,
    components2: Bs & OverSameRows<Bs>,
    parameters: JointMixtureParameters,
  ) {
    super();
    const owner = 'JointMixtureDistribution';
    checkAlike(owner, 'components1', components1);
    checkAlike(owner, 'components2', components2);
    this.components1 = components1;
    this.components2 = components2;
    const [count1, count2] = [components1.length, components2.length];
    const { w1, tau12, w2, tau21 } = checkObject(owner, parameters, ['w1', 'tau12']);
    checkProbabilities(owner, 'w1', w1, count1);
    checkProbabilityRows(owner, 'tau12', tau12, count1, count2);
    this.w1 = Object.freeze(Array.from(w1));
    this.tau12 = frozenTable(tau12);
    const cells = this.tau12.map((row, k) => row.map((share) => this.w1[k]! * share));
    if (w2 !== undefined) checkProbabilities(owner, 'w2', w2, count2);
    if (tau21 !== undefined) checkColumns(owner, tau21, count1, count2);
    this.w2 = Object.freeze(Array.from(w2 ?? normalized(transposed(cells).map(sumOf))));
    this.tau21 = frozenTable(tau21 ?? transposed(transposed(cells).map(normalized)));
    this.#logCells = Float64Array.from(cells.flat(), log);
    this.#routers = [new Router('JointMixture', components1), new Router('JointMixture', components2)];
  }

  get isUnbounded(): boolean {
    return [...this.components1, ...this.components2].some((component) => component.isUnbounded === true);
  }

  get sides(): readonly [As, Bs] {
    return [this.components1, this.components2];
  }

  get logCells(): Float64Array {
    return this.#logCells;
  }

  /** log f_k(x_1) + log g_j(x_2) of each cell, row-major. */
  #cellLogDensity([x1, x2]: readonly [ComponentRow<As>, ComponentRow<Bs>]): number[] {
    const b = componentScores(this.components2, x2);
    return componentScores(this.components1, x1).flatMap((a) => b.map((score) => addLogs(a, score)));
  }

  /** NaN for anything but a pair. */
  logDensity(x: readonly [ComponentRow<As>, ComponentRow<Bs>]): number {
    if (!Array.isArray(x) || x.length !== 2) return Number.NaN;
    const cells = this.#cellLogDensity(x);
    return logSumExp(
      cells.map((v, cell) => (this.#logCells[cell] === -Infinity ? -Infinity : v + this.#logCells[cell]!)),
    );
  }

  density(x: readonly [ComponentRow<As>, ComponentRow<Bs>]): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(component k of x_1, component j of x_2 | pair): K1 rows of K2 numbers that sum to 1 in all. A pair of density zero gets
   * w_k τ_kj.
   * @throws {ParameterError} for anything but a pair of such values
   */
  posterior(x: readonly [ComponentRow<As>, ComponentRow<Bs>]): number[][] {
    const cells = Array.isArray(x) && x.length === 2 ? this.#cellLogDensity(x) : [Number.NaN];
    if (cells.some(Number.isNaN)) throw notARow('JointMixtureDistribution.posterior', this.encoder(), x);
    const weights = Array.from(this.#logCells, exp);
    const shares = posteriorOf(cells, weights) ?? weights;
    const { length } = this.components2;
    return this.components1.map((_, k) => shares.slice(k * length, (k + 1) * length));
  }

  seqLogDensity({ fields }: FieldColumns, start: number, end: number, out: Float64Array): void {
    const scoreSide: ScoreSide = (side, k, from, to, scores) =>
      this.#routers[side].seqLogDensity(k, this.sides[side][k]!, fields[side] as Columns, from, to, scores);
    scoreJoint(this, start, end, scoreSide, this.#memory, out);
  }

  sampler(seed: Seed): Sampler<readonly [ComponentRow<As>, ComponentRow<Bs>]> {
    const samplers = this.sides.map((side, s) => side.map((f, k) => f.sampler(childSeed(childSeed(seed, s + 1), k))));
    const rng = random(childSeed(seed, 'component'));
    return samplerOf(() => {
      const k = drawIndex(rng, this.w1);
      const j = drawIndex(rng, this.tau12[k]!);
      // Every component draws the row type that all of its side share.
      return [samplers[0]![k]!.sample(), samplers[1]![j]!.sample()] as [ComponentRow<As>, ComponentRow<Bs>];
    });
  }

  encoder(): CompositeEncoder<readonly [ComponentRow<As>, ComponentRow<Bs>]> {
    return new CompositeEncoder(
      this.#routers.map((router) => router.encoder),
      'JointMixture',
    );
  }

  /** With a pseudo count, components and tables are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): JointMixtureEstimator<
    { readonly [K in keyof As]: ReturnType<As[K]['estimator']> },
    { readonly [J in keyof Bs]: ReturnType<Bs[J]['estimator']> }
  > {
    const pseudoCount = pseudoCountOf('JointMixtureDistribution', options);
    const [first, second] = this.sides.map((side) => side.map((f) => f.estimator(options)));
    const { w1, w2, tau12, tau21 } = this;
    return new JointMixtureEstimator(
      overSameRows<{ readonly [K in keyof As]: ReturnType<As[K]['estimator']> }>(first!),
      overSameRows<{ readonly [J in keyof Bs]: ReturnType<Bs[J]['estimator']> }>(second!),
      options.pseudoCount === undefined
        ? {}
        : { pseudoCount: { w1: pseudoCount, w2: pseudoCount, tau: pseudoCount }, prior: { w1, w2, tau12, tau21 } },
    );
  }

  /** Of one value, at step 0 or 1: a mixture of the components of its side. */
  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    return marginalOfPair(this, steps);
  }

  /** Of the other value where one is known; of both where a part of one is. */
  conditioned(part: unknown, condition: (child: AnyDistribution, part: unknown) => Conditioned): Conditioned {
    return conditionedPair(this, part, condition, pairOf);
  }

  toJSON() {
    const { components1, components2, w1, w2, tau12, tau21 } = this;
    return { type: 'JointMixture', components1, components2, w1, w2, tau12, tau21 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]> {
    const owner = 'JointMixtureDistribution';
    const { components1, components2, w1, w2, tau12, tau21 } = checkFields(owner, fields, {
      components1: 'array',
      components2: 'array',
      w1: 'numbers',
      w2: 'numbers',
      tau12: 'array',
      tau21: 'array',
    });
    return new this(components1 as readonly AnyDistribution[], components2 as readonly AnyDistribution[], {
      w1,
      w2,
      tau12: tau12 as Table,
      tau21: tau21 as Table,
    });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function pairOf(
  components1: readonly AnyDistribution[],
  components2: readonly AnyDistribution[],
  tables: JointMixtureParameters,
): AnyDistribution {
  return new JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]>(
    components1,
    components2,
    tables,
  );
}

/** Options of {@link JointMixtureEstimator}. */
export interface JointMixtureOptions {
  /** Imaginary rows, spread evenly, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: JointMixturePseudoCount;
  /**
   * How the imaginary rows are spread: the tables of a model. Or, instead of such rows, a distribution over the K1 × K2 cells,
   * row-major: P(component k of x_1, component j of x_2) = w_k τ_kj. All tables then follow from the cells.
   */
  readonly prior?: JointMixturePrior | DirichletDistribution;
  /** Ties the tables, or the components of a side, to those of other joint mixtures. */
  readonly keys?: JointMixtureKeys;
}

/**
 * EM: with J_kj the expected rows of each cell, w_k = J_k. / n and τ_kj = J_kj / J_k.; components from their side of the rows,
 * weighted by the sums of their cells.
 * @example
 * const estimator = new JointMixtureEstimator(
 *   [new GaussianEstimator(), new GaussianEstimator()],
 *   [new CategoricalEstimator(), new CategoricalEstimator()],
 * );
 * const { model } = optimize([[0.1, 'a'], [0.2, 'a'], [9, 'b'], [9.1, 'b']], estimator, { seed: 1 });
 * model.tau12; // P(component of the letter | component of the number)
 */
export class JointMixtureEstimator<const As extends readonly AnyEstimator[], const Bs extends readonly AnyEstimator[]>
  implements
    Estimator<
      readonly [ComponentRow<As>, ComponentRow<Bs>],
      JointMixtureDistribution<
        { readonly [K in keyof As]: ModelOf<As[K]> },
        { readonly [J in keyof Bs]: ModelOf<Bs[J]> }
      >,
      FieldColumns,
      JointMixtureStatistic
    >
{
  readonly components1: As;
  readonly components2: Bs;
  readonly #priors: JointTablePriors;
  readonly #routers: readonly [Router, Router];
  readonly #pooling: Pooling<JointMixtureStatistic> | undefined;

  /**
   * @param components1  K1 >= 1 estimators over the first value
   * @param components2  K2 >= 1 estimators over the second value
   * @throws {ParameterError}
   */
  constructor(
    components1: As & OverSameRows<As>,
    components2: Bs & OverSameRows<Bs>,
    readonly options: JointMixtureOptions = {},
  ) {
    const owner = 'JointMixtureEstimator';
    checkAlikeEstimators(owner, 'components1', components1);
    checkAlikeEstimators(owner, 'components2', components2);
    this.components1 = components1;
    this.components2 = components2;
    this.#priors = checkedPriors(owner, options, components1.length, components2.length);
    this.#routers = [new Router('JointMixture', components1), new Router('JointMixture', components2)];
    this.#pooling = hiddenPoolingOf('JointMixture', this.#estimators, (parts) => {
      const [statistics1, statistics2] = [parts.map((part) => part.components1), parts.map((part) => part.components2)];
      return {
        ...parts[0]!,
        components1: poolComponents(components1, statistics1),
        components2: poolComponents(components2, statistics2),
      };
    });
  }

  encoder(): CompositeEncoder<readonly [ComponentRow<As>, ComponentRow<Bs>]> {
    return new CompositeEncoder(
      this.#routers.map((router) => router.encoder),
      'JointMixture',
    );
  }

  get #estimators(): readonly AnyEstimator[] {
    return [...this.components1, ...this.components2];
  }

  #schemaOf({ fields }: FieldColumns): (child: number) => Columns {
    const { length } = this.components1;
    return (child) =>
      child < length
        ? this.#routers[0].columnsOf(fields[0]!, child)
        : this.#routers[1].columnsOf(fields[1]!, child - length);
  }

  statisticLength(schema: FieldColumns): number | undefined {
    const cellCount = this.components1.length * this.components2.length;
    return lengthWithChildren(cellCount, this.#estimators, this.#schemaOf(schema));
  }

  accumulator(schema: FieldColumns, statistic?: Float64Array): JointMixtureAccumulator {
    const [count1, count2] = [this.components1.length, this.components2.length];
    const { own, children } = accumulatorsOf(count1 * count2, this.#estimators, this.#schemaOf(schema), statistic);
    const sides = [
      this.#routers[0].accumulators(children.slice(0, count1), schema.fields[0]!),
      this.#routers[1].accumulators(children.slice(count1), schema.fields[1]!),
    ] as const;
    const encoders = this.#routers.map((router) => router.encoder);
    const findLabels: FindSideLabels = (side, columns, weights, draws) => {
      const components: readonly AnyEstimator[] = side === 0 ? this.components1 : this.components2;
      return shortRunLabels(new MixtureEstimator(overSameRows<typeof components>(components)), columns, weights, draws);
    };
    return new JointMixtureAccumulator(sides, own, encoders, this.options.keys ?? {}, findLabels);
  }

  /** A component that no weight reached keeps weight 0, an even row of the table, and its family's parameters for no data. */
  estimate(
    statistic: JointMixtureStatistic,
    report?: Report,
    pooled: JointMixtureStatistic | undefined = this.#pooling?.pool([statistic]),
  ): JointMixtureDistribution<
    { readonly [K in keyof As]: ModelOf<As[K]> },
    { readonly [J in keyof Bs]: ModelOf<Bs[J]> }
  > {
    const { cells, components1, components2 } = statistic;
    const { counts1, counts2, ...tables } = estimateTables(cells, this.components2.length, this.#priors);
    return new JointMixtureDistribution(
      overSameRows<{ readonly [K in keyof As]: ModelOf<As[K]> }>(
        estimateComponents('components1', this.components1, counts1, components1, report, pooled?.components1),
      ),
      overSameRows<{ readonly [J in keyof Bs]: ModelOf<Bs[J]> }>(
        estimateComponents('components2', this.components2, counts2, components2, report, pooled?.components2),
      ),
      tables,
    );
  }

  get pooling(): Pooling<JointMixtureStatistic> | undefined {
    return this.#pooling;
  }

  /**
   * Where the cells or a component have a prior that is a distribution; not beside pseudo counts of the tables, which pull both
   * directions apart from each other.
   */
  get bayes():
    | Bayes<
        JointMixtureDistribution<
          { readonly [K in keyof As]: ModelOf<As[K]> },
          { readonly [J in keyof Bs]: ModelOf<Bs[J]> }
        >,
        JointMixtureStatistic,
        JointMixturePosterior<
          { readonly [K in keyof As]: PosteriorOf<As[K]> },
          { readonly [J in keyof Bs]: PosteriorOf<Bs[J]> }
        >,
        FieldColumns
      >
    | undefined {
    if (this.#hasImaginary) return undefined;
    return bayesOfJoint({
      sides: [this.components1, this.components2],
      routers: this.#routers,
      prior: this.#priors.cells,
      pool: (statistic) => this.#pooling?.pool([statistic]),
      modelOf: (components1, components2, cells) =>
        new JointMixtureDistribution(
          overSameRows<{ readonly [K in keyof As]: ModelOf<As[K]> }>(components1),
          overSameRows<{ readonly [J in keyof Bs]: ModelOf<Bs[J]> }>(components2),
          tablesOf(cells, this.components2.length),
        ),
      withPrior: (components1, components2, prior) =>
        another(components1, components2, { ...this.options, ...(prior && { prior }) }),
    });
  }

  get #hasImaginary(): boolean {
    const { w1 = 0, w2 = 0, tau = 0 } = this.options.pseudoCount ?? {};
    return w1 + w2 + tau > 0;
  }

  get hasPrior(): boolean {
    return this.#hasImaginary || this.#priors.cells !== undefined || anyPrior(this.#estimators);
  }

  parameterBlocks(
    model: JointMixtureDistribution<readonly AnyDistribution[], readonly AnyDistribution[]>,
  ): readonly ParameterBlock[] {
    const { keys = {} } = this.options;
    const logPrior = logTablesPrior(model, this.#priors);
    return [
      { key: keys.cells, count: this.components1.length * this.components2.length - 1, logPrior },
      ...blocksWithChildren(keys.components1, [], this.components1, model.components1),
      ...blocksWithChildren(keys.components2, [], this.components2, model.components2),
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(
  components1: readonly AnyEstimator[],
  components2: readonly AnyEstimator[],
  options: JointMixtureOptions,
): AnyEstimator {
  return new JointMixtureEstimator(
    overSameRows<readonly AnyEstimator[]>(components1),
    overSameRows<readonly AnyEstimator[]>(components2),
    options,
  );
}
