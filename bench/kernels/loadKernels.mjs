// Bundles the kernels of @dml/stats from source, so that the bench needs no build and sees what is not exported.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
// esbuild comes with tsup, the repository's bundler.
const esbuild = createRequire(createRequire(join(root, 'package.json')).resolve('tsup'))('esbuild');

/** @returns {Promise<typeof import('../../packages/stats/src/numeric/kernels/index.js')>} */
export async function loadKernels() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'packages/stats/src/numeric/kernels/webAssembly.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
