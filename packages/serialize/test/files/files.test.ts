import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
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

  it('write the model as it is at the call', async () => {
    for (const name of ['a.dml', 'a.json']) {
      const path = join(folder, name);
      const x = Float64Array.from({ length: 8192 }, (_, i) => i);
      const saved = saveModel(path, { x }, codec);
      x[0] = 1;
      x.fill(7, 4000);
      await saved;
      expect(await loadModel(path, codec)).toStrictEqual({ x: Float64Array.from({ length: 8192 }, (_, i) => i) });
    }
  });

  it('write text for a name that ends in .JSON', async () => {
    const path = join(folder, 'a.JSON');
    await saveModel(path, model, codec);
    expect(readFileSync(path, 'utf8')).toBe(codec.stringify(model));
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
    ['a manifest that begins with its type', 'package.json', '{\n  "type": "module",\n  "name": "x"\n}'],
    ['GeoJSON', 'map.json', '{ "type": "FeatureCollection", "features": [] }'],
    ['a model of a type that is not registered', 'm.json', '{ "type": "Weibull", "shape": 1, "scale": 1 }'],
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

  it('take a file: URL in text, and no name that ends like a folder', async () => {
    await saveModel(pathToFileURL(join(folder, 'a b.dml')).href, 1, codec);
    expect(readdirSync(folder)).toEqual(['a b.dml']);
    expect(await loadModel(pathToFileURL(join(folder, 'a b.dml')).href, codec)).toBe(1);
    const refusal = expect.objectContaining({ code: 'ERR_FILE', message: expect.stringContaining('this is a folder') });
    await expect(saveModel(`${join(folder, 'models')}/`, 1, codec)).rejects.toThrow(refusal);
    expect(readdirSync(folder)).toEqual(['a b.dml']);
  });

  it('stop unpacking gzip at limits.maxBytes', async () => {
    const small = createCodec({ limits: { maxBytes: 1000 } });
    const packed = gzipSync(Buffer.alloc(50_000_000, ' '));
    let unpacked = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        unpacked += piece.length;
        controller.enqueue(piece);
      },
    });
    const source = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(count);
    await expect(loadModel(source, small)).rejects.toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
    expect(unpacked).toBeLessThan(1_000_000);
  });

  it('name a folder that is not there', async () => {
    const path = join(folder, 'none', 'a.dml');
    const refusal = expect.objectContaining({ code: 'ERR_FILE', file: path });
    await expect(saveModel(path, 1, codec)).rejects.toThrow(refusal);
    await expect(saveModel(path, 1, codec)).rejects.toThrow(/the folder .*none" does not exist\. Create it first\./);
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

  it('can be called at the same time: the file is that of the last call, by whichever name', async () => {
    const path = join(folder, 'a.dml');
    symlinkSync('a.dml', join(folder, 'link.dml'));
    // The first ones are large, so that they would end last.
    const values = Array.from({ length: 20 }, (_, i) => new Float64Array(100_000 - 5000 * i).fill(i));
    const calls = values.map((value, i) => saveModel(i % 2 === 0 ? path : join(folder, 'link.dml'), value, codec));
    await Promise.all(calls);
    expect(sameBytes((await loadModel(path, codec)) as Float64Array, values[19]!)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['a.dml', 'link.dml']);
  });

  it('write the value of the next call also when one fails', async () => {
    const path = join(folder, 'a.dml');
    writeFileSync(path, 'something else');
    const first = saveModel(path, 1, codec);
    const second = saveModel(path, 2, codec, { overwrite: true });
    await expect(first).rejects.toThrow(expect.objectContaining({ code: 'ERR_NOT_A_MODEL_FILE' }));
    await second;
    expect(await loadModel(path, codec)).toBe(2);
  });

  it('remove what killed writers left for this file, and nothing else', async () => {
    const path = join(folder, 'a.dml');
    const source = new URL('../../dist/node.js', import.meta.url).href;
    const script = `
      import { createCodec, saveModel } from ${JSON.stringify(source)};
      void saveModel(${JSON.stringify(path)}, new Float64Array(2_000_000), createCodec());
      const { readdirSync } = await import('node:fs');
      const poll = () => (readdirSync(${JSON.stringify(folder)}).length > 0 ? process.kill(process.pid, 'SIGKILL') : setImmediate(poll));
      poll();`;
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script])).toThrow();
    const [leftover, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(leftover).toMatch(/^\.a\.dml\.\d+-[0-9a-f]{8}-[0-9a-f]{8}\.tmp$/);
    const ofOther = leftover!.replace('.a.dml.', '.b.dml.');
    const ofLiving = leftover!.replace(/dml\.\d+-/, `dml.${process.pid}-`);
    const ofOtherHost = leftover!.replace(/-[0-9a-f]{8}-/, '-00000000-');
    const forgotten = leftover!.replace(/-[0-9a-f]{8}-/, '-11111111-');
    for (const name of [ofOther, ofLiving, ofOtherHost, forgotten]) writeFileSync(join(folder, name), '');
    utimesSync(join(folder, forgotten), new Date(0), new Date(0));
    await saveModel(path, 1, codec);
    expect(readdirSync(folder).sort()).toEqual(['a.dml', ofOther, ofLiving, ofOtherHost].sort());
  });

  it.skipIf(process.getuid?.() !== 0)('keep the owner of the file that root replaces', async () => {
    const path = join(folder, 'a.dml');
    await saveModel(path, 1, codec);
    chownSync(path, 65_534, 65_533);
    chmodSync(path, 0o640);
    await saveModel(path, 2, codec);
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_533, 0o640]);
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
    ['a package.json', Buffer.from('{ "name": "x", "type": "module" }'), 'ERR_NOT_A_MODEL_FILE'],
    ['a model of a type that is not known here', Buffer.from('{ "type": "module", "x": 1 }'), 'ERR_UNKNOWN_TYPE'],
    ['such a model, with its type at the end', Buffer.from('{ "x": 1, "type": "Module" }'), 'ERR_UNKNOWN_TYPE'],
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

  it('stop reading JSON at limits.maxBytes, from a stream, a Blob and a file', async () => {
    const small = createCodec({ limits: { maxBytes: 1000 } });
    let given = 0;
    const endless = function* () {
      for (;;) {
        given += 100;
        yield new Uint8Array(100).fill(0x20);
      }
    };
    const path = join(folder, 'long.json');
    writeFileSync(path, `[${'1,'.repeat(2000)}1]`);
    for (const source of [endless(), new Blob([readFileSync(path)]), path]) {
      await expect(loadModel(source, small)).rejects.toThrow(expect.objectContaining({ code: 'ERR_LIMIT' }));
    }
    expect(given).toBeLessThan(4000);
    // A character has at most three bytes and counts once.
    const wide = new Blob([small.stringify('€'.repeat(900))]);
    expect(await loadModel(wide, small)).toBe('€'.repeat(900));
  });

  it('read JSON in 80,000 pieces in a time that grows with their number', async () => {
    const text = Buffer.from(codec.stringify(Array.from({ length: 80_000 }, (_, i) => i / 7)));
    const size = Math.ceil(text.length / 80_000);
    const pieces = Array.from({ length: 80_000 }, (_, i) => text.subarray(i * size, (i + 1) * size));
    const started = performance.now();
    expect(await loadModel(pieces, codec)).toHaveLength(80_000);
    // Adding the lengths of all pieces before each took 9 s.
    expect(performance.now() - started).toBeLessThan(3000);
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
