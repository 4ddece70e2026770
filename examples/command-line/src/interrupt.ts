/** Ctrl-C: the first one ends the work with what there is, the second one ends the program. */

import type { Output } from './output.js';

/** What a shell gives for a program that Ctrl-C ended. */
const EXIT_CODE = 130;

/**
 * Runs `work` with a controller that the first Ctrl-C aborts. The exit code tells it then, whatever was saved.
 * @param kept  what is kept: `the best model so far`
 */
export async function withInterrupt<T>(
  output: Output,
  kept: string,
  work: (stop: AbortController) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onInterrupt = () => {
    if (stop.signal.aborted) {
      output.warn('dml: ended by Ctrl-C; nothing more is written');
      process.exit(EXIT_CODE);
    }
    stop.abort();
    process.exitCode = EXIT_CODE;
    output.warn(`stopped by Ctrl-C: going on with ${kept}; Ctrl-C again ends at once`);
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await work(stop);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}
