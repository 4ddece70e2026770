/** What a fit found, in words, and in the files that were asked for. */

import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Columns, em } from '@dml/stats';
import { describe, report, toText } from '@dml-examples/report';
import { rowsOf, type Table, type TypedColumn } from '@dml-examples/tables';
import type { Arguments } from './command.js';
import type { Estimators } from './estimators.js';
import type { FitSettings, Fitted } from './fitRows.js';
import { codecOf, hashOf, type Meta, type ModelModule, writeModel } from './modelFile.js';
import type { Output } from './output.js';
import { receiptOf, writeReceipt } from './receipt.js';

/** What was fitted. */
export interface FittedTable {
  readonly table: Table;
  readonly types: readonly TypedColumn[];
  readonly estimators: Estimators;
  readonly module: ModelModule | undefined;
  readonly settings: FitSettings;
  readonly given: Arguments;
  /** Whether a person ended the fit: then it cannot be repeated. */
  readonly isStopped: boolean;
}

export async function tellFit(fitted: Fitted, of: FittedTable, output: Output): Promise<void> {
  const { table, types, estimators, module, given } = of;
  const rows = rowsOf(table, types);
  const estimator = estimators.of(fitted.componentCount ?? 1);
  const out = given.text('out');
  const written: string[] = [];
  // First of all: what comes after it may take time, and must not cost the model.
  if (out !== undefined) written.push(await writeModel(out, { model: fitted.model, meta: metaOf(fitted, of) }, module));
  const description = describe(fitted, { rows, estimator });
  const source = basename(given.files[0]!);
  const hash = hashOf(fitted.model, codecOf(module));
  if (given.flag('json')) output.printJson({ file: source, hash, ...description });
  else output.print(toText(description));
  const reportPath = given.text('report');
  if (reportPath !== undefined) {
    const columns = types.map((column) => ({ ...column, type: column.isUsed ? column.type : 'left out' }));
    const modelFile = out === undefined ? {} : { modelFile: basename(out) };
    // The seed of the call: that of the fit is of one number of components.
    const receipt = { model: hash, seed: String(of.settings.seed) };
    const page = await report({ fit: fitted, rows, estimator, source, columns, firstRow: 1, receipt, ...modelFile });
    writeFileSync(reportPath, page);
    written.push(`${reportPath} (open it in a browser)`);
  }
  const receiptPath = given.text('receipt');
  if (receiptPath !== undefined) {
    if (of.isStopped) output.tell('no receipt: a fit that was stopped cannot be repeated');
    else {
      const modulePath = given.text('model');
      const made = await receiptOf(fitted, { ...of, tablePath: given.files[0]!, modulePath });
      writeReceipt(receiptPath, made);
      written.push(`${receiptPath} ("dml verify ${receiptPath} ${given.files[0]}" repeats the fit)`);
    }
  }
  const ignored = given.list('ignore');
  const left = types.filter(({ isUsed, name }) => !isUsed && !ignored.includes(name)).map(({ name }) => name);
  if (left.length > 0) output.tell(`left out: ${left.join(', ')} ("dml inspect" says why)`);
  for (const file of written) output.tell(`wrote ${file}`);
  if (out === undefined) output.tell('the model is not saved: --out model.json saves it');
}

function metaOf({ componentCount, logLikelihood }: Fitted, { table, types, estimators, given }: FittedTable): Meta {
  const isMixture = estimators.hasComponents && componentCount !== undefined;
  return {
    writer: 'dml',
    types,
    ...(isMixture ? { componentCount } : {}),
    rowCount: table.length,
    seed: given.text('seed') ?? 0,
    logLikelihood,
    schema: schemaOf(table, types, estimators.of(componentCount ?? 1)),
  };
}

/** Rows are encoded so many at a time, where only the levels are wanted. */
const BLOCK = 65_536;

/** The columns of no rows, with the levels of all. */
function schemaOf(table: Table, types: readonly TypedColumn[], estimator: ReturnType<Estimators['of']>): Columns {
  const algorithm = em(estimator);
  const parts: Columns[] = [];
  for (let start = 0; start < table.length; start += BLOCK) {
    const rows = rowsOf(table, types, start, Math.min(start + BLOCK, table.length));
    parts.push(algorithm.slice(algorithm.encode(rows, start), 0, 0));
  }
  return algorithm.concat(parts);
}
