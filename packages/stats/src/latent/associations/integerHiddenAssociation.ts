/**
 * Two lists of integers with counts, where the second comes from the first by hidden states: each of the c_v copies of a target v
 * is drawn evenly from all V targets with probability b, the background; else it picks a source u with probability c_u / Σ c, the
 * source a state s, and the state the target:
 * log p = Σ_v c_v log(b / V + (1 - b) Σ_u (c_u / Σ c) Σ_s P(s | u) P(v | s)) + log h(sources) + log g(Σ c_v). Without sources a
 * target has the background only.
 * Source: Brown, Della Pietra, Della Pietra & Mercer (1993), The mathematics of statistical machine translation, section 4.2
 * (model 1); Hofmann & Puzicha (1998), Statistical models for co-occurrence data, section 2 (tables of low rank).
 */

import { pseudoCountOf } from '../../checks/options.js';
import { checkDistribution, checkFields, checkObject } from '../../checks/parameters.js';
import { checkLengthModel, type ListSamplerOptions, lengthEstimator } from '../../combinators/lengthModel.js';
import { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random } from '../../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { poolChildren, poolingOf } from '../../tree/pooling.js';
import { notARow } from '../posterior.js';
import { plsiShares } from '../topics/plsiCounts.js';
import { frozenTable, logTablePrior } from '../weights.js';
import {
  type AssociationColumns,
  type AssociationEncoder,
  type AssociationRow,
  areCounts,
  checkBackground,
  checkTakesLists,
  isIndex,
  isIntegerAssociation,
  totalOf,
} from './associationColumns.js';
import { associationSampler } from './associationSampler.js';
import {
  IntegerHiddenAssociationAccumulator,
  type IntegerHiddenAssociationKeys,
  type IntegerHiddenAssociationModel,
  type IntegerHiddenAssociationStatistic,
  StateMemory,
} from './integerHiddenAssociationCounts.js';
import {
  checkAssociationOptions,
  checkStates,
  encoderOf,
  type IntegerHiddenAssociationOptions,
  type IntegerHiddenAssociationParameters,
  type IntegerHiddenAssociationTable as Table,
} from './integerHiddenAssociationOptions.js';

export type {
  IntegerHiddenAssociationAccumulator,
  IntegerHiddenAssociationKeys,
  IntegerHiddenAssociationOptions,
  IntegerHiddenAssociationParameters,
  IntegerHiddenAssociationStatistic,
};

/** Sources and targets, both integers, with counts. */
export type IntegerAssociationRow = AssociationRow<number, number>;

/**
 * A hidden association between integers, by hidden states.
 * @example
 * const d = new IntegerHiddenAssociationDistribution({
 *   states: [[0.9, 0.1], [0.2, 0.8]],
 *   targets: [[0.5, 0.5, 0], [0, 0.5, 0.5]],
 * });
 * d.density([[[0, 1]], [[2, 1]]]); // 0.1 · 0.5
 */
export class IntegerHiddenAssociationDistribution<
    G extends AnyDistribution = NullDistribution,
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<IntegerAssociationRow, AssociationColumns>, IntegerHiddenAssociationModel
{
  static readonly typeName = 'IntegerHiddenAssociation';
  static readonly typeVersion = 1;
  readonly states: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly background: number;
  readonly given: G;
  readonly length: L;
  readonly #stateTable: Float64Array;
  readonly #targetTable: Float64Array;
  readonly #memory = new StateMemory();

  /** @throws {ParameterError} unless all rows are probabilities, of as many states */
  constructor(parameters: IntegerHiddenAssociationParameters<G, L>) {
    super();
    const owner = 'IntegerHiddenAssociationDistribution';
    const { states, targets, background = 0, given, length } = checkObject(owner, parameters, ['states', 'targets']);
    checkStates(owner, states, targets);
    checkBackground(owner, 'background', background);
    // Without a model of the sources, or of the length, these are the default: NullDistribution.
    this.given = given ?? (new NullDistribution() as AnyDistribution as G);
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkDistribution(owner, 'given', this.given);
    checkTakesLists(owner, 'a distribution', this.given, states.keys());
    checkLengthModel(owner, 'length', this.length);
    this.states = frozenTable(states);
    this.targets = frozenTable(targets);
    this.background = background;
    const stateCount = targets.length;
    this.#stateTable = Float64Array.from(this.states.flat());
    this.#targetTable = new Float64Array(stateCount * targets[0]!.length);
    for (const [s, row] of this.targets.entries()) {
      for (let target = 0; target < row.length; target++) this.#targetTable[target * stateCount + s] = row[target]!;
    }
  }

  get stateCount(): number {
    return this.targets.length;
  }

  get stateTable(): Float64Array {
    return this.#stateTable;
  }

  get targetTable(): Float64Array {
    return this.#targetTable;
  }

  /** NaN for anything but a pair of lists of integers with counts; -Infinity for integers out of range, and counts below 0. */
  logDensity(x: IntegerAssociationRow): number {
    if (!isIntegerAssociation(x)) return Number.NaN;
    const [sources, targets] = x;
    if (!x.every(areCounts) || sources.some(([source]) => this.states[source] === undefined)) return -Infinity;
    const joint = this.#jointOf(sources);
    const shares = this.targets.map((_, s) => joint.reduce((total, row) => total + row[s]!, 0));
    const targetCount = this.targets[0]!.length;
    const sum = targets.reduce((score, [target, count]) => {
      if (count === 0) return score;
      if (!isIndex(target, targetCount)) return -Infinity;
      const background = this.background / targetCount;
      return score + count * log(shares.reduce((p, share, s) => p + share * this.targets[s]![target]!, background));
    }, 0);
    return addLogs(addLogs(sum, this.given.logDensity(sources)), this.length.logDensity(totalOf(targets)));
  }

  /** (1 - b) (c_u / Σ c) P(s | u), a row of S for each source of the list. */
  #jointOf(sources: IntegerAssociationRow[0]): number[][] {
    const total = totalOf(sources);
    return sources.map(([source, count]) => {
      const share = total > 0 ? (1 - this.background) * (count / total) : 0;
      return this.targets.map((_, s) => (share > 0 ? share * this.states[source]![s]! : 0));
    });
  }

  density(x: IntegerAssociationRow): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(source | target) for each target of the row, in order: a list with a number for each of its sources. They sum to 1 less the
   * probability that the target is of the background. A target of density 0 gets the shares of the sources.
   * @throws {ParameterError} for anything but a row of the model
   */
  posterior(x: IntegerAssociationRow): number[][] {
    return this.#partsOf(x, 'posterior', (parts) => parts.map((row) => row.reduce((sum, p) => sum + p, 0)));
  }

  /**
   * P(state | target) for each target of the row, in order: S numbers, which sum to 1 less the probability of the background.
   * @throws {ParameterError} for anything but a row of the model
   */
  statePosterior(x: IntegerAssociationRow): number[][] {
    return this.#partsOf(x, 'statePosterior', (parts) =>
      this.targets.map((_, s) => parts.reduce((sum, row) => sum + row[s]!, 0)),
    );
  }

  /** P(source, state | target) of each target, summed up. */
  #partsOf(x: IntegerAssociationRow, method: string, sum: (parts: number[][]) => number[]): number[][] {
    const { background, targets: table } = this;
    if (this.encoder().violation(x) !== undefined) {
      throw notARow(`IntegerHiddenAssociationDistribution.${method}`, this.encoder(), x);
    }
    const joint = this.#jointOf(x[0]);
    return x[1].map(([target]) => {
      // What has a count of 0 may be anything.
      const isTarget = isIndex(target, table[0]!.length);
      const parts = joint.map((row) => row.map((share, s) => (isTarget ? share * table[s]![target]! : 0)));
      const norm = parts.flat().reduce((total, part) => total + part, background / table[0]!.length);
      return sum(norm > 0 ? parts.map((row) => row.map((part) => part / norm)) : joint);
    });
  }

  seqLogDensity(columns: AssociationColumns, start: number, end: number, out: Float64Array): void {
    this.#memory.score(this, undefined, columns, start, end, out);
  }

  /**
   * Draws a list of sources, a number of targets and the targets, and counts equal ones.
   * @throws {ParameterError} when there is no model of the sources, or neither a number of targets nor a model of it
   */
  sampler(seed: Seed, options: ListSamplerOptions = {}): Sampler<IntegerAssociationRow> {
    const rng = random(childSeed(seed, 'targets'));
    const drawTarget = (source: unknown) => {
      const states = this.states[source as number];
      if (states !== undefined) return drawIndex(rng, this.targets[drawIndex(rng, states)]!);
      const expected = `a distribution over sources in 0 … ${this.states.length - 1}`;
      throw new ParameterError('IntegerHiddenAssociationDistribution', 'given', expected, source);
    };
    const targetCount = this.targets[0]!.length;
    const background = { share: this.background, draw: () => Math.floor(rng() * targetCount) };
    // Sources and targets are indices.
    return associationSampler(
      'IntegerHiddenAssociationDistribution',
      this,
      seed,
      options,
      drawTarget,
      background,
    ) as Sampler<IntegerAssociationRow>;
  }

  encoder(): AssociationEncoder<number, number> {
    return encoderOf(this.states.length, this.targets[0]!.length, this.given, this.length);
  }

  /** With a pseudo count, so many imaginary targets are shared among sources and states as this model does. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): IntegerHiddenAssociationEstimator<ReturnType<G['estimator']>, ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('IntegerHiddenAssociationDistribution', options);
    const { states, targets, background } = this;
    return new IntegerHiddenAssociationEstimator({
      sourceCount: states.length,
      targetCount: targets[0]!.length,
      stateCount: targets.length,
      background,
      given: this.given.estimator(options) as ReturnType<G['estimator']>,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      ...(options.pseudoCount === undefined
        ? {}
        : { pseudoCount: { states: pseudoCount, targets: pseudoCount }, prior: { states, targets } }),
    });
  }

  toJSON() {
    const { states, targets, background, given, length } = this;
    return { type: 'IntegerHiddenAssociation', states, targets, background, given, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): IntegerHiddenAssociationDistribution<AnyDistribution, AnyDistribution> {
    const owner = 'IntegerHiddenAssociationDistribution';
    const { states, targets, background, given, length } = checkFields(owner, fields, {
      states: 'array',
      targets: 'array',
      background: 'number',
      given: 'unknown',
      length: 'unknown',
    });
    return new this<AnyDistribution, AnyDistribution>({
      states: states as Table,
      targets: targets as Table,
      background,
      given: checkDistribution(owner, 'given', given),
      length: checkDistribution(owner, 'length', length),
    });
  }
}

/**
 * EM: each target is shared among the background, the sources of its row and the states; each table is then normalised.
 * @example
 * const estimator = new IntegerHiddenAssociationEstimator({ sourceCount: 2, targetCount: 3, stateCount: 2 });
 * const { model } = optimize([[[[0, 1]], [[0, 3], [1, 1]]], [[[1, 2]], [[2, 4]]]], estimator, { seed: 1 });
 * model.states[1]; // P(state | source 1)
 */
export class IntegerHiddenAssociationEstimator<
  G extends AnyEstimator = NullEstimator,
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      IntegerAssociationRow,
      IntegerHiddenAssociationDistribution<ModelOf<G>, ModelOf<L>>,
      AssociationColumns,
      IntegerHiddenAssociationStatistic
    >
{
  readonly #children: readonly [given: AnyEstimator, length: AnyEstimator];
  readonly #pooling: Pooling<IntegerHiddenAssociationStatistic> | undefined;

  /** @throws {ParameterError} */
  constructor(readonly options: IntegerHiddenAssociationOptions<G, L>) {
    const owner = 'IntegerHiddenAssociationEstimator';
    checkAssociationOptions(owner, options);
    const given = options.given ?? new NullEstimator();
    checkTakesLists(owner, 'an estimator', given, [0]);
    const children = [given, lengthEstimator(owner, options.length)] as const;
    this.#children = children;
    this.#pooling = poolingOf('IntegerHiddenAssociation', children, (parts) => {
      const pooled = poolChildren(
        children,
        parts.map((part) => [part.given, part.length]),
      );
      return { ...parts[0]!, given: pooled[0], length: pooled[1] };
    });
  }

  encoder(): AssociationEncoder<number, number> {
    return encoderOf(this.options.sourceCount, this.options.targetCount, ...this.#children);
  }

  #ownLength(): number {
    const { sourceCount, targetCount, stateCount } = this.options;
    return (sourceCount + targetCount) * stateCount;
  }

  #schemaOf({ given, lengths }: AssociationColumns): (child: number) => Columns {
    return (child) => (child === 0 ? given : lengths);
  }

  statisticLength(schema: AssociationColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(), this.#children, this.#schemaOf(schema));
  }

  accumulator(schema: AssociationColumns, statistic?: Float64Array): IntegerHiddenAssociationAccumulator {
    const { own, children } = accumulatorsOf(this.#ownLength(), this.#children, this.#schemaOf(schema), statistic);
    const { stateCount, sourceCount, keys = {} } = this.options;
    return new IntegerHiddenAssociationAccumulator(stateCount, sourceCount, own, children[0]!, children[1]!, keys);
  }

  /** A source without targets, and a state without any, has an even row; the report names states without targets. */
  estimate(
    { states, targets, given, length }: IntegerHiddenAssociationStatistic,
    report?: Report,
    pooled?: IntegerHiddenAssociationStatistic,
  ): IntegerHiddenAssociationDistribution<ModelOf<G>, ModelOf<L>> {
    const { stateCount, sourceCount, targetCount, background = 0, pseudoCount = {}, prior } = this.options;
    const [ofSource, ofState] = [(pseudoCount.states ?? 0) / sourceCount, (pseudoCount.targets ?? 0) / stateCount];
    const ofSources = Array.from({ length: sourceCount }, (_, u) =>
      plsiShares(states, u * stateCount, 1, stateCount, ofSource, prior?.states?.[u]),
    );
    const ofStates = Array.from({ length: stateCount }, (_, s) => {
      const isDead = targets.every((count, at) => count === 0 || at % stateCount !== s);
      if (isDead) report?.at('targets', s).add('dead', 'no target belongs to this state.');
      return plsiShares(targets, s, stateCount, targetCount, ofState, prior?.targets?.[s]);
    });
    const [ofGiven, ofLength] = this.#children;
    // What the estimators G and L make.
    return new IntegerHiddenAssociationDistribution({
      states: ofSources,
      targets: ofStates,
      background,
      given: ofGiven.estimate(given, report?.at('given'), pooled?.given) as ModelOf<G>,
      length: ofLength.estimate(length, report?.at('length'), pooled?.length) as ModelOf<L>,
    });
  }

  get pooling(): Pooling<IntegerHiddenAssociationStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    const { states = 0, targets = 0 } = this.options.pseudoCount ?? {};
    return states + targets > 0 || anyPrior(this.#children);
  }

  parameterBlocks(
    model: IntegerHiddenAssociationDistribution<AnyDistribution, AnyDistribution>,
  ): readonly ParameterBlock[] {
    const { stateCount, sourceCount, targetCount, pseudoCount = {}, prior, keys = {} } = this.options;
    const { states = 0, targets = 0 } = pseudoCount;
    return [
      {
        key: keys.states,
        count: sourceCount * (stateCount - 1),
        logPrior: logTablePrior(model.states, states / sourceCount, prior?.states),
      },
      {
        key: keys.targets,
        count: stateCount * (targetCount - 1),
        logPrior: logTablePrior(model.targets, targets / stateCount, prior?.targets),
      },
      ...blocksWithChildren(undefined, [], this.#children, [model.given, model.length]),
    ];
  }
}
