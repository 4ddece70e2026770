import { describe, expect, it } from 'vitest';
import type { Encoder } from '../../src/encoding.js';
import { forEachBlock, segmentsOf } from '../../src/fit/segments.js';
import {
  type AnyEstimator,
  CategoricalEstimator,
  CompositeEstimator,
  ConditionalEstimator,
  em,
  GaussianEstimator,
  HiddenMarkovEstimator,
  MixtureEstimator,
  OptionalEstimator,
  RecordEstimator,
  SelectEstimator,
  SemiSupervisedMixtureEstimator,
  SequenceEstimator,
  WeightedEstimator,
} from '../../src/index.js';
import fc from '../property.js';

const g = new GaussianEstimator();
const list = new SequenceEstimator(g);
const plain = { encode: () => ({ rowCount: 0 }) };
const long = { ...plain, itemCount: () => 0 };

describe('the cut into segments', () => {
  it.each([
    ['plain rows', plain],
    ['lists', long],
  ])('covers all %s once, in order, for any number of them', (_, encoder) => {
    const { count, start } = segmentsOf(encoder);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (rowCount) => {
        const segments = count(rowCount);
        expect(Math.log2(segments) % 1).toBe(0);
        expect([start(rowCount, 0), start(rowCount, segments)]).toEqual([0, rowCount]);
        let largest = 0;
        for (let s = 0; s < segments; s++) {
          const size = start(rowCount, s + 1) - start(rowCount, s);
          expect(size).toBeGreaterThanOrEqual(0);
          largest = Math.max(largest, size);
        }
        expect(largest).toBeLessThanOrEqual(65_536);
      }),
      { numRuns: 50 },
    );
  });

  it('has fewer segments of few rows, but never fewer than 64 of lists', () => {
    const sizes = [0, 2048, 2049, 4096, 8192, 8193, 64 * 65_536, 64 * 65_536 + 1];
    expect(sizes.map(segmentsOf(plain).count)).toEqual([8, 8, 16, 16, 32, 64, 64, 128]);
    expect(sizes.map(segmentsOf(long).count)).toEqual([64, 64, 64, 64, 64, 64, 64, 128]);
  });

  it.each<[string, (child: AnyEstimator) => AnyEstimator]>([
    ['a record', (child) => new RecordEstimator({ a: g, b: child })],
    ['a tuple', (child) => new CompositeEstimator([g, child])],
    ['an optional value', (child) => new OptionalEstimator(child)],
    ['a weighted value', (child) => new WeightedEstimator(child)],
    ['a conditional', (child) => new ConditionalEstimator({ a: child }, { given: new CategoricalEstimator() })],
    ['a choice', (child) => new SelectEstimator([child, g], { choose: () => 0 })],
    ['a mixture', (child) => new MixtureEstimator([child, child])],
    ['a mixture of unlike components', (child) => new MixtureEstimator([child, new OptionalEstimator(child)])],
    ['a labelled mixture', (child) => new SemiSupervisedMixtureEstimator([child, child])],
  ])('asks the children of %s', (_, parent) => {
    expect(em(parent(g)).segments.count(500)).toBe(8);
    expect(em(parent(list)).segments.count(500)).toBe(64);
  });

  it('has as many segments of hidden states as of lists', () => {
    expect(em(new HiddenMarkovEstimator([g, g])).segments.count(500)).toBe(64);
  });
});

describe('rows that hold one item each', () => {
  it.each([undefined, [1, 2, 0.5]])(
    'count as such, and nobody asks for the items of each block (weights %j)',
    (weights) => {
      const estimator = new GaussianEstimator();
      // One of its own: encoders are shared.
      const encoder: ReturnType<typeof estimator.encoder> = Object.assign(Object.create(estimator.encoder()), {
        holdsItems: false,
        itemCount: () => {
          throw new Error('asked');
        },
      });
      estimator.encoder = () => encoder;
      const algorithm = em(estimator);
      const columns = algorithm.encode([1, 2, 4]);
      const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
      const model = algorithm.start(columns, { seed: 1, method: 'kmeans++' });
      const statistic = steps.expectation(model, columns, 0, 3, weights && Float64Array.from(weights));
      expect(steps.likelihood(statistic).itemWeight).toBe(weights === undefined ? 3 : 3.5);
      steps.release();
    },
  );
});

describe('the cut into blocks', () => {
  const columns = { rowCount: 5000 };
  const plain = { encode: () => columns };

  function blocks(encoder: Parameters<typeof forEachBlock>[0], start: number, end: number) {
    const found: [number, number][] = [];
    forEachBlock(encoder, columns, start, end, (from, to) => found.push([from, to]));
    return found;
  }

  it('has at most 1024 rows in a block', () => {
    expect(blocks(plain, 7, 2500)).toEqual([
      [7, 1031],
      [1031, 2055],
      [2055, 2500],
    ]);
    expect(blocks(plain, 7, 7)).toEqual([]);
  });

  it('has at most 4096 rows of up to 32 bytes', () => {
    const narrow = { ...plain, rowBytes: 32 };
    expect(blocks(narrow, 7, 5000)).toEqual([
      [7, 4103],
      [4103, 5000],
    ]);
    expect(blocks({ ...plain, rowBytes: 33 }, 0, 1500)).toHaveLength(2);
    expect(blocks({ ...narrow, holdsItems: true }, 0, 1500)).toHaveLength(2);
  });

  it('knows the bytes of rows of numbers and codes, and of what is made of them', () => {
    const row = new CompositeEstimator([g, new CategoricalEstimator()]);
    const bytesOf = (estimator: AnyEstimator) => (estimator.encoder() as Encoder<unknown>).rowBytes;
    expect(bytesOf(row)).toBe(8 + 4);
    expect(bytesOf(new MixtureEstimator([row, row]))).toBe(8 + 4);
    expect(bytesOf(new CompositeEstimator([row, list]))).toBeUndefined();
  });

  it('has fewer rows that are long, but at least one', () => {
    const long = { ...plain, itemCount: (_: unknown, start: number, end: number) => 1000 * (end - start) };
    expect(blocks(long, 0, 8).every(([from, to]) => to - from <= 4)).toBe(true);
    const huge = { ...plain, itemCount: () => 1e9 };
    expect(blocks(huge, 0, 3)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});
