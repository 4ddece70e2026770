import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createMarkdownRenderer } from 'vitepress';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareContent } from '../prepare/content.mjs';
import { deadLinks } from '../prepare/deadLinks.mjs';
import { withLinks } from '../prepare/links.mjs';
import { content, examples, pages } from '../prepare/pages.mjs';

/** Markdown files of the site, without the API reference, which is made from the sources when the site is built. */
function markdownBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (path === join(content, 'reference')) return [];
    if (statSync(path).isDirectory()) return markdownBelow(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

describe('the site', () => {
  beforeAll(() => prepareContent(), 120_000);

  it('has links that lead to pages, and to headings on them', { timeout: 120_000 }, async () => {
    // Highlighted code would take most of the time, and holds no link.
    const renderer = await createMarkdownRenderer(content, { highlight: (code) => code });
    const files = markdownBelow(content);
    const html = new Map(files.map((file) => [file, renderer.render(readFileSync(file, 'utf8'), { path: file })]));
    const idsOf = (file: string) => new Set([...(html.get(file) ?? '').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const dead = files.flatMap((file) =>
      [...(html.get(file) ?? '').matchAll(/<a href="([^"]+)"/g)].flatMap(([, link = '']) => {
        if (/^(https?|mailto):/.test(link) || link.startsWith('/')) return [];
        const [, path = '', anchor] = /^([^#]*)(?:#(.+))?$/.exec(decodeURI(link)) ?? [];
        const name = path.endsWith('/') ? `${path}index.md` : path.replace(/(\.html)?$/, '.md');
        const target = path === '' ? file : join(dirname(file), name);
        const isFound = html.has(target) && (anchor === undefined || idsOf(target).has(anchor));
        return isFound ? [] : [`${relative(content, file)}: ${link}`];
      }),
    );
    expect(dead).toEqual([]);
    expect(files.filter((file) => file.endsWith('README.md'))).toEqual([]);
    expect(files.length).toBeGreaterThan(pages.length);
  });

  it('shows a picture on every family page, with words for who cannot see it', () => {
    const families = pages.filter((page) => page.startsWith('docs/families/'));
    expect(families.length).toBeGreaterThan(50);
    for (const page of families) {
      const [, words, image] =
        /^!\[([^\]]+)\]\(\.\/(.+\.svg)\)$/m.exec(readFileSync(join(content, page), 'utf8')) ?? [];
      expect(words, page).toBeTruthy();
      expect(readFileSync(join(content, dirname(page), image ?? ''), 'utf8')).toMatch(/^<svg[\s\S]*<path/);
    }
  });

  it('shows every example with a picture and its programs', () => {
    const gallery = readFileSync(join(content, 'gallery.md'), 'utf8');
    expect(examples.length).toBeGreaterThan(15);
    for (const folder of examples) {
      const [, words] = new RegExp(`^!\\[(.+)\\]\\(\\./${folder}/picture\\.svg\\)$`, 'm').exec(gallery) ?? [];
      expect(words, folder).toBeTruthy();
      expect(readFileSync(join(content, folder, 'picture.svg'), 'utf8')).toMatch(/^<svg[\s\S]*<path/);
      expect(readFileSync(join(content, folder, 'index.md'), 'utf8')).toContain('](./picture.svg)');
    }
    const threads = readFileSync(join(content, 'examples/threads/index.md'), 'utf8');
    expect(threads).toContain('[`main.ts`](../../source/examples/threads/main.ts.md)');
    expect(readFileSync(join(content, 'source/examples/threads/main.ts.md'), 'utf8')).toContain('spawnRanks');
  });

  it('lists every family and every example that has a text', () => {
    const families = readFileSync(join(content, 'families.md'), 'utf8');
    const gallery = readFileSync(join(content, 'gallery.md'), 'utf8');
    for (const page of pages.filter((name) => name.startsWith('docs/families/')))
      expect(families).toContain(`(${page})`);
    for (const folder of examples) expect(gallery).toContain(`(${folder}/index.md)`);
    expect(existsSync(join(content, 'index.md'))).toBe(true);
  });
});

describe('a link of a page', () => {
  const sources: string[] = [];
  const rewritten = (text: string) => withLinks(text, 'docs/extend.md', (path) => sources.push(path));

  // VitePress does not rewrite links: one to README.md led to a page of this name, which the built site does not have.
  it('to a folder leads to its index, which shows the README, to a source file to a page that shows it', () => {
    expect(rewritten('[a](../examples/penguins)')).toBe('[a](../examples/penguins/index.md)');
    expect(rewritten('[a](../packages/stats/src/contract.ts)')).toBe(
      '[a](../source/packages/stats/src/contract.ts.md)',
    );
    expect(sources).toEqual(['packages/stats/src/contract.ts']);
  });

  it('to a page, a heading or another site stays', () => {
    const text =
      '[a](fitting.md#floors) [b](#here) [c](https://example.org/x)\n```md\n[d](../examples/penguins)\n```\n';
    expect(rewritten(text)).toBe(text);
  });

  it('to nothing is refused', () => {
    expect(() => rewritten('[a](nowhere.md)')).toThrow(
      'docs/extend.md links to docs/nowhere.md, which does not exist.',
    );
  });
});

describe('the check of a built site', () => {
  it('names links and pictures that lead to no file', () => {
    const root = mkdtempSync(join(tmpdir(), 'dml-site-'));
    mkdirSync(join(root, 'examples/threads'), { recursive: true });
    const links = [
      '/',
      './examples/threads/',
      '/examples/threads',
      'https://example.org/x',
      '#here',
      'a#b',
      'x/README',
    ];
    const anchors = links.map((link) => `<a class="l" href="${link}">l</a>`);
    writeFileSync(join(root, 'index.html'), `${anchors.join('')}<img src="./gone.svg" alt="">`);
    writeFileSync(join(root, 'a.html'), '');
    writeFileSync(join(root, 'examples/threads/index.html'), '<a href="../../a">a</a>');
    expect(deadLinks(root)).toEqual(['index.html: x/README', 'index.html: ./gone.svg']);
    rmSync(root, { recursive: true, force: true });
  });
});
