import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, run, say } from './command.mjs';
import { marksFolder } from './dependencies.mjs';
import { engines } from './engines.mjs';

/**
 * Fetches once, with plain npm, what a user gets along with our packages, and the other engines they are tested on, into a
 * cache of the repository's own. From then on the packaging tests install the packed packages without a network.
 *
 * @returns the environment that the packaging tests read: the cache's folder, or nothing when it could not be filled
 */
export async function fillRegistryCache(env) {
  const cache = join(marksFolder(), 'npm-cache');
  const mark = join(marksFolder(), 'npm-cache.hash');
  const dependencies = publishedDependencies();
  const wanted = createHash('sha256').update(JSON.stringify(dependencies)).digest('hex');
  const filled = existsSync(mark) && readFileSync(mark, 'utf8') === wanted;
  if (!filled) {
    say('Packaging tests: fetching the published dependencies with npm.');
    const folder = mkdtempSync(join(tmpdir(), 'dml-npm-cache-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'cache', private: true, dependencies }));
    const args = ['install', '--cache', cache, '--ignore-scripts', '--no-audit', '--no-fund'];
    const { code } = await run('npm install', 'npm', args, { env, cwd: folder });
    rmSync(folder, { recursive: true, force: true });
    if (code !== 0) {
      say('  no npm registry: tests that install the packed packages are skipped.');
      return {};
    }
    writeFileSync(mark, wanted);
  }
  return { DML_NPM_CACHE: cache };
}

function publishedDependencies() {
  const manifests = readdirSync(join(repository, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(repository, 'packages', name, 'package.json'), 'utf8')),
  );
  const others = engines.map(({ dependency, version }) => ({ [dependency]: version }));
  return Object.assign({}, ...manifests.map((manifest) => manifest.dependencies), ...others);
}
