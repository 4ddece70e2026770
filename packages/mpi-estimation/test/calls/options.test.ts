import { describe, expect, it } from 'vitest';
import {
  bestOfMpi,
  chooseComponentsMpi,
  kFoldMpi,
  optimizeMpi,
  seqEncodeMpi,
  seqEstimateMpi,
  seqInitializeMpi,
  seqLogDensityMpi,
  seqLogDensitySumMpi,
  shareColumnsMpi,
} from '../../src/index.js';
import { oneRank as comm, halfWay, jsonCodec, searchOf } from '../oneRank.js';

const rows = [0, 1, 2, 3];
const model = { mu: 1 };

/** Every call, with what it needs besides the options under test. */
const calls: Readonly<Record<string, (options: object, ofRows?: unknown) => Promise<unknown>>> = {
  optimizeMpi: (options, of = rows) => optimizeMpi(of as never, halfWay(), { comm, progress: 'silent', ...options }),
  bestOfMpi: (options, of = rows) =>
    bestOfMpi(of as never, halfWay(), { comm, progress: 'silent', trials: 2, ...options }),
  chooseComponentsMpi: (options, of = rows) =>
    chooseComponentsMpi(of as never, searchOf(halfWay()), { comm, progress: 'silent', to: 2, ...options }),
  kFoldMpi: (options, of = rows) =>
    kFoldMpi(of as never, halfWay(), { comm, progress: 'silent', folds: 2, ...options }),
  seqEncodeMpi: (options, of = rows) => seqEncodeMpi(of as never, halfWay(), { comm, ...options }),
  seqInitializeMpi: (options, of = rows) => seqInitializeMpi(of as never, halfWay(), { comm, ...options }),
  seqEstimateMpi: (options, of = rows) => seqEstimateMpi(of as never, halfWay(), model, { comm, ...options }),
  seqLogDensityMpi: (options, of = rows) => seqLogDensityMpi(of as never, halfWay(), model, { comm, ...options }),
  seqLogDensitySumMpi: (options, of = rows) => seqLogDensitySumMpi(of as never, halfWay(), model, { comm, ...options }),
};
const fits = ['optimizeMpi', 'bestOfMpi', 'chooseComponentsMpi', 'kFoldMpi'];
const started = [...fits, 'seqInitializeMpi'];
const all = Object.keys(calls);

/** Which calls refuse which options, and what they say. */
const refused: readonly (readonly [readonly string[], object, string])[] = [
  [all, { Comm: comm }, 'unknown option "Comm"'],
  [all, { spill: 'folder' }, 'spill must be an object, such as { folder: "/scratch" }, found "folder"'],
  [all, { spill: { foldr: '/tmp' } }, 'unknown option "spill.foldr". Known: folder. Did you mean "folder"?'],
  [all, { spill: { folder: '' } }, 'spill.folder must be the path of a folder, found ""'],
  [all, { spill: { folder: 7 } }, 'spill.folder must be the path of a folder, found 7'],
  [all, { spill: null }, 'spill must be an object'],
  [all, { spill: new Date(0) }, 'spill must be an object'],
  [all, { weights: '1111' }, 'weights must be a list of numbers or a function of the row, found "1111"'],
  [all, { weights: null }, 'weights must be a list of numbers'],
  [started, { start: 'kmeans' }, 'start must be "kmeans++" or "random", found "kmeans"'],
  [started, { seed: Number.NaN }, 'seed must be a finite number or a string, found NaN'],
  [started, { seed: null }, 'seed must be a finite number or a string, found null'],
  [started, { seed: 1n }, 'seed must be a finite number or a string, found 1'],
  [fits, { maxIterations: '5' }, 'maxIterations must be an integer >= 0, found "5"'],
  [fits, { maxIterations: 2.5 }, 'maxIterations must be an integer >= 0, found 2.5'],
  [fits, { delta: '0.5' }, 'delta must be null or a number >= 0, found "0.5"'],
  [fits, { delta: Number.NaN }, 'delta must be null or a number >= 0, found NaN'],
  [fits, { deltaPerRow: '1e-3' }, 'deltaPerRow must be a number >= 0, found "1e-3"'],
  [fits, { printEvery: '2' }, 'printEvery must be an integer >= 1, found "2"'],
  [fits, { progress: 'loud' }, 'progress must be "lines", "bar", "silent" or a function, found "loud"'],
  [fits, { modelOn: 'rank 1' }, 'modelOn must be "root" or "all", found "rank 1"'],
  [fits, { codec: { encode: () => 1 } }, 'codec must be a codec: an object with id, encode and decode'],
  [fits, { signal: new AbortController() }, 'signal must be an AbortSignal, found an object of class AbortController'],
  [['bestOfMpi'], { trials: '3' }, 'trials must be an integer >= 1, found "3"'],
  [['bestOfMpi'], { trials: 0 }, 'trials must be an integer >= 1, found 0'],
  [['chooseComponentsMpi'], { trials: 0 }, 'trials must be an integer >= 1, found 0'],
  [['chooseComponentsMpi'], { to: undefined }, 'to must be an integer >= 1, found undefined'],
  [['chooseComponentsMpi'], { from: 0 }, 'from must be an integer >= 1, found 0'],
  [['chooseComponentsMpi'], { patience: 1.5 }, 'patience must be an integer >= 1, found 1.5'],
  [['chooseComponentsMpi'], { criterion: 'BIC' }, 'criterion must be "aic" or "bic" or "caic" or "sabic" or "icl"'],
  [['chooseComponentsMpi'], { unit: 'rows' }, 'unit must be "items" or "sequences", found "rows"'],
  [['chooseComponentsMpi'], { checkpoint: { path: 'x' } }, 'unknown option "checkpoint"'],
  [['kFoldMpi'], { folds: '2' }, 'folds must be an integer >= 2, found "2"'],
  [['seqLogDensityMpi'], { scoresOn: 'all' }, 'scoresOn must be "own" or "root", found "all"'],
  [['optimizeMpi'], { checkpoint: 'fit' }, 'checkpoint must be an object with a path, found "fit"'],
  [['optimizeMpi'], { checkpoint: {} }, 'checkpoint.path must be the path of a file, found undefined'],
  [['optimizeMpi'], { checkpoint: { path: '' } }, 'checkpoint.path must be the path of a file, found ""'],
  [
    ['optimizeMpi'],
    { checkpoint: { path: 'x', every: 1 } },
    'unknown option "checkpoint.every". Known: everyIterations,',
  ],
  [
    ['optimizeMpi'],
    { checkpoint: { path: 'x', everyIterations: '1' } },
    'checkpoint.everyIterations must be an integer >= 1',
  ],
  [['optimizeMpi'], { checkpoint: { path: 'x', keep: 0 } }, 'checkpoint.keep must be an integer >= 1, found 0'],
  [
    ['optimizeMpi'],
    { checkpoint: { path: 'x', resume: 'yes' } },
    'checkpoint.resume must be true or false, found "yes"',
  ],
  [['optimizeMpi'], { checkpoint: { path: 'x', required: 1 } }, 'checkpoint.required must be true or false, found 1'],
  [['optimizeMpi'], { initialModel: 'a model' }, 'initialModel must be a model or null, found "a model"'],
  [['optimizeMpi', 'bestOfMpi'], { validation: 'rows' }, 'validation must be an array, an async iterable of arrays'],
];

describe('shareColumnsMpi', () => {
  it.each([
    [[1, 2, 3], 'an array of 3'],
    [undefined, 'undefined'],
    [{ rowCount: -1 }, 'an object of class Object'],
  ])('refuses what is no columns: %o', async (columns, found) => {
    await expect(shareColumnsMpi(columns as never, halfWay(), { comm })).rejects.toThrow(
      `the first argument must be encoded rows, em(estimator).encode(rows), found ${found}`,
    );
  });
});

describe('an option that no call can take', () => {
  it.each(refused.flatMap(([names, options, message]) => names.map((name) => [name, options, message] as const)))(
    'is refused by %s: %o',
    async (name, options, message) => {
      const codec = 'checkpoint' in options ? { codec: jsonCodec } : {};
      await expect(calls[name]!({ ...codec, ...options })).rejects.toThrow(`${name}: ${message}`);
    },
  );

  it.each(all)('is absent when it is undefined: %s', async (name) => {
    await expect(calls[name]!({ spill: undefined, weights: undefined })).resolves.toBeDefined();
  });

  it.each(all)('rows that are no rows, and weights of rows that have theirs: %s', async (name) => {
    for (const [none, found] of [
      [3, '3'],
      ['0123', '"0123"'],
      [{}, 'an object of class Object'],
    ] as const) {
      const message = `${name}: rows must be an array, an async iterable of arrays, or null for no rows, found ${found}.`;
      await expect(calls[name]!({}, none)).rejects.toThrow(message);
    }
    const shard = await seqEncodeMpi(rows, halfWay(), { comm });
    await expect(calls[name]!({ weights: [1, 1, 1, 1] }, shard)).rejects.toThrow('pass weights to seqEncodeMpi');
  });

  it.each(all)('rows in a typed array are read as a list is: %s', async (name) => {
    const untimed = (result: unknown) => JSON.stringify(result, (key, value) => (/timings/.test(key) ? 0 : value));
    const fromList = untimed(await calls[name]!({}));
    for (const typed of [Float64Array.from(rows), Uint8Array.from(rows), Float32Array.from(rows)]) {
      expect(untimed(await calls[name]!({}, typed))).toBe(fromList);
    }
    await expect(calls[name]!({}, new DataView(new ArrayBuffer(8)))).rejects.toThrow('rows must be an array');
  });

  it('rows that are undefined are refused, and null is for no rows', async () => {
    const missing = optimizeMpi(undefined as never, halfWay(), { comm });
    await expect(missing).rejects.toThrow('null for no rows, found undefined');
    await expect(optimizeMpi(null, halfWay(), { comm })).rejects.toThrow('no rank has rows');
  });
});

describe('encoded rows', () => {
  it.each(all)('that have been released are refused by %s, on disk and in memory', async (name) => {
    for (const spill of [undefined, {}]) {
      const shard = await seqEncodeMpi(rows, halfWay(), { comm, spill });
      shard.store.release();
      await expect(calls[name]!({}, shard)).rejects.toThrow(`${name}: these encoded rows have been released.`);
      shard.store.release(); // once more is no error
    }
  });

  it('of another estimator are refused when the algorithm says that columns differ, else taken', async () => {
    const shard = await seqEncodeMpi(rows, halfWay(), { comm });
    const other = { ...halfWay(), estimator: { name: 'another way' }, sharesColumns: () => false };
    const options = { comm, progress: 'silent' } as const;
    await expect(optimizeMpi(shard, other, options)).rejects.toThrow(
      'optimizeMpi: these rows were encoded for another kind of data: "name = "half way"" there, "name = "another way"" here.',
    );
    await expect(optimizeMpi(rows, other, { ...options, validation: shard })).rejects.toThrow('another kind of data');
    await expect(optimizeMpi(shard, { ...other, sharesColumns: () => true }, options)).resolves.toBeDefined();
    // Another object for an equal estimator makes equal columns.
    await expect(optimizeMpi(shard, { ...halfWay(), sharesColumns: () => false }, options)).resolves.toBeDefined();
  });
});
