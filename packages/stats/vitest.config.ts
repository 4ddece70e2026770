import { defineConfig } from 'vitest/config';

/**
 * All tests run on the WebAssembly kernels. Their TypeScript twins run the kernels' own tests, the golden files and what
 * remembers columns; test/fit/kernelKinds.test.ts compares fits of all families on both, to the bit.
 */
const onTwin = ['test/numeric/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/fit/changedColumns.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'wasm', include: ['test/**/*.test.ts'], setupFiles: ['test/allowWebAssembly.ts'] },
      },
      { extends: true, test: { name: 'twin', include: onTwin, env: { DML_KERNELS: 'twin' } } },
    ],
  },
});
