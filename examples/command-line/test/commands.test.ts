import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estimatorFromJSON, MixtureEstimator } from '@dml/stats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseFor } from '../src/command.js';
import { COMMANDS } from '../src/commands.js';
import { messageOf } from '../src/failures.js';
import { Output } from '../src/output.js';

const folder = mkdtempSync(join(tmpdir(), 'dml-command-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

/** Runs a command in this process. */
async function dml(name: string, ...args: readonly string[]) {
  const written = { results: Buffer.alloc(0), messages: '' };
  const results = {
    write: (content: string | Uint8Array) => {
      written.results = Buffer.concat([written.results, Buffer.from(content)]);
    },
  };
  const messages = {
    write: (content: string | Uint8Array) => {
      written.messages += String(content);
    },
  };
  const command = COMMANDS.find((other) => other.name === name)!;
  const given = parseFor(command, args);
  await command.run(given, new Output(given.flag('quiet'), results, messages));
  return { ...written, text: written.results.toString() };
}

/** Two kinds of visits, with gaps; a third of them short, on phones. */
const minutes = (i: number) => (i % 3 === 0 ? 5 + Math.sin(i) : 30 + 4 * Math.cos(i));
const device = (i: number) => (i % 3 === 0 || i % 7 === 0 ? 'phone' : 'desk, big');
const lines = Array.from({ length: 300 }, (_, i) => `v${i},${i === 17 ? '' : minutes(i)},"${device(i)}"`);
const header = 'id,minutes,device';
const csv = (from: number, to: number) => `${[header, ...lines.slice(from, to)].join('\n')}\n`;

beforeAll(async () => {
  writeFileSync(path('visits.csv'), csv(0, 300));
  await dml('fit', path('visits.csv'), '-k', '2', '--trials', '2', '-q', '-o', path('model.json'));
});

describe('inspect', () => {
  it('has a line for each column, with what changes a guess', async () => {
    const { text } = await dml('inspect', path('visits.csv'));
    expect(text).toMatch(/^visits\.csv: 300 rows, 3 columns\n/);
    expect(text).toMatch(/id +left out +0 +300 different texts in 300 rows tell nothing; --keep id to change\n/);
    expect(text).toMatch(/minutes +number +1 +4\.001 … 34, mean 21\.63\n/);
    expect(text).toMatch(/device +category \(2\) +0 +desk, big 172, phone 128\n/);
  });

  it('says which cells are read as missing', async () => {
    const cells = Array.from({ length: 60 }, (_, i) => (i % 4 === 3 ? 'yes' : (i * 1.37) % 9));
    writeFileSync(path('yes.csv'), `x\n${cells.join('\n')}\n`);
    const { text } = await dml('inspect', path('yes.csv'));
    expect(text).toMatch(/^yes\.csv: 60 rows, 1 column\n/);
    expect(text).toMatch(/x +\w+ +15 .*"yes" in 15 rows among numbers, the first of them row 4: read as missing/);
  });

  it('gives the same as data', async () => {
    const { columns } = JSON.parse((await dml('inspect', path('visits.csv'), '--json', '--type', 'id=category')).text);
    expect(columns.map((column: { isUsed: boolean }) => column.isUsed)).toEqual([true, true, true]);
  });
});

describe('fit', () => {
  it('chooses the number of components, says what it found, and a line for each number in a pipe', async () => {
    const { text, messages } = await dml('fit', path('visits.csv'), '-k', '1..3', '--trials', '2');
    expect(text).toMatch(/^→ +2 /m);
    expect(text).toMatch(/^2 components of 300 rows \(converged/m);
    expect(messages.match(/^k=\d: 2 starts done$/gm)).toHaveLength(3);
    expect(messages).toMatch(/left out: id/);
    const ignored = await dml('fit', path('visits.csv'), '-k', '1', '--ignore', 'id');
    expect(ignored.messages).not.toContain('left out');
  });

  it('writes nothing but results when it is quiet, and one JSON document with --json', async () => {
    const { text, messages } = await dml('fit', path('visits.csv'), '-k', '2', '--trials', '1', '-q', '--json');
    expect(messages).toBe('');
    expect(JSON.parse(text)).toMatchObject({ file: 'visits.csv', rowCount: 300, chosen: 2 });
  });

  it('writes a report with the columns and the pictures', async () => {
    const report = path('report.html');
    await dml('fit', path('visits.csv'), '-k', '2', '--trials', '1', '-q', '--report', report);
    const html = readFileSync(report, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('300 different texts in 300 rows tell nothing');
    expect(html).toContain('<svg');
  });

  it('takes an estimator of a module', async () => {
    writeFileSync(
      path('own.mjs'),
      `import { GaussianEstimator, OptionalEstimator, RecordEstimator } from '${import.meta.resolve('@dml/stats')}';
       export default new RecordEstimator({ minutes: new OptionalEstimator(new GaussianEstimator()) });`,
    );
    const { text } = await dml('fit', path('visits.csv'), '--model', path('own.mjs'), '--trials', '1');
    expect(text).toMatch(/^one Record of 300 rows/m);
    const mixed = await dml('fit', path('visits.csv'), '--model', path('own.mjs'), '-k', '2', '--trials', '1');
    expect(mixed.text).toMatch(/^2 components of 300 rows/m);
  });
});

/** What a model file of JSON holds. */
const contentOf = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')).$value;

describe('a model file', () => {
  it('is described', async () => {
    const { text, messages } = await dml('describe', path('model.json'));
    expect(text).toMatch(/^2 components\n/);
    expect(text).toMatch(/minutes (29|30)\.\d ± (2\.[89]|3\.0) /);
    expect(text).not.toContain('missing');
    expect(messages).toBe('fitted to 300 rows with seed 0\n');
  });

  it('scores the rows of a table: log-density, component, probability', async () => {
    const { text } = await dml('score', path('model.json'), path('visits.csv'));
    const [head, first, second] = text.split('\n');
    expect(head).toBe('row,log_density,component,probability');
    const [row, logDensity, component, probability] = first!.split(',').map(Number);
    expect(row).toBe(1);
    expect(logDensity).toBeLessThan(0);
    expect(probability).toBeGreaterThan(0.99);
    expect(component).not.toBe(Number(second!.split(',')[2]));
  });

  it('predicts a column from the others', async () => {
    const { text } = await dml('predict', path('model.json'), path('visits.csv'), '--of', 'minutes');
    const [head, phone, desk] = text.split('\n');
    expect(head).toBe('row,minutes,standard_deviation,probability');
    const [, atDesk, deviation] = desk!.split(',').map(Number);
    expect(atDesk).toBeCloseTo(30, 0); // all visits at a desk are of the long kind
    expect(deviation).toBeCloseTo(4 / Math.SQRT2, 0); // of 4 cos
    expect(Number(phone!.split(',')[1])).toBeLessThan(20);
  });

  it('predicts a level with its probability, also of a table without the column', async () => {
    writeFileSync(path('short.csv'), 'minutes\n5\n30\n');
    const { text } = await dml('predict', path('model.json'), path('short.csv'), '--of', 'device');
    const [, short, long] = text.split('\n');
    expect(short).toMatch(/^1,phone,,0\.9\d+$/);
    expect(long).toMatch(/^2,"desk, big",,0\.8\d+$/);
  });

  it('takes columns that the table lacks as unknown, not as missing', async () => {
    // One kind of rows has all the gaps.
    const cells = Array.from({ length: 200 }, (_, i) => {
      const noise = Math.sin(i);
      return i % 2 === 0 ? `${i % 4 === 0 ? '' : noise},${noise},p` : `${90 + noise},${90 + noise},q`;
    });
    writeFileSync(path('gaps.csv'), `a,b,c\n${cells.join('\n')}\n`);
    writeFileSync(path('c.csv'), 'c\np\nq\n');
    await dml('fit', path('gaps.csv'), '-k', '2', '--trials', '2', '-q', '-o', path('gaps.json'));
    const { text } = await dml('predict', path('gaps.json'), path('c.csv'), '--of', 'b');
    const [low, high] = text
      .split('\n')
      .slice(1, 3)
      .map((line) => Number(line.split(',')[1]));
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(80);
  });

  it('lets a missing cell say nothing of its row, unless it is asked to', async () => {
    // Where b is missing, it is so in rows of the low kind: whether it is there would tell the kind of a row.
    const cells = Array.from({ length: 120 }, (_, i) => {
      const low = i % 2 === 0;
      return `${(low ? 0 : 50) + 3 * Math.sin(i)},${low && i % 4 !== 0 ? '' : (low ? 0 : 9) + Math.cos(i)}`;
    });
    writeFileSync(path('tells.csv'), `a,b\n${cells.join('\n')}\n`);
    const missing = async (...options: readonly string[]) => {
      await dml('fit', path('tells.csv'), '-k', '2', '--trials', '2', '-q', '-o', path('tells.json'), ...options);
      const { model } = contentOf('tells.json');
      return model.components.map((component: { fields: { b: { p: number | null } } }) => component.fields.b.p);
    };
    expect(await missing()).toEqual([null, null]);
    const shares: readonly number[] = await missing('--missing-tells', 'b');
    expect([...shares].sort((a, b) => a - b)).toEqual([0, 0.5].map((share) => expect.closeTo(share, 3)));
  });

  it('goes on where a level is new, and says in which row', async () => {
    writeFileSync(path('new-level.csv'), 'minutes,device\n5,watch\n30,desk\n31,\n30,watch\n');
    const { text, messages } = await dml('predict', path('model.json'), path('new-level.csv'), '--of', 'minutes', '-q');
    expect(text.trim().split('\n')).toHaveLength(5);
    expect(messages).toBe(
      'row 1, column "device": "watch" is not possible under the model, and counts as unknown; 3 rows have such a value\n',
    );
    const filled = await dml('predict', path('model.json'), path('new-level.csv'));
    expect(filled.text.split('\n')[1]).toBe('5,watch');
  });

  it('fills gaps', async () => {
    const { text } = await dml('predict', path('model.json'), path('visits.csv'));
    const rows = text.split('\n');
    expect(rows[0]).toBe('minutes,device');
    expect(Number(rows[18]!.split(',')[0])).toBeGreaterThan(4);
    expect(rows.slice(0, 301).every((row) => row.split(',')[0] !== '')).toBe(true);
  });

  it('explains the oddest rows', async () => {
    writeFileSync(path('odd.csv'), `${header}\nv,5,phone\nv,90,phone\nv,30,phone\n`);
    const { text } = await dml('explain', path('model.json'), path('odd.csv'), '--worst', '1');
    expect(text).toMatch(/^row 2: log-density -\d+\.\d \(.* of rows are as odd, ± .*\)\n {2}minutes +90 +-\d+\.\d/);
    const one = await dml('explain', path('model.json'), path('odd.csv'), '--row', '3', '--json');
    expect(JSON.parse(one.text)).toMatchObject([{ row: 3, parts: expect.anything() }]);
  });

  it('draws rows, the same for the same seed', async () => {
    const draw = async (seed: string) => (await dml('sample', path('model.json'), '-n', '3', '--seed', seed)).text;
    const first = await draw('1');
    expect(first.split('\n')[0]).toBe('minutes,device');
    expect(first.trim().split('\n')).toHaveLength(4);
    expect(await draw('1')).toBe(first);
    expect(await draw('2')).not.toBe(first);
  });

  it('places rows in the plane', async () => {
    const { text } = await dml('embed', path('model.json'), path('odd.csv'), '--method', 'umap');
    expect(text).toMatch(/^row,x,y,component\n1,-?[\d.e-]+,-?[\d.e-]+,[12]\n/);
  });

  it('goes into binary form and back without a change', async () => {
    await dml('convert', path('model.json'), path('model.dml'));
    await dml('convert', path('model.dml'), path('again.json'));
    expect(readFileSync(path('again.json'), 'utf8')).toBe(readFileSync(path('model.json'), 'utf8'));
  });

  it('comes from standard output and goes to standard input', async () => {
    const { text, messages } = await dml('fit', path('visits.csv'), '-k', '2', '--trials', '2', '-o', '-');
    expect(JSON.parse(text)).toEqual(contentOf('model.json'));
    expect(messages).toMatch(/^2 components of 300 rows/m);
  });

  it('is written as the text that dmx-learn prints, and read again', async () => {
    await dml('convert', path('model.json'), path('model.txt'));
    await dml('convert', path('model.txt'), path('model.txt')); // one of "dml" may be replaced
    await dml('convert', path('model.txt'), path('from-text.json'));
    const { model } = contentOf('model.json');
    const read = JSON.parse(readFileSync(path('from-text.json'), 'utf8'));
    expect(read.w).toEqual(model.w);
    expect(read.components[0].dists).toEqual(Object.values(model.components[0].fields));
  });

  it('is made of the text that dmx-learn prints', async () => {
    writeFileSync(path('gaussian.txt'), 'GaussianDistribution(mu=1.5, sigma2=4.0)');
    await dml('convert', path('gaussian.txt'), path('gaussian.json'));
    expect(JSON.parse(readFileSync(path('gaussian.json'), 'utf8'))).toEqual({ type: 'Gaussian', mu: 1.5, sigma2: 4 });
  });
});

describe('on a terminal', () => {
  /** What a terminal is told, and what was drawn; `react` is called with each piece. */
  async function onTerminal(react: (piece: string) => void, ...args: readonly string[]) {
    const pieces: string[] = [];
    const messages = {
      isTTY: true,
      write: (content: string | Uint8Array) => {
        pieces.push(String(content));
        react(String(content));
      },
    };
    await COMMANDS.find(({ name }) => name === 'fit')!.run(
      parseFor(COMMANDS.find(({ name }) => name === 'fit')!, args),
      new Output(false, { write: () => undefined }, messages),
    );
    return pieces;
  }

  it('a fit draws a bar over itself, and clears it before it says something', async () => {
    const pieces = await onTerminal(() => undefined, path('visits.csv'), '-k', '1..2', '--trials', '2');
    const bars = pieces.filter((piece) => piece.includes('░'));
    expect(bars[0]).toBe('\r\u001b[2Kk=1 ░░░░░░░░░░░░░░░░░░░░ trial 1 of 2, iteration 0');
    const after = pieces[pieces.indexOf(bars.at(-1)!) + 1];
    expect(after).toBe('\r\u001b[2K');
    expect(pieces).toContain('k=2: 2 starts done\n');
  });

  it('Ctrl-C ends a fit with the best model so far, and exit code 130', async () => {
    let isSent = false;
    const stop = (piece: string) => {
      if (isSent || !piece.includes('░')) return;
      isSent = true;
      process.emit('SIGINT');
    };
    const options = ['-k', '1..8', '--trials', '500', '-o', path('stopped.json'), '--receipt', path('stopped.receipt')];
    try {
      const told = (await onTerminal(stop, path('visits.csv'), ...options)).join('');
      expect(process.exitCode).toBe(130);
      expect(told).toContain('stopped by Ctrl-C: going on with the best model so far; Ctrl-C again ends at once\n');
      expect(told).toMatch(/wrote .*stopped\.json/);
      expect(told).toMatch(/no receipt: a fit that was stopped cannot be repeated/);
      expect(process.listenerCount('SIGINT')).toBe(0);
    } finally {
      process.exitCode = undefined;
    }
    expect((await dml('describe', path('stopped.json'))).text).toMatch(/component/);
  });
});

describe('what a person can do is said in options of the command', () => {
  it('for a fit that ended too early, and a range that ended before its end', async () => {
    const short = await dml('fit', path('visits.csv'), '-k', '3', '--trials', '1', '--iterations', '9');
    expect(short.text).toMatch(/! Stopped after 9 iterations: .* Until then .* Allow more: --iterations 1000\./s);
    expect(short.text).not.toMatch(/maxIterations/);
    const wide = await dml('fit', path('visits.csv'), '-k', '1..50', '--trials', '1', '--ignore', 'minutes');
    expect(wide.messages).toMatch(
      /^k=5 to 50 were not tried: the last 3 numbers had no better BIC \(-k 5\.\.50 tries them\)$/m,
    );
  });
});

describe('a receipt', () => {
  const receipt = () => JSON.parse(readFileSync(path('receipt.json'), 'utf8'));
  const rewrite = (name: string, change: object) =>
    writeFileSync(path(name), JSON.stringify({ ...receipt(), ...change }));
  beforeAll(async () => {
    await dml('fit', path('visits.csv'), '-k', '1..2', '--trials', '2', '-q', '--receipt', path('receipt.json'));
  });

  it('repeats the fit to the bit', async () => {
    const { text } = await dml('verify', path('receipt.json'), path('visits.csv'), '-q');
    expect(text).toMatch(/^the same model, to the bit: [0-9a-f]{16}, log-likelihood -/);
    const { model, estimator, logLikelihood, path: steps } = receipt().result;
    expect(text).toContain(model.slice(0, 16));
    expect(steps).toContain(logLikelihood);
    expect(estimatorFromJSON(estimator)).toBeInstanceOf(MixtureEstimator);
  });

  it('finds another model, and says what differs and what made it', async () => {
    rewrite('other.json', { settings: { ...receipt().settings, range: [1, 1] } });
    await expect(dml('verify', path('other.json'), path('visits.csv'), '-q')).rejects.toThrow(
      /^the fit does not repeat: model was [0-9a-f]{64}, is [0-9a-f]{64}; componentCount was 2, is 1; .*the paths part at iterate 0; the estimator is another one\. .* on Node /,
    );
  });

  it('refuses another table, and what is no receipt', async () => {
    writeFileSync(path('changed.csv'), csv(0, 299));
    const refused = (name: string, table: string) => expect(dml('verify', path(name), path(table), '-q')).rejects;
    await refused('receipt.json', 'changed.csv').toThrow(
      /changed\.csv is not the file of the receipt: visits\.csv had/,
    );
    await refused('model.json', 'visits.csv').toThrow(/model\.json is no receipt/);
    rewrite('later.json', { version: 2 });
    await refused('later.json', 'visits.csv').toThrow(/a receipt of version 2; this program reads version 1/);
    rewrite('part.json', { types: undefined });
    await refused('part.json', 'visits.csv').toThrow(/incomplete receipt/);
  });

  it('names the module, and asks for it', async () => {
    const own = path('own.mjs');
    const options = ['--model', own, '-k', '2', '--trials', '1', '-q'];
    await dml('fit', path('visits.csv'), ...options, '--receipt', path('own.json'));
    await expect(dml('verify', path('own.json'), path('visits.csv'))).rejects.toThrow(
      /had the module own\.mjs: give it/,
    );
    const { text } = await dml('verify', path('own.json'), path('visits.csv'), '--model', own, '-q');
    expect(text).toMatch(/^the same model/);
    await expect(dml('verify', path('receipt.json'), path('visits.csv'), '--model', own)).rejects.toThrow(/no module/);
  });
});

describe('the E step in parts', () => {
  const hashIn = (messages: string) => /model ([0-9a-f]{16})/.exec(messages)![1];

  it('gives the model of a fit, to the bit, whatever the cut', async () => {
    const plain = ['-k', '3', '--trials', '1', '--plain'];
    await dml('fit', path('visits.csv'), ...plain, '--iterations', '0', '-o', path('0.json'));
    const fitted = await dml('fit', path('visits.csv'), ...plain, '--iterations', '2', '-o', path('2.json'));
    // One step in thirds of the file, the statistics in another order.
    for (const part of [1, 2, 3]) {
      await dml('estep', path('0.json'), path('visits.csv'), '--part', `${part}/3`, '-o', path(`${part}.stat`));
    }
    await dml('merge', path('0.json'), path('3.stat'), path('1.stat'), path('2.stat'), '-o', path('1.json'));
    // One in files of their own, cut inside of segments.
    const cuts = [0, 51, 52, 203, 300];
    for (let j = 0; j < 4; j++) {
      writeFileSync(path(`part${j}.csv`), csv(cuts[j]!, cuts[j + 1]!));
      const first = String(cuts[j]! + 1);
      const { results } = await dml('estep', path('1.json'), path(`part${j}.csv`), '--first', first);
      writeFileSync(path(`part${j}.stat`), results);
    }
    const parts = [0, 1, 2, 3].map((j) => path(`part${j}.stat`));
    const { text, messages } = await dml('merge', path('1.json'), ...parts);
    expect(hashIn(messages)).toBe(hashIn(fitted.messages));
    writeFileSync(path('next.json'), text);
    expect(JSON.parse((await dml('describe', path('next.json'), '--json')).text).hash).toBe(hashIn(fitted.messages));

    await expect(dml('merge', path('1.json'), ...parts.slice(1))).rejects.toThrow('rows 1 to 51 are in no statistic.');
    await expect(dml('merge', path('1.json'), ...parts, parts[3]!)).rejects.toThrow('row 204 is in two statistics.');
    await expect(dml('merge', path('0.json'), ...parts)).rejects.toThrow('a statistic is of another model.');
    await expect(dml('estep', path('1.json'), path('part0.csv'))).rejects.toThrow(/say with --first/);
    writeFileSync(path('new.csv'), `${header}\nv,5,watch\n`);
    await expect(dml('estep', path('1.json'), path('new.csv'), '--first', '1')).rejects.toThrow(/has a level/);
  });

  it('does so with lists and objects in cells: the families that all rows decided are in the model file', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({
      x: i % 2 ? 9 + Math.sin(i) : Math.cos(i),
      basket: Array.from({ length: 1 + (i % 3) }, (_, j) => 'abc'[(i * j + (i % 2)) % 3]),
      place: { lat: Math.sin(3 * i), kind: i % 2 ? 'shop' : 'home' },
    }));
    writeFileSync(path('nested.ndjson'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const settings = ['-k', '2', '--trials', '1', '--plain'];
    await dml('fit', path('nested.ndjson'), ...settings, '--iterations', '0', '-o', path('n0.json'));
    const stepped = await dml('fit', path('nested.ndjson'), ...settings, '--iterations', '1', '-o', path('n1.json'));
    for (const part of [1, 2]) {
      await dml('estep', path('n0.json'), path('nested.ndjson'), '--part', `${part}/2`, '-o', path(`n${part}.stat`));
    }
    const { messages } = await dml('merge', path('n0.json'), path('n1.stat'), path('n2.stat'), '-o', path('n2.json'));
    expect(hashIn(messages)).toBe(hashIn(stepped.messages));
  });
});

describe('what is wrong is said', () => {
  const said = async (name: string, ...args: string[]) => {
    try {
      await dml(name, ...args);
      return 'nothing';
    } catch (error) {
      return messageOf(error);
    }
  };

  it.each<[RegExp, string, ...string[]]>([
    [/no option --trails. Did you mean --trials\?/, 'fit', 'visits.csv', '--trails', '3'],
    [/takes TABLE, found nothing/, 'fit'],
    [/takes MODEL TABLE, found .*model.json/, 'score', 'model.json'],
    [/-k must be a number >= 1 or a range such as 1\.\.8, found "0"/, 'fit', 'visits.csv', '-k', '0'],
    [/--seed needs a value/, 'fit', 'visits.csv', '--seed'],
    [/--trials must be a whole number >= 1, found "x"/, 'fit', 'visits.csv', '--trials', 'x'],
    [/^-n must be a whole number >= 1, found "0"/, 'sample', 'model.json', '-n', '0'],
    [/--ignore: there is no "divice". Did you mean "device"\?/, 'fit', 'visits.csv', '--ignore', 'divice'],
    [/--type: there is no "nmber". Did you mean "number"\?/, 'fit', 'visits.csv', '--type', 'id=nmber'],
    [/row 1, column "device" must be a number, found "phone"/, 'fit', 'visits.csv', '--type', 'device=number'],
    [/no column "divice". Did you mean "device"\?/, 'predict', 'model.json', 'visits.csv', '--of', 'divice'],
    [/none\.csv cannot be opened: there is no such file/, 'inspect', 'none.csv'],
    [/visits\.csv cannot be read as a model/, 'describe', 'visits.csv'],
    [/the table has no column "device"/, 'score', 'model.json', 'short.csv'],
    [/none\.mjs cannot be loaded/, 'fit', 'visits.csv', '--model', 'none.mjs'],
    [/no column is left for a model/, 'fit', 'visits.csv', '--ignore', 'minutes,device'],
  ])('%s', async (expected, name, ...args) => {
    const inFolder = args.map((arg) => (/\.(csv|json|mjs)$/.test(arg) ? path(arg) : arg));
    expect(await said(name, ...inFolder)).toMatch(expected);
  });

  it('counts rows from 1', async () => {
    writeFileSync(path('full.csv'), 'x,y\n1.5,a\n2.5,b\n4,a\n');
    writeFileSync(path('gap.csv'), 'x,y\n1.5,a\n,b\n');
    await dml('fit', path('full.csv'), '-k', '1', '--type', 'x=number', '-q', '-o', path('full.json'));
    expect(await said('score', path('full.json'), path('gap.csv'))).toMatch(
      /^row 2, column "x" must be a finite number, found null/,
    );
  });
});
