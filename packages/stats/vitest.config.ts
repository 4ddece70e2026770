import { defineConfig } from 'vitest/config';

/**
 * All tests run on the WebAssembly kernels. Their TypeScript twins run the kernels' own tests, the golden files and what
 * remembers columns; test/fit/kernelKinds.test.ts compares fits of all families on both, to the bit.
 */
const onTwin = ['test/numeric/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/fit/changedColumns.test.ts'];

/** These choose the kernels again and again, and would leave the last choice to the files after them. */
const choosing = ['test/fit/kernelKinds.test.ts', 'test/numeric/kernels/safety.test.ts'];

const onWebAssembly = { setupFiles: ['test/allowWebAssembly.ts'] };
// No other file leaves a state behind, so these share one copy of the sources: loading it took longer than most tests.
const together = { exclude: choosing, isolate: false };

export default defineConfig({
  test: {
    testTimeout: 90_000,
    projects: [
      { extends: true, test: { name: 'wasm', include: ['test/**/*.test.ts'], ...together, ...onWebAssembly } },
      { extends: true, test: { name: 'twin', include: onTwin, ...together, env: { DML_KERNELS: 'twin' } } },
      { extends: true, test: { name: 'choosing', include: choosing, ...onWebAssembly } },
    ],
  },
});
