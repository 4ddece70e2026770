import { defineConfig } from 'tsup';

export default defineConfig([
  { entry: ['fit.ts'], format: 'esm', target: 'es2022' },
  // A page gets one file with everything in it.
  {
    entry: ['page.ts', 'families.ts'],
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    noExternal: [/.*/],
    splitting: false,
    minify: true,
  },
]);
