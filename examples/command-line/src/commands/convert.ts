import { readFileSync } from 'node:fs';
import { importDmx } from '@dml/serialize';
import type { AnyDistribution } from '@dml/stats';
import { TableError } from '@dml-examples/tables';
import { type Command, UsageError } from '../command.js';
import { codecOf, loadModule, openModel, writeModel } from '../modelFile.js';
import { checkOutputs } from '../outputFiles.js';
import { reasonOf } from '../tableFiles.js';

export const convert: Command = {
  name: 'convert',
  summary: 'Writes a model file in another form.',
  files: 'MODEL NEW',
  details: [
    'MODEL is binary, JSON, or the text that dmx-learn prints (.txt, .dmx, or "-" for standard input). NEW is JSON when its',
    'name ends in .json, and binary otherwise; the text form can only be read.',
  ],
  options: { model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' } },
  async run(given, output) {
    const [from, to] = given.files as [string, string];
    if (isTextForm(to))
      throw new UsageError(`${to}: the text form can only be read. Name a .json file, or one of another ending.`);
    checkOutputs([['model', to]]);
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const file =
      from === '-' || isTextForm(from) ? { model: fromText(from), meta: undefined } : await openModel(from, module);
    output.tell(`wrote ${await writeModel(to, file, module)}`);
  },
};

/** What dmx-learn prints. */
function isTextForm(path: string): boolean {
  return /\.(txt|dmx)$/i.test(path);
}

function fromText(path: string): AnyDistribution {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new TableError(`${path} cannot be opened: ${reasonOf(error)}.`);
  }
  return codecOf().build(importDmx(text)) as AnyDistribution; // `build` gives the model of the description
}
