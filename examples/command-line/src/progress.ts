/** How a fit goes, in a terminal or in a file. */

import { digits } from '@dml-examples/tables';
import type { FitSettings, Progress } from './fitRows.js';
import type { Output } from './output.js';

const WIDTH = 20;
/** Milliseconds between two pictures of the bar. */
const EVERY = 80;

/** Reports iterates: a bar on a terminal, otherwise a line when a number of components is done. */
export class FitProgress {
  readonly #output: Output;
  readonly #settings: FitSettings;
  #last: Progress | undefined;
  #drawn = 0;

  constructor(output: Output, settings: FitSettings) {
    this.#output = output;
    this.#settings = settings;
  }

  readonly report = (progress: Progress): void => {
    if (this.#last !== undefined && this.#last.componentCount !== progress.componentCount) this.#finish(this.#last);
    this.#last = progress;
    if (!this.#output.isTerminal || performance.now() - this.#drawn < EVERY) return;
    this.#drawn = performance.now();
    this.#output.draw(this.#bar(progress));
  };

  /** The last number of components is done. */
  end(): void {
    if (this.#last !== undefined) this.#finish(this.#last);
    this.#last = undefined;
  }

  #bar({ componentCount, trial, iteration, change }: Progress): string {
    const { trials, range } = this.#settings;
    const done = trial / trials + (1 / trials) * (1 - Math.exp(-iteration / 30));
    const filled = Math.round(WIDTH * done);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
    const name = range === undefined ? 'fit' : `k=${componentCount}`;
    const gain = Number.isNaN(change) ? '' : `, ${change >= 0 ? '+' : ''}${digits(change)}`;
    return `${name} ${bar} trial ${trial + 1} of ${trials}, iteration ${iteration}${gain}`;
  }

  /** Which of the starts is chosen, and so the likelihood, the table says: it passes over those that are degenerate. */
  #finish({ componentCount, trial }: Progress): void {
    const name = this.#settings.range === undefined ? 'fit' : `k=${componentCount}`;
    this.#output.tell(`${name}: ${trial === 0 ? '1 start' : `${trial + 1} starts`} done`);
  }
}
