/**
 * Two lists of integers below V with counts, where the second comes from the first: each of the c_v copies of a target v is drawn
 * evenly from all V values with probability b, the background; else it picks a source u with probability c_u / Σ c, and is drawn
 * from P(v | u): log p = Σ_v c_v log(b / V + (1 - b) Σ_u (c_u / Σ c) P(v | u)) + log g(Σ c_u, Σ c_v). Without sources a target has
 * the background only. The table P holds the links that occur, so that memory and time go with these, not with V².
 * Source: Brown, Della Pietra, Della Pietra & Mercer (1993), The mathematics of statistical machine translation, section 4.2
 * (model 1).
 */

import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkDistribution,
  checkEstimator,
  checkFields,
  checkObject,
  checkProbabilities,
  checkPseudoCount,
} from '../checks/parameters.js';
import { acceptedBy } from '../columns/columns.js';
import { NullDistribution, NullEncoder, NullEstimator } from '../combinators/null.js';
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
  Sampler,
  Seed,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { IntegerAccumulator, type IntegerColumns, IntegerEncoder, type IntegerStatistic } from '../leaf/integers.js';
import { timesLog } from '../leaf/prior.js';
import { exp, log } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../numeric/random.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolingOf } from '../tree/pooling.js';
import {
  type AssociationColumns,
  AssociationEncoder,
  type AssociationRow,
  areCounts,
  checkBackground,
  checkSize,
  IndexEncoder,
  isIndex,
  isIntegerAssociation,
  totalOf,
} from './associationColumns.js';
import { checkTotal, countsOf } from './associationSampler.js';
import { LinkMemory } from './associationScores.js';
import { notARow } from './posterior.js';
import {
  SparseMarkovAssociationAccumulator,
  type SparseMarkovAssociationKeys,
  type SparseMarkovAssociationModel,
  type SparseMarkovAssociationStatistic,
  scoreSparseLinks,
} from './sparseMarkovAssociationCounts.js';
import { forEachSource, SparseTable, type SparseTransitions, sparseTable } from './sparseTransitions.js';
import { estimateWeights } from './weights.js';

export {
  SparseMarkovAssociationAccumulator,
  type SparseMarkovAssociationKeys,
  type SparseMarkovAssociationStatistic,
  type SparseTransitions,
};

type Row = AssociationRow<number, number>;

/** At most so many values: the number source · V + target of a link must be exact. */
const MAX_VALUES = 94_906_265;

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
    checkProbabilities(owner, 'initial', initial);
    if (initial.length > MAX_VALUES)
      throw new ParameterError(owner, 'initial.length', `<= ${MAX_VALUES}`, initial.length);
    checkBackground(owner, 'background', background);
    this.#table = sparseTable(owner, 'transitions', transitions, initial.length);
    // Without a model of the lengths, L is its default: NullDistribution.
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkDistribution(owner, 'length', this.length);
    checkTakesPairs(owner, 'a distribution', this.length);
    this.initial = Object.freeze(Array.from(initial));
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

  /** NaN for what is no pair of lists of integers with counts; -Infinity for integers that there are not, and counts below 0. */
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
   * @throws {ParameterError} for what is no row
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
    if (this.#known?.values !== values) this.#known = { values, table: values.map((link) => this.#table.at(link)) };
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
      checkTotal(owner, sourceTotal);
      checkTotal(owner, targetTotal);
      const sources = drawn(sourceTotal, () => drawIndex(rng, this.initial));
      const counts = sources.map(([, count]) => count);
      const targets = drawn(targetTotal, () => {
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
    const { valueCount, background, initial } = this;
    return new SparseMarkovAssociationEstimator({
      valueCount,
      background,
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      ...(options.pseudoCount === undefined
        ? {}
        : {
            pseudoCount: { initial: pseudoCount, transitions: pseudoCount },
            prior: { initial, transitions: this.#table },
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

interface Encodes {
  encoder(): Encoder<unknown>;
}

function encoderOf(valueCount: number, length: Encodes): AssociationEncoder<number, number> {
  const family = 'SparseMarkovAssociation';
  return new AssociationEncoder({
    family,
    source: new IndexEncoder(family, 'a source', valueCount),
    target: new IndexEncoder(family, 'a target', valueCount),
    link: new IntegerEncoder(`${family} links`, 0),
    linkOf: (source, target) =>
      isIndex(source, valueCount) && isIndex(target, valueCount) ? source * valueCount + target : Number.NaN,
    given: new NullEncoder(),
    length: length.encoder(),
    isOfBoth: true,
  });
}

/** Lengths of the two sides; a family need not take all pairs of them. */
const SOURCES = [0, 1, 2, 3, 5, 8, 100];
const TARGETS = [0, 1, 2, 3, 4, 7, 100];

/** @throws {ParameterError} unless `length` takes pairs of whole numbers, and only these */
function checkTakesPairs(owner: string, what: string, length: Encodes): void {
  const accepts = acceptedBy(length.encoder());
  const isDensity = accepts([0.5, 0.5]) && !accepts('a pair') && !accepts(['a', 'b']);
  const isTaken = SOURCES.some((sources) => TARGETS.some((targets) => accepts([sources, targets])));
  if (!isDensity && isTaken) return;
  throw new ParameterError(owner, 'length', `${what} over pairs of integers >= 0`, length);
}

/** Options of {@link SparseMarkovAssociationEstimator}. */
export interface SparseMarkovAssociationOptions<L extends AnyEstimator = AnyEstimator> {
  /** Sources and targets are 0 … valueCount - 1. */
  readonly valueCount: number;
  /** The probability that a target comes from no source, in [0, 1). It is not estimated. Default 0. */
  readonly background?: number;
  /** Estimator of the pair of the number of sources and the number of targets. Default: none. */
  readonly length?: L;
  /**
   * Imaginary sources, spread evenly over all values; and imaginary targets of each source, spread evenly over the targets that it
   * has; or as `prior` says. Default 0: maximum likelihood.
   */
  readonly pseudoCount?: { readonly initial?: number; readonly transitions?: number };
  /** How the imaginary sources and targets are spread: the tables of a model. Needs `pseudoCount`. */
  readonly prior?: { readonly initial?: ArrayLike<number>; readonly transitions?: SparseTransitions };
  /** Ties the tables to those of other models. */
  readonly keys?: SparseMarkovAssociationKeys;
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
  readonly #pooling: Pooling<SparseMarkovAssociationStatistic> | undefined;

  /** @throws {ParameterError} */
  constructor(readonly options: SparseMarkovAssociationOptions<L>) {
    const owner = 'SparseMarkovAssociationEstimator';
    checkEstimatorOptions(owner, options, {
      valueCount: checkSize,
      background: checkBackground,
      length: checkEstimator,
      pseudoCount: { initial: checkPseudoCount, transitions: checkPseudoCount },
      prior: ['initial', 'transitions'],
      keys: ['initial', 'transitions'],
    });
    const { valueCount, length, pseudoCount, prior } = options;
    checkSize(owner, 'valueCount', valueCount);
    if (valueCount > MAX_VALUES) throw new ParameterError(owner, 'valueCount', `<= ${MAX_VALUES}`, valueCount);
    if (prior !== undefined && pseudoCount === undefined) {
      throw new ParameterError(owner, 'pseudoCount', 'given together with prior', undefined);
    }
    const { initial, transitions } = prior ?? {};
    if (initial !== undefined) checkProbabilities(owner, 'prior.initial', initial, valueCount);
    this.#prior = transitions && sparseTable(owner, 'prior.transitions', transitions, valueCount);
    const ofLength: AnyEstimator = length ?? new NullEstimator();
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

  #linksOf({ links }: AssociationColumns): IntegerColumns {
    return links.items as IntegerColumns; // as encoded
  }

  #ownLength(schema: AssociationColumns): number {
    return this.options.valueCount + this.#linksOf(schema).values.length;
  }

  statisticLength(schema: AssociationColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(schema), [this.#length], () => schema.lengths);
  }

  accumulator(schema: AssociationColumns, statistic?: Float64Array): SparseMarkovAssociationAccumulator {
    const { own, children } = accumulatorsOf(this.#ownLength(schema), [this.#length], () => schema.lengths, statistic);
    const { valueCount, keys = {} } = this.options;
    const kind = `links of ${valueCount}`;
    const links = new IntegerAccumulator(kind, this.#linksOf(schema), own.subarray(valueCount), keys.transitions);
    return new SparseMarkovAssociationAccumulator(own.subarray(0, valueCount), links, children[0]!, keys);
  }

  /** A source that no target came from has no transitions. */
  estimate(
    { initial, links, length }: SparseMarkovAssociationStatistic,
    report?: Report,
    pooled?: SparseMarkovAssociationStatistic,
  ): SparseMarkovAssociationDistribution<ModelOf<L>> {
    const { background = 0, pseudoCount = {}, prior } = this.options;
    if (initial.every((count) => count === 0)) reportDead(report);
    return new SparseMarkovAssociationDistribution({
      initial: estimateWeights(initial, { pseudoCount: pseudoCount.initial ?? 0, prior: prior?.initial }),
      transitions: this.#transitions(links),
      background,
      length: this.#length.estimate(length, report?.at('length'), pooled?.length) as ModelOf<L>,
    });
  }

  #transitions(statistic: IntegerStatistic): SparseTable {
    const { valueCount, pseudoCount: { transitions: imaginary = 0 } = {} } = this.options;
    const { values, counts } = withImaginary(statistic, imaginary > 0 ? this.#prior : undefined, imaginary);
    forEachSource(values, valueCount, (_, start, end) => {
      // Without a prior the imaginary targets are like those that the source has.
      const each = this.#prior === undefined ? imaginary / (end - start) : 0;
      let total = 0;
      for (let i = start; i < end; i++) total += counts[i]! + each;
      for (let i = start; i < end; i++) counts[i] = (counts[i]! + each) / total;
    });
    return new SparseTable(valueCount, values, counts);
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
      { key: keys.transitions, count, logPrior: this.#logPrior(model) },
      ...blocksWithChildren(undefined, [], [this.#length], [model.length]),
    ];
  }

  /** What the imaginary targets add to the log-likelihood. */
  #logPrior(model: SparseMarkovAssociationDistribution<AnyDistribution>): number | undefined {
    const { valueCount, pseudoCount: { transitions: imaginary = 0 } = {} } = this.options;
    if (imaginary === 0) return undefined;
    let sum = 0;
    this.#prior?.links.forEach((link, i) => {
      const source = Math.floor(link / valueCount);
      sum += timesLog(imaginary * this.#prior!.p[i]!, model.transition(source, link - source * valueCount));
    });
    if (this.#prior !== undefined) return sum;
    for (let source = 0; source < valueCount; source++) {
      const entries = model.targetsOf(source);
      for (const [, p] of entries) sum += timesLog(imaginary / entries.length, p);
    }
    return sum;
  }
}

/** The links that were counted, with `imaginary` targets for each source of the prior, distributed as there. The counts are new. */
function withImaginary(
  { values, counts }: IntegerStatistic,
  prior: SparseTable | undefined,
  imaginary: number,
): { readonly values: Float64Array; readonly counts: Float64Array } {
  if (prior === undefined && counts.every((count) => count > 0)) return { values, counts: counts.slice() };
  const links = prior?.links ?? new Float64Array(0);
  const found = {
    values: new Float64Array(values.length + links.length),
    counts: new Float64Array(values.length + links.length),
  };
  let length = 0;
  for (let i = 0, j = 0; i < values.length || j < links.length; ) {
    const link = Math.min(values[i] ?? Infinity, links[j] ?? Infinity);
    let count = 0;
    if (values[i] === link) count += counts[i++]!;
    if (links[j] === link) count += imaginary * prior!.p[j++]!;
    if (count === 0) continue;
    found.values[length] = link;
    found.counts[length++] = count;
  }
  return { values: found.values.slice(0, length), counts: found.counts.slice(0, length) };
}
