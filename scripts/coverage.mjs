/**
 * `npm run coverage`: which statements and branches the tests of a package run, in a summary and in `packages/NAME/coverage`.
 * Only for the packages whose tests import the sources: those of the MPI packages start processes that load the build.
 */
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { repository, run, say } from './steps/command.mjs';

/** Counting makes loops several times slower. */
const options = [
  '--coverage.enabled',
  '--coverage.include=src/**',
  ...['text-summary', 'html', 'lcov'].map((reporter) => `--coverage.reporter=${reporter}`),
  '--testTimeout=300000',
];

async function coverage() {
  const packages = ['stats', 'serialize'];
  const { env } = await setUp({ tools: ['browser'], packages: packages.map((name) => `@dml/${name}`) });
  for (const name of packages) {
    say(`Coverage of @dml/${name}.`);
    const cwd = join(repository, 'packages', name);
    const { code } = await run('coverage', 'vitest', ['run', '--silent', ...options], { cwd, env, show: true });
    if (code !== 0) process.exitCode = 1;
  }
}

await coverage().catch(fail);
