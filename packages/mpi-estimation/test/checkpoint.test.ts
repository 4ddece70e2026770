import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../src/checkpoint/file.js';
import { CheckpointError, optimizeMpi } from '../src/index.js';
import { jsonCodec as codec, oneRank as comm, halfWay } from './oneRank.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dml-checkpoint-'));
  path = join(folder, 'fit');
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (payload: Uint8Array | undefined) => (payload === undefined ? undefined : codec.decode(payload));

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
  const rows = [0, 1, 2, 3];
  const options = { comm, codec, progress: 'silent', delta: null } as const;

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
    const checkpoint = { path: join(folder, 'no', 'fit'), everyIterations: 1, required: true };
    await expect(optimizeMpi(rows, halfWay(), { ...options, checkpoint })).rejects.toThrow('was not written');
  });
});
