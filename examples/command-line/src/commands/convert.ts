import { readFileSync } from 'node:fs';
import { importDmx } from '@dml/serialize';
import type { AnyDistribution } from '@dml/stats';
import { TableError } from '@dml-examples/tables';
import type { Command } from '../command.js';
import { dmxText } from '../dmxText.js';
import { codecOf, loadModule, openModel, writeModel } from '../modelFile.js';
import { checkOutputs, writeWhole } from '../outputFiles.js';
import { reasonOf } from '../tableFiles.js';

export const convert: Command = {
  name: 'convert',
  summary: 'Writes a model file in another form.',
  files: 'MODEL NEW',
  details: [
    'MODEL is binary, JSON, or the text that dmx-learn prints (.txt, .dmx). NEW is JSON when its name ends in .json, that text when it',
    'ends in .txt or .dmx, and binary otherwise. "-" is that text on standard input, and JSON on standard output. The text holds',
    'the model alone, and a record as a composite: its fields become places, in their order.',
  ],
  options: { model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' } },
  async run(given, output) {
    const [from, to] = given.files as [string, string];
    const isText = isTextForm(to);
    checkOutputs([[isText ? 'text' : 'model', to]]);
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const file =
      from === '-' || isTextForm(from) ? { model: fromText(from), meta: undefined } : await openModel(from, module);
    if (isText) {
      writeWhole(to, `${dmxText(file.model)}\n`);
      output.tell(`wrote ${to}`);
    } else if (to === '-') output.print(codecOf(module).stringify(file.meta === undefined ? file.model : file));
    else output.tell(`wrote ${await writeModel(to, file, module)}`);
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
