/**
 * Everything that the demo and the tests need on a machine that has git and Node alone: system tools, dependencies,
 * build. Uses nothing but Node, since it runs before anything is installed. May run any number of times.
 */
import { pathToFileURL } from 'node:url';
import { build } from './steps/build.mjs';
import { say } from './steps/command.mjs';
import { installDependencies } from './steps/dependencies.mjs';
import { families, findLauncher } from './steps/mpi.mjs';
import { installSystemTools } from './steps/systemTools.mjs';

/**
 * @param options.tools     system tools to install where this user may, by their names in `steps/systemTools.mjs`
 * @param options.packages  workspaces to build, with all that they depend on; default: all
 * @returns the environment for `pnpm` and `turbo`, and the MPI launchers found, by family
 */
export async function setUp({ tools, packages }) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node 20 or newer is needed; this is Node ${process.versions.node}.`);
  await installSystemTools(tools);
  const env = await installDependencies();
  await build(env, packages);
  const launchers = families.map((family) => [family, findLauncher(family)]).filter(([, path]) => path !== null);
  return { env, launchers: Object.fromEntries(launchers) };
}

/** Ends the process with the message alone: a stack trace of the set-up helps nobody who runs it. */
export function fail(error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await setUp({ tools: ['compiler', 'openmpi', 'mpich', 'browser'] }).catch(fail);
}
