import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { answerOf, elapsed, findProgram, repository, run, say } from './command.mjs';

const stampFile = join(repository, 'node_modules/.dml/dependencies.json');

/**
 * Installs what the lock file names, and returns the environment in which `pnpm` and `turbo` are found. When nothing
 * changed since the last time this reads one file and needs no network.
 */
export async function installDependencies() {
  const fingerprint = dependencyFingerprint();
  const stamp = readStamp();
  if (stamp?.fingerprint === fingerprint && existsSync(stamp.pnpm)) {
    say('Dependencies: up to date.');
    return environmentWith(stamp.pnpm);
  }
  const since = Date.now();
  const pnpm = await findPnpm();
  const env = environmentWith(pnpm);
  say('Dependencies: installing what pnpm-lock.yaml names.');
  const { code } = await run('pnpm install', pnpm, ['install', '--frozen-lockfile', '--prefer-offline'], { env });
  if (code !== 0) {
    throw new Error(
      'The dependencies could not be installed: see the lines above. The first run needs the npm registry.',
    );
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ fingerprint, pnpm }));
  say(`  done in ${elapsed(since)}.`);
  return env;
}

/** Where a step may keep a mark of what it did for the present set of dependencies. */
export function marksFolder() {
  return dirname(stampFile);
}

/** Changes when the lock file or any package.json of the workspace changes. */
export function dependencyFingerprint() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...workspaceManifests()]) {
    hash.update(`${file}\n`).update(readFileSync(join(repository, file)));
  }
  return hash.digest('hex');
}

function workspaceManifests() {
  const patterns = readFileSync(join(repository, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}- ([\w/-]+)(\/\*)?$/gm);
  const folders = [...patterns].flatMap(([, folder, star]) => {
    if (star === undefined) return [folder];
    if (!existsSync(join(repository, folder))) return [];
    return readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`);
  });
  return folders
    .map((folder) => `${folder}/package.json`)
    .filter((file) => existsSync(join(repository, file)))
    .sort();
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return null;
  }
}

/** The pnpm of PATH when its major version is the pinned one, else the pinned version, which npx fetches. */
async function findPnpm() {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const pinned = manifest.packageManager.replace(/^pnpm@/, '');
  const installed = findProgram('pnpm');
  if (installed !== null) {
    const version = answerOf(installed, ['--version'], { env: environmentWith(installed) });
    if (version?.split('.')[0] === pinned.split('.')[0]) return installed;
  }
  say(`pnpm ${pinned}: fetching it with npx.`);
  const { code, lines } = await run('npx', 'npx', ['--yes', '--package', `pnpm@${pinned}`, '-c', 'command -v pnpm']);
  const path = lines.filter((line) => line.endsWith('/pnpm')).at(-1);
  if (code !== 0 || path === undefined) {
    throw new Error(`npx could not fetch pnpm ${pinned}. Connect to the npm registry, or install pnpm and run again.`);
  }
  return path;
}

function environmentWith(pnpm) {
  return {
    ...process.env,
    PATH: [dirname(pnpm), join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    // A pnpm of the pinned major is good enough: it must not fetch another one, nor ask before it replaces a folder.
    npm_config_manage_package_manager_versions: 'false',
    npm_config_confirm_modules_purge: 'false',
  };
}
