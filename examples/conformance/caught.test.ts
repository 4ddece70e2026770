import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canRun, type Launcher, succeed } from './job.js';

/** What rank 0 prints. */
interface Report {
  /** By fault, the error of rank 0. */
  readonly caught: Readonly<Record<string, string>>;
  /** Faults of which some rank got another error. */
  readonly unlikeRank0: readonly string[];
  readonly ranks: readonly { readonly stacks: Readonly<Record<string, boolean>>; readonly aborted: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'dml-caught-'));
afterAll(() => rmSync(folder, { recursive: true }));

const jobs: readonly (readonly [Launcher, number])[] = [
  ['openmpi', 3],
  ['mpich', 2],
  ['workers', 5],
];

/** For each fault, what the error of every rank says. `LAST` is the last rank. */
const expected: Readonly<Record<string, string>> = {
  maxIterations: 'option "maxIterations" differs between ranks: 5 on rank.*; 6 on rank LAST',
  delta: 'option "delta" differs between ranks: 0.5 on rank.*; null on rank LAST',
  deltaPerRow: 'option "deltaPerRow" differs between ranks: absent on rank.*; 0.001 on rank LAST',
  seed: 'option "seed" differs between ranks: 1 on rank.*; "1" on rank LAST',
  start: 'option "start" differs between ranks: "kmeans\\+\\+" on rank.*; "random" on rank LAST',
  modelOn: 'option "modelOn" differs between ranks: "root" on rank.*; "all" on rank LAST',
  validation: 'option "validation, given" differs between ranks: false on rank.*; true on rank LAST',
  codec: 'option "codec, by its id" differs between ranks: .*"another" on rank LAST',
  rows: 'option "rows, encoded by seqEncodeMpi" differs between ranks: true on rank.*; false on rank LAST',
  'checkpoint.path': 'option "checkpoint.path" differs between ranks: .*"elsewhere" on rank LAST',
  'checkpoint.everyIterations': 'option "checkpoint.everyIterations" differs between ranks: 2 on .*; 3 on rank LAST',
  'checkpoint.keep': 'option "checkpoint.keep" differs between ranks: absent on .*; 3 on rank LAST',
  'checkpoint.resume': 'option "checkpoint.resume" differs between ranks: absent on .*; true on rank LAST',
  'checkpoint.required': 'option "checkpoint.required" differs between ranks: absent on .*; true on rank LAST',
  'checkpoint on one rank': 'option "checkpoint.path" differs between ranks: absent on .*fit" on rank LAST',
  trials: 'option "trials" differs between ranks: 3 on .*; 2 on rank LAST',
  folds: 'option "folds" differs between ranks: 3 on .*; 2 on rank LAST',
  scoresOn: 'option "scoresOn" differs between ranks: "root" on .*; "own" on rank LAST',
  'seed of a start': 'option "seed" differs between ranks: 1 on .*; 2 on rank LAST',
  'model without a codec': 'the model differs between ranks 0 and LAST. Pass a codec',
  'a value that no option has': 'OptionError: optimizeMpi: start must be "kmeans\\+\\+" or "random", found "best"',
  'an inner option that does not exist':
    'OptionError: optimizeMpi: unknown option "checkpoint.every". Known: everyIterations, keep, path, required, resume',
  'rows that are undefined on the last rank':
    'RankError: rank LAST of SIZE: optimizeMpi: rows must be an array, an async iterable of arrays, or null .*found undefined',
  'responsibilities on one rank':
    'OptionError: optimizeMpi: option "responsibilities, given" differs between ranks: false on .*; true on rank LAST',
  'responsibilities that are no shares on the last rank':
    'RankError: rank LAST of SIZE: responsibilities: row ROW must have 2 finite numbers >= 0 that are not all 0, found \\[0, 0\\]',
  'responsibilities of a rank that has more rows':
    'RankError: rank LAST of SIZE: responsibilities must have one list per row of this rank, 50, found 49',
  'responsibilities with more components on the last rank':
    'OptionError: responsibilities: some ranks give 2 numbers per row, others 3',
  'responsibilities without a mixture': 'OptionError: responsibilities: .*mixture',
  'a first model of another dimension': 'ParameterError: initialModel.* 2, as for the rows, found 3',
  'rows encoded for another estimator':
    'OptionError: optimizeMpi: these rows were encoded for another kind of data: "GaussianEstimator" there, "ExponentialEstimator" here',
  'no rows': 'OptionError: optimizeMpi: no rank has rows',
  'no validation rows': 'OptionError: optimizeMpi: validation: no rank has rows',
  'likelihood is NaN': 'EstimationError: the log-likelihood is NaN at the start',
  'likelihood becomes NaN': 'FitError: the log-likelihood is NaN at iteration 3. failed, best 2: -?0.\\d+',
  'M step throws on the last rank': 'RankError: rank LAST of SIZE: told to fail',
  'M step throws on all ranks': 'RangeError: told to fail',
  'codec cannot encode on rank 1': 'RankError: rank 1 of SIZE: told to fail',
  'codec cannot decode on the last rank': 'RankError: rank LAST of SIZE: told to fail',
  'nothing to load': 'RankError: rank 0 of SIZE: no such model',
  'checkpoint in a folder that is missing':
    'RankError: rank 0 of SIZE: checkpoint: the folder .*no cannot be written: ENOENT',
  'required checkpoint cannot be written': 'RankError: rank 0 of SIZE: the checkpoint .* was not written.*ENOENT',
  'progress throws on rank 0': 'RankError: rank 0 of SIZE: told to fail',
  'progress rejects on rank 0': 'RankError: rank 0 of SIZE: told to fail',
  'rows cannot be kept on the last rank': 'RankError: rank LAST of SIZE: told to fail',
};

describe('a fault that a program catches on all ranks', () => {
  it.each(jobs)(
    'is the same error on each of them, and leaves them in step: %s with %i ranks',
    async (launcher, ranks) => {
      if (!canRun(launcher)) return;
      const { reports } = await succeed('caught', launcher, ranks, [folder]);
      const { caught, unlikeRank0, ranks: told } = reports[0] as unknown as Report;
      expect(unlikeRank0).toEqual([]);
      expect(told).toHaveLength(ranks);
      expect(Object.keys(caught)).toEqual(Object.keys(expected));
      for (const [name, text] of Object.entries(expected)) {
        const pattern = text
          .replaceAll('LAST', String(ranks - 1))
          .replaceAll('SIZE', String(ranks))
          .replaceAll('ROW', String(50 * (ranks - 1) + 7));
        expect(caught[name], name).toMatch(new RegExp(pattern));
      }
      for (const { stacks, aborted } of told) {
        // Every rank knows where in the program of the failing rank it happened.
        for (const [name, isTold] of Object.entries(stacks)) {
          if (caught[name]!.endsWith('told to fail')) expect(isTold, name).toBe(true);
        }
        expect(aborted).toMatch(/^\["aborted",2,/);
        expect(aborted).toBe(told[0]!.aborted);
      }
    },
    300_000,
  );
});
