import { describe, expect, it } from 'vitest';
import { RecordEstimator } from '../../src/combinators/record.js';
import { EstimationError, ParameterError } from '../../src/errors.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { modelTypes } from '../../src/models/modelTypes.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const tables = {
  w: [0.5, 0.3, 0.2],
  transitions: [
    [0.6, 0.3, 0.1],
    [0.2, 0.5, 0.3],
    [0.1, 0.1, 0.8],
  ],
};
const end = [0.1, 0, 0.4];
const letters = [
  { a: 0.7, b: 0.2, c: 0.1 },
  { a: 0.1, b: 0.8, c: 0.1 },
  { a: 0.2, b: 0.1, c: 0.7 },
];
const model = new HiddenMarkovDistribution(
  letters.map((p) => new CategoricalDistribution(p)),
  { ...tables, end },
);
type Letter = 'a' | 'b' | 'c';

/** Every path of states with p(path, list), the end included. */
function paths(x: readonly Letter[]): { readonly z: readonly number[]; readonly p: number }[] {
  return x
    .reduce<{ z: number[]; p: number }[]>(
      (found, item, t) =>
        found.flatMap(({ z, p }) =>
          letters.map((emission, s) => {
            const before = z.at(-1);
            const step = before === undefined ? tables.w[s]! : (1 - end[before]!) * tables.transitions[before]![s]!;
            return { z: [...z, s], p: (t === 0 ? 1 : p) * step * emission[item] };
          }),
        ),
      [{ z: [], p: 1 }],
    )
    .map(({ z, p }) => ({ z, p: p * end[z.at(-1)!]! }));
}

function listsOf(length: number): Letter[][] {
  if (length === 0) return [[]];
  return listsOf(length - 1).flatMap((list) => (['a', 'b', 'c'] as const).map((item) => [...list, item]));
}

const x: readonly Letter[] = ['a', 'b', 'b', 'c', 'a'];

describe('lists that states end', () => {
  it('have the density of the sum over all paths', () => {
    for (const list of listsOf(4)) {
      expect(model.density(list)).toBeCloseTo(
        paths(list).reduce((sum, { p }) => sum + p, 0),
        14,
      );
    }
  });

  it('have at least one item', () => {
    expect(model.logDensity([])).toBe(-Infinity);
    const columns = model.encoder().encode([[], ['a'], []]);
    const out = new Float64Array(3);
    model.seqLogDensity(columns, 0, 3, out);
    expect([...out]).toEqual([-Infinity, expect.closeTo(model.logDensity(['a']), 12), -Infinity]);
  });

  it('have probabilities that sum, length by length, to those of the chain', () => {
    // P(n items) by powers of the chain alone, without emissions.
    let reached = [...tables.w];
    for (let n = 1; n <= 6; n++) {
      const total = listsOf(n).reduce((sum, list) => sum + model.density(list), 0);
      expect(total).toBeCloseTo(
        reached.reduce((sum, p, s) => sum + p * end[s]!, 0),
        12,
      );
      reached = reached.map((_, s) =>
        reached.reduce((sum, p, r) => sum + p * (1 - end[r]!) * tables.transitions[r]![s]!, 0),
      );
    }
  });

  it('are lists with one more letter, which a last state of its own emits', () => {
    const rows = tables.transitions.map((row, r) => [...row.map((p) => p * (1 - end[r]!)), end[r]!]);
    const extended = new HiddenMarkovDistribution(
      [...letters.map((p) => ({ ...p, '.': 0 })), { a: 0, b: 0, c: 0, '.': 1 }].map(
        (p) => new CategoricalDistribution(p),
      ),
      { w: [...tables.w, 0], transitions: [...rows, [0, 0, 0, 1]] },
    );
    for (const list of [['a'], ['c', 'c'], [...x]] as Letter[][]) {
      expect(model.logDensity(list)).toBeCloseTo(extended.logDensity([...list, '.']), 12);
      expect(model.viterbi(list)).toEqual(extended.viterbi([...list, '.']).slice(0, -1));
    }
  });

  it('have the posterior, the best paths and the draws of all paths', () => {
    const all = paths(x);
    const total = all.reduce((sum, { p }) => sum + p, 0);
    model.posterior(x).forEach((row, t) => {
      row.forEach((share, s) => {
        const expected = all.filter(({ z }) => z[t] === s).reduce((sum, { p }) => sum + p, 0) / total;
        expect(share).toBeCloseTo(expected, 12);
      });
    });
    const best = all.filter(({ p }) => p > 0).sort((a, b) => b.p - a.p);
    expect(model.viterbi(x)).toEqual(best[0]!.z);
    model.bestPaths(x, 20).forEach(({ states, logDensity }, i) => {
      expect(logDensity).toBeCloseTo(Math.log(best[i]!.p), 12);
      expect(all.find(({ z }) => z.join() === states.join())!.p).toBeCloseTo(best[i]!.p, 12);
    });
    const count = 20_000;
    const drawn = model.sampleGiven(x, 3).sample(count);
    for (const { z, p } of best.slice(0, 5)) {
      const share = drawn.filter((path) => path.join() === z.join()).length / count;
      expect(Math.abs(share - p / total)).toBeLessThan(5 * Math.sqrt(p / total / count));
    }
  });

  it('are filtered as what may go on', () => {
    const plain = new HiddenMarkovDistribution(model.emissions, {
      w: tables.w,
      transitions: tables.transitions,
    });
    // The first item says nothing of an end; the last one is not known to be the last.
    expect(model.filtered(x)[0]).toEqual(plain.filtered(x)[0]);
    expect(model.filtered(x.slice(0, 3))[2]).toEqual(model.filtered(x)[2]);
  });

  it('without items have no path, and are named', () => {
    expect(model.posterior([])).toEqual([]);
    expect(model.bestPaths([], 2)).toEqual([]);
    expect(() => model.viterbi([])).toThrow('HiddenMarkovDistribution.viterbi: x must be a list of at least one item');
    expect(() => model.sampleGiven([], 1)).toThrow(ParameterError);
  });
});

// The fit once began, and then advised a pseudo count, which helps nothing here.
it('an empty list is refused before the fit, by its place', () => {
  const estimator = model.estimator();
  const empty = 'must be at least 1, as lists end by the state of their last item, found 0';
  expect(() => optimize([['a'], []], estimator)).toThrow(`row 1, field "length" ${empty}`);
  expect(() => optimize([{ x: ['a'] }, { x: [] }], new RecordEstimator({ x: estimator }))).toThrow(
    `row 1, field "x.length" ${empty}`,
  );
  expect(() => optimize([['a'], []], estimator, { weights: [1, 0] })).not.toThrow();
});

it('EM counts what enumeration counts', () => {
  const rows: Letter[][] = [[...x], ['c'], ['b', 'c', 'c']];
  const weights = [1, 2.5, 0.5];
  const counts = { end: [0, 0, 0], others: [0, 0, 0], steps: [0, 1, 2].map(() => [0, 0, 0]) };
  rows.forEach((row, i) => {
    const all = paths(row);
    const total = all.reduce((sum, { p }) => sum + p, 0);
    for (const { z, p } of all) {
      const share = (weights[i]! * p) / total;
      counts.end[z.at(-1)!]! += share;
      z.slice(1).forEach((s, t) => (counts.steps[z[t]!]![s]! += share));
      for (const s of z.slice(0, -1)) counts.others[s]! += share;
    }
  });
  const { model: next } = optimize(rows, model.estimator(), {
    initialModel: model,
    weights,
    maxIterations: 1,
  });
  next.end!.forEach((p, s) => expect(p).toBeCloseTo(counts.end[s]! / (counts.end[s]! + counts.others[s]!), 12));
  next.transitions.forEach((row, r) =>
    row.forEach((p, s) => expect(p).toBeCloseTo(counts.steps[r]![s]! / counts.others[r]!, 12)),
  );
});

describe('draws', () => {
  it('end by themselves, after as many items as the chain says', () => {
    const lists = model.sampler(1).sample(20_000);
    // Mean and second moment of the length by P(N >= n), as far as it can be seen.
    let reached = [...tables.w];
    let [mean, square] = [0, 0];
    for (let n = 1; n < 1000; n++) {
      const stays = reached.reduce((sum, p) => sum + p, 0);
      mean += stays;
      square += (2 * n - 1) * stays;
      reached = reached.map((_, s) =>
        reached.reduce((sum, p, r) => sum + p * (1 - end[r]!) * tables.transitions[r]![s]!, 0),
      );
    }
    const found = lists.reduce((sum, { length }) => sum + length, 0) / lists.length;
    expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt((square - mean ** 2) / lists.length));
    const singles = lists.filter((list) => list.length === 1 && list[0] === 'a').length / lists.length;
    const p = model.density(['a']);
    expect(Math.abs(singles - p)).toBeLessThan(5 * Math.sqrt(p / lists.length));
  });

  it('are refused where a state can be reached from which no list ends, not where it cannot', () => {
    const emissions = [0, 1].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
    const of = (w: number[], transitions: number[][], ends: number[]) =>
      new HiddenMarkovDistribution(emissions, { w, transitions, end: ends });
    const trap = [
      [0.5, 0.5],
      [0, 1],
    ];
    expect(() => of([1, 0], trap, [0.5, 0]).sampler(1)).toThrow(
      'end must be probabilities by which a list ends after it was in state 1, found [0.5,0]',
    );
    expect(of([1, 0], trap, [1, 0]).sampler(1).sample()).toHaveLength(1);
    const away = [
      [1, 0],
      [0, 1],
    ];
    expect(of([1, 0], away, [0.5, 0]).sampler(1).sample(3)).toHaveLength(3);
    expect(() => of([0.5, 0.5], away, [0.5, 0]).sampler(1)).toThrow(ParameterError);
  });

  it('have as many items as are asked for, as often as lists of so many are probable', () => {
    const lists = listsOf(3);
    const total = lists.reduce((sum, list) => sum + model.density(list), 0);
    const draws = 4000;
    const counts = new Map<string, number>();
    for (const list of model.sampler(5, { length: 3 }).sample(draws)) {
      counts.set(String(list), (counts.get(String(list)) ?? 0) + 1);
    }
    for (const list of lists) {
      const p = model.density(list) / total;
      const n = counts.get(String(list)) ?? 0;
      // 5 standard errors, and 5 for counts that are few.
      expect(Math.abs(n - draws * p)).toBeLessThan(5 * Math.sqrt(draws * p) + 5);
    }
    expect(model.sampler(1, { length: 5000 }).sample()).toHaveLength(5000);
    expect(() => model.sampler(1, { length: 0 })).toThrow('length must be a number of items that a list of this model');
    const plain = new HiddenMarkovDistribution(model.emissions, tables);
    expect(plain.sampler(1, { length: 0 }).sample()).toEqual([]);
    expect(
      plain
        .sampler(1, { length: 6 })
        .sample(3)
        .map(({ length }) => length),
    ).toEqual([6, 6, 6]);
    expect(plain.sampler(1, { length: 6 }).sample()).toEqual(plain.pathSampler(1, { count: 6 }).sample().items);
    const withValues = new HiddenMarkovDistribution(model.emissions, { ...tables, terminalValues: ['c'] });
    expect(() => withValues.sampler(1, { length: 4 })).toThrow('length must be left out, as terminal values end lists');
    expect(() => plain.sampler(1, { length: 1.5 })).toThrow('length must be an integer >= 0');
    expect(() => plain.sampler(1, { count: 4 } as never)).toThrow('unknown option "count"');
  });

  it('stop with an error when an end is too improbable to wait for', () => {
    const never = new HiddenMarkovDistribution([new CategoricalDistribution({ a: 1 })], {
      w: [1],
      transitions: [[1]],
      end: [1e-12],
    });
    expect(() => never.sampler(1).sample()).toThrow(EstimationError);
  });
});

describe('fits', () => {
  const e = new GaussianEstimator();
  const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const truth = new HiddenMarkovDistribution([gaussian(0), gaussian(6)], {
    w: [0.9, 0.1],
    transitions: [
      [0.8, 0.2],
      [0.3, 0.7],
    ],
    end: [0.02, 0.25],
  });
  const rows = truth.sampler(5).sample(2000);
  const tablesOf = ({ w, transitions }: typeof truth) => ({ w, transitions });

  it('find the ends again', () => {
    const { model: fit, path } = optimize(rows, new HiddenMarkovEstimator([e, e], { ends: true }), { seed: 1 });
    const order = fit.emissions[0].mu < fit.emissions[1].mu ? [0, 1] : [1, 0];
    // 0.02 of about 9,500 items and 0.25 of about 7,000: five standard errors.
    expect(Math.abs(fit.end![order[0]!]! - 0.02)).toBeLessThan(0.008);
    expect(Math.abs(fit.end![order[1]!]! - 0.25)).toBeLessThan(0.026);
    expect(path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
  });

  it('keep fixed ends, ends that are not allowed, and a state that always ends', () => {
    const of = (ends: number[], options: object) =>
      optimize(rows, new HiddenMarkovEstimator([e, e], options), {
        initialModel: new HiddenMarkovDistribution(truth.emissions, { ...tablesOf(truth), end: ends }),
        maxIterations: 3,
      }).model;
    expect(of([0.1, 0.3], { fixedEnd: [0.1, 0.3] }).end).toEqual([0.1, 0.3]);
    expect(of([0, 0.5], { ends: true, allowed: { end: [false, true] } }).end![0]).toBe(0);
    const last = new HiddenMarkovDistribution([gaussian(0), gaussian(6)], {
      w: [1, 0],
      transitions: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      end: [0, 1],
    });
    const estimator = new HiddenMarkovEstimator([e, e], { fixedEnd: [0, 1], allowed: { initial: [true, false] } });
    const fit = optimize(last.sampler(2).sample(500), estimator, { initialModel: last });
    expect(fit.model.end).toEqual([0, 1]);
    expect(fit.findings.filter(({ path: place }) => place.startsWith('transitions'))).toEqual([]);
    // Emissions, one row of transitions; the row of the state that always ends says nothing.
    expect(estimator.parameterBlocks(fit.model).reduce((sum, { count }) => sum + count, 0)).toBe(4 + 1);
  });

  it('pull towards imaginary items', () => {
    const estimator = new HiddenMarkovEstimator([e, e], {
      ends: true,
      pseudoCount: { end: 1e9 },
      prior: { end: [0.5, 0.125] },
    });
    expect(estimator.hasPrior).toBe(true);
    const { model: fit } = optimize(rows, estimator, { initialModel: truth, maxIterations: 1 });
    expect(fit.end).toEqual([expect.closeTo(0.5, 4), expect.closeTo(0.125, 4)]);
    const kept = optimize(rows, truth.estimator({ pseudoCount: 1e9 }), { maxIterations: 2 }).model;
    expect(kept.end).toEqual(truth.end!.map((p) => expect.closeTo(p, 4)));
  });

  it('do in logs what scaling cannot: the first state is lost by its item, but only it can end the list', () => {
    const far = new HiddenMarkovDistribution([gaussian(0), gaussian(60)], {
      w: [0.5, 0.5],
      transitions: [
        [0.5, 0.5],
        [0, 1],
      ],
      end: [0.5, 0],
    });
    const list = [60, 0];
    // The only path that ends: both items of the first state.
    const expected = Math.log(0.5 * 0.25 * 0.5) + gaussian(0).logDensity(60) + gaussian(0).logDensity(0);
    expect(far.logDensity(list)).toBeCloseTo(expected, 9);
    expect(far.viterbi(list)).toEqual([0, 0]);
    expect(far.posterior(list)).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const { model: next } = optimize([list], far.estimator(), { initialModel: far, maxIterations: 1 });
    expect(next.end![0]).toBe(0.5);
  });
});

describe('files', () => {
  const type = modelTypes.find(({ typeName }) => typeName === 'HiddenMarkov')!;
  const read = (fields: object) =>
    (type.fromJSON as (fields: object) => HiddenMarkovDistribution<readonly [typeof emission]>)({
      emissions: [emission],
      w: [1],
      transitions: [[1]],
      length: new PoissonDistribution({ lambda: 1 }),
      terminalValues: [],
      ...fields,
    });
  const emission = new CategoricalDistribution({ a: 1 });

  it('hold ends where there are some', () => {
    expect(JSON.parse(JSON.stringify(model)).end).toEqual(end);
    expect('end' in read({}).toJSON()).toBe(false);
    expect(read({}).end).toBeUndefined();
    const { length } = new HiddenMarkovDistribution([emission], { w: [1], transitions: [[1]] });
    expect(read({ length, end: [0.25] }).end).toEqual([0.25]);
    expect(() => read({ length, end: [0.25, 1] })).toThrow('end must be a list of 1 numbers');
    expect(() => read({ length, end: [2] })).toThrow('end[0] must be a number in [0, 1], found 2');
    expect(() => read({ end: [0.25] })).toThrow('length must be left out, as states end lists');
  });
});

describe('options', () => {
  const e = new GaussianEstimator();
  it.each([
    ['a length beside ends', { ends: true, length: new PoissonEstimator() }, /length must be left out/],
    ['a prior of ends without ends', { pseudoCount: { end: 1 } }, /ends must be true, as pseudoCount.end is given/],
    ['a mask of ends without ends', { allowed: { end: [true, true] } }, /ends must be true, as allowed.end is given/],
    ['fixed ends that are turned off', { ends: false, fixedEnd: [1, 1] }, /ends must be true, as fixedEnd is given/],
    ['fixed ends that are no probabilities', { fixedEnd: [0.5, 1.5] }, /fixedEnd\[1\] must be a number in \[0, 1\]/],
    ['a fixed end that the mask forbids', { fixedEnd: [0.5, 1], allowed: { end: [true, false] } }, /fixedEnd\[1\]/],
    ['a word', { ends: 'yes' as never }, /ends must be true or false/],
  ])('refuse %s', (_, options, message) => {
    expect(() => new HiddenMarkovEstimator([e, e], options)).toThrow(message);
  });

  it('tell models of other lists apart', () => {
    const plain = new HiddenMarkovEstimator([e, e]);
    const gaussian = new GaussianDistribution({ mu: 0, sigma2: 1 });
    const even = {
      w: [0.5, 0.5],
      transitions: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    };
    const withEnds = new HiddenMarkovDistribution([gaussian, gaussian], { ...even, end: [0.5, 0.5] });
    expect(() => plain.parameterBlocks(withEnds)).toThrow('end of the model must be left out');
    const estimator = new HiddenMarkovEstimator([e, e], { ends: true, keys: { end: 'shared' } });
    expect(estimator.parameterBlocks(withEnds)).toContainEqual({ key: 'shared', count: 2 });
  });
});

describe('the law', () => {
  const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const e = new GaussianEstimator();
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
    notShown: ['isUnbounded', 'pooling', 'marginalOf'],
    distributions: [
      new HiddenMarkovDistribution([gaussian(0), gaussian(8)], {
        w: [0.6, 0.4],
        transitions: [
          [0.8, 0.2],
          [0.3, 0.7],
        ],
        end: [0.1, 0.3],
      }),
    ],
    estimator: new HiddenMarkovEstimator([e, e], { ends: true }),
    keyed: new HiddenMarkovEstimator([e, e], { ends: true, keys: { end: 'shared' } }),
    rows: [[0.5]],
    refused: [[1, 'x'], 3, null],
  });
  for (const { law, run } of laws) it(law, run);
});
