// Bundles the kernels of @dml/stats from source, so that the bench needs no build and sees what is not exported.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
// esbuild comes with tsup, the repository's bundler.
const esbuild = createRequire(createRequire(join(root, 'package.json')).resolve('tsup'))('esbuild');

/** The kernels of all sets, of one implementation. */
const program = `
  import { ITEMS } from './items/index.js';
  import { LATENT } from './latent/index.js';
  import { VECTORS } from './vectors/index.js';
  import { kernelsOfKind } from './webAssembly.js';
  export function allKernels(kind) {
    const columns = kernelsOfKind(kind);
    return { ...columns, ...columns.also(VECTORS), ...columns.also(LATENT), ...columns.also(ITEMS) };
  }`;

/** @returns {Promise<{ allKernels(kind: 'wasm' | 'twin'): object }>} */
export async function loadKernels() {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: program, resolveDir: join(root, 'packages/stats/src/numeric/kernels') },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
