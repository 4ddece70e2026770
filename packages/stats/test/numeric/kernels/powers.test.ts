/** The table of the exponential, against exact integers. */
import { expect, it } from 'vitest';
import { POWERS } from '../../../src/numeric/kernels/twin/powers.js';

it('has 2^(j/256), each rounded to the nearest double', () => {
  expect(POWERS).toHaveLength(256);
  POWERS.forEach((power, j) => {
    // In units of half a last place, 2^-53, the double is an even integer n, and 2^(j/256) lies between n - 1 and n + 1.
    const n = BigInt(power * 2 ** 52) * 2n;
    const exact = 2n ** BigInt(j + 53 * 256);
    expect((n - 1n) ** 256n < exact && exact < (n + 1n) ** 256n, `j = ${j}`).toBe(true);
  });
});
