/** A fit of every family gives the same bits on the WebAssembly kernels and on their twins. */
import { afterAll, expect, it, vi } from 'vitest';
import { modelTypes } from '../../src/index.js';
import { everyFamily, traceOf } from '../everyFamily.js';

/** The package with kernels of one kind. */
async function packageOn(kind: 'wasm' | 'twin'): Promise<typeof import('../../src/index.js')> {
  vi.resetModules();
  vi.stubEnv('DML_KERNELS', kind);
  const stats = await import('../../src/index.js');
  const { kernels } = await import('../../src/numeric/kernels/index.js');
  expect(kernels().kind).toBe(kind);
  return stats;
}

const wasm = await packageOn('wasm');
const twin = await packageOn('twin');
afterAll(() => vi.unstubAllEnvs());

it.each(Object.keys(everyFamily))('%s', (name) => {
  const found = traceOf(wasm, name);
  expect(found.replace(/"(otherwise|missing)":null/g, '')).not.toContain('null'); // what JSON makes of NaN
  expect(traceOf(twin, name)).toBe(found);
});

it('covers all types of models that can be stored whole', () => {
  const stored = modelTypes.map(({ typeName }) => typeName).filter((name) => name !== 'Select');
  expect(Object.keys(everyFamily)).toEqual(expect.arrayContaining(stored));
});
