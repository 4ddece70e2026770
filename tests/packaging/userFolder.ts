import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { output, runToEnd } from '../command.js';
import { repository } from '../repository.js';

/** What a manifest of ours says, as far as the tests ask. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function manifestOf(name: string): Manifest {
  // Our own file, whose shape the types above state.
  return JSON.parse(readFileSync(join(repository, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

/** A folder far from the repository, as a user has it: a manifest and what `npm install` put there. */
export class UserFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'dml-user-'));

  constructor() {
    this.write('package.json', '{ "name": "user", "private": true }');
  }

  /**
   * Installs tarballs, or packages by name and version, with plain npm. What they depend on comes from the cache that `npm test` filled, else
   * from the registry.
   * @returns `null`, or the reason when there is neither cache nor registry
   */
  async install(...wanted: readonly string[]): Promise<string | null> {
    const cache = process.env.DML_NPM_CACHE;
    const source = cache === undefined ? ['--prefer-offline'] : ['--offline', '--cache', cache];
    const args = ['install', ...wanted, ...source, '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, stdout, stderr } = await runToEnd('npm', args, { cwd: this.path });
    if (code === 0) return null;
    const noRegistry = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(stderr);
    if (cache === undefined && noRegistry)
      return 'no npm registry and no cache of it: run npm test once with a network';
    throw new Error(`npm ${args.join(' ')}: exit code ${code}\n${stdout}\n${stderr}`);
  }

  /** Every package that npm installed here, sorted. */
  installed(): readonly string[] {
    const lock = JSON.parse(readFileSync(join(this.path, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    return Object.keys(lock.packages)
      .filter((path) => path !== '')
      .map((path) => path.replace(/^.*node_modules\//, ''))
      .sort();
  }

  write(file: string, text: string): string {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  node(args: readonly string[]): Promise<string> {
    return output(process.execPath, args, { cwd: this.path });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
