import { elapsed, run, say } from './command.mjs';

/** Builds the named workspaces and what they need (default: all). What did not change comes from turbo's cache. */
export async function build(env, filters = []) {
  const since = Date.now();
  say('Build: packages and examples.');
  const only = filters.map((filter) => `--filter=${filter}`);
  const { code } = await run('build', 'turbo', ['run', 'build', '--ui=stream', '--output-logs=errors-only', ...only], {
    env,
  });
  if (code !== 0) throw new Error('The build failed: see the lines above.');
  say(`  done in ${elapsed(since)}.`);
}
