import { getWorld } from '@dml/mpi-native';
import type { Criterion } from '@dml/stats';
import type { Table, TypedColumn } from '@dml-examples/tables';
import { COLUMN_OPTIONS, typesOf } from '../columnOptions.js';
import { type Arguments, type Command, UsageError } from '../command.js';
import { estimatorsOf } from '../estimators.js';
import { fitAnywhere } from '../fitAnywhere.js';
import type { FitSettings } from '../fitRows.js';
import { withInterrupt } from '../interrupt.js';
import { loadModule, type ModelModule } from '../modelFile.js';
import { checkOutputs } from '../outputFiles.js';
import { FitProgress } from '../progress.js';
import { agreeOn } from '../ranks.js';
import { openTable } from '../tableFiles.js';
import { tellFit } from '../tellFit.js';

const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];

export const fit: Command = {
  name: 'fit',
  summary: 'Fits a mixture to the rows of a table, and says what it found.',
  files: 'TABLE',
  details: [
    'The number of components is chosen by BIC from a range, each tried from several starts. Every column gets the family that',
    'its values suggest ("dml inspect" shows it). Ctrl-C ends the fit with the best model so far, and exit code 130; a second one at once. Under mpiexec, and with --threads,',
    'the model is the same to the bit.',
  ],
  options: {
    k: { short: 'k', value: 'N or N..M', help: 'the number of components, or the range to choose from; default 1..8' },
    ...COLUMN_OPTIONS,
    report: { value: 'FILE.html', help: 'write a report with pictures, one file for a browser or for paper' },
    out: {
      short: 'o',
      value: 'MODEL',
      help: 'save the model: .json as text, any other ending in binary form; - prints JSON',
    },
    seed: { value: 'SEED', help: 'of all starts; default 0: the same call gives the same model' },
    trials: { value: 'N', help: 'starts for each number of components; default 10' },
    criterion: { value: 'NAME', help: `what chooses the number: ${CRITERIA.join(', ')}; default bic` },
    iterations: { value: 'N', help: 'at most so many EM steps in each fit; default 1000' },
    plain: { help: 'EM steps alone, without acceleration' },
    receipt: { value: 'FILE.json', help: 'write all that the fit depends on: "dml verify" repeats it to the bit' },
    model: { value: 'FILE.mjs', help: 'a module whose default export is an estimator, or a function from k to one' },
    threads: { value: 'N', help: 'fit on so many threads' },
    json: { help: 'the description as JSON' },
  },
  isCollective: true,
  async run(given, output) {
    const settings = settingsOf(given);
    if (given.text('receipt') !== undefined && given.files[0] === '-') {
      throw new UsageError('--receipt needs a table in a file, as it names the file.');
    }
    if (given.text('out') === '-' && given.flag('json')) {
      throw new UsageError('--json and --out - would both write to standard output: give --out a file.');
    }
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const world = getWorld();
    const found = await agreeOn(world, async () => {
      checkOutputs([
        ['model', given.text('out')],
        ['report', given.text('report')],
        ['receipt', given.text('receipt')],
      ]);
      const table = await openTable(given.files[0]!, output);
      return { table, types: typesFor(table, given, module) };
    });
    if (found === undefined) return; // rank 0 has said why
    const { table, types, nested } = found;
    for (const { name, change, reason } of types) {
      if (change === `ignore ${name}`) output.tell(`${name}: ${reason}; --${change} leaves it out`);
    }
    const progress = new FitProgress(output, settings);
    await withInterrupt(output, 'the best model so far', async (stop) => {
      const estimators = estimatorsOf(types, module, settings.range !== undefined, table ?? nested);
      const task = { table, types, settings, modulePath, module, estimators, world, stop, given };
      const fitted = await fitAnywhere(task, progress.report);
      progress.end();
      if (fitted !== null && table !== undefined)
        await tellFit(fitted, { ...task, table, isStopped: stop.signal.aborted }, output);
    });
  },
};

/** A model of one's own reads every column that has cells; the automatic one those that tell something. */
function typesFor(table: Table, given: Arguments, module: ModelModule | undefined): readonly TypedColumn[] {
  const types = typesOf(table, given);
  if (module === undefined) return types;
  const ignored = given.list('ignore');
  return types.map((column) => ({
    ...column,
    isUsed: !ignored.includes(column.name) && column.missing < table.length,
  }));
}

function settingsOf(given: Arguments): FitSettings {
  const criterion = given.text('criterion') ?? 'bic';
  if (!CRITERIA.some((name) => name === criterion)) {
    throw new UsageError(`--criterion must be ${CRITERIA.join(', ')}, found "${criterion}".`);
  }
  const range = rangeOf(given.text('k') ?? (given.text('model') === undefined ? '1..8' : undefined));
  return {
    range,
    seed: given.text('seed') ?? 0,
    trials: given.integer('trials', 1) ?? 10,
    criterion: criterion as Criterion,
    maxIterations: given.integer('iterations', 0),
    isPlain: given.flag('plain'),
  };
}

/** `4` or `1..8`. */
function rangeOf(text: string | undefined): FitSettings['range'] {
  if (text === undefined) return undefined;
  const [, first, last = first] = /^(\d+)(?:(?:\.\.|-|:)(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from >= 1 && to >= from) return [from, to];
  throw new UsageError(`-k must be a number >= 1 or a range such as 1..8, found "${text}".`);
}
