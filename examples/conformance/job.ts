/** Starts the programs of this folder as real jobs. */
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

/** Runs a program to its end, whatever that is. No rank may outlive the job. */
export async function run(
  program: string,
  launcher: Launcher,
  ranks: number,
  args: readonly string[] = [],
  more: Partial<Job> = {},
): Promise<Outcome> {
  const script = fileURLToPath(new URL(`dist/${program}.js`, import.meta.url));
  const outcome = await launch({ launcher, ranks, script, args, timeoutMs: 100_000, ...more });
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
