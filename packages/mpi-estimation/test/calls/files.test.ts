import { describe, expect, it } from 'vitest';
import { loadOnAll, optimizeMpi, saveOnRoot } from '../../src/index.js';
import { jsonCodec as codec, oneRank as comm, halfWay } from '../oneRank.js';

describe('a model and its file', () => {
  it('goes through the function that the program gives', async () => {
    const saved: unknown[] = [];
    await saveOnRoot({ mu: 1 }, (model) => void saved.push(model), comm);
    expect(saved).toEqual([{ mu: 1 }]);
    expect(await loadOnAll(async () => ({ mu: 2 }), { comm, codec })).toEqual({ mu: 2 });
  });

  it.each([
    ['a model that is missing', () => saveOnRoot(null, () => {}, comm), 'saveOnRoot: there is no model on rank 0.'],
    ['no function that saves', () => saveOnRoot({}, undefined as never, comm), 'second argument must be a function'],
    ['a save without a communicator', () => saveOnRoot({}, () => {}, undefined as never), 'must be a communicator'],
    ['no function that loads', () => loadOnAll('fit.dml' as never, { comm, codec }), 'a function, found "fit.dml"'],
    ['a load without a codec', () => loadOnAll(() => ({}), { comm } as never), 'loadOnAll: pass a codec'],
    ['a load without options', () => loadOnAll(() => ({}), undefined as never), 'comm must be a communicator'],
    ['a fit without options', () => optimizeMpi([1], halfWay(), undefined as never), 'comm must be a communicator'],
    ['a fit without em()', () => optimizeMpi([1], {} as never, { comm }), 'the second argument must be em(estimator)'],
  ])('is refused with a clear message: %s', async (_what, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});
