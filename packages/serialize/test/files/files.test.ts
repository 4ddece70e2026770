import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCodec, loadModel, saveModel } from '../../src/node.js';
import { codec, Gaussian, Mixture } from '../models.js';
import { fileOf, fromHex, sameBytes } from '../payload.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dml-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const model = new Mixture([new Gaussian(0, 1), new Gaussian(-0, 5e-324)], new Float64Array([0.25, 0.75]));
const large = { model, x: Float64Array.from({ length: 8200 }, (_, i) => Math.sin(i)) };

describe('saveModel and loadModel', () => {
  it.each(['model.dml', 'model.json', 'no extension'])('bring a model back from %s', async (name) => {
    const path = join(folder, name);
    await saveModel(path, large, codec);
    expect(await loadModel(path, codec)).toStrictEqual(large);
    expect(await loadModel(pathToFileURL(path), codec)).toStrictEqual(large);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('write the bytes of encode, and text for .json', async () => {
    await saveModel(join(folder, 'a.dml'), large, codec);
    await saveModel(join(folder, 'a.json'), model, codec);
    expect(sameBytes(readFileSync(join(folder, 'a.dml')), codec.encode(large))).toBe(true);
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe(codec.stringify(model));
  });

  it('replace an older file, and through a link the file that it points to', async () => {
    const path = join(folder, 'a.dml');
    await saveModel(path, 1, codec);
    symlinkSync(path, join(folder, 'link.dml'));
    await saveModel(join(folder, 'link.dml'), 2, codec);
    expect(await loadModel(path, codec)).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['a.dml', 'link.dml']);
  });

  it('leave the old file alone when the value cannot be written', async () => {
    const path = join(folder, 'a.dml');
    await saveModel(path, 1, codec);
    const refusal = expect.objectContaining({ code: 'ERR_UNSUPPORTED_VALUE', file: path, path: 'f' });
    await expect(saveModel(path, { f: () => 1 }, codec)).rejects.toThrow(refusal);
    expect(await loadModel(path, codec)).toBe(1);
    expect(readdirSync(folder)).toEqual(['a.dml']);
  });

  it('leave no temporary file behind when the target is a folder', async () => {
    await expect(saveModel(folder, 1, codec)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_FILE', file: folder }),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuse to overwrite a newer format', async () => {
    const binary = join(folder, 'new.dml');
    const text = join(folder, 'new.json');
    writeFileSync(binary, fileOf(fromHex('82 80 01'), 2));
    writeFileSync(text, '{ "$dml": 2,\n "$value": 1 }');
    for (const path of [binary, text]) {
      const before = readFileSync(path);
      await expect(saveModel(path, 1, codec)).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_NEWER_FORMAT', file: path }),
      );
      await expect(loadModel(path, codec)).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_NEWER_FORMAT', file: path }),
      );
      expect(readFileSync(path)).toEqual(before);
    }
  });

  it.each([
    ['a program', 'tool.js', 'console.log(1);\n'],
    ['a picture', 'a.dml', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['other JSON', 'package.json', '{ "name": "x", "type": "module" }'],
    ['a list in JSON', 'rows.json', '[1, 2, 3]'],
    ['half a magic', 'a.dml', Buffer.from('89444d4c', 'hex')],
  ])('do not overwrite %s, unless they are told', async (_, name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const refusal = expect.objectContaining({
      code: 'ERR_NOT_A_MODEL_FILE',
      file: path,
      message: expect.stringContaining('{ overwrite: true }'),
    });
    await expect(saveModel(path, model, codec)).rejects.toThrow(refusal);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
    expect(readdirSync(folder)).toEqual([name]);
    await saveModel(path, model, codec, { overwrite: true });
    expect(await loadModel(path, codec)).toStrictEqual(model);
  });

  it.each([
    ['model.dml', model],
    ['model.json', model],
    ['plain.json', { a: [1] }],
    ['list.json', [1, -0]],
    ['map.json', new Map([[1, 'a']])],
    ['number.json', 5],
  ])('write %s so that they overwrite it again', async (name, value) => {
    const path = join(folder, name);
    await saveModel(path, value, codec);
    await saveModel(path, value, codec);
    expect(await loadModel(path, codec)).toStrictEqual(value);
  });

  it('read and replace JSON that an editor put a byte order mark before', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, `\ufeff\n${codec.stringify(model)}`);
    expect(await loadModel(path, codec)).toStrictEqual(model);
    await saveModel(path, 1, codec);
    expect(await loadModel(path, codec)).toBe(1);
  });

  it('replace an empty file, and a model file that is damaged further on', async () => {
    const path = join(folder, 'a.dml');
    for (const content of [Buffer.alloc(0), codec.encode(large).subarray(0, 5000)]) {
      writeFileSync(path, content);
      await saveModel(path, 1, codec);
      expect(await loadModel(path, codec)).toBe(1);
    }
  });

  it('keep the permissions of the file that they replace', async () => {
    const path = join(folder, 'a.dml');
    await saveModel(path, 1, codec);
    chmodSync(path, 0o600);
    await saveModel(path, 2, codec);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('write through a link whose file is not there yet', async () => {
    symlinkSync('later.dml', join(folder, 'link.dml'));
    await saveModel(join(folder, 'link.dml'), 1, codec);
    expect(lstatSync(join(folder, 'link.dml')).isSymbolicLink()).toBe(true);
    expect(await loadModel(join(folder, 'later.dml'), codec)).toBe(1);
  });

  it('refuse a circle of links', async () => {
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    const refusal = expect.objectContaining({ code: 'ERR_FILE' });
    await expect(saveModel(join(folder, 'a'), 1, codec)).rejects.toThrow(refusal);
    await expect(loadModel(join(folder, 'a'), codec)).rejects.toThrow(refusal);
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });

  it('refuse folders, devices and pipes, without waiting for a writer', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [folder, pipe, '/dev/null']) {
      const refusal = expect.objectContaining({ code: 'ERR_FILE', file: path });
      await expect(saveModel(path, 1, codec, { overwrite: true })).rejects.toThrow(refusal);
      await expect(loadModel(path, codec)).rejects.toThrow(refusal);
    }
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it('name a folder that is not there', async () => {
    const path = join(folder, 'none', 'a.dml');
    const refusal = expect.objectContaining({ code: 'ERR_FILE', file: path });
    await expect(saveModel(path, 1, codec)).rejects.toThrow(refusal);
  });

  it('refuse a folder that nobody may write to', () => {
    // A process without privileges, because root may write anywhere.
    const source = new URL('../../dist/node.js', import.meta.url).href;
    const script = `
      import { createCodec, saveModel } from ${JSON.stringify(source)};
      if (process.getuid() === 0) process.seteuid(65534);
      await saveModel(${JSON.stringify(join(folder, 'a.dml'))}, 1, createCodec()).catch((error) => {
        console.log(error.name, error.code, error.cause.code);
      });`;
    chmodSync(folder, 0o555);
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    chmodSync(folder, 0o755);
    expect(printed).toBe('CodecError ERR_FILE EACCES\n');
  });

  it('can be called at the same time: the file is that of one of them', async () => {
    const path = join(folder, 'a.dml');
    const values = Array.from({ length: 20 }, (_, i) => new Float64Array(50_000).fill(i));
    await Promise.all(values.map((value) => saveModel(path, value, codec)));
    const last = (await loadModel(path, codec)) as Float64Array;
    expect(sameBytes(last, values[last[0]!]!)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.dml']);
  });

  it('take names of the greatest length', async () => {
    const path = join(folder, `${'n'.repeat(251)}.dml`);
    await saveModel(path, 1, codec);
    expect(await loadModel(path, codec)).toBe(1);
  });

  it('name file, path and remedy', async () => {
    const path = join(folder, 'model.dml');
    await saveModel(path, { m: [model] }, codec);
    await expect(loadModel(path, createCodec())).rejects.toThrow(
      `${path}: m[0]: type "Mixture" is not registered. Pass { types: [MixtureDistribution] } to createCodec.`,
    );
    await expect(loadModel(join(folder, 'none'), codec)).rejects.toThrow(expect.objectContaining({ code: 'ERR_FILE' }));
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'ERR_TRUNCATED'],
    ['a truncated file', Buffer.from(codec.encode(large)).subarray(0, 5000), 'ERR_TRUNCATED'],
    ['a truncated header', Buffer.from(codec.encode(large)).subarray(0, 12), 'ERR_TRUNCATED'],
    ['a file with a tail', Buffer.concat([codec.encode(1), Buffer.from('\n')]), 'ERR_TRAILING_BYTES'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'ERR_NOT_A_MODEL_FILE'],
    ['a program', Buffer.from('7f454c4602010100ff', 'hex'), 'ERR_NOT_A_MODEL_FILE'],
    ['prose', Buffer.from('Dear model,'), 'ERR_MALFORMED'],
  ])('refuse %s', async (_, bytes, code) => {
    const path = join(folder, 'x.dml');
    writeFileSync(path, bytes);
    await expect(loadModel(path, codec)).rejects.toThrow(expect.objectContaining({ code, file: path }));
  });

  it('refuse a file in which one byte of a large array changed', async () => {
    const bytes = codec.encode(large);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(folder, 'x.dml'), bytes);
    await expect(loadModel(join(folder, 'x.dml'), codec)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_CHECKSUM' }),
    );
  });

  it('survive kill -9: the file is the old one or the new one', () => {
    const path = join(folder, 'a.dml');
    const source = new URL('../../dist/node.js', import.meta.url).href;
    const script = `
      import { createCodec, saveModel } from ${JSON.stringify(source)};
      const codec = createCodec();
      for (let i = 0; ; i++) {
        await saveModel(${JSON.stringify(path)}, { i, x: new Float64Array(200_000).fill(i) }, codec);
        if (i === 3) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5);
      }`;
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script])).toThrow();
    const { i, x } = codec.decode(new Uint8Array(readFileSync(path))) as { i: number; x: Float64Array };
    expect(i).toBeGreaterThanOrEqual(3);
    expect(sameBytes(x, new Float64Array(200_000).fill(i))).toBe(true);
    expect(statSync(path).size).toBe(codec.encode({ i, x }).length);
  });

  it('give up on a stream without end, and close it', async () => {
    for (const [byte, code] of [
      [0, 'ERR_NOT_A_MODEL_FILE'],
      [0x20, 'ERR_LIMIT'],
    ] as const) {
      let closed = false;
      const endless = function* () {
        const piece = new Uint8Array(1 << 27).fill(byte);
        try {
          for (;;) yield piece;
        } finally {
          closed = true;
        }
      };
      await expect(loadModel(endless(), codec)).rejects.toThrow(expect.objectContaining({ code }));
      expect(closed).toBe(true);
    }
  });

  it('refuse a huge file of something else by its beginning', async () => {
    const path = join(folder, 'sparse');
    writeFileSync(path, '');
    for (const [start, code] of [
      ['\0', 'ERR_NOT_A_MODEL_FILE'],
      ['[', 'ERR_LIMIT'],
    ] as const) {
      writeFileSync(path, start);
      truncateSync(path, 2 ** 33);
      await expect(loadModel(path, codec)).rejects.toThrow(expect.objectContaining({ code, file: path }));
    }
  });

  it('read from memory, a Blob, a response and a stream', async () => {
    const bytes = codec.encode(large);
    const copy = bytes.slice();
    expect(await loadModel(copy.buffer, codec)).toStrictEqual(large);
    expect(await loadModel(bytes, codec)).toStrictEqual(large);
    expect(await loadModel(new Blob([copy]), codec)).toStrictEqual(large);
    expect(await loadModel(new Blob([codec.stringify(model)]), codec)).toStrictEqual(model);
    expect(await loadModel(new Response(copy), codec)).toStrictEqual(large);
    expect(await loadModel(new Blob([copy]).stream(), codec)).toStrictEqual(large);
    expect(await loadModel(new Response(codec.stringify(model)), codec)).toStrictEqual(model);
    expect(
      await loadModel(
        Array.from(Buffer.from(codec.stringify(model)), (byte) => Uint8Array.of(byte)),
        codec,
      ),
    ).toStrictEqual(model);
    await expect(loadModel([], codec)).rejects.toThrow(expect.objectContaining({ code: 'ERR_TRUNCATED' }));
    await expect(loadModel(new Response(null), codec)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_TRUNCATED' }),
    );
    const missing = new Response('', { status: 404 });
    await expect(loadModel(missing, codec)).rejects.toThrow(expect.objectContaining({ code: 'ERR_FILE' }));
  });
});
