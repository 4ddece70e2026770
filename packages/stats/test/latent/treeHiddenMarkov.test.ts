import { describe, expect, expectTypeOf, it } from 'vitest';
import { DataError, ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';
import { withWorkspace } from '../../src/numeric/scratch.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';
import fc from '../property.js';

const gaussian = (mu: number) => new stats.GaussianDistribution({ mu, sigma2: 1 });
const childCount = new stats.PoissonDistribution({ lambda: 0.7 });
type Model = stats.TreeHiddenMarkovDistribution<readonly stats.GaussianDistribution[], stats.AnyDistribution>;
type Tree = stats.TreeRow<number>;

const modelOf = (
  means: readonly number[],
  w: readonly number[],
  transitions: readonly (readonly number[])[],
  more: { readonly childCount?: stats.AnyDistribution; readonly maxDepth?: number } = {},
): Model => new stats.TreeHiddenMarkovDistribution(means.map(gaussian), { w, transitions, ...more });
const even = [
  [0.8, 0.2],
  [0.3, 0.7],
];
const near = modelOf([0, 2], [0.6, 0.4], even, { childCount });
const far = modelOf([0, 8], [0.6, 0.4], even, { childCount });
const e = new stats.GaussianEstimator();
const estimator = new stats.TreeHiddenMarkovEstimator([e, e], { childCount: new stats.PoissonEstimator() });

const chainTree = (values: readonly number[]): Tree => values.map((value, i) => [[i, i - 1], value]);
const star = (values: readonly number[]): Tree => values.map((value, i) => [[i, i === 0 ? null : 0], value]);

const laws = checkFamily({
  offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
  notShown: ['marginalOf', 'pooling'],
  distributions: [far, modelOf([0, -5], [0.5, 0.5], even, { childCount })],
  unbounded: {
    distribution: new stats.TreeHiddenMarkovDistribution([new stats.GammaDistribution({ shape: 0.5, scale: 1 })], {
      w: [1],
      transitions: [[1]],
    }),
    pole: [[[0, -1], 0]],
  },
  estimator,
  keyed: new stats.TreeHiddenMarkovEstimator([e, e], { keys: { transitions: 'shared' } }),
  rows: [
    [],
    [[[0, -1], 0.5]],
    [
      [[3, 7], 0.5],
      [[7, null], 1],
    ],
  ],
  refused: [3, null, 'abc', [[0, 1]], [[[0, -1], 'x']], [[[0, -1], Number.NaN]], [[[0, 1], 0.5]]],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

/** Parents of a list of nodes, by place. */
const parentsOf = (tree: Tree): number[] => tree.map(([[, parent]]) => tree.findIndex(([[id]]) => id === parent));

/** All states of all nodes with log p(states, tree): the definition, without any recursion. */
function labellings(model: Model, tree: Tree): { z: number[]; log: number }[] {
  const parents = parentsOf(tree);
  const states = model.emissions.map((_, s) => s);
  const all = tree.reduce<number[][]>((found) => found.flatMap((z) => states.map((s) => [...z, s])), [[]]);
  return all.map((z) => {
    const terms = tree.map(([, value], i) => {
      const [state, parent] = [z[i]!, parents[i]!];
      const p = parent < 0 ? model.w[state]! : model.transitions[z[parent]!]![state]!;
      return Math.log(p) + model.emissions[state]!.logDensity(value);
    });
    return { z, log: terms.reduce((sum, term) => sum + term, 0) };
  });
}

/** Everything that is asked about a tree, from the sum over all labellings. */
function bruteForce(model: Model, tree: Tree) {
  const all = labellings(model, tree);
  const parents = parentsOf(tree);
  const largest = Math.max(...all.map(({ log }) => log));
  const total = all.reduce((sum, { log }) => sum + Math.exp(log - largest), 0);
  const share = (keep: (z: readonly number[]) => boolean) =>
    all.reduce((sum, { z, log }) => sum + (keep(z) ? Math.exp(log - largest) : 0), 0) / total;
  const states = model.emissions.map((_, s) => s);
  const counts = tree.map(([[id]]) => tree.filter(([[, parent]]) => parent === id).length);
  return {
    logDensity: largest + Math.log(total) + counts.reduce((sum, n) => sum + model.childCount.logDensity(n), 0),
    posterior: tree.map((_, i) => states.map((s) => share((z) => z[i] === s))),
    steps: states.flatMap((b) =>
      states.map((a) => parents.reduce((sum, p, i) => sum + (p < 0 ? 0 : share((z) => z[p] === b && z[i] === a)), 0)),
    ),
    best: all.reduce((best, other) => (other.log > best.log ? other : best)),
  };
}

/** The statistic of some trees under a model, from one pass. */
function statisticOf(model: Model, trees: readonly Tree[], weights: readonly number[]) {
  const ofModel = model.estimator();
  const columns = ofModel.encoder().encode(trees);
  return withWorkspace((scratch) => {
    const accumulator = ofModel.accumulator(columns);
    accumulator.begin(model, columns, scratch);
    accumulator.seqUpdate(columns, 0, trees.length, Float64Array.from(weights), model);
    return accumulator.value();
  });
}

/** A tree of 1 to 6 nodes, with ids and an order of its own. */
const anyTree: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(fc.nat(1000), fc.double({ min: -3, max: 5, noNaN: true }), fc.nat()), { minLength: 1, maxLength: 6 })
  .map((nodes) => {
    const idOf = (i: number) => 3 * i + 1;
    const rows = nodes.map(([of, value, key], i) => {
      const parent = i === 0 ? -1 : idOf(of % i);
      return { key, node: [[idOf(i), parent], value] as stats.TreeNode<number> };
    });
    return rows.sort((a, b) => a.key - b.key).map(({ node }) => node);
  });

const leftRight = modelOf(
  [0, 60, 120],
  [1, 0, 0],
  [
    [0.8, 0.2, 0],
    [0, 0.7, 0.3],
    [0, 0, 1],
  ],
);
const absorbing = modelOf(
  [0, 50],
  [1, 0],
  [
    [0.9, 0.1],
    [0, 1],
  ],
);
/** Where a state is far less probable than another one below some node, and zeros make it necessary above. */
const lost: readonly (readonly [Model, Tree])[] = [
  [absorbing, chainTree([0, 0, 50, 0, 50])],
  [absorbing, star([50, 50, 0])],
  [absorbing, star([50, 0, 0, 50])],
  [leftRight, chainTree([0, 1, 120, 60, 61, 120])],
  [
    leftRight,
    [
      [[0, -1], 0],
      [[1, 0], 120],
      [[2, 1], 0],
      [[3, 0], 60],
      [[4, 3], 120],
    ],
  ],
  [
    modelOf(
      [0, 50],
      [0.5, 0.5],
      [
        [0, 1],
        [1, 0],
      ],
    ),
    star([0, 0, 0, 50, 50]),
  ],
];

describe('inference equals the sum over all states of all nodes', () => {
  const agrees = (model: Model, tree: Tree) => {
    const expected = bruteForce(model, tree);
    expect(Math.abs(model.logDensity(tree) - expected.logDensity)).toBeLessThan(
      1e-12 * (1 + Math.abs(expected.logDensity)),
    );
    model.posterior(tree).forEach((row, i) => {
      row.forEach((p, s) => expect(p).toBeCloseTo(expected.posterior[i]![s]!, 12));
    });
    const { transitions, initial } = statisticOf(model, [tree, tree], [0.75, 2]);
    transitions.forEach((count, at) => expect(count).toBeCloseTo(2.75 * expected.steps[at]!, 10));
    const root = tree.findIndex(([[, parent]]) => parent === -1 || parent === null);
    initial.forEach((count, s) => expect(count).toBeCloseTo(2.75 * expected.posterior[root]![s]!, 10));
    const logOf = (states: readonly number[]) =>
      labellings(model, tree).find(({ z }) => z.every((s, i) => s === states[i]))!.log;
    expect(logOf(model.viterbi(tree))).toBeCloseTo(expected.best.log, 10);
  };

  it('for any tree in any order', () => {
    const three = modelOf(
      [0, 2, 1],
      [0.2, 0.5, 0.3],
      [
        [0.1, 0.6, 0.3],
        [0.5, 0, 0.5],
        [1, 0, 0],
      ],
      { childCount },
    );
    fc.assert(
      fc.property(anyTree, (tree) => agrees(near, tree)),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(anyTree, (tree) => agrees(three, tree)),
      { numRuns: 40 },
    );
  });

  it.each(lost.map(([model, tree]) => [tree.length, model, tree] as const))(
    'where scaling alone would lose a state, %i nodes',
    (_, model, tree) => agrees(model, tree),
  );

  it('with labellings drawn as often as they are probable', () => {
    const tree: Tree = [
      [[4, 2], 1.2],
      [[2, null], 0.4],
      [[9, 2], 2.2],
      [[5, 9], 0.9],
    ];
    const count = 20_000;
    const draws = near.sampleGiven(tree, 1).sample(count);
    const evidence = bruteForce(near, tree).logDensity - near.logDensity(tree);
    expect(evidence).toBeCloseTo(0, 12);
    const all = labellings(near, tree);
    const total = all.reduce((sum, { log }) => sum + Math.exp(log), 0);
    for (const { z, log } of all) {
      const p = Math.exp(log) / total;
      const share = draws.filter((states) => states.every((s, i) => s === z[i])).length / count;
      // Five standard errors.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count) + 1e-12);
    }
  });

  it('for trees drawn where a state is lost: only possible labellings', () => {
    for (const [model, tree] of lost) {
      for (const states of model.sampleGiven(tree, 2).sample(20)) {
        expect(labellings(model, tree).find(({ z }) => z.every((s, i) => s === states[i]))!.log).toBeGreaterThan(
          -Infinity,
        );
      }
    }
  });
});

it('is a hidden Markov model where each node has one child', () => {
  const values = [0.1, 1.2, 2.2, 0.7, 1.9, -0.4, 2.5];
  const chain = new stats.HiddenMarkovDistribution(near.emissions, { w: near.w, transitions: near.transitions });
  const tree = modelOf([0, 2], near.w, near.transitions);
  expect(tree.logDensity(chainTree(values))).toBeCloseTo(chain.logDensity(values), 12);
  tree.posterior(chainTree(values)).forEach((row, i) => {
    row.forEach((p, s) => expect(p).toBeCloseTo(chain.posterior(values)[i]![s]!, 12));
  });
  expect(tree.viterbi(chainTree(values))).toEqual(chain.viterbi(values));
});

it('answers for many trees in one pass what it answers for each', () => {
  const rows: Tree[] = [[], ...far.sampler(3).sample(80), ...lost.map(([, tree]) => tree), [], star([0, 1, 9])];
  const backwards = rows.map((tree) => [...tree].reverse()); // children before their parents
  for (const trees of [rows, backwards, [[], []]]) {
    const { responsibilities, logDensities, offsets } = stats.predict(far, trees);
    const shares = trees.map((tree) => far.posterior(tree));
    expect(offsets[trees.length]).toBe(shares.flat().length);
    shares.flat(2).forEach((share, i) => expect(responsibilities[i]).toBeCloseTo(share, 12));
    trees.forEach((tree, i) => expect(logDensities[i]).toBeCloseTo(far.logDensity(tree), 9));
  }
});

it('finds the same states and sums whatever trees stand beside a tree', () => {
  const trees: Tree[] = [...far.sampler(4).sample(30), ...lost.map(([, tree]) => tree)];
  const together = stats.predict(far, trees);
  trees.forEach((tree, i) => {
    const alone = stats.predict(far, [tree]);
    const [from, to] = [2 * together.offsets[i]!, 2 * together.offsets[i + 1]!];
    expect(together.responsibilities.slice(from, to)).toEqual(alone.responsibilities);
    expect(together.logDensities[i]).toBe(alone.logDensities[0]);
  });
});

it('answers in the order of the list, whatever that is', () => {
  const tree: Tree = [
    [[0, -1], 0.4],
    [[1, 0], 1.2],
    [[2, 0], 2.2],
    [[3, 2], 0.9],
  ];
  const shuffled = [3, 1, 0, 2].map((i) => tree[i]!);
  expect(near.posterior(shuffled)).toEqual([3, 1, 0, 2].map((i) => near.posterior(tree)[i]!));
  expect(near.viterbi(shuffled)).toEqual([3, 1, 0, 2].map((i) => near.viterbi(tree)[i]!));
  expect(near.logDensity(shuffled)).toBe(near.logDensity(tree));
});

describe('large trees', () => {
  it('a chain of 200,000 nodes scores as the hidden Markov model does', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => 2 * Math.sin(i * i));
    const chain = new stats.HiddenMarkovDistribution(near.emissions, { w: near.w, transitions: near.transitions });
    const tree = modelOf([0, 2], near.w, near.transitions);
    const expected = chain.logDensity(values);
    expect(Math.abs(tree.logDensity(chainTree(values)) / expected - 1)).toBeLessThan(1e-12);
    expect(tree.viterbi(chainTree(values))).toEqual(chain.viterbi(values));
    expect(near.encoder().violation(chainTree(values))).toBeUndefined();
  });

  it('a root with 5,000 children: half of them point to one state, half to the other', () => {
    const values = [1, ...Array.from({ length: 5000 }, (_, i) => (i < 2500 ? 0 : 8))];
    const model = modelOf([0, 8], [0.6, 0.4], even);
    const below = (b: number, x: number) =>
      Math.log(even[b]!.reduce((sum, p, a) => sum + p * model.emissions[a]!.density(x), 0));
    const logs = [0, 1].map(
      (b) =>
        Math.log(model.w[b]!) +
        model.emissions[b]!.logDensity(1) +
        values.slice(1).reduce((sum, x) => sum + below(b, x), 0),
    );
    const largest = Math.max(...logs);
    const logSum = largest + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - largest), 0));
    expect(Math.abs(model.logDensity(star(values)) / logSum - 1)).toBeLessThan(1e-12);
    expect(model.posterior(star(values))[0]![0]).toBeCloseTo(Math.exp(logs[0]! - logSum), 9);
  });
});

describe('what is no tree is refused with its place', () => {
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no list', 5, ''],
    ['no node', [[[0, -1], 1], 3], '[1]'],
    ['no link', [[0, 1]], '[0][0]'],
    ['a node without a value', [[[0, -1]]], '[0]'],
    ['an id below 0', [[[-1, null], 1]], '[0][0][0]'],
    ['an id that is text', [[['a', null], 1]], '[0][0][0]'],
    [
      'an id twice',
      [
        [[0, -1], 1],
        [[0, 0], 2],
      ],
      '[1][0][0]',
    ],
    [
      'two roots',
      [
        [[0, -1], 1],
        [[1, null], 2],
      ],
      '[1][0][1]',
    ],
    [
      'an unknown parent',
      [
        [[0, -1], 1],
        [[1, 4], 2],
      ],
      '[1][0][1]',
    ],
    ['a parent that is undefined', [[[0, undefined], 1]], '[0][0][1]'],
    [
      'a node that is its own parent',
      [
        [[0, -1], 1],
        [[1, 1], 2],
      ],
      '[1][0][1]',
    ],
    [
      'a cycle beside the root',
      [
        [[0, -1], 1],
        [[5, 1], 3],
        [[1, 2], 2],
        [[2, 1], 2],
      ],
      '[2][0][1]',
    ],
    [
      'only a cycle',
      [
        [[0, 1], 1],
        [[1, 0], 2],
      ],
      '[0][0][1]',
    ],
    [
      'a value that no state emits',
      [
        [[0, 1], 1],
        [[1, -1], 'x'],
      ],
      '[1][1]',
    ],
  ];

  it.each(bad)('%s', (_, row, where) => {
    const encode = () => near.encoder().encode([chainTree([1]), row as Tree]);
    expect(encode).toThrow(DataError);
    expect(encode).toThrow(where === '' ? 'row 1 must be' : `row 1, field "${where}" must be`);
    expect(near.logDensity(row as Tree)).toBeNaN();
    for (const method of ['posterior', 'viterbi', 'sampleGiven', 'forecast'] as const) {
      const ask = near[method].bind(near) as (x: unknown, more: number) => unknown;
      expect(() => ask(row, 0)).toThrow(`TreeHiddenMarkovDistribution.${method}: x${where} must be`);
      expect(() => ask(row, 0)).toThrow(ParameterError);
    }
  });

  it('a number of children that the distribution cannot hold', () => {
    const few = new stats.IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.5] });
    const encoder = modelOf([0], [1], [[1]], { childCount: few }).encoder();
    expect(() => encoder.encode([star([1, 2, 3])])).not.toThrow(TypeError);
    const counts = new stats.GeometricDistribution({ p: 0.5 });
    const geometric = modelOf([0], [1], [[1]], { childCount: counts }).encoder();
    expect(() =>
      geometric.encode([
        [
          [[7, 3], 1],
          [[3, -1], 2],
        ],
      ]),
    ).toThrow('row 0, field "[0].childCount" must be');
  });
});

describe('the edge', () => {
  it('an empty tree scores 0 and has no states', () => {
    expect(near.logDensity([])).toBe(0);
    expect(near.posterior([])).toEqual([]);
    expect(near.viterbi([])).toEqual([]);
    expect(near.sampleGiven([], 1).sample()).toEqual([]);
    const { model } = stats.optimize([[], []], estimator, { maxIterations: 3 });
    expect(model.transitions).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('an impossible tree scores -Infinity, has posteriors of 0, and is refused with a node', () => {
    const model = modelOf(
      [0, 1],
      [1, 0],
      [
        [1, 0],
        [0, 1],
      ],
    );
    const levels = new stats.TreeHiddenMarkovDistribution(
      [new stats.CategoricalDistribution({ a: 1, b: 0 }), new stats.CategoricalDistribution({ a: 0, b: 1 })],
      { w: [1, 0], transitions: model.transitions },
    );
    const tree = [
      [[1, 0], 'b'],
      [[0, -1], 'a'],
    ] as const;
    expect(levels.logDensity(tree)).toBe(-Infinity);
    expect(levels.posterior(tree)).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(() => levels.viterbi(tree)).toThrow(/viterbi: x\[1\] must be/);
    expect(() => levels.sampleGiven(tree, 1)).toThrow(ParameterError);
    expect(() => levels.forecast(tree, 0)).toThrow(ParameterError);
    const { initial, transitions } = statisticOf(levels as unknown as Model, [tree as unknown as Tree], [1]);
    expect([...initial, ...transitions]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('a state without nodes, and one whose nodes have no children, are named; the latter keeps its row', () => {
    const poisson = (lambda: number) => new stats.PoissonDistribution({ lambda });
    const initialModel = new stats.TreeHiddenMarkovDistribution([poisson(1), poisson(2), poisson(3)], {
      w: [1, 0, 0],
      transitions: [
        [0, 1, 0],
        [0.5, 0.5, 0],
        [0, 0, 1],
      ],
    });
    const p = new stats.PoissonEstimator();
    const { findings, model } = stats.optimize([star([1, 2, 3])], new stats.TreeHiddenMarkovEstimator([p, p, p]), {
      initialModel,
    });
    expect(findings.filter(({ kind }) => kind === 'dead')).toMatchObject([
      { path: 'transitions[1]' },
      { path: 'transitions[2]' },
      { path: 'emissions[2]' },
    ]);
    expect(model.transitions.slice(1)).toEqual([
      [0.5, 0.5, 0],
      [0, 0, 1],
    ]);
  });
});

/** Trees of a known model, and what is drawn with them. */
const drawn = far.samplerWithStates(3).sample(1500);

describe('draws', () => {
  it('are trees breadth first, with states as often as they are probable', () => {
    const counts = [0, 0, 0, 0];
    for (const { tree, states } of drawn) {
      expect(tree.map(([[id]]) => id)).toEqual(tree.map((_, i) => i));
      for (const [i, [[, parent]]] of tree.entries()) if (parent! >= 0) counts[2 * states[parent!]! + states[i]!]!++;
    }
    const p = counts[1]! / (counts[0]! + counts[1]!);
    expect(Math.abs(p - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / (counts[0]! + counts[1]!)));
    expect(far.sampler(3).sample(2)).toEqual(drawn.slice(0, 2).map(({ tree }) => tree));
  });

  it('end at the depth that was given, and need a number of children', () => {
    const two = new stats.DiracDistribution({ value: 2 });
    const binary = (maxDepth?: number) =>
      modelOf([0], [1], [[1]], { childCount: two, ...(maxDepth === undefined ? {} : { maxDepth }) });
    expect(binary(3).sampler(1).sample()).toHaveLength(15);
    expect(binary().sampler(1).sample()).toHaveLength(2 ** 11 - 1);
    expect(
      modelOf([0], [1], [[1]], { maxDepth: 0 })
        .sampler(1)
        .sample(),
    ).toHaveLength(1);
    expect(() => modelOf([0], [1], [[1]]).sampler(1)).toThrow(/childCount/);
    expect(() => binary(40).sampler(1).sample()).toThrow(/maxDepth/);
    expect(() => binary(-1)).toThrow(/maxDepth must be an integer >= 0/);
  });
});

it('recovers a model from its own trees, up to the names of the states', () => {
  const { model } = stats.optimize(
    drawn.map(({ tree }) => tree),
    estimator,
    { seed: 5 },
  );
  const [low, high] = model.emissions[0].mu < model.emissions[1].mu ? [0, 1] : [1, 0];
  expect(model.emissions[low]!.mu).toBeCloseTo(0, 1);
  expect(model.emissions[high]!.mu).toBeCloseTo(8, 1);
  // About 3,500 nodes, two thirds in the low state: three standard errors are below 0.04.
  expect(Math.abs(model.transitions[low]![high]! - 0.2)).toBeLessThan(0.04);
  expect(Math.abs(model.transitions[high]![low]! - 0.3)).toBeLessThan(0.05);
  expect(Math.abs(model.w[low]! - 0.6)).toBeLessThan(0.04);
  expect(Math.abs(model.childCount.lambda - 0.7)).toBeLessThan(0.05);
  const right = drawn.flatMap(({ tree, states }) =>
    model.viterbi(tree).map((s, i) => (s === low ? 0 : 1) === states[i]),
  );
  expect(right.filter((is) => is).length / right.length).toBeGreaterThan(0.999);
});

it('forecasts a further child: a mixture of the emissions', () => {
  const tree: Tree = [
    [[4, -1], 0.1],
    [[2, 4], 7.9],
  ];
  const [, ofLeaf] = far.posterior(tree);
  const next = far.forecast(tree, 2);
  expect(next.w[1]).toBeCloseTo(ofLeaf![0]! * 0.2 + ofLeaf![1]! * 0.7, 12);
  // A child without a value is as good as none: its forecast is p(tree with it) / p(tree), for a model without child counts.
  const plain = modelOf([0, 8], [0.6, 0.4], even);
  const ratio = plain.logDensity([...tree, [[9, 2], 3.3]]) - plain.logDensity(tree);
  expect(plain.forecast(tree, 2).logDensity(3.3)).toBeCloseTo(ratio, 12);
  expect(() => far.forecast(tree, 0)).toThrow(/forecast: id must be the id of a node/);
});

describe('nesting', () => {
  const rises = (rows: readonly never[], nested: stats.AnyEstimator) => {
    const { path, model } = stats.optimize(rows, nested, { seed: 2, maxIterations: 12 });
    expect(path.length).toBeGreaterThan(2);
    expect(path.every(({ logLikelihood }) => Number.isFinite(logLikelihood))).toBe(true);
    expect(path.every(({ change, isRejected }, i) => i === 0 || isRejected || change > -1e-9)).toBe(true);
    return model;
  };
  const trees = drawn.slice(0, 120).map(({ tree }) => tree);
  const withValues = <V>(change: (x: number, i: number) => V) =>
    trees.map((tree) => tree.map(([link, x], i) => [link, change(x, i)] as stats.TreeNode<V>));

  it('values that may be missing, in mixtures of trees', () => {
    const optional = new stats.OptionalEstimator(e, { ignoreMissing: true });
    const rows = withValues((x, i) => (i % 3 === 2 ? null : x));
    const tree = new stats.TreeHiddenMarkovEstimator([optional, optional]);
    rises(rows as never, new stats.MixtureEstimator([tree, new stats.TreeHiddenMarkovEstimator([optional])]));
  });

  it('a tree and a number as fields of a record, in a mixture', () => {
    const rows = trees.map((tree) => ({ tree, size: tree.length }));
    const record = new stats.RecordEstimator({ tree: estimator, size: new stats.PoissonEstimator() });
    rises(rows as never, new stats.MixtureEstimator([record, record]));
  });

  it('sets, records, trees of trees, and states of several families', () => {
    const set = new stats.BernoulliSetEstimator();
    rises(
      withValues((x) => (x > 4 ? ['a'] : x > 0 ? ['b', 'c'] : [])) as never,
      new stats.TreeHiddenMarkovEstimator([set, set]),
    );
    const both = new stats.RecordEstimator({ x: e, far: new stats.CategoricalEstimator<string>() });
    rises(
      withValues((x) => ({ x, far: x > 4 ? 'yes' : 'no' })) as never,
      new stats.TreeHiddenMarkovEstimator([both, both]),
    );
    rises(
      withValues((x, i) => (i % 2 === 0 ? Math.abs(x) : -1 - Math.abs(x))) as never,
      new stats.TreeHiddenMarkovEstimator([e, new stats.ExponentialEstimator()]),
    );
    const inner = new stats.TreeHiddenMarkovEstimator([e, e]);
    rises(withValues((x) => chainTree([x, x / 2])) as never, new stats.TreeHiddenMarkovEstimator([inner, inner]));
    rises(
      withValues((x) => [x, x / 2]) as never,
      new stats.TreeHiddenMarkovEstimator([
        new stats.HiddenMarkovEstimator([e, e]),
        new stats.HiddenMarkovEstimator([e, e]),
      ]),
    );
  });

  it('keys tie two trees, and a tree with a chain', () => {
    const keys = { initial: 'i', transitions: 't', emissions: 'e' };
    const tied = new stats.TreeHiddenMarkovEstimator([e, e], { keys });
    const list = new stats.HiddenMarkovEstimator([e, e], { keys });
    const rows = trees.map((tree, i) => [tree, trees[i % 7]!, tree.map(([, x]) => x)]);
    const model = rises(rows as never, new stats.CompositeEstimator([tied, tied, list])) as unknown as {
      dists: readonly { w: unknown; transitions: unknown; emissions: unknown }[];
    };
    for (const other of model.dists.slice(1)) {
      expect(other.w).toEqual(model.dists[0]!.w);
      expect(other.transitions).toEqual(model.dists[0]!.transitions);
      expect(other.emissions).toEqual(model.dists[0]!.emissions);
    }
  });
});

describe('tables', () => {
  const trees = drawn.slice(0, 200).map(({ tree }) => tree);

  it('stay fixed, and masked', () => {
    const fixed = {
      fixedInitial: [0.5, 0.5],
      fixedTransitions: [
        [0.9, 0.1],
        [0.1, 0.9],
      ],
    };
    const { model } = stats.optimize(trees, new stats.TreeHiddenMarkovEstimator([e, e], fixed), { maxIterations: 5 });
    expect([model.w, model.transitions]).toEqual([fixed.fixedInitial, fixed.fixedTransitions]);
    const allowed = {
      initial: [true, false],
      transitions: [
        [true, true],
        [false, true],
      ],
    };
    const masked = stats.optimize(trees, new stats.TreeHiddenMarkovEstimator([e, e], { allowed }), {
      maxIterations: 5,
    });
    expect(masked.model.w).toEqual([1, 0]);
    expect(masked.model.transitions[1]).toEqual([0, 1]);
    const blocks = new stats.TreeHiddenMarkovEstimator([e, e], { allowed }).parameterBlocks(masked.model);
    expect(blocks.map(({ count }) => count)).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it('take a pseudo count, spread over the rows', () => {
    const p = new stats.PoissonEstimator();
    const prior = new stats.TreeHiddenMarkovEstimator([p], { pseudoCount: { initial: 3, transitions: 3 } });
    expect(prior.hasPrior).toBe(true);
    const tree = far.estimator({ pseudoCount: 1e9 });
    const { model } = stats.optimize(trees, tree, { initialModel: far, maxIterations: 1 });
    expect(model.transitions[0]![1]).toBeCloseTo(0.2, 5);
    expect(model.childCount).toMatchObject({ lambda: expect.closeTo(0.7, 5) });
  });
});

it('carries the type of the values', () => {
  const c = new stats.CategoricalEstimator();
  const { model } = stats.optimize([[[[0, -1], 'a']]], new stats.TreeHiddenMarkovEstimator([c, c]), {
    maxIterations: 1,
  });
  expectTypeOf(model.emissions[0].p).toEqualTypeOf<ReadonlyMap<string, number>>();
  // @ts-expect-error numbers are not what these states emit
  expect(() => stats.optimize([[[[0, -1], {}]]], new stats.TreeHiddenMarkovEstimator([c, c]))).toThrow();
  // @ts-expect-error numbers beside strings
  expect(new stats.TreeHiddenMarkovEstimator([e, c]).emissions).toHaveLength(2);
});
