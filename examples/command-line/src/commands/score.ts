import { predict, seqEncode, seqLogDensity } from '@dml/stats';
import { rowsOf } from '@dml-examples/tables';
import type { Command } from '../command.js';
import { loadModule, metaOf, openModel } from '../modelFile.js';
import { counted, csvLine } from '../output.js';
import { openTable } from '../tableFiles.js';

export const score: Command = {
  name: 'score',
  summary: 'Scores each row of a table: its log-density, its component, and how sure that is.',
  files: 'MODEL TABLE',
  details: ['Prints CSV, a line for each row, with numbers that count from 1.'],
  options: {
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
    json: { help: 'a JSON object on each line' },
  },
  async run(given, output) {
    const [path, tablePath] = given.files as [string, string];
    const modulePath = given.text('model');
    const file = await openModel(path, modulePath === undefined ? undefined : await loadModule(modulePath));
    const rows = rowsOf(await openTable(tablePath, output), metaOf(file, path).types);
    const { model } = file;
    const isMixture = 'seqPosterior' in model && 'components' in model; // models of lists have states, of items
    // `predict` takes what has components; the model was just asked.
    const predicted = isMixture ? predict(model as never, rows as never) : undefined;
    const logDensities = predicted?.logDensities ?? seqLogDensity(seqEncode(rows, model), model);
    const names = ['row', 'log_density', ...(predicted === undefined ? [] : ['component', 'probability'])];
    if (!given.flag('json')) output.print(csvLine(names));
    const lines: string[] = [];
    for (let i = 0; i < rows.length; i++) {
      const cells: unknown[] = [i + 1, logDensities[i]];
      if (predicted !== undefined) {
        const label = predicted.labels[i]!;
        cells.push(label + 1, predicted.responsibilities[i * predicted.shape[1] + label]);
      }
      lines.push(
        given.flag('json')
          ? JSON.stringify(Object.fromEntries(names.map((name, j) => [name, cells[j]])))
          : csvLine(cells),
      );
      if (lines.length === 10_000) output.print(lines.splice(0).join('\n'));
    }
    if (lines.length > 0) output.print(lines.join('\n'));
    const mean = logDensities.reduce((sum, x) => sum + x, 0) / rows.length;
    output.tell(`${counted(rows.length, 'row')}, mean log-density ${mean.toFixed(3)}`);
  },
};
