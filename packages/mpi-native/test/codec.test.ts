import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import * as cloneBytes from '../src/values/cloneBytes.js';
import { structuredCloneCodec } from '../src/values/codec.js';
import { encodePlainTree } from '../src/values/plainTree.js';
import * as inPage from '../src/values/platform.browser.js';
import * as inNode from '../src/values/platform.js';

const roundTrip = (value: unknown): unknown => structuredCloneCodec.decode(structuredCloneCodec.encode(value).slice());

const shared = { x: 1 };
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const deep = Array.from({ length: 200 }).reduce((inner: unknown) => [inner], 1);

const QUICK: readonly unknown[] = [
  0,
  -0,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 53,
  '',
  'latin ÿ',
  'wide Ā, astral 𝒳, lone \ud800',
  true,
  false,
  null,
  undefined,
  [],
  {},
  [undefined, null, [[-0]]],
  { a: undefined, b: { a: [1, 'a'], '': 0, '1': 2 } },
  Array.from({ length: 50 }, (_, k) => ({ w: k / 3, name: `n${k}`, list: [k, -k] })),
];
const GENERAL: readonly unknown[] = [
  2n ** 70n,
  new Map([[1, { a: 1 }]]),
  new Set([1]),
  new Date(0),
  Float64Array.of(-0, NaN),
  [shared, shared],
  cyclic,
  deep,
  Object.assign(new Array(3), { 0: 1 }),
  Object.assign([1], { extra: 2 }),
  JSON.parse('{"__proto__": 1}'),
  'x'.repeat(100_000),
  Array.from({ length: 20_000 }, (_, i) => i / 7),
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])),
  /regular/g,
  new Error('cloned'),
];

describe('the default codec', () => {
  it.each(QUICK.map((value, i) => [i, value] as const))('keeps plain value %i, in the quick form', (_, value) => {
    expect(encodePlainTree(value)).not.toBeNull();
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it.each(GENERAL.map((value, i) => [i, value] as const))('keeps value %i as structured cloning does', (_, value) => {
    expect(encodePlainTree(value)).toBeNull();
    expect(roundTrip(value)).toStrictEqual(deserialize(serialize(value)));
  });

  it('keeps identity and cycles', () => {
    const [first, second] = roundTrip([shared, shared]) as [object, object];
    expect(first).toBe(second);
    const ring = roundTrip(cyclic) as { self: unknown };
    expect(ring.self).toBe(ring);
  });

  it('keeps holes and the prototype', () => {
    expect(1 in (roundTrip(Object.assign(new Array(3), { 0: 1 })) as object)).toBe(false);
    const odd = roundTrip(JSON.parse('{"__proto__": {"polluted": true}, "b": 1}')) as Record<string, unknown>;
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
    expect(odd.polluted).toBeUndefined();
  });

  it('keeps every double, bit for bit', () => {
    const values = Float64Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 2 ** (i - 1000));
    expect(Float64Array.from(roundTrip(Array.from(values)) as number[])).toStrictEqual(values);
  });

  // Node reads arrays as views on the message wherever it is aligned for them.
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('gives arrays memory of their own, %i bytes into a message', (shift) => {
    const arrays = [
      ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].map((Kind) =>
        Kind.of(1, 2, 3),
      ),
      ...[Float32Array.of(0.5), Float64Array.of(0.1, 0.2), BigInt64Array.of(-1n), BigUint64Array.of(2n)],
      ...[new DataView(Uint8Array.of(1, 2).buffer), Buffer.from('bytes'), new Float64Array(0), new Float64Array(2000)],
      Uint8Array.of(1, 2).buffer,
    ];
    const value = { before: 'x'.repeat(shift), arrays, again: arrays[0] };
    const encoded = structuredCloneCodec.encode(value);
    const memory = new Uint8Array(encoded.length + 64);
    for (let start = 0; start < 8; start++) {
      memory.set(encoded, start);
      const decoded = structuredCloneCodec.decode(memory.subarray(start, start + encoded.length)) as typeof value;
      memory.fill(0xff); // the next message
      expect(decoded).toStrictEqual(value);
      expect(decoded.again).toBe(decoded.arrays[0]);
    }
  });

  it('refuses what cannot be cloned', () => {
    expect(() => structuredCloneCodec.encode({ f: () => 1 })).toThrow(/could not be cloned/);
    expect(() => structuredCloneCodec.encode([Symbol('s')])).toThrow(/could not be cloned/);
  });
});

describe('the form of values between workers of a page', () => {
  const throughBytes = (value: unknown) => cloneBytes.deserialize(cloneBytes.serialize(value).slice());
  const values = [
    ...QUICK,
    ...GENERAL,
    new ArrayBuffer(3),
    Uint8Array.of(1, 2, 3).subarray(1),
    new DataView(Uint8Array.of(1, 2).buffer, 1),
    BigInt64Array.of(-1n),
    [new Map([[shared, new Set([shared])]])],
    new RangeError('with a cause', { cause: { code: 3 } }),
    new Array(3),
  ];

  it.each(values.map((value, i) => [i, value] as const))('keeps value %i as structured cloning does', (_, value) => {
    expect(throughBytes(value)).toStrictEqual(deserialize(serialize(value)));
  });

  it('keeps identity and cycles', () => {
    const [first, second] = throughBytes([shared, shared]) as [object, object];
    expect(first).toBe(second);
    const ring = throughBytes(cyclic) as { self: unknown };
    expect(ring.self).toBe(ring);
  });

  it('keeps holes, the prototype, and the stack of an error', () => {
    expect(1 in (throughBytes(Object.assign(new Array(3), { 0: 1 })) as object)).toBe(false);
    expect(Object.getPrototypeOf(throughBytes(JSON.parse('{"__proto__": {"polluted": true}}')))).toBe(Object.prototype);
    const error = new TypeError('x');
    expect((throughBytes(error) as Error).stack).toBe(error.stack);
  });

  it('reads arrays that are shared, and gives memory of its own', () => {
    const array = new Float64Array(new SharedArrayBuffer(16)).fill(2);
    const copy = throughBytes(array) as Float64Array;
    expect(copy).toStrictEqual(Float64Array.of(2, 2));
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it.each([[() => 1], [Symbol('s')], [{ f: () => 1 }], [Promise.resolve()], [new WeakMap()]])('refuses %s', (value) => {
    expect(() => cloneBytes.serialize(value)).toThrow(/could not be cloned/);
  });

  it('has the texts of Node', () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) >> 3);
    expect(inPage.latin1Text(bytes)).toBe(inNode.latin1Text(bytes));
    expect(inPage.utf16Text(bytes)).toBe(inNode.utf16Text(bytes));
  });
});
