// In place of node:assert and node:os in a page.
import { serialize } from '../../../src/values/cloneBytes.ts';

export function deepStrictEqual(actual, expected, message) {
  const [a, b] = [serialize(actual), serialize(expected)];
  if (a.length !== b.length || a.some((byte, i) => byte !== b[i])) {
    throw new Error(message ?? `found ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
}

export const hostname = () => 'a page';
