import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codec } from './models.js';
import { valueOfVersion1 } from './version1.js';

const executablePath = process.env.DML_BROWSER ?? '/usr/bin/chromium';
const browserIsThere = process.env.DML_REQUIRE_BROWSER === '1' || existsSync(executablePath);

/** What a page would contain: the codec from the package, and types of its own. */
const PAGE = `
import { CodecError, createCodec, loadModel, saveModel } from '@dml/serialize';
class Gaussian {
  static typeName = 'Gaussian';
  static typeVersion = 1;
  static fromJSON({ mu, sigma2 }) { return new Gaussian(mu, sigma2); }
  constructor(mu, sigma2) { this.mu = mu; this.sigma2 = sigma2; }
  toJSON() { return { type: 'Gaussian', mu: this.mu, sigma2: this.sigma2 }; }
}
class Mixture {
  static typeName = 'Mixture';
  static typeVersion = 2;
  static fromJSON({ components, w }) { return new Mixture(components, w); }
  constructor(components, w) { this.components = components; this.w = w; }
  toJSON() { return { type: 'Mixture', components: this.components, w: this.w }; }
}
class Plain { constructor(fields) { this.fields = fields; } }
const plainType = {
  name: 'Plain thing', version: 1, is: (value) => value instanceof Plain,
  toJSON: (value) => value.fields, fromJSON: (fields) => new Plain(fields),
};
const codec = createCodec({ types: [Gaussian, Mixture, plainType] });
globalThis.throughEveryDoor = async (numbers) => {
  const bytes = Uint8Array.from(numbers);
  const values = [
    codec.decode(bytes),
    await loadModel(new Blob([bytes]), codec),
    await loadModel(new Blob([bytes]).stream(), codec),
    await loadModel(new Response(bytes), codec),
    await loadModel(new Blob([codec.stringify(codec.decode(bytes))]), codec),
  ];
  return values.map((value) => Array.from(codec.encode(value)));
};
globalThis.refusals = async (numbers) => {
  const codes = [];
  const attempts = [() => codec.decode(Uint8Array.from(numbers)), () => saveModel('a.dml', 1, codec)];
  for (const attempt of attempts) {
    try { await attempt(); } catch (error) { codes.push(error instanceof CodecError ? error.code : String(error)); }
  }
  return codes;
};
`;

let folder = '';
let bundle = '';

beforeAll(async () => {
  const home = fileURLToPath(new URL('..', import.meta.url));
  if (!existsSync(join(home, 'dist/index.js'))) throw new Error('dist is missing: run the build before the tests');
  folder = mkdtempSync(join(tmpdir(), 'dml-browser-'));
  mkdirSync(join(folder, 'node_modules/@dml'), { recursive: true });
  symlinkSync(home, join(folder, 'node_modules/@dml/serialize'));
  writeFileSync(join(folder, 'page.js'), PAGE);
  const built = await build({
    entryPoints: [join(folder, 'page.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  bundle = built.outputFiles[0]!.text;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundle for browsers', () => {
  it('has no Node built-ins, no eval and less than 64 KB', () => {
    expect(bundle).not.toMatch(/node:|require\(|\beval\(|new Function/);
    expect(bundle.length).toBeLessThan(64 * 1024);
  });
});

describe.runIf(browserIsThere)('Chromium (skipped where there is none)', () => {
  it('reads a model file to the same bytes through every door, under a strict security policy', async () => {
    const bytes = codec.encode(valueOfVersion1());
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ];
    const browser = await chromium.launch({ executablePath, args, headless: true });
    try {
      const page = await browser.newPage();
      await page.setContent(`<meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'">`);
      await page.addScriptTag({ content: bundle });
      const results = await page.evaluate(`throughEveryDoor(${JSON.stringify(Array.from(bytes))})`);
      expect(results).toHaveLength(5);
      for (const result of results as number[][]) expect(Buffer.from(result).equals(Buffer.from(bytes))).toBe(true);
      bytes[30]! ^= 1;
      expect(await page.evaluate(`refusals(${JSON.stringify(Array.from(bytes))})`)).toEqual([
        'ERR_CHECKSUM',
        'ERR_FILE',
      ]);
    } finally {
      await browser.close();
    }
  });
});
