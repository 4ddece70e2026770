/**
 * Chains whose probabilities are as small as doubles are, against the sum over all paths of lists of up to 6 items, in logs. Products of
 * two such numbers underflow, also where the list has no other way.
 */
import { describe, expect, it } from 'vitest';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { IntegerCategoricalDistribution, IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { HiddenSemiMarkovDistribution, HiddenSemiMarkovEstimator } from '../../src/latent/hiddenSemiMarkov/model.js';
import { random } from '../../src/numeric/random.js';

const LEVELS = ['a', 'b', 'c'] as const;
type Level = (typeof LEVELS)[number];

/** What the brute force knows of a chain. A hidden Markov chain has segments of one item, and nothing cuts them off. */
interface Chain {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly emissions: readonly (readonly number[])[];
  /** P(duration d | s) at d - 1; `undefined` for a hidden Markov chain. */
  readonly durations?: readonly (readonly number[])[];
}

type Rng = () => number;

/** Probabilities from 1 to 1e-308, some of them 0. */
function probabilities(rng: Rng, count: number, zero = -1): number[] {
  const share = [0, 0.2, 0.5][Math.floor(3 * rng())]!;
  const p = Array.from({ length: count }, (_, k) => (k === zero || rng() < share ? 0 : 10 ** (-308 * rng() ** 2)));
  const largest = p.every((value) => value === 0) ? (zero + 1) % count : p.indexOf(Math.max(...p));
  p[largest] = 0;
  const rest = p.reduce((sum, value) => sum + value, 0);
  if (rest >= 1) return p.map((value, k) => (k === largest ? 1 / 3 : (2 / 3) * (value / rest)));
  p[largest] = 1 - rest;
  return p;
}

function chainOf(rng: Rng, isSemi: boolean): Chain {
  const states = Array.from({ length: 2 + Math.floor(2 * rng()) }, (_, s) => s);
  return {
    w: probabilities(rng, states.length),
    transitions: states.map((s) => probabilities(rng, states.length, isSemi ? s : -1)),
    emissions: states.map(() => probabilities(rng, LEVELS.length)),
    ...(isSemi ? { durations: states.map(() => probabilities(rng, 3)) } : {}),
  };
}

function logSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest === -Infinity
    ? largest
    : largest + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** A path through the states, with log p(path, list). */
interface Path {
  readonly z: readonly number[];
  readonly segments: readonly { readonly s: number; readonly d: number; readonly isCut: boolean }[];
  readonly log: number;
}

/** Every way through a list, with its log-density: the definition, without any recursion over sums. */
function paths({ w, transitions, emissions, durations }: Chain, x: readonly Level[]): Path[] {
  const states = w.map((_, s) => s);
  const logDuration = (s: number, d: number, isCut: boolean) =>
    durations === undefined ? 0 : logSum(durations[s]!.slice(d - 1, isCut ? undefined : d).map(Math.log));
  const from = (path: Path): Path[] => {
    const start = path.z.length;
    if (start === x.length) return [path];
    const longest = durations === undefined ? 1 : Math.min(durations[0]!.length, x.length - start);
    const lengths = Array.from({ length: longest }, (_, i) => i + 1);
    return states.flatMap((s) =>
      lengths.flatMap((d) => {
        const isCut = start + d === x.length;
        const items = x.slice(start, start + d).map((level) => Math.log(emissions[s]![LEVELS.indexOf(level)]!));
        const step = Math.log(start === 0 ? w[s]! : transitions[path.z[start - 1]!]![s]!);
        return from({
          z: [...path.z, ...items.map(() => s)],
          segments: [...path.segments, { s, d, isCut }],
          log: items.reduce((sum, item) => sum + item, path.log + step + logDuration(s, d, isCut)),
        });
      }),
    );
  };
  return from({ z: [], segments: [], log: 0 }).filter(({ log }) => log > -Infinity);
}

function expectedOf(chain: Chain, x: readonly Level[]) {
  const all = paths(chain, x);
  const logDensity = logSum(all.map(({ log }) => log));
  const sumOver = (count: (path: Path) => number) =>
    all.reduce((sum, path) => sum + Math.exp(path.log - logDensity) * count(path), 0);
  const states = chain.w.map((_, s) => s);
  const wholeOf = (s: number, d: number) => (path: Path) =>
    path.segments.reduce((sum, segment) => {
      if (segment.s !== s || segment.d > d || (!segment.isCut && segment.d !== d)) return sum;
      if (!segment.isCut) return sum + 1;
      const rest = logSum(chain.durations![s]!.slice(segment.d - 1).map(Math.log));
      return sum + Math.exp(Math.log(chain.durations![s]![d - 1]!) - rest);
    }, 0);
  return {
    logDensity,
    posterior: x.map((_, t) => states.map((s) => sumOver(({ z }) => Number(z[t] === s)))),
    initial: states.map((s) => sumOver(({ z }) => Number(z[0] === s))),
    transitions: states.flatMap((r) =>
      states.map((s) =>
        sumOver(({ segments }) =>
          segments.reduce((n, { s: to }, j) => n + Number(j > 0 && segments[j - 1]!.s === r && to === s), 0),
        ),
      ),
    ),
    durations: chain.durations?.map((p, s) => p.map((_, i) => sumOver(wholeOf(s, i + 1)))),
  };
}

/** Sums of a dozen terms of size up to 3000, of which the exponential is taken. */
const RELATIVE = 1e-11;
/** What the scaled pass of a hidden Markov model may lose. */
const LOST = 1e-30;

function expectClose(found: ArrayLike<number>, expected: readonly number[], name: string): void {
  expected.forEach((value, k) => {
    expect(Math.abs(found[k]! - value), `${name}[${k}]: ${found[k]} and ${value}`).toBeLessThanOrEqual(
      RELATIVE * value + LOST,
    );
  });
}

const level = new CategoricalEstimator<Level>();

function expectOfPaths(chain: Chain, x: readonly Level[]): void {
  const where = `${JSON.stringify(chain)} ${x}`;
  const { w, transitions, durations } = chain;
  const emissions = chain.emissions.map(([a, b, c]) => new CategoricalDistribution<Level>({ a: a!, b: b!, c: c! }));
  const made =
    durations === undefined
      ? {
          model: new HiddenMarkovDistribution(emissions, { w, transitions }),
          estimator: new HiddenMarkovEstimator(emissions.map(() => level)),
        }
      : {
          model: new HiddenSemiMarkovDistribution(
            emissions,
            durations.map((p) => new IntegerCategoricalDistribution({ min: 1, p })),
            { w, transitions, maxDuration: 3 },
          ),
          estimator: new HiddenSemiMarkovEstimator(
            emissions.map(() => level),
            emissions.map(() => new IntegerCategoricalEstimator({ min: 1, max: 3 })),
            { maxDuration: 3 },
          ),
        };
  const model = made.model as unknown as HiddenMarkovDistribution<readonly CategoricalDistribution<Level>[]>;
  const estimator = made.estimator as unknown as HiddenMarkovEstimator<readonly CategoricalEstimator<Level>[]>;
  const expected = expectedOf(chain, x);
  const { logDensity } = expected;
  const columns = estimator.encoder().encode([x]);
  const scores = new Float64Array(1);
  model.seqLogDensity(columns, 0, 1, scores);
  for (const found of [model.logDensity(x), scores[0]!]) {
    if (logDensity === -Infinity) expect(found, where).toBe(-Infinity);
    else expect(Math.abs(found - logDensity), where).toBeLessThanOrEqual(1e-12 * Math.max(1, -logDensity));
  }
  if (logDensity === -Infinity) return;
  model.posterior(x).forEach((row, t) => expectClose(row, expected.posterior[t]!, `posterior[${t}] of ${where}`));
  const accumulator = estimator.accumulator(columns);
  accumulator.begin(model, columns, { float64: (length) => new Float64Array(length) });
  accumulator.score(model, columns, 0, 1, scores);
  accumulator.seqUpdate(columns, 0, 1, Float64Array.of(1), model);
  const statistic = accumulator.value() as unknown as {
    readonly initial: Float64Array;
    readonly transitions: Float64Array;
    readonly durations?: readonly { readonly values: ArrayLike<number>; readonly counts: ArrayLike<number> }[];
  };
  expectClose(statistic.initial, expected.initial, `initial of ${where}`);
  expectClose(statistic.transitions, expected.transitions, `transitions of ${where}`);
  statistic.durations?.forEach(({ values, counts }, s) => {
    const found = new Float64Array(3);
    for (let i = 0; i < values.length; i++) found[values[i]! - 1] = counts[i]!;
    expectClose(found, expected.durations![s]!, `durations[${s}] of ${where}`);
  });
}

describe('a list for which the logs are needed', () => {
  it('whose first item is nearly impossible in the state that the chain starts in', () => {
    // The density of "a" in state 0 was lost beside that in state 1, which as a first state is 1e-101, and came back too late.
    const chain = {
      w: [1, 4.5e-101],
      transitions: [
        [0.07, 0.93],
        [1, 6.6e-142],
      ],
      emissions: [
        [1.9e-305, 6.8e-82, 1],
        [1, 4e-88, 7.9e-46],
      ],
    };
    expectOfPaths(chain, ['a', 'b', 'a', 'a', 'a', 'a']);
  });

  it('that ends in a segment nearly too long for its state', () => {
    const chain = {
      w: [1, 0],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      emissions: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      durations: [
        [1, 1e-305, 2e-306],
        [0, 1, 1e-307],
      ],
    };
    expectOfPaths(chain, ['a', 'a', 'b', 'b', 'a', 'a']);
    expectOfPaths(chain, ['a', 'a', 'a']);
  });
});

describe.each(['HiddenMarkov', 'HiddenSemiMarkov'] as const)('%s', (type) => {
  it.each(Array.from({ length: 10 }, (_, block) => block))('agrees with all paths: block %i of 60 chains', (block) => {
    const rng = random(`${type} ${block}`);
    for (let n = 0; n < 60; n++) {
      const chain = chainOf(rng, type === 'HiddenSemiMarkov');
      expectOfPaths(
        chain,
        Array.from({ length: 1 + Math.floor(6 * rng()) }, () => LEVELS[Math.floor(3 * rng())]!),
      );
    }
  });
});
