import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Jobs of several ranks share few cores, and many of them wait: two files, and two at a time of the faults.
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
