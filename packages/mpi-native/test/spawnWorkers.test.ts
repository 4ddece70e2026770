/** What the page does with workers that do not behave. Chromium's own are in `browser.test.ts`. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type PageEvent, type PageWorker, spawnRanks } from '../src/spawn/spawnWorkers.js';

/** A worker that says what the test tells it to say. */
class ScriptedWorker implements PageWorker {
  isTerminated = false;
  readonly received: unknown[] = [];
  readonly #listeners = new Map<string, (event: PageEvent) => void>();

  constructor(readonly refuses = false) {}

  postMessage(message: unknown): void {
    if (this.refuses) throw new DOMException('cannot clone', 'DataCloneError');
    this.received.push(message);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  addEventListener(type: string, listener: (event: PageEvent) => void): void {
    this.#listeners.set(type, listener);
  }
  emit(type: string, event: Omit<PageEvent, 'type'>): void {
    this.#listeners.get(type)?.({ type, ...event });
  }
  say(message: object): void {
    this.emit('message', { data: { '@dml/mpi-native': message } });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('sends the data when the worker is ready, and ends it when it is done', async () => {
  const worker = new ScriptedWorker();
  const job = spawnRanks(() => worker, { data: [1, 2] });
  expect(worker.received).toEqual([]);
  worker.say({ kind: 'ready' });
  expect(worker.received).toEqual([{ '@dml/mpi-native': { job: null, data: [1, 2] } }]);
  worker.say({ kind: 'done', value: 3 });
  expect(await job).toBe(3);
  expect(worker.isTerminated).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it('gives up a worker that does not call runRank within a minute', async () => {
  const worker = new ScriptedWorker();
  const job = spawnRanks(() => worker);
  const refused = expect(job).rejects.toMatchObject({
    code: 'ERR_MODULE',
    message: expect.stringContaining('has not called runRank'),
  });
  worker.emit('message', { data: 'a message of its own' });
  worker.emit('message', { data: null });
  vi.advanceTimersByTime(59_000);
  expect(worker.isTerminated).toBe(false);
  vi.advanceTimersByTime(2000);
  await refused;
  expect(worker.isTerminated).toBe(true);
});

it('is patient with a worker that has called it', async () => {
  const worker = new ScriptedWorker();
  const job = spawnRanks(() => worker);
  worker.say({ kind: 'ready' });
  vi.advanceTimersByTime(3_600_000);
  worker.say({ kind: 'done', value: 'late' });
  expect(await job).toBe('late');
});

it('says that data cannot be sent, and that a worker cannot be made', async () => {
  const worker = new ScriptedWorker(true);
  const job = spawnRanks(() => worker);
  const refused = expect(job).rejects.toMatchObject({ code: 'ERR_CLONE' });
  worker.say({ kind: 'ready' });
  await refused;
  const forbidden = spawnRanks(() => {
    throw new DOMException('by the policy of the page', 'SecurityError');
  });
  await expect(forbidden).rejects.toMatchObject({ message: expect.stringContaining('by the policy of the page') });
  await expect(spawnRanks('worker.js' as never)).rejects.toMatchObject({ code: 'ERR_ARG' });
  const start = (): never => expect.unreachable('no worker is started');
  for (const options of [null, { rank: 2 }, { name: 'fit' }, { onProgress: 5 }, { signal: 5 }]) {
    await expect(spawnRanks(start, options as object)).rejects.toMatchObject({ code: 'ERR_ARG' });
  }
});

it('says where a worker fails', async () => {
  const worker = new ScriptedWorker();
  const job = spawnRanks(() => worker);
  worker.emit('error', { message: 'x is not defined', filename: 'http://page/fit.worker.js' });
  await expect(job).rejects.toThrow('x is not defined (http://page/fit.worker.js)');
});
