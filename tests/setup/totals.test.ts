import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failedTestsOf, totalsOf, totalsOfTask } from '../../scripts/steps/totals.mjs';
import { runToEnd } from '../command.js';
import { repository } from '../repository.js';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

describe('the totals that npm test prints', () => {
  const parent = join(repository, 'tests/node_modules/.totals');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the real vitest prints about some small test files, and how it ends. */
  async function logOf(files: Readonly<Record<string, string>>) {
    const root = mkdtempSync(join(folder, 'case-'));
    writeFileSync(join(root, 'vitest.config.js'), 'export default {};'); // or vitest takes the one of this workspace
    for (const [name, body] of Object.entries(files)) {
      writeFileSync(join(root, `${name}.test.js`), `import { expect, it } from 'vitest';\n${body}`);
    }
    const { code, stdout, stderr } = await runToEnd(process.execPath, [vitest, 'run', '--root', root], { cwd: root });
    return { kind: 'test', exitCode: code, log: stdout + stderr };
  }

  it('count passed, failed and skipped tests', async () => {
    const task = await logOf({
      good: "it('a', () => {}); it('b', () => {}); it.skip('c', () => {}); it.todo('d');",
      bad: "it('e', () => expect(1).toBe(2));",
    });
    expect(task.exitCode).not.toBe(0);
    expect(totalsOfTask(task)).toEqual({ passed: 2, failed: 1, skipped: 2 });
    expect(failedTestsOf(task.log)).toEqual(['bad.test.js > e']);
  });

  it('count a file that cannot be loaded as a failure', async () => {
    const task = await logOf({ good: "it('a', () => {});", broken: "import './is-not-there.js';" });
    expect(totalsOfTask(task)).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(failedTestsOf(task.log)).toEqual([expect.stringContaining('broken.test.js')]);
  });

  it('count an error outside the tests as a failure', async () => {
    const task = await logOf({ late: "it('a', () => { Promise.reject(new Error('late')); }); it('b', () => {});" });
    expect(task.exitCode).not.toBe(0);
    expect(totalsOfTask(task)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  it('add up several runs in one log', async () => {
    const { log } = await logOf({ good: "it('a', () => {});" });
    expect(totalsOf(`${log}\n${log}`)).toEqual({ passed: 2, failed: 0, skipped: 0, runs: 2 });
  });

  it('count a test command that reports nothing as a failure, even when it ends well', () => {
    expect(totalsOfTask({ kind: 'test', exitCode: 0, log: 'nothing to see' }).failed).toBe(1);
  });

  it('count a type check as one', () => {
    expect(totalsOfTask({ kind: 'typecheck', exitCode: 0, log: '' })).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(totalsOfTask({ kind: 'typecheck', exitCode: 2, log: '' })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
