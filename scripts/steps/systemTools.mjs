import { answerOf, findProgram, run, say } from './command.mjs';
import { findLauncher } from './mpi.mjs';

/**
 * Programs that no npm package brings. Each row says how to see that it is there, what each package manager calls it,
 * and what the reader loses without it.
 */
const tools = {
  compiler: {
    name: 'a C++ compiler, make and python3',
    present: () => ['c++', 'make', 'python3'].every((program) => findProgram(program) !== null),
    packages: {
      'apt-get': ['g++', 'make', 'python3'],
      dnf: ['gcc-c++', 'make', 'python3'],
      brew: ['python3'],
    },
    without: 'the MPI addon is not built; ranks run on worker threads',
  },
  openmpi: {
    name: 'Open MPI',
    present: () => findLauncher('openmpi') !== null,
    packages: {
      'apt-get': ['openmpi-bin', 'libopenmpi-dev'],
      dnf: ['openmpi', 'openmpi-devel'],
      brew: ['open-mpi'],
    },
    without: 'nothing runs under Open MPI; ranks run on worker threads',
  },
  mpich: {
    name: 'MPICH',
    present: () => findLauncher('mpich') !== null,
    // Homebrew's two MPI packages exclude each other, so there is no second one to install there.
    packages: { 'apt-get': ['mpich', 'libmpich-dev'], dnf: ['mpich', 'mpich-devel'], brew: [] },
    without: 'nothing runs under MPICH',
  },
  browser: {
    name: 'Chromium',
    present: () => findBrowser() !== null,
    packages: { 'apt-get': ['chromium'], dnf: ['chromium'], brew: [] },
    without: 'browser tests are skipped',
  },
};

/** The Chromium that browser tests drive, or `null`. */
export function findBrowser() {
  return findProgram('chromium') ?? findProgram('chromium-browser') ?? findProgram('google-chrome');
}

/** How this user may call a package manager: `[]` directly, `['sudo', …]` with sudo, `null` not at all. */
function permission(manager) {
  if (manager === 'brew' || process.getuid?.() === 0) return [];
  return answerOf('sudo', ['-n', 'true']) === null ? null : ['sudo', '-n'];
}

function installCommands(manager, packages) {
  if (manager === 'apt-get') {
    return [
      ['apt-get', 'update', '-q'],
      ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages],
    ];
  }
  return [manager === 'dnf' ? ['dnf', 'install', '-y', ...packages] : ['brew', 'install', ...packages]];
}

/**
 * Installs those of the named tools that are missing, if this user may; else prints the command that would do it.
 * Never fails: what stays missing is left out of the run, and a line says so.
 */
export async function installSystemTools(names) {
  const missing = names.map((name) => tools[name]).filter((tool) => !tool.present());
  if (missing.length === 0) {
    say(`System tools: ${names.map((name) => tools[name].name).join('; ')}: present.`);
    return;
  }
  const manager = Object.keys(tools.compiler.packages).find((program) => findProgram(program) !== null);
  const packages = manager === undefined ? [] : missing.flatMap((tool) => tool.packages[manager]);
  if (packages.length > 0) {
    const prefix = permission(manager);
    const commands = installCommands(manager, packages);
    if (prefix === null) {
      const line = commands.map((command) => `sudo ${command.join(' ')}`).join(' && ');
      say(`System tools: ${missing.map((tool) => tool.name).join('; ')}: missing. To install them, run:\n    ${line}`);
    } else {
      say(`System tools: installing ${packages.join(' ')} with ${[...prefix, manager].join(' ')}.`);
      for (const command of commands) {
        // `env` carries the setting through sudo, which clears the environment.
        const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
        const { code } = await run(command.slice(0, 2).join(' '), program, args);
        if (code !== 0) break;
      }
    }
  }
  for (const tool of missing) {
    say(tool.present() ? `  ${tool.name}: installed.` : `  ${tool.name}: not there, so ${tool.without}.`);
  }
}
