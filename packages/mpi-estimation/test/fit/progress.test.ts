import { describe, expect, it } from 'vitest';
import { lineOf, reporter } from '../../src/fit/progress.js';

const first = { iteration: 0, logLikelihood: -12.5, change: Number.NaN, step: 'plain', isRejected: false } as const;
const second = { ...first, iteration: 5, logLikelihood: -10, change: 2.5, validationLogLikelihood: -3 };

describe('progress', () => {
  it('is a line per iterate, with what is known', () => {
    expect(lineOf(first)).toBe('iteration 0: log-likelihood -12.50000000');
    expect(lineOf(second)).toBe('iteration 5: log-likelihood -10.00000000, change 2.50e+0, validation -3.000000000');
  });

  it('names steps that are not plain, and those that were rejected', () => {
    expect(lineOf({ ...first, iteration: 3, change: -1, step: 'squarem', isRejected: true })).toBe(
      'iteration 3: log-likelihood -12.50000000, change -1.00e+0, SQUAREM step, rejected',
    );
    expect(lineOf({ ...first, iteration: 3, change: 1, step: 'anderson' })).toBe(
      'iteration 3: log-likelihood -12.50000000, change 1.00e+0, Anderson step',
    );
  });

  it('says of which trial of how many components an iterate is, in a search for their number', () => {
    const iterate = { ...first, componentCount: 3, trial: 1, progress: 0.5 };
    expect(lineOf(iterate)).toBe('3 components, trial 2, iteration 0: log-likelihood -12.50000000');
    let text = '';
    const output = { write: (more: string) => (text += more) };
    const { report, end } = reporter('bar', { maxIterations: 10, output });
    report({ ...iterate, componentCount: 1 });
    const bar = `${'█'.repeat(15)}${'░'.repeat(15)}`;
    expect(text).toContain(`${bar} 1 component, trial 2, iteration 0, log-likelihood -12.50000000`);
    end({ reason: 'dropped', iterations: 17, logLikelihood: -9.5, path: [], remainingGain: 0 }, 'trial 2 of 3');
    expect(text).toContain('trial 2 of 3 given up, as its limit is below the best, after 17 iterations');
  });

  it('is a bar that fills on one line, lines, or nothing, and tells how each fit ended', () => {
    let text = '';
    const output = { write: (more: string) => (text += more) };
    const path = [first, { ...second, step: 'squarem' }, { ...second, step: 'anderson', isRejected: true }] as const;
    const fit = { reason: 'converged', iterations: 6, logLikelihood: -9.5, path, remainingGain: 0 } as const;
    const told = (progress: 'bar' | 'lines' | 'silent', label?: string) => {
      text = '';
      const { report, end } = reporter(progress, { maxIterations: 10, printEvery: 5, output });
      for (const iterate of [first, { ...second, iteration: 4 }, second]) report(iterate);
      end(fit, label);
      return text;
    };
    expect(told('bar')).toContain(`${'█'.repeat(15)}${'░'.repeat(15)} 5/10`);
    expect(text.split('\n')).toHaveLength(2);
    expect(told('lines', 'trial 2 of 3').split('\n')).toEqual([
      lineOf(first),
      lineOf(second),
      'trial 2 of 3 converged after 6 iterations (2 accelerated, 1 rejected): log-likelihood -9.500000000',
      '',
    ]);
    expect(told('silent')).toBe('');
    const { end } = reporter('lines', { output });
    text = '';
    end({ ...fit, reason: 'maxIterations', path: [first], remainingGain: 0.25 });
    expect(text).toBe('stopped after 6 iterations: log-likelihood -9.500000000, about 0.25 to gain\n');
    text = '';
    end({ ...fit, reason: 'maxIterations', path: [first], remainingGain: Infinity });
    expect(text).toBe('stopped after 6 iterations: log-likelihood -9.500000000\n');
  });
});
