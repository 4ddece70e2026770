import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isMomentsCase, runMoments } from '../golden/moments.js';

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/moments.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly { readonly name: string }[];
};

describe('moments and distribution functions, against 60 digits', () => {
  for (const reference of cases) {
    it(reference.name, () => {
      expect(isMomentsCase(reference)).toBe(true);
      expect(runMoments(reference)).toEqual([]);
    });
  }
});
