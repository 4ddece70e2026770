import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/dmlMpi.ts', 'src/dmlRun.ts', 'src/dmlRunWorker.ts', 'src/rankThread.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'node',
  dts: { entry: 'src/index.ts' },
  clean: true,
  // The addons are found relative to the module: gives the CommonJS build an import.meta.url.
  shims: true,
});
