import { describe, expect, it } from 'vitest';
import { atlas } from './atlas.js';
import { agrees, printed } from './result.js';

describe('published results', () => {
  it('are at least thirty, each with its source', () => {
    expect(atlas.length).toBeGreaterThanOrEqual(30);
    for (const { source } of atlas) expect(source).toMatch(/\b(1[89]|20)\d\d\b|\d\.\d\.\d/);
    expect(new Set(atlas.map(({ title }) => title)).size).toBe(atlas.length);
  });

  it.each(atlas)('$title', { timeout: 60_000 }, ({ quantities }) => {
    for (const quantity of quantities())
      expect({ ...quantity, agrees: agrees(quantity) }).toMatchObject({ agrees: true });
  });
});

describe('a printed number', () => {
  it('agrees with what rounds to it, and with nothing else', () => {
    expect(agrees(printed('x', '0.61', 0.6149))).toBe(true);
    expect(agrees(printed('x', '0.61', 0.6151))).toBe(false);
    expect(agrees(printed('x', '-3', -3.4))).toBe(true);
  });

  it('may be passed in one direction where the other program may have ended early', () => {
    expect(agrees(printed('log-likelihood', '-10.0', -9, 'higher'))).toBe(true);
    expect(agrees(printed('log-likelihood', '-10.0', -10.1, 'higher'))).toBe(false);
    expect(agrees(printed('BIC', '20.0', 19, 'lower'))).toBe(true);
    expect(agrees(printed('BIC', '20.0', 20.1, 'lower'))).toBe(false);
  });
});
