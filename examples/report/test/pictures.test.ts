import {
  type AnyDistribution,
  BernoulliSetDistribution,
  CategoricalDistribution,
  chooseComponents,
  confusionTable,
  GaussianDistribution,
  GaussianEstimator,
  gaussianMixture,
  HiddenMarkovDistribution,
  MixtureDistribution,
  MixtureEstimator,
  type ModelJSON,
  modelFromJSON,
  OptionalDistribution,
  optimize,
  PoissonDistribution,
  predict,
  RecordDistribution,
  SemiSupervisedMixtureDistribution,
} from '@dml/stats';
import { describe, expect, it } from 'vitest';
import { everyFamily } from '../../../packages/stats/test/everyFamily.js';
import { type ChartSpec, COLOURS, charts, OTHERS, renderSvg } from '../index.js';
import { binsOf } from '../pictures/bins.js';
import { nats } from '../words/numbers.js';

interface Layer {
  readonly data: { readonly values: readonly Record<string, never>[] };
  readonly mark: { readonly type: string; readonly style?: string };
}

const layersOf = (spec: ChartSpec | undefined) => spec!.layer as readonly Layer[];
const valuesOf = (spec: ChartSpec | undefined, layer: number) =>
  layersOf(spec)[layer]!.data.values as unknown as readonly Record<string, number>[];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** All numbers of a specification. */
const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const visitor = (minutes: number, phone: number, missing: number) =>
  new RecordDistribution({
    minutes: new OptionalDistribution(new GaussianDistribution({ mu: minutes, sigma2: 4 }), { p: missing }),
    device: new CategoricalDistribution<string>({ phone, desk: 1 - phone }),
    pages: new PoissonDistribution({ lambda: minutes / 2 }),
  });
const visitors = new MixtureDistribution([visitor(4, 0.9, 0.5), visitor(14, 0.2, 0)], { w: [0.6, 0.4] });
const rows = visitors.sampler(1).sample(2000);
const specs = charts(visitors, rows);

describe('bins', () => {
  it.each([false, true])('hold all numbers, once (whole: %s)', (isWhole) => {
    const sorted = Float64Array.from(rows, ({ pages }) => pages + (isWhole ? 0 : 0.37)).sort();
    const { start, width, counts, below, above } = binsOf(sorted, isWhole);
    expect(sum(counts) + below + above).toBe(sorted.length);
    counts.forEach((n, i) => {
      const [from, to] = [start + i * width, start + (i + 1) * width];
      expect(n).toBe(sorted.filter((x) => x >= from && x < to).length);
    });
  });

  it('count apart what lies far out, and take one value many times', () => {
    const far = Float64Array.from([...Array.from({ length: 1000 }, (_, i) => i / 100), 1e9]).sort();
    const bins = binsOf(far);
    expect(bins.above).toBe(1 + far.slice(0, -1).filter((x) => x > far[Math.floor(0.995 * far.length)]!).length);
    expect(bins.start + bins.width * bins.counts.length).toBeLessThan(12);
    expect(sum(binsOf(new Float64Array(50).fill(3)).counts)).toBe(50);
  });
});

describe('the picture of a field', () => {
  it('of numbers has components whose areas sum to 1, over a histogram whose area is 1', () => {
    const curves = valuesOf(specs['field:minutes'], 0);
    const step = curves[1]!.x! - curves[0]!.x!;
    expect(sum(curves.map(({ y }) => y! * step))).toBeCloseTo(1, 2);
    // Half of the minutes of component 1 are missing: of those that are there 0.3 / 0.7 come from it.
    const ofFirst = curves.filter(({ component }) => String(component) === 'component 1');
    expect(sum(ofFirst.map(({ y }) => y! * step))).toBeCloseTo(3 / 7, 2);
    const bars = valuesOf(specs['field:minutes'], 1);
    expect(sum(bars.map(({ from, to, y }) => (to! - from!) * y!))).toBeCloseTo(1, 4);
    expect(sum(bars.map(({ count }) => count!))).toBe(rows.filter(({ minutes }) => minutes !== null).length);
  });

  it('of small densities has exponents on its axis', async () => {
    const dollars = new GaussianDistribution({ mu: 4e8, sigma2: 1e16 });
    const labels = [...(await renderSvg(charts(dollars)['field:']!)).matchAll(/>([^<>]+)<\/text>/g)].map(
      ([, text]) => text,
    );
    expect(labels).toEqual(expect.arrayContaining(['0', '4e-9']));
    expect(labels.filter((label) => label!.startsWith('0.0'))).toEqual([]);
  });

  it('of whole numbers has a bar for each, whose heights are shares', () => {
    const bars = valuesOf(specs['field:pages'], 1);
    bars.forEach(({ from, y }) => {
      expect(y).toBeCloseTo(rows.filter(({ pages }) => pages === from! + 0.5).length / rows.length, 5);
    });
    const [zero] = valuesOf(specs['field:pages'], 0).filter(
      ({ x, component }) => x === 1 && String(component) === 'component 1',
    );
    expect(zero!.y).toBeCloseTo(0.6 * 2 * Math.exp(-2), 5);
  });

  it('of levels has their shares in the rows and in the model', () => {
    const [model, observed] = [valuesOf(specs['field:device'], 0), valuesOf(specs['field:device'], 1)];
    expect(sum(model.map(({ share }) => share!))).toBeCloseTo(1, 6);
    const phones = rows.filter(({ device }) => device === 'phone').length / rows.length;
    expect(observed.find(({ level }) => String(level) === 'phone')!.share).toBeCloseTo(phones, 5);
    const ofFirst = model.find(
      ({ level, component }) => String(level) === 'phone' && String(component) === 'component 1',
    );
    expect(ofFirst!.share).toBeCloseTo(0.54, 6);
  });

  it('of sets has the share of the sets with each member', () => {
    const sets = new MixtureDistribution(
      [new BernoulliSetDistribution({ a: 0.5, b: 1 }), new BernoulliSetDistribution({ a: 0.1, b: 0 })],
      { w: [0.5, 0.5] },
    );
    const [model, observed] = [0, 1].map((layer) => valuesOf(charts(sets, [['a', 'b'], ['b'], []])['field:'], layer));
    expect(model!.map(({ share }) => share)).toEqual([0.5, 0.25, 0, 0.05]);
    expect(observed!.map(({ level, share }) => [level, share])).toEqual([
      ['b', 0.666667],
      ['a', 0.333333],
    ]);
  });

  it('reads the value of a row with a label', () => {
    const [low, high] = [0, 9].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
    const model = new SemiSupervisedMixtureDistribution([low!, high!], { w: [0.5, 0.5] });
    const bars = valuesOf(
      charts(model, [
        [0.5, 0],
        [8.5, null],
        [9.5, null],
      ])['field:'],
      1,
    );
    expect(sum(bars.map(({ count }) => count!))).toBe(3);
  });

  it('is the same of rows that are kept as columns', () => {
    const column = (name: string) => rows.map((row) => (row as Record<string, unknown>)[name]);
    // No row may be made: reading one throws.
    const view = new Proxy([] as typeof rows, {
      get: (_, key) => {
        if (key === 'length') return rows.length;
        if (key === 'column') return column;
        throw new Error(`read ${String(key)}`);
      },
    });
    const only = ['field'];
    expect(charts(visitors, view, { only })).toEqual(charts(visitors, rows, { only }));
  });

  it('does not grow with the rows', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => rows[i % rows.length]!);
    const { 'field:minutes': spec } = charts(visitors, many, { only: ['field:minutes'] });
    expect(JSON.stringify(spec).length).toBeLessThan(30_000);
  });

  it('gives components beyond the colours one grey', () => {
    const w = [0.04, ...new Array<number>(8).fill(0.12)];
    const mixture = gaussianMixture({ mu: w.map((_, k) => k), sigma2: 1, w });
    const { color } = (
      layersOf(charts(mixture)['field:']) as unknown as { encoding: { color: { scale: object } } }[]
    )[0]!.encoding;
    expect(color.scale).toEqual({
      domain: [
        'component 2',
        'component 3',
        'component 4',
        'component 5',
        'component 6',
        'component 7',
        'component 8',
        'others',
      ],
      range: [...COLOURS, OTHERS],
    });
  });
});

describe('pictures of rows', () => {
  it('count what predict says', () => {
    const known = rows.map(({ device }) => device);
    const told = charts(visitors, rows, {
      labels: known,
      points: rows.map(({ pages }) => [pages, -pages]),
      only: ['certainty', 'confusion', 'embedding'],
    });
    expect(Object.keys(told)).toEqual(['certainty', 'confusion', 'embedding']);
    const { labels } = predict(visitors, rows);
    const inBins = (told.certainty!.data as Layer['data']).values as unknown as { rows: number; component: string }[];
    const first = inBins.filter(({ component }) => component === 'component 1').map((bin) => bin.rows);
    expect(sum(first)).toBe(labels.filter((k) => k === 0).length);
    const { counts, labels: names } = confusionTable(
      known,
      Array.from(labels, (k) => `component ${k + 1}`),
    );
    const cells = (told.confusion!.data as Layer['data']).values as unknown as {
      label: string;
      component: string;
      rows: number;
    }[];
    for (const { label, component, rows: n } of cells)
      expect(n).toBe(counts[names.indexOf(label)]![names.indexOf(component)]);
    expect((told.embedding!.data as Layer['data']).values).toHaveLength(2000);
  });
});

describe('pictures of states', () => {
  const emissions = [0, 5].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
  const transitions = [
    [0.9, 0.1],
    [0, 1],
  ];
  const chain = new HiddenMarkovDistribution(emissions, { w: [1, 0], transitions });

  it('have an arrow for each step that is possible, with its probability', () => {
    const { transitions: spec } = charts(chain);
    expect(valuesOf(spec, 4).map(({ text }) => text)).toEqual(['90 %', '10 %', '100 %']);
    expect(new Set(valuesOf(spec, 0).map(({ edge }) => edge)).size).toBe(3);
    expect(spec!.description).toContain('state 2 stays for ever');
  });

  it('have the runs of the most probable path', () => {
    const list = [0.2, -0.1, 0.4, 5.1, 4.8];
    const { 'decoded:0': spec } = charts(chain, [list]);
    expect(chain.viterbi(list)).toEqual([0, 0, 0, 1, 1]);
    expect(valuesOf(spec, 0)).toEqual([
      { from: -0.5, to: 2.5, component: 'state 1' },
      { from: 2.5, to: 4.5, component: 'state 2' },
    ]);
  });
});

describe('all pictures', () => {
  it('of a fit show its path and its choice', () => {
    const numbers = rows.map(({ pages }) => pages + 0.5);
    const estimatorOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => new GaussianEstimator()));
    const fit = chooseComponents(numbers.slice(0, 200), estimatorOf, { to: 2, trials: 1, seed: 1 });
    const { path, choice } = charts(fit.model, undefined, { fit });
    expect((path!.data as Layer['data']).values).toHaveLength(fit.path.length);
    const points = (path!.data as Layer['data']).values as unknown as { objective: number }[];
    expect(points.map(({ objective }) => objective)).toEqual(fit.path.map(({ logLikelihood }) => logLikelihood));
    expect(path!.description).toContain(`to ${nats(fit.logLikelihood)} in`);
    const values = (choice!.data as Layer['data']).values as unknown as {
      k: number;
      value: number;
      criterion: string;
    }[];
    expect(values.filter(({ criterion }) => criterion === 'BIC').map(({ value }) => value)).toEqual(
      fit.table.map(({ bic }) => bic),
    );
  });

  it('of a fit with a prior show what it has raised', () => {
    const numbers = rows.slice(0, 200).map(({ pages }) => pages + 0.5);
    const e = new GaussianEstimator();
    const fit = optimize(numbers, new MixtureEstimator([e, e], { pseudoCount: 10 }), { seed: 1 });
    const { path } = charts(fit.model, undefined, { fit });
    expect(path!.description).toContain(`the log-likelihood with the prior goes from`);
    expect(path!.description).toContain(`to ${nats(fit.objective)} in`);
    expect(fit.objective).not.toBe(fit.logLikelihood);
  });

  it('are plain JSON and become SVG with their titles, without compiling code', async () => {
    const { 'field:minutes': spec } = charts(visitors, rows, { titles: { minutes: 'stay (minutes)' }, theme: 'dark' });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    const { Function: before } = globalThis;
    globalThis.Function = function refused() {
      throw new Error('eval is forbidden here');
    } as unknown as FunctionConstructor;
    const svg = await renderSvg(spec!).finally(() => {
      globalThis.Function = before;
    });
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('stay (minutes)');
    expect(svg).toContain('component 2');
  });

  it.each(Object.keys(everyFamily))('of %s can be made', (name) => {
    const { model, row } = everyFamily[name]!;
    let state = 1;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const drawn = Array.from({ length: 40 }, (_, i) => row(random, i));
    const made = charts(modelFromJSON(model as ModelJSON) as AnyDistribution, drawn);
    expect(numbersIn(made).every(Number.isFinite)).toBe(true);
  });
});
