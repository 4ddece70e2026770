/**
 * `npm run build` and `npm run typecheck`: turbo with these arguments. It needs pnpm, which this script finds or fetches, and
 * dependencies, which it installs when they are missing.
 */
import { spawnSync } from 'node:child_process';
import { fail } from './setup.mjs';
import { repository } from './steps/command.mjs';
import { installDependencies } from './steps/dependencies.mjs';

try {
  const env = await installDependencies();
  const { status, error } = spawnSync('turbo', process.argv.slice(2), { cwd: repository, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
} catch (error) {
  fail(error);
}
