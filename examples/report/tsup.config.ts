import { defineConfig } from 'tsup';

// Other examples and a page import this one as a package.
export default defineConfig({ entry: ['index.ts'], format: 'esm', target: 'es2022', dts: true });
