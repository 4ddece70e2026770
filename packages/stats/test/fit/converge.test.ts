import { describe, expect, it } from 'vitest';
import { EstimationError, OptionError, ParameterError } from '../../src/errors.js';
import { checkStop, conclude, decide, type Iterate, isLosing, iterateAfter } from '../../src/fit/converge.js';

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
  // Gains 8, 4, 2, 1, … have the sum 16: after the gain of 2, still 2.
  it('sums the gains to come, as a geometric series of the last two', () => {
    const { remainingGain, findings } = conclude(path([-16, -8, -4, -2]), {}, 1, 'maxIterations');
    expect(remainingGain).toBeCloseTo(2, 12);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'unconverged', path: '' });
    expect(findings[0]!.message).toMatch(/after 3 iterations: about 2.0 nats are left to gain/);
  });

  it('takes two EM steps in a row, past tries and rejected iterates', () => {
    const [start, ...rest] = path([-16, -8, -4, -9, -2]);
    const mixed = [start!, ...rest.slice(0, 2), { ...rest[2]!, step: 'squarem', isRejected: true }] as Iterate[];
    expect(conclude(mixed, {}, 1, 'maxIterations').remainingGain).toBeCloseTo(4, 12);
    const next = { ...rest[3]!, change: 2 };
    expect(conclude([...mixed, next], {}, 1, 'maxIterations').remainingGain).toBeCloseTo(2, 12);
  });

  // Gains 90, 80 before the try: the ratio 8/9 would leave 8 times the gain.
  it('after a try takes the mean of what is left if it has removed nothing, and if it has removed all that is slow', () => {
    const of = (gains: readonly (readonly [Iterate['step'], number])[]) => {
      const iterates = path([-500]);
      for (const [step, change] of gains) {
        const { iteration, logLikelihood } = iterates.at(-1)!;
        const at = { iteration: iteration + 1, logLikelihood: logLikelihood + change };
        iterates.push({ ...at, step, change, isRejected: false });
      }
      return iterates;
    };
    const cycle = [
      ['plain', 100],
      ['plain', 90],
      ['plain', 80],
      ['squarem', 20],
    ] as const;
    const leftOf = (...more: (readonly [Iterate['step'], number])[]) =>
      conclude(of([...cycle, ...more]), {}, 1, 'maxIterations').remainingGain;
    expect(leftOf()).toBeCloseTo(640, 9);
    expect(leftOf(['plain', 0.1])).toBeCloseTo(0.1 * Math.sqrt(8), 12);
    // The first gain after the try is large in all directions: its ratio to the next says nothing.
    expect(leftOf(['plain', 4], ['plain', 0.1])).toBeCloseTo(0.1 * Math.sqrt(8), 12);
    expect(leftOf(['plain', 4], ['plain', 0.2], ['plain', 0.1])).toBeCloseTo(0.1, 12);
    // A try that gains 3 shows that at least 3 were left.
    expect(leftOf(['plain', 0.1], ['anderson', 3])).toBeCloseTo(3, 12);
    expect(leftOf(['plain', 0.1], ['anderson', 3], ['plain', 0.2])).toBeCloseTo(0.2, 12);
  });

  it('knows nothing after one step or with a prior, and no end where gains grow', () => {
    expect(conclude(path([-16, -8]), {}, 1, 'maxIterations').remainingGain).toBeNaN();
    expect(conclude(path([-9, -8, -7, -5]), {}, 1, 'converged').remainingGain).toBeNaN();
    expect(conclude(withPrior([-16, -8, -4], Number.NaN), {}, 1, 'maxIterations').remainingGain).toBeNaN();
    expect(conclude(path([-16, -15, -13]), {}, 1, 'maxIterations').remainingGain).toBe(Infinity);
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
    expect(conclude(path([-16, -8, -4]), { delta: null }, 1, 'maxIterations').findings).toEqual([]);
    expect(conclude(path([-16, -8, -4]), { delta: 5 }, 1, 'maxIterations').findings).toEqual([]);
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
