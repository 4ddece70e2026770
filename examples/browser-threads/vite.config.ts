/** Vite finds the worker's module by its address, and needs to be told nothing. */
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: { outDir: 'dist/vite', target: 'es2022' },
  worker: { format: 'es' },
});
