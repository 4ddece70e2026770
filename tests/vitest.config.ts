import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Packing, installing and type checking start real programs; one at a time on a small machine.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
