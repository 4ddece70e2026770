import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CategoricalDistribution,
  CategoricalEstimator,
  chooseComponents,
  explain,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  MixtureDistribution,
  MixtureEstimator,
  type ModelJSON,
  modelFromJSON,
  OptionalEstimator,
  optimize,
  PoissonDistribution,
  RecordDistribution,
  RecordEstimator,
} from '@dml/stats';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyFamily } from '../../../packages/stats/test/everyFamily.js';
import { oddRows, report } from '../index.js';

interface Penguin {
  readonly Island: string;
  readonly 'Beak Length (mm)': number | null;
  readonly 'Body Mass (g)': number | null;
  readonly Species: string;
}

const data = new URL('../data/penguins.json', import.meta.resolve('vega-datasets'));
const penguins = JSON.parse(readFileSync(data, 'utf8')) as Penguin[];
const size = new OptionalEstimator(new GaussianEstimator(), { ignoreMissing: true });
const kind = new RecordEstimator({
  'Beak Length (mm)': size,
  'Body Mass (g)': size,
  Island: new CategoricalEstimator<string>(),
});
const fit = chooseComponents(penguins, (k) => new MixtureEstimator(Array.from({ length: k }, () => kind)), {
  from: 2,
  to: 3,
  trials: 2,
  seed: 1,
});
const hostile = '<script>alert("x")</script> & \'co\'';

const weather = new HiddenMarkovDistribution(
  [0, 5].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
  {
    w: [0.5, 0.5],
    transitions: [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
    length: new PoissonDistribution({ lambda: 40 }),
  },
);
const lists = weather.sampler(1).sample(20);

describe('odd rows', () => {
  const person = (height: number) =>
    new RecordDistribution({
      height: new GaussianDistribution({ mu: height, sigma2: 49 }),
      hand: new CategoricalDistribution<string>({ left: 0.1, right: 0.9 }),
    });
  const people = new MixtureDistribution([person(120), person(175)], { w: [0.3, 0.7] });
  const rows = [
    ...people.sampler(1).sample(50),
    { height: 230, hand: 'right' },
    { height: 175, hand: 'none' },
    ...people.sampler(2).sample(50),
  ];

  it('are those of least density, the least first, with the value that makes them so', () => {
    const odd = oddRows(people, rows, { count: 4 });
    const byDensity = rows.map((row, i) => ({ i, score: people.logDensity(row) })).sort((a, b) => a.score - b.score);
    expect(odd.map(({ row }) => row)).toEqual(byDensity.slice(0, 4).map(({ i }) => i));
    expect(odd[0]).toMatchObject({ row: 51, logDensity: -Infinity, values: [{ title: 'hand', value: 'none' }] });
    expect(odd[1]).toMatchObject({
      row: 50,
      component: 'component 2',
      logDensity: people.logDensity(rows[50]!),
      tail: explain(people, rows[50]!, { samples: 2000 }).rowTail,
      values: [{ title: 'height', value: '230', words: 'component 2 has 175.0 ± 7.0; <0.01 % are as far out' }],
    });
  });

  it('have no tail where the model draws no rows', () => {
    const { model, row } = everyFamily.IntegerMarkovChain!;
    const lists = Array.from({ length: 9 }, (_, i) => row(() => ((i * 7 + 3) % 11) / 11, i));
    expect(oddRows(modelFromJSON(model as ModelJSON), lists, { count: 1 })[0]).not.toHaveProperty('tail');
  });

  it('of lists are compared per item', () => {
    const odd = oddRows(weather, [[0, 0, 0, 0, 0, 0], [30], [5]], { count: 1 });
    expect(odd[0]).toMatchObject({
      row: 1,
      values: [
        { title: 'item 0', value: '30' },
        { title: 'length', value: '1' },
      ],
    });
    expect(odd[0]).not.toHaveProperty('tail');
  });
});

describe('a report', () => {
  it('stays text where the data are markup', async () => {
    const rows = [hostile, 'plain', hostile, 'plain', 'plain'];
    const model = optimize(rows, new CategoricalEstimator<string>()).model;
    const text = await report({
      model,
      rows,
      title: hostile,
      source: hostile,
      titles: { '': hostile },
      modelFile: `${hostile}.json`,
      columns: [{ name: hostile, type: hostile, values: hostile, reason: hostile }],
      receipt: { [hostile]: hostile },
    });
    expect(text).not.toContain('<script');
    expect(text).toContain('&#60;script&#62;alert(&#34;x&#34;)');
  });

  it('names neither a script nor an address from which something would come', async () => {
    const text = await report({ model: weather, rows: lists });
    expect(text).not.toMatch(/<(script|link|img|iframe|object|embed)\b/i);
    expect(text).not.toMatch(/\s(on\w+|src)=|@import|url\((?!#)/i);
    expect([...text.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target!.startsWith('#'))).toEqual([]);
  });

  it('says which of fit and model it lacks', async () => {
    await expect(report({})).rejects.toThrow('report: fit or model must be given, found neither.');
  });

  it('is made of columns of any name', async () => {
    const names = ['constructor', '__proto__', 'toString', 'two\nlines', 'a\u2028b', 'quo"te\\', "it's"];
    const fieldOf = (i: number) =>
      i % 2 === 0
        ? new CategoricalDistribution<string>({ a: 0.5, b: 0.5 })
        : new GaussianDistribution({ mu: i, sigma2: 1 });
    const named = new RecordDistribution(Object.fromEntries(names.map((name, i) => [name, fieldOf(i)])));
    const model = new MixtureDistribution([named, named], { w: [0.4, 0.6] });
    const text = await report({ model, rows: model.sampler(1).sample(10) });
    expect(text).toContain('<dt>constructor</dt>');
    expect(text).toContain('<dt>__proto__</dt>');
    expect(text).not.toContain('native code');
    expect(text).not.toContain('[object Object]');
    expect(text).toContain('two lines: ');
  });

  it('is made of a model without rows', async () => {
    const text = await report({ model: modelFromJSON({ type: 'Gaussian', mu: 0, sigma2: 1 }) });
    expect(text).toContain('<h2 id="fields-heading">');
    expect(text).not.toContain('id="odd"');
  });
});

const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);
const folder = mkdtempSync(join(tmpdir(), 'dml-report-'));
let browser: Browser | undefined;

beforeAll(async () => {
  if (!browserIsThere) return;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  browser = await chromium.launch({ executablePath: browserPath, args });
  const columns = [{ name: 'Island', type: 'category', missing: 0, values: 'Biscoe 168' }];
  const labels = penguins.map(({ Species }) => Species);
  writeFileSync(
    join(folder, 'penguins.html'),
    await report({ fit, rows: penguins, labels, columns, source: 'penguins.json' }),
  );
  writeFileSync(
    join(folder, 'weather.html'),
    await report({ model: weather, rows: lists, titles: { '': 'rain (mm)' } }),
  );
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** A report in the browser, with all that went wrong and all that was asked for. */
async function opened(
  name: string,
  options: { readonly colorScheme?: 'light' | 'dark'; readonly width?: number } = {},
) {
  const page = await browser!.newPage({
    viewport: { width: options.width ?? 1200, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
  });
  const troubles: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  const address = pathToFileURL(join(folder, `${name}.html`)).href;
  await page.goto(address);
  return { page, troubles, requests, address };
}

/** The least contrast of any text with what is behind it, by WCAG 2.2, and the text. */
const leastContrast = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const rgb = (colour: string) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour: string) => {
      const [r, g, b] = rgb(colour).map((c) =>
        c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (element: Element): string => {
      const colour = getComputedStyle(element).backgroundColor;
      return rgb(colour)[3] === 0 && element.parentElement ? behind(element.parentElement) : colour;
    };
    const found = [...document.querySelectorAll('body *')].flatMap((element) => {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === 3)
        .map((node) => node.textContent?.trim())
        .join('');
      // Text on the marks of a picture has its own colours.
      if (
        text === '' ||
        element.closest('.mark-text:not(.role-axis-label):not(.role-axis-title):not(.role-legend-label)') !== null
      )
        return [];
      const isDrawn = element instanceof SVGElement;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(isDrawn ? style.fill : style.color), luminance(behind(element))];
      return [{ text, contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) }];
    });
    return found.reduce((least, next) => (next.contrast < least.contrast ? next : least));
  });

describe.skipIf(!browserIsThere).each(['penguins', 'weather'])('the report of %s in a browser', (name) => {
  it('asks for nothing, and nothing goes wrong', async () => {
    const { page, troubles, requests, address } = await opened(name);
    await page.waitForLoadState('networkidle');
    expect(requests).toEqual([address]);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('has headings in order, pictures with words, and tables with heads', async () => {
    const { page } = await opened(name);
    const levels = await page.$$eval('h1,h2,h3,h4', (all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
    const pictures = await page.$$eval('svg', (all) =>
      all.map((svg) => [
        svg.getAttribute('role'),
        svg.getAttribute('aria-label'),
        svg.closest('figure')?.querySelector('figcaption')?.textContent,
      ]),
    );
    expect(pictures.length).toBeGreaterThan(3);
    for (const [role, label, caption] of pictures) {
      expect(role).toBe('img');
      expect(label!.length).toBeGreaterThan(20);
      expect(caption).toBe(label!);
    }
    const tables = await page.$$eval('table', (all) =>
      all.map((table) => [
        table.caption?.textContent,
        table.querySelectorAll('thead th[scope=col]').length,
        table.tHead?.rows[0]?.cells.length,
      ]),
    );
    for (const [caption, heads, columns] of tables) {
      expect(caption).not.toBe('');
      expect(heads).toBe(columns);
    }
    const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be read: %s', async (colorScheme) => {
    const { page } = await opened(name, { colorScheme });
    const least = await leastContrast(page);
    expect(least.contrast, least.text).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });

  it('fits a telephone, and is dark on white on paper', async () => {
    const { page } = await opened(name, { colorScheme: 'dark', width: 390 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('nav')!).display)).toBe('none');
    expect((await leastContrast(page)).contrast).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });
});

describe.skipIf(!browserIsThere)('what the report says', () => {
  it('comes in the order of the questions of a reader', async () => {
    const { page } = await opened('penguins');
    expect(await page.$$eval('section', (all) => all.map(({ id }) => id))).toEqual([
      ...['data', 'components', 'fields', 'differences', 'fit', 'findings', 'odd', 'loading', 'receipt'],
    ]);
    expect(await page.textContent('.lead')).toMatch(
      /^The 344 rows of penguins.json fall into 3 groups, told apart above all by /,
    );
    await page.close();
  });

  it('are the numbers of the model', async () => {
    const { page } = await opened('penguins');
    const cards = await page.$$eval('.card', (all) => all.map((card) => card.textContent));
    const order = fit.model.w.map((_, k) => k).sort((a, b) => fit.model.w[b]! - fit.model.w[a]!);
    order.forEach((k, place) => {
      const { dist } = fit.model.components[k]!.fields['Body Mass (g)'];
      expect(cards[place]).toContain(`component ${k + 1}`);
      // Hundreds of grams: two digits of the deviation.
      const [mean, deviation] = [dist.mu, Math.sqrt(dist.sigma2)].map((x) => 10 * Math.round(x / 10));
      expect(cards[place]!.replace(/,/g, '')).toContain(`${mean}\u00a0±\u00a0${deviation}`);
    });
    const starts = await page.$$eval('#fit tbody tr', (all) => all.map((row) => row.textContent));
    expect(starts).toHaveLength(2);
    expect(starts[1]).toContain('(chosen)');
    await page.close();
  });

  it('has states with durations, a graph, and two lists', async () => {
    const { page } = await opened('weather');
    expect(await page.$$eval('#steps figure', (all) => all.length)).toBe(3);
    expect(await page.textContent('#components')).toMatch(/stays10 items on the average/);
    expect(await page.textContent('#steps table')).toContain('90\u00a0%');
    await page.close();
  });
});
