/** Another version of Node for the tests: its real binary is the npm package `node`. */
import { spawnSync } from 'node:child_process';

/**
 * With `DML_NODE=22` in the environment, runs the script that was started on Node 22 instead, and all programs that it starts.
 * @returns the exit code of that run, or `undefined` when this Node will do
 * @throws {Error} for what is no major version
 */
export function runOnWantedNode() {
  const wanted = process.env.DML_NODE;
  if (wanted === undefined || wanted === process.versions.node.split('.')[0]) return undefined;
  if (!/^\d+$/.test(wanted))
    throw new Error(`DML_NODE must be a major version of Node, as in DML_NODE=22, found ${wanted}.`);
  const program = ['exec', '--yes', `--package=node@${wanted}`, '--', 'node', ...process.argv.slice(1)];
  const { status, error } = spawnSync('npm', program, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 1;
}
