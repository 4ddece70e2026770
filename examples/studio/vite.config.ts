/** Static files in `dist/`: a page, its worker, a sample. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

/** The package offers its files to browsers; its data stand beside its code. */
const penguins = readFileSync(new URL('../data/penguins.json', import.meta.resolve('vega-datasets')));

export default defineConfig({
  base: './',
  // The policy of the page allows no data in addresses: files stay files.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
  worker: { format: 'es' },
  plugins: [
    {
      name: 'sample',
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'penguins.json', source: penguins });
      },
    },
  ],
});
