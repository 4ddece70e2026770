import { describe, expect, it } from 'vitest';
import { EstimationError, OptionError, ParameterError } from '../../src/errors.js';
import { checkStop, conclude, decide, type Iterate, iterateAfter } from '../../src/fit/converge.js';
import { isLosing } from '../../src/fit/losing.js';

/** Iterates with these log-likelihoods, and log-densities of the prior: the last one for all that follow. */
function withPrior(logLikelihoods: readonly number[], ...logPriors: readonly number[]): Iterate[] {
  const iterates: Iterate[] = [];
  for (const [i, logLikelihood] of logLikelihoods.entries()) {
    const logPrior = logPriors[Math.min(i, logPriors.length - 1)];
    iterates.push(iterateAfter(iterates, { logLikelihood, logPrior, step: 'plain', isRejected: false }));
  }
  return iterates;
}

function path(logLikelihoods: readonly number[], validation?: readonly number[]): Iterate[] {
  return logLikelihoods.map((logLikelihood, iteration) => ({
    iteration,
    logLikelihood,
    change: iteration === 0 ? Number.NaN : logLikelihood - logLikelihoods[iteration - 1]!,
    step: 'plain',
    isRejected: false,
    ...(validation === undefined ? {} : { validationLogLikelihood: validation[iteration]! }),
  }));
}

describe('conclude', () => {
  /** A path of accepted iterates with these gains. */
  const gaining = (gains: readonly (readonly [Iterate['step'], number])[]) => {
    const iterates = path([-500]);
    for (const [step, change] of gains) {
      const { iteration, logLikelihood } = iterates.at(-1)!;
      iterates.push({
        iteration: iteration + 1,
        logLikelihood: logLikelihood + change,
        step,
        change,
        isRejected: false,
      });
    }
    return iterates;
  };
  const shrinking = (ratio: number, count: number) =>
    gaining(Array.from({ length: count }, (_, i) => ['plain', 64 * ratio ** i]));
  const leftOf = (iterates: readonly Iterate[]) => conclude(iterates, {}, 1, 'maxIterations').remainingGain;

  // Gains 64, 32, …, 0.5: what is left is 0.25 + 0.125 + … = 0.5.
  it('sums the gains to come of a geometric series, as Aitken does', () => {
    const { remainingGain, findings } = conclude(shrinking(1 / 2, 8), {}, 1, 'maxIterations');
    expect(remainingGain).toBeCloseTo(0.5, 12);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'unconverged', path: '' });
    expect(findings[0]!.message).toMatch(/after 8 iterations: about 0.50 nats are left to gain/);
    expect(leftOf(shrinking(0.9, 20))).toBeCloseTo(64 * (0.9 ** 20 / 0.1), 9);
  });

  it('asks what gains have stood for since the fit was half as long, past tries and rejected iterates', () => {
    // EM steps gain 8, 4, 2, 1, and a try after each as much again. From a step of gain g to the end 2 (g - 1) + 1 nats are gained
    // while the gain falls by g - 1.
    const half = [8, 4, 2, 1].flatMap(
      (gain) =>
        [
          ['plain', gain],
          ['squarem', gain],
        ] as const,
    );
    const iterates = gaining([...half.map(([step]) => [step, 16] as const), ...half]);
    const [, median, largest] = [8, 4, 2].map((gain) => (2 * (gain - 1) + gain) / (gain - 1));
    expect(leftOf(iterates)).toBeCloseTo(Math.sqrt(median! * largest!), 12);
    const { iteration, logLikelihood } = iterates.at(-1)!;
    const rejected = {
      iteration: iteration + 1,
      logLikelihood: logLikelihood - 9,
      step: 'squarem',
      change: -9,
      isRejected: true,
    } as const;
    expect(leftOf([...iterates, rejected])).toBe(leftOf(iterates));
  });

  it('knows nothing before eight EM steps, or two of a fit that has converged', () => {
    expect(leftOf(shrinking(1 / 2, 7))).toBeNaN();
    expect(leftOf(gaining(Array.from({ length: 14 }, (_, i) => [i % 2 ? 'squarem' : 'plain', 2 ** -i])))).toBeNaN();
    expect(conclude(shrinking(1 / 2, 1), {}, 1, 'converged').remainingGain).toBeNaN();
    expect(conclude(shrinking(1 / 2, 2), {}, 1, 'converged').remainingGain).toBeCloseTo(32, 12);
  });

  it('knows nothing with a prior that is not known, and no end where gains grow', () => {
    const growing = gaining(Array.from({ length: 9 }, (_, i) => ['plain', 1 + i]));
    expect(leftOf(growing)).toBe(Infinity);
    expect(conclude(growing, {}, 1, 'converged').remainingGain).toBeNaN();
    expect(leftOf(shrinking(1 / 2, 9).map((iterate) => ({ ...iterate, logPrior: Number.NaN })))).toBeNaN();
    expect(conclude(path([-16, -8, -8]), {}, 1, 'converged')).toEqual({ remainingGain: 0, findings: [] });
  });

  it.each([
    ['0 iterations', path([-16])],
    ['1 iteration', path([-16, -8])],
  ])('does not know what is left after %s, and says so', (count, iterates) => {
    const [finding] = conclude(iterates, {}, 1, 'maxIterations').findings;
    expect(finding).toMatchObject({ kind: 'unconverged', path: '' });
    expect(finding!.message).toMatch(`after ${count}: how much is left to gain is not known`);
    expect(conclude(iterates, { delta: null }, 1, 'maxIterations').findings).toEqual([]);
  });

  it('finds nothing wrong with a fit that was to make so many iterations', () => {
    expect(conclude(shrinking(1 / 2, 9), { delta: null }, 1, 'maxIterations').findings).toEqual([]);
    expect(conclude(shrinking(1 / 2, 9), { delta: 0.3 }, 1, 'maxIterations').findings).toEqual([]);
    expect(conclude(shrinking(1 / 2, 9), { delta: 0.2 }, 1, 'maxIterations').findings).toHaveLength(1);
  });
});

describe('isLosing', () => {
  // -100 (a^i): gains shrink by a, so the limit is 0.
  const towardsZero = (a: number, count: number) => path(Array.from({ length: count }, (_, i) => -100 * a ** i));

  it('gives up a fit whose limit lies below what another has reached, and no other', () => {
    const fit = towardsZero(0.7, 25);
    // The later half of the iterations has gained 100 (0.7^12 - 0.7^24), about 1.365.
    expect(isLosing(fit, 11)).toBe(true);
    expect(isLosing(fit, 10.8)).toBe(false);
    expect(isLosing(fit, -0.001)).toBe(false);
    expect(isLosing(fit, -Infinity)).toBe(false);
  });

  it('waits for 16 iterations, for an EM step, and while gains grow', () => {
    expect(isLosing(towardsZero(0.5, 16), 10)).toBe(false);
    expect(isLosing(towardsZero(0.5, 17), 10)).toBe(true);
    const fit = towardsZero(0.7, 25);
    const [last] = fit.slice(-1);
    expect(isLosing([...fit.slice(0, -1), { ...last!, step: 'squarem' }], 10)).toBe(false);
    expect(isLosing([...fit.slice(0, -1), { ...last!, isRejected: true }], 10)).toBe(false);
    const growing = path(Array.from({ length: 30 }, (_, i) => -100 + 1e-9 * 1.3 ** i));
    expect(isLosing(growing, -99)).toBe(false);
  });

  it('gives up nothing with a prior that is not known, under which the likelihood may fall', () => {
    const fit = towardsZero(0.7, 25).map((iterate) => ({ ...iterate, logPrior: Number.NaN }));
    expect(isLosing(fit, 10)).toBe(false);
  });

  it('compares objectives with a prior that is known', () => {
    const fit = towardsZero(0.5, 17);
    const pulled = fit.map((iterate) => ({ ...iterate, logPrior: -30 }));
    expect([isLosing(fit, -20), isLosing(pulled, -20)]).toEqual([false, true]);
  });
});

describe('decide', () => {
  it('goes on from the start, however good', () => {
    expect(decide(path([0]), { delta: 1 }, 1)).toMatchObject({ stop: undefined, best: 0 });
  });

  it('returns the last iterate when the gain is small but positive', () => {
    expect(decide(path([-9, -5, -4.5]), { delta: 1 }, 1)).toMatchObject({ stop: 'converged', best: 2 });
  });

  it('returns the one before when the likelihood fell', () => {
    expect(decide(path([-9, -5, -6]), {}, 1)).toMatchObject({ stop: 'decreased', best: 1 });
  });

  it('takes a loss by rounding for no loss, and returns the later iterate, which is closer to the maximum', () => {
    const last = -300 - 1e-13;
    expect(decide(path([-400, -300, last]), {}, 1)).toMatchObject({ stop: 'converged', best: 2 });
    expect(decide(path([-300, last]), {}, 1)).toMatchObject({ stop: 'converged', best: 0 });
    expect(decide(path([-400, -300, -300 - 1e-9]), {}, 1)).toMatchObject({ stop: 'decreased', best: 1 });
  });

  it('with a prior that is not known stops at a small change up or down, and returns the newest iterate', () => {
    const unknown = (scores: number[]) => withPrior(scores, Number.NaN);
    expect(decide(unknown([-5, -6]), { delta: 0.1 }, 1)).toMatchObject({ stop: undefined, best: 1 });
    expect(decide(unknown([-5, -6, -6.05]), { delta: 0.1 }, 1)).toMatchObject({ stop: 'converged', best: 2 });
    const validated = path([-5, -6, -7], [-3, -1, -2]).map((iterate) => ({ ...iterate, logPrior: Number.NaN }));
    expect(decide(validated, { delta: 0.1 }, 1).best).toBe(1);
  });

  it('with a prior compares what both have gained', () => {
    const rising = withPrior([-5, -6, -6.05], -9, -4, -3.9);
    expect(rising.map(({ change }) => change)).toEqual([Number.NaN, 4, expect.closeTo(0.05, 12)]);
    expect(decide(rising, { delta: 0.1 }, 1)).toMatchObject({
      stop: 'converged',
      best: 2,
      highest: expect.closeTo(-9.95),
    });
    expect(decide(withPrior([-5, -4], -1, -3), {}, 1)).toMatchObject({ stop: 'decreased', best: 0 });
  });

  it('goes on where the density of the prior is infinite after the start, as where it is not known', () => {
    const atBorder = withPrior([-5, -6], -1, Infinity);
    expect(atBorder[1]).toMatchObject({ logPrior: Number.NaN, change: -1 });
    expect(decide(atBorder, { delta: 0.1 }, 1)).toMatchObject({ stop: undefined, best: 1 });
    const fromImpossible = withPrior([-5, -6], -Infinity, -1);
    expect(fromImpossible[1]!.change).toBe(Infinity);
    expect(decide(fromImpossible, { delta: 0.1 }, 1)).toMatchObject({ stop: undefined, best: 1 });
  });

  it('takes the best of all without a stopping rule', () => {
    expect(decide(path([-9, -5, -6, -4]), { delta: null, maxIterations: 9 }, 1)).toMatchObject({
      stop: undefined,
      best: 3,
    });
  });

  it('multiplies a tolerance per row by the weight', () => {
    expect(decide(path([-9, -5]), { deltaPerRow: 1 }, 3).stop).toBeUndefined();
    expect(decide(path([-9, -5]), { deltaPerRow: 1 }, 5).stop).toBe('converged');
  });

  it('looks at a few iterates, however long the fit has been', () => {
    const long = path(Array.from({ length: 1001 }, (_, i) => -1 / (1 + i)));
    const before = decide(long.slice(0, -1), { delta: null }, 1);
    let looks = 0;
    const counted = new Proxy(long, {
      get(target, key) {
        looks++;
        return Reflect.get(target, key);
      },
    });
    expect(decide(counted, { delta: null }, 1, before)).toEqual(decide(long, { delta: null }, 1));
    expect(looks).toBeLessThan(100);
  });

  it('lets the validation rows choose', () => {
    expect(decide(path([-9, -5, -4], [-3, -1, -2]), {}, 1).best).toBe(1);
    expect(decide(path([-9, -5, -4], [-Infinity, -Infinity, -Infinity]), {}, 1).best).toBe(2);
    expect(decide(path([-9, -5, -4], [-Infinity, -7, -Infinity]), {}, 1).best).toBe(1);
  });

  it.each([
    ['a likelihood that is NaN', path([-9, Number.NaN])],
    ['a likelihood of +Infinity', path([-9, Infinity])],
    ['a likelihood that stays at -Infinity', path([-Infinity, -Infinity])],
    ['validation rows that score NaN', path([-9, -5], [-1, Number.NaN])],
  ])('refuses %s', (_, iterates) => {
    expect(() => decide(iterates, {}, 1)).toThrow(EstimationError);
  });

  it('allows a start at -Infinity', () => {
    expect(decide(path([-Infinity]), {}, 1).stop).toBeUndefined();
    expect(decide(path([-Infinity, -5]), {}, 1)).toMatchObject({ stop: undefined, best: 1 });
  });
});

describe('checkStop', () => {
  it.each([[{ maxIterations: -1 }], [{ maxIterations: Number.NaN }], [{ delta: -1 }], [{ deltaPerRow: Number.NaN }]])(
    'refuses %j',
    (options) => expect(() => checkStop(options)).toThrow(ParameterError),
  );

  it('refuses both tolerances at once', () => {
    expect(() => checkStop({ delta: 1, deltaPerRow: 1 })).toThrow(OptionError);
  });
});
