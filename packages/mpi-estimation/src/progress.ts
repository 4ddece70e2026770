/** Tells a person how a fit goes. The root alone does it. */
import type { Iterate } from './ports.js';

/** `'lines'`: a line per iterate on standard error; `'bar'`: one line that is drawn again; `'silent'`; or your own. */
export type Progress = 'lines' | 'bar' | 'silent' | ((iterate: Iterate) => void);

/** Writes text somewhere. */
export interface Output {
  write(text: string): unknown;
}

/** One iterate as a line, without a line end. */
export function lineOf({ iteration, logLikelihood, change, validationLogLikelihood }: Iterate): string {
  const parts = [`iteration ${iteration}: log-likelihood ${logLikelihood.toPrecision(10)}`];
  if (!Number.isNaN(change)) parts.push(`change ${change.toExponential(2)}`);
  if (validationLogLikelihood !== undefined) parts.push(`validation ${validationLogLikelihood.toPrecision(10)}`);
  return parts.join(', ');
}

const BAR_WIDTH = 30;

/** What to do after each iterate. A bar fills as iterations are used up; a fit that converges ends before it is full. */
export function reporter(
  progress: Progress,
  {
    printEvery = 1,
    maxIterations,
    output = process.stderr,
  }: { printEvery?: number; maxIterations: number; output?: Output },
): { readonly report: (iterate: Iterate) => void; readonly end: () => void } {
  const nothing = () => {};
  if (progress === 'silent') return { report: nothing, end: nothing };
  const isDue = ({ iteration }: Iterate) => iteration % printEvery === 0;
  if (typeof progress === 'function') {
    return { report: (iterate) => isDue(iterate) && progress(iterate), end: nothing };
  }
  if (progress === 'lines') {
    return { report: (iterate) => isDue(iterate) && output.write(`${lineOf(iterate)}\n`), end: nothing };
  }
  const draw = (iterate: Iterate) => {
    const filled = Math.round((BAR_WIDTH * iterate.iteration) / Math.max(1, maxIterations));
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    output.write(
      `\r\u001b[2K${bar} ${iterate.iteration}/${maxIterations}, log-likelihood ${iterate.logLikelihood.toPrecision(10)}`,
    );
  };
  return { report: (iterate) => isDue(iterate) && draw(iterate), end: () => output.write('\n') };
}
