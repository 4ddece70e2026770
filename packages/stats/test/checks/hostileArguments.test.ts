/** Whatever JavaScript hands over, an error of this package says what is wrong with it: never one of the engine. */
import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';
import { everyFamily } from '../everyFamily.js';

const cycle: unknown[] = [];
cycle.push(cycle);
const loop: Record<string, unknown> = { type: 'Mixture' };
loop.components = [loop];

/** What is thrown by a value of the user's own: it may pass. */
class OfTheUser extends Error {}
const refuse = (): never => {
  throw new OfTheUser();
};
const throwing = new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse });

const hostile: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['undefined', undefined],
  ['null', null],
  ['an empty text', ''],
  ['"3"', '3'],
  ['NaN', Number.NaN],
  ['{}', {}],
  ['[]', []],
  ['-1', -1],
  ['0', 0],
  ['1.5', 1.5],
  ['1e300', 1e300],
  ['2^53', 2 ** 53],
  ['true', true],
  ['3n', 3n],
  ['a symbol', Symbol('s')],
  ['a function', () => 1],
  ['a date', new Date(0)],
  ['a list that holds itself', cycle],
  ['an object that holds itself', loop],
  ['[[]]', [[]]],
  ['[null]', [null]],
  ['[NaN]', [Number.NaN]],
  ['[1e300]', [1e300]],
  ['[-1]', [-1]],
  ['[{}]', [{}]],
  ['a length alone', { length: 3 }],
  ['a length of a billion', { length: 1e9 }],
  ['a negative length', { length: -1 }],
  ['a map', new Map()],
  ['numbers', new Float64Array(2)],
  ['no prototype', Object.create(null)],
  ['a hole', new Array(2)],
  ['a proxy that throws', throwing],
  ['a list of that proxy', [throwing]],
  ['[symbol]', [Symbol('x')]],
  ['[3n]', [3n]],
  ['["a"]', ['a']],
  ['a pair', [['a', 1]]],
]);

/** Fails when the call throws an error that is not of this package. */
function attempt(what: string, call: () => unknown): void {
  try {
    call();
  } catch (error) {
    const isOurs = error instanceof Error && (error instanceof OfTheUser || 'code' in error);
    if (!isOurs) expect.fail(`${what} threw ${error}`);
  }
}

/** As of JavaScript's own errors, the message of an error cannot be a symbol. */
const ERRORS = /Error$/;
type Callable = (new (...given: unknown[]) => unknown) & ((...given: unknown[]) => unknown);
const exported = Object.entries(stats).filter(
  (entry): entry is [string, Callable] => typeof entry[1] === 'function' && !ERRORS.test(entry[0]),
);

describe('every exported class and function', () => {
  it('are many', () => {
    expect(exported.length).toBeGreaterThan(110);
  });

  it.each(exported)('%s names what is wrong with its arguments', (name, given) => {
    const call = (...args: unknown[]) => (/^[A-Z]/.test(name) ? new given(...args) : given(...args));
    attempt(`${name}()`, () => call());
    for (const [what, value] of hostile) {
      attempt(`${name}(${what})`, () => call(value));
      attempt(`${name}(undefined, ${what})`, () => call(undefined, value));
      attempt(`${name}([], ${what})`, () => call([], value));
      attempt(`${name} of ${what} three times`, () => call(value, value, value));
      const { fromJSON } = given as { fromJSON?: (fields: unknown) => unknown };
      if (fromJSON !== undefined) attempt(`${name}.fromJSON(${what})`, () => fromJSON.call(given, value));
    }
  });
});

const fewer = new Map([...hostile].filter((_, i) => i % 3 === 1));

/** The value with each of its parts replaced by each hostile value, one after the other. */
function* spoiled(value: unknown, bad = hostile, path = ''): Generator<readonly [what: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value).slice(0, 4)) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    const others = [...bad, ...spoiled(part, bad, `${path}${key}.`)];
    for (const [what, other] of others) {
      const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      (copy as Record<string, unknown>)[key] = other;
      yield [what.startsWith(path) && path !== '' ? what : `${path}${key}: ${what}`, copy];
    }
  }
}

/** Methods on columns, of which the first argument was made by an encoder, and those for parents of the family alone. */
const INNER =
  /^(seq|constructor$|toJSON$|(scoreEmission|scoreTopic|tableFor|tablesFor|groupDists|pairsOf|updated|crossEntropy|conditioned|marginalOf)$)/;

describe.each(Object.entries(everyFamily))('%s', (name, { model: json, row }) => {
  let state = 1;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const model = stats.modelFromJSON(json);
  const example = row(random, 0);

  it('is built from plain data, or says why not', () => {
    for (const [what, spoiledJson] of spoiled(json, fewer)) {
      attempt(`${name} of ${what}`, () => stats.modelFromJSON(spoiledJson));
    }
  });

  it('answers for any row, or says why not', () => {
    const methods = new Set<string>();
    for (let p: object = model; p !== Object.prototype; p = Object.getPrototypeOf(p) as object) {
      for (const method of Object.getOwnPropertyNames(p)) if (!INNER.test(method)) methods.add(method);
    }
    const encoder = model.encoder();
    for (const [what, bad] of [...hostile, ...spoiled(example)]) {
      for (const method of methods) {
        const callable = model as unknown as Readonly<Record<string, (...given: unknown[]) => unknown>>;
        if (typeof callable[method] !== 'function') continue;
        attempt(`${name}.${method}(${what})`, () => callable[method]!(bad));
        attempt(`${name}.${method}(row, ${what})`, () => callable[method]!(example, bad));
      }
      attempt(`${name}: encode ${what}`, () => encoder.encode([bad]));
      attempt(`${name}: violation ${what}`, () => encoder.violation?.(bad));
      attempt(`${name}: parts ${what}`, () => encoder.parts?.(bad));
    }
  });
});
