/** Which files of the repository are pages of the site. Each keeps its place, so that its links hold as they are. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const site = join(dirname(fileURLToPath(import.meta.url)), '..');
export const repository = join(site, '..');
export const content = join(site, 'content');

const foldersIn = (folder) =>
  readdirSync(join(repository, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => statSync(join(repository, path)).isDirectory());

function markdownBelow(folder) {
  return readdirSync(join(repository, folder))
    .filter((name) => name !== 'node_modules')
    .map((name) => `${folder}/${name}`)
    .flatMap((path) => (statSync(join(repository, path)).isDirectory() ? markdownBelow(path) : [path]))
    .filter((path) => path.endsWith('.md'))
    .sort();
}

const ofFolder = (folder) => ['README.md', 'FORMAT.md'].map((name) => `${folder}/${name}`);

/** The examples that have a text. `conformance` is a test of all packages together, which nobody copies from. */
export const examples = foldersIn('examples').filter(
  (folder) => folder !== 'examples/conformance' && existsSync(join(repository, folder, 'README.md')),
);

/** Paths of Markdown files, relative to the repository. */
export const pages = [
  'CONTRIBUTING.md',
  'CODE_OF_CONDUCT.md',
  'SECURITY.md',
  ...markdownBelow('docs'),
  ...foldersIn('packages').flatMap(ofFolder),
  ...examples.map((folder) => `${folder}/README.md`),
].filter((path) => existsSync(join(repository, path)));

/** The path of a page below the site's content: the README of a folder is what its address alone shows. */
export const pagePath = (path) => path.replace(/(^|\/)README\.md$/, '$1index.md');
