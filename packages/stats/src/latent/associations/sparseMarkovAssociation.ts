/**
 * Two lists of integers below V with counts, where the second comes from the first: each of the c_v copies of a target v is drawn
 * evenly from all V values with probability b, the background; else it picks a source u with probability c_u / Σ c, and is drawn
 * from P(v | u): log p = Σ_v c_v log(b / V + (1 - b) Σ_u (c_u / Σ c) P(v | u)) + log g(Σ c_u, Σ c_v). Without sources a target has
 * the background only. The table P holds the links that occur, so that memory and time go with these, not with V².
 * Source: Brown, Della Pietra, Della Pietra & Mercer (1993), The mathematics of statistical machine translation, section 4.2
 * (model 1).
 */

import { pseudoCountOf } from '../../checks/options.js';
import { checkDistribution, checkFields, checkObject } from '../../checks/parameters.js';
import { drawnLength } from '../../combinators/lengthModel.js';
import { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
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
import { reportDead } from '../../leaf/findings.js';
import { IntegerAccumulator, type IntegerColumns, type IntegerStatistic } from '../../leaf/integers.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { PrintedModel } from '../../tree/modelText.js';
import { poolingOf } from '../../tree/pooling.js';
import { notARow } from '../posterior.js';
import {
  type AssociationColumns,
  type AssociationEncoder,
  type AssociationRow,
  areCounts,
  checkBackground,
  isIndex,
  isIntegerAssociation,
  totalOf,
} from './associationColumns.js';
import { countsOf } from './associationSampler.js';
import { LinkMemory } from './associationScores.js';
import {
  linksOf,
  SparseMarkovAssociationAccumulator,
  type SparseMarkovAssociationModel,
  type SparseMarkovAssociationStatistic,
  scoreSparseLinks,
  sourcesOf,
} from './sparseMarkovAssociationCounts.js';
import {
  checkedInitial,
  checkSparseOptions,
  checkTakesPairs,
  encoderOf,
  type SparseMarkovAssociationKeys,
  type SparseMarkovAssociationOptions,
} from './sparseMarkovAssociationOptions.js';
import { estimateInitial, estimateTransitions, logTransitionsPrior } from './sparseMarkovAssociationTables.js';
import { type SparseTable, type SparseTransitions, sparseTable } from './sparseTransitions.js';

export type {
  SparseMarkovAssociationAccumulator,
  SparseMarkovAssociationKeys,
  SparseMarkovAssociationOptions,
  SparseMarkovAssociationStatistic,
  SparseTransitions,
};

type Row = AssociationRow<number, number>;

/** Parameters of {@link SparseMarkovAssociationDistribution}. */
export interface SparseMarkovAssociationParameters<L extends AnyDistribution = AnyDistribution> {
  /** P(source): V numbers that sum to 1. Draws need it; it is no part of the density, which takes the sources as given. */
  readonly initial: ArrayLike<number>;
  /** P(target | source) where it is above 0, in any order; of each source all or none. A source without any has no targets. */
  readonly transitions: SparseTransitions;
  /** The probability b that a target comes from no source, in [0, 1). Default 0. */
  readonly background?: number;
  /** Distribution of the pair of the number of sources Σ c_u and the number of targets Σ c_v. Default: none; it scores 0. */
  readonly length?: L;
}

/**
 * An association between integers, by a sparse table.
 * @example
 * const d = new SparseMarkovAssociationDistribution({
 *   initial: [0.5, 0.5, 0],
 *   transitions: { from: [0, 0, 1], to: [1, 2, 2], p: [0.75, 0.25, 1] },
 * });
 * d.density([[[0, 1], [1, 1]], [[2, 1]]]); // (0.25 + 1) / 2
 */
export class SparseMarkovAssociationDistribution<L extends AnyDistribution = NullDistribution>
  extends PrintedModel
  implements Distribution<Row, AssociationColumns>, SparseMarkovAssociationModel
{
  static readonly typeName = 'SparseMarkovAssociation';
  static readonly typeVersion = 1;
  readonly initial: readonly number[];
  readonly background: number;
  readonly length: L;
  readonly #table: SparseTable;
  readonly #memory = new LinkMemory();
  #known: { readonly values: Float64Array; readonly table: Float64Array } | undefined;

  /** @throws {ParameterError} */
  constructor(parameters: SparseMarkovAssociationParameters<L>) {
    super();
    const owner = 'SparseMarkovAssociationDistribution';
    const names = ['initial', 'transitions'];
    const { initial, transitions, background = 0, length } = checkObject(owner, parameters, names);
    this.initial = checkedInitial(owner, initial);
    checkBackground(owner, 'background', background);
    this.#table = sparseTable(owner, 'transitions', transitions, initial.length);
    // Without a model of the lengths, L is its default: NullDistribution.
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkDistribution(owner, 'length', this.length);
    checkTakesPairs(owner, 'a distribution', this.length);
    this.background = background;
  }

  /** Number of values V. */
  get valueCount(): number {
    return this.initial.length;
  }

  /** P(target | source) by source, then by target: new lists, as long as the table. */
  get transitions(): { readonly from: number[]; readonly to: number[]; readonly p: number[] } {
    const { from, to, p } = this.#table;
    return { from: Array.from(from), to: Array.from(to), p: Array.from(p) };
  }

  /** P(target | source); 0 for a link that the table lacks. */
  transition(source: number, target: number): number {
    const isLink = isIndex(source, this.valueCount) && isIndex(target, this.valueCount);
    return isLink ? this.#table.at(source * this.valueCount + target) : 0;
  }

  /** The targets of a source with their probabilities, by target. */
  targetsOf(source: number): (readonly [target: number, p: number])[] {
    if (!isIndex(source, this.valueCount)) return [];
    const [start, end] = this.#table.rangeOf(source);
    const { links, p } = this.#table;
    return Array.from(links.subarray(start, end), (link, i) => [link - source * this.valueCount, p[start + i]!]);
  }

  /** NaN for anything but a pair of lists of integers with counts; -Infinity for integers out of range, and counts below 0. */
  logDensity(x: Row): number {
    if (!isIntegerAssociation(x)) return Number.NaN;
    const [sources, targets] = x;
    if (!x.every(areCounts) || sources.some(([source]) => !isIndex(source, this.valueCount))) return -Infinity;
    const sum = targets.reduce((score, [target, count]) => {
      if (count === 0) return score;
      if (!isIndex(target, this.valueCount)) return -Infinity;
      const p = this.#partsOf(sources, target).reduce((total, part) => total + part, this.background / this.valueCount);
      return score + count * log(p);
    }, 0);
    return addLogs(sum, this.length.logDensity([totalOf(sources), totalOf(targets)]));
  }

  /** (1 - b) (c_u / Σ c) P(target | u) of each source. */
  #partsOf(sources: Row[0], target: number): number[] {
    const total = totalOf(sources);
    return sources.map(([source, count]) =>
      count > 0 ? (1 - this.background) * (count / total) * this.transition(source, target) : 0,
    );
  }

  density(x: Row): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(source | target) for each target of the row, in order: a list with a number for each of its sources. They sum to 1 less the
   * probability that the target is of the background. A target of density 0 gets the shares of the sources.
   * @throws {ParameterError} for anything but a row of the model
   */
  posterior(x: Row): number[][] {
    if (this.encoder().violation(x) !== undefined) {
      throw notARow('SparseMarkovAssociationDistribution.posterior', this.encoder(), x);
    }
    const total = totalOf(x[0]);
    return x[1].map(([target]) => {
      const parts = this.#partsOf(x[0], target);
      const p = parts.reduce((sum, part) => sum + part, this.background / this.valueCount);
      return p > 0 ? parts.map((part) => part / p) : x[0].map(([, count]) => (total > 0 ? count / total : 0));
    });
  }

  seqLogDensity(columns: AssociationColumns, start: number, end: number, out: Float64Array): void {
    scoreSparseLinks(this, undefined, columns, start, end, out, this.#memory);
  }

  tableFor({ values }: IntegerColumns): Float64Array {
    const { links, p } = this.#table;
    if (links === values) return p; // estimated from these columns
    if (this.#known?.values !== values) this.#known = { values, table: this.#table.allAt(values) };
    return this.#known.table;
  }

  /**
   * Draws both numbers, the sources and the targets, and counts equal ones, in ascending order.
   * @throws {ParameterError} without a distribution of the lengths; where a source without transitions is drawn, or none at all,
   *   and a target should come from it
   */
  sampler(seed: Seed): Sampler<Row> {
    const owner = 'SparseMarkovAssociationDistribution';
    if (this.length instanceof NullDistribution) {
      throw new ParameterError(owner, 'length', 'a distribution, to draw rows from it', this.length);
    }
    const rng = random(childSeed(seed, 'links'));
    const lengths = this.length.sampler(childSeed(seed, 'length'));
    const drawn = (total: number, draw: () => number) => {
      const counts = new Map<number, number>();
      for (let n = 0; n < total; n++) {
        const value = draw();
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return countsOf(counts);
    };
    return samplerOf((): Row => {
      const [sourceTotal, targetTotal] = lengths.sample() as readonly unknown[];
      const sources = drawn(drawnLength(owner, sourceTotal), () => drawIndex(rng, this.initial));
      const counts = sources.map(([, count]) => count);
      const targets = drawn(drawnLength(owner, targetTotal), () => {
        if (this.background > 0 && rng() < this.background) return Math.floor(rng() * this.valueCount);
        const source = sources[drawIndex(rng, counts)]?.[0];
        const entries = source === undefined ? [] : this.targetsOf(source);
        if (entries.length === 0) {
          throw new ParameterError(owner, 'transitions', 'given for each source that is drawn', source);
        }
        return entries[drawIndex(rng, entries.map(([, p]) => p))]![0]; // biome-ignore format: short
      });
      return [sources, targets];
    });
  }

  encoder(): AssociationEncoder<number, number> {
    return encoderOf(this.valueCount, this.length);
  }

  /** With a pseudo count, so many imaginary sources, and targets of each source, are distributed as in this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): SparseMarkovAssociationEstimator<ReturnType<L['estimator']>> {
    const pseudoCount = pseudoCountOf('SparseMarkovAssociationDistribution', options);
    const { valueCount, background, initial, transitions } = this;
    return new SparseMarkovAssociationEstimator({
      valueCount,
      background,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      ...(options.pseudoCount === undefined
        ? {}
        : {
            pseudoCount: { initial: pseudoCount, transitions: pseudoCount },
            prior: { initial, transitions },
          }),
    });
  }

  toJSON() {
    const { initial, transitions, background, length } = this;
    return { type: 'SparseMarkovAssociation', initial, transitions, background, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): SparseMarkovAssociationDistribution<AnyDistribution> {
    const owner = 'SparseMarkovAssociationDistribution';
    const { initial, transitions, background, length } = checkFields(owner, fields, {
      initial: 'numbers',
      transitions: 'unknown',
      background: 'number',
      length: 'unknown',
    });
    return new this<AnyDistribution>({
      initial,
      transitions: transitions as SparseTransitions,
      background,
      length: checkDistribution(owner, 'length', length),
    });
  }
}

/**
 * EM: each target is shared among the background and the sources of its row; the links of each source are then normalised. The
 * log-likelihood is concave in the table, so that any start leads to its maximum.
 * @example
 * const estimator = new SparseMarkovAssociationEstimator({ valueCount: 4 });
 * const { model } = optimize([[[[0, 1], [1, 1]], [[2, 1], [3, 1]]], [[[0, 1]], [[2, 1]]]], estimator, { maxIterations: 200 });
 * model.transition(1, 3); // nearly 1
 */
export class SparseMarkovAssociationEstimator<L extends AnyEstimator = NullEstimator>
  implements
    Estimator<
      Row,
      SparseMarkovAssociationDistribution<ModelOf<L>>,
      AssociationColumns,
      SparseMarkovAssociationStatistic
    >
{
  readonly #length: AnyEstimator;
  readonly #prior: SparseTable | undefined;
  #last: (IntegerStatistic & { readonly initial: readonly number[] }) | undefined;
  readonly #pooling: Pooling<SparseMarkovAssociationStatistic> | undefined;

  /** @throws {ParameterError} */
  constructor(readonly options: SparseMarkovAssociationOptions<L>) {
    const owner = 'SparseMarkovAssociationEstimator';
    this.#prior = checkSparseOptions(owner, options);
    const ofLength: AnyEstimator = options.length ?? new NullEstimator();
    checkTakesPairs(owner, 'an estimator', ofLength);
    this.#length = ofLength;
    this.#pooling = poolingOf('SparseMarkovAssociation', [ofLength], (parts) => ({
      ...parts[0]!,
      length: ofLength.pooling?.pool(parts.map((part) => part.length)),
    }));
  }

  encoder(): AssociationEncoder<number, number> {
    return encoderOf(this.options.valueCount, this.#length);
  }

  #ownLength(schema: AssociationColumns): number {
    return sourcesOf(schema).values.length + linksOf(schema).values.length;
  }

  statisticLength(schema: AssociationColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(schema), [this.#length], () => schema.lengths);
  }

  accumulator(schema: AssociationColumns, statistic?: Float64Array): SparseMarkovAssociationAccumulator {
    const { own, children } = accumulatorsOf(this.#ownLength(schema), [this.#length], () => schema.lengths, statistic);
    const { valueCount, keys = {} } = this.options;
    const ofSources = sourcesOf(schema);
    const sourceCount = ofSources.values.length;
    return new SparseMarkovAssociationAccumulator(
      valueCount,
      new IntegerAccumulator(`sources of ${valueCount}`, ofSources, own.subarray(0, sourceCount), keys.initial),
      new IntegerAccumulator(`links of ${valueCount}`, linksOf(schema), own.subarray(sourceCount), keys.transitions),
      children[0]!,
    );
  }

  /** A source that no target came from has no transitions. */
  estimate(
    { initial, links, length }: SparseMarkovAssociationStatistic,
    report?: Report,
    pooled?: SparseMarkovAssociationStatistic,
  ): SparseMarkovAssociationDistribution<ModelOf<L>> {
    const { background = 0 } = this.options;
    if (initial.counts.every((count) => count === 0)) reportDead(report);
    return new SparseMarkovAssociationDistribution({
      initial: this.#initialOf(initial),
      transitions: estimateTransitions(links, this.options, this.#prior),
      background,
      length: this.#length.estimate(length, report?.at('length'), pooled?.length) as ModelOf<L>,
    });
  }

  /** The sources are observed, so that all iterations of a fit have the same counts of them. */
  #initialOf(statistic: IntegerStatistic): readonly number[] {
    const isSame = (one: Float64Array, other: Float64Array) =>
      one === other || (one.length === other.length && one.every((value, k) => value === other[k]));
    const last = this.#last;
    if (last !== undefined && isSame(last.values, statistic.values) && isSame(last.counts, statistic.counts)) {
      return last.initial;
    }
    const initial = checkedInitial('SparseMarkovAssociationEstimator', estimateInitial(statistic, this.options));
    this.#last = { ...statistic, initial };
    return initial;
  }

  get pooling(): Pooling<SparseMarkovAssociationStatistic> | undefined {
    return this.#pooling;
  }

  get hasPrior(): boolean {
    const { initial = 0, transitions = 0 } = this.options.pseudoCount ?? {};
    return initial + transitions > 0 || anyPrior([this.#length]);
  }

  /** The probabilities of the sources are not among them, nor is their prior: they do not enter the likelihood. */
  parameterBlocks(model: SparseMarkovAssociationDistribution<AnyDistribution>): readonly ParameterBlock[] {
    const { pseudoCount = {}, keys = {} } = this.options;
    let count = 0;
    const { from } = model.transitions;
    for (let i = 1; i < from.length; i++) if (from[i] === from[i - 1]) count++;
    return [
      { key: keys.initial, count: 0, logPrior: (pseudoCount.initial ?? 0) > 0 ? 0 : undefined },
      { key: keys.transitions, count, logPrior: logTransitionsPrior(model, this.options, this.#prior) },
      ...blocksWithChildren(undefined, [], [this.#length], [model.length]),
    ];
  }
}
