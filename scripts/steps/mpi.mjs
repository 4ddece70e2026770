import { existsSync } from 'node:fs';
import { answerOf, findProgram } from './command.mjs';

/** Fedora keeps MPI out of PATH until a module is loaded. */
const extraFolders = { openmpi: '/usr/lib64/openmpi/bin', mpich: '/usr/lib64/mpich/bin' };
const signatures = { openmpi: /open[ -]?mpi|openrte|prterun/i, mpich: /hydra|mpich/i };

/** The families that the addon is built for, in the order in which the demo prefers them. */
export const families = ['openmpi', 'mpich'];

/**
 * The launcher of one MPI family, or `null` unless its `mpiexec` and its `mpicc` (needed to build the addon) are there.
 * Where both families are installed, Debian tells them apart by a suffix; elsewhere `mpiexec --version` tells.
 */
export function findLauncher(family) {
  const path = `${process.env.PATH}:${extraFolders[family]}`;
  const launcher = findProgram(`mpiexec.${family}`, path) ?? ofFamily('mpiexec', ['--version'], family, path);
  const compiler = findProgram(`mpicc.${family}`, path) ?? ofFamily('mpicc', ['-show'], family, path);
  return launcher === null || compiler === null ? null : launcher;
}

function ofFamily(name, args, family, path) {
  const program = findProgram(name, path);
  if (program === null) return null;
  return signatures[family].test(answerOf(program, args) ?? '') ? program : null;
}

/** The command line and environment that start `rankCount` ranks of a Node script on this machine. */
export function launchCommand(family, launcher, rankCount, script) {
  const ranks = ['-n', String(rankCount), process.execPath, script];
  if (family === 'mpich') return { program: launcher, args: ranks, env: {} };
  // Open MPI counts cores as slots, and refuses to run as root unless told twice.
  const asRoot = process.getuid?.() === 0;
  const env = asRoot ? { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } : {};
  return { program: launcher, args: ['--oversubscribe', ...ranks], env };
}

/** True when the build made the compiled addon of an MPI family; without it ranks cannot run under `mpiexec`. */
export function addonIsBuilt(family) {
  const folder = new URL(`../../packages/mpi-native/prebuilds/${process.platform}-${process.arch}/`, import.meta.url);
  return existsSync(new URL(`${family}.node`, folder));
}
