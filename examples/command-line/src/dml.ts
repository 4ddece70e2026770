#!/usr/bin/env node
import { getWorld, runMpi } from '@dml/mpi-native';
import { nearest } from '@dml-examples/tables';
import { type Command, helpOf, parseFor, UsageError } from './command.js';
import { COMMANDS } from './commands.js';
import { exitCodeOf, messageOf } from './failures.js';
import { Output } from './output.js';
import { versionOfStats } from './receipt.js';

const USAGE = [
  'dml COMMAND FILES [options]',
  '',
  'From a file to an understood model.',
  '',
  ...COMMANDS.map(({ name, files, summary }) => `  ${`${name} ${files}`.padEnd(22)}  ${summary}`),
  '',
  '"dml COMMAND --help" says more, "dml --version" which version this is. Exit codes: 0 done, 1 the data or the model are at fault, 2 the command line is.',
].join('\n');

async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    new Output(false).print(`dml with @dml/stats ${versionOfStats()}, Node ${process.versions.node}`);
    return;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    new Output(false).print(USAGE);
    if (name === undefined) process.exitCode = 2;
    return;
  }
  const command = commandNamed(name);
  const given = parseFor(command, rest);
  if (given.flag('help')) {
    new Output(false).print(helpOf(command));
    return;
  }
  await run(command, given);
}

/** Rank 0 speaks. The other ranks take part in fits, and have nothing to do in other commands. */
async function run(command: Command, given: ReturnType<typeof parseFor>): Promise<void> {
  await runMpi(async () => {
    const { rank, size } = getWorld();
    if (rank !== 0 && command.isCollective !== true) return;
    try {
      await command.run(given, new Output(given.flag('quiet') || rank !== 0));
    } catch (error) {
      // An error that all ranks have is told once; with one rank, without a trace of the program.
      if (rank === 0) fail(error);
      if (rank !== 0 || size > 1) process.exitCode = exitCodeOf(error);
    }
  });
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((other) => other.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map((other) => other.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `The commands are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new UsageError(`there is no command "${name}". ${hint}`);
}

function fail(error: unknown): void {
  process.stderr.write(`dml: ${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

// A reader that has seen enough, such as head, closes the pipe: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
