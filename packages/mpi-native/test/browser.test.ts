/** Ranks in the workers of a page, in Chromium: where workers share memory, and where they cannot. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test', 'programs', 'page');
const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);
if (!browserIsThere) console.warn(`SKIPPED: ranks in a page, because there is no ${browserPath}. Install Chromium.`);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** How a job in the page ended. */
interface Ending {
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string; readonly rank?: number };
  readonly reports: readonly (readonly [unknown, number])[];
  readonly turns: number;
}

/** The modules of a page, bundled: by their addresses. */
async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = ['page', 'contract.worker', 'programs.worker', 'broken.worker'];
  const { outputFiles, warnings } = await build({
    entryPoints: names.map((name) => ({ in: join(folder, `${name}.mjs`), out: name.replace('.worker', '') })),
    outdir: '/',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
    alias: { 'node:assert': join(folder, 'assert.mjs'), 'node:os': join(folder, 'assert.mjs') },
    plugins: [
      {
        // The contract's programs load the package as Node does.
        name: 'entry for pages',
        setup: (building) =>
          building.onResolve({ filter: /dist\/index\.js$/ }, () => ({ path: join(root, 'dist', 'browser.js') })),
      },
    ],
  });
  expect(warnings).toEqual([]);
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

describe.runIf(browserIsThere).each([
  ['cross-origin isolated', ISOLATION],
  ['not isolated', {}],
])('in a page that is %s', (_, headers) => {
  const isIsolated = headers === ISOLATION;
  const profile = mkdtempSync(join(tmpdir(), 'dml-mpi-page-'));
  const server = createServer();
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const modules = await bundle();
    server.on('request', (request, response) => {
      const module = modules.get(request.url ?? '');
      const isPage = request.url === '/';
      const type = module === undefined ? 'text/html' : 'text/javascript';
      response.writeHead(module === undefined && !isPage ? 404 : 200, { ...headers, 'content-type': type });
      response.end(module ?? '<!doctype html><script type="module" src="/page.js"></script>');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    browser = await chromium.launch({ executablePath: browserPath, args: FLAGS });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.job !== undefined');
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  });

  const job = async (worker: string, options: object = {}): Promise<Ending> => {
    const ending = await page.evaluate(`window.job(${JSON.stringify(worker)}, ${JSON.stringify(options)})`);
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0); // Chromium gives a loop 2 s
    return ending as Ending;
  };

  it.each([1, 2, 3])('the communicator keeps its whole contract (%i ranks)', async (ranks) => {
    const size = isIsolated ? ranks : 1;
    const { error, value, reports } = await job('contract', { ranks });
    expect(error).toBeUndefined();
    expect(value).toBe(size);
    const kind = size > 1 ? 'workers' : 'self';
    const expected = Array.from({ length: size }, (_unused, rank) => [{ rank, size, kind }, rank]);
    expect([...reports].sort(([, a], [, b]) => a - b)).toEqual(expected);
  });

  it('rows of the page are read in one memory where there is one', async () => {
    const size = isIsolated ? 3 : 1;
    const { value } = (await page.evaluate('window.sumJob(300_000, 3)')) as Ending;
    expect(value).toEqual({ sum: 600_000, isShared: isIsolated, size, kind: isIsolated ? 'workers' : 'self' });
  });

  it('few rows have one worker, and many one for each core', async () => {
    const cores = (await page.evaluate('navigator.hardwareConcurrency')) as number;
    const sizeOf = async (length: number) =>
      ((await page.evaluate(`window.sumJob(${length})`)) as { value: { size: number } }).value.size;
    expect(await sizeOf(1000)).toBe(1);
    expect(await sizeOf(2_000_000)).toBe(isIsolated ? Math.min(cores, 30) : 1);
  });

  it('progress arrives in order', async () => {
    const { reports } = await job('programs', { data: 'count', ranks: 2 });
    const own = reports.filter(([, rank]) => rank === 0).map(([value]) => value);
    expect(own).toEqual(Array.from({ length: 50 }, (_unused, i) => i));
    expect(new Set(reports.map(([, rank]) => rank)).size).toBe(isIsolated ? 2 : 1);
  });

  it.each([
    ['throw', 'ERR_REMOTE', /RangeError: boom/],
    ['throw in a timer', 'ERR_REMOTE', /boom in a timer/],
    ['reject unheard', 'ERR_REMOTE', /boom that nobody awaits/],
    ['abort', 'ERR_REMOTE', /out of cheese/],
    ['send a function', 'ERR_REMOTE', /sendObject: /],
  ])('a failing rank ends the job, and the page hears why: %s', async (data, code, message) => {
    const { error } = await job('programs', { data, ranks: 2 });
    expect(error).toMatchObject({ name: 'MpiError', code, rank: isIsolated ? 1 : 0 });
    expect(error?.message).toMatch(message);
  });

  it.runIf(isIsolated)('a rank that others wait for in vain ends the job', async () => {
    const { error } = await job('programs', { data: 'return early', ranks: 2 });
    expect(error).toMatchObject({ code: 'ERR_REMOTE', rank: 1 });
    expect(error?.message).toMatch(/collective calls do not match/);
  });

  it('a result that would not arrive as it is, is refused', async () => {
    const { error } = await job('programs', { data: 'return a model', ranks: 1 });
    expect(error).toMatchObject({ code: 'ERR_CLONE' });
    expect(error?.message).toContain('the result.model is an instance of Model');
  });

  it.each(['function', 'class', 'symbol'])('and so are data with a %s', async (kind) => {
    const { error } = (await page.evaluate(`window.oddJob('${kind}')`)) as Ending;
    expect(error).toMatchObject({ code: 'ERR_CLONE', message: expect.stringMatching(/^spawnRanks: data/) });
  });

  it.each(['broken', 'gone'])('a worker whose module fails or is not there is an error: %s', async (worker) => {
    const { error } = await job(worker, { ranks: 2 });
    expect(error).toMatchObject({ name: 'MpiError', code: 'ERR_MODULE' });
  });

  it.each([0, 2.5, 65])('%s workers are an error', async (ranks) => {
    expect((await job('programs', { ranks })).error).toMatchObject({ code: 'ERR_ARG' });
  });

  it('a signal ends a rank in the middle of a loop, and those that wait; the page goes on meanwhile', async () => {
    const { error, turns } = await job('programs', { data: 'loop', ranks: 2, abortAfter: { milliseconds: 400 } });
    expect(error).toMatchObject({ name: 'Error', message: 'enough' });
    expect(turns).toBeGreaterThan(1);
    const after = await job('programs', { data: 'loop', ranks: 2, abortAfter: 1 });
    expect(after.error).toMatchObject({ message: 'enough' });
  });

  it('a request to stop lets the workers end with what they have', async () => {
    const { error, value } = await job('programs', { data: 'go on', ranks: 2, stopAfter: 1 });
    expect(error).toBeUndefined();
    expect(value).toMatchObject({ size: isIsolated ? 2 : 1 });
    expect((value as { count: number }).count).toBeGreaterThanOrEqual(2);
  });

  it('jobs run one after the other and at once', async () => {
    const several = '[1, 2, 3].map((i) => window.job("programs", { ranks: 2, data: i }))';
    const endings = (await page.evaluate(`Promise.all(${several})`)) as Ending[];
    for (const { value } of endings) expect(value).toMatchObject({ size: isIsolated ? 2 : 1 });
  });
});
