import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findLauncher, launchCommand } from '../../scripts/steps/mpi.mjs';
import { isInstalled, output } from '../command.js';
import { repository } from '../repository.js';

const step = pathToFileURL(join(repository, 'scripts/steps/systemTools.mjs')).href;

describe('the system tools step', () => {
  const empty = mkdtempSync(join(tmpdir(), 'dml-path-'));
  const withApt = mkdtempSync(join(tmpdir(), 'dml-path-'));
  chmodSync(withApt, 0o755);
  if (isInstalled('apt-get')) symlinkSync('/usr/bin/apt-get', join(withApt, 'apt-get'));
  afterAll(() => {
    for (const folder of [empty, withApt]) rmSync(folder, { recursive: true, force: true });
  });

  /** What the step says on a machine whose PATH holds one folder only. */
  function install(names: readonly string[], path: string, user?: number): Promise<string> {
    const drop = user === undefined ? '' : `process.setgid(${user}); process.setuid(${user});`;
    const call = `(await import('${step}')).installSystemTools(${JSON.stringify(names)})`;
    const args = ['--input-type=module', '-e', `await import('${step}'); ${drop} await ${call};`];
    return output(process.execPath, args, { cwd: empty, env: { PATH: path } });
  }

  it('says what is lost, and goes on, where nothing can be installed', async () => {
    const said = await install(['compiler', 'browser'], empty);
    expect(said).toMatch(/C\+\+ compiler.*not there.*worker threads/);
    expect(said).toMatch(/Chromium: not there.*browser tests are skipped/);
  });

  it.runIf(isInstalled('apt-get') && process.getuid?.() === 0)(
    'prints the command to run for a user who may not install',
    async () => {
      const said = await install(['compiler'], withApt, 65534);
      expect(said).toContain('sudo apt-get install -y -q --no-install-recommends g++ make python3');
      expect(said).toContain('not there');
    },
  );

  // Ubuntu has no package `chromium`: in one command with the others it once cost them all.
  it.runIf(process.getuid?.() === 0)('installs the other tools where one of them cannot be had', async () => {
    const ubuntu = mkdtempSync(join(tmpdir(), 'dml-path-'));
    const script = '#!/bin/sh\ncase "$*" in *chromium*) exit 100;; *g++*) echo "installs $*"; exit 0;; esac\n';
    for (const [name, text] of [
      ['apt-get', script],
      ['env', '#!/bin/sh\nshift; exec "$@"\n'],
    ] as const)
      writeFileSync(join(ubuntu, name), text, { mode: 0o755 });
    try {
      const said = await install(['browser', 'compiler'], ubuntu);
      expect(said).toContain('apt-get install: failed');
      expect(said.match(/failed after/g)).toHaveLength(1);
    } finally {
      rmSync(ubuntu, { recursive: true, force: true });
    }
  });

  it('says in one line that all is there', async () => {
    const said = await install([], empty);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});

describe('the launch command', () => {
  it.runIf(findLauncher('openmpi') !== null && findLauncher('mpich') !== null)(
    'finds both families where both are installed',
    () => {
      expect(findLauncher('openmpi')).not.toBe(findLauncher('mpich'));
    },
  );

  it.for(['openmpi', 'mpich'])('starts three processes under %s', async (family, { skip }) => {
    const launcher = findLauncher(family) ?? skip(`${family} is not installed`);
    const script = join(repository, 'tests/setup/hello.mjs');
    const { program, args, env } = launchCommand(family, launcher, 3, script);
    expect((await output(program, args, { cwd: tmpdir(), env })).match(/hello/g)).toHaveLength(3);
  });
});
