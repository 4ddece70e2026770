import { expect, it } from 'vitest';
import { describeLauncher, expectFailure, expectSuccess, program } from './jobs.js';
import { launch } from './launch.js';

const script = program('loading.mjs');
const alone = { size: 1, kind: 'self', mapped: false, before: false, after: true, finalized: false };

describeLauncher('self', () => {
  it('gives one rank and loads no MPI when started by node', async () => {
    const outcome = await launch({ launcher: 'self', script });
    expectSuccess(outcome, 1);
    expect(outcome.reports[0]).toMatchObject({ ...alone, again: true, commonJs: true, sameErrors: true });
  });

  it.each([
    ['DML_MPI_WATCHDOG', 'soon', 'must be a number in 0'],
    ['DML_MPI_WATCHDOG', '-1', 'must be a number in 0'],
    ['DML_MPI_WATCHDOG', ' ', 'must be a number in 0'],
    ['DML_MPI_CHECK', 'yes', 'must be a number in 0 … 1, found "yes"'],
    ['DML_MPI_CHECK', '0.5', 'must be a number in 0 … 1, found "0.5"'],
    ['DML_MPI_FINALIZE_TIMEOUT', '1e999', 'must be a number in 0'],
    ['DML_MPI_MAX_COUNT', '0', 'must be a number in 1'],
    ['DML_MPI', 'foo', 'must be one of openmpi, mpich, self, found "foo"'],
  ])('refuses settings that make no sense: %s=%s', async (name, value, message) => {
    for (const launcher of ['self', 'workers'] as const) {
      const outcome = await launch({ launcher, ranks: 1, script, env: { [name]: value } });
      expectFailure(outcome);
      expect(outcome.stderr).toContain(`the environment variable ${name} ${message}`);
      expect(outcome.stderr).toContain('ERR_ARG');
    }
  });
});

describeLauncher('workers', () => {
  it('shares one world between the ES module and the CommonJS build', async () => {
    const outcome = await launch({ launcher: 'workers', ranks: 2, script });
    expectSuccess(outcome, 2);
    expect(outcome.reports[1]).toMatchObject({
      size: 2,
      kind: 'workers',
      mapped: false,
      again: true,
      commonJs: true,
      sameErrors: true,
    });
  });

  it('takes the options of Node that hold for the whole process', async () => {
    const nodeArgs = ['--max-old-space-size=3000', '--expose-gc', '--no-warnings', '--stack-trace-limit=20'];
    const outcome = await launch({ launcher: 'workers', ranks: 2, script, nodeArgs });
    expectSuccess(outcome, 2);
    for (const report of outcome.reports) expect(report.hasGc).toBe(true);
  });

  it('says what is wrong with the command line', async () => {
    const outcome = await launch({ launcher: 'workers', ranks: 0, script });
    expectFailure(outcome);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('-n must be an integer in 1 … 512');
  });

  it('reports a script that fails before it has a rank', async () => {
    const outcome = await launch({ launcher: 'workers', ranks: 2, script, args: ['not json'] });
    expectFailure(outcome);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('SyntaxError');
  });
});

for (const launcher of ['openmpi', 'mpich'] as const) {
  const other = launcher === 'openmpi' ? 'mpich' : 'openmpi';
  describeLauncher(launcher, () => {
    it('loads the family of the launcher, once for both builds', async () => {
      const outcome = await launch({ launcher, ranks: 2, script });
      expectSuccess(outcome, 2);
      const expected = {
        size: 2,
        kind: 'mpi',
        mapped: true,
        again: true,
        commonJs: true,
        sameErrors: true,
        finalized: false,
      };
      for (const report of outcome.reports) expect(report).toMatchObject(expected);
    });

    it('gives a child process and a worker thread of a rank one rank each', async () => {
      const child = await launch({ launcher, ranks: 2, script, args: ['{}', 'child'] });
      expectSuccess(child, 2);
      expect(child.reports[0]?.child).toMatchObject(alone);
      const worker = await launch({ launcher, ranks: 2, script, args: ['{}', 'worker'] });
      expectSuccess(worker, 2);
      expect(worker.reports[1]?.worker).toEqual({ kind: 'self', size: 1 });
    });

    it('stays alone when DML_MPI=self asks for it', async () => {
      const outcome = await launch({ launcher, ranks: 2, script, env: { DML_MPI: 'self' } });
      expect(outcome.reports).toHaveLength(2);
      for (const report of outcome.reports) expect(report).toMatchObject(alone);
    });

    it('starts MPI without a launcher when asked', async () => {
      const env = { DML_MPI: launcher };
      const outcome = await launch({ launcher: 'self', script, args: ['{"prefer":"mpi"}'], env });
      expectSuccess(outcome, 1);
      expect(outcome.reports[0]).toMatchObject({ size: 1, kind: 'mpi', mapped: true });
    });

    it('says what was tried and how to install when no library can be opened', async () => {
      const env = { DML_MPI_LIB: '/nonexistent/libmpi.so' };
      const outcome = await launch({ launcher, ranks: 2, script, env });
      expectFailure(outcome);
      expect(outcome.stderr).toContain('ERR_NO_MPI');
      expect(outcome.stderr).toContain('/nonexistent/libmpi.so');
      expect(outcome.stderr).toContain('apt-get install openmpi-bin');
    });

    it('refuses the library of the other family', async () => {
      const outcome = await launch({ launcher, ranks: 2, script, env: { DML_MPI: other } });
      expectFailure(outcome);
      expect(outcome.stderr.match(/launcher and library belong to different MPI installations/g)).toHaveLength(1);
      expect(outcome.stderr).toContain('ERR_LAUNCHER_MISMATCH');
    });

    it('leaves traps of WebAssembly to the engine', async () => {
      const outcome = await launch({ launcher, ranks: 2, script: program('webassembly.mjs') });
      expectSuccess(outcome, 2);
      for (const report of outcome.reports) {
        expect(report).toMatchObject({ inside: 0, caught: 'RuntimeError: memory access out of bounds' });
      }
    });
  });
}
