import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCodec } from '@dml/serialize';
import { estimatorTypes, modelTypes } from '@dml/stats';
import { describe, expect, it } from 'vitest';
import { repository } from '../repository.js';

const format = readFileSync(join(repository, 'packages/serialize/FORMAT.md'), 'utf8');
const rows = [...format.matchAll(/^\| (\w+) \| `(\{ "type".*?\})`/gm)].map(([, type, example]) => ({
  type: type!,
  example: example!,
}));
const codec = createCodec({ types: modelTypes });

describe('the table of models in FORMAT.md', () => {
  it('has one row for each type', () => {
    expect(rows.map(({ type }) => type).sort()).toEqual(modelTypes.map(({ typeName }) => typeName).sort());
  });

  it.each(rows)('shows the fields of $type as they are written', ({ type, example }) => {
    expect(JSON.parse(example).type).toBe(type);
    expect(JSON.parse(codec.stringify(codec.parse(example)))).toEqual(JSON.parse(example));
  });
});

it('the table of estimators in FORMAT.md has the fields of each type', () => {
  const [, section = ''] = /^## The estimators of @dml\/stats$([\s\S]*?)^## /m.exec(format) ?? [];
  const table = [...section.matchAll(/^\| ([A-Z][\w, ]+) \| (none|`.*`) \|$/gm)].flatMap(([, types, fields]) => {
    const names = [...fields!.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    return types!.split(', ').map((type) => ({ type, names }));
  });
  const written = estimatorTypes.map(({ name, toJSON }) => ({ type: name, names: Object.keys(toJSON({} as never)) }));
  const byType = (a: { readonly type: string }, b: { readonly type: string }) => (a.type < b.type ? -1 : 1);
  expect(table.sort(byType)).toEqual(written.sort(byType));
});
