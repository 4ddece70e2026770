/** What the tests of this package share: which launchers to test, and how to look at an outcome. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { isRequired, type Launcher, missing, type Outcome } from './launch.js';

const programs = join(dirname(fileURLToPath(import.meta.url)), 'programs');

export const program = (name: string): string => join(programs, name);

/**
 * Describes tests of one launcher; without it they are skipped with a visible line, or fail where it is required. Tests whose
 * jobs wait more than they compute are `concurrent`.
 */
export function describeLauncher(launcher: Launcher, tests: () => void, options: { concurrent?: boolean } = {}): void {
  const reason = missing(launcher);
  if (reason === null) describe(launcher, options, tests);
  else if (isRequired(launcher)) {
    describe(launcher, () => {
      throw new Error(`${reason}, but DML_MPI_REQUIRE asks for it.`);
    });
  } else {
    console.warn(`SKIPPED: tests under ${launcher}, because ${reason}.`);
    describe.skip(`${launcher} (${reason})`, tests);
  }
}

/** The job ended well and left nothing behind. */
export function expectSuccess(outcome: Outcome, ranks: number): void {
  expect(outcome, outcome.stderr).toMatchObject({ code: 0, timedOut: false, survivors: [] });
  expect(outcome.reports.map(({ rank }) => rank)).toEqual(Array.from({ length: ranks }, (_, rank) => rank));
}

// A failed job ends in well under a second; the rest is for a machine that is busy with something else.
const PROMPT_MS = 20_000;

/** The job ended promptly with an error and left nothing behind. */
export function expectFailure(outcome: Outcome): void {
  expect(outcome.timedOut, 'timed out').toBe(false);
  expect(outcome.survivors, 'survivors').toEqual([]);
  expect(outcome.code === 0, outcome.stdout).toBe(false);
  expect(outcome.milliseconds).toBeLessThan(PROMPT_MS);
}
