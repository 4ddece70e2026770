import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as stats from '@dml/stats';
import { chromium } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { isRequired, type Launcher, launch, missing } from '../../packages/mpi-native/test/launch.js';
import { everyFamily, traceOf } from '../../packages/stats/test/everyFamily.js';
import { score } from './score.js';

const built = (name: string) => fileURLToPath(new URL(`dist/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dml-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);

/** The list that a page shows. It may ask for a model file. */
async function inBrowser(script: string, model: Buffer = Buffer.alloc(0)): Promise<unknown> {
  const files: Record<string, { readonly type: string; readonly body: string | Buffer }> = {
    '/': { type: 'text/html', body: `<!doctype html><body><script type="module" src="${script}"></script>` },
    [`/${script}`]: { type: 'text/javascript', body: readFileSync(built(script)) },
    '/model.dml': { type: 'application/octet-stream', body: model },
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? '/'];
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => document.body.textContent?.startsWith('[') === true);
    return JSON.parse((await page.textContent('body')) ?? 'null');
  } finally {
    await browser.close();
    server.close();
  }
}

it.each<Launcher>(['openmpi', 'mpich', 'self'])(
  'a model fitted under %s scores in a browser as in Node',
  async (launcher) => {
    const why = missing(launcher) ?? (browserIsThere ? null : `there is no ${browserPath}. Install Chromium.`);
    if (why !== null && !isRequired(launcher)) {
      console.log(`skipped: ${why}`);
      return;
    }
    const ranks = launcher === 'self' ? 1 : 2;
    const { code, stderr } = await launch({ launcher, ranks, script: built('fit.js'), cwd: folder });
    expect(code, stderr).toBe(0);
    const file = readFileSync(join(folder, 'model.dml'));
    const expected = score(file);
    const shown = (await inBrowser('page.js', file)) as ReturnType<typeof score>;
    expect(shown).toHaveLength(20);
    shown.forEach(({ logDensity, posterior }, row) => {
      expect(logDensity).toBeCloseTo(expected[row]!.logDensity, 12);
      posterior.forEach((p, k) => expect(p).toBeCloseTo(expected[row]!.posterior[k]!, 12));
    });
  },
  90_000,
);

it('scores and fits of every family have the same bits in a browser and in Node', async () => {
  if (!browserIsThere) {
    console.log(`skipped: there is no ${browserPath}. Install Chromium.`);
    return;
  }
  const names = Object.keys(everyFamily);
  expect(await inBrowser('families.js')).toEqual(names.map((name) => [name, traceOf(stats, name)]));
}, 90_000);
