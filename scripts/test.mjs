/**
 * `npm test`: sets up what is missing, then checks everything: format and lint, types, and every workspace's tests,
 * those under both MPI families and in a browser included. `npm test -- --force` runs again what has not changed;
 * `DML_NODE=22 npm test` runs everything on that version of Node.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { answerOf, elapsed, repository, run, say } from './steps/command.mjs';
import { marksFolder } from './steps/dependencies.mjs';
import { addonIsBuilt } from './steps/mpi.mjs';
import { runOnWantedNode } from './steps/nodeVersion.mjs';
import { fillRegistryCache } from './steps/registryCache.mjs';
import { findBrowser } from './steps/systemTools.mjs';
import { failedTestsOf, totalsOfTask } from './steps/totals.mjs';

const MOST_NAMES = 25;
const runsFolder = join(repository, '.turbo/runs');

async function test() {
  const totalsFile = join(marksFolder(), 'totals.txt');
  rmSync(totalsFile, { force: true });
  const { env, launchers } = await setUp({ tools: ['compiler', 'openmpi', 'mpich', 'browser'] });
  Object.assign(env, await fillRegistryCache(env), whatMustRun(launchers));

  say(`Node ${process.version}.`);
  say('Lint and format: biome.');
  const lint = await run('biome', 'biome', ['ci', '--colors=off', '.'], { env });
  const tasks = [{ name: 'lint', kind: 'lint', exitCode: lint.code, log: '' }, ...(await runWorkspaces(env))];

  const sums = { passed: 0, failed: 0, skipped: 0 };
  say('');
  for (const task of tasks) {
    const totals = totalsOfTask(task);
    for (const key of Object.keys(sums)) sums[key] += totals[key];
    say(
      `${totals.failed > 0 ? 'FAILED' : '    ok'}  ${task.name}: ${totals.passed} passed, ${totals.failed} failed` +
        `${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}${task.fromCache ? ' (unchanged since it passed)' : ''}`,
    );
  }
  const names = tasks.flatMap((task) => failedTestsOf(task.log).map((name) => `${task.name}: ${name}`));
  for (const name of names.slice(0, MOST_NAMES)) say(`FAILED  ${name}`);
  if (names.length > MOST_NAMES) say(`and ${names.length - MOST_NAMES} more`);
  const line = `${sums.passed} passed, ${sums.failed} failed`;
  say(`\n${elapsed()} in all${sums.skipped > 0 ? `; ${sums.skipped} skipped` : ''}`);
  say(line);
  mkdirSync(marksFolder(), { recursive: true });
  writeFileSync(totalsFile, `${line}\n`);
  process.exitCode = sums.failed > 0 ? 1 : 0;
}

/** Where a tool is installed, a test that needs it must run: skipping it would hide a fault. */
function whatMustRun(launchers) {
  const families = Object.keys(launchers).filter(addonIsBuilt);
  const browser = findBrowser();
  const versions = [process.version, ...Object.values(launchers).map((launcher) => answerOf(launcher, ['--version']))];
  return {
    ...(families.length > 0 ? { DML_MPI_REQUIRE: families.join(',') } : {}),
    ...(browser === null ? {} : { DML_REQUIRE_BROWSER: '1', DML_BROWSER: browser }),
    // A result that turbo kept is good for this machine only: for its Node, its MPI, its browser.
    DML_MACHINE: createHash('sha256')
      .update(JSON.stringify([versions, browser]))
      .digest('hex'),
  };
}

/** Packs the packages, which builds each of them again: no other workspace may need its build meanwhile. */
const ALONE = '@dml-repository/tests';

/**
 * Runs the type check and the tests of every workspace, three at a time: one more than the cores of a small machine, since
 * jobs under `mpiexec` wait as long as they compute. Goes on after a failure, so that one run shows all of them.
 */
async function runWorkspaces(env) {
  say('Types and tests of every workspace.');
  // Files that DML_GOLDEN_DIR names lie outside the repository, so turbo cannot see that they changed.
  const force = process.argv.includes('--force') || env.DML_GOLDEN_DIR !== undefined ? ['--force'] : [];
  // This script reads and passes on what turbo prints, so turbo cannot see by itself whether colours are wanted.
  const colours = process.stdout.isTTY && env.NO_COLOR === undefined;
  if (!colours) Object.assign(env, { NO_COLOR: '1', FORCE_COLOR: undefined });
  const options = [colours ? '--color' : '--no-color', '--ui=stream', '--continue=always', '--summarize', ...force];
  const others = await runTurbo([...options, `--filter=!${ALONE}`, '--concurrency=3'], env);
  return [...others, ...(await runTurbo([...options, `--filter=${ALONE}`, '--concurrency=1'], env))];
}

async function runTurbo(options, env) {
  rmSync(runsFolder, { recursive: true, force: true });
  const { code } = await run('tests', 'turbo', ['run', 'typecheck', 'test', ...options], { env, show: true });
  const tasks = readRun().filter(({ kind }) => kind === 'typecheck' || kind === 'test');
  const explained = code === 0 || tasks.some(({ exitCode }) => exitCode !== 0);
  return explained ? tasks : [...tasks, { name: 'turbo', kind: 'turbo', exitCode: code, log: '' }];
}

/** What turbo wrote down about its last run: each task that has a command, its exit code and where its log is. */
function readRun() {
  const summaries = readdirSync(runsFolder).filter((name) => name.endsWith('.json'));
  const newest = summaries.sort((a, b) => modified(a) - modified(b)).at(-1);
  if (newest === undefined) throw new Error(`turbo left no summary of its run in ${runsFolder}.`);
  const { tasks } = JSON.parse(readFileSync(join(runsFolder, newest), 'utf8'));
  return tasks
    .filter((task) => task.command !== '<NONEXISTENT>')
    .map((task) => ({
      name: task.taskId,
      kind: task.task,
      // A task that turbo never started, because the build it needs failed, is a failure too.
      exitCode: task.execution?.exitCode ?? 1,
      fromCache: task.cache.status === 'HIT',
      log: readLog(task.logFile),
    }));
}

function readLog(file) {
  try {
    return readFileSync(join(repository, file), 'utf8');
  } catch {
    return '';
  }
}

function modified(name) {
  return statSync(join(runsFolder, name)).mtimeMs;
}

async function main() {
  const exitCode = runOnWantedNode();
  if (exitCode === undefined) return test();
  process.exitCode = exitCode;
}

await main().catch((error) => {
  fail(error);
  say('0 passed, 1 failed');
});
