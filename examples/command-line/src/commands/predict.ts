import {
  type AnyDistribution,
  given as conditional,
  impute,
  type ModelType,
  marginal,
  modelTypes,
  rebuildModel,
} from '@dml/stats';
import { nearest, type Row, rowsOf, TableError } from '@dml-examples/tables';
import { type Command, UsageError } from '../command.js';
import { loadModule, metaOf, openModel } from '../modelFile.js';
import { csvLine } from '../output.js';
import { openTable } from '../tableFiles.js';

export const predict: Command = {
  name: 'predict',
  summary: 'Predicts a column from the others, or fills the gaps of a table.',
  files: 'MODEL TABLE',
  details: [
    'With --of, a line for each row: the expected number with its standard deviation, or the most probable level with its',
    'probability. Without, the rows with every gap filled. Columns that the table lacks count as unknown.',
  ],
  options: {
    of: { value: 'COLUMN', help: 'the column to predict; what stands there is not looked at' },
    model: { value: 'FILE.mjs', help: 'the module of a model of one’s own, for its types' },
  },
  async run(given, output) {
    const [path, tablePath] = given.files as [string, string];
    const modulePath = given.text('model');
    const module = modulePath === undefined ? undefined : await loadModule(modulePath);
    const file = await openModel(path, module);
    const types = metaOf(file, path).types.filter(({ isUsed }) => isUsed);
    const table = await openTable(tablePath, output);
    const target = given.text('of');
    const names = types.map(({ name }) => name);
    if (target !== undefined && !names.includes(target)) {
      const meant = nearest(target, names);
      const hint = meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${meant}"?`;
      throw new UsageError(`--of: the model has no column "${target}". ${hint}`);
    }
    const there = types.filter(({ name }) => name !== target && table.columns.some((column) => column.name === name));
    const rows = rowsOf(table, there);
    const unknown = names.filter((name) => !there.some((column) => column.name === name));
    const model = unknown.reduce((before, name) => withColumn(before, name, module?.types ?? []), file.model);
    output.print(csvLine(target === undefined ? names : ['row', target, 'standard_deviation', 'probability']));
    const possible = new PossibleValues(model);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const known = possible.of(row, i);
      if (target === undefined) output.print(csvLine(filled(model, row, known, names)));
      else output.print(csvLine([i + 1, ...predicted(model, known, target)]));
    }
    for (const line of possible.told()) output.warn(line);
  },
};

/** The values that are there keep their place, also those that say nothing. */
function filled(model: AnyDistribution, row: Row, known: Row, names: readonly string[]): readonly unknown[] {
  const imputed = impute(model, known) as Row;
  return names.map((name) => row[name] ?? imputed[name]);
}

/**
 * The values of rows that a model allows. One that it does not allow in any row, such as a level that no row of the fit had, says
 * nothing of the others: it counts as unknown, and is told.
 */
class PossibleValues {
  readonly #model: AnyDistribution;
  readonly #refused = new Map<string, { readonly first: string; count: number }>();
  /** The distribution of some fields, by their names: most rows have the same. */
  readonly #marginals = new Map<string, AnyDistribution>();

  constructor(model: AnyDistribution) {
    this.#model = model;
  }

  /** @throws {TableError} for values that are possible each, and not together */
  of(row: Row, at: number): Row {
    const present = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
    if (present.length === 0 || !this.#isImpossible(present)) return Object.fromEntries(present);
    const possible = present.filter((entry) => !this.#isImpossible([entry]));
    if (possible.length === present.length || (possible.length > 0 && this.#isImpossible(possible))) {
      throw new TableError(`row ${at + 1}: the model has no row with these values together.`, { row: at + 1 });
    }
    for (const [name, value] of present) {
      if (possible.some(([other]) => other === name)) continue;
      const before = this.#refused.get(name);
      if (before === undefined) {
        this.#refused.set(name, { first: `row ${at + 1}, column "${name}": ${JSON.stringify(value)}`, count: 1 });
      } else before.count++;
    }
    return Object.fromEntries(possible);
  }

  #isImpossible(values: readonly (readonly [string, unknown])[]): boolean {
    const names = values.map(([name]) => name);
    const key = JSON.stringify(names);
    // The fields are some of those of the model, and the row has them.
    const some = this.#marginals.get(key) ?? (marginal(this.#model as never, names as never) as AnyDistribution);
    this.#marginals.set(key, some);
    return some.logDensity(Object.fromEntries(values) as never) === -Infinity;
  }

  /** A line for each column with such values. */
  told(): readonly string[] {
    return Array.from(this.#refused.values(), ({ first, count }) => {
      const more = count === 1 ? '' : `; ${count} rows have such a value`;
      return `${first} is not possible under the model, and counts as unknown${more}`;
    });
  }
}

/** The value, and its standard deviation or its probability. */
function predicted(model: AnyDistribution, known: Row, target: string): readonly unknown[] {
  const value = (impute(model, known) as Row)[target];
  // The rows are those of the model, and the target one of its columns.
  const alone = marginal(conditional(model, known as never) as never, target as never) as AnyDistribution;
  if (typeof alone.variance === 'number') return [value, Math.sqrt(alone.variance), null];
  return [value, null, alone.density(value as never)];
}

/** The model of rows in which the column is there: that it is not looked at must not count as missing. */
function withColumn(model: AnyDistribution, target: string, types: readonly ModelType[]): AnyDistribution {
  const json = JSON.parse(JSON.stringify(model), (_, node: unknown) => {
    const { type, fields } = (node ?? {}) as { readonly type?: unknown; readonly fields?: Record<string, unknown> };
    const child = fields?.[target] as { readonly type?: unknown; readonly dist?: unknown } | undefined;
    if (type !== 'Record' || child?.type !== 'Optional') return node;
    return { ...(node as object), fields: { ...fields, [target]: child.dist } };
  });
  return rebuildModel(json, [...modelTypes, ...types]);
}
