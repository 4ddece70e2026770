import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { builtinModules } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildResult, build, transform } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../repository.js';
import { pack, UserFolder } from './userFolder.js';

/**
 * The most that a page may have to load, compressed, for all of statistics. Raise it only for a family that is worth
 * its bytes; a jump means that something came in that nobody asked for.
 */
const wholeLimit = 120 * 1024;

const browserPath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(browserPath);
if (!browserIsThere) console.warn(`Skipped: fitting in a browser: there is no ${browserPath}. Install Chromium.`);

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

describe('statistics in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dml-pack-'));
  const user = new UserFolder();
  let notInstalled: string | null = null;

  beforeAll(async () => {
    notInstalled = await user.install(await pack('stats', folder));
    user.write('program.ts', readFileSync(join(repository, 'tests/packaging/programs/stats.ts'), 'utf8'));
    user.write('whole.ts', "import * as stats from '@dml/stats';\nglobalThis.console.log(stats);");
  });
  afterAll(() => {
    user.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const bundle = (entry: string): Promise<BuildResult<{ metafile: true; write: false }>> =>
    build({
      entryPoints: [join(user.path, entry)],
      absWorkingDir: user.path,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });

  it('bundles without a warning and without a module of Node', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const { warnings, metafile, outputFiles } = await bundle('whole.ts');
    expect(warnings).toEqual([]);
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const fromNode = imports.filter(({ path, external }) => external && isBuiltin(path));
    expect(fromNode).toEqual([]);
    const size = gzipSync(outputFiles[0]!.contents).length;
    expect(size).toBeGreaterThan(1024);
    expect(size).toBeLessThan(wholeLimit);
  });

  it.runIf(browserIsThere).for([
    ['with WebAssembly', true, "script-src 'self' 'wasm-unsafe-eval'"],
    ['where the page forbids WebAssembly', false, "script-src 'self'"],
  ] as const)('fits a mixture to the same numbers as Node %s', async ([_title, allowed, policy], { skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const { outputFiles } = await bundle('program.ts');
    const site = await serve({ policy, script: outputFiles[0]!.contents });
    const profile = mkdtempSync(join(tmpdir(), 'dml-chromium-'));
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: browserPath,
      args: browserFlags,
    });
    try {
      const page = await browser.newPage();
      const failure = new Promise<never>((_, reject) => page.once('pageerror', reject));
      const message = page.waitForEvent('console', { timeout: 30_000 });
      await page.goto(site.address);
      const printed = JSON.parse((await Promise.race([message, failure])).text());
      expect(await page.evaluate(webAssemblyWorks)).toBe(allowed);
      expect(printed).toEqual(await inNode());
    } finally {
      await browser.close();
      await site.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });

  /** What the same program prints when Node runs it from the installed package. */
  async function inNode(): Promise<unknown> {
    const { code } = await transform(readFileSync(join(user.path, 'program.ts'), 'utf8'), { loader: 'ts' });
    user.write('program.mjs', code);
    return JSON.parse(await user.node(['program.mjs']));
  }
});

/** Serves one page that runs one script, under a content security policy. */
async function serve(site: { readonly policy: string; readonly script: Uint8Array }) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/program.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', site.policy);
    response.end(isScript ? site.script : '<!doctype html><script type="module" src="/program.js"></script>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo; // An address of this kind, since it listens on a port.
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () => new Promise<unknown>((closed) => server.close(closed)),
  };
}

/** Evaluated inside the page: may it compile the smallest WebAssembly module there is? */
const webAssemblyWorks = `(() => {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  } catch {
    return false;
  }
})()`;

function isBuiltin(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path);
}
