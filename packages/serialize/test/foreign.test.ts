import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codec } from './models.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!hasPython)('a reader in Python, written from FORMAT.md (skipped without python3)', () => {
  it('reads the frozen file', () => {
    const printed = execFileSync('python3', [path('./foreign/read_dml.py'), path('./corpus/version-1.dml')], {
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

  it('reads blobs and shared values wherever they stand, and refuses a damaged file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dml-foreign-'));
    const file = join(folder, 'a.dml');
    const read = () =>
      execFileSync('python3', [path('./foreign/read_dml.py'), file], { encoding: 'utf8', stdio: 'pipe' });
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
