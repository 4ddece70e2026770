/** `npm run docs`: builds the site into `site/dist`. `--serve` shows it, and builds pages again as they are read. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepareContent } from './prepare/content.mjs';
import { deadLinks } from './prepare/deadLinks.mjs';
import { site } from './prepare/pages.mjs';

function run(program, ...args) {
  const { status, error } = spawnSync(join(site, 'node_modules/.bin', program), args, { cwd: site, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

await prepareContent();
run('typedoc', '--options', 'typedoc.json');
const isServed = process.argv.includes('--serve');
run('vitepress', isServed ? 'dev' : 'build');
if (!isServed) {
  const dead = deadLinks(join(site, 'dist'));
  for (const link of dead) console.error(`Dead link in ${link}`);
  if (dead.length > 0) process.exitCode = 1;
}
