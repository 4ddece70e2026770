/** Topic proportions: the same bits from both implementations, and the fixed point that the formulas describe. */
import { describe, expect, it } from 'vitest';
import { digammaOf } from '../../../src/numeric/kernels/twin/topics.js';
import { type AllKernels, allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

/** ψ(x) from mpmath with 40 digits. */
const DIGAMMA: readonly (readonly [x: number, psi: number])[] = [
  [1e-300, -9.999999999999999e299],
  [1e-20, -1e20],
  [1e-5, -100000.57719921567],
  [0.001, -1000.5755719318103],
  [0.1, -10.423754940411076],
  [0.5, -1.9635100260214235],
  [1, -0.5772156649015329],
  [1.25, -0.22745353337626542],
  [1.4616321449683622, -9.241265521729427e-17],
  [1.5, 0.03648997397857652],
  [2, 0.42278433509846713],
  [3.75, 1.1825373886117962],
  [7.5, 1.9467574842460869],
  [10, 2.251752589066721],
  [25.3, 3.210911380182536],
  [100, 4.600161852738087],
  [1234.5, 7.118016231827998],
  [1e5, 11.512920464961896],
  [1e8, 18.420680738952367],
  [1e19, 43.74911676688687],
  [1e20, 46.051701859880914],
  [1e21, 48.35428695287496],
  [1e40, 92.10340371976183],
];

it('takes ψ to within 4 ulp of the larger of |ψ| and 1', () => {
  for (const [x, psi] of DIGAMMA) {
    expect(Math.abs(digammaOf(x) - psi)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.max(1, Math.abs(psi)));
  }
});

interface Problem {
  readonly topicCount: number;
  readonly offsets: Int32Array;
  readonly density: (word: number, topic: number) => number;
  readonly counts: Float64Array;
  readonly alpha: readonly number[];
}

function problemOf(seed: number, topicCount: number, lengths: readonly number[]): Problem {
  const random = numbersOf(seed);
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, d) => {
    offsets[d + 1] = offsets[d]! + length;
  });
  const table = Float64Array.from({ length: topicCount * offsets[lengths.length]! }, () => random() ** 3);
  return {
    topicCount,
    offsets,
    density: (word, topic) => table[word * topicCount + topic]!,
    counts: Float64Array.from({ length: offsets[lengths.length]! }, () => 1 + Math.floor(4 * random())),
    alpha: Array.from({ length: topicCount }, () => 0.05 + random()),
  };
}

function solve(kernels: AllKernels, { topicCount, offsets, density, counts, alpha }: Problem) {
  const width = 4 * Math.ceil(topicCount / 4);
  const documentCount = offsets.length - 1;
  const wordCount = offsets[documentCount]!;
  const workspace = kernels.workspace();
  const table = workspace.float64(width * wordCount);
  for (let n = 0; n < wordCount; n++) for (let k = 0; k < topicCount; k++) table[n * width + k] = density(n, k);
  const words = workspace.float64(wordCount);
  words.set(counts);
  const padded = new Float64Array(width).fill(1e-300);
  padded.set(alpha);
  const [gamma, shares] = [workspace.float64(width * documentCount), workspace.float64(width * documentCount)];
  for (let d = 0; d < documentCount; d++)
    for (let k = 0; k < width; k++) gamma[d * width + k] = padded[k]! + (k < topicCount ? 1 : 0);
  const norms = workspace.float64(wordCount);
  const all = [table, width, offsets, documentCount, words, padded, 1e-12, gamma, shares, norms] as const;
  kernels.topicProportions(...all);
  const result = { gamma: Array.from(gamma), shares: Array.from(shares), norms: Array.from(norms) };
  workspace.release();
  return { ...result, width };
}

const wasm = allKernels('wasm');
const twin = allKernels('twin');

describe.each([
  [1, [3, 0, 5]],
  [2, [1, 1, 1, 1]],
  [3, [4, 0, 0, 7]],
  [4, [40]],
  [5, [2, 60, 0, 3, 1]],
  [20, [80, 33]],
] as const)('with %i topics and documents of %j words', (topicCount, lengths) => {
  const problem = problemOf(topicCount, topicCount, lengths);
  const found = solve(twin, problem);

  it('gives the same bits on both implementations', () => {
    expect(solve(wasm, problem)).toEqual(found);
  });

  it('ends where γ = α + Σ c φ and φ ∝ density exp ψ(γ); the padding stays out', () => {
    const { offsets, density, counts, alpha } = problem;
    lengths.forEach((_, d) => {
      const gamma = found.gamma.slice(d * found.width, (d + 1) * found.width);
      const sums = alpha.slice();
      for (let n = offsets[d]!; n < offsets[d + 1]!; n++) {
        const shares = alpha.map((_, k) => density(n, k) * Math.exp(digammaOf(gamma[k]!)));
        const norm = shares.reduce((sum, share) => sum + share, 0);
        shares.forEach((share, k) => {
          sums[k]! += (counts[n]! * share) / norm;
        });
      }
      // Convergence is linear: what is left is a small multiple of the threshold.
      sums.forEach((sum, k) => expect(Math.abs(gamma[k]! - sum)).toBeLessThan(1e-9 * (1 + sum)));
      expect(gamma.slice(topicCount)).toEqual(gamma.slice(topicCount).fill(1e-300));
    });
  });
});
