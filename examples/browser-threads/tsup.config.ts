/** With esbuild the worker's module is an entry of its own: it comes out beside the page's, where the page looks for it. */
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['page.ts', 'fit.worker.ts'],
  outDir: 'dist/esbuild',
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  noExternal: [/.*/],
  splitting: false,
  minify: true,
});
