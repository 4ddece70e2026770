import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFor } from '../src/command.js';
import { COMMANDS } from '../src/commands.js';
import { messageOf } from '../src/failures.js';
import { Output } from '../src/output.js';
import { writeWhole } from '../src/outputFiles.js';

// Here, so that the programs of a report find the packages.
const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '../node_modules/outputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

const nowhere = { write: () => undefined };

async function dml(name: string, ...args: readonly string[]): Promise<void> {
  const command = COMMANDS.find((other) => other.name === name)!;
  await command.run(parseFor(command, args), new Output(true, nowhere, nowhere));
}

const said = (name: string, ...args: string[]) => dml(name, ...args).then(() => 'nothing', messageOf);

const text = `x,kind\n${Array.from({ length: 60 }, (_, i) => `${(i % 2) * 9 + Math.sin(i)},${i % 2 ? 'a' : 'b'}`).join('\n')}\n`;
const mine = 'day,weight\n1,62.5\n2,62.1\n';
const fast = ['-k', '1..2', '--trials', '1'];

beforeAll(async () => {
  writeFileSync(path('table.csv'), text);
  writeFileSync(path('mine.csv'), mine);
  mkdirSync(path('sub'));
  await dml('fit', path('table.csv'), ...fast, '-o', path('model.json'), '--report', path('report.html'));
});

describe('a file of a person', () => {
  it.each([
    ['fit', 'table.csv', '--report', 'mine.csv', /mine\.csv is there and is no report of "dml": it is not replaced/],
    ['fit', 'table.csv', '--receipt', 'mine.csv', /is no receipt of "dml": it is not replaced/],
    ['fit', 'table.csv', '--out', 'mine.csv', /is no model of "dml": it is not replaced/],
    ['fit', 'table.csv', '--report', 'model.json', /is no report of "dml"/],
    ['fit', 'table.csv', '--report', 'none/report.html', /cannot be written: there is no folder .*none\.$/],
    ['fit', 'table.csv', '--out', 'sub', /sub cannot be written: it is a folder\.$/],
  ])('is kept by %s %s %s %s', async (name, table, option, out, message) => {
    // Before the fit, which would end with another error: there is no such column.
    const found = await said(name, path(table), option, path(out), '--ignore', 'none');
    expect(found).toMatch(message);
    expect(found).not.toMatch(/Error|ENOENT|overwrite/);
    expect(readFileSync(path('mine.csv'), 'utf8')).toBe(mine);
  });

  it('is kept by estep, merge and convert', async () => {
    const [model, table, other] = [path('model.json'), path('table.csv'), path('mine.csv')];
    expect(await said('estep', model, table, '--out', other)).toMatch(/is no statistic of "dml"/);
    expect(await said('estep', model, table, '--out', model)).toMatch(/is no statistic of "dml"/);
    expect(await said('convert', model, other)).toMatch(/is no model of "dml"/);
    await dml('estep', model, table, '--out', path('all.stat'));
    expect(await said('merge', model, path('all.stat'), '--out', other)).toMatch(/is no model of "dml"/);
    expect(readFileSync(path('mine.csv'), 'utf8')).toBe(mine);
  });

  it('is told from those that were written before, which are replaced', async () => {
    await dml('estep', path('model.json'), path('table.csv'), '--out', path('again.stat'));
    await dml('estep', path('model.json'), path('table.csv'), '--out', path('again.stat'));
    const all = ['--out', path('a.dml'), '--report', path('a.html'), '--receipt', path('a.json')];
    await dml('fit', path('table.csv'), '-k', '1', ...all);
    await dml('fit', path('table.csv'), ...fast, ...all);
  });

  it('holds one output alone', async () => {
    const twice = ['--out', path('b.json'), '--receipt', path('b.json')];
    expect(await said('fit', path('table.csv'), ...twice)).toMatch(/the model and the receipt cannot both go to/);
  });

  it('is kept by the text form, too', async () => {
    writeFileSync(path('notes.txt'), 'mine');
    expect(await said('convert', path('model.json'), path('notes.txt'))).toMatch(/is no model as text of "dml"/);
    expect(readFileSync(path('notes.txt'), 'utf8')).toBe('mine');
  });

  it('is not left half written', async () => {
    writeWhole(path('whole.html'), 'first');
    expect(() => writeWhole(path('none/whole.html'), 'second')).toThrow(/cannot be written/);
    writeWhole(path('whole.html'), 'second');
    expect(readFileSync(path('whole.html'), 'utf8')).toBe('second');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the programs of a report', () => {
  const programs = (page: string) =>
    [...page.matchAll(/<pre><code>([^<]*)<\/code>/g)].map(([, code]) =>
      code!.replace(/&#(\d+);/g, (_, digits) => String.fromCharCode(Number(digits))),
    );
  const run = (code: string) => {
    writeFileSync(path('program.mjs'), code);
    return execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' });
  };
  // A page fetches from its server what stands beside it.
  const fetched = `import { readFileSync } from 'node:fs';
    globalThis.fetch = async (name) => new Response(readFileSync(name));`;

  it.each([
    ['model.json', 'report.html'],
    ['model.dml', 'binary.html'],
  ])('read %s', async (model, report) => {
    if (report === 'binary.html') {
      await dml('fit', path('table.csv'), ...fast, '-o', path(model), '--report', path(report));
    }
    const [node, page] = programs(readFileSync(path(report), 'utf8'));
    expect(node).toContain(`"${model}"`);
    const row = "const row = { x: 1, kind: 'b' }; const rows = [row];\n";
    expect(
      Number(run(`${row}${node!.replace('model.logDensity(row);', 'console.log(model.logDensity(row));')}`)),
    ).toBeLessThan(0);
    const shown = page!.replace(/predict\(model, rows\)\.labels;/, 'console.log(predict(model, rows).labels[0]);');
    expect(run(`${fetched}\n${row}${shown}`)).toMatch(/^[01]\n$/);
  });

  it('stand beside the seed of the call', () => {
    expect(readFileSync(path('report.html'), 'utf8')).toMatch(/<th scope="row">seed<\/th><td>0<\/td>/);
  });
});
