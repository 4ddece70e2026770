import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Jobs of several ranks share few cores: one at a time.
    fileParallelism: false,
  },
});
