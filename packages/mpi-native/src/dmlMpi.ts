/** `dml-mpi build` compiles the addons for this machine; `dml-mpi doctor` shows what was found and why. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MpiError } from './failures/errors.js';
import { type Family, findLauncher, isChildOfRank } from './launcher.js';
import { addonProblem, INSTALL_LINES, libraryCandidates, openLibrary, packageFolder, prebuildsFolder } from './load.js';

const USAGE = `Usage: dml-mpi doctor | build

  doctor   what this machine offers: launchers, libraries, addons, and what getWorld() would do here
  build    compile the addons against the mpicc of this machine (needs a C++17 compiler, mpicc and node-gyp,
           which npm brings along); add --force to compile even if nothing has changed
`;
const EXIT_USAGE = 2;
const FAMILIES: readonly Family[] = ['openmpi', 'mpich'];
const VARIABLES = [
  'DML_MPI',
  'DML_MPI_LIB',
  'DML_MPI_CHECK',
  'DML_MPI_WATCHDOG',
  'DML_MPI_FINALIZE_TIMEOUT',
  'DML_MPI_MAX_COUNT',
  'LD_LIBRARY_PATH',
] as const;

/** Runs the command line and returns its exit code. */
export function dmlMpi(argv: readonly string[], print: (line: string) => void): number {
  const [command, ...rest] = argv;
  if (command === 'doctor' && rest.length === 0) return doctor(print);
  if (command === 'build' && rest.every((option) => option === '--force')) return build(rest);
  const asked = command === undefined || command === '--help' || command === '-h';
  print(asked ? USAGE : `dml-mpi: unknown command "${argv.join(' ')}".\n\n${USAGE}`);
  return command === undefined || !asked ? EXIT_USAGE : 0;
}

function build(options: readonly string[]): number {
  const script = join(packageFolder, 'native', 'build.mjs');
  return spawnSync(process.execPath, [script, '--required', ...options], { stdio: 'inherit' }).status ?? 1;
}

/** Returns 0 when a job could run under MPI here, 1 when only worker threads and single ranks can. */
function doctor(print: (line: string) => void): number {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  print(`@dml/mpi-native ${version}, Node ${process.version}, ${process.platform}-${process.arch}`);
  print('\nLaunchers');
  for (const name of ['mpiexec', 'mpiexec.openmpi', 'mpiexec.mpich', 'srun']) {
    const { status, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    const lines = (stdout ?? '').split('\n').map((line) => line.trim());
    const found = lines.find((line) => /version|open ?mpi|openrte|slurm/i.test(line)) ?? lines[0];
    print(`  ${name}: ${status === 0 ? found?.replace(/\s+/g, ' ') : 'not found'}`);
  }
  print('\nAddons');
  for (const name of ['loader', ...FAMILIES]) {
    const file = join(prebuildsFolder, `${name}.node`);
    print(`  ${name}: ${existsSync(file) ? file : `not built (${file}); run: npx dml-mpi build`}`);
  }
  print('\nLibraries');
  const usable = FAMILIES.filter((family) => examine(family, print));
  print('\nEnvironment');
  for (const name of VARIABLES) {
    if (process.env[name] !== undefined) print(`  ${name}=${process.env[name]}`);
  }
  const launcher = findLauncher(process.env);
  if (isChildOfRank(process.env)) print('  this process was started by a rank: getWorld() gives one rank');
  else if (launcher !== null)
    print(`  started by a launcher of ${launcher.family ?? 'either family'} (${launcher.variable})`);
  else print('  not started by a launcher: getWorld() gives one rank and loads no MPI');
  print('\nResult');
  if (usable.length > 0) {
    print(`  MPI jobs can run with ${usable.join(' and ')}: mpiexec -n 4 node script.js`);
    return 0;
  }
  print('  no MPI job can run here. Worker threads can: npx dml-run -n 4 script.js');
  print('  To install an MPI:');
  for (const line of INSTALL_LINES) print(`    ${line}`);
  return 1;
}

function examine(family: Family, print: (line: string) => void): boolean {
  const file = process.env.DML_MPI_LIB;
  let isUsable = false;
  for (const name of file === undefined ? libraryCandidates(family) : [file]) {
    try {
      const opened = openLibrary(name);
      if ('message' in opened) print(`  ${family}: ${name}: ${opened.message}`);
      else {
        print(`  ${family}: ${name}: ${opened.path}, family ${opened.family}`);
        if (opened.family !== family) continue;
        const problem = addonProblem(family);
        if (problem !== null) print(`  ${family}: ${problem}`);
        isUsable ||= problem === null;
      }
    } catch (error) {
      if (!(error instanceof MpiError)) throw error;
      print(`  ${family}: ${name}: cannot be tried: ${error.message}`);
    }
  }
  return isUsable;
}
