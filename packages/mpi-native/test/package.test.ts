import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { describeLauncher } from './jobs.js';
import { launch } from './launch.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'dml-mpi-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;

describe('the package', () => {
  it('runs nothing when it is installed', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(manifest.scripts).not.toHaveProperty(name);
    }
    // npm and pnpm would run node-gyp for a binding.gyp in the root.
    expect(readdirSync(root)).not.toContain('binding.gyp');
  });

  it('packs the addons, their sources and the commands', () => {
    const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ files }] = JSON.parse(text) as [{ files: readonly { path: string }[] }];
    const paths = files.map(({ path }) => path);
    for (const path of [
      'dist/index.js',
      'dist/index.cjs',
      'dist/index.d.ts',
      'dist/dmlRunWorker.cjs',
      'bin/dml-run.mjs',
    ])
      expect(paths).toContain(path);
    for (const path of ['native/binding.gyp', 'native/sources.gypi', 'native/build.mjs', 'native/mpiConfig.mjs'])
      expect(paths).toContain(path);
    expect(paths).toContain('native/src/collective.cc');
    expect(paths.filter((path) => /^(src|test)\//.test(path))).toEqual([]);
    if (process.platform === 'linux' && process.arch === 'x64')
      expect(paths).toContain('prebuilds/linux-x64/loader.node');
  });

  it('is not packed without the addon of a family, unless that is said', () => {
    // One wrapper, of no family: neither is found.
    const build = (env: Readonly<Record<string, string>>) =>
      spawnSync(process.execPath, [join(root, 'native', 'build.mjs'), '--complete'], {
        encoding: 'utf8',
        env: { ...process.env, MPICC: '/bin/false', ...env },
      });
    expect(manifest.scripts?.prepack).toContain('native/build.mjs --complete');
    const refused = build({});
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(
      'Open MPI and MPICH not found on this machine, so the package would lack openmpi.node and mpich.node',
    );
    const allowed = build({ DML_MPI_PACK_INCOMPLETE: '1' });
    expect(allowed.status).toBe(0);
    expect(allowed.stderr).toContain('packed all the same');
  });

  it('tells what it found', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'dml-mpi.mjs'), 'doctor'], { encoding: 'utf8' });
    expect(stdout).toContain('Launchers');
    expect(stdout).toMatch(/MPI jobs can run with|no MPI job can run here/);
    const wrong = spawnSync(process.execPath, [join(root, 'bin', 'dml-mpi.mjs'), 'cure'], { encoding: 'utf8' });
    expect(wrong.status).toBe(2);
    expect(wrong.stdout).toContain('unknown command "cure"');
  });
});

describeLauncher('openmpi', () => {
  // An addon that was linked with a newer C library is such a file: the dynamic linker refuses it.
  it('says that an addon does not fit this system, and how to get one that does', () => {
    const copy = join(scratch, 'foreign');
    for (const name of ['bin', 'dist', 'package.json', 'prebuilds']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    writeFileSync(
      join(copy, 'prebuilds', `${process.platform}-${process.arch}`, 'openmpi.node'),
      'not for this system',
    );
    const program = "const { getWorld } = await import('./dist/index.js'); getWorld();";
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: copy,
      encoding: 'utf8',
      env: { ...process.env, OMPI_COMM_WORLD_SIZE: '1' },
    });
    expect(stderr).toMatch(
      /openmpi\.node cannot be loaded on this system: .+\. Compile it here with: npx dml-mpi build --force/,
    );
    const doctor = spawnSync(process.execPath, ['bin/dml-mpi.mjs', 'doctor'], { cwd: copy, encoding: 'utf8' });
    expect(doctor.stdout).toMatch(/openmpi: .*the addon .+ cannot be loaded on this system/);
    expect(doctor.stdout).not.toMatch(/MPI jobs can run with openmpi/);
  }, 60_000);

  it('compiles from the packed sources into the same bytes, and they run', async () => {
    const copy = join(scratch, 'package');
    mkdirSync(copy);
    for (const name of ['bin', 'dist', 'native', 'package.json'])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    // The dependency and the compiler driver, as an install would place them.
    mkdirSync(join(copy, 'node_modules'));
    for (const name of ['node-addon-api', 'node-gyp']) {
      symlinkSync(realpathSync(join(root, 'node_modules', name)), join(copy, 'node_modules', name));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'bin', 'dml-mpi.mjs'), 'build'], {
      encoding: 'utf8',
      env: { ...process.env, MPICC: 'mpicc.openmpi' },
    });
    expect(status, stdout + stderr).toBe(0);
    const folder = `prebuilds/${process.platform}-${process.arch}`;
    const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    for (const name of ['loader.node', 'openmpi.node']) {
      expect(digest(join(copy, folder, name)), name).toBe(digest(join(root, folder, name)));
    }
    cpSync(join(root, 'test', 'programs'), join(copy, 'test', 'programs'), { recursive: true });
    const outcome = await launch({
      launcher: 'openmpi',
      ranks: 2,
      script: join(copy, 'test', 'programs', 'loading.mjs'),
    });
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    expect(outcome.reports).toHaveLength(2);
  }, 300_000);
});
