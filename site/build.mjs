/** `npm run docs`: builds the site into `site/dist`. `--serve` shows it, and builds pages again as they are read. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepareContent } from './prepare/content.mjs';
import { site } from './prepare/pages.mjs';

function run(program, ...args) {
  const { status, error } = spawnSync(join(site, 'node_modules/.bin', program), args, { cwd: site, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

await prepareContent();
run('typedoc', '--options', 'typedoc.json');
run('vitepress', process.argv.includes('--serve') ? 'dev' : 'build');
