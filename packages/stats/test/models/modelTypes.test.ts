import { expect, it } from 'vitest';
import * as stats from '../../src/index.js';

it('lists every distribution that the package exports, under names of their own', () => {
  const exported = Object.entries(stats).filter(([, value]) => typeof value === 'function' && 'typeName' in value);
  expect(stats.modelTypes.map((type) => (type as unknown as { name: string }).name).sort()).toEqual(
    exported.map(([name]) => name).sort(),
  );
  expect(new Set(stats.modelTypes.map(({ typeName }) => typeName)).size).toBe(stats.modelTypes.length);
});
