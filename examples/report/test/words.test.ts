import {
  automaticMixture,
  BernoulliDistribution,
  CategoricalDistribution,
  CategoricalEstimator,
  chooseComponents,
  GaussianDistribution,
  GaussianEstimator,
  gaussianMixture,
  HiddenMarkovDistribution,
  HiddenSemiMarkovDistribution,
  informationCriteria,
  LogGaussianDistribution,
  MixtureDistribution,
  MixtureEstimator,
  type ModelJSON,
  MultivariateGaussianDistribution,
  modelFromJSON,
  OptionalDistribution,
  optimize,
  PoissonDistribution,
  RecordDistribution,
  RecordEstimator,
  UniformDistribution,
} from '@dml/stats';
import { expect, describe as group, it } from 'vitest';
import { everyFamily } from '../../../packages/stats/test/everyFamily.js';
import { describe, summary, toMarkdown, toText } from '../index.js';
import { nats, percent, roundedBy, significant, withSpread } from '../words/numbers.js';
import { Symmetric } from './symmetric.js';

const person = (height: number, left: number, missing: number) =>
  new RecordDistribution({
    height: new GaussianDistribution({ mu: height, sigma2: 49 }),
    hand: new CategoricalDistribution<string>({ left, right: 1 - left }),
    visits: new OptionalDistribution(new PoissonDistribution({ lambda: 3 }), { p: missing }),
  });
const people = new MixtureDistribution([person(120, 0.1, 0.25), person(175, 0.1, 0.25)], { w: [0.3, 0.7] });

group('numbers', () => {
  it('keep the digits that the spread leaves standing', () => {
    expect(withSpread(3700.4, 460)).toBe('3,700 ± 460');
    expect(withSpread(38.79, 2.71)).toBe('38.8 ± 2.7');
    expect(withSpread(-0.00123, 0.0456)).toBe('-0.001 ± 0.046');
    expect(withSpread(5, 0)).toBe('5.00000');
    expect(roundedBy(1234567.891, 0.5)).toBe('1,234,567.89');
    expect(withSpread(33_041_396, 18_640_364)).toBe('33,000,000 ± 19,000,000');
    expect(withSpread(2041.3, 178.6)).toBe('2,040 ± 180');
  });

  it('round each end of a range by itself', () => {
    const { components } = summary(new LogGaussianDistribution({ mu: 15, sigma2: 3 }));
    expect(components[0]!.fields[0]!.words).toBe('mean 14,700,000, 80 % in 360,000 … 30,100,000');
  });

  it('are never minus zero, and say what is not finite', () => {
    expect(withSpread(-0.01, 1)).toBe('0.0 ± 1.0');
    expect([significant(Number.NaN), significant(-Infinity), nats(-8812.07)]).toEqual([
      'not known',
      '-infinite',
      '-8,812.1',
    ]);
  });

  it('never call a possible level impossible', () => {
    expect([0, 1e-9, 0.004, 0.01, 0.437, 0.998, 1 - 1e-9, 1].map(percent)).toEqual([
      ...['0 %', '<0.01 %', '0.4 %', '1 %', '44 %', '99.8 %', '>99.99 %', '100 %'],
    ]);
  });
});

group('a summary', () => {
  const told = summary(people);

  it('has the components by weight, with the numbers of the model', () => {
    expect(told.components.map(({ index, weight }) => [index, weight])).toEqual([
      [1, 0.7],
      [0, 0.3],
    ]);
    const [adult] = told.components;
    expect(adult!.fields.map(({ path, family, words }) => [path, family, words])).toEqual([
      ['height', 'Gaussian', '175.0 ± 7.0'],
      ['hand', 'Categorical', 'right 90 %, left 10 %'],
      ['visits', 'Poisson', 'mean 3.0, 80 % in 1 … 5; 25 % missing'],
    ]);
    expect(adult!.fields[0]!.parameters).toEqual({ type: 'Gaussian', mu: 175, sigma2: 49 });
  });

  it('reads as this text', () => {
    expect(toText(told)).toBe(
      [
        '2 components',
        '     70 %  component 2  height 175.0 ± 7.0   hand right 90 %, left 10 %',
        '                        visits mean 3.0, 80 % in 1 … 5; 25 % missing',
        '     30 %  component 1  height 120.0 ± 7.0   hand right 90 %, left 10 %',
        '                        visits mean 3.0, 80 % in 1 … 5; 25 % missing',
        '  what tells them apart: height 100 % (hardly: hand, visits)',
        '',
      ].join('\n'),
    );
  });

  it('is plain data, and Markdown that keeps marks as text', () => {
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
    const starred = summary(people, { titles: { height: 'height * (cm)' }, names: ['a|b', 'adult'] });
    expect(toMarkdown(starred)).toContain('| height \\* (cm) | 175.0 ± 7.0 | 120.0 ± 7.0 |');
    expect(toMarkdown(starred)).toContain('a\\|b (30 %)');
  });

  it('marks what is different about a component', () => {
    expect(told.components[1]!.marks).toEqual(['height: lower than on the average (120.0 against 158.5)']);
  });

  it('shows no component of hardly any share by itself', () => {
    const w = [0.6, 0.3996, 0.0002, 0.0002];
    const told = summary(gaussianMixture({ mu: [0, 9, 20, 30], sigma2: 1, w }));
    expect(told.components).toHaveLength(4);
    expect(toText(told)).toMatch(
      /^2 components\n.*component 1 .*\n.*component 2 .*\n {2}2 more have less than 0.1 % each\n/,
    );
  });

  it('reads a Dirichlet process without criteria, which it has not', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ size: (i % 2) * 9 + Math.sin(i) }));
    const { fit } = automaticMixture(rows);
    expect(describe(fit, { rows })).not.toHaveProperty('criteria');
  });

  it('takes many levels in one look at each', () => {
    const levelCount = 20_000;
    const halves = [0, 1].map(
      (half) =>
        new CategoricalDistribution(
          new Map(
            Array.from({ length: levelCount }, (_, i) => [`level ${i}`, (i % 2 === half ? 1.5 : 0.5) / levelCount]),
          ),
        ),
    );
    const { apart, components } = summary(new MixtureDistribution(halves, { w: [0.5, 0.5] }));
    // Half of the levels have 3/4, the others 1/4: KL(f_k ‖ f) = 3/4 log 3/2 + 1/4 log 1/2.
    expect(apart[0]!.information).toBeCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), 10);
    expect(components[0]!.fields[0]!.words).toBe('20,000 values, none of 0.1 % or more');
  }, 20_000);

  it('keeps numbers that are levels apart from their shares', () => {
    const years = new CategoricalDistribution(
      new Map([
        [2007, 0.75],
        [2008, 0.25],
      ]),
    );
    expect(summary(years).components[0]!.fields[0]!.words).toBe('2007: 75 %, 2008: 25 %');
  });

  it('knows the correlations of a Gaussian vector', () => {
    const covariance = [
      [4, 3],
      [3, 9],
    ];
    const { components } = summary(new MultivariateGaussianDistribution({ mu: [0, 1], covariance }));
    expect(components[0]!.correlations).toEqual([{ paths: ['[0]', '[1]'], r: 0.5 }]);
    expect(components[0]!.fields.map(({ words }) => words)).toEqual(['0.0 ± 2.0', '1.0 ± 3.0']);
  });

  it('reads a mixture inside a record, and a record inside a mixture inside a mixture', () => {
    const inner = new MixtureDistribution([person(120, 0.5, 0), person(130, 0.1, 0.5)], { w: [0.5, 0.5] });
    const outer = new MixtureDistribution([inner, inner], { w: [0.5, 0.5] });
    const [first] = summary(outer).components;
    expect(first!.fields.map(({ path, words }) => `${path}: ${words}`)).toEqual([
      'height: 50 % 120.0 ± 7.0; 50 % 130.0 ± 7.0',
      'hand: right 70 %, left 30 %',
      expect.stringMatching(/^visits: 67 % mean 3.0.*; 33 % mean 3.0.*; 25 % missing$/),
    ]);
  });

  it('takes a family of somebody else by its toJSON', () => {
    const mixture = new MixtureDistribution([new Symmetric(3), new Symmetric(8)], { w: [0.5, 0.5] });
    const { components, apart } = summary(mixture);
    expect(components.map(({ fields }) => fields[0]!.words)).toEqual(['Symmetric(reach 3)', 'Symmetric(reach 8)']);
    // Uniform on 7 integers and on 17: only what lies outside the smaller one tells.
    const exact =
      0.5 * Math.log(1 / 7 / (0.5 / 7 + 0.5 / 17)) +
      0.5 * ((7 / 17) * Math.log(1 / 17 / (0.5 / 7 + 0.5 / 17)) + (10 / 17) * Math.log(2));
    expect(Math.abs(apart[0]!.information - exact)).toBeLessThan(4 * apart[0]!.standardError);
  });

  it.each(Object.keys(everyFamily))('says something of %s, without a word that is none', (name) => {
    const text = toText(summary(modelFromJSON(everyFamily[name]!.model as ModelJSON)));
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text.trim().split('\n').length).toBeGreaterThan(name === 'Null' ? 0 : 1);
  });
});

group('what tells components apart', () => {
  it('is exact for levels', () => {
    const coins = [0.5, 0.9].map((p) => new BernoulliDistribution({ p }));
    const [difference] = summary(new MixtureDistribution(coins, { w: [0.5, 0.5] })).apart;
    const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    expect(difference!.information).toBeCloseTo(entropy(0.7) - 0.5 * (entropy(0.5) + entropy(0.9)), 14);
    expect(difference!.standardError).toBe(0);
  });

  it('agrees with an integral for Gaussians', () => {
    const mixture = gaussianMixture({ mu: [0, 2], sigma2: [1, 4], w: [0.4, 0.6] });
    let integral = 0;
    for (let x = -20; x < 30; x += 0.001) {
      mixture.components.forEach((f, k) => {
        integral += 0.001 * mixture.w[k]! * f.density(x) * (f.logDensity(x) - mixture.logDensity(x));
      });
    }
    const [{ information, standardError }] = summary(mixture).apart as never as [
      { information: number; standardError: number },
    ];
    expect(Math.abs(information - integral)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.01);
  });

  it('is all of it for components that never overlap, and nothing for equal ones', () => {
    const apart = new MixtureDistribution(
      [new UniformDistribution({ min: 0, max: 1 }), new UniformDistribution({ min: 2, max: 3 })],
      { w: [0.2, 0.8] },
    );
    expect(summary(apart).apart[0]!.share).toBeCloseTo(1, 12);
    expect(summary(gaussianMixture({ mu: [1, 1], sigma2: 1, w: [0.5, 0.5] })).apart[0]!.information).toBeCloseTo(0, 12);
  });
});

group('states', () => {
  const emissions = [0, 5].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
  const transitions = [
    [0.9, 0.1],
    [0.2, 0.8],
  ];

  it('have the shares, durations and steps of the model', () => {
    const model = new HiddenMarkovDistribution(emissions, { w: [1, 0], transitions });
    const told = summary(model);
    expect(told.transitions).toEqual(transitions);
    told.components.forEach(({ index, weight, meanDuration }) => {
      expect(weight).toBeCloseTo(model.stationary()[index]!, 12);
      expect(meanDuration).toBeCloseTo(model.meanDurations[index]!, 12);
    });
    expect(toText(told)).toContain('stays 10 items');
  });

  it('have a share in a chain that alternates, and in one that ends where it began', () => {
    const weightsOf = (rows: number[][], w: number[]) =>
      summary(new HiddenMarkovDistribution(emissions, { w, transitions: rows })).components.map(({ weight }) => weight);
    const [first, second] = weightsOf(
      [
        [0, 1],
        [1, 0],
      ],
      [1, 0],
    );
    expect(first).toBeCloseTo(0.5, 12);
    expect(second).toBeCloseTo(0.5, 12);
    expect(
      weightsOf(
        [
          [1, 0],
          [0, 1],
        ],
        [0.25, 0.75],
      ),
    ).toEqual([0.75, 0.25]);
  });

  it('of a semi-Markov model have the means of their durations', () => {
    const durations = [2, 7].map((lambda) => new PoissonDistribution({ lambda }));
    const parameters = {
      w: [0.5, 0.5],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 40,
      shift: 1,
    };
    const model = new HiddenSemiMarkovDistribution(emissions, durations, parameters);
    expect(summary(model).components.map(({ meanDuration, weight }) => [meanDuration, weight])).toEqual([
      [8, expect.closeTo(8 / 11, 10)],
      [3, expect.closeTo(3 / 11, 10)],
    ]);
  });
});

group('a description', () => {
  const rows = people.sampler(3).sample(300);
  const kind = new RecordEstimator({ height: new GaussianEstimator(), hand: new CategoricalEstimator<string>() });
  const estimatorOf = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => kind));

  it('has the criteria of the library, and notes in words', () => {
    const fit = optimize(rows, estimatorOf(2), { seed: 1, maxIterations: 1 });
    const told = describe(fit, { rows });
    expect(told.criteria).toEqual(informationCriteria(rows, estimatorOf(2), fit.model));
    expect(told.fit.logLikelihood).toBe(fit.logLikelihood);
    expect(told.notes[0]).toMatchObject({ kind: 'unconverged', advice: 'Until then its figures may still move.' });
    expect(toText(told)).toMatch(/^2 components of 300 rows \(not converged after 1 iterations?\)/);
    // Where a person sets no options of the library, neither does the message.
    const [note] = describe(fit, { rows, advice: { unconverged: 'Press “Continue”.' } }).notes;
    expect(note).toMatchObject({ kind: 'unconverged', advice: 'Press “Continue”.' });
    expect(note!.message).toMatch(/^Stopped after 1 iteration: .*[^.]\.$/);
    expect(note!.message).not.toMatch(/maxIterations|Set /);
  });

  it('has the table of a choice, with an arrow at the chosen number', () => {
    const fit = chooseComponents(rows, estimatorOf, { to: 3, trials: 2, seed: 1 });
    const told = describe(fit, { rows });
    expect(told.chosen).toBe(2);
    expect(told.table).toBe(fit.table);
    expect(told.criteria).toBe(fit.table[1]);
    const text = toText(told);
    expect(text.split('\n')[2]).toMatch(/^→ {2}2 /);
    const aboutRange = (of: object) =>
      describe({ ...fit, ...of }, { rows }).notes.filter(({ kind }) => kind === 'range');
    expect(aboutRange({})).toEqual([]);
    expect(aboutRange({ componentCount: 3 })).toEqual([]); // a person looks at it, though 2 is better
    expect(aboutRange({ table: fit.table.slice(0, 2) })).toHaveLength(1);
    expect(toMarkdown(told)).toContain(`| → | 2 | ${nats(fit.logLikelihood)} |`);
    expect(JSON.parse(JSON.stringify(told)).chosen).toBe(2);
  });

  it('names the component and the field of a finding', () => {
    const same = [
      ...Array.from({ length: 20 }, () => ({ a: 0 })),
      ...Array.from({ length: 20 }, (_, i) => ({ a: 100 + i })),
    ];
    const field = new RecordEstimator({ a: new GaussianEstimator({ minSigma2: 0 }) });
    const fit = optimize(same, new MixtureEstimator([field, field]), { seed: 1, maxIterations: 20 });
    const note = describe(fit).notes.find(({ kind }) => kind === 'degenerate');
    expect(note).toMatchObject({ where: expect.stringMatching(/^component \d, a$/) });
  });
});
