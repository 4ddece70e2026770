import {
  type AnyDistribution,
  automaticMixture,
  GaussianDistribution,
  MixtureDistribution,
  type ParameterError,
  RecordDistribution,
} from '@dml/stats';
import { describe, expect, it } from 'vitest';
import { htsne, humap, type Point } from '../index.js';
import { type MixtureAffinities, mixtureAffinities } from '../src/affinities.js';
import { chargesOf, noCharges } from '../src/attraction.js';
import { Descent } from '../src/descent.js';
import { tablesOf } from '../src/mixture.js';
import type { PairList } from '../src/pairs.js';

interface Flower {
  readonly petal: number;
  readonly sepal: number;
}

/** Three groups on a line, of which the second and the third are nearer to each other. */
const CENTRES = [0, 8, 12];
const flowers = new MixtureDistribution(
  CENTRES.map(
    (mu) =>
      new RecordDistribution({
        petal: new GaussianDistribution({ mu, sigma2: 1 }),
        sepal: new GaussianDistribution({ mu: -mu, sigma2: 1 }),
      }),
  ) as readonly AnyDistribution[],
  { w: [0.3, 0.3, 0.4] },
) as unknown as MixtureDistribution<
  readonly RecordDistribution<{ petal: GaussianDistribution; sepal: GaussianDistribution }>[]
>;

const groupOf = ({ petal }: Flower) => (petal < 4 ? 0 : petal < 10 ? 1 : 2);

/** Share of points whose nearest other point is of their group. */
function agreement(points: readonly Point[], groups: readonly number[]): number {
  const hits = points.filter(([x, y], i) => {
    let nearest = -1;
    let least = Infinity;
    points.forEach((other, j) => {
      const distance = (other[0] - x) ** 2 + (other[1] - y) ** 2;
      if (j === i || distance >= least) return;
      least = distance;
      nearest = j;
    });
    return groups[nearest] === groups[i];
  });
  return hits.length / points.length;
}

const rows = flowers.sampler(1).sample(240);
const groups = rows.map(groupOf);

describe('an embedding', () => {
  it.each([
    ['htsne', () => htsne(flowers, rows, { maxIterations: 100 })],
    ['htsne with a perplexity', () => htsne(flowers, rows, { maxIterations: 200, perplexity: 20 })],
    ['humap', () => humap(flowers, rows, { maxIterations: 40 })],
  ] as const)('by %s keeps groups together, and is the same again to the bit', async (_, embed) => {
    const { points } = await embed();
    expect(points.flat().every(Number.isFinite)).toBe(true);
    // By chance a third would agree. A few rows lie between the second and the third group.
    expect(agreement(points, groups)).toBeGreaterThan(0.9);
    expect((await embed()).points).toEqual(points);
  });

  it('ends where further steps would not lower the divergence', async () => {
    const few = rows.slice(0, 60);
    const { isConverged, iterations, divergence } = await htsne(flowers, few);
    expect(isConverged).toBe(true);
    expect(iterations).toBeLessThan(1100);
    const longer = await htsne(flowers, few, { maxIterations: iterations - 100 });
    expect(longer.divergence).toBe(divergence);
  });

  it('has another seed, other points', async () => {
    const [one, other] = await Promise.all([1, 2].map((seed) => htsne(flowers, rows, { seed, maxIterations: 5 })));
    expect(one!.points).not.toEqual(other!.points);
  });

  it('takes rows of any kind, by the model that is inferred from them', async () => {
    const mixed = rows.map((row, i) => ({ ...row, sepal: i % 9 === 0 ? null : row.sepal, kind: 'abc'[groupOf(row)]! }));
    const { model } = automaticMixture(mixed, { truncation: 6, fit: { seed: 1 } });
    const { points } = await htsne(model, mixed, { maxIterations: 200 });
    expect(agreement(points, groups)).toBeGreaterThan(0.9);
  });

  it('places equal rows, a row without any density, and components of densities far apart', async () => {
    const far = new MixtureDistribution(
      [new GaussianDistribution({ mu: 0, sigma2: 1e-200 }), new GaussianDistribution({ mu: 5, sigma2: 1e200 })],
      { w: [0.5, 0.5] },
    );
    for (const embed of [htsne, humap]) {
      const { points } = await embed(far, [0, 0, 0, 5, 5, -1e150, 1e-101, 6], { maxIterations: 60 });
      expect(points).toHaveLength(8);
      expect(points.flat().every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['htsne', htsne],
    ['humap', humap],
  ] as const)('reports each step of %s, and stops when it is told to, with the points so far', async (_, embed) => {
    const stop = new AbortController();
    const seen: number[] = [];
    const { points, iterations, isAborted } = await embed(flowers, rows, {
      signal: stop.signal,
      onIterate: ({ iteration, total, points: now }: { iteration: number; total: number; points(): Point[] }) => {
        seen.push(iteration);
        expect(total).toBeGreaterThan(7);
        expect(now()).toHaveLength(rows.length);
        if (iteration === 7) stop.abort();
      },
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect({ iterations, isAborted, count: points.length }).toEqual({
      iterations: 7,
      isAborted: true,
      count: rows.length,
    });
    await expect(embed(flowers, rows, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
  });

  it('lets other work run', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await htsne(flowers, rows, { maxIterations: 100 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('what cannot be embedded is refused by name', () => {
  it.each<[string, () => Promise<unknown>, Partial<ParameterError>]>([
    ['one row', () => htsne(flowers, rows.slice(0, 1)), { parameter: 'rows' }],
    ['no mixture', () => htsne({} as never, rows), { parameter: 'model' }],
    ['a perplexity of all rows', () => htsne(flowers, rows, { perplexity: 240 }), { parameter: 'perplexity' }],
    ['a perplexity below 1', () => htsne(flowers, rows, { perplexity: 0.5 }), { parameter: 'perplexity' }],
    ['no steps', () => humap(flowers, rows, { maxIterations: 0 }), { parameter: 'maxIterations' }],
    ['one component', () => humap(new MixtureDistribution([flowers], { w: [1] }), rows), { parameter: 'model' }],
  ])('%s', async (_, embed, facts) => {
    await expect(embed()).rejects.toMatchObject({ name: 'ParameterError', ...facts });
  });

  it('a row that is none, with its field', async () => {
    const bad = [...rows.slice(0, 3), { petal: 'long', sepal: 1 } as never];
    await expect(htsne(flowers, bad)).rejects.toThrow(/petal/);
  });

  it('an option that does not exist', async () => {
    await expect(htsne(flowers, rows, { perplexty: 3 } as never)).rejects.toThrow('did you mean "perplexity"?');
  });
});

describe('the tree', () => {
  /** All pairs, p_ij = (p(i | j) + p(j | i)) / 2n. */
  function pairsOf({ rowCount: n, componentCount: K, from, to }: MixtureAffinities): PairList {
    const value = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        for (let k = 0; k < K; k++) {
          value[i * n + j]! += (from[i * K + k]! * to[j * K + k]! + from[j * K + k]! * to[i * K + k]!) / (2 * n);
        }
      }
    }
    return {
      rowCount: n,
      start: Uint32Array.from({ length: n + 1 }, (_, i) => i * n),
      column: Uint32Array.from({ length: n * n }, (_, at) => at % n),
      value,
    };
  }

  const affinities = mixtureAffinities(tablesOf('test', flowers, rows));
  const { points } = { points: rows.flatMap(({ petal, sepal }) => [petal + 0.3 * sepal, sepal]) };
  const step = { momentum: 0.5, eta: 1, exaggeration: 1 };
  const gradientOf = (descent: Descent, theta: number) => {
    descent.step({ ...step, theta });
    return descent.gradient;
  };
  const exact = gradientOf(
    new Descent({ charges: noCharges(rows.length), pairs: pairsOf(affinities) }, Float64Array.from(points)),
    0,
  );
  const apart = (found: Float64Array) => {
    const square = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v * v, 0);
    return Math.sqrt(square(found.map((v, at) => v - exact[at]!)) / square(exact));
  };

  it('gives what all pairs give, but for components that have less than 1/1000 of a row', () => {
    const charges = chargesOf(affinities);
    expect(apart(gradientOf(new Descent({ charges }, Float64Array.from(points)), 0))).toBeLessThan(1e-3);
    const ofPairs = new Descent(
      { charges: noCharges(rows.length), pairs: pairsOf(affinities) },
      Float64Array.from(points),
    );
    const ofCharges = new Descent({ charges }, Float64Array.from(points));
    expect(ofCharges.divergence(0)).toBeCloseTo(ofPairs.divergence(0), 2);
  });

  it('is right within a few percent where far squares count as one point, for both forms of the affinities', () => {
    const charges = chargesOf(affinities);
    const pairs = pairsOf(affinities);
    expect(apart(gradientOf(new Descent({ charges }, Float64Array.from(points)), 0.5))).toBeLessThan(0.05);
    const listed = new Descent({ charges: noCharges(rows.length), pairs }, Float64Array.from(points));
    expect(apart(gradientOf(listed, 0.5))).toBeLessThan(0.05);
  });

  it('moves equal points as one', () => {
    const same = new Float64Array(2 * rows.length).fill(3);
    const descent = new Descent({ charges: chargesOf(affinities) }, same);
    descent.step({ ...step, theta: 0.5 });
    expect(descent.gradient.every((slope) => slope === 0)).toBe(true);
  });
});
