import { summary, toMarkdown, toText } from '@dml-examples/report';
import type { Command } from '../command.js';
import { codecOf, hashOf, loadModule, openModel } from '../modelFile.js';
import { counted } from '../output.js';

export const describe: Command = {
  name: 'describe',
  summary: 'Says what a model file holds: its components, and what tells them apart.',
  files: 'MODEL',
  details: ['"-" reads standard input.'],
  options: {
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
    markdown: { help: 'as Markdown' },
    json: { help: 'as JSON' },
  },
  async run(given, output) {
    const path = given.text('model');
    const module = path === undefined ? undefined : await loadModule(path);
    const { model, meta } = await openModel(given.files[0]!, module);
    const told = summary(model);
    if (given.flag('json')) {
      const facts = meta && { rowCount: meta.rowCount, seed: meta.seed, logLikelihood: meta.logLikelihood };
      output.printJson({ hash: hashOf(model, codecOf(module)), ...facts, summary: told });
      return;
    }
    output.print(given.flag('markdown') ? toMarkdown(told) : toText(told));
    if (meta !== undefined) output.tell(`fitted to ${counted(meta.rowCount, 'row')} with seed ${meta.seed}`);
  },
};
