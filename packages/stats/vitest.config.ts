import { defineConfig } from 'vitest/config';

/** The whole suite runs twice: on the WebAssembly kernels and on their TypeScript twins, which give the same bits. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'wasm', include: ['test/**/*.test.ts'] } },
      { extends: true, test: { name: 'twin', include: ['test/**/*.test.ts'], env: { DML_KERNELS: 'twin' } } },
    ],
  },
});
