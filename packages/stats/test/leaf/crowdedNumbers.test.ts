/** Levels chosen to fall into one bucket of V8's tables: 20,000 of them took seconds, and the time grew with their square. */
import { expect, it } from 'vitest';
import {
  BernoulliSetDistribution,
  CategoricalDistribution,
  CategoricalEstimator,
  DataError,
  type Level,
  MarkovChainDistribution,
  NullDistribution,
  ParameterError,
} from '../../src/index.js';
import { CrowdedNumbers } from '../../src/leaf/crowdedNumbers.js';

/** The hash of a 32-bit integer as V8's source has it, by its own steps. */
function hashOf32(key: number): number {
  let hash = key;
  hash = ~hash + (hash << 15);
  hash ^= hash >>> 12;
  hash += hash << 2;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  hash ^= hash >>> 16;
  return hash & 0x3fffffff;
}

const crowd: number[] = [];
for (let x = 1; crowd.length < 4000; x++) if ((hashOf32(x) & 0x1fff) === 77) crowd.push(x);

it('makes a Map slow, or this test looks for the wrong numbers', () => {
  /** The shortest of five runs: the rest is the machine's. */
  const time = (keys: readonly number[]) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = performance.now();
        const map = new Map(keys.map((key) => [key, 0]));
        for (const key of keys) map.has(key);
        return performance.now() - start;
      }),
    );
  // Chains of 4000 against chains of 2; a factor of 5 is far below what is seen.
  expect(time(crowd)).toBeGreaterThan(5 * time(crowd.map((_, i) => 7919 * i)));
});

it('is refused by the constructors of levels, and by the encoder', () => {
  const pairs = crowd.map((level): [Level, number] => [level, 1 / crowd.length]);
  expect(() => new CategoricalDistribution<Level>(pairs)).toThrow(ParameterError);
  expect(() => new CategoricalDistribution<Level>(pairs)).toThrow('share its hash');
  const chain = { initial: pairs, transitions: [] as [Level, [Level, number][]][] };
  expect(() => new MarkovChainDistribution<Level>({ ...chain, length: new NullDistribution() } as never)).toThrow(
    'share its hash',
  );
  expect(() => new CategoricalEstimator<number>().encoder().encode(crowd)).toThrow(DataError);
});

it('is never met by chance', () => {
  const lists: ((i: number) => number)[] = [
    (i) => i,
    (i) => 1000 * i,
    (i) => 65_536 * i,
    (i) => -i,
    (i) => i / 10,
    (i) => i * 1e10,
    (i) => Math.sqrt(i),
    (i) => 2 ** (i / 100),
  ];
  for (const of of lists) {
    const numbers = new CrowdedNumbers();
    const levels = Array.from({ length: 20_000 }, (_, i) => of(i));
    expect(levels.filter((level) => numbers.isCrowded(level))).toEqual([]);
  }
});

it('is refused when the tables of a chain share it, few states each', () => {
  const transitions = crowd.map((state, i) => [`${i}`, [[state, 1]]] as [Level, [Level, number][]]);
  expect(() => new MarkovChainDistribution<Level>({ initial: [['0', 1]], transitions })).toThrow(ParameterError);
});

// Constructors took BigInts for levels, which no row can be: 20,000 of them that are equal modulo 2^64 took seconds.
it('a level is what a row may be, in every table by level', () => {
  const big = Array.from(
    { length: 20_000 },
    (_, i) => [(BigInt(i) << 64n) + 5n, 1 / 20_000] as never as [string, number],
  );
  const message = 'p[0] must be a string, a number, a boolean or null, found 5n';
  expect(() => new CategoricalDistribution(big)).toThrow(message);
  expect(() => new BernoulliSetDistribution(big)).toThrow(message);
  expect(() => new CategoricalDistribution([[Number.NaN as never, 1]])).toThrow('a boolean or null, found NaN');
});
