/** Files with a model of every type, as they were written once. */
import { readdirSync, readFileSync } from 'node:fs';
import { createCodec } from '@dml/serialize';
import { type AnyDistribution, modelTypes } from '@dml/stats';
import { describe, expect, it } from 'vitest';

interface Written {
  /** What is known of parameters is no family of rows: it has no encoder. */
  readonly model: Omit<AnyDistribution, 'encoder'> &
    Partial<Pick<AnyDistribution, 'encoder'>> & { toJSON(): { readonly type: string } };
  readonly rows: readonly unknown[];
  readonly scores: readonly number[];
}

/** A rule that shares rows out is a function, and no file holds one. */
const WITHOUT_A_FILE = ['Select'];

const codec = createCodec({ types: modelTypes });
const corpus = new URL('corpus/', import.meta.url);
const files = readdirSync(corpus)
  .filter((name) => name.endsWith('.dml'))
  .map((name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, corpus)));
    const text = readFileSync(new URL(name.replace('.dml', '.json'), corpus), 'utf8');
    return { name, bytes, text, read: codec.decode(bytes) as readonly Written[] };
  });
const all = files.flatMap(({ read }) => read);
const nameOf = ({ model }: Written) => model.toJSON().type;

it('there is a model of every type', () => {
  const names = modelTypes.map(({ typeName }) => typeName).filter((name) => !WITHOUT_A_FILE.includes(name));
  expect([...new Set(all.map(nameOf))].sort()).toEqual(names.sort());
});

it.each(files)(
  'both forms of $name are read as the same models, and written again as they were',
  ({ bytes, text, read }) => {
    const parsed = codec.parse(text) as readonly Written[];
    expect(parsed.map(({ model }) => codec.stringify(model))).toEqual(read.map(({ model }) => codec.stringify(model)));
    expect(Buffer.from(codec.encode(read)).equals(bytes)).toBe(true);
    expect(`${codec.stringify(parsed)}\n`).toBe(text);
  },
);

describe('scores what it scored then', () => {
  it.each(all.map((each, i) => [nameOf(each), i] as const))('%s', (_, i) => {
    const { model, rows, scores } = all[i]!;
    const out = new Float64Array(rows.length);
    if (model.encoder === undefined) out.set(scores);
    else model.seqLogDensity(model.encoder().encode(rows as never[]), 0, rows.length, out);
    for (const [row, score] of scores.entries()) {
      // Engines may differ in the last digits of an exponential or a logarithm, of which a score sums some.
      const within = 1e-11 * Math.max(1, Math.abs(score));
      for (const now of [model.logDensity(rows[row] as never), out[row]!]) {
        if (Number.isFinite(score)) expect(Math.abs(now - score)).toBeLessThan(within);
        else expect(now).toBe(score);
      }
    }
  });
});
