/** The built page, by clicks and keys in Chromium. */
import { readFileSync } from 'node:fs';
import { createCodec } from '@dml/serialize';
import { type MixtureDistribution, modelTypes } from '@dml/stats';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserIsThere, type Site, startSite } from './site.js';

const LONG = { timeout: 60_000 };

async function openFile(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  await page.setInputFiles('#file', { name, mimeType: 'text/plain', buffer: Buffer.from(content) });
}

/** The groups lie at 0 and 20 and differ in colour. */
function tableOfTwo(rowCount: number): string {
  const lines = Array.from({ length: rowCount }, (_, i) => {
    const wave = Math.sin(i * 12.9898) * 43_758.5453;
    const noise = wave - Math.floor(wave);
    return `${((i % 2) * 20 + 3 * noise).toFixed(3)},${i % 2 === 0 ? 'red' : 'blue'}`;
  });
  return `size,colour\n${lines.join('\n')}\n`;
}

async function fit(page: Page, most: number): Promise<void> {
  await page.fill('#most', String(most));
  await page.click('#start');
  await page.waitForSelector('#downloads:not([hidden])', LONG);
}

async function download(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download', LONG), page.click(button)]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

describe.runIf(browserIsThere)('the studio', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.close());

  it('goes from the sample to a model, a component, a row and files, and sends nothing', async () => {
    const page = await site.open();
    await page.click('#sample');
    await page.waitForSelector('[data-column="Island"]', LONG);
    expect(await page.textContent('#source')).toContain('344 rows, 7 columns');
    await page.selectOption('[data-column="Species"] select', 'left out');
    await page.waitForSelector('[data-column="Species"].unused', LONG);
    await fit(page, 3);
    expect(await page.locator('#curve circle').count()).toBe(3);
    const k = Number(await page.textContent('#k-value'));
    expect(await page.locator('#legend button').count()).toBe(k);
    // One area for each component and field, whatever the number of rows.
    expect(await page.locator('#pictures figure').count()).toBe(6);
    expect(await page.locator('#pictures path.part').count()).toBe(4 * k);

    await page.click('#pictures path.part >> nth=0');
    expect(await page.textContent('#detail h3')).toMatch(/^component 1: \d+\.\d % of the rows$/);
    expect(await page.textContent('#detail table')).toMatch(/Body Mass \(g\)[\d,]+ ± \d+/);

    await page.click('#worst-list button >> nth=0');
    await page.waitForSelector('[data-field="Sex"]', LONG);
    expect(await page.textContent('#detail')).toMatch(/Odd is .* of such rows are as far out/);
    await page.click('[data-field="Beak Length (mm)"] button');
    await page.waitForSelector('.may-be svg[aria-label^="Beak Length (mm)"]', LONG);
    await page.fill('[data-field="Flipper Length (mm)"] input', 'long');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.textContent('[data-column="Flipper Length (mm)"] .wrong, #error'), LONG)
      .toContain('must be a number');
    await page.click('#reset');
    await expect.poll(() => page.textContent('#detail h3'), LONG).not.toContain('edited');

    // The fourth penguin was not measured, which says nothing of it: its log-density is that of what is known.
    await page.fill('#row', '4');
    await page.click('#row-form button');
    await expect.poll(() => page.textContent('#detail'), LONG).toMatch(/^Row 4log-density /);
    const density = /log-density (-[\d.]+)/.exec((await page.textContent('#detail')) ?? '')![1]!;

    // A point for each row; a click shows the row.
    await page.click('#embed-tsne');
    await page.waitForSelector('#plane circle', LONG);
    await page.dispatchEvent('#embed-stop', 'click'); // it may be done by then
    await expect.poll(() => page.textContent('#embed-status'), LONG).toBe('click a point to see its row');
    expect(await page.locator('#plane circle').count()).toBe(344);
    await page.click('#embed-umap');
    await expect.poll(() => page.textContent('#embed-status'), LONG).toBe('click a point to see its row');
    await page.dispatchEvent('#plane circle[data-row="6"]', 'click');
    await expect.poll(() => page.textContent('#detail'), LONG).toMatch(/^Row 7log-density /);

    const model = await download(page, '#save-model');
    expect(model.name).toBe('penguins-model.json');
    const { model: loaded, meta } = createCodec({ types: modelTypes }).parse(model.text) as {
      readonly model: MixtureDistribution<[]>;
      readonly meta: { readonly writer: string; readonly rowCount: number };
    };
    expect(loaded.w).toHaveLength(k);
    expect(meta).toMatchObject({ writer: 'dml', rowCount: 344, componentCount: k });
    const scored = await download(page, '#save-scores');
    const lines = scored.text.trimEnd().split('\n');
    expect(lines).toHaveLength(345);
    expect(lines[0]).toMatch(/,component,probability,log_density$/);
    expect(Number(lines[4]!.split(',').at(-1)).toFixed(1)).toBe(Number(density).toFixed(1));
    const report = await download(page, '#save-report');
    expect(report.text).toContain('<!doctype html>');

    expect(site.faults).toEqual([]);
    expect(site.asked.filter((path) => !/^GET \/(assets\/[\w.-]+|icon\.svg|penguins\.json)?$/.test(path))).toEqual([]);
  });

  it('is worked by keys alone', async () => {
    const page = await site.open();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab', 'Tab', 'Enter'); // the file, the sample
    await page.waitForSelector('[data-column="Island"]', LONG);
    await page.focus('#most');
    await press('Control+A', '2', 'Enter');
    await page.waitForSelector('#downloads:not([hidden])', LONG);
    await page.focus('#k');
    await press('Home');
    await expect.poll(() => page.locator('#legend button').count(), LONG).toBe(1);
    await press('End');
    await expect.poll(() => page.locator('#legend button').count(), LONG).toBe(2);
    await page.focus('#legend button');
    await press('Enter');
    expect(await page.getAttribute('#legend button', 'aria-pressed')).toBe('true');
    await page.focus('#row');
    await press('Control+A', '7', 'Enter');
    await expect.poll(() => page.textContent('#detail h3'), LONG).toBe('Row 7');
  });

  it('shows what is wrong with a file at its row, and with a column at the column', async () => {
    const page = await site.open();
    await openFile(page, 'ragged.csv', 'a,b\n1,2\n3\n');
    await page.waitForSelector('#error:not([hidden])', LONG);
    expect(await page.textContent('#error')).toMatch(/row 2|line 3/);
    await openFile(page, 'mixed.csv', 'size,note\n1.5,3\n2.5,4\n3.25,many\n1.75,4\n');
    await page.waitForSelector('[data-column="note"]', LONG);
    expect(await page.isHidden('#error')).toBe(true);
    await page.selectOption('[data-column="note"] select', 'number');
    await page.waitForSelector('[data-column="note"] .wrong', LONG);
    expect(await page.textContent('[data-column="note"] .wrong')).toMatch(/row 3, column "note" .* found "many"/);
    // The type that it had is chosen again.
    expect(await page.inputValue('[data-column="note"] select')).not.toBe('number');
    await openFile(page, 'empty.csv', '');
    await expect.poll(() => page.textContent('#error'), LONG).toContain('empty.csv is empty');
  });

  it('reads a Parquet file that is dropped', async () => {
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'size', data: Array.from({ length: 40 }, (_, i) => (i % 2) * 20 + Math.sin(i)), type: 'DOUBLE' },
        { name: 'colour', data: Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'red' : 'blue')), type: 'STRING' },
      ],
    });
    const page = await site.open();
    const transfer = await page.evaluateHandle(
      (content) => {
        const made = new DataTransfer();
        made.items.add(new File([new Uint8Array(content)], 'two.parquet'));
        return made;
      },
      Array.from(new Uint8Array(bytes)),
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await page.waitForSelector('[data-column="colour"]', LONG);
    await fit(page, 2);
    expect(await page.textContent('#k-value')).toBe('2');
    // An edited value changes what is expected of the others.
    await page.fill('#row', '1');
    await page.click('#row-form button');
    const expected = () => page.textContent('[data-field="size"] td >> nth=1');
    await expect.poll(expected, LONG).toMatch(/^-?0\.\d+ ± /);
    await page.selectOption('[data-field="colour"] select', 'blue');
    await expect.poll(expected, LONG).toMatch(/^(19|20)\.\d+ ± /);
  });

  it('fits 100,000 rows while the page stays alive, and stops with the best model so far', async () => {
    const page = await site.open();
    await openFile(page, 'many.csv', tableOfTwo(100_000));
    await page.waitForSelector('[data-column="size"]', LONG);
    await page.fill('#most', '12');
    await page.click('#start');
    // The components move while the fit runs.
    await page.waitForSelector('#running:not([hidden]) ~ #pictures path.part', LONG);
    expect(await page.locator('#pictures *').count()).toBeLessThan(300);
    await page.click('#stop');
    await page.waitForSelector('#downloads:not([hidden])', LONG);
    expect(Number(await page.textContent('#k-value'))).toBeLessThan(12);
    expect(await page.locator('#worst-list li').count()).toBe(20);
  });
});

it.runIf(browserIsThere)(
  'works where the policy allows its own files and nothing else, WebAssembly not either',
  async () => {
    const site = await startSite("default-src 'self'");
    try {
      const page = await site.open();
      await openFile(page, 'two.csv', tableOfTwo(60));
      await page.waitForSelector('[data-column="colour"]', LONG);
      await fit(page, 2);
      expect(await page.textContent('#k-value')).toBe('2');
      expect((await download(page, '#save-report')).text).toContain('<!doctype html>');
    } finally {
      await site.close();
    }
  },
);
