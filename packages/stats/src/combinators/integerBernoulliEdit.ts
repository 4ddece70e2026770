/**
 * How a set of integers 0 … V - 1 changes into the next one, each integer independently of the others:
 * P(after | before) = Π_{j not in before} (added_j or 1 - added_j) · Π_{j in before} (kept_j or 1 - kept_j), by whether j is in
 * the set after. With a distribution of the set before it is a distribution of pairs.
 * Source: V Markov chains of two states: Billingsley, Statistical Inference for Markov Processes (1961), ch. 2.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkDistribution,
  checkEstimator,
  checkFields,
  checkObject,
  checkPseudoCount,
  orAbsent,
} from '../checks/parameters.js';
import { acceptedBy } from '../columns/columns.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Distribution,
  Encoder,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { IntegerBernoulliSetDistribution } from '../families/integerBernoulliSet.js';
import { hasImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkChances, checkItemCount, checkMinP, INTEGERS } from '../leaf/sets/setModels.js';
import { clipped, logAbsent, type SetOdds, SetScores } from '../leaf/sets/setScores.js';
import { misfitOfSet, type SetRow } from '../leaf/sets/sets.js';
import { exp, log } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, random, samplerOf } from '../numeric/random.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import {
  ADDED,
  type EditColumns,
  type EditRow,
  editsOf,
  IntegerBernoulliEditEncoder,
  isPair,
  KEPT,
  readEdit,
} from './editColumns.js';
import {
  type EditPrior,
  type EditStatistic,
  editRates,
  IntegerBernoulliEditAccumulator,
  logEditPrior,
  reportEdits,
  scoreEdits,
} from './editCounts.js';
import { NullDistribution, NullEstimator } from './null.js';

export type { EditColumns, EditRow, IntegerBernoulliEditEncoder } from './editColumns.js';
export type { EditPrior, EditStatistic, IntegerBernoulliEditAccumulator } from './editCounts.js';

/** Parameters of {@link IntegerBernoulliEditDistribution}. */
export interface IntegerBernoulliEditParameters<I extends AnyDistribution = NullDistribution> {
  /** Probability that each of the integers 0 … V - 1 is in the set after, when it is not in the set before. */
  readonly added: ArrayLike<number>;
  /** Probability that each is in the set after, when it is in the set before. As many as `added`. */
  readonly kept: ArrayLike<number>;
  /** Distribution of the set before. Default: none; it scores 0. */
  readonly initial?: I;
  /** Every probability counts as at least this, and at most 1 minus this; in [0, 0.5]. Default 0. */
  readonly minP?: number;
}

/**
 * A distribution over pairs of sets, or of the second given the first. An integer outside 0 … V - 1 is impossible.
 * @example
 * const d = new IntegerBernoulliEditDistribution({ added: [0.1, 0.2], kept: [0.9, 0.5] });
 * d.density([[0], [0, 1]]); // 0.9 · 0.2
 */
export class IntegerBernoulliEditDistribution<I extends AnyDistribution = NullDistribution>
  extends PrintedModel
  implements Distribution<EditRow, EditColumns>
{
  static readonly typeName = 'IntegerBernoulliEdit';
  static readonly typeVersion = 1;
  readonly added: readonly number[];
  readonly kept: readonly number[];
  readonly initial: I;
  readonly minP: number;
  readonly #scores: SetScores<number>;
  readonly #scratch = new GrowingScratch();

  /** @throws {ParameterError} */
  constructor(parameters: IntegerBernoulliEditParameters<I>) {
    super();
    const owner = 'IntegerBernoulliEditDistribution';
    const {
      added,
      kept,
      // Without a distribution of the set before, I is its default: NullDistribution.
      initial = new NullDistribution() as AnyDistribution as I,
      minP = 0,
    } = checkObject(owner, parameters, ['added', 'kept']);
    checkChances(owner, 'added', added);
    checkChances(owner, 'kept', kept, added.length);
    checkMinP(owner, 'minP', minP);
    checkDistribution(owner, 'initial', initial);
    checkTakesSets(owner, 'a distribution', initial);
    this.added = Object.freeze(Array.from(added));
    this.kept = Object.freeze(Array.from(kept));
    this.initial = initial;
    this.minP = minP;
    this.#scores = new SetScores(oddsOfEdits(this.added, this.kept, minP));
  }

  /** Number of integers V. */
  get valueCount(): number {
    return this.added.length;
  }

  /** Scores of edits: what the accumulators need. */
  get editScores(): SetScores<number> {
    return this.#scores;
  }

  logDensity(x: EditRow): number {
    if (!isPair(x)) return Number.NaN;
    const misfits = [x[0], x[1]].map((set) => misfitOfSet(set, INTEGERS)); // x.map passes over holes
    if (misfits.some(Number.isNaN)) return Number.NaN;
    if (misfits.includes(-Infinity)) return -Infinity;
    return addLogs(this.#scores.scoreSet(editsOf(x)), this.initial.logDensity(x[0]));
  }

  density(x: EditRow): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: EditColumns, start: number, end: number, out: Float64Array): void {
    scoreEdits(this, undefined, columns, start, end, out, this.#scratch);
  }

  /** @throws {ParameterError} without a distribution of the set before: then use {@link sampleGiven} */
  sampler(seed: Seed): Sampler<[number[], number[]]> {
    if (this.initial instanceof NullDistribution) {
      const owner = 'IntegerBernoulliEditDistribution';
      throw new ParameterError(owner, 'initial', 'a distribution, to draw pairs (or use sampleGiven)', undefined);
    }
    const initial = this.initial.sampler(childSeed(seed, 'initial'));
    const rng = random(childSeed(seed, 'edits'));
    return samplerOf(() => {
      const before = [...(initial.sample() as SetRow<number>)]; // the constructor saw that it takes sets
      if (misfitOfSet(before, INTEGERS) !== undefined || before.some((j) => j >= this.valueCount)) {
        const expected = `a distribution over sets of integers in 0 … ${this.valueCount - 1}`;
        throw new ParameterError('IntegerBernoulliEditDistribution', 'initial', expected, before);
      }
      return [before, this.#drawAfter(before, rng)];
    });
  }

  /** Draws sets that follow a given one, as increasing lists. @throws {ParameterError} for anything but a set of 0 … V - 1 */
  sampleGiven(before: SetRow<number>, seed: Seed): Sampler<number[]> {
    if (misfitOfSet(before, INTEGERS) !== undefined || [...before].some((j) => j >= this.valueCount)) {
      const expected = `a set of integers in 0 … ${this.valueCount - 1}`;
      throw new ParameterError('IntegerBernoulliEditDistribution', 'before', expected, before);
    }
    const rng = random(seed);
    return samplerOf(() => this.#drawAfter(before, rng));
  }

  #drawAfter(before: SetRow<number>, rng: () => number): number[] {
    const held = new Set(before);
    const after: number[] = [];
    for (let j = 0; j < this.valueCount; j++) {
      const p = held.has(j) ? this.kept[j]! : this.added[j]!;
      if (rng() < clipped(p, this.minP)) after.push(j);
    }
    return after;
  }

  encoder(): IntegerBernoulliEditEncoder {
    return new IntegerBernoulliEditEncoder(this.initial.encoder());
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): IntegerBernoulliEditEstimator<ReturnType<I['estimator']>> {
    pseudoCountOf('IntegerBernoulliEditDistribution', options);
    const { added, kept, initial, minP, valueCount } = this;
    const before =
      initial instanceof IntegerBernoulliSetDistribution ? added.map((_, j) => initial.p[j] ?? 0) : undefined;
    const prior = { added, kept, ...(before === undefined ? {} : { before }) };
    return new IntegerBernoulliEditEstimator({
      valueCount,
      minP,
      initial: initial.estimator(options) as ReturnType<I['estimator']>,
      ...imaginaryRows<EditPrior>('IntegerBernoulliEditDistribution', options, prior),
    });
  }

  toJSON() {
    const { added, kept, minP, initial } = this;
    return { type: 'IntegerBernoulliEdit', added, kept, minP, initial } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerBernoulliEditDistribution<AnyDistribution> {
    const { added, kept, minP, initial } = checkFields('IntegerBernoulliEditDistribution', fields, {
      added: 'numbers',
      kept: 'numbers',
      minP: 'number',
      initial: 'unknown',
    });
    return new this({ added, kept, minP, initial: initial as AnyDistribution }); // checked by the constructor
  }
}

/** An integer that is surely added is required: it stands in a set of edits, whatever happened to it. */
function oddsOfEdits(added: readonly number[], kept: readonly number[], minP: number): SetOdds<number> {
  const isCertain = (j: number) => added[j] === 1 && minP === 0;
  // Without an edit an integer is in neither set.
  const baseOf = (j: number) => (isCertain(j) ? 0 : logAbsent(added[j]!, minP));
  return {
    empty: added.reduce((sum, _, j) => sum + baseOf(j), 0),
    requiredCount: added.filter((_, j) => isCertain(j)).length,
    isRequired: (edit) => isCertain(readEdit(edit).integer),
    oddsOf(edit) {
      const { integer: j, what } = readEdit(edit);
      if (j >= added.length) return -Infinity;
      if (what === ADDED) return log(clipped(added[j]!, minP)) - baseOf(j);
      return (what === KEPT ? log(clipped(kept[j]!, minP)) : logAbsent(kept[j]!, minP)) - baseOf(j);
    },
  };
}

/** @throws {ParameterError} unless `initial` takes sets of integers */
function checkTakesSets(owner: string, what: string, initial: { encoder(): Encoder<unknown> }): void {
  const accepts = acceptedBy(initial.encoder());
  if (accepts([]) && accepts([1, 0])) return;
  throw new ParameterError(owner, 'initial', `${what} over sets of integers`, initial);
}

/** Options of {@link IntegerBernoulliEditEstimator}. */
export interface IntegerBernoulliEditOptions<I extends AnyEstimator = NullEstimator> {
  /** Number of integers V, at least. Default: one more than the largest in the rows. */
  readonly valueCount?: number;
  /** Estimator of the set before. Default: none. */
  readonly initial?: I;
  /** Imaginary rows, a quarter in each of the four cases (before and after, or not), or as `prior` says. Default 0. */
  readonly pseudoCount?: number;
  /** How the imaginary rows are distributed. Needs `pseudoCount`. */
  readonly prior?: EditPrior;
  /** The model's `minP`. Default 0. */
  readonly minP?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/** @throws {ParameterError} for a prior that has not the same integers in all lists */
export function checkEditPrior(owner: string, name: string, prior: unknown): void {
  const { before, added, kept } = checkObject(owner, prior as EditPrior, ['added', 'kept']);
  checkChances(owner, `${name}.added`, added);
  checkChances(owner, `${name}.kept`, kept, added.length);
  if (before !== undefined) checkChances(owner, `${name}.before`, before, added.length);
}

/** @throws {ParameterError} unless these are {@link IntegerBernoulliEditOptions} */
export function checkEditOptions(owner: string, options: IntegerBernoulliEditOptions<AnyEstimator>): void {
  checkEstimatorOptions(owner, options, {
    valueCount: checkItemCount,
    initial: checkEstimator,
    pseudoCount: checkPseudoCount,
    prior: checkEditPrior,
    minP: orAbsent(checkMinP),
    key: checkKey,
  });
  checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
  if (options.initial !== undefined) checkTakesSets(owner, 'an estimator', options.initial);
}

/**
 * Of the rows whose set before lacks an integer, the share that added it; of those that hold it, the share that kept it.
 * @example
 * const rows: EditRow[] = [[[0], [0]], [[0], []], [[], [1]]];
 * optimize(rows, new IntegerBernoulliEditEstimator()).model.kept; // [0.5, 0.5]
 */
export class IntegerBernoulliEditEstimator<I extends AnyEstimator = NullEstimator>
  implements Estimator<EditRow, IntegerBernoulliEditDistribution<ModelOf<I>>, EditColumns, EditStatistic>
{
  readonly #initial: AnyEstimator;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or an `initial` that takes no sets */
  constructor(readonly options: IntegerBernoulliEditOptions<I> = {}) {
    checkEditOptions('IntegerBernoulliEditEstimator', options);
    this.#initial = options.initial ?? new NullEstimator();
  }

  encoder(): IntegerBernoulliEditEncoder {
    return new IntegerBernoulliEditEncoder(this.#initial.encoder());
  }

  statisticLength({ edits, before }: EditColumns): number | undefined {
    return lengthWithChildren(edits.levels.length + 1, [this.#initial], () => before);
  }

  accumulator({ edits, before }: EditColumns, statistic?: Float64Array): IntegerBernoulliEditAccumulator {
    const ownLength = edits.levels.length + 1;
    const { own, children } = accumulatorsOf(ownLength, [this.#initial], () => before, statistic);
    return new IntegerBernoulliEditAccumulator(edits.levels, own, children[0]!, this.options.key);
  }

  /** Where no row lacks an integer, or none holds it, the probability is 1/2. */
  estimate({ edits, initial }: EditStatistic, report?: Report): IntegerBernoulliEditDistribution<ModelOf<I>> {
    const { valueCount = 0, pseudoCount = 0, prior, minP = 0 } = this.options;
    const { added, kept } = editRates(edits, valueCount, pseudoCount, prior);
    reportEdits(report, edits.count, [...added.share, ...kept.share], minP);
    return new IntegerBernoulliEditDistribution({
      added: added.share,
      kept: kept.share,
      minP,
      initial: this.#initial.estimate(initial, report?.at('initial')) as ModelOf<I>,
    });
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options) || anyPrior([this.#initial]);
  }

  parameterBlocks(model: IntegerBernoulliEditDistribution<ModelOf<I>>): readonly ParameterBlock[] {
    const logPrior = logEditPrior(model, this.options.pseudoCount ?? 0, this.options.prior);
    const own = { key: undefined, count: 2 * model.valueCount, logPrior };
    return blocksWithChildren(this.options.key, [own], [this.#initial], [model.initial]);
  }
}
