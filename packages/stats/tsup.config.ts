import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  // CommonJS packages of many small files: bundled, so that users install one dependency and need no interop.
  noExternal: [/^@stdlib\//, 'd3-random'],
  dts: true,
  sourcemap: true,
  clean: true,
});
