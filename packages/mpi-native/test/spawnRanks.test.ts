import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
// Threads must run the built package: they know no TypeScript.
import { MpiError, spawnRanks } from '../dist/index.js';
import { describeLauncher, expectSuccess, program } from './jobs.js';
import { launch } from './launch.js';

const programs = pathToFileURL(program('ranks/programs.mjs'));
const cores = availableParallelism();

/** The error of a job, and how long it took. */
async function failure(options: object): Promise<{ readonly error: MpiError; readonly milliseconds: number }> {
  const started = performance.now();
  const error = await spawnRanks(programs, { ranks: 3, ...options }).then(
    () => {
      throw new Error('the job did not fail');
    },
    (reason: unknown) => reason,
  );
  return { error: error as MpiError, milliseconds: performance.now() - started };
}

describe('ranks started from inside a program', () => {
  it('get the data, and give back what rank 0 returns', async () => {
    const data = { levels: ['a', 'b'], when: new Date(0), map: new Map([[1, -0]]) };
    const result = await spawnRanks(programs, { ranks: 3, data });
    expect(result).toEqual({ size: 3, kind: 'workers', sums: [3, 3], data });
  });

  it('are the world of the thread', async () => {
    expect(await spawnRanks(programs, { ranks: 2, name: 'sameWorld' })).toBe(true);
  });

  it('read the typed arrays of the data in one memory, whether the program has shared them or not', async () => {
    for (const memory of [new ArrayBuffer(8000), new SharedArrayBuffer(8000)]) {
      const rows = new Float64Array(memory).map((_, i) => i);
      const found = await spawnRanks(programs, { ranks: 3, name: 'sumOfShared', data: { rows } });
      expect(found).toEqual({ sum: (999 * 1000) / 2, isShared: true });
    }
  });

  it('report progress, each in order', async () => {
    const seen: [unknown, number][] = [];
    const onProgress = (value: unknown, rank: number) => seen.push([value, rank]);
    await spawnRanks(programs, { ranks: 2, name: 'count', data: 100, onProgress });
    for (const rank of [0, 1]) {
      const own = seen.filter(([, from]) => from === rank).map(([value]) => value);
      expect(own).toEqual(Array.from({ length: 100 }, (_, i) => i));
    }
  });

  it('work again and again, and several jobs at once', async () => {
    const jobs = Array.from({ length: 4 }, (_, data) => spawnRanks(programs, { ranks: 2, name: 'everywhere', data }));
    expect(await Promise.all(jobs)).toEqual([0, 1, 2, 3]);
    expect(await spawnRanks(programs, { ranks: 1, name: 'everywhere', data: 5 })).toBe(5);
  });

  it('end with their function, whatever still waits in their event loops', async () => {
    const data = 'keep the event loop busy';
    expect(await spawnRanks(programs, { ranks: 2, name: 'everywhere', data })).toBe(data);
  });
});

describe('the number of ranks', () => {
  const sizeOf = async (options: object) => ((await spawnRanks(programs, options)) as { size: number }).size;

  it('is that of the cores by default', async () => {
    expect(await sizeOf({})).toBe(cores);
    expect(await sizeOf({ data: { path: 'rows.csv' } })).toBe(cores);
  });

  it('is one, on the calling thread, where the rows are few', async () => {
    const small = { data: { rows: [1, 2, 3], mu: new Float64Array(1000) } };
    expect(await spawnRanks(programs, small)).toMatchObject({ size: 1, kind: 'self', ...small });
  });

  it('grows with the rows, one for each 512 KiB', async () => {
    const options = (bytes: number) => ({ name: 'sumOfShared', data: { rows: new Float64Array(bytes / 8) } });
    expect(await spawnRanks(programs, options(2 ** 20 - 8))).toMatchObject({ isShared: false });
    expect(await spawnRanks(programs, options(2 ** 20))).toMatchObject({ isShared: cores > 1 });
  });

  it.each([0, 1.5, -1, 513, '2'])('cannot be %s', async (ranks) => {
    expect((await failure({ ranks })).error).toMatchObject({ code: 'ERR_ARG' });
  });
});

describe('an option of spawnRanks', () => {
  it.each([
    [{ rank: 2 }, 'unknown option "rank". Did you mean "ranks"?'],
    [{ exprot: 'x' }, 'unknown option "exprot". Known: data, name, onProgress, ranks, signal, stop.'],
    [{ onProgress: 5 }, 'onProgress must be a function, found 5.'],
    [{ signal: 5 }, 'signal must be an AbortSignal, found 5.'],
    [{ stop: {} }, 'stop must be an AbortSignal, found an object.'],
    [{ name: 5 }, 'name must be the name of a function, found 5.'],
    [null, 'options must be an object, found null.'],
  ])('is refused: %o', async (options, message) => {
    await expect(spawnRanks(programs, options as object)).rejects.toMatchObject({
      code: 'ERR_ARG',
      message: expect.stringContaining(message),
    });
  });
});

describe('when one rank fails', () => {
  it.each([
    ['throw', 'rank 2 of 3: spawnRanks: RangeError: boom'],
    ['throw a string', 'rank 2 of 3: spawnRanks: "boom as a string" was thrown.'],
    ['reject unheard', 'rank 2 of 3: spawnRanks: boom that nobody awaits'],
    ['throw in a timer', 'rank 2 of 3: spawnRanks: boom in a timer'],
    ['exit 3', 'rank 2 of 3: spawnRanks: ended with exit code 3'],
    ['exit 0', 'collective calls do not match'],
    ['return early', 'collective calls do not match'],
    ['never settle', 'collective calls do not match'],
    ['abort 7', 'rank 2 of 3: spawnRanks: out of cheese'],
    ['report a function', 'rank 2 of 3: report: the value.found[0] is a function'],
    ['send a function', 'rank 2 of 3: sendObject: '],
  ])('the promise says who and why, soon: %s', async (data, message) => {
    const { error, milliseconds } = await failure({ name: 'fail', data });
    expect(error).toBeInstanceOf(MpiError);
    expect(error.message).toContain(message);
    expect(error.rank).toBe(2);
    expect(milliseconds).toBeLessThan(8000);
  });

  it('its error arrives with its class, stack, cause and fields', async () => {
    const { error } = await failure({ name: 'fail', data: 'throw' });
    expect(error).toMatchObject({
      code: 'ERR_REMOTE',
      cause: { message: 'boom', row: 7, cause: { message: 'below' } },
    });
    const { cause } = error as { readonly cause: Error };
    expect(cause).toBeInstanceOf(RangeError);
    expect(cause.cause).toBeInstanceOf(TypeError);
    expect(cause.stack).toContain('programs.mjs');
  });

  it('a field that cannot travel is left out, and the error arrives', async () => {
    const { error } = await failure({ name: 'fail', data: 'throw an error with a model' });
    expect(error.cause).toMatchObject({ message: 'boom with a model', row: 3 });
    expect(error.cause).not.toHaveProperty('model');
  });

  it('an error of the communicator keeps its code', async () => {
    expect((await failure({ name: 'fail', data: 'mismatch' })).error.code).toBe('ERR_MISMATCH');
  });

  it.each(['throw', 'exit 4', 'exit 0'])('or all do, one is told: %s', async (data) => {
    const { error } = await failure({ name: 'everywhere', data });
    expect(error.code).toBe('ERR_REMOTE');
    expect(error.message).toMatch(/boom on rank \d|exit code [04]/);
  });

  it('the program can start the next job', async () => {
    await failure({ name: 'fail', data: 'throw' });
    expect(await spawnRanks(programs, { ranks: 2, name: 'everywhere', data: 1 })).toBe(1);
  });
});

describe('what cannot be run', () => {
  it.each([2, undefined])('is a module that is not there (%s ranks)', async (ranks) => {
    const gone = spawnRanks(new URL('./gone.mjs', programs), { ranks, data: [] });
    await expect(gone).rejects.toMatchObject({ code: 'ERR_MODULE', message: expect.stringContaining('gone.mjs') });
  });

  it.each([2, undefined])('is a module without the function (%s ranks)', async (ranks) => {
    const unknown = spawnRanks(programs, { ranks, data: [], name: 'fit' });
    await expect(unknown).rejects.toMatchObject({
      code: 'ERR_MODULE',
      message: expect.stringMatching(/no function "fit"; .*everywhere/),
    });
  });

  it.each(['./programs.mjs', 'programs', 3, undefined])('is no address: %s', async (module) => {
    await expect(spawnRanks(module as string)).rejects.toMatchObject({ code: 'ERR_ARG' });
  });

  class Model {}
  it.each([
    ['a function', { rows: [1, { f: () => 1 }] }, 'data.rows[1].f is a function'],
    ['a symbol', [Symbol('x')], 'data[0] is a symbol'],
    ['a promise', { later: Promise.resolve(1) }, 'data.later is an instance of Promise'],
    ['an instance of a class', { model: new Model() }, 'data.model is an instance of Model'],
    ['one in a map', new Map([['m', new Model()]]), 'is an instance of Model'],
  ])('is data with %s', async (_, data, message) => {
    for (const ranks of [2, undefined]) {
      const refused = spawnRanks(programs, { ranks, data });
      await expect(refused).rejects.toMatchObject({ code: 'ERR_CLONE', message: expect.stringContaining(message) });
    }
  });

  it.each(['return a model', 'return a function'])('is a function that does this: %s', async (data) => {
    for (const ranks of [2, 1]) {
      const refused = spawnRanks(programs, { name: 'everywhere', data, ranks });
      await expect(refused).rejects.toMatchObject({
        code: 'ERR_CLONE',
        message: expect.stringContaining('the result'),
      });
    }
  });

  it('is data that holds itself only where it cannot be cloned', async () => {
    const ring: { self?: unknown; rows: Float64Array } = { rows: Float64Array.of(1) };
    ring.self = ring;
    const found = (await spawnRanks(programs, { ranks: 2, name: 'everywhere', data: ring })) as typeof ring;
    expect((found.self as typeof ring).rows[0]).toBe(1);
  });
});

describe('a signal', () => {
  const reason = new Error('enough');

  it.each(['fail', 'everywhere'])('ends ranks that loop without end, and those that wait (%s)', async (name) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 300);
    const { error, milliseconds } = await failure({ name, data: 'loop for ever', signal: controller.signal });
    expect(error).toBe(reason);
    expect(milliseconds).toBeLessThan(8000);
  });

  it('that has already spoken starts nothing', async () => {
    for (const ranks of [2, undefined]) {
      const refused = spawnRanks(programs, { ranks, data: [], signal: AbortSignal.abort(reason) });
      await expect(refused).rejects.toBe(reason);
    }
  });

  it('ends a job on the calling thread when it communicates next', async () => {
    const controller = new AbortController();
    const calls: unknown[] = [];
    const onProgress = (value: unknown) => {
      calls.push(value);
      if (calls.length === 3) controller.abort(reason);
    };
    const job = spawnRanks(programs, { name: 'goOn', data: [], onProgress, signal: controller.signal });
    await expect(job).rejects.toBe(reason);
    await new Promise((done) => setTimeout(done, 50));
    expect(calls).toHaveLength(3);
  });

  it('that speaks after the end changes nothing', async () => {
    const controller = new AbortController();
    const options = { ranks: 2, name: 'everywhere', data: 1, signal: controller.signal };
    expect(await spawnRanks(programs, options)).toBe(1);
    controller.abort(reason);
  });
});

describe('a request to stop', () => {
  it.each([{ ranks: 3 }, { ranks: 1 }, { data: [] }])('lets the ranks end with what they have: %j', async (options) => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const job = spawnRanks(programs, { name: 'countUntilStopped', stop: controller.signal, onProgress, ...options });
    const { count, size } = (await job) as { count: number; size: number };
    expect(count).toBeGreaterThanOrEqual(2);
    expect(size).toBe(options.ranks ?? 1);
  });

  it('that comes before the start stops at once, and one after the end changes nothing', async () => {
    const early = spawnRanks(programs, { name: 'countUntilStopped', ranks: 2, stop: AbortSignal.abort() });
    expect(await early).toMatchObject({ size: 2 });
    const controller = new AbortController();
    const options = { ranks: 2, name: 'everywhere', data: 1, stop: controller.signal };
    expect(await spawnRanks(programs, options)).toBe(1);
    controller.abort();
  });
});

it('an error of onProgress ends the job and is passed on as it is', async () => {
  const reason = new Error('cannot draw');
  const onProgress = () => {
    throw reason;
  };
  for (const options of [{ ranks: 2 }, { data: [] }]) {
    await expect(spawnRanks(programs, { ...options, onProgress })).rejects.toBe(reason);
  }
});

it('a job on the calling thread fails as on a thread of its own', async () => {
  const here = await spawnRanks(programs, { name: 'failHere', data: ['throw'] }).catch((error: unknown) => error);
  expect(here).toMatchObject({ code: 'ERR_REMOTE', rank: 0, message: 'rank 0 of 1: spawnRanks: RangeError: boom' });
  const aborted = await spawnRanks(programs, { name: 'failHere', data: ['abort'] }).catch((error: unknown) => error);
  expect(aborted).toMatchObject({ code: 'ERR_REMOTE', message: 'rank 0 of 1: spawnRanks: out of cheese' });
});

describe('other programs', () => {
  const node = async (...args: readonly string[]) =>
    (await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout;

  it('start ranks from CommonJS', async () => {
    expect(JSON.parse(await node(program('spawn.cjs'), '3'))).toEqual([60, 3]);
  });

  it.each([
    [['--max-old-space-size=256', '--stack-size=900']],
    [['--no-warnings', '--expose-gc', '--max-semi-space-size=8']],
    [['--conditions=development', '--enable-source-maps']],
  ])('start ranks under options of the engine: %s', async (flags) => {
    expect(JSON.parse(await node(...flags, program('spawn.cjs'), '2'))).toEqual([30, 2]);
  });

  it('start ranks from text on the command line', async () => {
    const entry = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;
    const text = `import { spawnRanks } from '${entry}';
      console.log(JSON.stringify(await spawnRanks(${JSON.stringify(program('ranks/sum.cjs'))}, { ranks: 2, data: 1 })));`;
    expect(await node('--input-type=module', '-e', text)).toBe('3\n');
  });

  it('start ranks from a worker thread', async () => {
    const worker = new Worker(program('spawn.cjs'), { argv: ['2'], stdout: true });
    let output = '';
    worker.stdout.on('data', (text) => {
      output += text;
    });
    await new Promise((done) => worker.on('exit', done));
    expect(JSON.parse(output)).toEqual([30, 2]);
  });

  it.each([
    ['DML_MPI_WATCHDOG', 'loop for ever', /^0 .*watchdog: blocked in barrier .* rank 1 is in no call/],
    ['DML_MPI_CHECK', 'mismatch', /^\d .*the ranks disagree: rank 0: barrier; rank 1: allreduce "sum" of 3 elements/],
  ])('find what hangs with %s=1', async (variable, data, message) => {
    const entry = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;
    const text = `import { spawnRanks } from '${entry}';
      process.env.${variable} = '1';
      const job = spawnRanks(new URL('${programs.href}'), { ranks: 2, name: 'fail', data: '${data}' });
      await job.catch((error) => console.log(error.rank, error.message));`;
    expect(await node('--input-type=module', '-e', text)).toMatch(message);
  });

  it('get an error when a rank has no memory left, and go on', async () => {
    const entry = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;
    const text = `import { spawnRanks } from '${entry}';
      const job = spawnRanks(new URL('${programs.href}'), { ranks: 2, name: 'fail', data: 'run out of memory' });
      await job.catch((error) => console.log(error.rank, error.message));`;
    const output = await node('--max-old-space-size=64', '--input-type=module', '-e', text);
    expect(output).toMatch(/^1 rank 1 of 2: spawnRanks: .*memory/);
  });
});

for (const launcher of ['openmpi', 'mpich', 'workers'] as const) {
  describeLauncher(launcher, () => {
    it('runs programs that start ranks of their own inside a rank', async () => {
      const outcome = await launch({ launcher, ranks: 2, script: program('spawnInside.mjs') });
      expectSuccess(outcome, 2);
      outcome.reports.forEach((report, rank) => {
        const failure = 'rank 1 of 2: spawnRanks: RangeError: boom';
        expect(report).toEqual({ rank, before: 2, seen: [2, rank, 1, rank], failure, after: 2 });
      });
    });
  });
}
