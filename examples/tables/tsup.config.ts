import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'es2022',
  dts: true,
  clean: true,
  // The package's own import: Node and bundlers for pages each find their build of csv-parse.
  external: ['#csv'],
});
