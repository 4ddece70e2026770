import { defineConfig } from 'vitest/config';

const packaging = 'packaging/**/*.test.ts';

export default defineConfig({
  test: {
    // Packing, installing and type checking start real programs, on a machine that may be small.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'packaging', include: [packaging], globalSetup: ['packaging/packAll.ts'] } },
      { extends: true, test: { name: 'others', exclude: [packaging, '**/node_modules/**'] } },
    ],
  },
});
