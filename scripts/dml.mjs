/** `npm run dml -- …`: the command line of `examples/command-line`. The first call installs and builds what is missing. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { repository } from './steps/command.mjs';

const program = join(repository, 'examples/command-line/dist/dml.js');

/** Says on standard error what it does: standard output is for results. What the build prints is shown when it fails. */
function build() {
  process.stderr.write('dml: the first call builds the program, which takes a minute or two.\n');
  const turbo = join(repository, 'scripts/turbo.mjs');
  const args = [turbo, 'run', 'build', '--filter=@dml-examples/command-line', '--output-logs=errors-only'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: repository, maxBuffer: 2 ** 28 });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}\ndml: the build failed: see the lines above.\n`);
  process.exit(1);
}

if (!existsSync(program)) build();
// Ctrl-C is for the command, which ends a fit with the best model so far.
process.on('SIGINT', () => {});
// Files are named from where the person stands, and npm runs scripts at the top of the repository.
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { cwd, stdio: 'inherit' });
child.on('exit', (code, signal) => {
  // As a shell does for a program that a signal ended.
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
