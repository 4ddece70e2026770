import { describe, expect, it } from 'vitest';
import type { AnyEstimator } from '../../src/index.js';
import * as stats from '../../src/index.js';
import { subjects } from '../bayes/subjects.js';
import fc from '../property.js';

const { estimatorFromJSON, estimatorToJSON } = stats;
const g = new stats.GaussianEstimator();

/** As a file or another program has it. */
const again = (estimator: AnyEstimator): AnyEstimator =>
  estimatorFromJSON(JSON.parse(JSON.stringify(estimatorToJSON(estimator))));

/** A fit as text with all digits. */
function fitOf(rows: readonly unknown[], estimator: AnyEstimator): string {
  const { model, path } = stats.optimize(rows, estimator, { maxIterations: 8, seed: 3 });
  return JSON.stringify([model, path.map(({ logLikelihood }) => logLikelihood)]);
}

it('lists every estimator that the package exports, under the name of its class, but for the one that holds a function', () => {
  const exported = Object.entries(stats).filter(
    ([, value]) => typeof value === 'function' && typeof value.prototype?.estimate === 'function',
  );
  const listed = stats.estimatorTypes.map(({ name }) => name).filter((name) => name !== 'ShapeGroup');
  expect([...listed, 'SelectEstimator'].sort()).toEqual(exported.map(([name]) => name).sort());
});

describe('an estimator from JSON text fits as the original, to the bit', () => {
  it.each(subjects)('with a distribution as prior: $name', ({ estimator, row }) => {
    const rows = fc.sample(row, { numRuns: 20, seed: 1 });
    expect(fitOf(rows, again(estimator))).toBe(fitOf(rows, estimator));
  });

  const numbers = Array.from({ length: 60 }, (_, i) => (i % 3) * 5 + Math.sin(i));
  const pairs = numbers.map((x, i) => [x, Math.cos(7 * i)]);
  const words = numbers.map((_, i) => 'abc'[(i * i + (i >> 2)) % 3]!);
  const cases: readonly (readonly [what: string, rows: readonly unknown[], estimator: AnyEstimator])[] = [
    ['components that are one object', numbers, new stats.MixtureEstimator(stats.copies(3, g))],
    [
      'components that share a covariance',
      pairs,
      new stats.MixtureEstimator(stats.shapedGaussians(3, { covariance: 'EEE' })),
    ],
    [
      'keys',
      numbers,
      new stats.MixtureEstimator(
        [
          new stats.GaussianEstimator({ key: 'one' }),
          new stats.GaussianEstimator({ key: 'one', minSigma2: 0.25 }),
          new stats.StudentTEstimator(),
        ],
        { fixedWeights: [0.5, 0.25, 0.25] },
      ),
    ],
    [
      'NaN for a missing value, and a field called type',
      numbers.map((x, i) => ({ type: i % 4 === 0 ? Number.NaN : x, $x: words[i] })),
      new stats.RecordEstimator({
        type: new stats.OptionalEstimator(g, { missing: Number.NaN }),
        $x: new stats.CategoricalEstimator({ pseudoCount: 2, prior: { a: 0.5, b: 0.25, c: 0.25 } }),
      }),
    ],
    [
      'levels of several kinds',
      numbers.map((x, i) => [[1, 'a', true, Infinity][i % 4], x]),
      new stats.ConditionalEstimator<AnyEstimator, AnyEstimator, stats.NullEstimator, stats.Level>(
        new Map<stats.Level, AnyEstimator>([
          [1, g],
          ['a', g],
          [true, new stats.StudentTEstimator()],
          [Infinity, g],
        ]),
      ) as unknown as AnyEstimator,
    ],
    [
      'a chain with lists',
      Array.from({ length: 12 }, (_, i) => words.slice(i, i + 5)),
      new stats.HiddenMarkovEstimator(stats.copies(2, new stats.CategoricalEstimator()), {
        length: new stats.IgnoredEstimator(new stats.PoissonDistribution({ lambda: 5 })),
        keys: { emissions: 'words' },
      }) as AnyEstimator,
    ],
  ];
  it.each(cases)('with %s', (_, rows, estimator) => {
    expect(fitOf(rows, again(estimator))).toBe(fitOf(rows, estimator));
  });
});

it('continues a fit elsewhere as if it had not stopped', () => {
  const rows = Array.from({ length: 90 }, (_, i) => (i % 3) * 2 + Math.sin(i * i));
  const estimator = new stats.MixtureEstimator(stats.copies(2, g));
  const plain = { acceleration: 'none', delta: null } as const;
  const whole = stats.optimize(rows, estimator, { ...plain, maxIterations: 9 });
  const part = stats.optimize(rows, estimator, { ...plain, maxIterations: 4 });
  const sent = JSON.parse(JSON.stringify({ estimator: estimatorToJSON(estimator), model: part.model })) as {
    readonly estimator: unknown;
    readonly model: unknown;
  };
  const rest = stats.optimize(rows, estimatorFromJSON(sent.estimator), {
    ...plain,
    initialModel: stats.modelFromJSON(sent.model),
    maxIterations: 5,
  });
  expect(JSON.stringify(rest.model)).toBe(JSON.stringify(whole.model));
  expect(rest.logLikelihood).toBe(whole.logLikelihood);
});

describe('estimatorToJSON', () => {
  it('writes what occurs twice once', () => {
    const [first, second] = estimatorToJSON(new stats.MixtureEstimator([g, g])).components as unknown[];
    expect(first).toEqual({ $id: 1, $value: { type: 'GaussianEstimator', options: {} } });
    expect(second).toEqual({ $ref: 1 });
    const { components } = again(new stats.MixtureEstimator([g, g])) as { components?: readonly unknown[] };
    expect(components?.[0]).toBe(components?.[1]);
  });

  it('names the path of a function', () => {
    class Chosen extends stats.GaussianEstimator {
      constructor(override readonly options: stats.GaussianOptions & { readonly choose?: () => number } = {}) {
        super();
      }
    }
    const own = stats.estimatorType('Chosen', Chosen, ['options']);
    const estimator = new stats.MixtureEstimator([g, new Chosen({ choose: () => 1 })]);
    const types = [...stats.estimatorTypes, own];
    expect(() => estimatorToJSON(estimator, types)).toThrow(
      'estimator to JSON: components[1].options.choose must be data, which can be written, found a function.',
    );
    expect(() => estimatorToJSON(estimator)).toThrow(
      /components\[1\] must be .* of a listed type, which Chosen is not/,
    );
  });

  it('takes an estimator alone', () => {
    expect(() => estimatorToJSON(new stats.PoissonDistribution({ lambda: 1 }) as never)).toThrow(/not a distribution/);
  });
});

describe('estimatorFromJSON', () => {
  const mixture = (second: unknown) => ({
    type: 'MixtureEstimator',
    components: [{ type: 'GaussianEstimator', options: {} }, second],
  });
  const refused: readonly (readonly [what: string, json: unknown, message: RegExp])[] = [
    ['a model', { type: 'Poisson', lambda: 1 }, /json must be an object with the type of an estimator/],
    ['an unknown type', mixture({ type: 'OwnEstimator' }), /components\[1\]\.type must be .* found "OwnEstimator"/],
    [
      'a later version',
      mixture({ type: 'GaussianEstimator', $version: 2 }),
      /components\[1\]\.\$version must be .*, found 2/,
    ],
    [
      'an unknown field',
      mixture({ type: 'GaussianEstimator', mu: 1 }),
      /components\[1\]\.mu must be one of the fields options/,
    ],
    ['an unknown option', mixture({ type: 'GaussianEstimator', options: { mu: 1 } }), /components\[1\]: .*option "mu"/],
    [
      'an option out of range',
      mixture({ type: 'GaussianEstimator', options: { minSigma2: -1 } }),
      /GaussianEstimator: components\[1\]\.minSigma2 must be/,
    ],
    ['a reference to nothing', mixture({ $ref: 1 }), /components\[1\]\.\$ref must be an \$id that came before/],
    [
      'pairs that are none',
      mixture({ type: 'ConditionalEstimator', estimators: { $map: [1] } }),
      /\$map\[0\] must be a pair/,
    ],
  ];
  it.each(refused)('refuses %s', (_, json, message) => {
    expect(() => estimatorFromJSON(json)).toThrow(message);
  });

  it('refuses a short text that stands for a large estimator', () => {
    let json: object = { type: 'NullEstimator' };
    for (let k = 0; k < 40; k++)
      json = { type: 'CompositeEstimator', estimators: [{ $id: k, $value: json }, { $ref: k }] };
    expect(() => estimatorFromJSON(json)).toThrow(/within the first 10000000 values/);
  });

  it('refuses what holds itself', () => {
    const json: Record<string, unknown> = { type: 'WeightedEstimator' };
    json.estimator = json;
    expect(() => estimatorFromJSON(json)).toThrow(/nested at most 1000 deep/);
  });
});
