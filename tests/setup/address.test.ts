import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicAddress, withAddress } from '../../scripts/steps/address.mjs';
import { packages, repository } from '../repository.js';

describe('the public address of the repository', () => {
  it.each([
    ['https://git.example.org/me/dml.git', 'https://git.example.org/me/dml'],
    ['git+https://token@git.example.org/me/dml', 'https://git.example.org/me/dml'],
    ['ssh://git@git.example.org:2222/group/sub/dml.git', 'https://git.example.org/group/sub/dml'],
    ['git@git.example.org:me/dml.git', 'https://git.example.org/me/dml'],
  ])('is read from the remote %s', (remote, address) => {
    expect(publicAddress({}, remote)).toBe(address);
  });

  it('is that of the workflow, whatever the remote is', () => {
    const env = { GITHUB_SERVER_URL: 'https://git.example.org', GITHUB_REPOSITORY: 'me/dml' };
    expect(publicAddress(env, '/home/me/dml')).toBe('https://git.example.org/me/dml');
  });

  it.each(['/home/me/dml', '../dml', 'file:///srv/dml.git', null])('is not made up from %s', (remote) => {
    expect(publicAddress({}, remote)).toBeNull();
  });
});

describe.each(packages)('the manifest of %s', (name) => {
  const folder = `packages/${name}`;
  const manifest = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')) as object;
  const published = withAddress(manifest, 'https://github.com/me/dml', folder);

  it('names no address in the sources, as a fork has another', () => {
    for (const field of ['repository', 'homepage', 'bugs']) expect(manifest).not.toHaveProperty(field);
  });

  it('has in a release what npm compares with the provenance, and what its page links to', () => {
    expect(published).toMatchObject(manifest);
    expect(published.repository).toEqual({
      type: 'git',
      url: 'git+https://github.com/me/dml.git',
      directory: folder,
    });
    expect(published.homepage).toBe(`https://github.com/me/dml/tree/HEAD/${folder}#readme`);
    expect(published.bugs.url).toBe('https://github.com/me/dml/issues');
    expect(published).toMatchObject({ description: expect.any(String), keywords: expect.any(Array), license: 'MIT' });
  });
});
