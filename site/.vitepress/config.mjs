import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { content } from '../prepare/pages.mjs';

const read = (path) => readFileSync(join(content, path), 'utf8');
const page = (text, link) => ({ text, link });

/** The pages that a list page links to, in its order. */
function listed(path) {
  return [...read(path).matchAll(/\[([^\]]+)\]\(((?:docs|examples)\/[^)]+)\.md\)/g)].map(([, text, link]) =>
    page(text, `/${link.replace(/(^|\/)index$/, '$1')}`),
  );
}

const guides = [
  {
    text: 'Begin',
    items: [
      page('Tutorial in five steps', '/docs/tutorial'),
      page('Set up', '/docs/start'),
      page('Rows and families', '/docs/data-shapes'),
      page('Choose a model', '/docs/choosing'),
      page('What the numbers mean', '/docs/numbers'),
      page('Understand an error', '/docs/known-issues'),
    ],
  },
  {
    text: 'Fit',
    items: [
      page('Fit and stop', '/docs/fitting'),
      page('Priors', '/docs/priors'),
      page('Automatic models', '/docs/automatic'),
      page('Standard errors', '/docs/uncertainty'),
    ],
  },
  {
    text: 'Use a model',
    items: [
      page('Ask a model', '/docs/asking'),
      page('Moments and tails', '/docs/moments'),
      page('Judge it', '/docs/judging'),
      page('Model files', '/docs/model-files'),
      page('Untrusted files', '/docs/untrusted-files'),
      page('Command line', '/docs/command-line'),
      page('Studio', '/docs/studio'),
      page('Notebook', '/docs/notebook'),
      page('Report', '/docs/report'),
      page('Embedding', '/docs/embedding'),
    ],
  },
  {
    text: 'On many cores',
    items: [
      page('Threads', '/docs/threads'),
      page('MPI', '/docs/mpi'),
      page('Several hosts', '/docs/mpi-hosts'),
      page('Slurm, Flux, PBS', '/docs/slurm'),
      page('Containers and Kubernetes', '/docs/containers'),
      page('Distributed fits', '/docs/distributed'),
      page('Browsers', '/docs/browsers'),
    ],
  },
  {
    text: 'Coming from',
    items: [
      page('Overview', '/docs/coming-from/'),
      page('dmx-learn', '/docs/coming-from/dmx-learn'),
      page('scikit-learn', '/docs/coming-from/scikit-learn'),
      page('hmmlearn', '/docs/coming-from/hmmlearn'),
      page('mclust', '/docs/coming-from/mclust'),
      page('flexmix', '/docs/coming-from/flexmix'),
    ],
  },
  {
    text: 'Extend',
    items: [page('A family of your own', '/docs/extend'), page('Contribute', '/CONTRIBUTING')],
  },
];

const isThere = ({ link }) =>
  existsSync(join(content, link.endsWith('/') ? `${link}index.md` : `${link}.md`)) ||
  existsSync(join(content, `${link}/index.md`));
const sidebarOfGuides = guides
  .map(({ text, items }) => ({ text, items: items.filter(isThere) }))
  .filter(({ items }) => items.length > 0);
// A list of all symbols beside every symbol would make the site three times as large: a package's page has it, and search finds it.
const packages = ['stats', 'mpi-native', 'mpi-estimation', 'serialize'].map((name) =>
  page(`@dml/${name}`, `/reference/@dml/${name}/`),
);

export default defineConfig({
  title: 'DML',
  description: 'Distributed Mixture Learning: probability models for the records people really have.',
  srcDir: 'content',
  outDir: 'dist',
  cacheDir: 'node_modules/.vitepress',
  cleanUrls: true,
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      page('Guides', '/docs/tutorial'),
      page('Families', '/families'),
      page('Examples', '/gallery'),
      page('API', '/reference/'),
    ],
    sidebar: {
      '/docs/families/': [{ text: 'Families', items: listed('families.md') }],
      '/families': [{ text: 'Families', items: listed('families.md') }],
      '/examples/': [{ text: 'Examples', items: listed('gallery.md') }],
      '/gallery': [{ text: 'Examples', items: listed('gallery.md') }],
      '/reference/': [{ text: 'Packages', items: packages }],
      '/': sidebarOfGuides,
    },
  },
});
