import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodecError, createCodec } from '../../src/node.js';
import { codec, Gaussian, Mixture, type Plain } from '../models.js';

function refusalOf(text: string, by = codec): CodecError {
  try {
    by.parse(text);
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('stringify', () => {
  it('leaves an ordinary model plain', () => {
    expect(codec.stringify(new Gaussian(0, 1))).toBe('{ "type": "Gaussian", "mu": 0, "sigma2": 1 }\n');
    expect(JSON.parse(codec.stringify([new Gaussian(0.1, 5e-324), 'é', null, true]))).toEqual([
      { type: 'Gaussian', mu: 0.1, sigma2: 5e-324 },
      'é',
      null,
      true,
    ]);
  });

  it('puts what is long on several lines, each of at most 100 characters', () => {
    const text = codec.stringify({ x: Array.from({ length: 100 }, (_, i) => i / 7), y: [1, 2, 3] });
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines).toContain('  "y": [1, 2, 3]');
  });

  it('is JSON that any reader accepts, for any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true }), (value) => {
        JSON.parse(codec.stringify(value));
      }),
    );
  });
});

describe('parse', () => {
  it('reads what a person wrote, in any layout', () => {
    const text = '\ufeff{"components":[{"sigma2":1,"mu":0e0,"type":"Gaussian"}],\r\n\t"w":[1.0], "type":"Mixture"}';
    expect(codec.parse(text)).toStrictEqual(new Mixture([new Gaussian(0, 1)], new Float64Array([1])));
  });

  it('takes a model without $version as version 1, and hands the version to fromJSON', () => {
    const old = codec.parse('{ "type": "Mixture", "components": [], "w": [0.5, 0.5] }');
    const now = codec.parse(
      '{ "type": "Mixture", "$version": 2, "components": [], "w": { "$Float64Array": [0.5, 0.5] } }',
    );
    expect(old).toStrictEqual(now);
  });

  it('reads what JSON.stringify makes of a model', () => {
    expect(codec.parse(JSON.stringify([new Gaussian(0, 1)]))).toStrictEqual([new Gaussian(0, 1)]);
  });

  it('reads a document that names this format version', () => {
    expect(codec.parse('{ "$dml": 1, "$value": [1] }')).toEqual([1]);
  });

  it('agrees with JSON.parse wherever both accept plain JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const expected = JSON.parse(text);
        expect(codec.parse(codec.stringify(expected))).toStrictEqual(expected);
      }),
    );
  });

  it.each([
    ['', 'ERR_TRUNCATED'],
    ['{', 'ERR_TRUNCATED'],
    ['[1, 2', 'ERR_TRUNCATED'],
    ['"abc', 'ERR_TRUNCATED'],
    ['[1,]', 'ERR_MALFORMED'],
    ['{"a":1,}', 'ERR_MALFORMED'],
    ["{'a':1}", 'ERR_MALFORMED'],
    ['{a:1}', 'ERR_MALFORMED'],
    ['NaN', 'ERR_MALFORMED'],
    ['01', 'ERR_TRAILING_BYTES'],
    ['+1', 'ERR_MALFORMED'],
    ['.5', 'ERR_MALFORMED'],
    ['// note\n1', 'ERR_MALFORMED'],
    ['"a\nb"', 'ERR_MALFORMED'],
    ['"\\x41"', 'ERR_MALFORMED'],
    ['"\\u12g4"', 'ERR_MALFORMED'],
    ['1 2', 'ERR_TRAILING_BYTES'],
    ['1e400', 'ERR_MALFORMED'],
    ['-1e400', 'ERR_MALFORMED'],
    ['12345678901234567890', 'ERR_MALFORMED'],
    ['{"a":1,"a":2}', 'ERR_DUPLICATE_KEY'],
    ['{"a":1,"\\u0061":2}', 'ERR_DUPLICATE_KEY'],
    ['{"__proto__":1,"__proto__":2}', 'ERR_DUPLICATE_KEY'],
    [`${'['.repeat(100_000)}`, 'ERR_LIMIT'],
    [`${'[['.repeat(1000)}${']]'.repeat(1000)}`, 'ERR_LIMIT'],
    ['{"$dml":2,"$value":1}', 'ERR_NEWER_FORMAT'],
    ['{"$dml":2,"type":"Gaussian"}', 'ERR_NEWER_FORMAT'],
    ['{"$dml":"1","$value":1}', 'ERR_MALFORMED'],
    ['{"$dml":1}', 'ERR_MALFORMED'],
    ['{"type":"Weibull","k":1}', 'ERR_UNKNOWN_TYPE'],
    ['{"type":"constructor"}', 'ERR_UNKNOWN_TYPE'],
    ['{"type":"Gaussian","$version":2,"mu":0,"sigma2":1}', 'ERR_NEWER_TYPE'],
    ['{"type":"Gaussian","$version":0,"mu":0,"sigma2":1}', 'ERR_MALFORMED'],
    ['{"type":"Gaussian","$version":null,"mu":0,"sigma2":1}', 'ERR_MALFORMED'],
    ['{"type":3}', 'ERR_MALFORMED'],
    ['{"type":"Gaussian","mu":0,"sigma2":-1}', 'ERR_INVALID_VALUE'],
    ['{"type":"Gaussian","mu":0,"$sigma2":1}', 'ERR_MALFORMED'],
    ['{"$unknown":1}', 'ERR_MALFORMED'],
    ['{"a":1,"$map":[]}', 'ERR_MALFORMED'],
    ['{"$map":[],"a":1}', 'ERR_MALFORMED'],
    ['{"$map":[[1]]}', 'ERR_MALFORMED'],
    ['{"$map":{"a":1}}', 'ERR_MALFORMED'],
    ['{"$map":[[1,2],[1,3]]}', 'ERR_DUPLICATE_KEY'],
    ['{"$set":[1,1]}', 'ERR_DUPLICATE_KEY'],
    ['{"$hole":true}', 'ERR_MALFORMED'],
    ['[{"$hole":false}]', 'ERR_MALFORMED'],
    ['{"$undefined":1}', 'ERR_MALFORMED'],
    ['{"$number":1}', 'ERR_MALFORMED'],
    ['{"$bigint":12}', 'ERR_MALFORMED'],
    ['{"$bigint":"0x12"}', 'ERR_MALFORMED'],
    ['{"$bigint":"-0"}', 'ERR_MALFORMED'],
    [`{"$bigint":"${'9'.repeat(1_000_000)}"}`, 'ERR_LIMIT'],
    ['{"$date":"yesterday"}', 'ERR_MALFORMED'],
    ['{"$date":5}', 'ERR_MALFORMED'],
    ['{"$date":"2024-02-30T99:00:00Z"}', 'ERR_MALFORMED'],
    ['{"$Uint8Array":[256]}', 'ERR_MALFORMED'],
    ['{"$Uint8Array":[1.5]}', 'ERR_MALFORMED'],
    ['{"$Int8Array":["NaN"]}', 'ERR_MALFORMED'],
    ['{"$Float64Array":["1"]}', 'ERR_MALFORMED'],
    ['{"$Float64Array":[null]}', 'ERR_MALFORMED'],
    ['{"$BigInt64Array":[1]}', 'ERR_MALFORMED'],
    ['{"$BigUint64Array":["-1"]}', 'ERR_MALFORMED'],
    ['{"$ref":1}', 'ERR_REFERENCE'],
    ['{"$id":1,"$value":3}', 'ERR_MALFORMED'],
    ['{"$id":1}', 'ERR_MALFORMED'],
    ['{"$id":1,"$value":[{"$ref":1}]}', 'ERR_CYCLE'],
    ['[{"$id":1,"$value":[]},{"$id":1,"$value":[]}]', 'ERR_DUPLICATE_KEY'],
    ['{"$id":1,"$value":{"$id":2,"$value":[]}}', 'ERR_MALFORMED'],
  ])('refuses %s', (text, code) => {
    expect(refusalOf(text)).toMatchObject({ code });
  });

  it('names line and column, or the path', () => {
    expect(refusalOf('{\n  "a": [1,\n  x]\n}').message).toContain('line 3, column 3: expected a value, found "x]\\n}"');
    const bad =
      '{"type":"Mixture","components":[{"type":"Gaussian","mu":0,"sigma2":1},{"type":"Gaussian","mu":0,"sigma2":0}]}';
    expect(refusalOf(bad)).toMatchObject({
      path: 'components[1]',
      message: 'components[1]: Gaussian: sigma2 must be > 0, found 0.',
    });
    expect(refusalOf('{"a b":{"c":[0,{"$set":1}]}}').path).toBe('a b.c[1]');
  });

  it('says how to write plain data that looks like something else', () => {
    expect(refusalOf('{"$unknown":1}').message).toContain('"$$unknown"');
    expect(refusalOf('{"type":3}').message).toContain('"$type"');
  });

  it('takes any text for a value or a CodecError', () => {
    const words = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '1',
      '-',
      'e',
      '"type"',
      '"$map"',
      '"$ref"',
      '"$id"',
      '"$value"',
      'null',
      '\\u',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 3 })), { maxLength: 30 }), (parts) => {
        try {
          const value = codec.parse(parts.join(''));
          expect(codec.parse(codec.stringify(value))).toStrictEqual(value);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('makes __proto__ an own key', () => {
    const value = codec.parse('{"__proto__":{"polluted":true}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect((value as { polluted?: unknown }).polluted).toBeUndefined();
    const model = codec.parse('{"type":"Plain thing","__proto__":{"x":1}}') as Plain;
    expect(Object.keys(model.fields)).toEqual(['__proto__']);
  });

  it('reads a document of maxDepth in each of the ways a level can be written', () => {
    const small = createCodec({ limits: { maxDepth: 20 }, allowCycles: true });
    let value: unknown = 0;
    for (let i = 0; i < 10; i++) value = new Map([[new Set([value]), 1]]);
    expect(() => small.parse(small.stringify(value))).not.toThrow();
  });
});
