/** Fills `content/` with the pages of the site: those of the repository, the home, the lists of families and examples. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { specificationOf, svgOf } from '../pictures/draw.mjs';
import { pictures as picturesOfExamples } from '../pictures/examples.mjs';
import { pictures } from '../pictures/models.mjs';
import { isPicture, sourcePage, withLinks } from './links.mjs';
import { content, examples, pagePath, pages, repository, site } from './pages.mjs';

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
    const folder = dirname(page);
    const isExample = examples.includes(folder);
    const text = withLinks(isExample ? `${read(page)}${sourcesText(folder)}` : read(page), page, onSource);
    if (page.startsWith('docs/families/')) write(page, await withPicture(text, page));
    else if (isExample) write(pagePath(page), withImage(text, imageOfExample(folder, './picture.svg')));
    else write(pagePath(page), text);
    for (const [, target] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (isPicture(target)) write(join(dirname(page), target), read(join(dirname(page), target)));
    }
  }
  for (const folder of examples) await drawExample(folder);
  write('index.md', homeText());
  write('public/mixture.svg', await svgOf(specificationOf(pictures['gaussian-mixture'])));
  write('families.md', withLinks(familiesText(), 'families.md', onSource));
  write(
    'gallery.md',
    galleryText((text) => withLinks(text, 'gallery.md', onSource)),
  );
  for (const path of sources) write(pagePath(sourcePage(path)), sourceText(path));
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
  return withImage(text, `![${altText(titleOf(text), picture)}](./pictures/${name}.svg)`);
}

const withImage = (text, image) => text.replace(/^# .+\n+(?:.+\n)+/m, (opening) => `${opening}\n${image}\n`);

/** Draws the picture of an example into its folder. */
async function drawExample(folder) {
  const file = `${folder}/picture.svg`;
  const picture = picturesOfExamples[basename(folder)];
  if (existsSync(join(repository, file))) write(file, read(file));
  else if (picture === undefined) throw new Error(`${folder} has no picture: add one to site/pictures/examples.mjs.`);
  else write(file, await svgOf(specificationOf(picture)));
}

/** That picture on a page; `link` is how the page calls the file. */
function imageOfExample(folder, link) {
  const picture = picturesOfExamples[basename(folder)];
  const title = titleOf(read(`${folder}/README.md`)).replace(/[[\]]/g, '');
  return `![${picture === undefined ? `${title}: what it makes` : altText(title, picture)}](${link})`;
}

/** The programs of an example, each with a page of its own. */
function sourcesText(folder) {
  const isProgram = (name) => /\.ts$/.test(name) && !/\.test\.ts$|\.config\.ts$/.test(name);
  const names = readdirSync(join(repository, folder)).filter(isProgram).sort();
  return names.length === 0 ? '' : `\n## Source\n\n${names.map((name) => `- [\`${name}\`](${name})\n`).join('')}`;
}

function altText(title, { kind, models = {}, rows, titles = [] }) {
  const what = {
    curves: 'density curves',
    bars: 'bars of probabilities',
    map: 'map of the density over two coordinates',
    likely: 'the most probable rows and their probabilities',
    path: 'a drawn list, coloured by state',
    scatter: 'points by label',
  }[kind];
  const labels = [...Object.keys(rows ?? models), ...titles];
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

function galleryText(linked) {
  const parts = examples.map((folder) => {
    const text = read(`${folder}/README.md`);
    const heading = linked(`## [${titleOf(text)}](${folder}/README.md)`);
    const image = imageOfExample(folder, `./${folder}/picture.svg`);
    return `${heading}\n\n${withoutLinks(summaryOf(text))}\n\n${image}\n`;
  });
  return `# Examples\n\nPrograms that run as they are: in a checkout, \`npm run setup\` builds them all.\n\n${parts.join('\n')}`;
}

const firstSentence = (text) => /^.*?[.:](?= |$)/.exec(withoutLinks(text))?.[0].replace(/:$/, '.') ?? text;
const withoutLinks = (text) => text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');

function sourceText(path) {
  const language = /\.(\w+)$/.exec(path)?.[1] ?? 'text';
  return `# ${path}\n\n\`\`\`\`${language}\n${read(path)}\n\`\`\`\`\n`;
}
