// Compiles the addons into prebuilds/<platform>-<arch>/: the loader, and one variant for each MPI family found here.
// Run by `npm run build:native` and by `npx dml-mpi build`. Nothing is compiled when neither sources nor tools changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findMpi } from './mpiConfig.mjs';

const nativeFolder = dirname(fileURLToPath(import.meta.url));
const prebuilds = join(nativeFolder, '..', 'prebuilds', `${process.platform}-${process.arch}`);
const families = ['openmpi', 'mpich'];
const force = process.argv.includes('--force');
const required = process.env.DML_MPI_REQUIRE_NATIVE === '1' || process.argv.includes('--required');

const found = Object.fromEntries(families.map((family) => [family, findMpi(family)]));
const present = families.filter((family) => found[family] !== null);
refuseIncomplete();
if (present.length === 0) {
  console.log(
    'mpi-native: no mpicc found, so the MPI addons are not built; worker threads and plain node work without.',
  );
  process.exit(required ? 1 : 0);
}

const stampFile = join(prebuilds, 'stamp.txt');
const outputs = ['loader', ...present].map((name) => join(prebuilds, `${name}.node`));
const stamp = fingerprint();
if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && outputs.every(existsSync)) {
  console.log(`mpi-native: addons for ${present.join(' and ')} are up to date.`);
  process.exit(0);
}

const missing = [process.env.CXX ?? 'c++', 'make', 'python3'].filter((tool) => !runs(tool));
if (missing.length > 0) {
  console.log(
    `mpi-native: ${missing.join(', ')} not found, so the MPI addons are not built; worker threads and plain node work without.`,
  );
  process.exit(required ? 1 : 0);
}

const nodeGyp = findNodeGyp();
if (nodeGyp === null) {
  console.error('mpi-native: node-gyp not found. Install it with: npm install --save-dev node-gyp');
  process.exit(1);
}
const localHeaders = resolve(process.execPath, '../..');
const args = [nodeGyp, 'rebuild', '--directory', nativeFolder, '--loglevel', 'error', '--jobs', 'max'];
if (existsSync(join(localHeaders, 'include/node/node_api.h'))) args.push('--nodedir', localHeaders);
const build = spawnSync(process.execPath, args, { encoding: 'utf8' });
if (build.status !== 0) {
  console.error(`${build.stdout}${build.stderr}`);
  console.error('mpi-native: compiling the MPI addons failed; the compiler needs C++17 and the headers of Node.');
  process.exit(1);
}
mkdirSync(prebuilds, { recursive: true });
rmSync(stampFile, { force: true });
for (const output of outputs) {
  const name = output.slice(prebuilds.length + 1);
  rmSync(output, { force: true }); // a running process may have the old file mapped
  copyFileSync(join(nativeFolder, 'build', 'Release', name), output);
}
rmSync(join(nativeFolder, 'build'), { recursive: true, force: true });
writeFileSync(stampFile, stamp);
console.log(`mpi-native: built addons for ${present.map((f) => `${f} (${found[f].wrapper})`).join(' and ')}.`);

/** A package that promises both families must hold both addons: packing it is refused, or loudly allowed, elsewhere. */
function refuseIncomplete() {
  if (!process.argv.includes('--complete')) return;
  const absent = families.filter((family) => !present.includes(family));
  if (absent.length === 0) return;
  const names = absent.map((family) => (family === 'openmpi' ? 'Open MPI' : 'MPICH')).join(' and ');
  const said = `mpi-native: ${names} not found on this machine, so the package would lack ${absent.map((family) => `${family}.node`).join(' and ')}.`;
  if (process.env.DML_MPI_PACK_INCOMPLETE === '1') {
    console.error(`${said} It is packed all the same, as DML_MPI_PACK_INCOMPLETE=1 says.`);
    return;
  }
  console.error(
    `${said} Install both (Debian: libopenmpi-dev libmpich-dev), or set DML_MPI_PACK_INCOMPLETE=1 to pack without.`,
  );
  process.exit(1);
}

function runs(tool) {
  return spawnSync(tool, ['--version']).status === 0;
}

function fingerprint() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(nativeFolder, 'src'))
    .sort()
    .map((name) => join(nativeFolder, 'src', name));
  for (const file of [...sources, ...['binding.gyp', 'sources.gypi'].map((name) => join(nativeFolder, name))]) {
    hash.update(readFileSync(file));
  }
  hash.update(spawnSync(process.env.CXX ?? 'c++', ['--version'], { encoding: 'utf8' }).stdout ?? '');
  hash.update(JSON.stringify(found));
  // Two installs of one MPI may share a path: the header's version macros differ.
  for (const family of present) {
    const header = found[family].includes.map((folder) => join(folder, 'mpi.h')).find((file) => existsSync(file));
    if (header !== undefined) hash.update(readFileSync(header));
  }
  return `${hash.digest('hex')}\n`;
}

function findNodeGyp() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    const besideNode = resolve(process.execPath, '../..');
    const bundled = 'node_modules/npm/node_modules/node-gyp/bin/node-gyp.js';
    const places = [join(besideNode, 'lib', bundled), join(besideNode, 'share/nodejs/npm', bundled.slice(17))];
    return places.find((file) => existsSync(file)) ?? null;
  }
}
