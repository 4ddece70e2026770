/** A fit of every family gives the same bits on the WebAssembly kernels and on their twins. */
import { afterAll, expect, it, vi } from 'vitest';
import { modelTypes, type PoissonEstimator } from '../../src/index.js';
import { everyFamily, type FamilyCase, traceOf } from '../everyFamily.js';

/** The package with kernels of one kind. */
async function packageOn(kind: 'wasm' | 'twin'): Promise<typeof import('../../src/index.js')> {
  vi.resetModules();
  vi.stubEnv('DML_KERNELS', kind);
  const stats = await import('../../src/index.js');
  const { kernels } = await import('../../src/numeric/kernels/index.js');
  (await import('../../src/numeric/kernels/webAssembly.js')).allowWebAssembly();
  expect(kernels().kind).toBe(kind);
  return stats;
}

const wasm = await packageOn('wasm');
const twin = await packageOn('twin');
afterAll(() => vi.unstubAllEnvs());

/** A model of a leaf family that is not listed: what its estimator gives without rows. */
function caseWithoutRows(name: string): FamilyCase {
  type Leaf = new () => Pick<PoissonEstimator, 'encoder' | 'accumulator' | 'estimate'>;
  const estimator = new (wasm as unknown as Readonly<Record<string, Leaf>>)[`${name}Estimator`]!();
  const model = estimator.estimate(estimator.accumulator(estimator.encoder().encode([])).value());
  const rows = model.sampler(1);
  return { model: { ...model.toJSON() }, row: () => rows.sample() };
}

/** All types of distributions over rows that can be stored whole, and whose estimator makes them again. */
const stored = modelTypes
  .filter(({ prototype, typeName }) => 'encoder' in prototype && !['Select', 'Variational'].includes(typeName))
  .map(({ typeName }) => typeName);

it.each([...new Set([...Object.keys(everyFamily), ...stored])])('%s', (name) => {
  const found = traceOf(wasm, name, everyFamily[name] ?? caseWithoutRows(name));
  expect(found.replace(/"(otherwise|missing)":null|"parents":\[null,/g, '')).not.toContain('null'); // what JSON makes of NaN
  expect(traceOf(twin, name, everyFamily[name] ?? caseWithoutRows(name))).toBe(found);
});

it('needs no case for a leaf family', () => {
  expect(traceOf(wasm, 'Gamma', caseWithoutRows('Gamma'))).toContain('"type":"Gamma"');
});
