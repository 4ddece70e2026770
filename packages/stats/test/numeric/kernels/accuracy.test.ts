/** Kernels against the platform's functions, closed forms and compensated sums. */
import { describe, expect, it } from 'vitest';
import { allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

const kernels = allKernels('wasm');

/** Distance in units in the last place of `expected`. */
function ulps(found: number, expected: number): number {
  if (Object.is(found, expected)) return 0;
  const ulp = 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 52);
  return Math.abs(found - expected) / ulp;
}

function apply(name: 'exp' | 'log', x: readonly number[]): Float64Array {
  const out = new Float64Array(x.length);
  kernels[name](Float64Array.from(x), x.length, out);
  return out;
}

/** Neumaier's compensated sum: exact to the last bit here. */
function compensatedSum(values: Iterable<number>): number {
  let sum = 0;
  let rest = 0;
  for (const value of values) {
    const next = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + rest;
}

describe('exp', () => {
  // V8's own exp and log come from fdlibm and are within 1 ulp of the truth; so are ours, by the same kind of bound.
  it('is within 2 ulp of Math.exp from -690 to 709', () => {
    const random = numbersOf(1);
    const x = Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? -690 + 1399 * random() : 4 * random() - 2));
    const out = apply('exp', x);
    let worst = 0;
    x.forEach((value, i) => {
      worst = Math.max(worst, ulps(out[i]!, Math.exp(value)));
    });
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('is exact where the result is known', () => {
    const x = [0, -0, -690.0000001, -1e300, -Infinity, 709.7827128933841, Infinity, NaN];
    const found = apply('exp', [...x, ...x, ...x]);
    for (let at = 0; at < 3; at++) {
      expect(Array.from(found.subarray(8 * at, 8 * at + 8))).toEqual([1, 1, 0, 0, 0, Infinity, Infinity, NaN]);
    }
  });

  it('is positive at -690 and finite just below the overflow', () => {
    const [low, high] = apply('exp', [-690, 709.782712893384]);
    expect(low).toBeGreaterThan(2.2250738585072014e-308);
    expect(ulps(high!, Math.exp(709.782712893384))).toBeLessThanOrEqual(2);
  });
});

describe('log', () => {
  it('is within 2 ulp of Math.log over all magnitudes', () => {
    const random = numbersOf(2);
    const x = Array.from({ length: 100_000 }, (_, i) =>
      i % 2 === 0 ? (1 + random()) * 2 ** Math.floor(2090 * random() - 1070) : 0.5 + random(),
    );
    const out = apply('log', x);
    let worst = 0;
    x.forEach((value, i) => {
      if (value !== 1) worst = Math.max(worst, ulps(out[i]!, Math.log(value)));
    });
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('is exact where the result is known', () => {
    const x = [1, 0, -0, Infinity, -1, -Infinity, NaN, -5e-324];
    const found = apply('log', [...x, ...x, ...x]);
    for (let at = 0; at < 3; at++) {
      expect(Array.from(found.subarray(8 * at, 8 * at + 8))).toEqual([
        0,
        -Infinity,
        -Infinity,
        Infinity,
        NaN,
        NaN,
        NaN,
        NaN,
      ]);
    }
    expect(apply('log', [5e-324])[0]).toBe(Math.log(5e-324));
  });
});

/** Posteriors [component][row] and evidence of log-densities [component][row]. */
function posteriorOf(logDensity: readonly (readonly number[])[], weights: readonly number[]) {
  const count = logDensity[0]!.length;
  const workspace = kernels.workspace();
  const lp = workspace.float64(logDensity.length * count);
  lp.set(logDensity.flat());
  const evidence = workspace.float64(count);
  const logWeights = Float64Array.from(weights, Math.log);
  kernels.posterior(lp, count, logDensity.length, count, logWeights, evidence);
  const posterior = logDensity.map((_, k) => Array.from(lp.subarray(k * count, (k + 1) * count)));
  lp.set(logDensity.flat());
  const totals = new Float64Array(logDensity.length);
  const total = kernels.posteriorTotal(lp, count, logDensity.length, count, logWeights, totals);
  expect(Array.from(totals)).toEqual(posterior.map((row) => kernels.sum(Float64Array.from(row), count)));
  // Equal as numbers or as NaN; the posteriors are those of the kernel with an evidence per row.
  expect(Array.from(lp)).toEqual(posterior.flat());
  const result = { posterior, evidence: Array.from(evidence), total };
  workspace.release();
  return result;
}

describe('posterior', () => {
  it('adds up to 1 and gives the log of the mixture density', () => {
    const random = numbersOf(3);
    for (const componentCount of [1, 2, 3, 10]) {
      const density = Array.from({ length: componentCount }, () => Array.from({ length: 501 }, () => -30 * random()));
      const weights = Array.from({ length: componentCount }, () => 1 / componentCount);
      const { posterior, evidence, total } = posteriorOf(density, weights);
      expect(Math.abs(total / compensatedSum(evidence) - 1)).toBeLessThan(1e-14);
      for (let i = 0; i < 501; i++) {
        const terms = density.map((row) => Math.exp(row[i]!) / componentCount);
        const total = compensatedSum(terms);
        expect(evidence[i]!).toBeCloseTo(Math.log(total), 13);
        expect(compensatedSum(posterior.map((row) => row[i]!))).toBeCloseTo(1, 14);
        terms.forEach((term, k) => {
          expect(posterior[k]![i]!).toBeCloseTo(term / total, 14);
        });
      }
    }
  });

  it('gives a row of density 0 the mixture weights and the evidence -Infinity', () => {
    const dead = [-1, -Infinity, -2, -3, -Infinity];
    const { posterior, evidence, total } = posteriorOf([dead, dead, dead], [0.5, 0.25, 0.25]);
    expect(total).toBe(-Infinity);
    expect(evidence[1]).toBe(-Infinity);
    expect(evidence[4]).toBe(-Infinity);
    [0.5, 0.25, 0.25].forEach((weight, k) => {
      expect(posterior[k]![1]!).toBeCloseTo(weight, 15);
      expect(posterior[k]![4]!).toBeCloseTo(weight, 15);
    });
    expect(evidence[0]).toBeCloseTo(-1, 14);
  });

  it('shares a row of infinite density among the components that have it', () => {
    const { posterior, evidence, total } = posteriorOf([[Infinity], [1000], [Infinity]], [0.6, 0.2, 0.2]);
    expect(total).toBe(Infinity);
    expect(evidence).toEqual([Infinity]);
    expect(posterior[0]![0]!).toBeCloseTo(0.75, 15);
    expect(posterior[1]).toEqual([0]);
    expect(posterior[2]![0]!).toBeCloseTo(0.25, 15);
  });

  it('gives a component of weight 0 nothing, even with infinite density or NaN', () => {
    const { posterior, evidence } = posteriorOf(
      [
        [-1, -1],
        [Infinity, NaN],
      ],
      [1, 0],
    );
    expect(posterior).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(evidence).toEqual([-1, -1]);
  });
});

describe('sums', () => {
  it('of a million rows agree with a compensated sum to 1e-13', () => {
    const random = numbersOf(4);
    const x = Float64Array.from({ length: 1_000_000 }, () => -10 * random());
    expect(Math.abs(kernels.sum(x, x.length) / compensatedSum(x) - 1)).toBeLessThan(1e-13);
  });

  it('of moments about an origin keep the variance at mean/sd = 1e8', () => {
    const random = numbersOf(5);
    const x = Float64Array.from({ length: 10_000 }, () => 1e8 + random());
    const out = new Float64Array(3);
    kernels.moments(x, new Float64Array(10_000).fill(1), 10_000, 1e8, out);
    const variance = out[2]! / out[0]! - (out[1]! / out[0]!) ** 2;
    const mean = compensatedSum(x.map((value) => value - 1e8)) / 10_000;
    const expected = compensatedSum(x.map((value) => (value - 1e8 - mean) ** 2)) / 10_000;
    expect(Math.abs(variance / expected - 1)).toBeLessThan(1e-11);
  });

  it('skip rows of weight 0 in a weighted sum', () => {
    const x = Float64Array.of(-Infinity, 1, NaN, 2, Infinity);
    expect(kernels.weightedSum(x, Float64Array.of(0, 2, 0, 3, 0), 5)).toBe(8);
  });

  it.each(['wasm', 'twin'] as const)(
    'of moments skip rows of weight 0, even where x - origin overflows: %s',
    (kind) => {
      const { moments, diagonalMoments, scatter, stageVectors } = allKernels(kind);
      for (const count of [1, 2, 3, 4, 5, 7, 131]) {
        const far = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1.7e308 : -1e308));
        const one = new Float64Array(3);
        moments(
          far,
          Float64Array.from(far, (x) => (x > 0 ? 0 : 2)),
          count,
          -1e308,
          one,
        );
        expect([...one]).toEqual([2 * (count >> 1), 0, 0]);
        const block = () => stageVectors(Float64Array.from([...far].flatMap((x) => [x, x / -2])), 0, count, 2);
        const origin = Float64Array.of(-1e308, 0.5e308);
        const weights = Float64Array.from(far, (x) => (x > 0 ? 0 : 3));
        const two = new Float64Array(5);
        diagonalMoments(block(), 2, count, weights, origin, two);
        expect([...two]).toEqual([3 * (count >> 1), 0, 0, 0, 0]);
        const all = new Float64Array(6);
        scatter(block(), 2, count, weights, origin, all);
        expect([...all]).toEqual([3 * (count >> 1), 0, 0, 0, 0, 0]);
      }
    },
  );

  it('of a scatter agree with the definition', () => {
    const random = numbersOf(6);
    const [count, dimension] = [300, 3];
    const rows = Float64Array.from({ length: count * dimension }, () => random());
    const weights = Float64Array.from({ length: count }, () => random());
    const origin = Float64Array.of(0.5, 0.4, 0.3);
    const block = kernels.stageVectors(rows, 0, count, dimension);
    const out = new Float64Array(1 + 3 + 6);
    kernels.scatter(block, dimension, count, weights, origin, out);
    const d = (i: number, j: number): number => rows[i * dimension + j]! - origin[j]!;
    const indices = Array.from(weights, (_, i) => i);
    const expected = [compensatedSum(weights)];
    for (let a = 0; a < 3; a++) expected.push(compensatedSum(indices.map((i) => weights[i]! * d(i, a))));
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b <= a; b++) expected.push(compensatedSum(indices.map((i) => weights[i]! * d(i, a) * d(i, b))));
    }
    expected.forEach((value, at) => {
      expect(out[at]!).toBeCloseTo(value, 11);
    });
  });
});

describe('rows as they are', () => {
  // All numbers are small multiples of 1/4, so that every sum is exact, in any order.
  it.each([1, 2, 3, 4, 5, 6, 7, 130])(
    'of %i rows have exact distances, products and moments where the numbers are',
    (count) => {
      const random = numbersOf(8 + count);
      const quarters = (length: number) => Float64Array.from({ length }, () => Math.floor(random() * 64 - 32) / 4);
      for (const dimension of [1, 2, 5, 6]) {
        const rows = quarters(count * dimension);
        const [point, weights] = [quarters(dimension), quarters(count).map(Math.abs)];
        const d = (i: number, j: number): number => rows[i * dimension + j]! - point[j]!;
        const [is, js] = [Array.from(weights, (_, i) => i), Array.from(point, (_, j) => j)];
        const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
        const out = new Float64Array(count);
        kernels.isotropicLogDensity(kernels.stageRows(rows, 0, count, dimension), dimension, count, point, 0.5, 3, out);
        expect([...out]).toEqual(is.map((i) => 3 - 0.5 * total(js.map((j) => d(i, j) ** 2))));
        kernels.projectionLogDensity(
          kernels.stageRows(rows, 0, count, dimension),
          dimension,
          count,
          point,
          0.5,
          3,
          out,
        );
        const product = (i: number) => total(js.map((j) => rows[i * dimension + j]! * point[j]!));
        expect([...out]).toEqual(is.map((i) => 3 - 0.5 * (1 - product(i))));
        const sums = new Float64Array(2 + dimension);
        kernels.rowMoments(kernels.stageRows(rows, 0, count, dimension), dimension, count, weights, point, sums);
        expect([...sums]).toEqual([
          total([...weights]),
          ...js.map((j) => total(is.map((i) => weights[i]! * d(i, j)))),
          total(js.map((j) => total(is.map((i) => weights[i]! * d(i, j) ** 2)))),
        ]);
        const plain = new Float64Array(1 + dimension);
        kernels.rowSums(kernels.stageRows(rows, 0, count, dimension), dimension, count, weights, plain);
        expect([...plain]).toEqual([
          total([...weights]),
          ...js.map((j) => total(is.map((i) => weights[i]! * rows[i * dimension + j]!))),
        ]);
      }
    },
  );
});

describe('Gaussian log-density of vectors', () => {
  it('keeps its digits when the mean is 1e8 times the spread', () => {
    const block = kernels.stageVectors(Float64Array.of(1e8 + 1, 1e8 - 1, 1e8 + 2, 1e8), 0, 2, 2);
    const out = new Float64Array(2);
    // Covariance [[1, 0.5], [0.5, 1]]: F = [[1, 0], [-0.5 / sqrt(0.75), 1 / sqrt(0.75)]].
    const factor = Float64Array.of(1, 0, -0.5 / Math.sqrt(0.75), 1 / Math.sqrt(0.75));
    kernels.gaussianVectorLogDensity(block, 2, 2, Float64Array.of(1e8, 1e8), factor, 0, out);
    // x - mu = (1, -1): (1 + 1 + 1) / 0.75 / 2 = 2; (2, 0): 4 / 0.75 / 2 = 8/3.
    expect(out[0]!).toBeCloseTo(-2, 14);
    expect(out[1]!).toBeCloseTo(-8 / 3, 14);
  });
});
