/** The kernels of all sets, of one implementation. */
import type { Kernels } from '../../../src/numeric/kernels/index.js';
import { ITEMS } from '../../../src/numeric/kernels/items/index.js';
import { LATENT } from '../../../src/numeric/kernels/latent/index.js';
import { VECTORS } from '../../../src/numeric/kernels/vectors/index.js';
import { kernelsOfKind } from '../../../src/numeric/kernels/webAssembly.js';

export type AllKernels = ReturnType<typeof allKernels>;

export function allKernels(kind: Kernels['kind']) {
  const columns = kernelsOfKind(kind);
  return { ...columns, ...columns.also(VECTORS), ...columns.also(LATENT), ...columns.also(ITEMS) };
}
