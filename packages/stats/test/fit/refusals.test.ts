/** What cannot be meant is refused by name, by every driver: never a raw TypeError, and never another fit in silence. */
import { describe, expect, it } from 'vitest';
import { empiricalKlDivergence } from '../../src/choose/empiricalKlDivergence.js';
import { informationCriteria } from '../../src/choose/informationCriteria.js';
import { inspect } from '../../src/choose/inspect.js';
import { kFold } from '../../src/choose/kFold.js';
import { kFoldIndex, partition, partitionIndex } from '../../src/choose/split.js';
import { standardErrors } from '../../src/choose/standardErrors.js';
import { ParameterError } from '../../src/errors.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { bestOf } from '../../src/fit/bestOf.js';
import { em } from '../../src/fit/em.js';
import { initialize } from '../../src/fit/initialize.js';
import { optimize, optimizeSteps } from '../../src/fit/optimize.js';
import { FitError } from '../../src/fit/result.js';
import { seqEncode, seqInitialize } from '../../src/fit/sequential.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const e = new GaussianEstimator();
const two = new MixtureEstimator([e, e]);
const rows = [1, 2, 3, 10, 11, 12];

/** Calls of all drivers; the types are those of a JavaScript program. */
const drivers: Readonly<Record<string, (rows: never, options: never) => unknown>> = {
  optimize: (list, options) => optimize(list, two, options),
  initialize: (list, options) => initialize(list, two, options),
  bestOf: (list, options) => bestOf(list, two, { trials: 2, ...(options as object) }),
  kFold: (list, options) => kFold(list, two, { folds: 2, ...(options as object) }),
  optimizeSteps: (list, options) => optimizeSteps(list, two, options).next(),
};

async function messageOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'was accepted';
}

describe.each(Object.entries(drivers))('%s refuses', (name, driver) => {
  const owner = name === 'optimizeSteps' ? 'optimize' : name;
  it.each([
    [{ seed: Number.NaN }, 'seed must be a finite number or a string, found NaN.'],
    [{ seed: null }, 'seed must be a finite number or a string, found null.'],
    [{ start: 'kmeans' }, 'start must be "kmeans++" or "random", found "kmeans".'],
  ])('%j', async (options, message) => {
    expect(await messageOf(() => driver(rows as never, options as never))).toBe(`${owner}: ${message}`);
  });

  it.each([[{ weights: ['1', '1', '1', '1', '1', '1'] }], [{ weights: [1, 1, 1, 1, 1, null] }], [{ weights: 'ones' }]])(
    '%j',
    async (options) => {
      expect(await messageOf(() => driver(rows as never, options as never))).toMatch(/^weights: /);
    },
  );

  it.each([[undefined], [null], ['123456'], [{ length: 6 }], [new Set(rows)]])('the rows %j', async (list) => {
    expect(await messageOf(() => driver(list as never, {} as never))).toMatch(
      /^rows must be an array or typed array, found /,
    );
  });
});

describe('a fit refuses', () => {
  const fit = (options: unknown) => () => optimize(rows, two, options as never);
  it.each([
    [{ delta: '1' }, 'options: delta must be null or a number >= 0, found "1".'],
    [{ deltaPerRow: '0.1' }, 'options: deltaPerRow must be a number >= 0, found "0.1".'],
    [{ maxIterations: '5' }, 'options: maxIterations must be an integer >= 0, found "5".'],
    [{ responsibilities: rows.map(() => ['1', '0']) }, 'responsibilities: [0] must be 2 finite numbers >= 0'],
    [{ onIterate: 'log' }, 'optimize: onIterate must be a function, found "log".'],
    [{ signal: {} }, 'optimize: signal must be an AbortSignal, found {}.'],
    [{ validation: [1, 'x'] }, 'validation: Gaussian: row 1 must be a finite number, found "x".'],
    [{ validation: 7 }, 'validation must be an array or typed array, found 7.'],
    [null, 'optimize: options must be an object, found null.'],
    ['quick', 'optimize: options must be an object, found "quick".'],
    [[], 'optimize: options must be an object, found [].'],
  ])('%j', (options, message) => {
    expect(fit(options)).toThrow(message);
  });

  it('rows and estimator in the wrong order, or no estimator', () => {
    expect(() => optimize(two as never, rows as never)).toThrow(/^an estimator is needed, found \[1,2,3/);
    expect(() => optimize(rows, undefined as never)).toThrow(/^an estimator is needed, found undefined\.$/);
  });

  it('a number of starts or of folds that is none', () => {
    expect(() => bestOf(rows, two, null as never)).toThrow('bestOf: options must be an object, found null.');
    expect(() => bestOf(rows, two, { trials: 0 })).toThrow('bestOf: trials must be an integer >= 1, found 0.');
    expect(() => bestOf(rows, two, { trials: '3' } as never)).toThrow('trials must be an integer >= 1, found "3".');
    expect(() => kFold(rows, two, { folds: '3' } as never)).toThrow('folds must be an integer >= 2, found "3".');
  });

  it('a start that no one knows, when a driver of another package asks for it', () => {
    const algorithm = em(two);
    const columns = algorithm.encode(rows);
    expect(() => algorithm.start(columns, { seed: 1, method: 'kmeans' as never })).toThrow(
      'start: start must be "kmeans++"',
    );
    expect(() => seqInitialize(columns, two, { start: 'kmeans' as never })).toThrow('start must be "kmeans++"');
  });
});

describe('what looks at rows refuses', () => {
  const model = new GaussianDistribution({ mu: 0, sigma2: 1 });
  const calls: Readonly<Record<string, (list: never) => unknown>> = {
    seqEncode: (list) => seqEncode(list, e),
    informationCriteria: (list) => informationCriteria(list, e, model),
    empiricalKlDivergence: (list) => empiricalKlDivergence(model, model, list),
    inspect: (list) => inspect(list, e),
    partition: (list) => partition(list, [0.5, 0.5]),
  };
  it.each(Object.entries(calls))('%s: rows that are no array', async (_, call) => {
    expect(await messageOf(() => call(undefined as never))).toMatch(
      /rows must be an array or typed array, found undefined\.$/,
    );
  });

  it('informationCriteria: a model that the estimator could not have made', () => {
    const { model: three } = optimize(rows, new MixtureEstimator([e, e, e]), { seed: 1 });
    expect(() => informationCriteria(rows, two, three as never)).toThrow(
      'informationCriteria: components must be 2 parts, found 3.',
    );
  });

  it('partition: proportions that are no numbers', () => {
    expect(() => partition(rows, ['0.5'] as never)).toThrow('proportions[0] must be a number in [0, 1], found "0.5".');
    expect(() => partition(rows, 0.5 as never)).toThrow(
      'partition: proportions must be an array or typed array, found 0.5.',
    );
    expect(() => partition(rows, [0.5], { seed: Number.NaN })).toThrow('seed must be a finite number');
  });

  it('splits by numbers that have no order', () => {
    expect(() => kFoldIndex([0.1, Number.NaN], 2)).toThrow('uniforms[1] must be a finite number, found NaN.');
    expect(() => partitionIndex(['0.1'] as never, [1])).toThrow('uniforms[0] must be a finite number, found "0.1".');
  });
});

it('names the error of a fit that fails: FitError', () => {
  const failed = new FitError('x', { reason: 'failed' } as never);
  expect([failed.name, failed.code, String(failed)]).toEqual(['FitError', 'ESTIMATION', 'FitError: x']);
});

it('refuses weights that are null', async () => {
  const weights = null as never;
  for (const call of Object.values(drivers)) {
    expect(await messageOf(() => call(rows as never, { weights } as never))).toContain('weights');
  }
  const model = new GaussianDistribution({ mu: 0, sigma2: 1 });
  expect(() => informationCriteria(rows, e, model, { weights })).toThrow(ParameterError);
  expect(() => standardErrors(rows, e, { weights, replicates: 2 })).toThrow(ParameterError);
});
