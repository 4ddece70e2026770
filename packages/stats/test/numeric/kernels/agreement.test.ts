/** The WebAssembly kernels and their TypeScript twins give the same bits. */
import { describe, expect, it } from 'vitest';
import { RUN, STAGED_STRIDE } from '../../../src/numeric/kernels/index.js';
import { type AllKernels, allKernels } from './allKernels.js';
import { numbersOf } from './numbers.js';

const wasm = allKernels('wasm');
const twin = allKernels('twin');

/** Ragged tails of every kind, one run, and more than one. */
const COUNTS = [
  0, 1, 2, 3, 4, 5, 7, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 31, 33, 127, 128, 130, 258, 1024, 1027, 2050, 4099,
];
const HARD = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  5e-324,
  2.3e-308,
  1e-300,
  1e300,
  709.7,
  709.8,
  -690,
  -690.1,
  -745,
];

type Place = (values: ArrayLike<number>) => Float64Array;
const foreign: Place = (values) => Float64Array.from(values);

/** Runs the same work on the twin, on WebAssembly in place, and on WebAssembly with foreign arrays. */
function compare(work: (kernels: AllKernels, place: Place) => ArrayLike<number>): void {
  const expected = work(twin, foreign);
  const workspace = wasm.workspace();
  const inside: Place = (values) => {
    const array = workspace.float64(values.length);
    array.set(values);
    return array;
  };
  try {
    expect(firstDifference(expected, work(wasm, inside))).toBe('');
    expect(firstDifference(expected, work(wasm, foreign))).toBe('');
  } finally {
    workspace.release();
  }
}

function firstDifference(expected: ArrayLike<number>, found: ArrayLike<number>): string {
  if (expected.length !== found.length) return `length ${found.length} instead of ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(expected[i], found[i])) return `at ${i}: ${found[i]} instead of ${expected[i]}`;
  }
  return '';
}

describe('elementwise kernels agree to the bit', { timeout: 60_000 }, () => {
  const random = numbersOf(1);
  const hard = (count: number): number[] =>
    Array.from({ length: count }, (_, i) => (i % 3 === 0 ? HARD[(i / 3) % HARD.length]! : (random() - 0.5) * 1400));

  it.each(COUNTS)('with %i rows', (count) => {
    const x = hard(count + 3);
    const y = hard(count + 5);
    for (const name of ['exp', 'log'] as const) {
      compare((kernels, place) => {
        const out = place(new Float64Array(count + 2).fill(7));
        kernels[name](place(x).subarray(3), count, out.subarray(1));
        return out;
      });
    }
    for (const name of ['gaussianLogDensity', 'addGaussianLogDensity'] as const) {
      compare((kernels, place) => {
        const out = place(new Float64Array(count + 2).fill(7));
        kernels[name](place(x).subarray(3), count, 0.3, 1.7, -0.9, out.subarray(1));
        return out;
      });
    }
    for (const name of ['linearLogDensity', 'addLinearLogDensity'] as const) {
      compare((kernels, place) => {
        const out = place(new Float64Array(count + 2).fill(7));
        kernels[name](place(x).subarray(3), count, -0.3, 1.7, out.subarray(1));
        return out;
      });
    }
    for (const name of ['bilinearLogDensity', 'addBilinearLogDensity'] as const) {
      compare((kernels, place) => {
        const out = place(new Float64Array(count + 2).fill(7));
        kernels[name](place(x).subarray(3), place(y).subarray(5), count, -0.3, 1.7, 0.11, out.subarray(1));
        return out;
      });
    }
    compare((kernels, place) => {
      const out = place(new Float64Array(count + 2).fill(7));
      kernels.multiply(place(x).subarray(3), place(y).subarray(5), count, out.subarray(1));
      return out;
    });
  });
});

describe('table kernels agree to the bit', { timeout: 60_000 }, () => {
  it.each(COUNTS)('with %i rows', (count) => {
    const random = numbersOf(2 + count);
    for (const levelCount of [1, 2, 3, 4, 5, 64, 65, 300]) {
      const codes = Int32Array.from({ length: count + 1 }, () => Math.floor(random() * levelCount));
      const table = Array.from({ length: levelCount + 2 }, () => Math.log(random()));
      const weights = Array.from({ length: count + 3 }, () => random());
      for (const name of ['gather', 'addGather'] as const) {
        compare((kernels, place) => {
          const out = place(new Float64Array(count + 2).fill(7));
          kernels[name](place(table).subarray(2), codes.subarray(1), count, out.subarray(1));
          return out;
        });
      }
      compare((kernels, place) => {
        const out = place(new Float64Array(levelCount + 2).fill(0.1));
        kernels.histogram(codes.subarray(1), place(weights).subarray(3), count, out.subarray(1, 1 + levelCount));
        return out;
      });
    }
  });
});

describe('sums agree to the bit', { timeout: 60_000 }, () => {
  it.each(COUNTS)('with %i rows', (count) => {
    const random = numbersOf(3 + count);
    const x = Array.from({ length: count + 1 }, () => 1e6 + random());
    const y = Array.from({ length: count + 2 }, () => (random() < 0.1 ? Infinity : random()));
    const weights = Array.from({ length: count + 3 }, (_, i) => (y[i - 1] === Infinity ? 0 : random()));
    compare((kernels, place) => [
      kernels.sum(place(x).subarray(1), count),
      kernels.weightedSum(place(y).subarray(2), place(weights).subarray(3), count),
      kernels.weightedSum(place(x).subarray(1), place(weights).subarray(3), count),
    ]);
    compare((kernels, place) => {
      const out = place(new Float64Array(12).fill(0.1));
      kernels.weightedMean(place(x).subarray(1), place(weights).subarray(3), count, out.subarray(1));
      kernels.weightedMeans(
        place(x).subarray(1),
        place(weights).subarray(3),
        place(weights).subarray(3),
        count,
        out.subarray(4),
      );
      kernels.moments(place(x).subarray(1), place(weights).subarray(3), count, 1e6, out.subarray(8));
      return out;
    });
  });
});

describe('softmax kernels agree to the bit', { timeout: 60_000 }, () => {
  it.each(COUNTS)('with %i rows', (count) => {
    const random = numbersOf(4 + count);
    for (const componentCount of [1, 2, 3, 10]) {
      for (const oddity of ['none', 'infinite', 'NaN', 'dead'] as const) {
        const stride = count + 5;
        const odd = (): number => {
          if (oddity === 'NaN') return random() < 0.1 ? NaN : 0;
          if (oddity !== 'infinite' || random() < 0.4) return 0;
          return random() < 0.8 ? -Infinity : Infinity;
        };
        const matrix = Array.from({ length: componentCount * stride }, () => (random() - 0.7) * 60 + odd());
        const logWeights = Array.from({ length: componentCount }, () => Math.log(random()));
        if (oddity === 'dead') logWeights[componentCount - 1] = -Infinity;
        compare((kernels, place) => {
          const lp = place(matrix);
          const evidence = place(new Float64Array(count + 2).fill(7));
          kernels.posterior(lp.subarray(1), stride, componentCount, count, place(logWeights), evidence.subarray(1));
          return [...lp, ...evidence];
        });
        compare((kernels, place) => {
          const lp = place(matrix);
          const totals = place(new Float64Array(componentCount + 2).fill(7));
          const logs = place(logWeights);
          const evidence = kernels.posteriorTotal(
            lp.subarray(1),
            stride,
            componentCount,
            count,
            logs,
            totals.subarray(1),
          );
          return [evidence, ...totals, ...lp];
        });
        compare((kernels, place) => {
          const evidence = place(new Float64Array(count + 2).fill(7));
          kernels.logEvidence(
            place(matrix).subarray(1),
            stride,
            componentCount,
            count,
            place(logWeights),
            evidence.subarray(1),
          );
          return evidence;
        });
      }
    }
  });
});

describe('kernels over vectors agree to the bit', { timeout: 60_000 }, () => {
  it.each(COUNTS.filter((count) => count <= RUN))('with %i rows', (count) => {
    const random = numbersOf(5 + count);
    for (const dimension of [1, 2, 3, 7, 10]) {
      const block = Array.from({ length: 1 + dimension * STAGED_STRIDE }, () => random() * 4 - 2);
      const mu = Array.from({ length: dimension }, () => random());
      const precision = Array.from({ length: dimension }, () => random());
      const factor = Array.from({ length: dimension * dimension }, () => random() - 0.5);
      const weights = Array.from({ length: count + 3 }, () => random());
      for (const name of ['diagonalGaussianLogDensity', 'addDiagonalGaussianLogDensity'] as const) {
        compare((kernels, place) => {
          const out = place(new Float64Array(count + 2).fill(7));
          kernels[name](place(block).subarray(1), dimension, count, place(mu), place(precision), -1.3, out.subarray(1));
          return out;
        });
      }
      for (const name of ['gaussianVectorLogDensity', 'addGaussianVectorLogDensity'] as const) {
        compare((kernels, place) => {
          const out = place(new Float64Array(count + 2).fill(7));
          kernels[name](place(block).subarray(1), dimension, count, place(mu), place(factor), -1.3, out.subarray(1));
          return out;
        });
      }
      compare((kernels, place) => {
        const out = place(new Float64Array(3 + 2 * dimension).fill(0.1));
        kernels.diagonalMoments(
          place(block).subarray(1),
          dimension,
          count,
          place(weights).subarray(3),
          place(mu),
          out.subarray(1),
        );
        return out;
      });
      compare((kernels, place) => {
        const out = place(new Float64Array(3 + dimension + (dimension * (dimension + 1)) / 2).fill(0.1));
        kernels.scatter(
          place(block).subarray(1),
          dimension,
          count,
          place(weights).subarray(3),
          place(mu),
          out.subarray(1),
        );
        return out;
      });
    }
  });

  it.each(COUNTS)('with %i rows as they are', (count) => {
    const random = numbersOf(7 + count);
    for (const dimension of [1, 2, 3, 7, 10]) {
      const rows = Array.from({ length: 1 + dimension * count }, () => random() * 4 - 2);
      const mu = Array.from({ length: dimension }, () => random());
      const weights = Array.from({ length: count + 3 }, () => Math.max(0, random() - 0.2));
      for (const name of [
        'isotropicLogDensity',
        'addIsotropicLogDensity',
        'projectionLogDensity',
        'addProjectionLogDensity',
      ] as const) {
        compare((kernels, place) => {
          const out = place(new Float64Array(count + 2).fill(7));
          kernels[name](place(rows).subarray(1), dimension, count, place(mu), 1.7, -1.3, out.subarray(1));
          return out;
        });
      }
      compare((kernels, place) => {
        const out = place(new Float64Array(3 + 2 * dimension).fill(0.1));
        kernels.rowMoments(
          place(rows).subarray(1),
          dimension,
          count,
          place(weights).subarray(3),
          place(mu),
          out.subarray(1),
        );
        return out;
      });
      compare((kernels, place) => {
        const out = place(new Float64Array(2 + dimension).fill(0.1));
        kernels.rowSums(place(rows).subarray(1), dimension, count, place(weights).subarray(3), out.subarray(1));
        return out;
      });
    }
  });

  it('when rows are staged', () => {
    const random = numbersOf(6);
    for (const dimension of [1, 3, 10]) {
      const rows = Float64Array.from({ length: 3000 * dimension }, () => random());
      for (const [start, count] of [
        [0, RUN],
        [RUN, RUN],
        [2999, 1],
        [77, 501],
      ] as const) {
        for (const kernels of [wasm, twin]) {
          const columns = kernels.stageVectors(rows, start, count, dimension);
          let wrong = 0;
          for (let j = 0; j < dimension; j++) {
            for (let i = 0; i < count; i++) {
              if (columns[j * STAGED_STRIDE + i] !== rows[(start + i) * dimension + j]) wrong++;
            }
          }
          expect(wrong).toBe(0);
          const asTheyAre = kernels.stageRows(rows, start, count, dimension).subarray(0, count * dimension);
          expect(firstDifference(rows.subarray(start * dimension, (start + count) * dimension), asTheyAre)).toBe('');
        }
      }
    }
  });
});
