/**
 * A Markov chain of order `lag` over the integers 0 … V - 1: the next value depends on the `lag` values before it.
 * p(x) = p(n) g(x_1 … x_lag) Π_t P(x_t | x_{t-lag} … x_{t-1}). A list shorter than `lag` has the length term only.
 * Source: Billingsley, Statistical Inference for Markov Processes (1961), ch. 2.
 */

import { isPriorOf } from '../../bayes/conjugate.js';
import type { DirichletTableDistribution } from '../../bayes/dirichletTable.js';
import { pseudoCountOf } from '../../checks/options.js';
import {
  checkCells,
  checkDistribution,
  checkFields,
  checkObject,
  checkProbabilityRows,
} from '../../checks/parameters.js';
import { allOf } from '../../checks/rows.js';
import {
  checkLengthModel,
  type ListSamplerOptions,
  lengthSampler,
  listsOfLength,
} from '../../combinators/lengthModel.js';
import { NullDistribution, type NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { isNumber } from '../../leaf/numberEncoder.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { estimateWeights, logWeightPrior } from '../weights.js';
import { type IntegerChainPosterior, integerChainBayes, tableOfRows } from './chainBayes.js';
import { checkedOptions, checkTakesValues, type IntegerMarkovChainOptions } from './integerMarkovChainOptions.js';
import { IntegerMarkovChainAccumulator, type IntegerMarkovChainStatistic, scoreChains } from './integerMarkovCounts.js';
import { cellsOf, type IntegerMarkovChainColumns, IntegerMarkovChainEncoder, isValue } from './integerSteps.js';

export type {
  IntegerChainPosterior,
  IntegerMarkovChainAccumulator,
  IntegerMarkovChainOptions,
  IntegerMarkovChainStatistic,
};

/** Parameters of {@link IntegerMarkovChainDistribution}. */
export interface IntegerMarkovChainParameters<
  I extends AnyDistribution = NullDistribution,
  L extends AnyDistribution = NullDistribution,
> {
  /** V^lag rows of V probabilities; contexts in row-major order, the oldest value most significant. */
  readonly conditional: ReadonlyArray<ArrayLike<number>>;
  /** Number of values a step looks back, >= 1. Default 1. */
  readonly lag?: number;
  /** Distribution of the first `lag` values, as a list. Default: none; it scores 0. */
  readonly initial?: I;
  /** Distribution of the number of values. Default: none. */
  readonly length?: L;
}

/**
 * A Markov chain over integers.
 * @example
 * const chain = new IntegerMarkovChainDistribution({ conditional: [[0.9, 0.1], [0.4, 0.6]] });
 * chain.density([0, 0, 1]); // 0.9 · 0.1
 */
export class IntegerMarkovChainDistribution<
    I extends AnyDistribution = NullDistribution,
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<readonly number[], IntegerMarkovChainColumns>
{
  static readonly typeName = 'IntegerMarkovChain';
  static readonly typeVersion = 1;
  readonly conditional: readonly (readonly number[])[];
  readonly lag: number;
  readonly initial: I;
  readonly length: L;
  readonly #logConditional: Float64Array;
  #scored: { readonly valueCount: number; readonly table: Float64Array } | undefined;
  readonly #scratch = new GrowingScratch();

  /** @throws {ParameterError} */
  constructor(parameters: IntegerMarkovChainParameters<I, L>) {
    super();
    const owner = 'IntegerMarkovChainDistribution';
    const {
      conditional,
      lag = 1,
      // Without these, I and L are their default: NullDistribution.
      initial = new NullDistribution() as AnyDistribution as I,
      length = new NullDistribution() as AnyDistribution as L,
    } = checkObject(owner, parameters, ['conditional']);
    const isList: boolean = Array.isArray(conditional) && conditional.every((row) => row?.length >= 0);
    if (!isList) {
      throw new ParameterError(owner, 'conditional', 'a list of V^lag rows of V probabilities', conditional);
    }
    if (!(Number.isInteger(lag) && lag >= 1)) throw new ParameterError(owner, 'lag', 'an integer >= 1', lag);
    const valueCount = conditional[0]?.length ?? 0;
    checkCells(owner, 'V^(lag + 1)', valueCount ** (lag + 1));
    if (valueCount === 0 || conditional.length !== valueCount ** lag) {
      throw new ParameterError(owner, 'conditional', 'a list of V^lag rows of V probabilities', conditional.length);
    }
    checkProbabilityRows(owner, 'conditional', conditional, conditional.length, valueCount);
    checkDistribution(owner, 'initial', initial);
    checkTakesValues(owner, 'a distribution', initial, lag, valueCount);
    checkLengthModel(owner, 'length', length);
    this.conditional = conditional.map((row) => Object.freeze(Array.from(row)));
    this.lag = lag;
    this.initial = initial;
    this.length = length;
    this.#logConditional = Float64Array.from(this.conditional.flat(), log);
  }

  /** Number of values V. */
  get valueCount(): number {
    return this.conditional[0]!.length;
  }

  logDensity(x: readonly number[]): number {
    if (!Array.isArray(x) || !allOf(x, isNumber)) return Number.NaN;
    if (!x.every((value) => isValue(value, this.valueCount))) return -Infinity;
    let sum = this.length.logDensity(x.length);
    if (x.length < this.lag) return sum;
    sum = addLogs(sum, this.initial.logDensity(x.slice(0, this.lag)));
    for (const cell of cellsOf(x, this.lag, this.valueCount)) sum = addLogs(sum, this.#logConditional[cell]!);
    return sum;
  }

  density(x: readonly number[]): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: IntegerMarkovChainColumns, start: number, end: number, out: Float64Array): void {
    scoreChains(this, undefined, columns, start, end, out, this.#scratch);
  }

  /** log P(value | context) by cell, for columns that were encoded for `valueCount` values. */
  tableFor(valueCount: number): Float64Array {
    if (valueCount === this.valueCount) return this.#logConditional;
    if (this.#scored?.valueCount !== valueCount) {
      const table = new Float64Array(valueCount ** (this.lag + 1)).fill(-Infinity);
      for (let cell = 0; cell < table.length; cell++) {
        const digits = Array.from({ length: this.lag + 1 }, (_, d) => Math.floor(cell / valueCount ** d) % valueCount);
        const own = digits.reduceRight((code, value) => code * this.valueCount + value, 0);
        if (digits.every((value) => value < this.valueCount)) table[cell] = this.#logConditional[own]!;
      }
      this.#scored = { valueCount, table };
    }
    return this.#scored.table;
  }

  /**
   * @param options  `length`: values of every list drawn, in place of the model of the length
   * @throws {ParameterError} when there is neither, or no distribution of the first block
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<readonly number[]> {
    const owner = 'IntegerMarkovChainDistribution';
    const nextLength = lengthSampler(owner, this.length, seed, options);
    if (this.initial instanceof NullDistribution) {
      throw new ParameterError(owner, 'initial', 'a distribution, to draw lists from it', this.initial);
    }
    const { lag, valueCount } = this;
    const nextBlock = listsOfLength(owner, 'initial', this.initial, lag, childSeed(seed, 'initial'));
    const rng = random(childSeed(seed, 'steps'));
    return samplerOf(() => {
      const count = nextLength();
      const values = nextBlock().slice(0, count) as number[]; // each is looked at
      for (const value of values) {
        if (Number.isInteger(value) && value >= 0 && value < valueCount) continue;
        throw new ParameterError(owner, 'initial', `a distribution over integers in 0 … ${valueCount - 1}`, value);
      }
      while (values.length < count) {
        const context = values.slice(values.length - lag).reduce((code, value) => code * valueCount + value, 0);
        values.push(drawIndex(rng, this.conditional[context]!));
      }
      return values;
    });
  }

  /**
   * Draws the value that comes after a list.
   * @throws {ParameterError} for a list of fewer than `lag` values, or with another value among its last ones
   */
  sampleGiven(before: readonly number[], seed: Seed): Sampler<number> {
    const owner = 'IntegerMarkovChainDistribution.sampleGiven';
    const { lag, valueCount } = this;
    const isList: boolean = Array.isArray(before) && before.length >= lag;
    const last = isList ? before.slice(before.length - lag) : [];
    if (!isList || !last.every((value) => Number.isInteger(value) && value >= 0 && value < valueCount)) {
      throw new ParameterError(owner, 'before', `a list of at least ${lag} integers in 0 … ${valueCount - 1}`, before);
    }
    const row = this.conditional[last.reduce((code, value) => code * valueCount + value, 0)]!;
    const rng = random(seed);
    return samplerOf(() => drawIndex(rng, row));
  }

  encoder(): IntegerMarkovChainEncoder {
    return new IntegerMarkovChainEncoder(this.valueCount, this.lag, this.initial.encoder(), this.length.encoder());
  }

  /** With a pseudo count, the steps from each context are pulled towards this chain, with V times as many imaginary ones. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): IntegerMarkovChainEstimator<ReturnType<I['estimator']>, ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('IntegerMarkovChainDistribution', options);
    return new IntegerMarkovChainEstimator({
      valueCount: this.valueCount,
      lag: this.lag,
      initial: this.initial.estimator(options) as ReturnType<I['estimator']>,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      pseudoCount,
      prior: this.conditional,
    });
  }

  toJSON() {
    const { conditional, lag, initial, length } = this;
    return { type: 'IntegerMarkovChain', conditional, lag, initial, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): IntegerMarkovChainDistribution<AnyDistribution, AnyDistribution> {
    const { conditional, lag, initial, length } = checkFields('IntegerMarkovChainDistribution', fields, {
      conditional: 'array',
      lag: 'number',
      initial: 'unknown',
      length: 'unknown',
    });
    return new this({
      conditional: conditional as readonly (readonly number[])[],
      lag,
      initial: initial as AnyDistribution,
      length: length as AnyDistribution,
    });
  }
}

/** Relative frequencies of the steps from each context; a context never met gets a uniform row. */
export class IntegerMarkovChainEstimator<I extends AnyEstimator = NullEstimator, L extends AnyEstimator = NullEstimator>
  implements
    Estimator<
      readonly number[],
      IntegerMarkovChainDistribution<ModelOf<I>, ModelOf<L>>,
      IntegerMarkovChainColumns,
      IntegerMarkovChainStatistic
    >
{
  /** Number of values a step looks back. */
  readonly lag: number;
  /** How imaginary steps are spread. */
  readonly #shares: readonly (readonly number[])[] | undefined;
  readonly #initial: AnyEstimator;
  readonly #length: AnyEstimator;

  /** @throws {ParameterError} */
  constructor(readonly options: IntegerMarkovChainOptions<I, L>) {
    const owner = 'IntegerMarkovChainEstimator';
    const { lag, shares, initial, length } = checkedOptions(owner, options);
    this.lag = lag;
    this.#shares = shares;
    this.#initial = initial;
    this.#length = length;
  }

  encoder(): IntegerMarkovChainEncoder {
    const { valueCount } = this.options;
    return new IntegerMarkovChainEncoder(valueCount, this.lag, this.#initial.encoder(), this.#length.encoder());
  }

  #cellCount(): number {
    return this.options.valueCount ** (this.lag + 1);
  }

  #children(): readonly AnyEstimator[] {
    return [this.#initial, this.#length];
  }

  statisticLength({ blocks, lengths }: IntegerMarkovChainColumns): number | undefined {
    return lengthWithChildren(this.#cellCount(), this.#children(), (child) => (child === 0 ? blocks : lengths));
  }

  accumulator({ blocks, lengths }: IntegerMarkovChainColumns, statistic?: Float64Array): IntegerMarkovChainAccumulator {
    const schemaOf = (child: number) => (child === 0 ? blocks : lengths);
    const { own, children } = accumulatorsOf(this.#cellCount(), this.#children(), schemaOf, statistic);
    return new IntegerMarkovChainAccumulator(own, children[0]!, children[1]!, this.options.key);
  }

  estimate(
    statistic: IntegerMarkovChainStatistic,
    report?: Report,
  ): IntegerMarkovChainDistribution<ModelOf<I>, ModelOf<L>> {
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior(statistic));
    const { counts, block, length } = statistic;
    const { valueCount, pseudoCount = 0 } = this.options;
    const prior = this.#shares;
    const conditional = Array.from({ length: counts.length / valueCount }, (_, context) =>
      estimateWeights(counts.subarray(context * valueCount, (context + 1) * valueCount), {
        pseudoCount: pseudoCount * valueCount,
        prior: prior?.[context],
      }),
    );
    const isMet = conditional.map((_, context) => {
      return counts.subarray(context * valueCount, (context + 1) * valueCount).some((count) => count > 0);
    });
    const newCount = isMet.filter((met) => !met).length;
    if (newCount > 0) {
      report
        ?.at('conditional')
        .add('dead', `${newCount} of ${isMet.length} contexts were never met: all values are as likely.`);
    }
    return new IntegerMarkovChainDistribution({
      conditional,
      lag: this.lag,
      initial: this.#initial.estimate(block, report?.at('initial')) as ModelOf<I>,
      length: this.#length.estimate(length, report?.at('length')) as ModelOf<L>,
    });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || this.bayes !== undefined || anyPrior([this.#initial, this.#length]);
  }

  /** With a Dirichlet prior: each row of the table given the sequences is Dirichlet(α + counts). */
  get bayes():
    | Bayes<
        IntegerMarkovChainDistribution<ModelOf<I>, ModelOf<L>>,
        IntegerMarkovChainStatistic,
        IntegerChainPosterior,
        IntegerMarkovChainColumns
      >
    | undefined {
    const { valueCount, prior } = this.options;
    if (!isPriorOf<DirichletTableDistribution<number>>(prior, 'DirichletTable')) return undefined;
    const lag = this.lag;
    return integerChainBayes(prior, {
      valueCount,
      lag,
      initial: this.#initial,
      length: this.#length,
      modelOf: (conditional, initial, length) =>
        // The children's estimates are models of their types.
        new IntegerMarkovChainDistribution({
          conditional,
          lag,
          initial: initial as ModelOf<I>,
          length: length as ModelOf<L>,
        }),
      withPrior: (next, initial, length) =>
        another({ ...this.options, prior: next, initial: initial as I, length: length as L }),
    });
  }

  parameterBlocks(model: IntegerMarkovChainDistribution<ModelOf<I>, ModelOf<L>>): readonly ParameterBlock[] {
    const count = model.conditional.length * (model.valueCount - 1);
    const own = { key: undefined, count, logPrior: this.#logTablePrior(model) };
    return blocksWithChildren(this.options.key, [own], this.#children(), [model.initial, model.length]);
  }

  #logTablePrior({
    conditional,
    valueCount,
  }: IntegerMarkovChainDistribution<AnyDistribution, AnyDistribution>): number | undefined {
    const { pseudoCount = 0, prior } = this.options;
    if (isPriorOf<DirichletTableDistribution<number>>(prior, 'DirichletTable')) {
      return prior.logDensity(tableOfRows(conditional));
    }
    if (pseudoCount === 0) return undefined;
    return conditional.reduce((sum, row, context) => {
      const options = { pseudoCount: pseudoCount * valueCount, prior: this.#shares?.[context] };
      return sum + (logWeightPrior(row, options) ?? 0);
    }, 0);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another<I extends AnyEstimator, L extends AnyEstimator>(
  options: IntegerMarkovChainOptions<I, L>,
): IntegerMarkovChainEstimator<I, L> {
  return new IntegerMarkovChainEstimator(options);
}
