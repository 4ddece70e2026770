// A page for the tests: window.job(worker, options) runs a job, and says how it ended as plain data.
import { spawnRanks } from '../../../dist/browser.js';

/** `stopAfter`, `abortAfter`: a number of reports, or milliseconds as { milliseconds }. */
window.job = async (worker, { abortAfter, stopAfter, ...options } = {}) => {
  const controller = new AbortController();
  const stopping = new AbortController();
  const reason = new Error('enough');
  const reports = [];
  const onProgress = (value, rank) => {
    reports.push([value, rank]);
    if (reports.length === abortAfter) controller.abort(reason);
    if (reports.length === stopAfter) stopping.abort();
  };
  if (abortAfter?.milliseconds !== undefined) setTimeout(() => controller.abort(reason), abortAfter.milliseconds);
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const start = () => new Worker(`/${worker}.js`, { type: 'module' });
  try {
    const value = await spawnRanks(start, { ...options, onProgress, signal: controller.signal, stop: stopping.signal });
    return { value, reports, turns };
  } catch (error) {
    const { name, message, code, rank, cause } = error;
    return { error: { name, message, code, rank, cause: cause && `${cause.name}: ${cause.message}` }, reports, turns };
  } finally {
    clearInterval(timer);
  }
};

/** Data that a test cannot send to a page. */
window.oddJob = async (kind) => {
  class Model {}
  const data = { function: () => 1, class: { rows: [new Model()] }, symbol: [Symbol('s')] }[kind];
  return window.job('programs', { data });
};

/** Rows in the memory of the page. */
window.sumJob = (length, ranks) => window.job('programs', { data: { sum: new Float64Array(length).fill(2) }, ranks });
