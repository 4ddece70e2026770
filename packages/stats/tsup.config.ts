import { defineConfig, type Options } from 'tsup';

// CommonJS packages of many small files: bundled, so that users install one dependency and need no interop.
const bundled = [/^@stdlib\//];

/** What packages of stdlib make in many steps for engines without it, and every engine that we support has. */
const inEveryEngine: Readonly<Record<string, string>> = {
  '@stdlib/array-float64': 'Float64Array',
  '@stdlib/array-uint8': 'Uint8Array',
  '@stdlib/array-uint16': 'Uint16Array',
  '@stdlib/array-uint32': 'Uint32Array',
  '@stdlib/utils-define-nonenumerable-read-only-property':
    '(object, name, value) => void Object.defineProperty(object, name, { value })',
  // Called by the gamma functions below 0 alone, where we never ask them.
  '@stdlib/math-base-special-cos': 'Math.cos',
  '@stdlib/math-base-special-sin': 'Math.sin',
  '@stdlib/math-base-special-tan': 'Math.tan',
};

/** A table of n!, each rounded to the nearest double: 2 KB of a compressed page as a list. */
const factorials = `
  let product = 1n;
  module.exports = Array.from({ length: 171 }, (_, n) => Number(n === 0 ? product : (product *= BigInt(n))));
`;

/** Bundles without what a page does not need. Licences stand in THIRD-PARTY-NOTICES.md. */
const lean: Pick<Options, 'esbuildOptions' | 'esbuildPlugins' | 'plugins'> = {
  esbuildOptions(options) {
    options.legalComments = 'none';
    // A bundler keeps what reads a property, for it might be a getter.
    const constants = ['EPSILON', 'MAX_SAFE_INTEGER', 'MAX_VALUE', 'MIN_SAFE_INTEGER', 'MIN_VALUE'] as const;
    const literal = (name: (typeof constants)[number]) => [`Number.${name}`, String(Number[name])] as const;
    options.define = { ...options.define, ...Object.fromEntries(constants.map(literal)) };
    options.banner = { js: '/*! Contains code of others: see THIRD-PARTY-NOTICES.md of @dml/stats. */' };
  },
  esbuildPlugins: [
    {
      name: 'lean',
      setup(build) {
        const names = new RegExp(`^(${Object.keys(inEveryEngine).join('|')})$`);
        build.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'in every engine' }));
        build.onLoad({ filter: /.*/, namespace: 'in every engine' }, ({ path }) => ({
          contents: `module.exports = ${inEveryEngine[path]};`,
        }));
        build.onLoad({ filter: /\bfactorials\.json$/ }, () => ({ contents: factorials, loader: 'js' }));
      },
    },
  ],
  plugins: [
    {
      // Says of each bundled CommonJS file that loading it does nothing but define it, so that a page which calls none of
      // its functions does not get it. (All of stdlib's are so.) A power is a call to a bundler: its value takes its place.
      name: 'droppable',
      renderChunk: (code: string) => ({
        code: code
          .replaceAll(/= 2 \*\* (-?\d+)\b/g, (_, exponent: string) => `= ${2 ** Number(exponent)}`)
          .replaceAll(/= __commonJS\(/g, '= /* @__PURE__ */ __commonJS(')
          .replaceAll(/= __toESM\((require_\w+\(\))/g, '= /* @__PURE__ */ __toESM(/* @__PURE__ */ $1'),
      }),
    },
  ],
};

export default defineConfig([
  {
    ...lean,
    entry: { index: 'src/index.ts', families: 'src/familyParts.ts', testing: 'src/testing/index.ts' },
    format: ['esm', 'cjs'],
    target: 'es2022',
    noExternal: bundled,
    // What the entries share stands once, so that an error class of one is the same class in the other.
    splitting: true,
    dts: true,
    clean: ['**/*', '!standalone.js'],
  },
  {
    ...lean,
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
