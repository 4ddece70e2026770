/** Starts the programs of this folder as real jobs. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import {
  isRequired,
  type Job,
  type Launcher,
  launch,
  missing,
  type Outcome,
} from '../../packages/mpi-native/test/launch.js';

export type { Launcher, Outcome };

/** Whether a job of this launcher can run here; says so when not. Where its launcher is required, it must. */
export function canRun(launcher: Launcher): boolean {
  const why = missing(launcher);
  if (why === null || isRequired(launcher)) return true;
  console.log(`skipped: ${why}`);
  return false;
}

/** Whether a small disk can be mounted for one job alone; says so when not. */
export function canMount(): boolean {
  if (spawnSync('unshare', ['--mount', 'true']).status === 0) return true;
  console.log('skipped: a disk can be mounted by root on Linux only');
  return false;
}

/** The command that runs a job with a disk of `size` at `folder`, which only the job sees and which ends with it. */
export function onSmallDisk(folder: string, size: string): readonly string[] {
  const mount = `mount -t tmpfs -o size=${size} tmpfs '${folder}' && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', mount, 'sh'];
}

/** Runs a program to its end, whatever that is. No rank may outlive the job. */
export async function run(
  program: string,
  launcher: Launcher,
  ranks: number,
  args: readonly string[] = [],
  more: Partial<Job> = {},
): Promise<Outcome> {
  const script = fileURLToPath(new URL(`dist/${program}.js`, import.meta.url));
  const outcome = await launch({ launcher, ranks, script, args, timeoutMs: 200_000, ...more });
  expect(outcome.timedOut, outcome.stderr).toBe(false);
  expect(outcome.survivors).toEqual([]);
  return outcome;
}

/** Runs a program that must succeed. */
export async function succeed(...parameters: Parameters<typeof run>): Promise<Outcome> {
  const outcome = await run(...parameters);
  expect(outcome.code, outcome.stderr).toBe(0);
  return outcome;
}
