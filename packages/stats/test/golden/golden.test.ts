/**
 * Golden vectors: numbers computed by an independent implementation and by closed formulas. Set DML_GOLDEN_DIR to a folder
 * of such files to run those instead; a case then passes, fails with the numbers, or is skipped as "family not implemented".
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Json, NotImplemented } from './adapter.js';
import { isAutomaticCase, runAutomatic } from './automatic.js';
import { isBayesCase, runBayes } from './bayes.js';
import { runCase } from './cases.js';
import { CONTRADICTIONS } from './contradictions.js';
import { isProcessCase, runProcess } from './dpm.js';
import { runDriver } from './drivers.js';
import { isFunctionCase, runFunction } from './functions.js';
import { isMetricCase, runMetric } from './metrics.js';
import { isMomentsCase, runMoments } from './moments.js';
import { isQueryCase, runQuery } from './queries.js';
import { isShapeCase, runShape } from './shapes.js';
import { WITHOUT_FAMILY } from './withoutFamily.js';

const given = process.env.DML_GOLDEN_DIR;
const folder = given ?? fileURLToPath(new URL('../fixtures/golden', import.meta.url));

interface Case extends Json {
  readonly name: string;
}

/** What disagrees. @throws {NotImplemented} when the family or function does not exist here */
function run(golden: Case, siblings: readonly Case[]): readonly string[] {
  if (isFunctionCase(golden)) return runFunction(golden);
  if (isMetricCase(golden)) return runMetric(golden);
  if (isMomentsCase(golden)) return runMoments(golden);
  if (isAutomaticCase(golden)) return runAutomatic(golden);
  if (isBayesCase(golden)) return runBayes(golden);
  if (isProcessCase(golden)) return runProcess(golden);
  if (isQueryCase(golden)) return runQuery(golden);
  if (isShapeCase(golden)) return runShape(golden);
  const isDriver = golden.trace !== undefined || golden.function !== undefined;
  return isDriver ? runDriver(golden) : runCase(golden, siblings);
}

function isImplemented(golden: Case, siblings: readonly Case[]): boolean {
  try {
    run(golden, siblings);
  } catch (error) {
    if (error instanceof NotImplemented) return false;
  }
  return true;
}

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((file) => {
    const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly cases: readonly Case[] };
    return { file, cases };
  });
const isWithout = (file: string, golden: Case) =>
  given === undefined && (WITHOUT_FAMILY.includes(file) || WITHOUT_FAMILY.includes(`${file}: ${golden.name}`));

for (const { file, cases } of files) {
  const tested = cases.filter((golden) => !isWithout(file, golden));
  if (tested.length === 0) continue;
  describe(file, () => {
    for (const golden of tested) {
      it(golden.name, ({ skip }) => {
        try {
          const { differences } = CONTRADICTIONS[`${file}: ${golden.name}`] ?? { differences: [] };
          const expected = differences.map((difference) => expect.stringMatching(difference) as string);
          expect(run(golden, cases).slice(0, 12)).toEqual(expected);
        } catch (error) {
          if (error instanceof NotImplemented && given !== undefined) skip(error.message);
          throw error;
        }
      });
    }
  });
}

it.runIf(given === undefined)('takes every golden file that has a family: none of the others runs', () => {
  const found = files.flatMap(({ file, cases }) =>
    cases
      .filter((golden) => isWithout(file, golden) && isImplemented(golden, cases))
      .map(({ name }) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
  const names = files.flatMap(({ file, cases }) => [file, ...cases.map(({ name }) => `${file}: ${name}`)]);
  expect(WITHOUT_FAMILY.filter((entry) => !names.includes(entry))).toEqual([]);
});
