/** exp, log and their kin against values of mpmath, and against the kernels to the bit. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, logarithms } from '../../src/numeric/elementary.js';
import { kernelsOfKind } from '../../src/numeric/kernels/webAssembly.js';
import { numbersOf } from './kernels/numbers.js';

// Made by fixtures/make/elementary.py. The expected value is itself rounded, by half a unit.
const values = JSON.parse(readFileSync(new URL('../fixtures/elementary.json', import.meta.url), 'utf8')) as Readonly<
  Record<'exp' | 'log' | 'log1p' | 'expm1', readonly (readonly [number, number])[]>
>;

/** Distance in units in the last place of `expected`; below the normal numbers in the smallest unit. */
function ulps(found: number, expected: number): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(expected))));
  return Math.abs(found - expected) / 2 ** (exponent - 52);
}

describe.each([
  ['exp', exp, 4],
  ['log', log, 1.5],
  ['log1p', log1p, 2.5],
  ['expm1', expm1, 4.5],
] as const)('%s', (name, compute, bound) => {
  it('is near the true value', () => {
    for (const [x, expected] of values[name]) {
      expect(ulps(compute(x), expected), `${name}(${x}) = ${expected}`).toBeLessThanOrEqual(bound);
    }
  });
});

describe('elementary functions', () => {
  it('are exact where the result is known', () => {
    expect([exp(0), exp(-Infinity), exp(-746), exp(Infinity), exp(710), exp(NaN)]).toEqual([
      1,
      0,
      0,
      Infinity,
      Infinity,
      NaN,
    ]);
    expect([log(1), log(0), log(Infinity), log(-1), log(NaN)]).toEqual([0, -Infinity, Infinity, NaN, NaN]);
    expect([log1p(0), log1p(-0), log1p(-1), log1p(-2), log1p(Infinity), log1p(NaN), log1p(1e-300)]).toEqual([
      0,
      -0,
      -Infinity,
      NaN,
      Infinity,
      NaN,
      1e-300,
    ]);
    expect([expm1(0), expm1(-0), expm1(-Infinity), expm1(Infinity), expm1(NaN), expm1(1e-300)]).toEqual([
      0,
      -0,
      -1,
      Infinity,
      NaN,
      1e-300,
    ]);
  });

  it('have the bits of the kernels', () => {
    const random = numbersOf(1);
    const x = Float64Array.from({ length: 5000 }, () => 1400 * random() - 690);
    const positive = x.map((value) => exp(value / 2));
    for (const kind of ['wasm', 'twin'] as const) {
      const out = new Float64Array(x.length);
      kernelsOfKind(kind).exp(x, x.length, out);
      expect(out).toEqual(x.map(exp));
      kernelsOfKind(kind).log(positive, x.length, out);
      expect(out).toEqual(positive.map(log));
    }
    expect(logarithms(positive)).toEqual(positive.map(log));
  });

  it("are used everywhere: no engine's own function decides a bit", () => {
    const folder = new URL('../../src/', import.meta.url);
    const ownFunction =
      /^(?!\s*(\*|\/[*/])).*\bMath\.(exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|atan2?|cbrt|hypot)\b/m;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const found = files.filter(
      (file) => !file.startsWith('testing') && ownFunction.test(readFileSync(new URL(file, folder), 'utf8')),
    );
    expect(found).toEqual([]);
  });
});
