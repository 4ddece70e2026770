import { type EmbeddableMixture, htsne, humap } from '@dml-examples/embedding';
import { type Row, rowsOf, TableError } from '@dml-examples/tables';
import { type Command, UsageError } from '../command.js';
import { withInterrupt } from '../interrupt.js';
import { loadModule, metaOf, openModel } from '../modelFile.js';
import { csvLine } from '../output.js';
import { openTable } from '../tableFiles.js';

const METHODS = ['tsne', 'umap'];

export const embed: Command = {
  name: 'embed',
  summary: 'Places the rows of a table in the plane, near each other where the model finds them alike.',
  files: 'MODEL TABLE',
  details: [
    'Prints CSV, a point and the component for each row. Ctrl-C ends it with the points so far, and exit code 130.',
  ],
  options: {
    method: { value: 'NAME', help: `${METHODS.join(' or ')}; default tsne` },
    seed: { value: 'SEED', help: 'default 0: the same call gives the same points' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
  },
  async run(given, output) {
    const [path, tablePath] = given.files as [string, string];
    const method = given.text('method') ?? 'tsne';
    if (!METHODS.includes(method)) throw new UsageError(`--method must be ${METHODS.join(' or ')}, found "${method}".`);
    const modulePath = given.text('model');
    const file = await openModel(path, modulePath === undefined ? undefined : await loadModule(modulePath));
    const model = file.model as Partial<EmbeddableMixture<Row>>;
    if (typeof model.posterior !== 'function') throw new TableError(`${path} is no mixture: rows have no components.`);
    const mixture = model as EmbeddableMixture<Row>; // it has the one member that must be there
    const rows = rowsOf(await openTable(tablePath, output), metaOf(file, path).types);
    const onIterate = ({ iteration, total }: { readonly iteration: number; readonly total: number }) =>
      output.draw(`embed: step ${iteration} of ${total}`);
    const { points } = await withInterrupt(output, 'the points so far', ({ signal }) => {
      const options = { seed: given.text('seed') ?? 0, signal, onIterate };
      return method === 'tsne' ? htsne(mixture, rows, options) : humap(mixture, rows, options);
    });
    const lines = points.map(([x, y], i) => csvLine([i + 1, x, y, componentOf(mixture, rows[i]!)]));
    output.print([csvLine(['row', 'x', 'y', 'component']), ...lines].join('\n'));
  },
};

/** The most probable component, from 1. */
function componentOf(model: EmbeddableMixture<Row>, row: Row): number {
  const shares = model.posterior(row);
  return shares.indexOf(Math.max(...shares)) + 1;
}
