/** What a fit found, in words, and in the files that were asked for. */

import { basename } from 'node:path';
import { type AnyEstimator, type Columns, em, estimatorToJSON } from '@dml/stats';
import { type Advice, describe, report, toText } from '@dml-examples/report';
import { rowsOf, type Table, type TypedColumn } from '@dml-examples/tables';
import type { Arguments } from './command.js';
import type { Estimators } from './estimators.js';
import type { FitSettings, Fitted } from './fitRows.js';
import { codecOf, hashOf, type Meta, type ModelModule, writeModel } from './modelFile.js';
import type { Output } from './output.js';
import { writeWhole } from './outputFiles.js';
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
  const file = { model: fitted.model, meta: metaOf(fitted, of) };
  if (out === '-') output.print(codecOf(module).stringify(file));
  else if (out !== undefined) written.push(await writeModel(out, file, module));
  const advice = adviceFor(fitted, of);
  const description = describe(fitted, { rows, estimator, advice });
  const source = basename(given.files[0]!);
  const hash = hashOf(fitted.model, codecOf(module));
  if (given.flag('json')) output.printJson({ file: source, hash, ...description });
  else if (out === '-') output.tell(toText(description).trimEnd());
  else output.print(toText(description));
  const untried = untriedOf(fitted, of.settings);
  if (untried !== undefined) output.tell(untried);
  const reportPath = given.text('report');
  if (reportPath !== undefined) {
    const columns = types.map((column) => ({ ...column, type: column.isUsed ? column.type : 'left out' }));
    const modelFile = out === undefined || out === '-' ? {} : { modelFile: basename(out) };
    // The seed of the call: that of the fit is of one number of components.
    const receipt = { model: hash, seed: String(of.settings.seed) };
    const page = await report({
      fit: fitted,
      rows,
      estimator,
      source,
      columns,
      firstRow: 1,
      receipt,
      advice,
      ...modelFile,
    });
    writeWhole(reportPath, page);
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

/** What a person at the command line can do about what is doubtful. */
function adviceFor({ iterations, trialScores, componentCount = 1 }: Fitted, { settings }: FittedTable): Advice {
  const { trials, range, maxIterations } = settings;
  const more = Math.max(1000, 10 * (maxIterations ?? iterations));
  const again = `Allow more: --iterations ${more}.`;
  const starts = `Another run may find a better model: --trials ${3 * Math.max(trials, trialScores?.length ?? 0)}.`;
  const fewer =
    range === undefined ? 'use fewer components' : `take fewer components: -k ${Math.max(1, componentCount - 1)}`;
  return {
    unconverged: `Until then its figures may still move. ${again}`,
    starts,
    range: `More may be better still: -k ${range?.[0] ?? 1}..${2 * componentCount}.`,
    dead: `Use another seed (--seed 1), or ${fewer}.`,
    small: `Its figures are uncertain: look at these rows, or ${fewer}.`,
    degenerate:
      'The likelihood has no bound here, so do not compare it with others. Leave the column out with --ignore.',
  };
}

/** Why larger numbers of components of the range were not tried. */
function untriedOf({ ended, table = [] }: Fitted, { range, criterion }: FitSettings): string | undefined {
  const last = table.at(-1)?.componentCount;
  if (ended !== 'patience' || range === undefined || last === undefined) return undefined;
  const rest = last + 1 === range[1] ? `${range[1]} was` : `${last + 1} to ${range[1]} were`;
  return `k=${rest} not tried: the last 3 numbers had no better ${criterion.toUpperCase()} (-k ${last + 1}..${range[1]} tries them)`;
}

function metaOf(
  { componentCount, logLikelihood }: Fitted,
  { table, types, estimators, module, given }: FittedTable,
): Meta {
  const isMixture = estimators.hasComponents && componentCount !== undefined;
  const estimator = estimators.of(componentCount ?? 1);
  const isNested = types.some(({ type, isUsed }) => isUsed && type === 'nested');
  return {
    writer: 'dml',
    types,
    ...(isMixture ? { componentCount } : {}),
    rowCount: table.length,
    seed: given.text('seed') ?? 0,
    logLikelihood,
    schema: schemaOf(table, types, estimator),
    ...(isNested && module === undefined
      ? { estimator: JSON.stringify(estimatorToJSON(estimator as unknown as AnyEstimator)) }
      : {}),
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
