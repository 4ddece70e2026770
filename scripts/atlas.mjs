/** `npm run atlas`: published results beside ours, after setting up what is missing. */
import { join } from 'node:path';
import { fail, setUp } from './setup.mjs';
import { repository, run } from './steps/command.mjs';

async function atlas() {
  const { env } = await setUp({ tools: [], packages: ['@dml-examples/atlas'] });
  const script = join(repository, 'examples/atlas/dist/main.js');
  const { code } = await run('atlas', process.execPath, [script], { env, show: true });
  process.exitCode = code;
}

await atlas().catch(fail);
