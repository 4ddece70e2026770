/** Where addons and MPI libraries are, and how they are opened. All paths are here. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadedLibrary, NativeLoader, NativeMpi } from './contract/native.js';
import { MpiError } from './failures/errors.js';
import type { Family, Launcher } from './launcher.js';

/** An MPI library in this process and the addon for it. */
export interface LoadedMpi extends LoadedLibrary {
  readonly native: NativeMpi;
}

/** One name that was tried. */
export interface Attempt {
  readonly name: string;
  readonly message: string;
}

/** How to get an MPI, for the error message and for `dml-mpi doctor`. */
export const INSTALL_LINES = [
  'Debian, Ubuntu: apt-get install openmpi-bin   (or: mpich)',
  'Fedora:         dnf install openmpi && module load mpi/openmpi-x86_64   (or: mpich, mpi/mpich-x86_64)',
  'macOS:          brew install open-mpi   (or: mpich)',
] as const;

const require = createRequire(import.meta.url);

/** The folder of this package: `src` and `dist` are in it. */
export const packageFolder: string = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder of this machine's addons. */
export const prebuildsFolder: string = join(packageFolder, 'prebuilds', `${process.platform}-${process.arch}`);

// Debian gives MPICH the name libmpich.so.12, everyone else libmpi.so.12. Names without a folder follow the loader's
// own search path; the folders are where systems with environment modules keep libraries that are not on that path.
const LIBRARY_NAMES: Readonly<Record<Family, readonly string[]>> =
  process.platform === 'darwin'
    ? { openmpi: ['libmpi.40.dylib'], mpich: ['libmpi.12.dylib', 'libmpich.12.dylib'] }
    : { openmpi: ['libmpi.so.40'], mpich: ['libmpich.so.12', 'libmpi.so.12'] };
const LIBRARY_FOLDERS: Readonly<Record<Family, readonly string[]>> = {
  openmpi: ['/usr/lib64/openmpi/lib', '/opt/homebrew/opt/open-mpi/lib', '/usr/local/opt/open-mpi/lib'],
  mpich: ['/usr/lib64/mpich/lib', '/opt/homebrew/opt/mpich/lib', '/usr/local/opt/mpich/lib'],
};

/** The names to try for a family, in order. */
export function libraryCandidates(family: Family): string[] {
  const names = LIBRARY_NAMES[family];
  const paths = LIBRARY_FOLDERS[family].flatMap((folder) => names.map((name) => join(folder, name)));
  return [...names, ...paths.filter((path) => existsSync(path))];
}

/**
 * Opens the MPI library that fits the launcher and loads the addon for it.
 * @throws {MpiError} `ERR_NO_MPI` with everything that was tried, `ERR_NO_ADDON` when the addon was not built, or not for this system
 */
export function loadMpi(launcher: Launcher | null): LoadedMpi {
  const attempts: Attempt[] = [];
  for (const name of candidatesFor(launcher)) {
    const opened = openLibrary(name);
    if ('message' in opened) {
      attempts.push({ name, message: opened.message });
      continue;
    }
    return { ...opened, native: loadAddon<NativeMpi>(opened.family) };
  }
  const tried = attempts.map(({ name, message }) => `  ${name}: ${message}`).join('\n');
  const lines = INSTALL_LINES.map((line) => `  ${line}`).join('\n');
  throw new MpiError(
    `no MPI library could be opened. Tried:\n${tried}\nInstall one:\n${lines}\n` +
      'Or run without MPI: npx dml-run -n 4 script.js',
    { code: 'ERR_NO_MPI', call: 'getWorld', detail: tried },
  );
}

/**
 * Opens an MPI library for the whole process, or returns why it could not be opened.
 * @throws {MpiError} `ERR_NO_ADDON`
 */
export function openLibrary(name: string): ReturnType<NativeLoader['open']> {
  // UCX and Open MPI would replace the handler that V8 needs for WebAssembly traps. They read these when they load.
  process.env.UCX_ERROR_SIGNALS ??= '';
  process.env.OMPI_MCA_opal_signal ??= '';
  // UCX overwrites the first instructions of mmap, munmap and madvise to hear of freed memory, while V8's threads may be
  // inside them. About one start in a hundred under MPICH ended in a crash.
  process.env.UCX_MEM_EVENTS ??= 'no';
  return loadAddon<NativeLoader>('loader').open(name);
}

function candidatesFor(launcher: Launcher | null): string[] {
  const { DML_MPI_LIB: file, DML_MPI: choice } = process.env;
  if (file !== undefined && file !== '') return [file];
  if (choice === 'openmpi' || choice === 'mpich') return libraryCandidates(choice);
  if (launcher?.family) return libraryCandidates(launcher.family);
  return [...libraryCandidates('openmpi'), ...libraryCandidates('mpich')];
}

/** Why the addon of a family whose library is open cannot be used here; `null` when it can. */
export function addonProblem(family: Family): string | null {
  try {
    loadAddon(family);
    return null;
  } catch (error) {
    if (!(error instanceof MpiError)) throw error;
    return error.message;
  }
}

function loadAddon<T>(name: 'loader' | Family): T {
  const path = join(prebuildsFolder, `${name}.node`);
  if (!existsSync(path)) {
    throw new MpiError(
      `the addon ${path} does not exist: there is no prebuilt one for this machine. ` +
        'Compile it with: npx dml-mpi build   (needs a C++ compiler and mpicc)',
      { code: 'ERR_NO_ADDON', call: 'getWorld' },
    );
  }
  try {
    return require(path) as T; // its shape is the contract in native.ts, kept by the C++ side
  } catch (cause) {
    // A C library older than the one that the prebuilt addon was linked with, most often.
    throw new MpiError(
      `the addon ${path} cannot be loaded on this system: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Compile it here with: npx dml-mpi build --force   (needs a C++ compiler and mpicc)',
      { code: 'ERR_NO_ADDON', call: 'getWorld' },
    );
  }
}
