/** Fills `content/` with the pages of the site: those of the repository, the home, the lists of families and examples. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { specificationOf, svgOf } from '../pictures/draw.mjs';
import { pictures } from '../pictures/models.mjs';
import { sourcePage, withLinks } from './links.mjs';
import { content, examples, pages, repository, site } from './pages.mjs';

const read = (path) => readFileSync(join(repository, path), 'utf8');
const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1] ?? '';
/** The first paragraph after the title, on one line. */
const summaryOf = (text) => (/^# .+\n+((?:.+\n)+)/m.exec(text)?.[1] ?? '').trim().replace(/\n/g, ' ');

function write(path, text) {
  const file = join(content, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

export async function prepareContent() {
  for (const name of contentNames()) if (name !== 'reference') rmSync(join(content, name), { recursive: true });
  const sources = new Set();
  const onSource = (path) => sources.add(path);

  for (const page of pages) {
    const text = withLinks(read(page), page, onSource);
    write(page, page.startsWith('docs/families/') ? await withPicture(text, page) : text);
  }
  write('index.md', homeText());
  write('public/mixture.svg', await svgOf(specificationOf(pictures['gaussian-mixture'])));
  write('families.md', withLinks(familiesText(), 'families.md', onSource));
  write('gallery.md', withLinks(galleryText(), 'gallery.md', onSource));
  for (const path of sources) write(sourcePage(path), sourceText(path));
}

function contentNames() {
  mkdirSync(content, { recursive: true });
  return readdirSync(content);
}

/** A family page with its picture after the first paragraph. */
async function withPicture(text, page) {
  const name = basename(page, '.md');
  const picture = pictures[name];
  if (picture === undefined) throw new Error(`${page} has no picture: add one to site/pictures/models.mjs.`);
  write(`docs/families/pictures/${name}.svg`, await svgOf(specificationOf(picture)));
  const image = `![${altText(titleOf(text), picture)}](./pictures/${name}.svg)`;
  return text.replace(/^# .+\n+(?:.+\n)+/m, (opening) => `${opening}\n${image}\n`);
}

function altText(title, { kind, models = {}, rows }) {
  const what = {
    curves: 'density curves',
    bars: 'bars of probabilities',
    map: 'map of the density over two coordinates',
    likely: 'the most probable rows and their probabilities',
    path: 'a drawn list, coloured by state',
  }[kind];
  const labels = Object.keys(rows ?? models);
  return `${title}: ${what}${labels.length > 0 ? ` for ${labels.join('; ').replace(/[[\]]/g, '')}` : ''}`;
}

function homeText() {
  const tenLines = /^## Ten lines\n([\s\S]*?)^## /m.exec(read('README.md'))?.[1];
  if (tenLines === undefined) throw new Error('README.md has no part «Ten lines».');
  return readFileSync(join(site, 'home.md'), 'utf8').replace('<!-- ten lines -->', tenLines.trim());
}

function familiesText() {
  const rows = pages
    .filter((page) => page.startsWith('docs/families/'))
    .map((page) => {
      const text = read(page);
      return `| [${titleOf(text)}](${page}) | ${firstSentence(summaryOf(text)).replace(/\|/g, '\\|')} |`;
    });
  return ['# Families', '', '| family | rows and density |', '|---|---|', ...rows, ''].join('\n');
}

function galleryText() {
  const parts = examples.map((folder) => {
    const text = read(`${folder}/README.md`);
    return `## [${titleOf(text)}](${folder}/README.md)\n\n${withoutLinks(summaryOf(text))}\n`;
  });
  return `# Examples\n\nPrograms that run as they are: in a checkout, \`npm run setup\` builds them all.\n\n${parts.join('\n')}`;
}

const firstSentence = (text) => /^.*?[.:](?= |$)/.exec(withoutLinks(text))?.[0].replace(/:$/, '.') ?? text;
const withoutLinks = (text) => text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');

function sourceText(path) {
  const language = /\.(\w+)$/.exec(path)?.[1] ?? 'text';
  return `# ${path}\n\n\`\`\`\`${language}\n${read(path)}\n\`\`\`\`\n`;
}
