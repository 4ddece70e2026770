import { describe, expect, it, vi } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { IgnoredEstimator } from '../../src/combinators/ignored.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import type { Report } from '../../src/contract.js';
import { DataError, EstimationError, OptionError, ParameterError } from '../../src/errors.js';
import { BernoulliEstimator } from '../../src/families/bernoulli.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { bestOf } from '../../src/fit/bestOf.js';
import type { Iterate } from '../../src/fit/converge.js';
import { initialize } from '../../src/fit/initialize.js';
import { optimize, optimizeSteps } from '../../src/fit/optimize.js';
import { FitError, type FitStep } from '../../src/fit/result.js';
import { MarkovChainEstimator } from '../../src/latent/markovChain/markovChain.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { kernels } from '../../src/numeric/kernels/index.js';

const e = new GaussianEstimator();
const two = new MixtureEstimator([e, e]);
const truth = new MixtureDistribution(
  [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 3, sigma2: 1 })],
  { w: [0.4, 0.6] },
);
const rows = truth.sampler(1).sample(400);

describe('optimize', () => {
  it('returns the last iterate when it is the best, not the one before', () => {
    const options = { maxIterations: 7, acceleration: 'none' } as const;
    const { model, path, bestIteration, iterations, reason, logLikelihood } = optimize(rows, two, options);
    expect([bestIteration, iterations, reason]).toEqual([7, 7, 'maxIterations']);
    expect(path[7]!.logLikelihood).toBe(logLikelihood);
    expect(rows.reduce((sum, x) => sum + model.logDensity(x), 0)).toBeCloseTo(logLikelihood, 8);
  });

  it('stops when an iteration gains less than delta, absolute or per row', () => {
    const { path, reason } = optimize(rows, two, { delta: 0.01 });
    expect(reason).toBe('converged');
    expect(path.at(-1)!.change).toBeLessThan(0.01);
    const plain = path.slice(1, -1).filter(({ step }) => step === 'plain');
    expect(plain.every(({ change }) => change >= 0.01)).toBe(true);
    expect(optimize(rows, two, { deltaPerRow: 0.01 / rows.length }).path).toEqual(path);
  });

  it('asks for a gain per item where rows are sequences, as often as their weights say', () => {
    const bags = Array.from({ length: 40 }, (_, i) => rows.slice(10 * i, 10 * i + (i % 9) + 1));
    const estimator = new SequenceEstimator(two);
    const items = bags.reduce((sum, bag) => sum + bag.length, 0);
    const { path, reason } = optimize(bags, estimator, { deltaPerRow: 1e-4 });
    expect(reason).toBe('converged');
    expect(optimize(bags, estimator, { delta: 1e-4 * items }).path).toEqual(path);
    const weights = bags.map((_, i) => i % 3);
    const weighted = bags.reduce((sum, bag, i) => sum + weights[i]! * bag.length, 0);
    expect(optimize(bags, estimator, { weights, deltaPerRow: 1e-4 }).path).toEqual(
      optimize(bags, estimator, { weights, delta: 1e-4 * weighted }).path,
    );
  });

  it('says how much is left to gain when it ends too soon, about as much as there is', () => {
    const cut = optimize(rows, two, { maxIterations: 40, acceleration: 'none' });
    const end = optimize(rows, two, { deltaPerRow: 1e-12 });
    expect(end.reason).toBe('converged');
    const left = end.logLikelihood - cut.logLikelihood;
    // The ratio of gains still rises a little.
    expect(cut.remainingGain / left).toBeGreaterThan(0.3);
    expect(cut.remainingGain / left).toBeLessThan(1.1);
    expect(cut.findings.map(({ kind }) => kind)).toEqual(['unconverged']);
    expect(end.findings).toEqual([]);
  });

  it.each(['auto', 'none'] as const)(
    'says about what is left at the end of a fit with acceleration %s',
    (acceleration) => {
      for (let seed = 0; seed < 6; seed++) {
        const parts = [0, 2.5 + seed / 4].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
        const sample = new MixtureDistribution(parts, { w: [0.5, 0.5] }).sampler(seed).sample(400);
        const fit = optimize(sample, two, { seed, acceleration });
        const further = optimize(sample, two, { initialModel: fit.model, delta: null, maxIterations: 300 });
        const left = further.logLikelihood - fit.logLikelihood;
        expect(fit.reason).toBe('converged');
        // Or no more than an EM step is asked to gain, 1e-9 per row.
        expect(fit.remainingGain).toBeLessThan(Math.max(10 * left, 4e-7));
        expect(fit.remainingGain).toBeGreaterThan(left / 10 - 1e-9);
      }
    },
  );

  it('knows what is left once there are enough EM steps, and says before that it does not', () => {
    const cut = [0, 1, 4, 7, 8, 12].map((maxIterations) =>
      optimize(rows, two, { maxIterations, acceleration: 'none' }),
    );
    expect(cut.flatMap(({ findings }) => findings.map(({ kind }) => kind))).toEqual(cut.map(() => 'unconverged'));
    expect(cut.map(({ remainingGain }) => Number.isNaN(remainingGain))).toEqual([true, true, true, true, false, false]);
    expect(new Set(cut.map(({ findings }) => findings[0]!.message)).size).toBe(cut.length);
  });

  it('gives the same bits for the same seed, as a number or as text', () => {
    const options = { start: 'random', maxIterations: 5 } as const;
    const first = optimize(rows, two, { ...options, seed: 3 });
    expect(optimize(rows, two, { ...options, seed: '3' }).path).toEqual(first.path);
    expect(optimize(rows, two, { ...options, seed: 4 }).path).not.toEqual(first.path);
  });

  it('takes a weight w as w rows, and a weight of 0 as no row', () => {
    const weights = rows.map((_, i) => i % 3);
    const repeated = rows.flatMap((x, i) => Array<number>(i % 3).fill(x));
    const initialModel = truth;
    const weighted = optimize(rows, two, { weights, initialModel, maxIterations: 20 });
    const plain = optimize(repeated, two, { initialModel, maxIterations: 20 });
    expect(weighted.logLikelihood).toBeCloseTo(plain.logLikelihood, 6);
    expect(weighted.model.components[0].mu).toBeCloseTo(plain.model.components[0].mu, 8);
  });

  it('starts from given responsibilities', () => {
    const responsibilities = rows.map((x) => (x < 1.5 ? [1, 0] : [0, 2]));
    const start = initialize(rows, two, { responsibilities });
    const low = rows.filter((x) => x < 1.5);
    expect(start.components[0].mu).toBeCloseTo(low.reduce((a, b) => a + b) / low.length, 10);
    expect(start.w[0]).toBeCloseTo(low.length / rows.length, 12);
    const fit = optimize(rows, two, { responsibilities });
    expect(fit.model.components[0].mu).toBeLessThan(fit.model.components[1].mu);
  });

  it.each([
    ['too few lists', [[1, 0]], ParameterError],
    ['a list of another length', rows.map((_, i) => (i === 5 ? [1] : [1, 0])), ParameterError],
    ['a list of zeros', rows.map(() => [0, 0]), ParameterError],
    ['a negative number', rows.map(() => [2, -1]), ParameterError],
    ['three shares for two components', rows.map(() => [1, 1, 1]), ParameterError],
  ])('refuses responsibilities with %s', (_, responsibilities, error) => {
    expect(() => optimize(rows, two, { responsibilities })).toThrow(error);
  });

  it('hands what onIterate throws on, and gives the memory of the fit back', () => {
    const freeAt = () => {
      const workspace = kernels().workspace();
      const { byteOffset } = workspace.float64(8);
      workspace.release();
      return byteOffset;
    };
    const before = freeAt();
    const onIterate = () => {
      throw new RangeError('enough');
    };
    expect(() => optimize(rows, two, { onIterate })).toThrow(new RangeError('enough'));
    expect(freeAt()).toBe(before);
  });

  it('refuses responsibilities for an estimator without components', () => {
    expect(() => optimize(rows, e, { responsibilities: rows.map(() => [1]) })).toThrow(OptionError);
  });

  it('names an unknown option and the one that was meant', () => {
    expect(() => optimize(rows, e, { maxIter: 3 } as never)).toThrow(/"maxIter".*"maxIterations"/);
    expect(() => bestOf(rows, e, { trials: 2, initialModel: truth } as never)).toThrow(OptionError);
  });

  it.each([
    ['no rows', [], {}, EstimationError],
    ['weights that are all 0', [1, 2], { weights: [0, 0] }, EstimationError],
    ['a weight too few', [1, 2], { weights: [1] }, ParameterError],
    ['a weight that is NaN', [1, 2], { weights: [1, Number.NaN] }, ParameterError],
    ['a negative weight', [1, 2], { weights: [1, -1] }, ParameterError],
    ['a fractional number of iterations', [1, 2], { maxIterations: 1.5 }, ParameterError],
    ['no validation rows', [1, 2], { validation: [] }, ParameterError],
    ['a row that is NaN', [1, Number.NaN], {}, DataError],
  ])('refuses %s', (_, list, options, error) => {
    expect(() => optimize(list, e, options)).toThrow(error);
  });

  it('names dead and degenerate parts by their path', () => {
    const record = new RecordEstimator({ x: e, kind: new CategoricalEstimator() });
    const initialModel = optimize(
      [
        { x: 1, kind: 'a' },
        { x: 2, kind: 'b' },
      ],
      new MixtureEstimator([record, record]),
      {
        maxIterations: 0,
        responsibilities: [
          [1, 0],
          [1, 0],
        ],
      },
    ).model;
    const same = Array.from({ length: 4 }, () => ({ x: 7, kind: 'a' }));
    const { findings, bestIteration } = optimize(same, new MixtureEstimator([record, record]), { initialModel });
    expect(bestIteration).toBeGreaterThan(0);
    expect(findings.map(({ kind, path }) => [kind, path])).toEqual(
      expect.arrayContaining([
        ['degenerate', 'components[0].fields.x'],
        ['dead', 'components[1]'],
      ]),
    );
  });
});

describe('validation rows', () => {
  it('choose the best iterate', () => {
    // Two rows pull the components onto themselves; the validation rows see it.
    const { path, bestIteration } = optimize(rows.slice(0, 12), two, {
      validation: rows.slice(12),
      maxIterations: 50,
      delta: null,
    });
    const scores = path.map(({ validationLogLikelihood }) => validationLogLikelihood!);
    expect(scores[bestIteration]).toBe(Math.max(...scores));
    expect(bestIteration).toBeLessThan(path.length - 1);
  });

  it('may hold levels that the rows lack: the likelihood of the rows chooses then', () => {
    const estimator = new CategoricalEstimator();
    const { model, path } = optimize(['a', 'b', 'b', 'b'], estimator, {
      validation: ['a', 'new'],
      initialModel: new CategoricalDistribution({ a: 0.5, b: 0.5 }),
    });
    expect(path.at(-1)!.validationLogLikelihood).toBe(-Infinity);
    expect(model.density('b')).toBe(0.75);
    const allowing = optimize(['a', 'b'], new CategoricalEstimator({ allowUnseen: true }), { validation: ['new'] });
    expect(allowing.path.at(-1)!.validationLogLikelihood).toBeGreaterThan(-Infinity);
  });
});

describe('a fit that fails', () => {
  it('carries the best model before the failure', () => {
    // A level with probability 0 after the first M step: its row of weight 1 then is impossible.
    const forgetful = new CategoricalEstimator();
    const broken = Object.assign(forgetful, {
      estimate: () => new CategoricalDistribution({ a: 1 }),
    });
    const initialModel = new CategoricalDistribution({ a: 0.5, b: 0.5 });
    const fit = () => optimize(['a', 'b'], broken, { initialModel });
    expect(fit).toThrow(FitError);
    expect(fit).toThrow(/-Infinity at iteration 1.*row 1/);
    try {
      fit();
    } catch (error) {
      const { result } = error as FitError<CategoricalDistribution>;
      expect(result?.model).toBe(initialModel);
      expect([result?.reason, result?.bestIteration]).toEqual(['failed', 0]);
    }
  });
});

describe('a fit whose parameters overflow', () => {
  it('is an EstimationError, so that other trials go on and the last good model is kept', () => {
    // Rows of 1e200 beside others: the component that gets them has an infinite variance.
    const rows = [0, 1, 2, 1e200, -1e200];
    const initialModel = new MixtureDistribution(
      [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 0, sigma2: 1e300 })],
      { w: [0.5, 0.5] },
    );
    const e = new GaussianEstimator();
    const fit = () => optimize(rows, new MixtureEstimator([e, e]), { initialModel });
    expect(fit).toThrow(EstimationError);
    expect(fit).toThrow('divide rows or weights by a constant');
  });
});

describe('optimizeSteps', () => {
  async function all(signal?: AbortSignal, each?: (step: FitStep<unknown>) => void) {
    const steps: FitStep<unknown>[] = [];
    for await (const step of optimizeSteps(rows, two, { seed: 1, ...(signal === undefined ? {} : { signal }) })) {
      steps.push(step);
      each?.(step);
    }
    return steps;
  }

  it('makes the steps and the result of optimize', async () => {
    const steps = await all();
    const seen: Iterate[] = [];
    const fit = optimize(rows, two, { seed: 1, onIterate: (iterate) => seen.push(iterate) });
    expect(steps.at(-1)!.result).toEqual(fit);
    expect(steps.map(({ logLikelihood }) => logLikelihood)).toEqual(fit.path.map(({ logLikelihood }) => logLikelihood));
    expect(seen.map(({ iteration }) => iteration)).toEqual(steps.map(({ iteration }) => iteration));
    // Results are made when they are asked for, from what there was at their step.
    const third = steps[2]!.result;
    expect(third).toBe(steps[2]!.result);
    expect(third.path).toEqual(fit.path.slice(0, 3));
    expect([third.reason, third.iterations]).toEqual(['aborted', 2]);
    expect({ ...steps[2]! }).toEqual(fit.path[2]);
  });

  it('ends with the best model so far when it is aborted', async () => {
    const controller = new AbortController();
    const steps = await all(controller.signal, ({ iteration }) => {
      if (iteration === 2) controller.abort();
    });
    const { result } = steps.at(-1)!;
    expect(steps).toHaveLength(3);
    expect([result.reason, result.bestIteration, result.path.length]).toEqual(['aborted', 2, 3]);
  });

  it('throws the reason of a signal that is aborted before there is a model', async () => {
    await expect(all(AbortSignal.abort(new Error('no time')))).rejects.toThrow('no time');
  });

  it('lets other work run meanwhile', async () => {
    const many = truth.sampler(2).sample(40_000);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 0);
    let last: FitStep<unknown> | undefined;
    for await (const step of optimizeSteps(many, two, {
      signal: controller.signal,
      delta: null,
      maxIterations: 5000,
    })) {
      last = step;
    }
    expect(last!.result.reason).toBe('aborted');
    expect(last!.iteration).toBeLessThan(4999);
  });

  it('returns to the event loop without a timer where that is possible: in Node one waits for a millisecond', async () => {
    const many = truth.sampler(1).sample(20_000);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const turns = vi.spyOn(globalThis, 'setImmediate');
    const fit = async () => {
      let last: FitStep<unknown> | undefined;
      for await (const step of optimizeSteps(many, two, { delta: null, maxIterations: 100 })) last = step;
      return [last!.logLikelihood, timers.mock.calls.length] as const;
    };
    const [logLikelihood, timersWithTurns] = await fit();
    expect(turns).toHaveBeenCalled();
    expect(timersWithTurns).toBe(0);
    vi.restoreAllMocks();
    vi.stubGlobal('setImmediate', undefined); // as in a browser
    expect((await fit())[0]).toBe(logLikelihood);
    vi.unstubAllGlobals();
  });

  it('can be left in the middle', async () => {
    for await (const { iteration, result } of optimizeSteps(rows, two)) {
      if (iteration < 2) continue;
      expect(result.path).toHaveLength(3);
      break;
    }
  });
});

describe('bestOf', () => {
  it('returns the best trial, and says how many agree', () => {
    const fit = bestOf(rows, two, { trials: 5, seed: 2, start: 'random', maxIterations: 300 });
    expect(fit.trialScores).toHaveLength(5);
    expect(fit.logLikelihood).toBe(Math.max(...fit.trialScores));
    const close = fit.trialScores.filter((score) => score > fit.logLikelihood - 1e-5 * (1 - fit.logLikelihood));
    expect(fit.agreeing).toBe(close.length);
    expect(fit.seed).toMatch(/^2\/\d$/);
  });

  it('makes ten trials where the number is not given', () => {
    const fit = bestOf(rows, two);
    expect(fit.trialScores).toEqual(bestOf(rows, two, { trials: 10 }).trialScores);
    expect(fit.trialScores).toHaveLength(10);
  });

  it('keeps a model that a failing trial had reached, when all fail', () => {
    let calls = 0;
    const forgetful = Object.assign(new CategoricalEstimator(), {
      estimate: (statistic: unknown, report?: Report) => {
        const model = new CategoricalEstimator().estimate(statistic as never, report);
        calls++;
        return calls % 2 === 0 ? new CategoricalDistribution({ a: 1 }) : model;
      },
    });
    const fit = () => bestOf(['a', 'b'], forgetful, { trials: 3 });
    expect(fit).toThrow(/^bestOf: all 3 trials failed; the last one: .*-Infinity at iteration 1/);
    try {
      fit();
    } catch (error) {
      expect(error).toBeInstanceOf(FitError);
      const { result, cause } = error as FitError<CategoricalDistribution>;
      expect([result?.reason, result?.seed]).toEqual(['failed', '0/0']);
      expect(cause).toBeInstanceOf(FitError);
    }
    const hopeless = Object.assign(new CategoricalEstimator(), {
      estimate: () => {
        throw new EstimationError('no model today');
      },
    });
    expect(() => bestOf(['a', 'b'], hopeless, { trials: 2 })).toThrow(
      expect.objectContaining({ name: 'FitError', result: undefined }),
    );
  });

  it('does not pass over a trial whose probabilities are 0 or 1', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [i % 2 === 0, i % 2 === 0, i % 3 === 0] as const);
    const b = new BernoulliEstimator();
    const classes = new MixtureEstimator([0, 1].map(() => new CompositeEstimator([b, b, b])));
    const best = bestOf(rows, classes, { trials: 6, start: 'random' });
    expect(best.logLikelihood).toBe(Math.max(...best.trialScores));
    expect(best.findings.map(({ kind }) => kind)).toContain('degenerate');
    expect(best.degenerateTrials).toBe(0);
  });

  it('passes over a component that has shrunk onto one value, however likely, where another trial has none', () => {
    const heaped = [...Array.from({ length: 40 }, (_, i) => Math.sin(i * i) * 3 + 5), ...Array<number>(6).fill(4.25)];
    const four = new MixtureEstimator([e, e, e, e]);
    const options = { seed: 5, start: 'random' } as const;
    const trials = Array.from({ length: 12 }, (_, i) => optimize(heaped, four, { ...options, seed: `5/${i}` }));
    const sound = trials.filter(({ findings }) => findings.every(({ kind }) => kind === 'unconverged'));
    const best = bestOf(heaped, four, { ...options, trials: 12 });
    expect(best.degenerateTrials).toBe(12 - sound.length);
    expect(best.logLikelihood).toBe(Math.max(...sound.map(({ logLikelihood }) => logLikelihood)));
    expect(Math.max(...best.trialScores)).toBeGreaterThan(best.logLikelihood);
  });
});

it('advises what a family can do about a row that stays impossible', () => {
  const chain = new MarkovChainEstimator<string>({ fixedInitial: { a: 1 }, fixedTransitions: { a: { a: 1 } } });
  expect(() => optimize([['a'], ['b']], chain)).toThrow(
    /Set a pseudo count or a prior\. The first such row is row 1\./,
  );
  const levels = new IgnoredEstimator(new CategoricalDistribution({ a: 1 }));
  expect(() => optimize(['a', 'b' as 'a'], levels)).toThrow(
    /prior\. A CategoricalEstimator takes allowUnseen\. The first/,
  );
});
