/**
 * A hidden Markov model over trees: each node has a hidden state, which depends on that of its parent, and emits a value from
 * the distribution of its state. With the root r and pa(u) the parent of u,
 * p(tree) = Σ_z w[z_r] Π_u f_{z_u}(x_u) Π_{u ≠ r} A[z_pa(u), z_u] Π_u g(number of children of u). Fitted by EM.
 * Model and estimator stand in one file, as each makes the other; passes, starts and questions have files of their own.
 * Source: Crouse, Nowak & Baraniuk, Wavelet-based statistical signal processing using hidden Markov models (1998); Durand,
 * Gonçalvès & Guédon, Computational methods for hidden Markov tree models (2004).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../../checks/options.js';
import { checkCount, checkDistributions, checkEstimators, checkFields } from '../../checks/parameters.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Seed,
  Step,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { random, samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import { bayesOfHiddenStates, type HiddenMarkovPosterior } from '../hiddenMarkov/bayes.js';
import type { HiddenMarkovStatistic } from '../hiddenMarkov/forwardBackward.js';
import { mixtureStates } from '../hiddenMarkov/start.js';
import { hasImaginary } from '../hiddenMarkov/tablePrior.js';
import { checkTableOptions, checkTables, estimateTables, tableBlocks } from '../hiddenMarkov/tables.js';
import { ItemEstimators } from '../itemEstimators.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { Router } from '../route.js';
import { checkSharedEncoders, checkSharedRows, type OverSameRows, overSameRows } from '../sharedRows.js';
import { STATE_TABLE_OPTIONS } from '../stateTables.js';
import {
  scoreTrees,
  smoothTrees,
  TreeHiddenMarkovAccumulator,
  type TreeHiddenMarkovModel,
  treeScorer,
} from './accumulator.js';
import { type NodeColumns, type TreeColumns, TreeEncoder } from './columns.js';
import { TreeMemory } from './memory.js';
import {
  checkedParameters,
  DEFAULT_MAX_DEPTH,
  type TreeHiddenMarkovOptions,
  type TreeHiddenMarkovParameters,
} from './parameters.js';
import { mostProbableStates, scoredTree, stateProbabilities, statesGiven, upwardOf } from './queries.js';
import { type TreeWithStates, treeSampler } from './sampling.js';
import { isShape, type TreeNode, type TreeRow, treeShape } from './tree.js';
import { type StateTree, stateTree } from './upwardDownward.js';

export type {
  NodeColumns,
  TreeColumns,
  TreeEncoder,
  TreeHiddenMarkovAccumulator,
  TreeHiddenMarkovOptions,
  TreeHiddenMarkovParameters,
  TreeNode,
  TreeRow,
  TreeWithStates,
};

/** The row of a hidden Markov tree: nodes with values that the states emit. */
export type TreeOf<Es extends readonly unknown[]> = TreeRow<RowOf<Es[number]>>;

/**
 * A hidden Markov tree.
 * @example
 * const model = new TreeHiddenMarkovDistribution(
 *   [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 5, sigma2: 1 })],
 *   { w: [0.5, 0.5], transitions: [[0.9, 0.1], [0.2, 0.8]] },
 * );
 * model.viterbi([[[0, -1], 0.1], [[1, 0], -0.3], [[2, 0], 5.2]]); // [0, 0, 1]
 */
export class TreeHiddenMarkovDistribution<
    const Ds extends readonly AnyDistribution[],
    G extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<TreeOf<Ds>, TreeColumns>, TreeHiddenMarkovModel
{
  static readonly typeName = 'TreeHiddenMarkov';
  static readonly typeVersion = 1;
  readonly emissions: Ds;
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly childCount: G;
  readonly maxDepth: number;
  readonly #isUnbounded: boolean;
  readonly #tree: StateTree;
  readonly #router: Router;
  readonly #memory = new TreeMemory();

  /**
   * @param emissions  S >= 1 distributions over the same values
   * @throws {ParameterError}
   */
  constructor(emissions: Ds & OverSameRows<Ds>, parameters: TreeHiddenMarkovParameters<G>) {
    super();
    const owner = 'TreeHiddenMarkovDistribution';
    checkDistributions(owner, 'emissions', emissions);
    checkSharedRows(owner, 'emissions', emissions);
    this.emissions = emissions;
    const { w, transitions, childCount, maxDepth } = checkedParameters(owner, emissions.length, parameters);
    this.w = w;
    this.transitions = transitions;
    this.childCount = childCount;
    this.maxDepth = maxDepth;
    this.#tree = stateTree(w, this.transitions);
    this.#router = new Router('TreeHiddenMarkov', emissions);
    this.#isUnbounded = childCount.isUnbounded === true || emissions.some((emission) => emission.isUnbounded === true);
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** `w` and `transitions`, for the passes. */
  get tree(): StateTree {
    return this.#tree;
  }

  /** NaN for anything but a tree; 0 for an empty list. */
  logDensity(x: TreeOf<Ds>): number {
    const shape = treeShape(x);
    if (!isShape(shape)) return Number.NaN;
    const scored = scoredTree(this.emissions, x, shape);
    const { count, memory } = scored;
    const hasNoDensity = (s: number) => memory.row(s).subarray(0, count).some(Number.isNaN);
    if (this.emissions.some((_, s) => hasNoDensity(s))) return Number.NaN;
    const score = upwardOf(this, scored);
    return shape.childCounts.reduce((sum, n) => addLogs(sum, this.childCount.logDensity(n)), score);
  }

  density(x: TreeOf<Ds>): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: TreeColumns, start: number, end: number, out: Float64Array): void {
    scoreTrees(this, columns, start, end, out, this.#memory);
  }

  /**
   * {@link posterior} of the nodes of the trees `[start, end)` in one pass, in the order of the lists.
   * @param out  [nodes × S]
   * @param evidence  receives log p(tree) of each tree
   */
  seqPosterior(columns: TreeColumns, start: number, end: number, out: Float64Array, evidence: Float64Array): void {
    smoothTrees(this, columns, start, end, out, evidence, this.#memory);
  }

  scoreEmission(s: number, values: Columns, start: number, end: number, out: Float64Array): void {
    this.#router.seqLogDensity(s, this.emissions[s]!, values, start, end, out);
  }

  /**
   * P(state of the node | tree): a row of S numbers per node, in the order of the list. All 0 for an impossible tree.
   * @throws {ParameterError} for anything but a tree, and for a value that no state can score
   */
  posterior(x: TreeOf<Ds>): number[][] {
    return stateProbabilities(this, 'posterior', x);
  }

  /**
   * The most probable states of all nodes together, in the order of the list; ties go to the lower state.
   * @throws {ParameterError} for an impossible tree, naming a node at which no state is left
   */
  viterbi(x: TreeOf<Ds>): number[] {
    return mostProbableStates(this, x);
  }

  /**
   * Draws the states of all nodes from P(states | tree), in the order of the list.
   * @throws {ParameterError} for a value that no state can score, and for an impossible tree
   */
  sampleGiven(x: TreeOf<Ds>, seed: Seed): Sampler<number[]> {
    const draw = statesGiven(this, x);
    const rng = random(seed);
    return samplerOf(() => draw(rng));
  }

  /**
   * The distribution of the value of one more child of the node `id`: a mixture of the emissions by P(state | tree).
   * @throws {ParameterError} for a tree without that node, or an impossible one
   */
  forecast(x: TreeOf<Ds>, id: number): MixtureDistribution<Ds> {
    const owner = 'TreeHiddenMarkovDistribution.forecast';
    const probabilities = stateProbabilities(this, 'forecast', x);
    const shares = probabilities[x.findIndex(([[ofNode]]) => ofNode === id)];
    if (shares === undefined) throw new ParameterError(owner, 'id', 'the id of a node of the tree', id);
    if (shares.every((share) => share === 0)) throw new ParameterError(owner, 'x', 'a possible tree', x);
    const w = this.w.map((_, a) => shares.reduce((sum, share, b) => sum + share * this.transitions[b]![a]!, 0));
    return new MixtureDistribution(overSameRows<Ds>(this.emissions), { w });
  }

  /**
   * Draws a root, and for each node a number of children, breadth first; ids are 0, 1, 2, ….
   * @throws {ParameterError} when there is no distribution of the number of children
   */
  sampler(seed: Seed): Sampler<TreeNode<RowOf<Ds[number]>>[]> {
    const trees = this.samplerWithStates(seed);
    return samplerOf(() => trees.sample().tree);
  }

  /** As {@link sampler}, with the state of each node beside the tree. @throws {ParameterError} */
  samplerWithStates(seed: Seed): Sampler<TreeWithStates<RowOf<Ds[number]>>> {
    // Values of the emissions, which is what the nodes of this model hold.
    return treeSampler(this, seed) as Sampler<TreeWithStates<RowOf<Ds[number]>>>;
  }

  encoder(): TreeEncoder<RowOf<Ds[number]>> {
    return new TreeEncoder(this.#router.encoder, this.childCount.encoder());
  }

  /** With a pseudo count, emissions, numbers of children and both tables are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): TreeHiddenMarkovEstimator<
    { readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> },
    ReturnType<G['estimator']>
  > {
    const pseudoCount = pseudoCountOf('TreeHiddenMarkovDistribution', options);
    const emissions = this.emissions.map((emission) => emission.estimator(options));
    return new TreeHiddenMarkovEstimator(
      overSameRows<{ readonly [S in keyof Ds]: ReturnType<Ds[S]['estimator']> }>(emissions),
      {
        childCount: this.childCount.estimator(options) as ReturnType<G['estimator']>,
        maxDepth: this.maxDepth,
        pseudoCount: { initial: pseudoCount, transitions: pseudoCount },
        ...(pseudoCount > 0 ? { prior: { initial: this.w, transitions: this.transitions } } : {}),
      },
    );
  }

  /** Of some values of each node: the states are the same. */
  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    const emissions = this.emissions.map((emission) => of(emission, steps));
    return withEmissions(emissions, this);
  }

  toJSON() {
    const { emissions, w, transitions, childCount, maxDepth } = this;
    return { type: 'TreeHiddenMarkov', emissions, w, transitions, childCount, maxDepth } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): TreeHiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution> {
    const { emissions, w, transitions, childCount, maxDepth } = checkFields('TreeHiddenMarkovDistribution', fields, {
      emissions: 'array',
      w: 'numbers',
      transitions: 'array',
      childCount: 'unknown',
      maxDepth: 'number',
    });
    return new this(emissions as readonly AnyDistribution[], {
      w,
      transitions: transitions as readonly (readonly number[])[],
      childCount: childCount as AnyDistribution,
      maxDepth,
    });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function withEmissions(
  emissions: readonly AnyDistribution[],
  { w, transitions, childCount, maxDepth }: Required<TreeHiddenMarkovParameters<AnyDistribution>>,
): AnyDistribution {
  return new TreeHiddenMarkovDistribution(emissions, { w, transitions, childCount, maxDepth });
}

/**
 * EM: w and A are relative frequencies of the expected states of roots and of the expected steps; emissions are estimated from
 * all nodes, weighted by the probability of their state; the number of children from all nodes.
 * @example
 * const e = new GaussianEstimator();
 * const trees: TreeRow<number>[] = [[[[0, -1], 0.1], [[1, 0], 5.2], [[2, 0], 4.9]], [[[0, -1], 0.3], [[1, 0], -0.2]]];
 * optimize(trees, new TreeHiddenMarkovEstimator([e, e])).model.transitions;
 */
export class TreeHiddenMarkovEstimator<const Es extends readonly AnyEstimator[], G extends AnyEstimator = NullEstimator>
  implements
    Estimator<
      TreeOf<Es>,
      TreeHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<G>>,
      TreeColumns,
      HiddenMarkovStatistic
    >
{
  readonly emissions: Es;
  readonly #items: ItemEstimators;
  readonly #pooling: Pooling<HiddenMarkovStatistic> | undefined;

  /**
   * @param emissions  S >= 1 estimators over the same values
   * @throws {ParameterError}
   */
  constructor(
    emissions: Es & OverSameRows<Es>,
    readonly options: TreeHiddenMarkovOptions<G> = {},
  ) {
    const owner = 'TreeHiddenMarkovEstimator';
    checkEstimators(owner, 'emissions', emissions);
    checkSharedEncoders(owner, 'emissions', emissions);
    this.emissions = emissions;
    checkEstimatorOptions(owner, options, {
      childCount: true,
      maxDepth: checkCount,
      ...STATE_TABLE_OPTIONS,
      keys: ['initial', 'transitions', 'emissions'],
    });
    checkTableOptions(owner, options, emissions.length);
    this.#items = new ItemEstimators('TreeHiddenMarkov', emissions, options.childCount, 'childCount');
    this.#pooling = hiddenPoolingOf('TreeHiddenMarkov', emissions, (parts) => ({
      ...parts[0]!,
      emissions: poolComponents(
        emissions,
        parts.map((part) => part.emissions),
      ),
    }));
  }

  encoder(): TreeEncoder<RowOf<Es[number]>> {
    return new TreeEncoder(this.#items.router.encoder, this.#items.length.encoder());
  }

  #ownLength(): number {
    return this.emissions.length * (this.emissions.length + 1);
  }

  statisticLength({ items }: TreeColumns): number | undefined {
    return this.#items.statisticLength(this.#ownLength(), { items: items.values, lengths: items.childCounts });
  }

  accumulator({ items }: TreeColumns, statistic?: Float64Array): TreeHiddenMarkovAccumulator {
    const schema = { items: items.values, lengths: items.childCounts };
    const made = this.#items.accumulators(this.#ownLength(), schema, statistic);
    const findStates = mixtureStates(this.emissions);
    return new TreeHiddenMarkovAccumulator(made.items, made.length, made.own, this.options.keys ?? {}, findStates);
  }

  /** A state whose nodes have no children keeps its row of transitions; from a start it gets an even one. */
  estimate(
    statistic: HiddenMarkovStatistic,
    report?: Report,
    pooled: HiddenMarkovStatistic | undefined = this.#pooling?.pool([statistic]),
  ): TreeHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<G>> {
    const { initial, transitions, emissions, length } = statistic;
    const stateCount = this.emissions.length;
    const { w, transitions: rows } = estimateTables(statistic, this.options, report);
    const models = this.emissions.map((emission, s) => {
      const place = report?.at('emissions', s);
      const isReached = initial[s]! > 0 || this.emissions.some((_, from) => transitions[from * stateCount + s]! > 0);
      if (!isReached) place?.add('dead', 'no node belongs to this state.');
      return emission.estimate(emissions[s], isReached ? place : undefined, pooled?.emissions[s]);
    });
    return new TreeHiddenMarkovDistribution(overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(models), {
      w,
      transitions: rows,
      childCount: this.#items.length.estimate(length, report?.at('childCount')) as ModelOf<G>,
      maxDepth: this.options.maxDepth ?? DEFAULT_MAX_DEPTH,
    });
  }

  get pooling(): Pooling<HiddenMarkovStatistic> | undefined {
    return this.#pooling;
  }

  /**
   * Where an emission or the number of children has a prior that is a distribution, or the tables imaginary counts. What is known
   * of the number of children is called `length`, as its statistic.
   */
  get bayes():
    | Bayes<
        TreeHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<G>>,
        HiddenMarkovStatistic,
        HiddenMarkovPosterior<{ readonly [S in keyof Es]: PosteriorOf<Es[S]> }, PosteriorOf<G>>,
        TreeColumns
      >
    | undefined {
    type Model = TreeHiddenMarkovDistribution<{ readonly [S in keyof Es]: ModelOf<Es[S]> }, ModelOf<G>>;
    type Emissions = { readonly [S in keyof Es]: PosteriorOf<Es[S]> };
    const { maxDepth = DEFAULT_MAX_DEPTH } = this.options;
    const { router } = this.#items;
    // The scorer is one of trees, whose columns these are.
    return bayesOfHiddenStates<Model, Emissions, PosteriorOf<G>>({
      emissions: this.emissions,
      length: this.#items.length,
      options: this.options,
      pool: (statistic) => this.#pooling?.pool([statistic]),
      modelOf: (models, { w, transitions }, childCount) =>
        new TreeHiddenMarkovDistribution(overSameRows<{ readonly [S in keyof Es]: ModelOf<Es[S]> }>(models), {
          w,
          transitions,
          childCount: childCount as ModelOf<G>,
          maxDepth,
        }),
      lengthOf: (model) => model.childCount,
      scorerOf: ({ w, transitions }, emissions, childCount) =>
        treeScorer(router, w, transitions, emissions, childCount),
      withPrior: (emissions, tables, childCount) => {
        const { prior: _, ...others } = this.options;
        return anotherTree(emissions, { ...others, ...tables, childCount });
      },
    }) as
      | Bayes<Model, HiddenMarkovStatistic, HiddenMarkovPosterior<Emissions, PosteriorOf<G>>, TreeColumns>
      | undefined;
  }

  get hasPrior(): boolean {
    return hasImaginary(this.options) || this.#items.hasPrior;
  }

  /** @throws {ParameterError} for a model whose tables this estimator cannot make */
  parameterBlocks(
    model: TreeHiddenMarkovDistribution<readonly AnyDistribution[], AnyDistribution>,
  ): readonly ParameterBlock[] {
    const { keys = {} } = this.options;
    checkTables('TreeHiddenMarkovEstimator', this.options, model);
    return [
      ...tableBlocks(this.options, keys, model),
      ...this.#items.parameterBlocks(keys.emissions, model.emissions, model.childCount),
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function anotherTree(emissions: readonly AnyEstimator[], options: TreeHiddenMarkovOptions): AnyEstimator {
  return new TreeHiddenMarkovEstimator(overSameRows<readonly AnyEstimator[]>(emissions), options);
}
