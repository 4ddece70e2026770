/** Forward-backward: the same bits from both implementations, and the right numbers by enumeration of all paths. */
import { describe, expect, it } from 'vitest';
import { type AllKernels, allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

interface Problem {
  readonly stateCount: number;
  readonly offsets: Int32Array;
  readonly initial: Float64Array;
  readonly transition: Float64Array;
  readonly logEmission: (state: number, position: number) => number;
  readonly weights: Float64Array | null;
}

function normalised(random: () => number, length: number): number[] {
  const raw = Array.from({ length }, () => 0.05 + random());
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / total);
}

function problemOf(seed: number, stateCount: number, lengths: readonly number[], weighted: boolean): Problem {
  const random = numbersOf(seed);
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, q) => {
    offsets[q + 1] = offsets[q]! + length;
  });
  const emission = Float64Array.from({ length: stateCount * offsets[lengths.length]! }, () => -20 * random());
  return {
    stateCount,
    offsets,
    initial: Float64Array.from(normalised(random, stateCount)),
    transition: Float64Array.from(Array.from({ length: stateCount }, () => normalised(random, stateCount)).flat()),
    logEmission: (state, position) => emission[position * stateCount + state]!,
    weights: weighted ? Float64Array.from(lengths, () => random() * 2) : null,
  };
}

/** Runs both passes; `inside` says whether the matrices come from the kernels' own workspace. */
function solve(kernels: AllKernels, problem: Problem, inside: boolean) {
  const { stateCount, offsets, initial, transition, logEmission, weights } = problem;
  const sequenceCount = offsets.length - 1;
  const length = offsets[sequenceCount]!;
  const stride = length + 3;
  const workspace = kernels.workspace();
  const make = (size: number): Float64Array => (inside ? workspace.float64(size) : new Float64Array(size));
  const emission = make(2 + stateCount * stride);
  const forward = make(stateCount * stride);
  const scale = make(2 * stride);
  for (let s = 0; s < stateCount; s++) {
    for (let t = 0; t < length; t++) emission[2 + s * stride + t] = logEmission(s, t);
  }
  const evidence = new Float64Array(sequenceCount);
  const initialSum = new Float64Array(stateCount).fill(0.25);
  const transitionSum = new Float64Array(stateCount * stateCount).fill(0.5);
  const shape = [emission.subarray(2), stride, stateCount, offsets, sequenceCount] as const;
  kernels.hmmForward(...shape, initial, transition, forward, scale, evidence);
  kernels.hmmBackward(...shape, transition, forward, scale, weights, initialSum, transitionSum);
  const posterior = Array.from({ length: stateCount }, (_, s) =>
    Array.from({ length }, (_, t) => emission[2 + s * stride + t]!),
  );
  const result = {
    evidence: Array.from(evidence),
    initialSum: Array.from(initialSum),
    transitionSum: Array.from(transitionSum),
    posterior,
  };
  workspace.release();
  return result;
}

const wasm = allKernels('wasm');
const twin = allKernels('twin');

describe('forward-backward', { timeout: 60_000 }, () => {
  const lengthsOf: readonly (readonly number[])[] = [
    [1],
    [0, 3, 0],
    [64, 64],
    [65, 1, 128, 63],
    [5, 200, 300, 7, 129],
    [1100, 2, 40],
    [0, 0, 17],
  ];

  it.each([1, 2, 3, 5, 8])('gives the same bits with %i states', (stateCount) => {
    lengthsOf.forEach((lengths, seed) => {
      for (const weighted of [false, true]) {
        const problem = problemOf(seed + 1, stateCount, lengths, weighted);
        const expected = solve(twin, problem, true);
        expect(solve(wasm, problem, true)).toEqual(expected);
        expect(solve(wasm, problem, false)).toEqual(expected);
      }
    });
  });

  it('gives the same bits for impossible, infinite and NaN emissions', () => {
    for (const value of [-Infinity, Infinity, NaN]) {
      for (const share of [0.02, 0.3]) {
        const problem = problemOf(9, 3, [30, 41, 5, 64, 90], true);
        const random = numbersOf(10);
        const odd = Float64Array.from({ length: 3 * 230 }, () => (random() < share ? value : 0));
        const harder = {
          ...problem,
          logEmission: (s: number, t: number) => problem.logEmission(s, t) + odd[3 * t + s]!,
        };
        expect(solve(wasm, harder, true)).toEqual(solve(twin, harder, true));
      }
    }
  });

  it('does not depend on which sequences are neighbours', () => {
    const problem = problemOf(11, 4, [70, 12, 130], false);
    const whole = solve(wasm, problem, true);
    for (let q = 0; q < 3; q++) {
      const from = problem.offsets[q]!;
      const alone = solve(
        wasm,
        {
          ...problem,
          offsets: Int32Array.of(0, problem.offsets[q + 1]! - from),
          logEmission: (s, t) => problem.logEmission(s, t + from),
        },
        true,
      );
      expect(alone.evidence[0]).toBe(whole.evidence[q]);
      expect(alone.posterior.map((row) => row[0])).toEqual(whole.posterior.map((row) => row[from]));
    }
  });

  it('agrees with the sum over all paths', () => {
    const problem = problemOf(12, 3, [5, 4], true);
    const { stateCount, offsets, initial, transition, logEmission, weights } = problem;
    const found = solve(wasm, problem, true);
    const initialSum = new Array<number>(stateCount).fill(0.25);
    const transitionSum = new Array<number>(stateCount * stateCount).fill(0.5);
    for (let q = 0; q < 2; q++) {
      const from = offsets[q]!;
      const length = offsets[q + 1]! - from;
      let total = 0;
      const paths: { path: number[]; p: number }[] = [];
      for (let code = 0; code < stateCount ** length; code++) {
        const path = Array.from({ length }, (_, t) => Math.floor(code / stateCount ** t) % stateCount);
        let p = initial[path[0]!]!;
        path.forEach((s, t) => {
          if (t > 0) p *= transition[path[t - 1]! * stateCount + s]!;
          p *= Math.exp(logEmission(s, from + t));
        });
        total += p;
        paths.push({ path, p });
      }
      expect(found.evidence[q]!).toBeCloseTo(Math.log(total), 11);
      const weight = weights![q]!;
      const posterior = Array.from({ length: stateCount }, () => new Array<number>(length).fill(0));
      for (const { path, p } of paths) {
        const share = (weight * p) / total;
        initialSum[path[0]!]! += share;
        path.forEach((s, t) => {
          posterior[s]![t]! += share;
          if (t > 0) transitionSum[path[t - 1]! * stateCount + s]! += share;
        });
      }
      posterior.forEach((row, s) => {
        row.forEach((value, t) => {
          expect(found.posterior[s]![from + t]!).toBeCloseTo(value, 12);
        });
      });
    }
    initialSum.forEach((value, at) => {
      expect(found.initialSum[at]!).toBeCloseTo(value, 12);
    });
    transitionSum.forEach((value, at) => {
      expect(found.transitionSum[at]!).toBeCloseTo(value, 12);
    });
  });

  it('gives an impossible sequence no posterior and -Infinity', () => {
    const problem = problemOf(13, 2, [10, 10], false);
    const impossible = {
      ...problem,
      logEmission: (s: number, t: number) => (t === 4 ? -Infinity : problem.logEmission(s, t)),
    };
    const { evidence, posterior } = solve(wasm, impossible, true);
    expect(evidence[0]).toBe(-Infinity);
    expect(evidence[1]).toBe(solve(wasm, problem, true).evidence[1]);
    for (const row of posterior) expect(row.slice(0, 10)).toEqual(new Array(10).fill(0));
  });
});
