/** Numbers of an independent implementation; DML_GOLDEN_DIR names another folder with a file of such cases. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { affinitiesOfRow, mixtureAffinities } from '../src/affinities.js';
import { noCharges } from '../src/attraction.js';
import { Descent } from '../src/descent.js';
import type { RowTables } from '../src/mixture.js';
import { neighbourAffinities } from '../src/neighbours.js';
import { type PairList, symmetrise } from '../src/pairs.js';

type Table = readonly (readonly number[])[];

interface PairAffinities {
  readonly function: 'pairAffinities';
  readonly posterior: Table;
  readonly componentLogDensity: Table;
  readonly perplexity?: number;
  readonly expected: Table;
}

interface Symmetrise {
  readonly function: 'symmetrise';
  readonly input: Table;
  readonly expected: Table;
}

interface EmbedStep {
  readonly function: 'embedStep';
  readonly P: Table;
  readonly Y: Table;
  readonly options: { readonly momentum: number; readonly eta: number };
  readonly expected: { readonly Q: Table; readonly gradient: Table; readonly kl: number; readonly Y: Table };
}

type Case = { readonly name: string; readonly tolerance?: number } & (PairAffinities | Symmetrise | EmbedStep);

const ours = fileURLToPath(new URL('../../../packages/stats/test/fixtures/golden', import.meta.url));
const given = join(process.env.DML_GOLDEN_DIR ?? ours, 'htsne.json');
const file = existsSync(given) ? given : join(ours, 'htsne.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

/** The rule of the vectors: |found - expected| <= tolerance (1 + |expected|). */
function expectClose(found: Table, expected: Table, tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const apart = expected.flatMap((row, i) =>
    row.map((value, j) => Math.abs(found[i]![j]! - value) / (1 + Math.abs(value))),
  );
  expect(Math.max(...apart)).toBeLessThanOrEqual(tolerance);
}

const flat = (table: Table): Float64Array => Float64Array.from(table.flat());

const tablesOf = ({ posterior, componentLogDensity }: PairAffinities): RowTables => ({
  rowCount: posterior.length,
  componentCount: posterior[0]!.length,
  posterior: flat(posterior),
  logDensity: flat(componentLogDensity),
});

/** All pairs of a table. */
function pairsOf(table: Table): PairList {
  const n = table.length;
  return {
    rowCount: n,
    start: Uint32Array.from({ length: n + 1 }, (_, i) => i * n),
    column: Uint32Array.from({ length: n * n }, (_, at) => at % n),
    value: flat(table),
  };
}

function tableOf({ rowCount, start, column, value }: PairList): number[][] {
  const table = Array.from({ length: rowCount }, () => new Array<number>(rowCount).fill(0));
  for (let i = 0; i < rowCount; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) table[i]![column[at]!] = value[at]!;
  }
  return table;
}

/** What the vectors call P: p(i | j) / n. */
function pairAffinities(golden: PairAffinities): number[][] {
  const affinities = mixtureAffinities(tablesOf(golden));
  const { rowCount } = affinities;
  const table =
    golden.perplexity === undefined
      ? Array.from({ length: rowCount }, (_, j) => {
          const row = new Float64Array(rowCount);
          affinitiesOfRow(affinities, j, row);
          return Array.from(row);
        })
      : tableOf(neighbourAffinities(affinities, golden.perplexity));
  return table.map((row) => row.map((p) => p / rowCount));
}

function checkStep({ P, Y, options, expected }: EmbedStep, tolerance: number): void {
  const n = Y.length;
  const descent = new Descent({ charges: noCharges(n), pairs: pairsOf(P) }, flat(Y));
  const asTable = (values: Float64Array) => Y.map((_, i) => Array.from(values.subarray(2 * i, 2 * i + 2)));
  const theta = 0; // all pairs, as in the vectors
  expect(Math.abs(descent.divergence(theta) - expected.kl)).toBeLessThan(tolerance * (1 + expected.kl));
  descent.step({ ...options, exaggeration: 1, theta });
  expectClose(asTable(descent.gradient), expected.gradient, tolerance);
  expectClose(asTable(descent.positions), expected.Y, tolerance);
}

describe('affinities and steps agree with an independent implementation', () => {
  it('in twelve cases or more', () => expect(cases.length).toBeGreaterThanOrEqual(12));

  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    const { tolerance = 1e-9 } = golden;
    if (golden.function === 'embedStep') checkStep(golden, tolerance);
    else if (golden.function === 'symmetrise') {
      expectClose(tableOf(symmetrise(pairsOf(golden.input))), golden.expected, tolerance);
    } else expectClose(pairAffinities(golden), golden.expected, tolerance);
  });
});
