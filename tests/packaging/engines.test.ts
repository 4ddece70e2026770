import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { engines } from '../../scripts/steps/engines.mjs';
import { output } from '../command.js';
import { repository } from '../repository.js';
import { UserFolder } from './userFolder.js';

const program = readFileSync(join(repository, 'tests/packaging/programs/everyEngine.mjs'), 'utf8');

describe.skipIf(engines.length === 0)('@dml/stats and @dml/serialize, in other engines', () => {
  const user = new UserFolder();
  let notInstalled: string | null = null;
  let inNode = '';

  beforeAll(async () => {
    const tarballs = ['stats', 'serialize'].map((name) => inject('tarballs')[name]!);
    const others = engines.map(({ dependency, version }) => `${dependency}@${version}`);
    notInstalled = await user.install(...tarballs, ...others);
    if (notInstalled !== null) console.warn(`Skipped: other engines: ${notInstalled}.`);
    else inNode = await user.node([user.write('program.mjs', program)]);
  });
  afterAll(() => user.remove());

  it.each(engines)('$name $version fits, saves and loads to the same bits', async ({ dependency, binary, args }) => {
    if (notInstalled !== null) return expect(process.env.DML_NPM_CACHE).toBeUndefined();
    const engine = join(user.path, 'node_modules', dependency, binary);
    const printed = await output(engine, [...args, 'program.mjs'], { cwd: user.path });
    expect(inNode).toMatch(/^converged converged [0-9a-f]{64}\n$/);
    expect(printed).toBe(inNode);
  });
});
