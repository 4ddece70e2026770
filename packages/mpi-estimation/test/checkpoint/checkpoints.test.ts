import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FoundCheckpoint, readCheckpoint, writeCheckpoint } from '../../src/checkpoint/file.js';
import { CheckpointError, type Iterate, optimizeMpi } from '../../src/index.js';
import { jsonCodec as codec, oneRank as comm, halfWay } from '../oneRank.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dml-checkpoint-'));
  path = join(folder, 'fit');
});
afterEach(() => rmSync(folder, { recursive: true }));

const rows = [0, 1, 2, 3];
const options = { comm, codec, progress: 'silent', delta: null } as const;
const text = (found: FoundCheckpoint | undefined) => (found === undefined ? undefined : codec.decode(found.payload));

describe('a checkpoint file', () => {
  it('comes back, newest first, and only as many are kept as asked', async () => {
    for (const state of ['one', 'two', 'three']) await writeCheckpoint(path, 2, codec, state);
    expect(text(await readCheckpoint(path, 2, codec))).toBe('three');
    expect(readdirSync(folder).sort()).toEqual(['fit', 'fit.1']);
    // As after a kill between two renames.
    rmSync(path);
    expect(text(await readCheckpoint(path, 2, codec))).toBe('two');
  });

  it('is refused when any byte of it has changed or the end is missing', async () => {
    await writeCheckpoint(path, 2, codec, { mu: 1.5 });
    const good = readFileSync(path);
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x01;
      writeFileSync(path, bad);
      await expect(readCheckpoint(path, 2, codec), `byte ${at}`).rejects.toThrow();
      writeFileSync(path, good.subarray(0, at));
      await expect(readCheckpoint(path, 2, codec), `${at} bytes`).rejects.toThrow(CheckpointError);
    }
  });

  it('is refused when another codec wrote it', async () => {
    await writeCheckpoint(path, 2, { ...codec, id: 'other' }, 1);
    await expect(readCheckpoint(path, 2, codec)).rejects.toThrow('codec "other"');
  });

  it('leaves nothing behind when it cannot be written', async () => {
    const broken = { ...codec, encode: () => Uint8Array.of(1) };
    await expect(writeCheckpoint(join(folder, 'no', 'fit'), 2, broken, 1)).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a fit with checkpoints', () => {
  it('goes on where an earlier one ended, as if it had never stopped', async () => {
    const checkpoint = { path, everyIterations: 2, resume: true };
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 5, checkpoint });
    const seen: number[] = [];
    const resumed = await optimizeMpi(rows, halfWay(), {
      ...options,
      maxIterations: 9,
      checkpoint,
      progress: ({ iteration }) => seen.push(iteration),
    });
    const straight = await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 9 });
    expect(seen[0]).toBe(4);
    expect([resumed.model, resumed.path]).toEqual([straight.model, straight.path]);
  });

  it('starts afresh when it is not told to resume, and keeps the older file', async () => {
    const checkpoint = { path, everyIterations: 4 };
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 5, checkpoint });
    renameSync(path, `${path}.seen`);
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 5, checkpoint });
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(`${path}.seen`, 'utf8'));
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  it.each([
    ['other rows', [0, 1, 2, 4], {}],
    ['another delta', rows, { delta: 0.5 }],
    ['another seed', rows, { seed: 5 }],
    ['another first model', rows, { initialModel: { mu: 2 } }],
  ])('is refused by a fit with %s', async (_what, otherRows, other) => {
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 3, checkpoint: { path, everyIterations: 1 } });
    const resuming = { ...options, ...other, checkpoint: { path, resume: true } };
    await expect(optimizeMpi(otherRows, halfWay(), resuming)).rejects.toThrow('belongs to another fit');
  });

  it('does not write over a file that is no checkpoint', async () => {
    writeFileSync(path, 'my notes\n');
    await expect(optimizeMpi(rows, halfWay(), { ...options, checkpoint: { path } })).rejects.toThrow(
      'is not a checkpoint',
    );
    expect(readFileSync(path, 'utf8')).toBe('my notes\n');
  });

  it('ends when a required checkpoint cannot be written', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    const checkpoint = { path: join(inside, 'fit'), everyIterations: 1, required: true };
    const progress = () => rmSync(inside, { recursive: true, force: true });
    await expect(optimizeMpi(rows, halfWay(), { ...options, checkpoint, progress })).rejects.toThrow(
      'was not written after iteration 1: ENOENT',
    );
  });

  it('does not begin when the folder is missing, whether checkpoints are required or not', async () => {
    let isRead = false;
    const stream = (async function* () {
      isRead = true;
      yield rows;
    })();
    const checkpoint = { path: join(folder, 'no', 'fit') };
    await expect(optimizeMpi(stream, halfWay(), { ...options, checkpoint })).rejects.toThrow(
      `checkpoint: the folder ${join(folder, 'no')} cannot be written: ENOENT`,
    );
    expect(isRead).toBe(false);
  });

  it('goes on from the one before when the newest is damaged, with a warning, and keeps the damaged file', async () => {
    const straight = await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 9 });
    const checkpoint = { path, everyIterations: 2, resume: true };
    for (const damage of ['torn', 'changed', 'empty', 'without a whole first line']) {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 5, checkpoint });
      const whole = readFileSync(path);
      const bad = Buffer.from(whole);
      if (damage === 'changed') bad[whole.length - 5]! ^= 1;
      const lengths = { torn: whole.length - 3, changed: whole.length, empty: 0 } as const;
      const damaged = bad.subarray(0, lengths[damage as keyof typeof lengths] ?? 30);
      writeFileSync(path, damaged);
      const warned: string[] = [];
      const onWarning = (warning: Error) => warned.push(`${warning.name}: ${warning.message}`);
      process.on('warning', onWarning);
      const seen: number[] = [];
      const progress = ({ iteration }: Iterate) => seen.push(iteration);
      const resumed = await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 9, checkpoint, progress });
      process.off('warning', onWarning);
      expect(seen[0], damage).toBe(2);
      expect([resumed.model, resumed.path]).toEqual([straight.model, straight.path]);
      expect(warned).toEqual([expect.stringContaining(`CheckpointWarning: the checkpoint ${path} is damaged.`)]);
      expect(readFileSync(`${path}.damaged`)).toEqual(damaged);
    }
  });

  it('does not begin when all checkpoints are damaged', async () => {
    const checkpoint = { path, everyIterations: 2, resume: true };
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 5, checkpoint });
    for (const file of [path, `${path}.1`]) writeFileSync(file, readFileSync(file).subarray(0, 200));
    await expect(optimizeMpi(rows, halfWay(), { ...options, checkpoint })).rejects.toThrow('fit is damaged');
  });
});

describe('a path that another fit uses', () => {
  it('is refused to the second fit of one process at its start, and free again when the first has ended', async () => {
    const checkpoint = { path, everyIterations: 1 };
    let second: unknown;
    const progress = async ({ iteration }: Iterate) => {
      if (iteration !== 1) return;
      second = await optimizeMpi(rows, halfWay(), { ...options, checkpoint }).catch((error: Error) => error.message);
    };
    const first = await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 3, checkpoint, progress });
    expect(first.iterations).toBe(3);
    expect(second).toContain(`the checkpoint ${path} is in use by process ${process.pid}`);
    expect(readdirSync(folder).sort()).toEqual(['fit', 'fit.1']);
    await optimizeMpi(rows, halfWay(), { ...options, checkpoint });
  });

  it.each([
    ['of a process that has ended', { host: hostname(), pid: 2 ** 22 + 1 }],
    ['of an earlier process with the same number', { host: hostname(), pid: process.pid, started: '1' }],
    ['that is not whole', undefined],
  ])('is taken over from a lock %s', async (_what, owner) => {
    writeFileSync(`${path}.lock`, owner === undefined ? '{"ho' : JSON.stringify(owner));
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 1, checkpoint: { path } });
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is taken over with a warning from a host that cannot be asked', async () => {
    writeFileSync(`${path}.lock`, JSON.stringify({ host: 'elsewhere', pid: 7 }));
    const warned: string[] = [];
    const onWarning = ({ message }: Error) => warned.push(message);
    process.on('warning', onWarning);
    await optimizeMpi(rows, halfWay(), { ...options, maxIterations: 1, checkpoint: { path } });
    process.off('warning', onWarning);
    expect(warned).toEqual([expect.stringContaining('process 7 on elsewhere')]);
  });
});
