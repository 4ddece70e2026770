/** The options that say what columns are. */

import { COLUMN_TYPES, type ColumnType, inferTypes, nearest, type Table, type TypedColumn } from '@dml-examples/tables';
import { type Arguments, type Option, UsageError } from './command.js';

export const COLUMN_OPTIONS: Readonly<Record<string, Option>> = {
  ignore: { value: 'COLUMN,…', isRepeated: true, help: 'leave these columns out' },
  keep: { value: 'COLUMN,…', isRepeated: true, help: 'use these columns, though they seem to tell nothing' },
  'missing-tells': {
    value: 'COLUMN,…',
    isRepeated: true,
    help: 'a missing cell in these columns tells something of its row; in others it says nothing',
  },
  type: { value: 'COLUMN=TYPE,…', isRepeated: true, help: `read columns as ${COLUMN_TYPES.join(', ')}` },
};

/**
 * The types of the columns, as the options say.
 * @throws {UsageError} for an option that names no column or no type; {TableError} for a cell that a type cannot hold
 */
export function typesOf(table: Table, given: Arguments): readonly TypedColumn[] {
  const names = table.columns.map(({ name }) => name);
  const named = (option: string) => given.list(option).map((name) => known(name, names, `--${option}`));
  const types = given.list('type').map((text): [string, ColumnType] => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw new UsageError(`--type takes COLUMN=TYPE, found "${text}".`);
    const type = text.slice(at + 1);
    return [
      known(text.slice(0, at), names, '--type'),
      known(type, COLUMN_TYPES, '--type', `The types are ${COLUMN_TYPES.join(', ')}.`) as ColumnType,
    ];
  });
  return inferTypes(table, {
    types: Object.fromEntries(types),
    ignore: named('ignore'),
    keep: named('keep'),
    missingTells: named('missing-tells'),
  });
}

/** @throws {UsageError} with the nearest right word */
function known(
  word: string,
  words: readonly string[],
  option: string,
  list = `The columns are ${words.join(', ')}.`,
): string {
  if (words.includes(word)) return word;
  const meant = nearest(word, words);
  throw new UsageError(`${option}: there is no "${word}". ${meant === undefined ? list : `Did you mean "${meant}"?`}`);
}
