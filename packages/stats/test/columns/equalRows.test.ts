import { describe, expect, it } from 'vitest';
import { sliceColumns, takeColumns } from '../../src/columns/columns.js';
import { differentRows } from '../../src/columns/equalRows.js';
import type { AnyEstimator, Columns, Encoder } from '../../src/contract.js';
import {
  BernoulliEstimator,
  CategoricalEstimator,
  CompositeEstimator,
  em,
  GaussianEstimator,
  initialize,
  MixtureEstimator,
  modelFromJSON,
  OptionalEstimator,
  optimize,
  PoissonEstimator,
  RecordEstimator,
} from '../../src/index.js';
import { everyFamily, numbersOf } from '../everyFamily.js';
import fc from '../property.js';

const estimator = new RecordEstimator({
  level: new OptionalEstimator(new CategoricalEstimator()),
  pair: new CompositeEstimator([new PoissonEstimator(), new BernoulliEstimator()]),
});
type Row = { level: string | null; pair: [number, boolean] };
const anyRow = fc.record({
  level: fc.constantFrom('a', 'b', null),
  pair: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.boolean()),
});
const manyRows = fc.array(anyRow, { minLength: 64, maxLength: 200 }) as fc.Arbitrary<Row[]>;

/** The estimator with an encoder that cannot tell which rows are equal. */
function comparingNothing<E extends AnyEstimator>(of: E): E {
  return new Proxy(of, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      if (name !== 'encoder') return member.bind(target);
      return () => Object.assign(target.encoder(), { rowCodes: undefined });
    },
  });
}

function encode<T, C extends Columns>(encoder: Encoder<T, C>, rows: readonly T[]) {
  return { encoder, columns: encoder.encode(rows) };
}

describe('differentRows', () => {
  it('keeps each different row once, in order of first appearance, with the weight of all that equal it', () => {
    fc.assert(
      fc.property(manyRows, fc.boolean(), (rows, isWeighted) => {
        const weights = isWeighted ? Float64Array.from(rows, (_, i) => i % 3) : undefined;
        const joint = new Map<string, number>();
        rows.forEach((row, i) => {
          const text = JSON.stringify(row);
          joint.set(text, (joint.get(text) ?? 0) + (weights?.[i] ?? 1));
        });
        const { encoder, columns } = encode(estimator.encoder(), rows);
        const found = differentRows(encoder, columns, 0, rows.length, weights);
        if (joint.size > rows.length / 4) {
          expect(found).toBeUndefined();
          return;
        }
        const once = [...joint.keys()].map((text) => JSON.parse(text) as Row);
        const model = optimize(rows, estimator).model;
        const scores = new Float64Array(joint.size);
        model.seqLogDensity(found!.columns, 0, joint.size, scores);
        expect(Array.from(found!.weights)).toEqual([...joint.values()]);
        expect(found!.columns.rowCount).toBe(joint.size);
        once.forEach((row, i) => void expect(scores[i]).toBeCloseTo(model.logDensity(row), 10));
      }),
    );
  });

  it('finds the same in a segment as in a piece of the data that is only this segment', () => {
    fc.assert(
      fc.property(manyRows, fc.integer({ min: 0, max: 100 }), (rows, before) => {
        const more = [...rows.slice(0, before), ...rows, ...rows];
        const { encoder, columns } = encode(estimator.encoder(), more);
        const start = Math.min(before, rows.length);
        const piece = sliceColumns(encoder, columns, start, more.length);
        const inside = differentRows(encoder, columns, start, more.length);
        expect(differentRows(encoder, piece, 0, piece.rowCount)?.weights).toEqual(inside?.weights);
      }),
    );
  });

  it('leaves rows alone that are few, mostly different, far apart, or not discrete', () => {
    const sixes = new Array<number>(63).fill(6);
    const poisson = encode(new PoissonEstimator().encoder(), [
      ...sixes,
      6,
      ...Array.from({ length: 100 }, (_, i) => i),
    ]);
    expect(differentRows(poisson.encoder, poisson.columns, 0, 63)).toBeUndefined();
    expect(differentRows(poisson.encoder, poisson.columns, 0, 64)?.weights).toEqual(Float64Array.of(64));
    expect(differentRows(poisson.encoder, poisson.columns, 64, 164)).toBeUndefined();
    const far = encode(new PoissonEstimator().encoder(), [...sixes, 2 ** 40]);
    expect(differentRows(far.encoder, far.columns, 0, 64)).toBeUndefined();
    const mixed = encode(
      new CompositeEstimator([new BernoulliEstimator(), new GaussianEstimator()]).encoder(),
      sixes.map((x) => [true, x] as [boolean, number]),
    );
    expect(differentRows(mixed.encoder, mixed.columns, 0, 63)).toBeUndefined();
  });
});

describe('a fit that takes equal rows once', () => {
  const counts = Array.from({ length: 20_000 }, (_, i) => Math.round(3 + 3 * Math.sin(i)) + (i % 2 === 0 ? 0 : 12));
  const mixture = new MixtureEstimator([new PoissonEstimator(), new PoissonEstimator()]);

  // The sums are regrouped: 20,000 terms of one sign differ by less than 20,000 rounding errors of 1.1e-16.
  it.each([undefined, counts.map((_, i) => i % 4)])('ends where the fit to all rows ends (weights %#)', (weights) => {
    const options = { seed: 1, maxIterations: 20, ...(weights === undefined ? {} : { weights }) };
    const once = optimize(counts, mixture, options);
    const all = optimize(counts, comparingNothing(mixture), options);
    expect(Math.abs(once.logLikelihood / all.logLikelihood - 1)).toBeLessThan(3e-12);
    once.model.components.forEach((component, k) => {
      expect(Math.abs(component.lambda / all.model.components[k]!.lambda - 1)).toBeLessThan(1e-9);
    });
  });

  it('takes other weights of the same rows when it is given them', () => {
    const algorithm = em(mixture);
    const columns = algorithm.encode(counts);
    const model = optimize(counts, mixture, { seed: 1 }).model;
    const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
    const weightOf = (weights?: Float64Array) =>
      steps.likelihood(steps.expectation(model, columns, 0, columns.rowCount, weights)).weight;
    expect(weightOf()).toBe(20_000);
    expect(weightOf(new Float64Array(20_000).fill(2))).toBe(40_000);
    expect(weightOf(new Float64Array(20_000).fill(0.5))).toBe(10_000);
    expect(weightOf()).toBe(20_000);
    steps.release();
  });
});

describe('a start by k-means++', () => {
  const counts = fc.array(fc.nat({ max: 12 }), { minLength: 64, maxLength: 300 });

  it('takes equal rows for one row of their joint weight', () => {
    fc.assert(
      fc.property(counts, fc.nat(), (rows, seed) => {
        const joint = new Map<number, number>();
        for (const x of rows) joint.set(x, (joint.get(x) ?? 0) + 1);
        fc.pre(joint.size <= rows.length / 4); // else they are not put together
        const mixture = new MixtureEstimator(Array.from({ length: 3 }, () => new PoissonEstimator()));
        const [start, ofWeighted] = [
          initialize(rows, mixture, { seed }),
          initialize([...joint.keys()], mixture, { seed, weights: [...joint.values()] }),
        ];
        start.components.forEach(({ lambda }, k) => {
          expect(lambda).toBeCloseTo(ofWeighted.components[k]!.lambda, 9);
          expect(start.w[k]).toBeCloseTo(ofWeighted.w[k]!, 9);
        });
      }),
    );
  });
});

describe('distances of rows that stand for many', () => {
  const compared = Object.keys(everyFamily).flatMap((name) => {
    const { model, row } = everyFamily[name]!;
    const encoder = modelFromJSON(model).encoder() as Encoder<unknown>;
    const random = numbersOf(1);
    const columns = encoder.encode(Array.from({ length: 40 }, (_, i) => row(random, i)));
    const isCompared =
      encoder.rowCodes?.(columns, 0, 40) !== undefined && encoder.squaredDistances?.(columns) !== undefined;
    return isCompared ? [[name, encoder, columns] as const] : [];
  });

  it('are those of many families', () => {
    expect(compared.length).toBeGreaterThan(8);
  });

  it.each(compared)('%s: are those among all rows', (_, encoder, columns) => {
    const weights = Float64Array.from({ length: 40 }, (_row, i) => 1 + (i % 4));
    const rows = Array.from(weights).flatMap((weight, row) => new Array<number>(weight).fill(row));
    const among = new Float64Array(rows.length);
    encoder.squaredDistances!(takeColumns(encoder as Encoder<never>, columns, Int32Array.from(rows)))!(3, among);
    const weighted = new Float64Array(40);
    encoder.squaredDistances!(columns, weights)!(rows[3]!, weighted);
    weighted.forEach((distance, row) => expect(distance).toBeCloseTo(among[rows.indexOf(row)]!, 9));
  });
});
