import { describe, expect, it } from 'vitest';
import { type AnyModelType, createCodec, type Fields, type ModelType } from '../../src/node.js';
import { codec, Gaussian, Mixture, Plain, plainType, types } from '../models.js';

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('createCodec', () => {
  it('knows no type by itself', () => {
    const bare = createCodec();
    expect(bare.decode(bare.encode({ a: 1 }))).toEqual({ a: 1 });
    expect(() => bare.encode(new Gaussian(0, 1))).toThrow(
      refusal('ERR_UNSUPPORTED_VALUE', /class Gaussian is not registered/),
    );
    const advice = /type "Gaussian" is not registered. Pass \{ types: \[GaussianDistribution\] \} to createCodec/;
    expect(() => bare.decode(codec.encode(new Gaussian(0, 1)))).toThrow(refusal('ERR_UNKNOWN_TYPE', advice));
    expect(() => bare.parse(codec.stringify(new Gaussian(0, 1)))).toThrow(refusal('ERR_UNKNOWN_TYPE', advice));
  });

  it('does not advise the distribution of an estimator', () => {
    expect(() => createCodec().parse('{ "type": "GaussianEstimator", "options": {} }')).toThrow(
      refusal('ERR_UNKNOWN_TYPE', /Pass \{ types: \[its class\] \}/),
    );
  });

  it('takes any iterable of types', () => {
    const lazily = createCodec({ types: new Set(types) });
    expect(lazily.decode(codec.encode(new Gaussian(0, 1)))).toStrictEqual(new Gaussian(0, 1));
  });

  it('gives codecs of the same types the same id, in any order, and others another', () => {
    expect(createCodec({ types: [...types].reverse() }).id).toBe(codec.id);
    expect(createCodec({ types: [Gaussian] }).id).not.toBe(codec.id);
    const newer = class extends Mixture {
      static override readonly typeVersion = 3 as never;
    };
    expect(createCodec({ types: [Gaussian, newer, plainType] }).id).not.toBe(codec.id);
  });

  it('reads a type under its former names, and writes it under its own', () => {
    class Renamed extends Gaussian {
      static readonly formerNames = ['Gaussian'];
      static override readonly typeName = 'Renamed' as never;
      override toJSON() {
        return { ...super.toJSON(), type: 'Renamed' } as never;
      }
      static override fromJSON({ mu, sigma2 }: Fields) {
        return new Renamed(Number(mu), Number(sigma2));
      }
    }
    const renamed = createCodec({ types: [Renamed] });
    for (const read of [
      renamed.decode(codec.encode(new Gaussian(0, 1))),
      renamed.parse(codec.stringify(new Gaussian(0, 1))),
    ]) {
      expect(read).toStrictEqual(new Renamed(0, 1));
      expect(renamed.stringify(read)).toContain('Renamed');
    }
    expect(() => renamed.parse('{ "type": "Gaussian", "mu": 0, "sigma2": 1, "nu": 3 }')).toThrow(/no field "nu"/);
  });

  const broken: readonly (readonly [string, unknown, RegExp])[] = [
    ['a type given twice', [Gaussian, Gaussian], /"Gaussian" is registered twice/],
    [
      'former names that are no list',
      [
        class {
          static typeName = 'A';
          static typeVersion = 1;
          static formerNames = 5;
          static fromJSON() {}
          toJSON() {}
        },
      ],
      /formerNames that are a list of names/,
    ],
    ['a class without typeName', [class Bare {}], /class without a static typeName/],
    [
      'a class without toJSON',
      [Object.assign(class {}, { typeName: 'A', typeVersion: 1, fromJSON: () => 1 })],
      /no method toJSON/,
    ],
    [
      'a class without fromJSON',
      [
        class {
          static typeName = 'A';
          static typeVersion = 1;
          toJSON() {}
        },
      ],
      /fromJSON/,
    ],
    ['version 0', [{ ...plainType, version: 0 }], /version that is an integer >= 1, found 0/],
    ['no name', [{ ...plainType, name: '' }], /must have a name/],
    ['no is', [{ name: 'A', version: 1, toJSON() {}, fromJSON() {} }], /has no function is/],
    ['undefined', [undefined], /must have a name/],
  ];

  it.each(broken)('refuses %s', (_, given, message) => {
    expect(() => createCodec({ types: given as readonly AnyModelType[] })).toThrow(
      refusal('ERR_TYPE_DEFINITION', message),
    );
  });
});

/** Writes any fields under the name Gaussian. */
const forged = createCodec({ types: [{ ...plainType, name: 'Gaussian' }] });

describe('a type', () => {
  const descriptor = (changes: Partial<ModelType>): ModelType => ({ ...plainType, ...changes });
  const by = (changes: Partial<ModelType>) => createCodec({ types: [Gaussian, descriptor(changes)] });
  const forms = [
    (by: ReturnType<typeof createCodec>, value: unknown) => by.encode(value),
    (by: ReturnType<typeof createCodec>, value: unknown) => by.stringify(value),
  ];

  it.each(forms)('whose toJSON throws is named with its place', (write) => {
    const codec = by({
      toJSON: () => {
        throw new Error('no fields today');
      },
    });
    const expected = {
      code: 'ERR_INVALID_VALUE',
      path: 'a[0]',
      message: 'a[0]: Plain thing.toJSON failed: no fields today',
    };
    expect(() => write(codec, { a: [new Plain({})] })).toThrow(expect.objectContaining(expected));
  });

  it.each(forms)('whose toJSON returns no object is refused', (write) => {
    expect(() => write(by({ toJSON: () => [1] }), [new Plain({})])).toThrow(
      refusal('ERR_TYPE_DEFINITION', /object of fields/),
    );
  });

  it.each(forms)('whose toJSON returns the wrong type name is refused', (write) => {
    class Liar extends Gaussian {
      static override readonly typeName = 'Liar' as never;
    }
    expect(() => write(createCodec({ types: [Liar] }), new Liar(0, 1))).toThrow(
      refusal('ERR_TYPE_DEFINITION', /found type "Gaussian"/),
    );
  });

  it('that claims what another claims is refused', () => {
    const twice = createCodec({ types: [plainType, descriptor({ name: 'Other' })] });
    expect(() => twice.encode(new Plain({}))).toThrow(refusal('ERR_TYPE_DEFINITION', /Plain thing, Other" all claim/));
  });

  it('whose fromJSON returns nothing is refused', () => {
    const forgetful = by({ fromJSON: () => undefined });
    expect(() => forgetful.decode(codec.encode([new Plain({})]))).toThrow(
      refusal('ERR_TYPE_DEFINITION', /fromJSON must return/),
    );
  });

  it('keeps the error of its constructor as the cause', () => {
    const cause = new TypeError('bad');
    const failing = by({
      fromJSON: () => {
        throw cause;
      },
    });
    expect(() => failing.decode(codec.encode([new Plain({})]))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_VALUE', path: '[0]', cause }),
    );
  });

  it('hears the version of the file', () => {
    const versions: number[] = [];
    const newer = by({
      version: 7,
      fromJSON: (fields, version) => {
        versions.push(version);
        return new Plain(fields);
      },
    });
    newer.decode(codec.encode(new Plain({})));
    newer.decode(newer.encode(new Plain({})));
    newer.parse(newer.stringify(new Plain({})));
    expect(versions).toEqual([1, 7, 7]);
    expect(() => codec.decode(newer.encode(new Plain({})))).toThrow(
      refusal('ERR_NEWER_TYPE', /version 7, newer than 1/),
    );
  });

  describe.each([
    ['binary', (fields: object) => by({}).decode(forged.encode(new Plain(fields as Fields)))],
    ['JSON', (fields: object) => codec.parse(JSON.stringify([{ type: 'Gaussian', ...fields }]))],
    ['built', (fields: object) => codec.build([{ type: 'Gaussian', ...fields }])],
  ])('whose file has a field it does not know, %s', (form, read) => {
    it.each([
      [{ mu: 0, sigma2: 1, sigmaa2: 2 }, 'sigmaa2', 'has no field "sigmaa2". Did you mean "sigma2"?'],
      [{ mu: 0, sigma2: 1, sgima: 2 }, 'sgima', 'has no field "sgima". Did you mean "sigma2"?'],
      [{ mu: 0, sigma2: 1, Mu: 2 }, 'Mu', 'has no field "Mu". Did you mean "mu"?'],
      [{ mu: 0, sigma2: 1, weight: 2 }, 'weight', 'has no field "weight". Known: mu, sigma2.'],
      [{ mu: 0, sigma2: 1, 'a b.c': 2 }, '["a b.c"]', 'has no field "a b.c". Known: mu, sigma2.'],
      [{ mu: 0, sigma2: 1, ['x'.repeat(100_000)]: 2 }, '["xxxxxxxx', 'Known: mu, sigma2.'],
    ])('is refused: %#', (fields, path, message) => {
      const place = form === 'binary' ? '' : '[0]';
      const dot = place === '' || path.startsWith('[') ? '' : '.';
      expect(() => read(fields)).toThrow(
        expect.objectContaining({
          code: 'ERR_UNKNOWN_FIELD',
          path: expect.stringContaining(place + dot + path),
          reason: expect.stringContaining(message),
        }),
      );
    });
  });

  it('may drop the fields of an older version, and of a model that it turns into another', () => {
    const upgraded = by({ version: 2, toJSON: () => ({}) });
    expect(upgraded.decode(codec.encode(new Plain({ x: 1 })))).toStrictEqual(new Plain({ x: 1 }));
    const other = by({ fromJSON: () => new Gaussian(0, 1) });
    expect(other.decode(codec.encode(new Plain({ x: 1 })))).toStrictEqual(new Gaussian(0, 1));
  });

  it('asks toJSON once for a model that occurs many times', () => {
    let calls = 0;
    const counting = by({
      toJSON: (value: Plain) => {
        calls++;
        return value.fields;
      },
    });
    const model = new Plain({ x: [1] });
    counting.encode([model, model, { model }]);
    expect(calls).toBe(1);
  });
});

describe('build', () => {
  it('makes live models of nested descriptions, from the leaves up', () => {
    const description = { type: 'Mixture', components: [{ type: 'Gaussian', mu: -0, sigma2: 1 }], w: [1] };
    expect(codec.build(description)).toStrictEqual(new Mixture([new Gaussian(-0, 1)], new Float64Array([1])));
    expect(codec.build({ map: new Map([['a', { type: 'Gaussian', mu: 0, sigma2: 1 }]]) })).toStrictEqual({
      map: new Map([['a', new Gaussian(0, 1)]]),
    });
  });

  it('builds once what occurs many times', () => {
    let description: unknown = { type: 'Gaussian', mu: 0, sigma2: 1 };
    for (let i = 0; i < 100; i++) description = [description, description];
    const [left, right] = codec.build(description) as unknown[];
    expect(left).toBe(right);
  });

  it('refuses with the path', () => {
    const bad = { type: 'Mixture', components: [{ type: 'Gaussian', mu: 0, sigma2: -1 }] };
    expect(() => codec.build(bad)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_VALUE', path: 'components[0]' }),
    );
    expect(() => codec.build([{ type: 'Weibull' }])).toThrow(
      expect.objectContaining({ code: 'ERR_UNKNOWN_TYPE', path: '[0]' }),
    );
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => codec.build(cycle)).toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
  });
});
