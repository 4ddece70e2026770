/** Upward and downward passes over trees: the same bits from both implementations, and the right numbers by enumeration of all states. */
import { describe, expect, it } from 'vitest';
import { nodeLength, sumsLength, treeTables } from '../../../src/numeric/kernels/twin/trees.js';
import { type AllKernels, allKernels } from './allKernels.js';

import { numbersOf } from './numbers.js';

interface Problem {
  readonly initial: Float64Array;
  readonly transition: Float64Array;
  /** For each tree the parent of each node; the first is the root. */
  readonly trees: readonly (readonly number[])[];
  readonly score: (state: number, node: number) => number;
  readonly weights: Float64Array;
}

function normalised(random: () => number, length: number): number[] {
  const raw = Array.from({ length }, () => 0.05 + random());
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / total);
}

function anyTree(random: () => number, length: number): number[] {
  return Array.from({ length }, (_, t) => (t === 0 ? -1 : Math.floor(random() * t)));
}

const star = (length: number): number[] => Array.from({ length }, (_, t) => (t === 0 ? -1 : 0));
const chain = (length: number): number[] => Array.from({ length }, (_, t) => t - 1);

function problemOf(
  seed: number,
  stateCount: number,
  trees: readonly (readonly number[])[],
  score: (random: () => number) => number = (random) => -20 * random(),
): Problem {
  const random = numbersOf(seed);
  const nodeCount = trees.flat().length;
  const scores = Float64Array.from({ length: stateCount * nodeCount }, () => score(random));
  return {
    initial: Float64Array.from(normalised(random, stateCount)),
    transition: Float64Array.from(Array.from({ length: stateCount }, () => normalised(random, stateCount)).flat()),
    trees,
    score: (state, node) => scores[node * stateCount + state]!,
    weights: Float64Array.from(trees, () => random() * 2),
  };
}

/** Runs both passes; `isInside` says whether the arrays come from the kernels' own workspace. */
function solve(kernels: AllKernels, { initial, transition, trees, score, weights }: Problem, isInside: boolean) {
  const stateCount = initial.length;
  const nodeCount = trees.flat().length;
  const stride = nodeCount + 3;
  const offsets = new Int32Array(trees.length + 1).fill(4);
  trees.forEach((tree, q) => {
    offsets[q + 1] = offsets[q]! + tree.length;
  });
  const toParent = Int32Array.from(trees.flatMap((tree) => tree.map((parent, t) => (t === 0 ? 0 : t - parent))));
  const workspace = kernels.workspace();
  const make = (size: number, fill: number) => (isInside ? workspace.float64(size) : new Float64Array(size)).fill(fill);
  const scores = make(2 + stateCount * stride, 7);
  for (let s = 0; s < stateCount; s++) {
    for (let t = 0; t < nodeCount; t++) scores[2 + s * stride + t] = score(s, t);
  }
  const nodes = make(nodeLength(stateCount) * nodeCount, Number.NaN);
  const sums = make(sumsLength(stateCount), 0);
  const evidence = new Float64Array(trees.length);
  const block = [scores.subarray(2), stride, stateCount, toParent, offsets, trees.length] as const;
  const tables = treeTables(initial, transition);
  kernels.treeUpward(...block, tables, nodes, evidence);
  kernels.treeDownward(...block, tables, nodes, weights, sums);
  const width = stateCount + (stateCount % 2);
  const states = Array.from({ length: stateCount }, (_, s) => s);
  const result = {
    evidence: Array.from(evidence),
    initialSum: Array.from(sums.subarray(0, stateCount)),
    steps: states.map((b) =>
      states.map((a) => {
        const at = (1 + b) * width + a;
        return transition[b * stateCount + a]! * sums[at]! + sums[at + stateCount * width]!;
      }),
    ),
    posterior: states.map((s) => Array.from({ length: nodeCount }, (_, t) => scores[2 + s * stride + t]!)),
    between: states.map((s) => scores[2 + s * stride + nodeCount]!),
  };
  workspace.release();
  return result;
}

/** The same from all states of all nodes of each tree, without any recursion. */
function enumerated({ initial, transition, trees, score, weights }: Problem) {
  const stateCount = initial.length;
  const evidence: number[] = [];
  const initialSum = new Array<number>(stateCount).fill(0);
  const steps = Array.from({ length: stateCount }, () => new Array<number>(stateCount).fill(0));
  const posterior = Array.from({ length: stateCount }, () => new Array<number>(trees.flat().length).fill(0));
  let first = 0;
  trees.forEach((tree, q) => {
    const all = tree.reduce<number[][]>(
      (found) => found.flatMap((z) => Array.from(initial, (_, s) => [...z, s])),
      [[]],
    );
    const logs = all.map((z) =>
      z.reduce((sum, s, t) => {
        const p = t === 0 ? initial[s]! : transition[z[tree[t]!]! * stateCount + s]!;
        return sum + (p === 0 ? -Infinity : Math.log(p) + score(s, first + t));
      }, 0),
    );
    const largest = Math.max(...logs);
    const total = logs.reduce((sum, log) => sum + Math.exp(log - largest), 0);
    evidence.push(largest === -Infinity ? -Infinity : largest + Math.log(total));
    all.forEach((z, i) => {
      if (largest === -Infinity || z.length === 0) return;
      const share = (weights[q]! * Math.exp(logs[i]! - largest)) / total;
      initialSum[z[0]!]! += share;
      z.forEach((s, t) => {
        posterior[s]![first + t]! += share;
        if (t > 0) steps[z[tree[t]!]!]![s]! += share;
      });
    });
    first += tree.length;
  });
  return { evidence, initialSum, steps, posterior };
}

const wasm = allKernels('wasm');
const twin = allKernels('twin');

function expectSameBits(problem: Problem) {
  const expected = solve(twin, problem, false);
  expect(solve(wasm, problem, true)).toEqual(expected);
  expect(solve(wasm, problem, false)).toEqual(expected);
  expect(expected.between).toEqual(expected.between.map(() => 7));
}

function expectRight(problem: Problem) {
  const found = solve(wasm, problem, true);
  const expected = enumerated(problem);
  found.evidence.forEach((log, q) => {
    if (Number.isFinite(expected.evidence[q]!)) expect(log).toBeCloseTo(expected.evidence[q]!, 10);
    else expect(log).toBe(expected.evidence[q]);
  });
  const numbers = [found.initialSum, ...found.steps, ...found.posterior].flat();
  [expected.initialSum, ...expected.steps, ...expected.posterior].flat().forEach((value, i) => {
    expect(numbers[i]!).toBeCloseTo(value, 12);
  });
}

describe('trees', { timeout: 60_000 }, () => {
  const random = numbersOf(3);
  const sets = [[0], [1], [2, 0, 3], [1, 1, 1, 1, 1], [40, 0, 17, 5]].map((lengths) =>
    lengths.map((length) => anyTree(random, length)),
  );

  it.each([1, 2, 3, 4, 5, 8, 13])('gives the same bits with %i states', (stateCount) => {
    sets.forEach((trees, seed) => expectSameBits(problemOf(seed, stateCount, trees)));
    // Products of messages that become small, and sums that are lost.
    for (const scale of [60, 900]) {
      const trees = [star(300), chain(30), anyTree(random, 50)];
      expectSameBits(problemOf(scale, stateCount, trees, (of) => -scale * of()));
    }
  });

  it('gives the same bits for impossible, infinite and NaN scores', () => {
    for (const value of [-Infinity, Infinity, Number.NaN]) {
      for (const share of [0.02, 0.3]) {
        const trees = [anyTree(random, 30), star(9), chain(12), anyTree(random, 64)];
        expectSameBits(problemOf(9, 3, trees, (of) => (of() < share ? value : -5 * of())));
      }
    }
  });

  it.each([1, 2, 3])('agrees with the sum over all states of all nodes, of %i states', (stateCount) => {
    const trees = [anyTree(random, 6), [], star(5), chain(6), [-1]];
    for (const scale of [1, 20, 700]) expectRight(problemOf(scale, stateCount, trees, (of) => -scale * of()));
    expectRight(problemOf(5, stateCount, trees, (of) => (of() < 0.2 ? -Infinity : -3 * of())));
  });

  it('agrees with it where zeros among the transitions bring back a state whose exponential was 0', () => {
    for (const trees of [
      [chain(6), star(6)],
      [anyTree(random, 7), anyTree(random, 7)],
    ]) {
      const problem = problemOf(17, 2, trees, (of) => (of() < 0.5 ? -1250 : -1));
      expectRight({ ...problem, initial: Float64Array.of(1, 0), transition: Float64Array.of(0.9, 0.1, 0, 1) });
      expectRight({ ...problem, transition: Float64Array.of(0, 1, 1, 0) });
    }
  });

  it('keeps both states of a root whose children point to them by halves', () => {
    const [children, gap] = [4000, 32];
    const score = (s: number, t: number) => (t > 0 && s !== (t <= children / 2 ? 0 : 1) ? -gap : 0);
    const transition = Float64Array.of(0.8, 0.2, 0.3, 0.7);
    const problem = { ...problemOf(1, 2, [star(children + 1)]), initial: Float64Array.of(0.6, 0.4), transition, score };
    const message = (b: number, to: number) => transition[2 * b + to]! + transition[2 * b + 1 - to]! * Math.exp(-gap);
    const logs = [0, 1].map(
      (b) => Math.log([0.6, 0.4][b]!) + (children / 2) * (Math.log(message(b, 0)) + Math.log(message(b, 1))),
    );
    const found = solve(wasm, problem, true);
    expect(found.evidence[0]! / Math.max(...logs)).toBeCloseTo(1, 13);
    const share = found.posterior[0]![0]! / problem.weights[0]!;
    expect(share).toBeCloseTo(1 / (1 + Math.exp(logs[1]! - logs[0]!)), 9);
    expectSameBits(problem);
  });

  it('shares a pole among the states that have it, and gives an impossible tree nothing even beside a pole', () => {
    const score = (s: number, t: number) => [s === 0 ? -1 : Infinity, 0, s === 0 ? Infinity : -Infinity, -Infinity][t]!;
    const problem = {
      ...problemOf(2, 2, [
        [-1, 0],
        [-1, 0],
      ]),
      score,
    };
    const { evidence, posterior } = solve(wasm, problem, true);
    expect(evidence).toEqual([Infinity, -Infinity]);
    expect(posterior.map((row) => row[0])).toEqual([0, problem.weights[0]]);
    expect(posterior.map((row) => row.slice(2))).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('does not depend on which trees are neighbours', () => {
    const trees = [anyTree(random, 12), anyTree(random, 30), star(7)];
    const problem = problemOf(11, 5, trees);
    const whole = solve(wasm, problem, true);
    let first = 0;
    trees.forEach((tree, q) => {
      const from = first;
      const score = (s: number, t: number) => problem.score(s, from + t);
      const alone = solve(wasm, { ...problem, trees: [tree], score, weights: problem.weights.subarray(q) }, true);
      expect(alone.evidence[0]).toBe(whole.evidence[q]);
      expect(alone.posterior).toEqual(whole.posterior.map((row) => row.slice(from, from + tree.length)));
      first += tree.length;
    });
  });
});
