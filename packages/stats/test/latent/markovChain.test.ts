import { describe, expect, it } from 'vitest';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MarkovChainDistribution, MarkovChainEstimator } from '../../src/latent/markovChain/markovChain.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const weather = (stay: number) =>
  new MarkovChainDistribution({
    initial: { rain: 0.5, sun: 0.5 },
    transitions: { rain: { rain: stay, sun: 1 - stay }, sun: { rain: 0.25, sun: 0.75 } },
    length: new PoissonDistribution({ lambda: 5 }),
  });

const laws = checkFamily({
  offers: PARENT,
  distributions: [weather(0.75), weather(0.5)],
  estimator: new MarkovChainEstimator({ length: new PoissonEstimator() }),
  keyed: new MarkovChainEstimator({ length: new PoissonEstimator(), key: 'chain' }),
  rows: [[], ['rain']],
  refused: [3, null, 'rain', [undefined]],
  impossible: [['snow'], ['rain', 'snow']],
  parameters: ({ initial, transitions }: ReturnType<typeof weather>) => [
    initial.get('rain')!,
    transitions.get('rain')!.get('rain')!,
    transitions.get('sun')!.get('sun')!,
  ],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

it('counts steps: the closed form of two sequences', () => {
  const { model } = optimize(
    [
      ['a', 'b', 'b', 'a'],
      ['b', 'a'],
    ],
    new MarkovChainEstimator(),
  );
  expect(model.initial.get('a')).toBe(0.5);
  expect([...model.transitions.get('b')!]).toEqual([
    ['a', 2 / 3],
    ['b', 1 / 3],
  ]);
  expect(model.transitions.get('a')!.get('b')).toBe(1);
});

it('tells 1 from "1"', () => {
  const { model } = optimize([[1, '1', 1, '1']], new MarkovChainEstimator<number | string>());
  expect(model.density([1, '1'])).toBe(1);
  expect(model.density(['1', '1'])).toBe(0);
});

it('ends a walk into a state without a table with a clear error', () => {
  const chain = new MarkovChainDistribution({
    initial: { a: 1 },
    transitions: { a: { b: 1 } },
    length: new PoissonDistribution({ lambda: 50 }),
  });
  expect(() => chain.sampler(1).sample()).toThrow(/state "b" has no transitions/);
});

describe('estimator({ pseudoCount }) pulls towards the chain', () => {
  const chain = new MarkovChainDistribution({
    initial: { a: 0.9, b: 0.1 },
    transitions: { a: { a: 0.7, b: 0.3 }, b: { a: 0.05, b: 0.95 } },
  });
  it('keeps tables that are not even', () => {
    const { model } = optimize([['a', 'b', 'a']], chain.estimator({ pseudoCount: 1e9 }));
    expect(model.initial.get('a')).toBeCloseTo(0.9, 6);
    expect(model.transitions.get('a')!.get('b')).toBeCloseTo(0.3, 6);
    expect(model.transitions.get('b')!.get('b')).toBeCloseTo(0.95, 6);
  });
  it('also a state that the rows never left', () => {
    const { model } = optimize([['a']], chain.estimator({ pseudoCount: 2 }));
    expect(model.transitions.get('b')!.get('b')).toBeCloseTo(0.95, 12);
    expect(model.initial.get('a')).toBeCloseTo((1 + 1.8) / 3, 12);
  });
});

describe('fixed and masked tables', () => {
  const rows = [
    ['a', 'b', 'c'],
    ['a', 'a', 'b', 'b', 'c'],
  ];
  it('keeps fixed ones', () => {
    const fixedInitial = { a: 0.5, b: 0.5 };
    const fixedTransitions = { a: { a: 0.5, b: 0.5 }, b: { b: 0.5, c: 0.5 } };
    const estimator = new MarkovChainEstimator({ fixedInitial, fixedTransitions });
    const { model } = optimize(rows, estimator);
    expect(Object.fromEntries(model.initial)).toEqual(fixedInitial);
    expect([...model.transitions].map(([state, row]) => [state, Object.fromEntries(row)])).toEqual(
      Object.entries(fixedTransitions),
    );
    expect(estimator.parameterBlocks(model)[0]!.count).toBe(0);
  });
  it('keeps what is not allowed at 0, imaginary steps included', () => {
    const estimator = new MarkovChainEstimator<string>({
      pseudoCount: 3,
      allowed: { initial: ['a'], transitions: { a: ['a', 'b'], b: ['b', 'c'] } },
    });
    const { model } = optimize(rows, estimator);
    expect(Object.fromEntries(model.initial)).toEqual({ a: 1, b: 0, c: 0 });
    // From a: one step to a, two to b, and 3 imaginary ones over a and b.
    expect(Object.fromEntries(model.transitions.get('a')!)).toEqual({ a: 2.5 / 6, b: 3.5 / 6, c: 0 });
    expect(estimator.parameterBlocks(model)[0]!.count).toBe(0 + 1 + 1);
  });
  it.each([
    ['a table that does not sum to 1', { fixedInitial: { a: 0.5 } }, /fixedInitial/],
    ['a mask without states', { allowed: { transitions: { a: [] } } }, /allowed.transitions\[a\] must be a list of/],
    ['a prior without its count', { prior: { initial: { a: 1 } } }, /pseudoCount must be given together with prior/],
  ])('refuses %s', (_, options, message) => {
    expect(() => new MarkovChainEstimator(options as object)).toThrow(message);
  });
});

it.each([
  ['a Date', new Date(0)],
  ['an ArrayBuffer', new ArrayBuffer(8)],
  ['a list of numbers', [0.5, 0.5]],
  ['a typed array', Float64Array.of(0.5, 0.5)],
])('refuses %s as a row of transitions', (_, row) => {
  expect(() => new MarkovChainDistribution({ initial: { a: 1 }, transitions: { a: row as never } })).toThrow(
    /MarkovChainDistribution: transitions\[a\]/,
  );
});

it.each([[undefined], [[1]], [{}]])('refuses %j as a state', (state) => {
  const initial = [[state, 1]] as never;
  expect(() => new MarkovChainDistribution({ initial, transitions: {} })).toThrow(
    /initial\[0\] must be a string, a number, a boolean or null/,
  );
});

it('says that no state of the rows is allowed', () => {
  for (const allowed of [{ initial: ['z'] }, { transitions: { a: ['z'] } }]) {
    const fit = () => optimize([['a', 'b']], new MarkovChainEstimator<string>({ allowed }));
    expect(fit).toThrow(expect.objectContaining({ code: 'ESTIMATION' }));
    expect(fit).toThrow('`allowed`');
  }
});

describe('a chain of many states', () => {
  const walk = Array.from({ length: 1100 }, (_, i) => `state ${i}`);
  const estimator = new MarkovChainEstimator<string>();

  it('names the steps that occur, and counts the parameters of all', () => {
    const { model } = optimize([[...walk, 'state 0']], estimator);
    expect(model.transitions.size).toBe(1100);
    expect([...model.transitions.get('state 7')!]).toEqual([['state 8', 1]]);
    expect(model.logDensity(['state 0', 'state 1', 'state 2'])).toBe(0);
    expect(model.logDensity(['state 0', 'state 2'])).toBe(-Infinity);
    expect(estimator.parameterBlocks(model)[0]!.count).toBe(1099 + 1100 * 1099);
  });

  it('is refused beyond the memory of its tables, with the limit', () => {
    const many = Array.from({ length: 4097 }, (_, i) => `state ${i}`);
    expect(() => optimize([many], estimator)).toThrow(/square of the number of states must be at most 16777216/);
  });
});

it('draws the state after one', () => {
  const chain = new MarkovChainDistribution({ initial: { a: 1 }, transitions: { a: { a: 0.25, b: 0.75 }, b: {} } });
  const count = 4000;
  const share =
    chain
      .sampleGiven('a', 1)
      .sample(count)
      .filter((state) => state === 'b').length / count;
  // Five standard errors.
  expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / count));
  expect(() => chain.sampleGiven('b', 1)).toThrow(/before must be a state with transitions/);
  expect(() => chain.sampleGiven('c' as never, 1)).toThrow(/before must be a state with transitions/);
});
