import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('programs/', import.meta.url);
const programs = readdirSync(folder).filter((name) => name.endsWith('.ts'));

it.each(programs)(
  '%s finds what its rows were made of',
  async (name) => {
    // A program throws where it does not.
    await import(new URL(name, folder).href);
  },
  60_000,
);

it('the table names every program', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/\]\(programs\/(\w+\.ts)\)/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(programs.sort());
});
