import { describe, expect, expectTypeOf, it } from 'vitest';
import { chooseComponents } from '../../src/choose/chooseComponents.js';
import type { SearchIterate } from '../../src/choose/componentSearch.js';
import { informationCriteria } from '../../src/choose/informationCriteria.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { BernoulliEstimator } from '../../src/families/bernoulli.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonEstimator } from '../../src/families/poisson.js';
import { bestOf } from '../../src/fit/bestOf.js';
import { optimize } from '../../src/fit/optimize.js';
import { FitError } from '../../src/fit/result.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { random } from '../../src/numeric/random.js';

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const gaussians = (k: number) => new MixtureEstimator(times(k, () => new GaussianEstimator()));
const visit = () =>
  new RecordEstimator({
    minutes: new OptionalEstimator(new GaussianEstimator()),
    device: new CategoricalEstimator<string>(),
    pages: new PoissonEstimator(),
  });
const visits = (k: number) => new MixtureEstimator(times(k, visit));

/** Three separated clusters of records with gaps. */
function threeClusters(seed: number) {
  const u = random(`clusters ${seed}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
  return times(180, () => {
    const k = Math.floor(u() * 3);
    return {
      minutes: u() < 0.1 ? null : 6 * k + normal(),
      device: u() < 0.7 ? 'abc'[k]! : 'abc'[Math.floor(u() * 3)]!,
      pages: Math.max(0, Math.round([1, 6, 15][k]! + normal())),
    };
  });
}

/** Numbers of major earthquakes per year, 1900-2006: Zucchini & MacDonald, Hidden Markov Models for Time Series (2009). */
const earthquakes = [
  13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20, 22, 19,
  13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10,
  15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11, 8,
  7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
];

describe('chooseComponents', () => {
  it('finds the true number of clusters in mixed records, nearly always', () => {
    const chosen = Array.from({ length: 20 }, (_, seed) =>
      chooseComponents(threeClusters(seed), visits, { to: 4, trials: 2, seed }),
    ).map(({ componentCount }) => componentCount);
    expect(chosen.filter((count) => count === 3).length).toBeGreaterThanOrEqual(18);
  });

  // Zucchini & MacDonald give log-likelihoods of -391.9189, -341.8787 and -328.5275 for 1, 2 and 3 states with a free start.
  it('compares hidden Markov models of the earthquakes as the textbook does, with a sequence counted by its items', () => {
    const poissons = (k: number) => new HiddenMarkovEstimator(times(k, () => new PoissonEstimator()));
    const choice = chooseComponents([earthquakes], poissons, { to: 4, seed: 1, trials: 5 });
    expect(choice.table.slice(0, 3).map(({ logLikelihood }) => logLikelihood.toFixed(4))).toEqual([
      '-391.9189',
      '-341.8787',
      '-328.5275',
    ]);
    expect(choice.table.slice(0, 3).map(({ n, bic }) => [n, bic.toFixed(1)])).toEqual([
      [107, '788.5'],
      [107, '707.1'],
      [107, '708.5'],
    ]);
    expect([choice.componentCount, choice.ended, choice.model.emissions.length]).toEqual([2, 'to', 2]);
    const asSequences = chooseComponents([earthquakes], poissons, { to: 2, trials: 1, unit: 'sequences' });
    expect(asSequences.table.map(({ n }) => n)).toEqual([1, 1]);
  });

  it('takes for each number of components the best of several starts, and the criteria of that model', () => {
    const rows = threeClusters(1);
    const { table, fits, ...choice } = chooseComponents(rows, visits, { from: 2, to: 3, trials: 4, seed: 5 });
    for (const [i, fit] of fits.entries()) {
      const trials = [0, 1, 2, 3].map((trial) => optimize(rows, visits(i + 2), { seed: `5/${trial}` }));
      const best = trials.reduce((high, other) => (other.objective > high.objective ? other : high));
      expect(fit!.logLikelihood).toBe(best.logLikelihood);
      expect(fit!.seed).toBe(best.seed);
      expect(table[i]).toMatchObject(informationCriteria(rows, visits(i + 2), best.model));
      expect(table[i]).toMatchObject({ componentCount: i + 2, trials: 4, failed: 0 });
      expect(table[i]!.agreeing + table[i]!.dropped).toBeLessThanOrEqual(4);
    }
    expect(choice.model).toBe(fits[choice.componentCount - 2]!.model);
    expectTypeOf(choice.model.components[0]!.fields.pages.lambda).toEqualTypeOf<number>();
  });

  it('gives up trials whose limit lies below the best', () => {
    const rows = new MixtureDistribution(
      [0, 3, 6, 9].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
      { w: [0.25, 0.25, 0.25, 0.25] },
    )
      .sampler(2)
      .sample(300);
    const passes = { all: 0, kept: 0 };
    const estimator = gaussians(5);
    bestOf(rows, estimator, { trials: 6, seed: 2, start: 'random', onIterate: () => passes.all++ });
    const { table } = chooseComponents(rows, gaussians, {
      from: 5,
      to: 5,
      trials: 6,
      seed: 2,
      start: 'random',
      onIterate: () => passes.kept++,
    });
    expect(table[0]!.dropped).toBeGreaterThan(0);
    expect(passes.kept).toBeLessThan(passes.all);
  });

  it('ends after as many numbers of components as it has patience for', () => {
    const rows = new GaussianDistribution({ mu: 0, sigma2: 1 }).sampler(1).sample(200);
    const seen: SearchIterate[] = [];
    const choice = chooseComponents(rows, gaussians, {
      to: 20,
      trials: 2,
      patience: 2,
      onIterate: (it) => seen.push(it),
    });
    expect([choice.componentCount, choice.ended]).toEqual([1, 'patience']);
    expect(choice.table.map(({ componentCount }) => componentCount)).toEqual([1, 2, 3]);
    expect(seen[0]).toMatchObject({ componentCount: 1, trial: 0, progress: 0, iteration: 0 });
    expect(seen.at(-1)).toMatchObject({ componentCount: 3, trial: 1, progress: 5 / 40 });
  });

  it('starts no further trial after an abort, and returns what it has', () => {
    const controller = new AbortController();
    const rows = threeClusters(2);
    const { signal } = controller;
    const onIterate = ({ componentCount, trial }: SearchIterate) => {
      if (componentCount === 2 && trial === 1) controller.abort();
    };
    const choice = chooseComponents(rows, visits, { to: 5, trials: 3, signal, onIterate });
    expect(choice.ended).toBe('aborted');
    expect(choice.table.map(({ trials }) => trials)).toEqual([3, 2]);
  });

  it('does not take a component on one value, whose likelihood has no bound, for structure', () => {
    const heaped = [...Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * 3 + 5), ...Array<number>(9).fill(4.25)];
    const loose = (k: number) => new MixtureEstimator(times(k, () => new GaussianEstimator()));
    const choice = chooseComponents(heaped, loose, { to: 6, trials: 6, start: 'random' });
    const chosen = choice.table.find(({ componentCount }) => componentCount === choice.componentCount)!;
    expect(chosen.trials).toBeGreaterThan(chosen.degenerate + chosen.failed);
  });

  it('takes probabilities of 0 and 1 for what they are', () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ a: i % 2 === 0, b: i % 2 === 0, c: i % 3 === 0 }));
    const classes = (k: number) =>
      new MixtureEstimator(
        times(
          k,
          () =>
            new RecordEstimator({
              a: new BernoulliEstimator(),
              b: new BernoulliEstimator(),
              c: new BernoulliEstimator(),
            }),
        ),
      );
    const choice = chooseComponents(rows, classes, { to: 3, trials: 3 });
    expect(choice.findings.map(({ kind }) => kind)).toContain('degenerate');
    expect(choice.componentCount).toBe(2);
  });

  it('compares by ICL where there is a mixture, and says where there is none', () => {
    const rows = new MixtureDistribution(
      [0, 2.5].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
      { w: [0.5, 0.5] },
    )
      .sampler(3)
      .sample(1000);
    const chosenBy = (criterion: 'bic' | 'icl') =>
      chooseComponents(rows, gaussians, { to: 2, trials: 2, criterion }).componentCount;
    // Components that overlap: BIC counts them, ICL counts the clusters that can be told apart.
    expect([chosenBy('bic'), chosenBy('icl')]).toEqual([2, 1]);
    const chains = (k: number) => new HiddenMarkovEstimator(times(k, () => new PoissonEstimator()));
    expect(() => chooseComponents([earthquakes], chains, { to: 2, criterion: 'icl' })).toThrow(
      'criterion "icl" is known of mixtures only, found HiddenMarkov',
    );
  });

  it('keeps a row for components that no trial could fit, and throws when there is none that one could', () => {
    const failing = (k: number) => {
      const e = new GaussianEstimator();
      if (k !== 2) return new MixtureEstimator(times(k, () => e));
      const estimate = () => {
        throw new FitError('no model today', undefined);
      };
      return new MixtureEstimator(
        times(k, () => Object.defineProperty(new GaussianEstimator(), 'estimate', { value: estimate })),
      );
    };
    const rows = [1, 2, 3, 11, 12, 14, 15];
    const choice = chooseComponents(rows, failing, { to: 2, trials: 2 });
    expect(choice.table[1]).toMatchObject({ trials: 2, failed: 2, agreeing: 0, bic: Number.NaN });
    expect([choice.componentCount, choice.fits[1]]).toEqual([1, undefined]);
    expect(() => chooseComponents(rows, failing, { from: 2, to: 2, trials: 2 })).toThrow(
      'chooseComponents: all 2 trials failed; the last one: no model today',
    );
  });

  it.each([
    ['no largest number', {}, 'to must be an integer >= 1, found undefined'],
    ['a range that is empty', { from: 3, to: 2 }, 'to must be an integer >= from, 3, found 2'],
    ['no components', { from: 0, to: 2 }, 'from must be an integer >= 1, found 0'],
    ['no trials', { to: 2, trials: 0 }, 'trials must be an integer >= 1, found 0'],
    ['no patience', { to: 2, patience: 0 }, 'patience must be an integer >= 1, found 0'],
    ['a criterion that is none', { to: 2, criterion: 'BIC' }, 'criterion must be "aic" or "bic"'],
    ['a unit that is none', { to: 2, unit: 'rows' }, 'unit must be "items" or "sequences", found "rows"'],
    ['an option it does not know', { to: 2, initialModel: 1 }, 'unknown option "initialModel"'],
  ])('refuses %s', (_, options, message) => {
    expect(() => chooseComponents([1, 2, 3], gaussians, options as never)).toThrow(message);
  });

  it('refuses an estimator instead of a function, and a function that does not look at its argument', () => {
    const two = gaussians(2);
    expect(() => chooseComponents([1, 2, 3], two as never, { to: 2 })).toThrow(
      'chooseComponents: estimatorOf must be a function of the number of components, found an object.',
    );
    for (const ignoring of [() => two, () => gaussians(2)]) {
      expect(() => chooseComponents([1, 2, 3, 9], ignoring, { to: 2, trials: 1 })).toThrow(
        'estimatorOf gives the same estimator for 1 and 2 components.',
      );
    }
  });
});
