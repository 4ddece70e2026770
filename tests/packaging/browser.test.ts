import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildResult, build, transform } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { repository } from '../repository.js';
import { UserFolder } from './userFolder.js';

/**
 * The packages for browsers, and the most bytes that a page may have to load for all of each, compressed. Raise a limit
 * only for something that is worth its bytes; a jump means that something came in that nobody asked for.
 */
const limits = [
  { name: 'stats', limit: 260 * 1024 },
  { name: 'serialize', limit: 28 * 1024 },
  { name: 'mpi-estimation', limit: 24 * 1024 },
  { name: 'mpi-native', entry: '@dml/mpi-native/browser', limit: 24 * 1024 },
] as const;
/** The packages whose program in `programs/` is one for pages, too. */
const RUN_IN_PAGES: readonly string[] = ['stats', 'serialize', 'mpi-estimation'];

const scoringPage = (...names: readonly string[]) => {
  const classes = names.map((name) => `${name}Distribution`);
  return `
    import { rebuildModel, ${classes.join(', ')} } from '@dml/stats';
    const model = await (await fetch('model.json')).json();
    console.log(rebuildModel(model, [${classes.join(', ')}]).logDensity(1));`;
};

/** Pages that use a part of statistics, and the limit of each. How many families there are is nothing to them. */
const pages = [
  { does: 'scores rows with one Gaussian', limit: 25 * 1024, program: scoringPage('Gaussian') },
  { does: 'scores rows with a mixture of Gaussians', limit: 32 * 1024, program: scoringPage('Mixture', 'Gaussian') },
  { does: "scores rows with Student's t", limit: 45 * 1024, program: scoringPage('StudentT') },
  {
    does: 'fits a mixture of Gaussians',
    limit: 50 * 1024,
    program: `
      import { GaussianEstimator, MixtureEstimator, optimize } from '@dml/stats';
      const each = new GaussianEstimator();
      console.log(optimize([1, 2, 3, 11, 12, 13], new MixtureEstimator([each, each])).model);`,
  },
] as const;

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

describe.each(limits)('the package $name in a browser', ({ name, limit, ...more }) => {
  const entry = 'entry' in more ? more.entry : `@dml/${name}`;
  const user = new UserFolder();
  let notInstalled: string | null = null;

  beforeAll(async () => {
    notInstalled = await user.install(inject('tarballs')[name]!);
    user.write('program.ts', readFileSync(join(repository, 'tests/packaging/programs', `${name}.ts`), 'utf8'));
    user.write('whole.ts', `import * as whole from '${entry}';\nconsole.log(whole);`);
  });
  afterAll(() => user.remove());

  const bundle = (
    entry: string,
    options: { readonly minify?: boolean } = {},
  ): Promise<BuildResult<{ metafile: true; write: false }>> =>
    build({
      entryPoints: [join(user.path, entry)],
      absWorkingDir: user.path,
      bundle: true,
      minify: options.minify ?? true,
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
    const { inputs, outputs } = metafile;
    const external = [...Object.values(inputs), ...Object.values(outputs)]
      .flatMap(({ imports }) => imports)
      .filter((imported) => imported.external);
    expect(external).toEqual([]);
    const size = gzipSync(outputFiles[0]!.contents).length;
    expect(size).toBeGreaterThan(1024);
    expect(size).toBeLessThan(limit);
  });

  it.runIf(name === 'stats').for(pages)(
    'is small in a page that $does',
    async ({ limit: most, program: text }, { skip }) => {
      if (notInstalled !== null) skip(notInstalled);
      user.write('page.ts', text);
      const { outputFiles } = await bundle('page.ts');
      expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThan(most);
    },
  );

  it.runIf(name === 'stats')('scores without WebAssembly, which only fits start', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    user.write('page.ts', scoringPage('HiddenMarkov', 'MultivariateGaussian'));
    const { outputFiles } = await bundle('page.ts');
    expect(outputFiles[0]!.text).not.toMatch(/WebAssembly|0061736d/);
  });

  it.runIf(name === 'stats')(
    'has the kernels of vectors and hidden states only with a family that calls them',
    async ({ skip }) => {
      if (notInstalled !== null) skip(notInstalled);
      const kernelsIn = async (program: string) => {
        user.write('page.ts', program);
        const { outputFiles } = await bundle('page.ts');
        return ['moments', 'scatter', 'hmmForward', 'wordShares'].filter((kernel) =>
          new RegExp(`\\b${kernel}\\(`).test(outputFiles[0]!.text),
        );
      };
      const fitting = (estimator: string) =>
        `import { ${estimator}, optimize } from '@dml/stats';\nconsole.log(optimize([], new ${estimator}()));`;
      expect(await kernelsIn(fitting('GaussianEstimator'))).toEqual(['moments']);
      expect(await kernelsIn(fitting('MultivariateGaussianEstimator'))).toEqual(['moments', 'scatter']);
      expect(await kernelsIn(fitting('IntegerPlsiEstimator'))).toEqual(['moments', 'hmmForward', 'wordShares']);
    },
  );

  it('keeps the names of its classes', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const { outputFiles } = await bundle('whole.ts', { minify: false });
    const { text } = outputFiles[0]!;
    const exported = new Set([...text.matchAll(/^\s+(\w+): \(\) => \w+,?$/gm)].map(([, exportedName]) => exportedName));
    expect(exported.size).toBeGreaterThan(1);
    // A class that names itself in its body is renamed, and a console shows `_GaussianDistribution { … }`.
    const renamed = [...text.matchAll(/class _([A-Z]\w*)/g)].map(([, className]) => className);
    expect(renamed.filter((className) => exported.has(className))).toEqual([]);
    expect(text).toMatch(name === 'stats' ? /class GaussianDistribution|GaussianDistribution = class/ : /class/);
  });

  it.runIf(name === 'stats')('leaves the families out that a page does not name', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    user.write(
      'one.ts',
      `import { PoissonEstimator, optimize } from '@dml/stats';\nconsole.log(optimize([1], new PoissonEstimator()));`,
    );
    const [one, whole] = await Promise.all([bundle('one.ts'), bundle('whole.ts')]);
    const text = one.outputFiles[0]!.text;
    expect(text).toContain('PoissonDistribution');
    expect(text).not.toMatch(/HiddenMarkovDistribution|MultivariateGaussianDistribution|CategoricalDistribution/);
    expect(one.outputFiles[0]!.contents.length).toBeLessThan(0.66 * whole.outputFiles[0]!.contents.length);
  });

  const runs = browserIsThere && RUN_IN_PAGES.includes(name);
  it.runIf(runs)('computes what it computes in Node, with WebAssembly and without', async ({ skip }) => {
    if (notInstalled !== null) skip(notInstalled);
    const { outputFiles } = await bundle('program.ts');
    const script = outputFiles[0]!.contents;
    const withWebAssembly = await inBrowser({ policy: "script-src 'self' 'wasm-unsafe-eval'", script });
    const without = await inBrowser({ policy: "script-src 'self'", script });
    expect([withWebAssembly.webAssembly, without.webAssembly]).toEqual([true, false]);
    // One engine: the kernels and their TypeScript twins agree to the bit.
    expect(without.printed).toBe(withWebAssembly.printed);
    // Two engines, whose logarithms may differ in the last bit: 20 iterations keep that far below 1e-12.
    expect(JSON.parse(withWebAssembly.printed)).toEqual(nearly(JSON.parse(await inNode())));
  });

  it.runIf(browserIsThere && name === 'stats')(
    'runs in a page without a bundler, from one entry of an import map',
    async ({ skip }) => {
      if (notInstalled !== null) skip(notInstalled);
      const page = {
        policy: "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        script: Buffer.from(await program()),
        standalone: readFileSync(join(user.path, 'node_modules/@dml/stats/dist/standalone.js')),
      };
      const { printed } = await inBrowser(page);
      expect(JSON.parse(printed)).toEqual(nearly(JSON.parse(await inNode())));
    },
  );

  /** The program as JavaScript, its imports as they are. */
  async function program(): Promise<string> {
    return (await transform(readFileSync(join(user.path, 'program.ts'), 'utf8'), { loader: 'ts' })).code;
  }

  /** What the same program prints when Node runs it from the installed package. */
  async function inNode(): Promise<string> {
    user.write('program.mjs', await program());
    return user.node(['program.mjs']);
  }
});

/** A pattern that accepts the same value with each number off by at most one part in 10^12. */
function nearly(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 12 - Math.ceil(Math.log10(Math.abs(value) || 1)));
  if (Array.isArray(value)) return value.map(nearly);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nearly(inner)]));
}

interface Site {
  /** The page's content security policy. */
  readonly policy: string;
  /** The one script that it runs. */
  readonly script: Uint8Array;
  /** What the page's import map gives for `@dml/stats`. Default: there is no import map. */
  readonly standalone?: Uint8Array;
}

/** Opens a page in Chromium, and returns the first line that it prints and whether it may use WebAssembly. */
async function inBrowser(site: Site): Promise<{ readonly printed: string; readonly webAssembly: boolean }> {
  const { address, close } = await serve(site);
  const profile = mkdtempSync(join(tmpdir(), 'dml-chromium-'));
  const browser = await chromium.launchPersistentContext(profile, { executablePath: browserPath, args: browserFlags });
  try {
    const page = await browser.newPage();
    const failure = new Promise<never>((_, reject) => page.once('pageerror', reject));
    const message = page.waitForEvent('console', { timeout: 30_000 });
    await page.goto(address);
    const printed = (await Promise.race([message, failure])).text();
    return { printed, webAssembly: await page.evaluate(webAssemblyWorks) };
  } finally {
    await browser.close();
    await close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Serves one page that runs one script, under a content security policy. */
async function serve(site: Site): Promise<{ readonly address: string; readonly close: () => Promise<unknown> }> {
  const map = '<script type="importmap">{ "imports": { "@dml/stats": "/standalone.js" } }</script>';
  const html = `<!doctype html>${site.standalone === undefined ? '' : map}<script type="module" src="/program.js"></script>`;
  const scripts: Readonly<Record<string, Uint8Array | undefined>> = {
    '/program.js': site.script,
    '/standalone.js': site.standalone,
  };
  const server = createServer((request, response) => {
    const script = scripts[request.url ?? '/'];
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.setHeader('content-security-policy', site.policy);
    response.end(script ?? html);
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
