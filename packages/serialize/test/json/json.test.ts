import { describe, expect, it } from 'vitest';
import { CodecError, createCodec } from '../../src/node.js';
import { codec, Gaussian, Mixture, type Plain } from '../models.js';
import fc from '../property.js';

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

  it('fills lines of numbers as far as they go, plain ones and special', () => {
    const ordinary = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.nat(9));
    const special = fc.constantFrom(-0, 2 ** 53, 2 ** 60 + 2 ** 9, 1e21, 1e300, 5e-324);
    const list = fc.array(fc.oneof({ arbitrary: ordinary, weight: 200 }, { arbitrary: special, weight: 1 }), {
      maxLength: 99,
      size: 'max',
    });
    fc.assert(
      fc.property(list, fc.nat(3), (numbers, depth) => {
        let nested: unknown = numbers;
        for (let i = 0; i < depth; i++) nested = [nested, i];
        const text = codec.stringify(nested);
        expect(codec.parse(text)).toEqual(nested);
        const lines = text.split('\n').filter((line) => /^ *-?\d/.test(line) && line.includes(','));
        lines.forEach((line, i) => {
          expect(line.length).toBeLessThanOrEqual(100);
          const next = lines[i + 1]?.match(/^ *(\S+)/)?.[1];
          const isInList =
            next !== undefined && /^ *\S/.exec(line)![0].length === /^ *\S/.exec(lines[i + 1]!)![0].length;
          if (isInList && line.endsWith(',')) expect(line.length + 1 + next.length).toBeGreaterThan(100);
        });
        const [first = '0', ...rest] = text.match(/-?[\d.]+(e[+-]?\d+)?/g) ?? [];
        if (numbers.length > 0 && depth === 0) expect([first, ...rest].map(Number)).toEqual(numbers);
      }),
    );
  });

  it('gives each item of a list of 100 and more a line, at any depth, words and others', () => {
    const word = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 2 ** 60, null, true, 'a,\n "]'), fc.string());
    // Each a new object: one that occurs twice is written as a reference.
    const other = fc.nat(4).map((kind) => [[1, 'x'], { a: 1 }, undefined, 7n, new Set([1])][kind]);
    const item = fc.oneof({ arbitrary: word, weight: 60 }, { arbitrary: other, weight: 1 });
    // Seven levels are more than engines indent.
    fc.assert(
      fc.property(fc.array(item, { minLength: 100, maxLength: 2400, size: 'max' }), fc.nat(7), (items, depth) => {
        let nested: unknown = items;
        for (let i = 0; i < depth; i++) nested = [nested];
        const inner = '  '.repeat(depth + 1);
        const lines = items.map((each) => inner + codec.stringify(each).trimEnd());
        const before = Array.from({ length: depth + 1 }, (_, i) => `${'  '.repeat(i)}[\n`);
        const after = Array.from({ length: depth + 1 }, (_, i) => `\n${'  '.repeat(depth - i)}]`);
        const text = codec.stringify(nested);
        expect(text).toBe(`${before.join('')}${lines.join(',\n')}${after.join('')}\n`);
        expect(codec.parse(text)).toStrictEqual(nested);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the elements of typed arrays, members of sets and entries of maps lines in the same way', () => {
    const special = [Number.NaN, -0, Infinity, 2 ** 60, 0.5];
    const numbers = Array.from({ length: 3000 }, (_, i) => (i % 40 < 5 ? special[i % 40]! : i / 4));
    const inList = (key: string, lines: readonly string[]) =>
      `{\n  "${key}": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`;
    const textOf = (x: number) => (Number.isFinite(x) ? codec.stringify(x).trimEnd() : `"${x}"`);
    expect(codec.stringify(Float64Array.from(numbers))).toBe(inList('$Float64Array', numbers.map(textOf)));
    const ids = numbers.map((_, i) => i);
    expect(codec.stringify(new Set(ids))).toBe(inList('$set', ids.map(String)));
    const entries = new Map(ids.map((id) => [id, 'x']));
    expect(codec.stringify(entries)).toBe(
      inList(
        '$map',
        ids.map((id) => `[${id}, "x"]`),
      ),
    );
    const bytes = Uint8Array.from(ids);
    expect(codec.stringify(bytes.buffer)).toBe(inList('$ArrayBuffer', [...bytes].map(String)));
    const large = BigInt64Array.from(ids, (id) => BigInt(id) << 40n);
    expect(codec.stringify(large)).toBe(
      inList(
        '$BigInt64Array',
        [...large].map((x) => `"${x}"`),
      ),
    );
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
    ['9007199254740993', null],
    ['9007199254740993.0', null],
    ['-9007199254740993.00', null],
    ['9007199254740992.0', 9007199254740992],
    ['1e+23', 1e23],
    ['9007199254740992', 2 ** 53],
    ['-9007199254740994', -(2 ** 53) - 2],
    ['18446744073709551616', 2 ** 64],
    ['18446744073709552000', null],
    ['10000000000000000000000', 1e22],
    ['99999999999999999999999', null],
    ['1e22', 1e22],
    ['18446744073709552000.0', 2 ** 64],
    ['1.8446744073709552e19', 2 ** 64],
    ['123456789012345', 123456789012345],
    ['1234567890123456', 1234567890123456],
    ['-0', -0],
    ['-0.0', -0],
    ['{"$number":"-0"}', -0],
    ['0.1e1', 1],
    ['1E+2', 100],
    ['100e-2', 1],
  ])('takes the integer %s only when a double is exactly that', (text, expected) => {
    if (expected === null) expect(refusalOf(`[${text}]`)).toMatchObject({ code: 'ERR_MALFORMED' });
    else expect(Object.is((codec.parse(`[${text}]`) as number[])[0], expected)).toBe(true);
  });

  it('reads every integer that stringify writes', () => {
    for (let exponent = 52; exponent < 80; exponent++) {
      for (const value of [2 ** exponent, -(3 * 2 ** exponent), 2 ** exponent + 2 ** (exponent - 50)]) {
        const text = codec.stringify(value);
        expect(codec.parse(text)).toBe(value);
        if (!text.includes('e')) expect(BigInt(text)).toBe(BigInt(value));
      }
    }
  });

  it.each([
    '2024-02-31T00:00:00.000Z',
    '2023-02-29T00:00:00Z',
    '2024-04-31T12:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T00:00:60Z',
    '-000000-01-01T00:00:00Z',
    '+002024-01-01T00:00:00Z',
    '2024-01-01T00:00:00',
    '2024-01-01',
  ])('refuses the date %s, which no calendar or no writer has', (text) => {
    expect(refusalOf(`{ "$date": "${text}" }`)).toMatchObject({ code: 'ERR_MALFORMED' });
  });

  it.each([
    ['2024-02-29T23:59:59.5Z', Date.UTC(2024, 1, 29, 23, 59, 59, 500)],
    ['-000001-01-01T00:00:00.000Z', -62198755200000],
    ['+010000-01-01T00:00:00Z', 253402300800000],
  ])('reads the date %s', (text, time) => {
    expect((codec.parse(`{ "$date": "${text}" }`) as Date).getTime()).toBe(time);
  });

  it('keeps the bits of each NaN in a typed array', () => {
    const doubles = new BigUint64Array([
      0x7ff8_0000_0000_0001n,
      0x7ff8_0000_0000_0000n,
      0xfff8_0000_0000_0000n,
      0x7ff0_0000_0000_0001n,
    ]);
    const floats = new Uint32Array([0x7fc0_0000, 0xffc0_0001, 0x7f80_0001]);
    const value = [new Float64Array(doubles.buffer), new Float32Array(floats.buffer)];
    const text = codec.stringify(value);
    expect(text).toContain('"NaN:7ff8000000000001", "NaN", "NaN:fff8000000000000"');
    expect(codec.encode(codec.parse(text))).toEqual(codec.encode(value));
    for (const bad of ['NaN:7ff8000000000000', 'NaN:3ff0000000000000', 'NaN:7ff8', 'nan', 'NaN:7FF8000000000001']) {
      expect(refusalOf(`{ "$Float64Array": ["${bad}"] }`)).toMatchObject({ code: 'ERR_MALFORMED' });
    }
  });

  it('reads 9 million lone surrogates and as many escapes in linear time and memory', () => {
    const text = codec.stringify('\ud800'.repeat(9e6));
    expect(codec.parse(text)).toHaveLength(9e6);
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
    ['{"$set":[-0.0]}', 'ERR_MALFORMED'],
    ['{"$map":[[-0,1]]}', 'ERR_MALFORMED'],
    ['{"$map":[[]]}', 'ERR_MALFORMED'],
    ['{"$map":[[1,2,3]]}', 'ERR_MALFORMED'],
    ['{"$map":[1]}', 'ERR_MALFORMED'],
    ['{"type":"Gaussian","type":"Gaussian","mu":0,"sigma2":1}', 'ERR_DUPLICATE_KEY'],
    ['{"type":"Gaussian","$version":1,"$version":1,"mu":0,"sigma2":1}', 'ERR_DUPLICATE_KEY'],
    ['{"$version":1}', 'ERR_MALFORMED'],
    ['{"$value":[],"$id":1}', 'ERR_MALFORMED'],
    ['{"$value":[],"$dml":1}', 'ERR_MALFORMED'],
    ['{"$dml":1,"$value":1,"a":2}', 'ERR_MALFORMED'],
    ['[{"$dml":1,"$value":1}]', 'ERR_MALFORMED'],
    ['{"$map":[]', 'ERR_TRUNCATED'],
    ['1.', 'ERR_TRAILING_BYTES'],
    ['1e', 'ERR_TRAILING_BYTES'],
    ['-', 'ERR_MALFORMED'],
    ['{"$Float32Array":[1e300]}', 'ERR_MALFORMED'],
    ['{"$Float64Array":[[1]]}', 'ERR_MALFORMED'],
    ['{"$Int32Array":[-0.0]}', 'ERR_MALFORMED'],
    ['{"$hole":true}', 'ERR_MALFORMED'],
    ['[{"$hole":false}]', 'ERR_MALFORMED'],
    ['{"$undefined":1}', 'ERR_MALFORMED'],
    ['{"$number":1}', 'ERR_MALFORMED'],
    ['{"$number":"-1"}', 'ERR_MALFORMED'],
    ['{"$set":[{"$number":"-0"}]}', 'ERR_MALFORMED'],
    ['{"$bigint":12}', 'ERR_MALFORMED'],
    ['{"$bigint":"0x12"}', 'ERR_MALFORMED'],
    ['{"$bigint":"-0"}', 'ERR_MALFORMED'],
    [`{"$bigint":"${'9'.repeat(1_000_000)}"}`, 'ERR_LIMIT'],
    ['{"$date":"yesterday"}', 'ERR_MALFORMED'],
    ['{"$date":5}', 'ERR_MALFORMED'],
    ['{"$date":"2024-02-30T99:00:00Z"}', 'ERR_MALFORMED'],
    ['{"$date":null', 'ERR_TRUNCATED'],
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
    // Not the place inside an earlier item of the same depth.
    expect(refusalOf('[[{}],{"$set":7}]').path).toBe('[1]');
    expect(refusalOf('[[{}],{"$map":7}]').path).toBe('[1]');
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

/** The list with another item at one place. */
function replaced(list: readonly unknown[], at: number, item: unknown): unknown[] {
  return list.map((each, i) => (i === at ? item : each));
}

describe('long lists', () => {
  const text = 'x\n }",[\n  ]\\ \u2028';
  const records = Array.from({ length: 1200 }, (_, i) => ({
    id: i,
    name: i % 7 === 0 ? text : `n${i}`,
    height: i / 7,
  }));
  const rows = records.map(({ id, name }) => [id / 3, name, null, true]);
  const numbers = Array.from({ length: 9000 }, (_, i) => (i % 3 === 0 ? i : i / 7));

  it.each([
    ['records', records],
    ['rows', rows],
  ])('of %s are written as each item is', (_, items) => {
    const lines = items.map((item) => `  ${codec.stringify(item).trimEnd()}`);
    expect(codec.stringify(items)).toBe(`[\n${lines.join(',\n')}\n]\n`);
  });

  it.each<[string, unknown[]]>([
    ['records', records],
    ['rows', rows],
    ['numbers', numbers],
    ['records, one of them with an infinity', replaced(records, 700, { id: Infinity, name: '', height: -0 })],
    [
      'records, one of them with keys that are escaped',
      replaced(records, 600, { $a: 1, type: 'b', height: 0 } as never),
    ],
    ['records, one of them twice', replaced(records, 1000, records[3]!)],
    ['rows, one of them with a hole', replaced(rows, 900, new Array<number>(3))],
    ['numbers, with one that is none', [...numbers, 'x', ...numbers]],
    ['numbers, with -0 and integers from 2^53 on', [...numbers, -0, 2 ** 60, ...numbers, 1e300]],
  ])('of %s come back', (_, items) => {
    expect(codec.parse(codec.stringify(items))).toStrictEqual(items);
    expect(codec.parse(JSON.stringify(numbers))).toStrictEqual(numbers);
  });

  it('of plain records are read as JSON.parse reads them', () => {
    const mixed = records.map((record, i) => ({
      ...record,
      'a "key"\\': [[i], { '': [] }, 1e-300, true, null, '\u{1f600}"\\'],
    }));
    for (const indent of [0, 1]) {
      expect(codec.parse(JSON.stringify(mixed, null, indent))).toStrictEqual(mixed);
      expect(codec.parse(JSON.stringify({ rows: mixed, last: mixed }, null, indent))).toStrictEqual({
        rows: mixed,
        last: mixed,
      });
    }
  });

  // Of what the engine reads in pieces, nothing may pass that is refused one by one.
  it.each([
    ['a key that occurs twice', '{"a":1,"a":2}', 'the key "a" occurs twice'],
    ['such a key deeper down', '[{"a":{"b":1,"\\u0062":[]}}]', 'the key "b" occurs twice'],
    ['a directive', '{"$ref":7}', '"$ref" 7 names no "$id"'],
    ['an escaped directive', '{"\\u0024nothing":7}', '"$nothing" has no meaning here'],
    ['a model', '[{"a":1,"type":"Nothing"}]', 'type "Nothing" is not registered'],
    ['an integer that is rounded', '{"a":[9007199254740993]}', 'is not exactly a double'],
    ['a number that is too large', '{"a":1e999}', 'is too large for a double'],
    ['a control character', '"a\nb"', 'expected the closing double quote'],
    ['a bracket of another kind', '[1}', 'expected "," or "]"'],
    ['too many levels', `${'['.repeat(600)}1${']'.repeat(600)}`, 'nested deeper than limits.maxDepth'],
  ])('of records refuse %s', (_, bad, message) => {
    const text = JSON.stringify(records);
    const at = text.indexOf(',{"id":700');
    for (const long of [`${text.slice(0, at)},${bad}${text.slice(at)}`, `{"x":${text.slice(0, -1)},${bad}]}`]) {
      expect(() => codec.parse(long)).toThrow(message);
    }
  });

  it('of typed arrays hold numbers alone', () => {
    const list = (bad: string) => `{"$Float32Array":[${numbers.slice(0, 100).join()},${bad},1,2]}`;
    for (const bad of ['true', 'null', '"x"', '[]', '{}'])
      expect(() => codec.parse(list(bad))).toThrow('element 100 of');
  });

  it('cost the same in both ways of reading', () => {
    const text = JSON.stringify(records);
    const items = 1 + records.length * 4;
    expect(createCodec({ limits: { maxItems: items } }).parse(text)).toHaveLength(records.length);
    expect(() => createCodec({ limits: { maxItems: items - 1 } }).parse(text)).toThrow('limits.maxItems');
  });

  it('name the place of what is refused', () => {
    const bad = JSON.stringify(numbers).replace(',8997,', ',9007199254740993,');
    expect(() => codec.parse(bad)).toThrow('the integer 9007199254740993 is not exactly a double');
    expect(() => codec.parse(`[${numbers.join()},,1]`)).toThrow('expected a value');
    const few = createCodec({ types: [], limits: { maxItems: 8000 } });
    expect(() => few.parse(JSON.stringify(numbers))).toThrow(/\[7999\].*limits\.maxItems = 8000/);
    const fewer = createCodec({ types: [], limits: { maxItems: 2000 } });
    expect(() => fewer.stringify(records)).toThrow(/\[499\]\.height.*limits\.maxItems = 2000/);
  });
});
