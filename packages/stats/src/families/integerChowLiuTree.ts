/**
 * Vectors of small integers whose features depend on each other along a tree: p(x) = Π_j P(x_j | x_parent(j)). The tree and its
 * tables are those of largest likelihood.
 * Source: Chow & Liu, Approximating discrete probability distributions with dependence trees (1968).
 * Model and estimator stand in one file, as each makes the other; what is computed along trees has files of its own.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkFields, checkObject, checkProbabilities, checkPseudoCount } from '../checks/parameters.js';
import { checkSteps, isPart, partSteps } from '../checks/steps.js';
import type {
  AnyDistribution,
  Conditioned,
  Distribution,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  Step,
} from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { hasImaginaryRows, imaginaryRows, timesLog } from '../leaf/prior.js';
import { tableEntropy } from '../leaf/tableQueries.js';
import { chowLiuTree, type PairCounts, parentsFirst, treeMarginals, treePairs } from '../leaf/trees/chowLiu.js';
import { treeGiven, treeMarginal } from '../leaf/trees/treeParts.js';
import {
  type IntegerVector,
  type IntegerVectorColumns,
  IntegerVectorEncoder,
  isIntegerVector,
  MAX_STATES,
  PairAccumulator,
  type PairStatistic,
  pairLength,
} from '../leaf/vectors/integerVectors.js';
import { exp, log } from '../numeric/elementary.js';
import { drawIndex, random, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import { IntegerCategoricalDistribution } from './integerCategorical.js';

export type { IntegerVector, IntegerVectorColumns, PairStatistic } from '../leaf/vectors/integerVectors.js';

/** Most numbers of a statistic: 1 GB. */
const MAX_NUMBERS = 2 ** 27;

/** Parameters of {@link IntegerChowLiuTreeDistribution}. */
export interface IntegerChowLiuTreeParameters {
  /** The parent of each feature, or null for one without. No feature may be its own ancestor. */
  readonly parents: readonly (number | null)[];
  /** For each feature a row for each state of its parent (one row without a parent): probabilities of the feature's states. */
  readonly conditional: readonly (readonly ArrayLike<number>[])[];
}

/**
 * A distribution over vectors of integers. A state without a probability is impossible.
 * @example
 * const d = new IntegerChowLiuTreeDistribution({
 *   parents: [null, 0],
 *   conditional: [[[0.5, 0.5]], [[0.9, 0.1], [0.2, 0.8]]],
 * });
 * d.density([1, 0]); // 0.5 · 0.2
 */
export class IntegerChowLiuTreeDistribution
  extends PrintedModel
  implements Distribution<IntegerVector, IntegerVectorColumns>
{
  static readonly typeName = 'IntegerChowLiuTree';
  static readonly typeVersion = 1;
  readonly parents: readonly (number | null)[];
  readonly conditional: readonly (readonly (readonly number[])[])[];
  readonly #order: readonly number[];
  #scored: { readonly stateCount: number; readonly tables: readonly Float64Array[] } | undefined;

  /** @throws {ParameterError} */
  constructor(parameters: IntegerChowLiuTreeParameters) {
    super();
    const owner = 'IntegerChowLiuTreeDistribution';
    const { parents, conditional } = checkObject(owner, parameters, ['parents', 'conditional']);
    this.#order = checkTree(owner, parents, conditional);
    this.parents = Object.freeze([...parents]);
    this.conditional = conditional.map((table) => table.map((row) => Object.freeze(Array.from(row))));
  }

  /** The expected state of each feature. */
  get mean(): readonly number[] {
    return treeMarginals(this, this.#order).map((p) => p.reduce((sum, share, state) => sum + share * state, 0));
  }

  /** Covariances of the states: d rows of d. */
  get covariance(): readonly (readonly number[])[] {
    const marginals = treeMarginals(this, this.#order);
    const mean = this.mean;
    return marginals.map((own, i) =>
      treePairs(this, this.#order, marginals, i).map((joint, j) => {
        const width = joint.length / own.length;
        return joint.reduce((sum, p, at) => {
          return sum + p * (Math.floor(at / width) - mean[i]!) * ((at % width) - mean[j]!);
        }, 0);
      }),
    );
  }

  /** Σ_j E H(x_j | x_parent(j)), in nats. */
  get entropy(): number {
    const marginals = treeMarginals(this, this.#order);
    return this.conditional.reduce((sum, table, j) => {
      const parent = this.parents[j] ?? null;
      return (
        sum +
        table.reduce((part, row, a) => part + (parent === null ? 1 : marginals[parent]![a]!) * tableEntropy(row), 0)
      );
    }, 0);
  }

  /** The most probable vector, of several the first. @see Dawid, Applications of a general propagation algorithm (1992) */
  get mode(): number[] {
    const best = this.conditional.map((table) => new Float64Array(table[0]!.length).fill(1));
    const choice = this.conditional.map((): number[] => []);
    for (const j of [...this.#order].reverse()) {
      const parent = this.parents[j] ?? null;
      this.conditional[j]!.forEach((row, a) => {
        const scores = row.map((p, b) => p * best[j]![b]!);
        const state = scores.indexOf(Math.max(...scores));
        choice[j]![a] = state;
        if (parent !== null) best[parent]![a]! *= scores[state]!;
      });
    }
    return this.#filled((j, a) => choice[j]![a]!);
  }

  /** A vector whose features are chosen one after the other: the row of the table is that of the parent's state. */
  #filled(stateOf: (feature: number, row: number) => number): number[] {
    const x = new Array<number>(this.parents.length).fill(0);
    for (const j of this.#order) x[j] = stateOf(j, this.#rowOf(j, x));
    return x;
  }

  #rowOf(j: number, x: ArrayLike<number>): number {
    const parent = this.parents[j] ?? null;
    return parent === null ? 0 : x[parent]!;
  }

  /** -Infinity for a vector of another length. */
  logDensity(x: IntegerVector): number {
    if (!isIntegerVector(x)) return Number.NaN;
    const states: readonly unknown[] = Array.from(x);
    if (states.some((state) => typeof state !== 'number' || Number.isNaN(state))) return Number.NaN;
    if (states.length !== this.parents.length) return -Infinity;
    return this.conditional.reduce((sum, table, j) => sum + log(table[this.#rowOf(j, x)]?.[x[j]!] ?? 0), 0);
  }

  density(x: IntegerVector): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: IntegerVectorColumns, start: number, end: number, out: Float64Array): void {
    const { dimension, stateCount, x } = columns;
    if (dimension !== this.parents.length) return void out.fill(-Infinity, 0, end - start);
    const tables = this.#tablesFor(stateCount);
    const { parents } = this;
    for (let row = start; row < end; row++) {
      const at = row * dimension;
      let sum = 0;
      for (let j = 0; j < dimension; j++) {
        const parent = parents[j] ?? null;
        const first = parent === null ? 0 : x[at + parent]! * stateCount;
        sum += tables[j]![first + x[at + j]!]!;
      }
      out[row - start] = sum;
    }
  }

  /** Logarithms of the tables, for features of `stateCount` states. */
  #tablesFor(stateCount: number): readonly Float64Array[] {
    if (this.#scored?.stateCount !== stateCount) {
      const tables = this.conditional.map((table, j) => {
        const rowCount = this.parents[j] === null ? 1 : stateCount;
        return Float64Array.from({ length: rowCount * stateCount }, (_, at) =>
          log(table[Math.floor(at / stateCount)]?.[at % stateCount] ?? 0),
        );
      });
      this.#scored = { stateCount, tables };
    }
    return this.#scored.tables;
  }

  sampler(seed: Seed): Sampler<number[]> {
    const rng = random(seed);
    return samplerOf(() => this.#filled((j, row) => drawIndex(rng, this.conditional[j]![row]!)));
  }

  encoder(): IntegerVectorEncoder {
    return new IntegerVectorEncoder('IntegerChowLiuTree', this.parents.length);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): IntegerChowLiuTreeEstimator {
    const { parents, conditional } = this;
    const stateCount = Math.max(...conditional.map((table) => table[0]!.length));
    const prior = imaginaryRows('IntegerChowLiuTreeDistribution', options, { parents, conditional });
    return new IntegerChowLiuTreeEstimator({ stateCount, ...prior });
  }

  /** P(state a of i, state b of j) for every j, flat, with rows for i. */
  pairsOf(i: number): readonly Float64Array[] {
    return treePairs(this, this.#order, treeMarginals(this, this.#order), i);
  }

  /** @throws {ParameterError} where several features alone are no tree */
  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const kept = checkSteps(steps, [...this.parents.keys()]) as readonly number[];
    if (!Array.isArray(steps)) {
      const p = treeMarginals(this, this.#order)[kept[0]!]!;
      return new IntegerCategoricalDistribution({ min: 0, p });
    }
    const tree = treeMarginal(this, this.#order, kept);
    if (tree === undefined) {
      throw new ParameterError('marginal', 'steps', 'features that are a tree without those that connect them', steps);
    }
    return treeOf(tree);
  }

  conditioned(part: unknown): Conditioned {
    if (!isPart(part)) return { logDensity: this.logDensity(part as IntegerVector), rest: undefined };
    const known = new Map(partSteps(part, [...this.parents.keys()]).map((j) => [j as number, part[j]]));
    const isState = [...known.values()].every((state) => typeof state === 'number' && !Number.isNaN(state));
    if (!isState) return { logDensity: Number.NaN, rest: undefined };
    const { logDensity, rest } = treeGiven(this, this.#order, known as ReadonlyMap<number, number>);
    return { logDensity, rest: rest && treeOf(rest) };
  }

  toJSON() {
    return { type: 'IntegerChowLiuTree', parents: this.parents, conditional: this.conditional } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): IntegerChowLiuTreeDistribution {
    const owner = 'IntegerChowLiuTreeDistribution';
    const { parents, conditional } = checkFields(owner, fields, { parents: 'array', conditional: 'array' });
    // The constructor checks what is in them.
    return new this({ parents, conditional } as unknown as IntegerChowLiuTreeParameters);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function treeOf(tree: IntegerChowLiuTreeParameters): IntegerChowLiuTreeDistribution {
  return new IntegerChowLiuTreeDistribution(tree);
}

/** Features with parents first. @throws {ParameterError} unless these are trees with tables that fit */
function checkTree(owner: string, parents: unknown, conditional: unknown): readonly number[] {
  if (!Array.isArray(parents) || parents.length === 0) {
    throw new ParameterError(owner, 'parents', 'a list of at least one parent or null', parents);
  }
  for (const [j, parent] of parents.entries()) {
    if (parent === null || (Number.isInteger(parent) && parent >= 0 && parent < parents.length)) continue;
    throw new ParameterError(owner, `parents[${j}]`, `null or an integer in 0 … ${parents.length - 1}`, parent);
  }
  const order = parentsFirst(parents);
  if (order === undefined) throw new ParameterError(owner, 'parents', 'a list without a circle', parents);
  if (!Array.isArray(conditional) || conditional.length !== parents.length || !conditional.every(Array.isArray)) {
    throw new ParameterError(owner, 'conditional', `a list of ${parents.length} tables`, conditional);
  }
  for (const j of order) {
    const table: readonly unknown[] = conditional[j]!;
    const name = `conditional[${j}]`;
    const parent = parents[j] as number | null; // checked above
    // The table of the parent was looked at before.
    const rowCount = parent === null ? 1 : (conditional[parent]![0] as ArrayLike<number>).length;
    if (table.length !== rowCount) throw new ParameterError(owner, name, `a list of ${rowCount} rows`, table);
    const width = (table[0] as ArrayLike<number> | null | undefined)?.length;
    if (!(typeof width === 'number' && width >= 1 && width <= MAX_STATES)) {
      throw new ParameterError(owner, `${name}[0]`, `a list of 1 to ${MAX_STATES} probabilities`, table[0]);
    }
    for (const [a, row] of table.entries()) checkProbabilities(owner, `${name}[${a}]`, row as ArrayLike<number>, width);
  }
  return order;
}

/** Options of {@link IntegerChowLiuTreeEstimator}. */
export interface IntegerChowLiuTreeOptions {
  /** Number of states M, the same for all features, at least. Default: one more than the largest integer in the rows. */
  readonly stateCount?: number;
  /** Imaginary rows, spread evenly over all vectors, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The tree that the imaginary rows follow. Needs `pseudoCount`. */
  readonly prior?: IntegerChowLiuTreeParameters;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * The tree with most mutual information between neighbours, rooted at feature 0, and relative frequencies along its edges.
 * @example
 * const { model } = optimize([[0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1]], new IntegerChowLiuTreeEstimator());
 * model.parents; // [null, 0, 0]
 */
export class IntegerChowLiuTreeEstimator
  implements Estimator<IntegerVector, IntegerChowLiuTreeDistribution, IntegerVectorColumns, PairStatistic>
{
  readonly #prior: IntegerChowLiuTreeDistribution | undefined;

  /** @throws {ParameterError} for a negative pseudo count, a prior without one, or too many states */
  constructor(readonly options: IntegerChowLiuTreeOptions = {}) {
    const owner = 'IntegerChowLiuTreeEstimator';
    checkEstimatorOptions(owner, options, {
      stateCount: checkStateCount,
      pseudoCount: checkPseudoCount,
      prior: ['parents', 'conditional'],
      key: checkKey,
    });
    checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
    this.#prior = options.prior === undefined ? undefined : new IntegerChowLiuTreeDistribution(options.prior);
  }

  encoder(): IntegerVectorEncoder {
    return new IntegerVectorEncoder('IntegerChowLiuTree');
  }

  /** @throws {EstimationError} when features and states are too many for a table of all pairs */
  statisticLength({ dimension, stateCount }: IntegerVectorColumns): number {
    const length = pairLength(dimension, stateCount);
    if (length <= MAX_NUMBERS) return length;
    throw new EstimationError(
      `IntegerChowLiuTree: ${dimension} features of ${stateCount} states need ${length} counts of pairs. Use fewer of either.`,
    );
  }

  accumulator(schema: IntegerVectorColumns, statistic?: Float64Array): PairAccumulator {
    const { dimension, stateCount } = schema;
    const sums = statistic ?? new Float64Array(this.statisticLength(schema));
    return new PairAccumulator('IntegerChowLiuTree', dimension, stateCount, sums, this.options.key);
  }

  /**
   * Total weight 0 and no prior: independent features, all states equally likely.
   * @throws {EstimationError} when there are no rows, or the prior has another number of features
   */
  estimate(statistic: PairStatistic, report?: Report): IntegerChowLiuTreeDistribution {
    const prior = this.#prior;
    const dimension = statistic.dimension > 0 ? statistic.dimension : (prior?.parents.length ?? 0);
    if (dimension === 0) {
      throw new EstimationError(
        'IntegerChowLiuTree: there are no rows, so the number of features is unknown. Give at least one row.',
      );
    }
    if (prior !== undefined && prior.parents.length !== dimension) {
      throw new EstimationError(
        `IntegerChowLiuTree: the prior has ${prior.parents.length} features, the rows have ${dimension}.`,
      );
    }
    if (!statistic.marginals.some((count) => count > 0)) reportDead(report);
    const ofPrior = prior?.conditional.map((table) => table[0]!.length) ?? [];
    const stateCount = Math.max(1, this.options.stateCount ?? 0, statistic.stateCount, ...ofPrior);
    const tree = chowLiuTree(this.#countsWithPrior(statistic, dimension, stateCount));
    if (stateCount > 1 && tree.conditional.every((table) => table.every((row) => Math.max(...Array.from(row)) === 1))) {
      report?.add(
        'degenerate',
        'all rows are the same vector: every other one is impossible. Set pseudoCount.',
        BOUNDED,
      );
    }
    return new IntegerChowLiuTreeDistribution(tree);
  }

  /** The counts of the rows and of the imaginary ones, in tables of M states. */
  #countsWithPrior(statistic: PairStatistic, dimension: number, M: number): PairCounts {
    const { pseudoCount = 0 } = this.options;
    const { stateCount: known, marginals, pairs } = statistic;
    const imaginary =
      this.#prior === undefined ? undefined : Array.from({ length: dimension }, (_, i) => this.#prior!.pairsOf(i));
    const width = (j: number) => this.#prior!.conditional[j]![0]!.length;
    const shareOf = (i: number, j: number, a: number, b: number) => {
      if (imaginary === undefined) return 1 / (M * M);
      return a < width(i) && b < width(j) ? imaginary[i]![j]![a * width(j) + b]! : 0;
    };
    const pairStart = (i: number, j: number) => (i * (2 * dimension - i - 1)) / 2 + (j - i - 1);
    return {
      dimension,
      stateCount: M,
      marginal: (j) =>
        Float64Array.from({ length: M }, (_, a) => {
          const share = imaginary === undefined ? 1 / M : shareOf(j, j, a, a);
          return (a < known ? marginals[j * known + a]! : 0) + pseudoCount * share;
        }),
      pair: (i, j) =>
        Float64Array.from({ length: M * M }, (_, at) => {
          const [a, b] = [Math.floor(at / M), at % M];
          const count = a < known && b < known ? pairs[(pairStart(i, j) * known + a) * known + b]! : 0;
          return count + pseudoCount * shareOf(i, j, a, b);
        }),
    };
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options);
  }

  /** M - 1 for the root, and for each other feature M - 1 for each state of its parent; the shape of the tree is not a number. */
  parameterBlocks(model: IntegerChowLiuTreeDistribution): readonly ParameterBlock[] {
    const count = model.conditional.reduce((sum, table) => sum + table.length * (table[0]!.length - 1), 0);
    return [{ key: this.options.key, count, logPrior: this.#logOfImaginaryRows(model) }];
  }

  /** Σ c P(a, b) log P(b | a) along the edges of the model's tree, with P(a, b) of the imaginary rows. */
  #logOfImaginaryRows({ parents, conditional }: IntegerChowLiuTreeDistribution): number | undefined {
    const prior = this.#prior;
    if (!this.hasPrior) return undefined;
    let sum = 0;
    for (const [j, table] of conditional.entries()) {
      const width = (prior?.conditional[j] ?? table)[0]!.length;
      const parent = parents[j] ?? null;
      const pair = prior?.pairsOf(parent ?? j)[j];
      const even = 1 / (table.length * width);
      for (const [a, row] of table.entries()) {
        for (let b = 0; b < width; b++) {
          // The pairs of a feature with itself are its probabilities, on the diagonal.
          const share = pair === undefined ? even : (pair[(parent === null ? b : a) * width + b] ?? 0);
          sum += timesLog(this.options.pseudoCount! * share, row[b] ?? 0);
        }
      }
    }
    return sum;
  }
}

function checkStateCount(owner: string, name: string, count: unknown): void {
  if (Number.isInteger(count) && (count as number) >= 1 && (count as number) <= MAX_STATES) return;
  throw new ParameterError(owner, name, `an integer in 1 … ${MAX_STATES}`, count);
}
