import { isUtf8 } from 'node:buffer';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DescribedModel, describeFile } from '../src/node.js';
import { codec } from './models.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const reader = path('../python/dml_model.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** What the reader prints for a value of ours. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return ['bigint', String(value)];
  if (value === undefined) return ['undefined', ''];
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return ['number', String(value)];
    return Object.is(value, -0) ? ['number', '-0'] : value;
  }
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value) ? value : ['utf-16', unitsOf(value)];
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, (item, i) => (i in value ? plain(item) : ['hole', '']));
  if (value instanceof Map) return ['map', [...value].map((entry) => plain(entry))];
  if (value instanceof Set) return ['set', plain([...value])];
  if (value instanceof Date) return ['date', Number.isNaN(value.getTime()) ? 'invalid' : String(value.getTime())];
  if (value instanceof ArrayBuffer) return ['bytes', Buffer.from(value).toString('hex')];
  if (ArrayBuffer.isView(value)) return plain(Array.from(value as unknown as Iterable<unknown>));
  if (value instanceof DescribedModel) return { ...value, fields: plain(value.fields) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Python's strings have code points: a pair of surrogates is one. */
const unitsOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);

describe.skipIf(!hasPython)('a reader in Python, written from FORMAT.md (skipped without python3)', () => {
  it('reads the frozen file', () => {
    const printed = execFileSync('python3', [reader, path('./corpus/version-1.dml')], {
      encoding: 'utf8',
    });
    const value = JSON.parse(printed);
    const gaussian = (mu: unknown, sigma2: number) => ({ type: 'Gaussian', version: 1, fields: { mu, sigma2 } });
    const shared = gaussian(['number', '-0'], 5e-324);
    expect(value).toMatchObject({
      numbers: [
        0,
        -1,
        24,
        256,
        65536,
        2 ** 32,
        2 ** 53 - 1,
        2 ** 53,
        ['number', '-0'],
        0.1,
        ['number', 'NaN'],
        ['number', 'Infinity'],
      ],
      bigints: [
        ['bigint', '0'],
        ['bigint', '-1'],
        ['bigint', String(2n ** 70n)],
        ['bigint', String(-(2n ** 70n))],
      ],
      words: ['', 'a', 'é€😀', ['utf-16', [0xd800]], 'x'.repeat(300)],
      simple: [true, false, null, ['undefined', '']],
      holes: [['hole', ''], 1, ['hole', '']],
      map: [
        'map',
        [
          [1, 'number'],
          ['1', 'string'],
        ],
      ],
      set: ['set', ['b', 'a']],
      dates: [
        ['date', '0'],
        ['date', '-1'],
        ['date', '1700000000123'],
        ['date', 'invalid'],
      ],
      buffer: ['bytes', '010203'],
      model: {
        type: 'Mixture',
        version: 2,
        fields: { components: [shared, shared, gaussian(3, 1)], w: [0.25, 0.5, 0.25] },
      },
      plain: { type: 'Plain thing', fields: { type: 'own', $ref: 1 } },
    });
    expect(value.arrays.slice(0, 7)).toEqual([[-1], [255], [255], [-2], [65535], [-3], [2 ** 32 - 1]]);
    expect(value.arrays.slice(9)).toEqual([
      [0.5, ['number', '-0']],
      [0.1, ['number', '-0'], 5e-324],
    ]);
    expect(value.blob).toEqual(Array.from({ length: 8192 }, (_, i) => i / 8));
  });

  it('reads the frozen JSON to the same values', () => {
    const [binary, text] = ['dml', 'json'].map((extension) =>
      execFileSync('python3', [reader, path(`./corpus/version-1.${extension}`)], { encoding: 'utf8' }),
    );
    expect(JSON.parse(text!)).toEqual(JSON.parse(binary!));
  });

  it('reads what ours reads to the same values, and refuses the rest in words of its own', async () => {
    const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
import dml_model
for name in sys.argv[2:]:
    try:
        print(json.dumps(dml_model.plain(dml_model.load(name))))
    except dml_model.FormatError:
        print('"refused"')`;
    const folder = path('./hostile/');
    const names = readdirSync(folder).filter((name) => /\.(dml|stream|txt)$/.test(name));
    const files = names.map((name) => folder + name);
    const printed = execFileSync('python3', ['-c', script, path('../python/'), ...files], { encoding: 'utf8' });
    const outcomes = printed.trimEnd().split('\n');
    expect(outcomes).toHaveLength(names.length);
    let compared = 0;
    for (const [i, name] of names.entries()) {
      if (!name.startsWith('accepted')) continue;
      const bytes = readFileSync(folder + name);
      // The fuzzer puts a mark in the place of bytes that are no text; files with such bytes are refused.
      if (name.endsWith('.txt') && !isUtf8(bytes)) continue;
      const { value } = await describeFile(new Uint8Array(bytes));
      expect([name, JSON.parse(outcomes[i]!)]).toEqual([name, JSON.parse(JSON.stringify(plain(value)))]);
      compared++;
    }
    expect(compared).toBeGreaterThan(30);
  });

  it('reads blobs and shared values wherever they stand, and refuses a damaged file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dml-foreign-'));
    const file = join(folder, 'a.dml');
    const read = () => execFileSync('python3', [reader, file], { encoding: 'utf8', stdio: 'pipe' });
    try {
      const large = new Int32Array(20_000).fill(-7);
      const shared = ['é', { '': 1 }];
      const bytes = codec.encode({
        a: shared,
        b: [large, shared, new Float64Array(9000)],
        c: new Map([[shared, large]]),
      });
      writeFileSync(file, bytes);
      const numbers = Array.from(large);
      expect(JSON.parse(read())).toEqual({
        a: shared,
        b: [numbers, shared, Array.from({ length: 9000 }, () => 0)],
        c: ['map', [[shared, numbers]]],
      });
      bytes[5000]! ^= 1;
      writeFileSync(file, bytes);
      expect(read).toThrow(/damaged/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
