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

/** One command for each tool: a package that a distribution lacks, as Ubuntu lacks `chromium`, must not cost the others. */
function installCommands(manager, missing) {
  const install = {
    'apt-get': ['apt-get', 'install', '-y', '-q', '--no-install-recommends'],
    dnf: ['dnf', 'install', '-y'],
    brew: ['brew', 'install'],
  }[manager];
  const each = missing.map((tool) => tool.packages[manager]).filter((packages) => packages.length > 0);
  if (each.length === 0) return [];
  const commands = each.map((packages) => [...install, ...packages]);
  return manager === 'apt-get' ? [['apt-get', 'update', '-q'], ...commands] : commands;
}

/**
 * Installs those of the named tools that are missing, if this user may; else prints the command that would do it.
 * Never fails: what stays missing is left out of the run, and a line says so.
 */
export async function installSystemTools(names) {
  const missing = names.map((name) => tools[name]).filter((tool) => !tool.present());
  if (missing.length === 0) {
    const present = names.map((name) => tools[name].name).join('; ');
    say(present === '' ? 'System tools: none needed.' : `System tools: ${present}: present.`);
    return;
  }
  const manager = Object.keys(tools.compiler.packages).find((program) => findProgram(program) !== null);
  const commands = manager === undefined ? [] : installCommands(manager, missing);
  if (commands.length > 0) {
    const prefix = permission(manager);
    const wanted = missing.map((tool) => tool.name).join('; ');
    if (prefix === null) {
      const lines = commands.map((command) => `    sudo ${command.join(' ')}`).join('\n');
      say(`System tools: ${wanted}: missing. To install them, run:\n${lines}`);
    } else {
      say(`System tools: installing ${wanted} with ${[...prefix, manager].join(' ')}.`);
      for (const command of commands) {
        // `env` carries the setting through sudo, which clears the environment.
        const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
        await run(command.slice(0, 2).join(' '), program, args);
      }
    }
  }
  for (const tool of missing) {
    say(tool.present() ? `  ${tool.name}: installed.` : `  ${tool.name}: not there, so ${tool.without}.`);
  }
}
