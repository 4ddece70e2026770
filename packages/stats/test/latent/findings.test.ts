import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const poisson = (lambda: number) => new stats.PoissonDistribution({ lambda });
const e = new stats.PoissonEstimator();

describe('findings of latent models', () => {
  it('name a state that no item reaches, and one that no step leaves', () => {
    const initialModel = new stats.HiddenMarkovDistribution([poisson(1), poisson(2), poisson(3)], {
      w: [1, 0, 0],
      transitions: [
        [0, 1, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    });
    const { findings } = stats.optimize(
      [
        [1, 2],
        [0, 3],
      ],
      new stats.HiddenMarkovEstimator([e, e, e]),
      { initialModel },
    );
    expect(findings).toMatchObject([
      { kind: 'dead', path: 'transitions[1]' },
      { kind: 'dead', path: 'transitions[2]' },
      { kind: 'dead', path: 'emissions[2]' },
    ]);
  });

  it('name a mixture without bags and a topic without items', () => {
    const initialModel = new stats.HierarchicalMixtureDistribution([poisson(1), poisson(5)], {
      w: [1, 0],
      tau: [
        [1, 0],
        [0.5, 0.5],
      ],
    });
    const estimator = new stats.HierarchicalMixtureEstimator([e, e], { mixtureCount: 2 });
    const { findings } = stats.optimize([[1, 2], [4]], estimator, { initialModel });
    expect(findings).toMatchObject([
      { kind: 'dead', path: 'tau[1]' },
      { kind: 'dead', path: 'topics[1]' },
    ]);
  });

  it('count the states and contexts from which no step is known', () => {
    const chain = stats.optimize(
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
      new stats.MarkovChainEstimator(),
    );
    expect(chain.findings).toMatchObject([{ kind: 'degenerate', path: '' }]);
    expect(chain.findings[0]!.message).toContain('2 of 3 states were never left');
    expect(
      stats.optimize(
        [
          ['a', 'b'],
          ['b', 'a'],
        ],
        new stats.MarkovChainEstimator(),
      ).findings,
    ).toEqual([]);
    const integers = stats.optimize([[0, 1, 0]], new stats.IntegerMarkovChainEstimator({ valueCount: 3 }));
    expect(integers.findings).toMatchObject([{ kind: 'dead', path: 'conditional' }]);
    expect(integers.findings[0]!.message).toContain('1 of 3 contexts');
  });
});
