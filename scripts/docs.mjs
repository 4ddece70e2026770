/**
 * `npm run docs`: builds the documentation site into `site/dist`, after setting up what is missing. `npm run docs -- --serve`
 * shows it on this machine instead.
 */
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { repository, run, say } from './steps/command.mjs';

async function docs() {
  const { env } = await setUp({ tools: [], packages: ['@dml/stats'] });
  const folder = join(repository, 'site');
  const { code } = await run('docs', process.execPath, ['build.mjs', ...process.argv.slice(2)], {
    cwd: folder,
    env,
    show: true,
  });
  say(code === 0 ? 'Docs: done. The site is in site/dist.' : 'Docs: failed.');
  process.exitCode = code === 0 ? 0 : 1;
}

await docs().catch(fail);
