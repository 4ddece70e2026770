/**
 * `npm run demo`: sets up what is missing, then fits the first job, a mixture of Gaussians and categories, with four
 * ranks under `mpiexec`; on worker threads where no MPI can be had.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { elapsed, repository, run, say } from './steps/command.mjs';
import { addonIsBuilt, families, findLauncher, launchCommand } from './steps/mpi.mjs';

const rankCount = 4;

async function demo() {
  const someFamily = families.find((family) => findLauncher(family) !== null) ?? 'openmpi';
  const example = join(repository, 'examples/mpi-estimation');
  const { name, main } = readManifest(example);
  const { env, launchers } = await setUp({ tools: ['compiler', someFamily], packages: [name] });

  const script = join(example, main);
  const family = Object.keys(launchers).find(addonIsBuilt);
  const launch =
    family === undefined ? embeddedRanks(script) : launchCommand(family, launchers[family], rankCount, script);
  say(`Demo: ${[launch.program, ...launch.args].join(' ')}`);
  const { code } = await run('demo', launch.program, launch.args, {
    cwd: example,
    env: { ...env, ...launch.env },
    show: true,
  });
  say(code === 0 ? `Demo: done, ${elapsed()} in all. The model is in ${example}.` : 'Demo: failed.');
  process.exitCode = code === 0 ? 0 : 1;
}

function embeddedRanks(script) {
  const folder = join(repository, 'packages/mpi-native');
  const launcher = join(folder, readManifest(folder).bin['dml-run']);
  return { program: process.execPath, args: [launcher, '-n', String(rankCount), script], env: {} };
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

await demo().catch(fail);
