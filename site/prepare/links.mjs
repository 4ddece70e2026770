/** Links of a page of the repository, made to hold on the site. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { pagePath, pages, repository } from './pages.mjs';

const isPage = new Set(pages);

/** Where source files that some page links to are shown. */
export const sourcePage = (path) => `source/${path.replace(/^\./, '').replace(/\.md$/, '')}.md`;

export const isPicture = (target) => target.endsWith('.svg');

/**
 * The text with its links to folders leading to the page of the folder's README, and those to other files to a page that shows
 * the file. Links to pictures stay as they are.
 * @param {(path: string) => void} onSource told of each file that a link names and that is no page
 */
export function withLinks(text, page, onSource) {
  const parts = text.split(/^(`{3,}[\s\S]*?^`{3,}\s*)$/m);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(/\]\(([^)\s]+)\)/g, rewritten))).join('');

  function rewritten(whole, target) {
    if (/^([a-z]+:|#)/.test(target) || isPicture(target)) return whole;
    const [, path, anchor = ''] = /^([^#]*)(#.*)?$/.exec(target);
    const file = normalize(join(dirname(page), path)).replace(/\/$/, '');
    const to = destinationOf(file);
    if (to === null) return `](/${anchor})`;
    if (to.startsWith('source/')) onSource(file);
    return `](${relative(dirname(page), pagePath(to))}${anchor})`;
  }

  function destinationOf(file) {
    if (file === 'README.md' || file === '.') return null;
    if (isPage.has(file)) return file;
    if (file === 'docs/families') return 'families.md';
    if (file === 'examples') return 'gallery.md';
    const found = statSync(join(repository, file), { throwIfNoEntry: false });
    if (found === undefined) throw new Error(`${page} links to ${file}, which does not exist.`);
    if (!found.isDirectory()) return sourcePage(file);
    if (isPage.has(`${file}/README.md`)) return `${file}/README.md`;
    const main = ['README.md', 'package.json', 'index.ts'].find((name) => existsSync(join(repository, file, name)));
    return main === undefined ? 'CONTRIBUTING.md' : sourcePage(`${file}/${main}`);
  }
}
