/** The page in Chromium: bundled by esbuild and by Vite, cross-origin isolated and not. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { optimize } from '@dml/stats';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codec, estimator } from './fit.js';
import { visits } from './visits.js';

const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);
if (!browserIsThere) console.log(`skipped: there is no ${browserPath}. Install Chromium.`);

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'];
/** Without these two, workers of a page share no memory. */
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };

/** What the page shows at the end of a fit. */
interface Shown {
  readonly workers: number;
  readonly iterations: number;
  readonly hex: string;
}

describe.runIf(browserIsThere).each([
  ['esbuild', 'cross-origin isolated', ISOLATION],
  ['esbuild', 'not isolated', {}],
  ['vite', 'cross-origin isolated', ISOLATION],
  ['vite', 'not isolated', {}],
])('bundled by %s, in a page that is %s', (bundler, _, headers) => {
  const server = createServer();
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server.on('request', (request, response) => {
      const path = new URL(request.url ?? '/', 'http://page').pathname;
      const name = path === '/' ? 'index.html' : path.slice(1);
      // esbuild makes no page: that of the sources, which then loads what esbuild has made.
      const isSource = bundler === 'esbuild' && name === 'index.html';
      const file = new URL(isSource ? name : `dist/${bundler}/${name}`, import.meta.url);
      if (!existsSync(file)) return response.writeHead(404, headers).end();
      const body = isSource ? readFileSync(file, 'utf8').replace('page.ts', 'page.js') : readFileSync(file);
      response.writeHead(200, { ...headers, 'content-type': TYPES[name.split('.').at(-1)!] ?? 'text/plain' });
      return response.end(body);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await chromium.launch({ executablePath: browserPath, args: FLAGS });
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.close();
  });
  const open = (query = '') => page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`);
  const status = () => page.textContent('output');

  it('finds the model of one thread in Node, to the bit, with progress', async () => {
    await open();
    await expect.poll(status, { timeout: 60_000 }).toMatch(/^\{|Error|cancelled/);
    const { workers, iterations, hex } = JSON.parse((await status()) ?? '') as Shown;
    const cores = (await page.evaluate('navigator.hardwareConcurrency')) as number;
    if (headers === ISOLATION && cores > 1) expect(workers).toBeGreaterThan(1);
    else expect(workers).toBe(1);
    expect(iterations).toBeGreaterThan(5);
    const { model } = optimize(visits(100_000), estimator, { seed: 7 });
    expect(hex).toBe(Buffer.from(codec.encode(model)).toString('hex'));
  }, 90_000);

  it('stops a fit without an end when the user says so, and shows the model so far', async () => {
    await open('?endless');
    await expect.poll(status, { timeout: 60_000 }).toMatch(/^iteration [1-9]\d*$/);
    await page.click('text=Stop');
    await expect.poll(status, { timeout: 60_000 }).toMatch(/^\{|Error|cancelled/);
    const { hex } = JSON.parse((await status()) ?? '') as Shown;
    expect(codec.decode(Buffer.from(hex, 'hex'))).toMatchObject({ components: { length: 3 } });
  }, 90_000);

  it('stays responsive, and ends a fit without an end when the user cancels', async () => {
    await open('?endless');
    await expect.poll(status, { timeout: 60_000 }).toMatch(/^iteration \d+$/);
    expect(page.workers().length).toBeGreaterThan(0);
    await page.click('text=Cancel');
    await expect.poll(status).toBe('cancelled');
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0);
  }, 90_000);
});
