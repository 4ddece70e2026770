import { describe, expect, it } from 'vitest';
import { createCodec } from '../src/node.js';
import { codec, Gaussian, Mixture, types } from './models.js';
import { fileOf, fileOfTree, fromHex } from './payload.js';

const tooMuch = (name: string) =>
  expect.objectContaining({ code: 'ERR_LIMIT', message: expect.stringContaining(`limits.${name}`) });

/** A mixture of two times the mixture below it, `levels` deep: 2^levels components. */
function doubled(levels: number): unknown {
  let model: unknown = new Gaussian(0, 1);
  for (let i = 0; i < levels; i++) model = new Mixture([model, model], new Float64Array([0.5, 0.5]));
  return model;
}

/** The file of it, written by hand. */
function fileOfDoubled(levels: number): Uint8Array {
  const gaussian = 'd81b83 68 4761757373 69616e 01 a2 62 6d75 00 66 7369676d6132 01';
  const start = 'd81b83 67 4d697874757265 02 a2 6a 636f6d706f6e656e7473 82';
  const weights = '61 77 d856 50 000000000000e03f 000000000000e03f';
  // A shared value has the number of its tag 28 in the order of the bytes: the outermost mixture is not shared.
  const opened = Array.from({ length: levels }, (_, i) => `${i === 0 ? '' : 'd81c'} ${start}`).join('');
  const closed = Array.from({ length: levels }, (_, i) => `d81d ${hex(levels - 1 - i)} ${weights}`).join('');
  return fileOfTree(`${opened} d81c ${gaussian} ${closed}`);
}

const hex = (n: number): string => (n < 24 ? '' : '18') + n.toString(16).padStart(2, '0');

describe('a model with shared parts', () => {
  it('may expand to as many items as a file may have', () => {
    for (const value of [codec.decode(fileOfDoubled(15)), codec.parse(codec.stringify(doubled(15)))]) {
      expect(codec.encode(value)).toEqual(fileOfDoubled(15));
    }
  });

  it('is refused, read and written, when it expands to more', () => {
    expect(() => codec.decode(fileOfDoubled(40))).toThrow(tooMuch('maxItems'));
    expect(() => codec.encode(doubled(40))).toThrow(tooMuch('maxItems'));
    expect(() => codec.stringify(doubled(40))).toThrow(tooMuch('maxItems'));
    expect(() => codec.parse(documentOfDoubled(40))).toThrow(tooMuch('maxItems'));
    let description: unknown = { type: 'Gaussian', mu: 0, sigma2: 1 };
    for (let i = 0; i < 40; i++) description = { type: 'Mixture', components: [description, description], w: [1, 0] };
    expect(() => codec.build(description)).toThrow(tooMuch('maxItems'));
  });

  it('counts an item once for each mention, the same in all forms', () => {
    // 2^5 Gaussians of 3 values each, and the mixtures above them.
    const value = doubled(5);
    const accepts = (maxItems: number): readonly boolean[] => {
      const small = createCodec({ types, limits: { maxItems } });
      const all = [
        () => small.encode(value),
        () => small.decode(codec.encode(value)),
        () => small.stringify(value),
        () => small.parse(codec.stringify(value)),
      ];
      return all.map((run) => {
        try {
          run();
          return true;
        } catch {
          return false;
        }
      });
    };
    let limit = 50;
    while (!accepts(limit)[0]) limit++;
    expect(limit).toBeGreaterThan(2 ** 5 * 3);
    expect(accepts(limit - 1)[1]).toBe(false);
    expect(accepts(limit)[1]).toBe(true);
    while (accepts(limit)[2]) limit--;
    expect(accepts(limit)[3]).toBe(false);
    expect(accepts(limit + 1)[3]).toBe(true);
  });
});

function documentOfDoubled(levels: number): string {
  let text = '{ "$id": 0, "$value": { "type": "Gaussian", "mu": 0, "sigma2": 1 } }';
  for (let i = 1; i <= levels; i++) {
    const model = `{ "type": "Mixture", "components": [${text}, { "$ref": ${i - 1} }], "w": [1, 0] }`;
    text = `{ "$id": ${i}, "$value": ${model} }`;
  }
  return text;
}

describe('the memory of a file', () => {
  it('is bounded: five million empty buffers are 5 MB of bytes and 1.4 GB of memory', () => {
    const payload = new Uint8Array(2 + 5 + 5_000_000).fill(0x40);
    payload.set(fromHex('82 80 9a 004c4b40'));
    const before = process.memoryUsage().rss;
    expect(() => codec.decode(fileOf(payload))).toThrow(tooMuch('maxMemory'));
    expect(process.memoryUsage().rss - before).toBeLessThan(1.2 * 2 ** 29);
  });

  it.each([
    ['an empty buffer', () => new ArrayBuffer(0)],
    ['an empty typed array', () => new Int8Array()],
    ['an empty Map', () => new Map()],
    ['an empty Set', () => new Set()],
    ['an empty array', () => []],
    ['an empty object', () => ({})],
    ['a date', () => new Date(0)],
    ['a model', () => new Gaussian(0, 1)],
  ])('is counted for %s, no less than it is, the same in reading and writing', (_, make) => {
    const values = Array.from({ length: 1000 }, make);
    const small = createCodec({ types, limits: { maxMemory: 40_000 } });
    for (const run of [
      () => small.encode(values),
      () => small.decode(codec.encode(values)),
      () => small.stringify(values),
      () => small.parse(codec.stringify(values)),
    ]) {
      expect(run).toThrow(tooMuch('maxMemory'));
    }
    const few = values.slice(0, 50);
    expect(small.decode(small.encode(few))).toStrictEqual(few);
    expect(small.parse(small.stringify(few))).toStrictEqual(few);
  });

  it('leaves room for ten million numbers', () => {
    const numbers = new Array(9_999_999).fill(1);
    expect(codec.decode(codec.encode(numbers))).toHaveLength(9_999_999);
  });
});
