/** `npm run studio`: builds the page of `examples/studio` and what it needs, and serves it on this machine. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from './steps/command.mjs';

const build = [join(repository, 'scripts/turbo.mjs'), 'run', 'build', '--filter=@dml-examples/studio'];
const { status } = spawnSync(process.execPath, [...build, '--output-logs=errors-only'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const page = spawn('npm', ['start'], { cwd: join(repository, 'examples/studio'), stdio: 'inherit', shell: true });
page.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
