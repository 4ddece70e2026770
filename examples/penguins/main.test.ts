import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { adjustedRandIndex } from './agreement.js';

it('finds the species without being told', () => {
  const output = execFileSync('node', [fileURLToPath(new URL('dist/main.js', import.meta.url))], { encoding: 'utf8' });
  expect(output).toContain('2 of 344 missing');
  expect(Number(/adjusted Rand index: (\S+)/.exec(output)?.[1])).toBeGreaterThan(0.9);
});

it('computes the adjusted Rand index of the textbook', () => {
  // Two parts of three, one item moved: 2 pairs of each stay together. By hand: (2 - 18/15) / (9/2 - 18/15).
  expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])).toBeCloseTo(0.242424, 6);
  expect(adjustedRandIndex('aabb'.split(''), 'xxyy'.split(''))).toBe(1);
});
