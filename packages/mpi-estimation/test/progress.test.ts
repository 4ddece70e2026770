import { describe, expect, it } from 'vitest';
import { lineOf, reporter } from '../src/progress.js';

const first = { iteration: 0, logLikelihood: -12.5, change: Number.NaN };
const second = { iteration: 5, logLikelihood: -10, change: 2.5, validationLogLikelihood: -3 };

describe('progress', () => {
  it('is a line per iterate, with what is known', () => {
    expect(lineOf(first)).toBe('iteration 0: log-likelihood -12.50000000');
    expect(lineOf(second)).toBe('iteration 5: log-likelihood -10.00000000, change 2.50e+0, validation -3.000000000');
  });

  it('is a bar that fills on one line, or nothing', () => {
    let text = '';
    const output = { write: (more: string) => (text += more) };
    const bar = reporter('bar', { maxIterations: 10, output });
    bar.report(second);
    bar.end();
    expect(text).toContain(`${'█'.repeat(15)}${'░'.repeat(15)} 5/10`);
    expect(text.split('\n')).toHaveLength(2);
    text = '';
    const silent = reporter('silent', { maxIterations: 10, output });
    silent.report(second);
    silent.end();
    expect(text).toBe('');
  });
});
