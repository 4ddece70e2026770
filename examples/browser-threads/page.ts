/** The page: fits in workers, draws a progress bar, and stays responsive. */
import { spawnRanks } from '@dml/mpi-native/browser';
import type fit from './fit.js';
import { algorithm, codec } from './fit.js';
import { visits } from './visits.js';

// Written like this, so that a bundler sees the address and makes a file of the worker's module.
const start = () => new Worker(new URL('./fit.worker.js', import.meta.url), { type: 'module' });

const bar = document.querySelector('progress')!;
const status = document.querySelector('output')!;
const [stop, cancel] = Array.from(document.querySelectorAll('button'));
const query = new URLSearchParams(location.search);
const maxIterations = query.has('endless') ? 1_000_000_000 : undefined;

const stopping = new AbortController(); // ends the fit with the best model so far
stop!.addEventListener('click', () => stopping.abort());
const cancelling = new AbortController(); // ends the workers
cancel!.addEventListener('click', () => cancelling.abort());
try {
  const fitted = await spawnRanks<typeof fit>(start, {
    data: { columns: algorithm.encode(visits(100_000)), ...(maxIterations === undefined ? {} : { maxIterations }) },
    stop: stopping.signal,
    signal: cancelling.signal,
    onProgress({ iteration }) {
      bar.value = iteration;
      status.textContent = `iteration ${iteration}`;
    },
  });
  const model = codec.decode(fitted!.model) as { readonly w: ArrayLike<number> };
  const hex = Array.from(fitted!.model, (byte) => byte.toString(16).padStart(2, '0')).join('');
  status.textContent = JSON.stringify({ workers: fitted!.workers, w: Array.from(model.w), iterations: bar.value, hex });
} catch (error) {
  status.textContent = cancelling.signal.aborted ? 'cancelled' : String(error);
}
