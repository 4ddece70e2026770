import { readFileSync } from 'node:fs';
import { createCodec } from '@dml/serialize';
import { digits, TableError } from '@dml-examples/tables';
import type { Command } from '../command.js';
import { codecOf, hashOf, loadModule, metaOf, openModel, writeModel } from '../modelFile.js';
import { checkOutputs } from '../outputFiles.js';
import { type PartStatistic, StepInParts } from '../statistics.js';
import { reasonOf } from '../tableFiles.js';

export const merge: Command = {
  name: 'merge',
  summary: 'The M step: the next model from the statistics of all parts.',
  files: 'MODEL STATISTIC…',
  details: [
    'MODEL is the one that the parts had. The next model goes to standard output as JSON, or to --out. It is the model of a fit',
    'with --plain after as many steps, to the bit.',
  ],
  options: {
    out: { short: 'o', value: 'NEW', help: 'save the next model: .json as text, any other ending in binary form' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own' },
  },
  async run(given, output) {
    const [path, ...statistics] = given.files as [string, ...string[]];
    const out = given.text('out');
    checkOutputs([['model', out]]);
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const file = await openModel(path, module);
    const meta = metaOf(file, path);
    const { model, logLikelihood } = new StepInParts(file.model, meta, module).next(statistics.map(statisticOf));
    // What the next model is worth is known after the next step.
    const next = { model, meta: { ...meta, logLikelihood: Number.NaN } };
    output.tell(`log-likelihood of the model before the step ${digits(logLikelihood)}`);
    if (out !== undefined) output.tell(`wrote ${await writeModel(out, next, module)}`);
    else {
      output.print(codecOf(module).stringify(next));
      output.tell(`model ${hashOf(model, codecOf(module))}`);
    }
  },
};

function statisticOf(path: string): PartStatistic {
  try {
    return createCodec().decode(readFileSync(path)) as PartStatistic; // its kind is looked at where it is used
  } catch (error) {
    throw new TableError(`${path} cannot be read as a statistic: ${reasonOf(error)}`);
  }
}
