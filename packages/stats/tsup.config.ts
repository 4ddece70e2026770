import { defineConfig } from 'tsup';

// CommonJS packages of many small files: bundled, so that users install one dependency and need no interop.
const bundled = [/^@stdlib\//, 'd3-random'];

/**
 * Says of each bundled CommonJS file that loading it does nothing but define it, so that a page which calls none of its functions
 * does not get it. (All of stdlib's are so.)
 */
const droppable = {
  name: 'droppable',
  renderChunk: (code: string) => ({
    code: code
      .replaceAll(/= __commonJS\(/g, '= /* @__PURE__ */ __commonJS(')
      .replaceAll(/= __toESM\((require_\w+\(\))/g, '= /* @__PURE__ */ __toESM(/* @__PURE__ */ $1'),
  }),
};

export default defineConfig([
  {
    entry: { index: 'src/index.ts', families: 'src/familyParts.ts', testing: 'src/testing/index.ts' },
    format: ['esm', 'cjs'],
    target: 'es2022',
    noExternal: bundled,
    // What the entries share stands once, so that an error class of one is the same class in the other.
    splitting: true,
    plugins: [droppable],
    dts: true,
    clean: ['**/*', '!standalone.js'],
  },
  {
    // One file without an import, for a page that has no bundler.
    entry: { standalone: 'src/index.ts' },
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    noExternal: [/./],
    minify: true,
    keepNames: true,
  },
]);
