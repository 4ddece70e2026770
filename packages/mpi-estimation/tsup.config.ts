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
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    target: 'es2022',
    dts: true,
    clean: ['**/*', '!browser.*'],
  },
  {
    // The same names for a page, where fits have no files.
    entry: { browser: 'src/index.ts' },
    format: ['esm', 'cjs'],
    target: 'es2022',
    platform: 'browser',
    esbuildPlugins: [forBrowsers],
  },
]);
