import { describe, expect, it } from 'vitest';
import { type Codec, CodecError } from '../src/node.js';
import { codec, cyclic, Gaussian, Mixture, Plain } from './models.js';
import { sameBytes } from './payload.js';
import fc from './property.js';

type Form = readonly [name: string, roundTrip: (value: unknown, by?: Codec) => unknown];

const forms: readonly Form[] = [
  ['binary', (value, by = codec) => by.decode(by.encode(value))],
  ['JSON', (value, by = codec) => by.parse(by.stringify(value))],
];

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;
// biome-ignore lint/suspicious/noSparseArray: holes are what is tested
const holes = [, 1, , undefined, ,];

/** The rows of the exactness table, and what lies near them. */
const values: Readonly<Record<string, unknown>> = {
  'NaN and infinities': [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  '-0 and 0': [-0, 0, { zero: -0 }],
  subnormals: [5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308],
  'integers about 2^53': [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53 - 1), -(2 ** 53), 2 ** 64, 1e21, 1e300],
  'integers at each width': [23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, -24, -25, -256, -257, -65537],
  'BigInt past 64 bits': [0n, 1n, -1n, 255n, 256n, -256n, 2n ** 64n, -(2n ** 64n), 2n ** 900n + 1n, -(2n ** 900n)],
  'number, string and BigInt that look alike': [1, '1', 1n, true, 'true', null, 'null'],
  undefined: [undefined, { a: undefined }, new Map([[undefined, undefined]])],
  'array holes': holes,
  Map: new Map<unknown, unknown>([
    [1, 'number'],
    ['1', 'string'],
    [1n, 'bigint'],
    [Number.NaN, 'not a number'],
    [{ a: 1 }, new Map([[[], []]])],
  ]),
  Set: new Set<unknown>([1, '1', Number.NaN, null, undefined, new Set()]),
  Date: [new Date(0), new Date(-1), new Date(8.64e15), new Date(-8.64e15), new Date(Number.NaN), new Date(1.7e12 + 7)],
  'lone surrogates': ['\ud800', 'a\udfffb', '\udc00\ud800', '\ud83d\ude00', { '\ud800': 1, '\udfff': 2 }],
  'text of many lengths': [0, 1, 23, 24, 31, 32, 33, 47, 48, 49, 255, 256, 300, 7000].map((n) => 'aé€😀'.repeat(n)),
  'control characters, quotes and marks': '\0\u0001\t\n\r"\\/\u2028\u2029\ufeff\u007f\u0080',
  'a byte order mark at the start': ['\ufeffa', '\ufeff'.repeat(40)],
  'own key __proto__': JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": null}'),
  'keys that look like numbers': { b: 1, '10': 2, '9': 3, '-1': 4, '': 5 },
  'an object that looks like a model': { type: 'Gaussian', mu: 0, sigma2: -1 },
  'objects that look like escapes': [
    { $map: [[1, 2]] },
    { $ref: 1 },
    { $id: 1, $value: {} },
    { $undefined: true },
    { $$type: 'x', $type: 'y', type: 3, $: 0, $hole: true },
    [{ $hole: true }],
    { $dml: 9, $value: 1 },
  ],
  'a document that looks like one of a later format': { $dml: 9, $value: 1 },
  'every typed array': [
    new Int8Array([-128, 127]),
    new Uint8Array([0, 255]),
    new Uint8ClampedArray([0, 255]),
    new Int16Array([-32768, 32767]),
    new Uint16Array([0, 65535]),
    new Int32Array([-(2 ** 31), 2 ** 31 - 1]),
    new Uint32Array([0, 2 ** 32 - 1]),
    new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
    new BigUint64Array([0n, 2n ** 64n - 1n]),
    new Float32Array([Math.fround(0.1), -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-45]),
    new Float64Array([0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324]),
    new Float64Array(0),
  ],
  'a view into a larger buffer': new Float64Array(new Float64Array([1, 2, 3, 4]).buffer, 8, 2),
  'typed arrays large enough to stand apart': [new Float64Array(8192).fill(-0), new Int32Array(16_384), 'and a tree'],
  ArrayBuffer: [bytes(), bytes(1, 2, 3)],
  'models in plain data and plain data in models': {
    models: [
      new Gaussian(-0, 5e-324),
      new Mixture([new Gaussian(0, 1), new Gaussian(3, 1)], new Float64Array([0.25, 0.75])),
    ],
    odd: new Plain({ type: 'not me', $ref: 1, nested: new Plain({}), list: [new Plain({ $version: 3 })] }),
  },
};

describe.each(forms)('%s form', (_, roundTrip) => {
  it.each(Object.entries(values))('keeps %s', (_, value) => {
    const again = roundTrip(value);
    expect(again).toStrictEqual(value);
    expect(sameBytes(codec.encode(again), codec.encode(value))).toBe(true);
  });

  it('keeps holes as holes', () => {
    const again = roundTrip(holes) as unknown[];
    expect(again).toHaveLength(5);
    expect(Object.keys(again)).toEqual(['1', '3']);
  });

  it('keeps the order of keys, entries and members', () => {
    const value = {
      z: 1,
      a: 2,
      map: new Map([
        ['z', 1],
        ['a', 2],
      ]),
      set: new Set(['z', 'a']),
    };
    const again = roundTrip(value) as typeof value;
    expect([Object.keys(again), [...again.map.keys()], [...again.set]]).toEqual([
      ['z', 'a', 'map', 'set'],
      ['z', 'a'],
      ['z', 'a'],
    ]);
  });

  it('keeps shared references shared, models among them', () => {
    const shared = [1];
    const model = new Gaussian(0, 1);
    const large = new Float64Array(8192);
    const date = new Date(5);
    const value = {
      a: shared,
      b: [shared, model, large, date],
      c: new Mixture([model, model], large),
      d: new Map([[shared, date]]),
    };
    const again = roundTrip(value) as typeof value;
    expect(again).toStrictEqual(value);
    expect(again.b[0]).toBe(again.a);
    expect(again.b[1]).toBe(again.c.components[0]);
    expect(again.c.components[1]).toBe(again.c.components[0]);
    expect(again.b[2]).toBe(again.c.w);
    expect([...again.d]).toEqual([[again.a, again.b[3]]]);
    expect([...again.d.keys()][0]).toBe(again.a);
    expect([...again.d.values()][0]).toBe(again.b[3]);
  });

  it('keeps equal but separate objects separate', () => {
    const again = roundTrip([[1], [1], new Gaussian(0, 1), new Gaussian(0, 1)]) as unknown[];
    expect(again[0]).not.toBe(again[1]);
    expect(again[2]).not.toBe(again[3]);
  });

  it('refuses a cycle, naming the place', () => {
    const value: Record<string, unknown> = { list: [] };
    (value.list as unknown[]).push(value);
    expect(() => roundTrip(value)).toThrow(expect.objectContaining({ code: 'ERR_CYCLE', path: 'list[0]' }));
  });

  it('keeps cycles among plain containers when allowed', () => {
    const value: Record<string, unknown> = { list: [], map: new Map(), set: new Set() };
    (value.list as unknown[]).push(value);
    (value.map as Map<unknown, unknown>).set(value.map, value);
    (value.set as Set<unknown>).add(value.set);
    const again = roundTrip(value, cyclic) as { list: unknown[]; map: Map<unknown, unknown>; set: Set<unknown> };
    expect(again.list[0]).toBe(again);
    expect(again.map.get(again.map)).toBe(again);
    expect(again.set.has(again.set)).toBe(true);
  });

  it('refuses a cycle through a model even when cycles are allowed', () => {
    const components: unknown[] = [];
    const model = new Mixture(components, new Float64Array());
    components.push(model);
    expect(() => roundTrip(model, cyclic)).toThrow(expect.objectContaining({ code: 'ERR_CYCLE' }));
  });

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an instance of a class that is not registered', new (class Other {})()],
    ['an Error', new Error('no')],
    ['a Promise', Promise.resolve()],
    ['a Buffer, which is a subclass', Buffer.from('a')],
    ['a subclass of a registered class', new (class Wider extends Gaussian {})(0, 1)],
    ['a subclass of Map', new (class MyMap extends Map {})()],
    ['a RegExp', /x/],
  ])('refuses %s, naming the place', (_, value) => {
    const refusal = expect.objectContaining({ code: 'ERR_UNSUPPORTED_VALUE', path: 'a[1].b' });
    expect(() => roundTrip({ a: [0, { b: value }] })).toThrow(refusal);
  });

  it('returns what went in, for any value', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(roundTrip(value)).toStrictEqual(value);
      }),
      { numRuns: 400 },
    );
  });

  it('returns every double, bit for bit', () => {
    const view = new DataView(new ArrayBuffer(8));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bits) => {
        view.setBigUint64(0, bits);
        expect(roundTrip(view.getFloat64(0))).toBe(view.getFloat64(0));
      }),
      { numRuns: 2000 },
    );
  });

  it('returns every string of UTF-16 code units', () => {
    const units = fc.array(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => (unit % 3 === 0 ? 0xd800 + (unit % 0x800) : unit)),
    );
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(roundTrip({ [text]: text })).toStrictEqual({ [text]: text });
      }),
      { numRuns: 2000 },
    );
  });
});

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  key: fc.oneof(fc.string(), fc.constantFrom('type', '$type', '$ref', '$$map', '$id', '__proto__x')),
  maxDepth: 4,
});

describe('bytes', () => {
  it('are equal for equal values', () => {
    const make = () => ({
      m: new Mixture([new Gaussian(0, 1)], new Float64Array([1])),
      n: [0 / 0, Number.NaN, -Number.NaN],
      s: new Set([1]),
    });
    expect(codec.encode(make())).toEqual(codec.encode(make()));
    expect(codec.stringify(make())).toBe(codec.stringify(make()));
  });

  it('depend on no call before', () => {
    const small = codec.encode({ a: 1 });
    codec.encode({ big: 'x'.repeat(3_000_000) });
    expect(() => codec.encode({ a: [1, () => 1] })).toThrow(CodecError);
    expect(codec.encode({ a: 1 })).toEqual(small);
  });

  it('are the only bytes of their value: what decodes, encodes to the same bytes', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const once = codec.encode(value);
        expect(codec.encode(codec.decode(once))).toEqual(once);
        expect(codec.encode(codec.parse(codec.stringify(value)))).toEqual(once);
      }),
    );
  });

  it('are free for re-use after decode', () => {
    const bytesOfModel = codec.encode([new Uint8Array([1, 2]), new Float64Array(8192).fill(1), 'text', bytes(7)]);
    const value = codec.decode(bytesOfModel);
    bytesOfModel.fill(0xff);
    expect(value).toStrictEqual([new Uint8Array([1, 2]), new Float64Array(8192).fill(1), 'text', bytes(7)]);
  });

  it('may lie anywhere in a buffer, shared memory included', () => {
    const message = codec.encode({ text: 'é'.repeat(100), x: new Float64Array([1, 2]) });
    const shared = new Uint8Array(new SharedArrayBuffer(message.length + 3), 3);
    shared.set(message);
    expect(codec.decode(shared)).toStrictEqual({ text: 'é'.repeat(100), x: new Float64Array([1, 2]) });
  });
});

describe('an encoder inside an encoder', () => {
  it('does not disturb the outer one', () => {
    const outer = new Plain({
      get inner() {
        return codec.encode([1, 2, 3]);
      },
      after: 'text',
    });
    expect(codec.decode(codec.encode([outer, outer.fields.inner]))).toStrictEqual([
      new Plain({ inner: codec.encode([1, 2, 3]), after: 'text' }),
      codec.encode([1, 2, 3]),
    ]);
  });
});
