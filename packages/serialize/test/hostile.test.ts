import { describe, expect, it } from 'vitest';
import { CodecError, createCodec } from '../src/node.js';
import { codec, cyclic, Gaussian, Mixture, types } from './models.js';
import { fileOf, fileOfTree, fromHex, resealed } from './payload.js';
import fc from './property.js';

const text = (value: string): string => {
  const bytes = Buffer.from(value);
  return (
    (bytes.length < 24 ? (0x60 + bytes.length).toString(16) : `78${bytes.length.toString(16)}`) + bytes.toString('hex')
  );
};
const gaussian = (fields: string, version = '01') => `d81b83${text('Gaussian')}${version}${fields}`;

const sample = codec.encode({
  model: new Mixture([new Gaussian(0, 1), new Gaussian(3, 0.5)], new Float64Array([0.25, 0.75])),
  map: new Map<unknown, unknown>([
    [1, 'a'],
    ['1', 2n ** 70n],
  ]),
  odd: ['\ud800', -0, new Date(5), new Set([1]), undefined],
  large: new Float64Array(9000),
});

function refusalOf(bytes: Uint8Array, by = codec): CodecError {
  try {
    by.decode(bytes);
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('the header', () => {
  it('is refused when it is another kind of file', () => {
    expect(refusalOf(fromHex('89504e470d0a1a0a0000000d49484452'))).toMatchObject({ code: 'ERR_NOT_A_MODEL_FILE' });
    expect(refusalOf(Uint8Array.from(Buffer.from('{"type":"Gaussian"}')))).toMatchObject({
      code: 'ERR_NOT_A_MODEL_FILE',
    });
  });

  it('is refused when a text-mode transfer turned CR LF into LF', () => {
    const damaged = Uint8Array.from([...sample.slice(0, 4), ...sample.slice(5)]);
    expect(refusalOf(damaged).code).toBe('ERR_NOT_A_MODEL_FILE');
  });

  it('says that a newer format needs a newer package', () => {
    const refusal = refusalOf(fileOf(fromHex('82 80 01'), 2));
    expect(refusal.code).toBe('ERR_NEWER_FORMAT');
    expect(refusal.message).toContain('Update @dml/serialize');
  });

  it('is refused with version 0 or reserved bits', () => {
    expect(refusalOf(fileOf(fromHex('82 80 01'), 0)).code).toBe('ERR_HEADER');
    const file = fileOf(fromHex('82 80 01'));
    file[11] = 1;
    expect(refusalOf(file).code).toBe('ERR_HEADER');
  });

  it('announces the length: one byte less or more is refused', () => {
    expect(refusalOf(sample.slice(0, -1)).code).toBe('ERR_TRUNCATED');
    expect(refusalOf(Uint8Array.from([...sample, 0])).code).toBe('ERR_TRAILING_BYTES');
  });
});

describe('a damaged file', () => {
  it('is refused at every length', () => {
    for (let length = 0; length < Math.min(sample.length, 400); length++) {
      expect(refusalOf(sample.slice(0, length)).code).toBe('ERR_TRUNCATED');
    }
  });

  it('is refused for every single bit that flips', () => {
    const small = codec.encode(new Gaussian(0.1, 0.2));
    for (let bit = 0; bit < 8 * small.length; bit++) {
      const damaged = small.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(refusalOf(damaged)).toBeInstanceOf(CodecError);
    }
  });

  it('behind a forged checksum decodes to a value or a CodecError, never to anything else', () => {
    const tree = sample.slice(0, 24).length;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sample.length - tree - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const forged = sample.slice();
          for (const [at, byte] of changes) forged[tree + at] = byte;
          try {
            codec.decode(resealed(forged));
          } catch (error) {
            expect(error).toBeInstanceOf(CodecError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('made of random items decodes to a value that encodes to the same bytes, or to a CodecError', () => {
    const heads = fc.constantFrom(
      0x81,
      0x82,
      0xa1,
      0xd8,
      0xd9,
      0x1b,
      0x1c,
      0x1d,
      0x1f,
      0x02,
      0x58,
      0x61,
      0xfb,
      0xf7,
      0x01,
      0x40,
      0x43,
      0x56,
      0xa0,
      0x80,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(heads, fc.nat(255)), { maxLength: 40 }), (bytes) => {
        const file = fileOf(Uint8Array.from([0x82, 0x80, ...bytes]));
        try {
          const value = codec.decode(file);
          expect(codec.decode(codec.encode(value))).toStrictEqual(value);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

/** A small integer as CBOR. */
const byte = (value: number): string => (value < 24 ? '' : '18') + value.toString(16).padStart(2, '0');

/** Trees that a forger might write, as hexadecimal CBOR, with the code of their refusal. */
const forged: Readonly<Record<string, readonly [hex: string, code: string, path?: string]>> = {
  'nothing at all': ['', 'ERR_TRUNCATED'],
  'an array of 2^53 - 1 items': ['9b 001fffffffffffff', 'ERR_TRUNCATED'],
  'an array of 2^64 - 1 items': ['9b ffffffffffffffff', 'ERR_MALFORMED'],
  'an object of 2^32 keys': ['bb 0000000100000000', 'ERR_TRUNCATED'],
  'a Map of a million entries': ['d90103 ba 000f4240', 'ERR_TRUNCATED'],
  'a Set of a million members': ['d90102 9a 000f4240', 'ERR_TRUNCATED'],
  'a string of 4 GB': ['7a ffffffff 61', 'ERR_TRUNCATED'],
  'a typed array of 4 GB': ['d856 5a fffffff8', 'ERR_TRUNCATED'],
  'a Float64Array of 7 bytes': ['d856 47 00000000000000', 'ERR_MALFORMED'],
  'an indefinite array': ['9f 01 ff', 'ERR_MALFORMED'],
  'an indefinite string': ['7f 6161 ff', 'ERR_MALFORMED'],
  'an indefinite map': ['bf 6161 01 ff', 'ERR_MALFORMED'],
  'a break without a beginning': ['ff', 'ERR_MALFORMED'],
  'an integer that is not in its shortest form': ['18 17', 'ERR_MALFORMED'],
  'a length that is not in its shortest form': ['79 0001 61', 'ERR_MALFORMED'],
  'an integer above 2^53 - 1': ['1b 0020000000000000', 'ERR_MALFORMED'],
  'an integer below -(2^53 - 1)': ['3b 001fffffffffffff', 'ERR_MALFORMED'],
  'an integer as a double': ['fb 3ff0000000000000', 'ERR_MALFORMED'],
  'a half-precision number': ['f9 3c00', 'ERR_MALFORMED'],
  'a single-precision number': ['fa 3fc00000', 'ERR_MALFORMED'],
  'a NaN with a payload': ['fb 7ff8000000000001', 'ERR_MALFORMED'],
  'an unknown simple value': ['f8 20', 'ERR_MALFORMED'],
  'an unknown tag': ['d9 d9f7 01', 'ERR_MALFORMED'],
  'a big-endian typed array': ['d852 48 0000000000000000', 'ERR_MALFORMED'],
  'text that is not UTF-8': ['62 c328', 'ERR_MALFORMED'],
  'an overlong zero': ['62 c080', 'ERR_MALFORMED'],
  'a surrogate as UTF-8': ['63 eda080', 'ERR_MALFORMED'],
  'a WTF-8 string that could be UTF-8': ['d90111 41 61', 'ERR_MALFORMED'],
  'a WTF-8 string of a split pair': ['d90111 46 eda0bdedb880', 'ERR_MALFORMED'],
  'a BigInt with a leading zero': ['c2 42 0001', 'ERR_MALFORMED'],
  'a BigInt of a megabyte': [`c2 5a 00100000 ${'ff'.repeat(1 << 20)}`, 'ERR_LIMIT'],
  'a duplicate key': [`82 01 a2 ${text('mu')} 01 ${text('mu')} 02`, 'ERR_DUPLICATE_KEY', '[1].mu'],
  'a duplicate __proto__': [`a2 ${text('__proto__')} a0 ${text('__proto__')} a0`, 'ERR_DUPLICATE_KEY'],
  'a duplicate key of a Map': ['d90103 a2 01 02 01 03', 'ERR_DUPLICATE_KEY'],
  'a duplicate NaN of a Set': [`d90102 82 ${'fb7ff8000000000000'.repeat(2)}`, 'ERR_DUPLICATE_KEY'],
  '-0 as the key of a Map': ['d90103 a1 fb 8000000000000000 01', 'ERR_MALFORMED'],
  'a number as the key of an object': ['a1 01 02', 'ERR_MALFORMED'],
  'a hole outside an array': ['d81f f7', 'ERR_MALFORMED'],
  'a hole that is not undefined': ['81 d81f f6', 'ERR_MALFORMED'],
  'a date beyond the end of time': ['d903e9 a2 01 1b 000009184e72a000 22 01', 'ERR_MALFORMED'],
  'a date with 1000 milliseconds': ['d903e9 a2 01 01 22 1903e8', 'ERR_MALFORMED'],
  'a date of text': [`d903e9 a1 01 ${text('now')}`, 'ERR_MALFORMED'],
  'a reference to nothing': ['d81d 00', 'ERR_REFERENCE'],
  'a reference to what comes later': ['82 d81d 00 d81c 80', 'ERR_REFERENCE', '[0]'],
  'a reference to itself': ['d81c d81d 00', 'ERR_MALFORMED'],
  'an array that contains itself': ['d81c 81 d81d 00', 'ERR_CYCLE', '[0]'],
  'a shared number': ['d81c 01', 'ERR_MALFORMED'],
  'a value that is shared twice': ['d81c d81c 80', 'ERR_MALFORMED'],
  'a model that is its own component': [
    `d81c d81b 83 ${text('Mixture')} 02 a2 ${text('components')} 81 d81d 00 ${text('w')} 80`,
    'ERR_CYCLE',
    'components[0]',
  ],
  'a model in two parts': [`d81b 82 ${text('Gaussian')} 01`, 'ERR_MALFORMED'],
  'a model whose type is no text': ['d81b 83 01 01 a0', 'ERR_MALFORMED'],
  'a model whose fields are an array': [`d81b 83 ${text('Gaussian')} 01 80`, 'ERR_MALFORMED'],
  'a model of version 0': [gaussian('a0', '00'), 'ERR_MALFORMED'],
  'a model of a newer version': [gaussian('a0', '02'), 'ERR_NEWER_TYPE'],
  'a model of an unknown type': [`a1 ${text('m')} d81b 83 ${text('Weibull')} 01 a0`, 'ERR_UNKNOWN_TYPE', 'm'],
  'a model of the type __proto__': [`d81b 83 ${text('__proto__')} 01 a0`, 'ERR_UNKNOWN_TYPE'],
  'a model of the type constructor': [`d81b 83 ${text('constructor')} 01 a0`, 'ERR_UNKNOWN_TYPE'],
  'a parameter out of range': [
    `81 ${gaussian(`a2 ${text('mu')} 00 ${text('sigma2')} 20`)}`,
    'ERR_INVALID_VALUE',
    '[0]',
  ],
  'a missing parameter': [gaussian(`a1 ${text('mu')} 00`), 'ERR_INVALID_VALUE'],
  'two values': ['01 02', 'ERR_TRAILING_BYTES'],
  '300 arrays in one another': [`${'81'.repeat(300)}80`, 'ERR_LIMIT'],
  'a million arrays in one another': [`${'81'.repeat(1_000_000)}80`, 'ERR_LIMIT'],
  'a million tags in one another': [`${'d81c'.repeat(1_000_000)}80`, 'ERR_MALFORMED'],
  'a million models in one another': [
    `${`d81b83${text('Mixture')}02a1${text('components')}`.repeat(50_000)}80`,
    'ERR_LIMIT',
  ],
};

describe('a forged tree', () => {
  it.each(Object.entries(forged))('with %s is refused', (_, [hex, code, path]) => {
    const refusal = refusalOf(fileOfTree(hex));
    expect(refusal.code).toBe(code);
    if (path !== undefined) expect(refusal.path).toBe(path);
  });

  it.each([
    ['no parts', '80', 'ERR_MALFORMED'],
    ['a third part', '83 80 01 02', 'ERR_MALFORMED'],
    ['a blob that is no typed array', '82 81 d81c 80 01', 'ERR_MALFORMED'],
    ['a blob that cannot be shared', '82 81 d840 40 01', 'ERR_MALFORMED'],
    ['more blobs than bytes', '82 9a 7fffffff', 'ERR_LIMIT'],
  ])('with %s instead of blobs and tree is refused', (_, hex, code) => {
    expect(refusalOf(fileOf(fromHex(hex))).code).toBe(code);
  });

  it('with a million nested arrays is a CodecError even without a limit on depth', () => {
    const deep = createCodec({ limits: { maxDepth: 10_000_000 } });
    expect(refusalOf(fileOfTree(`${'81'.repeat(1_000_000)}80`), deep).code).toBe('ERR_LIMIT');
    let value: unknown = [];
    for (let i = 0; i < 1_000_000; i++) value = [value];
    expect(() => deep.encode(value)).toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
    expect(() => deep.stringify(value)).toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
  });

  it('sets no prototype', () => {
    const value = codec.decode(fileOfTree(`a1 ${text('__proto__')} a1 ${text('polluted')} f5`)) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it('of references to references stands for more than fits in memory, and costs what its bytes do', () => {
    // Each array holds the one before twice: 2^200 leaves.
    const doubled = Array.from({ length: 200 }, (_, i) => `d81c 82 d81d ${byte(i)} d81d ${byte(i)}`);
    const tree = `98 c9 d81c 80 ${doubled.join('')}`;
    const value = codec.decode(fileOfTree(tree)) as unknown[][];
    expect(value[200]![0]).toBe(value[199]);
    expect(codec.decode(codec.encode(value))).toBeInstanceOf(Array);
    expect(codec.parse(codec.stringify(value))).toBeInstanceOf(Array);
    expect(codec.build(value)).toBeInstanceOf(Array);
  });

  it('gives a self-containing array only when cycles are allowed', () => {
    const value = cyclic.decode(fileOfTree('d81c 81 d81d 00')) as unknown[];
    expect(value[0]).toBe(value);
  });

  it('costs no more memory than its bytes justify', () => {
    const references = `82 d81c 98 c8 ${'f6'.repeat(200)} 99 2710 ${'d81d00'.repeat(10_000)}`;
    const value = codec.decode(fileOfTree(references)) as unknown[][];
    expect(new Set(value[1]).size).toBe(1);
  });
});

describe('limits', () => {
  const tight = createCodec({ types, limits: { maxBytes: 2000, maxDepth: 3, maxItems: 50, maxBigIntBytes: 8 } });

  it.each([
    ['maxDepth', [[[[1]]]]],
    ['maxItems', Array.from({ length: 60 }, (_, i) => i)],
    ['maxBytes', ['x'.repeat(2500)]],
    ['maxBytes', [new Float64Array(260).fill(1 / 3)]],
    ['maxBytes', [new Float64Array(20_000).fill(1 / 3)]],
    ['maxBigIntBytes', [2n ** 64n]],
  ])('%s holds for reading and writing, in both forms', (name, value) => {
    const refusal = expect.objectContaining({ code: 'ERR_LIMIT', message: expect.stringContaining(name) });
    expect(() => tight.encode(value)).toThrow(refusal);
    expect(() => tight.decode(codec.encode(value))).toThrow(refusal);
    expect(() => tight.parse(codec.stringify(value))).toThrow(refusal);
    expect(() => tight.stringify(value)).toThrow(refusal);
  });

  it('let through what just fits, and read what they wrote', () => {
    for (const value of [
      [[[]]],
      Array.from({ length: 49 }, () => 0),
      [2n ** 64n - 1n, -(2n ** 64n)],
      [new Gaussian(1, 2)],
    ]) {
      expect(tight.decode(tight.encode(value))).toStrictEqual(value);
      expect(tight.parse(tight.stringify(value))).toStrictEqual(value);
    }
  });

  it('count a text once against maxBytes, also where records are too long for a line', () => {
    const value = [Array.from({ length: 40 }, (_, i) => ({ name: 'x'.repeat(150) + i }))];
    const text = createCodec().stringify(value);
    const within = (maxBytes: number) => createCodec({ limits: { maxBytes } }).stringify(value);
    expect(within(text.length)).toBe(text);
    expect(() => within(text.length - 1)).toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
  });

  it('are checked themselves', () => {
    expect(() => createCodec({ limits: { maxDepth: 0 } })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
    const misspelt = { maxdepth: 3 } as object;
    expect(() => createCodec({ limits: misspelt })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
  });
});
