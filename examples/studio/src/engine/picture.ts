/** A mixture of records over the bins of each column. */

import type { AnyDistribution, MixtureDistribution, RecordDistribution } from '@dml/stats';
import type { TypedColumn } from '@dml-examples/tables';
import type { ModelPicture } from '../protocol.js';
import { barsOf, levelsOf, massesOf } from './bins.js';
import type { Opened } from './engine.js';

/** What the studio fits. */
export type Mixture = MixtureDistribution<readonly RecordDistribution<Readonly<Record<string, AnyDistribution>>>[]>;

/** The field of each component. */
export function fieldsOf(model: Mixture, name: string): readonly AnyDistribution[] {
  return model.components.map(({ fields }) => fields[name]!);
}

/** Rows that each component expects in each bin, of those that have the value. */
export function pictureOf({ types, table }: Opened, model: Mixture): ModelPicture {
  const fields = usedColumns(types).flatMap((column) => {
    const bars = barsOf(column);
    if (bars === undefined) return [];
    const present = table.length - column.missing;
    const levels = levelsOf(column);
    const expected = fieldsOf(model, column.name).map((field, k) =>
      massesOf(bars, field, levels).map((mass) => mass * model.w[k]! * present),
    );
    return [{ field: column.name, expected }];
  });
  return { weights: [...model.w], fields };
}

export function usedColumns(types: readonly TypedColumn[]): readonly TypedColumn[] {
  return types.filter(({ isUsed }) => isUsed);
}
