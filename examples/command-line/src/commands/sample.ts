import type { Row } from '@dml-examples/tables';
import type { Command } from '../command.js';
import { loadModule, openModel } from '../modelFile.js';
import { csvLine } from '../output.js';

export const sample: Command = {
  name: 'sample',
  summary: 'Draws rows from a model.',
  files: 'MODEL',
  details: ['Prints CSV with a header line.'],
  options: {
    n: { short: 'n', value: 'N', help: 'how many; default 10' },
    seed: { value: 'SEED', help: 'default 0: the same call draws the same rows' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
    json: { help: 'a JSON value on each line' },
  },
  async run(given, output) {
    const modulePath = given.text('model');
    const { model } = await openModel(
      given.files[0]!,
      modulePath === undefined ? undefined : await loadModule(modulePath),
    );
    const rows = model.sampler(given.text('seed') ?? 0).sample(given.integer('n', 1) ?? 10) as readonly unknown[];
    const isRecord = rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
    if (given.flag('json')) output.print(rows.map((row) => JSON.stringify(row)).join('\n'));
    else if (!isRecord) output.print(rows.map((row) => csvLine(Array.isArray(row) ? row : [row])).join('\n'));
    else {
      const names = [...new Set((rows as readonly Row[]).flatMap((row) => Object.keys(row)))];
      const lines = (rows as readonly Row[]).map((row) => csvLine(names.map((name) => row[name])));
      output.print([csvLine(names), ...lines].join('\n'));
    }
  },
};
