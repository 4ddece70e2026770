import { createCodec } from '@dml/serialize';
import { rowsOf, TableError } from '@dml-examples/tables';
import { type Command, UsageError } from '../command.js';
import { loadModule, metaOf, openModel } from '../modelFile.js';
import { counted } from '../output.js';
import { checkOutputs, writeWhole } from '../outputFiles.js';
import { StepInParts } from '../statistics.js';
import { openTable } from '../tableFiles.js';

export const estep: Command = {
  name: 'estep',
  summary: 'The E step over a part of the rows: what "dml merge" needs of it for the next model.',
  files: 'MODEL TABLE',
  details: [
    'TABLE is the whole table with --part, or a part of it in a file of its own with --first. The statistic goes to standard output,',
    'or to --out. Parts may be computed anywhere and in any order: with xargs, a Slurm array, Spark’s pipe.',
  ],
  options: {
    part: { value: 'I/N', help: 'part I of N of the rows of TABLE; I counts from 1' },
    first: { value: 'ROW', help: 'the number that the first row of TABLE has in the whole; counts from 1' },
    out: { short: 'o', value: 'FILE', help: 'where the statistic goes' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own' },
  },
  async run(given, output) {
    const [path, tablePath] = given.files as [string, string];
    const out = given.text('out');
    if (out === undefined && process.stdout.isTTY) {
      throw new UsageError('the statistic is binary: name a file with --out, or send it to one with ">".');
    }
    checkOutputs([['statistic', out]]);
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const file = await openModel(path, module);
    const meta = metaOf(file, path);
    const step = new StepInParts(file.model, meta, module);
    const table = await openTable(tablePath, output);
    const [part, partCount] = partOf(given.text('part'));
    const first = given.integer('first', 1) ?? 1;
    if (partCount > 1 && given.text('first') !== undefined)
      throw new UsageError('--part and --first exclude each other.');
    if (given.text('first') === undefined && table.length !== meta.rowCount) {
      throw new TableError(
        `${tablePath} has ${counted(table.length, 'row')}, the model is of ${meta.rowCount}: say with --first where this part begins.`,
      );
    }
    const [start, end] = partCount > 1 ? step.bounds(part, partCount) : [0, table.length];
    const statistic = step.ofPart(rowsOf(table, meta.types, start, end), first - 1 + start);
    const bytes = createCodec().encode(statistic);
    if (out === undefined) output.printBytes(bytes);
    else writeWhole(out, bytes);
    output.tell(`rows ${statistic.first + 1} to ${statistic.end} of ${meta.rowCount}`);
  },
};

function partOf(text = '1/1'): readonly [part: number, partCount: number] {
  const [, part, partCount] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part !== undefined && partCount !== undefined && part >= 1 && part <= partCount) return [part, partCount];
  throw new UsageError(`--part must be like 3/8, found "${text}".`);
}
