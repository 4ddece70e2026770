import { describe, expect, it } from 'vitest';
import { optimizeMpi, seqInitializeMpi } from '../../src/index.js';
import { oneRank as comm, halfWay } from '../oneRank.js';

const rows = [5, 6, 7];

/** An algorithm that notes what its start is given. */
function noting() {
  const given: { readonly rowCount: number; readonly labels: readonly number[] }[] = [];
  const algorithm: ReturnType<typeof halfWay> = {
    ...halfWay(),
    start: ({ rowCount, x }, { labels }) => {
      given.push({ rowCount, labels: [...(labels ?? [])] });
      return { mu: x[0]! };
    },
    startRows: () => Int32Array.of(0), // a start that is drawn looks at one row of each segment
  };
  return { algorithm, given };
}

describe('responsibilities', () => {
  it('reach the start with all rows, component after component, with the sum 1 in each row', async () => {
    const { algorithm, given } = noting();
    const responsibilities = [
      [1, 3],
      [0, 2],
      [0.5, 0],
    ];
    await seqInitializeMpi(rows, algorithm, { comm, responsibilities });
    expect(given).toEqual([{ rowCount: 3, labels: [0.25, 0, 1, 0.75, 1, 0] }]);
  });

  it.each([
    ['too few lists', [[1, 2]], 'one list per row of this rank, 3, found 1'],
    [
      'a list of another length',
      [[1, 2], [1], [1, 2]],
      'row 1 must have 2 finite numbers >= 0 that are not all 0, found [1]',
    ],
    [
      'text',
      [
        ['1', 2],
        [1, 2],
        [1, 2],
      ],
      'row 0 must have 2 finite numbers >= 0 that are not all 0, found ["1", 2]',
    ],
    [
      'NaN',
      [
        [1, 2],
        [1, 2],
        [1, Number.NaN],
      ],
      'row 2 must have 2',
    ],
    [
      'a negative number',
      [
        [1, 2],
        [-1, 2],
        [1, 2],
      ],
      'row 1 must have 2',
    ],
    ['nothing for any component', [[], [], []], 'row 0 must have 0 finite'],
    ['something else', 'abc', 'responsibilities must be a list of lists of numbers, or null, found "abc"'],
  ])('are refused: %s', async (_what, responsibilities, message) => {
    const options = { comm, progress: 'silent', responsibilities: responsibilities as never } as const;
    await expect(optimizeMpi(rows, halfWay(), options)).rejects.toThrow(message);
  });

  it('are refused beside a first model', async () => {
    const options = { comm, initialModel: { mu: 0 }, responsibilities: [[1], [1], [1]] };
    await expect(optimizeMpi(rows, halfWay(), options)).rejects.toThrow('give initialModel or responsibilities');
  });
});
