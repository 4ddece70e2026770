// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character starts every colour code.
const colours = /\u001b\[[0-9;]*m/g;

/**
 * Adds up what vitest reports at the end of each of its runs in one log. A package may run vitest several times, once
 * per mode say; each run counts.
 *
 * @returns tests passed, failed and skipped, and the number of runs that ended with a report
 */
export function totalsOf(log) {
  const totals = { passed: 0, failed: 0, skipped: 0, runs: 0 };
  let failedFiles = 0;
  for (const line of log.replace(colours, '').split('\n')) {
    const files = /^\s*Test Files\s+(.*)$/.exec(line);
    if (files !== null) failedFiles = countOf(files[1], 'failed');
    const tests = /^\s*Tests\s+(.*)$/.exec(line);
    if (tests === null) continue;
    totals.passed += countOf(tests[1], 'passed');
    totals.skipped += countOf(tests[1], 'skipped') + countOf(tests[1], 'todo');
    // A file that cannot be loaded fails without a failed test of its own: it must not vanish from the sum.
    totals.failed += countOf(tests[1], 'failed') || failedFiles;
    totals.runs += 1;
    failedFiles = 0;
  }
  return totals;
}

/** The names of the tests and files that vitest says have failed, each once: `test/a.test.ts > group > test`. */
export function failedTestsOf(log) {
  const names = [...log.replace(colours, '').matchAll(/^ FAIL {2}(.*)$/gm)].map(([, name]) => name.trim());
  return [...new Set(names)];
}

function countOf(summary, word) {
  return Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
}

/**
 * The totals of one finished task. A test task that fails without a failed test (a crash, an error outside the tests),
 * or that ends well without any report, counts as one failure: silence is not success. A task of another kind (the
 * type check, say) is one check.
 */
export function totalsOfTask({ kind, exitCode, log }) {
  if (kind !== 'test') return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const { passed, failed, skipped, runs } = totalsOf(log);
  const silentFailure = failed === 0 && (exitCode !== 0 || runs === 0);
  return { passed, failed: failed + (silentFailure ? 1 : 0), skipped };
}
