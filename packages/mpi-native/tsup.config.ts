import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';

/** In place of `x.ts` takes `x.browser.ts`, where there is one. */
const forBrowsers: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'for browsers',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      if (importer === '') return null; // the entry
      const file = join(dirname(importer), path.replace(/\.js$/, '.browser.ts'));
      return existsSync(file) ? { path: file } : null;
    });
  },
};

export default defineConfig([
  {
    entry: ['src/index.ts', 'src/dmlMpi.ts', 'src/dmlRun.ts', 'src/dmlRunWorker.ts', 'src/rankThread.ts'],
    format: ['esm', 'cjs'],
    target: 'es2022',
    platform: 'node',
    dts: { entry: { index: 'src/index.ts', browser: 'src/browser.ts' } },
    clean: ['**/*', '!browser.*'],
    // The addons are found relative to the module: gives the CommonJS build an import.meta.url.
    shims: true,
  },
  {
    entry: ['src/browser.ts'],
    format: ['esm', 'cjs'],
    target: 'es2022',
    platform: 'browser',
    esbuildPlugins: [forBrowsers],
  },
]);
