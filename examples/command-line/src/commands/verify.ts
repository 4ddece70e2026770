import { getWorld } from '@dml/mpi-native';
import { TableError } from '@dml-examples/tables';
import { type Command, UsageError } from '../command.js';
import { estimatorsOf } from '../estimators.js';
import { fitAnywhere } from '../fitAnywhere.js';
import { loadModule } from '../modelFile.js';
import { FitProgress } from '../progress.js';
import { agreeOn } from '../ranks.js';
import { checkFile, type Receipt, readReceipt, resultOf, versionOfStats } from '../receipt.js';
import { openTable } from '../tableFiles.js';

export const verify: Command = {
  name: 'verify',
  summary: 'Repeats the fit of a receipt, and says whether the same model comes out, to the bit.',
  files: 'RECEIPT TABLE',
  details: [
    '"dml fit --receipt" writes a receipt. The table must be the same file; the machine, the version of Node, the number of',
    'threads and of ranks may be others. The exit code is 1 where the result differs.',
  ],
  options: {
    model: { value: 'FILE.mjs', help: 'the module that the fit was made with' },
    threads: { value: 'N', help: 'fit on so many threads' },
  },
  isCollective: true,
  async run(given, output) {
    const [receiptPath, tablePath] = given.files as [string, string];
    const receipt = readReceipt(receiptPath);
    const { settings, types } = receipt;
    const modulePath = given.text('model');
    if ((modulePath === undefined) !== (receipt.module === undefined)) {
      const word =
        receipt.module === undefined ? 'The fit had no module' : `The fit had the module ${receipt.module.name}`;
      throw new UsageError(`${word}: ${receipt.module === undefined ? 'leave out' : 'give it with'} --model.`);
    }
    const world = getWorld();
    const found = await agreeOn(world, async () => {
      await checkFile(tablePath, receipt.data);
      if (modulePath !== undefined && receipt.module !== undefined) await checkFile(modulePath, receipt.module);
      return { table: await openTable(tablePath, output), types };
    });
    if (found === undefined) return; // rank 0 has said why
    const { table, nested } = found;
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const estimators = estimatorsOf(types, module, settings.range !== undefined, table ?? nested);
    const progress = new FitProgress(output, settings);
    const stop = new AbortController();
    const task = { table, types, settings, modulePath, module, estimators, world, stop, given };
    const fitted = await fitAnywhere(task, progress.report);
    progress.end();
    if (fitted === null) return;
    const differences = differencesOf(receipt.result, resultOf(fitted, estimators, module));
    if (differences.length === 0) {
      output.print(
        `the same model, to the bit: ${receipt.result.model.slice(0, 16)}, log-likelihood ${fitted.logLikelihood}`,
      );
      return;
    }
    const { stats, node } = receipt.madeBy;
    throw new TableError(
      `the fit does not repeat: ${differences.join('; ')}. It was made by @dml/stats ${stats} on Node ${node}, repeated by ` +
        `@dml/stats ${versionOfStats()} on Node ${process.versions.node}.`,
    );
  },
};

function differencesOf(expected: Receipt['result'], found: Receipt['result']): string[] {
  const names = ['model', 'componentCount', 'logLikelihood', 'iterations'] as const;
  const differences = names
    .filter((name) => !Object.is(expected[name], found[name]))
    .map((name) => `${name} was ${expected[name]}, is ${found[name]}`);
  const { path = [] } = expected; // absent from receipts of older versions
  const step = path.findIndex((logLikelihood, i) => !Object.is(logLikelihood, found.path[i]));
  if (step >= 0) differences.push(`the paths part at iterate ${step}`);
  const isOther =
    expected.estimator !== undefined && JSON.stringify(expected.estimator) !== JSON.stringify(found.estimator);
  if (isOther) differences.push('the estimator is another one');
  return differences;
}
