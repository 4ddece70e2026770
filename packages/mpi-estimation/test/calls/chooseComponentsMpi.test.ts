import { describe, expect, it } from 'vitest';
import { chooseComponentsMpi, FitError, type SearchIterate } from '../../src/index.js';
import { oneRank as comm, halfWay, searchOf } from '../oneRank.js';

const rows = [0, 1, 2, 3, 4, 5, 6, 7];
const quiet = { comm, progress: 'silent' } as const;

/** An algorithm whose trials fail. */
function failing(): ReturnType<typeof halfWay> {
  const algorithm = halfWay();
  const decide = () => {
    throw Object.assign(new Error('no model today.'), { name: 'EstimationError' });
  };
  return { ...algorithm, stopping: { ...algorithm.stopping, decide } };
}

// With the models of `@dml/stats`, on 1, 2, 3 and 5 ranks: examples/conformance.
describe('chooseComponentsMpi', () => {
  it('tells of every iterate of every trial, and keeps the best', async () => {
    const seen: SearchIterate[] = [];
    const choice = await chooseComponentsMpi(rows, searchOf(halfWay()), {
      comm,
      from: 2,
      to: 4,
      trials: 2,
      progress: (iterate) => seen.push(iterate),
    });
    expect([choice.componentCount, choice.ended, choice.criterion]).toEqual([2, 'to', 'bic']);
    expect(choice.table.map(({ componentCount, trials }) => [componentCount, trials])).toEqual([
      [2, 2],
      [3, 2],
      [4, 2],
    ]);
    expect(choice.model).toEqual(choice.fits[0]!.model);
    const starts = seen.filter(({ iteration }) => iteration === 0);
    expect(starts.map(({ componentCount, trial, progress }) => [componentCount, trial, progress])).toEqual([
      [2, 0, 0],
      [2, 1, 1 / 6],
      [3, 0, 2 / 6],
      [3, 1, 3 / 6],
      [4, 0, 4 / 6],
      [4, 1, 5 / 6],
    ]);
  });

  it('gives up a trial when the algorithm says that it is losing', async () => {
    const algorithm = halfWay();
    const losing = (path: readonly unknown[], reached: number) => reached > -Infinity && path.length === 3;
    const search = searchOf({ ...algorithm, stopping: { ...algorithm.stopping, isLosing: losing } });
    const { table } = await chooseComponentsMpi(rows, search, { ...quiet, to: 1, trials: 4 });
    expect(table[0]).toMatchObject({ trials: 4, dropped: 3, agreeing: 1, failed: 0 });
  });

  it('ends with what it has when it is aborted', async () => {
    const controller = new AbortController();
    const choice = await chooseComponentsMpi(rows, searchOf(halfWay()), {
      comm,
      to: 5,
      trials: 2,
      signal: controller.signal,
      progress: ({ componentCount, iteration }) => {
        if (componentCount === 2 && iteration === 1) controller.abort();
      },
    });
    expect(choice.ended).toBe('aborted');
    expect(choice.table.map(({ trials }) => trials)).toEqual([2, 1]);
  });

  it('keeps a row where all trials fail, and throws where none succeeds', async () => {
    const search = searchOf(halfWay());
    const second = { ...search, algorithm: (count: number) => (count === 2 ? failing() : search.algorithm(count)) };
    const { table, fits } = await chooseComponentsMpi(rows, second, { ...quiet, to: 3, trials: 2 });
    expect(table.map(({ failed }) => failed)).toEqual([0, 2, 0]);
    expect(fits.map((fit) => fit === undefined)).toEqual([false, true, false]);
    const none = chooseComponentsMpi(rows, searchOf(failing()), { ...quiet, to: 1, trials: 2 });
    await expect(none).rejects.toThrow(FitError);
    await expect(none).rejects.toThrow('chooseComponentsMpi: all 2 trials failed; the last one: no model today.');
  });

  it('refuses an algorithm instead of a search, and components that encode rows in another way', async () => {
    await expect(chooseComponentsMpi(rows, halfWay() as never, { ...quiet, to: 2 })).rejects.toThrow(
      'the second argument must be componentSearch(estimatorOf), found an object',
    );
    const other = { ...halfWay(), sharesColumns: () => false };
    const search = searchOf(halfWay());
    const mixed = { ...search, algorithm: (count: number) => (count === 2 ? other : search.algorithm(count)) };
    await expect(chooseComponentsMpi(rows, mixed, { ...quiet, to: 2, trials: 1 })).rejects.toThrow(
      'the estimator of 2 components encodes rows differently from that of 1',
    );
  });
});
