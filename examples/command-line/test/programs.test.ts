import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../../packages/mpi-native/test/launch.js';

const script = fileURLToPath(new URL('../dist/dml.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dml-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dml = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });

const rows = Array.from({ length: 200 }, (_, i) => `${Math.sin(i) + 9 * (i % 2)},${['a', 'b', 'c'][i % 3]}`);
writeFileSync(join(folder, 'x.csv'), `x,kind\n${rows.join('\n')}\n`);

describe('the program', () => {
  it('says what went wrong on standard error, with its exit code', () => {
    expect(dml('ft')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'dml: there is no command "ft". Did you mean "fit"?\n',
    });
    const missingFile = dml('inspect', 'none.csv');
    expect(missingFile).toMatchObject({ status: 1, stdout: '' });
    expect(missingFile.stderr).toBe('dml: none.csv cannot be opened: there is no such file.\n');
  });

  it('helps', () => {
    const { status, stdout } = dml('fit', '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^dml fit TABLE \[options\]\n/);
    expect(stdout).toMatch(/^ {2}-o, --out MODEL +save the model/m);
    expect(dml('--version').stdout).toMatch(/^dml with @dml\/stats \d+\.\d+\.\d+, Node \d+\./);
  });

  const fit = (...more: string[]) => ['fit', 'x.csv', '-k', '1..2', '--trials', '2', '-q', ...more];

  it('gives the same bytes on threads', () => {
    expect(dml(...fit('-o', 'one.json')).status).toBe(0);
    const { status, stderr } = dml(...fit('--threads', '2', '-o', 'threads.json'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'threads.json'))).toEqual(readFileSync(join(folder, 'one.json')));
  }, 60_000);

  it.each<[Launcher, number]>([
    ['openmpi', 3],
    ['mpich', 2],
  ])(
    'gives the same bytes under mpiexec of %s with %i ranks',
    async (launcher, ranks) => {
      const why = missing(launcher);
      if (why !== null && !isRequired(launcher)) {
        console.log(`skipped: ${why}`);
        return;
      }
      const out = join(folder, `${launcher}.json`);
      const { code, stdout, stderr } = await launch({ launcher, ranks, script, cwd: folder, args: fit('-o', out) });
      expect(code, stderr).toBe(0);
      expect(stdout.match(/2 components of 200 rows/g)).toHaveLength(1); // rank 0 alone speaks
      expect(readFileSync(out)).toEqual(readFileSync(join(folder, 'one.json')));
    },
    60_000,
  );
});
