import { describe, expect, it } from 'vitest';
import { createCodec, importDmx, loadModel, saveModel } from '../../src/node.js';
import { codec } from '../models.js';

const wrong = (part: string) =>
  expect.objectContaining({ name: 'CodecError', code: 'ERR_OPTION', message: expect.stringContaining(part) });

/** Each public function, with each of its arguments of a wrong kind. JavaScript programs have no compiler. */
const call = {
  createCodec: createCodec as (...given: unknown[]) => unknown,
  importDmx: importDmx as (...given: unknown[]) => unknown,
  saveModel: saveModel as (...given: unknown[]) => Promise<unknown>,
  loadModel: loadModel as (...given: unknown[]) => Promise<unknown>,
  decode: codec.decode as (...given: unknown[]) => unknown,
  parse: codec.parse as (...given: unknown[]) => unknown,
  decodeStream: codec.decodeStream as (...given: unknown[]) => Promise<unknown>,
};

describe('a wrong argument is told by the name of the function', () => {
  it.each([null, undefined, 5, 'text', {}, [1, 2], new ArrayBuffer(30), new Float64Array(3), () => 1])(
    'decode(%s)',
    (given) => {
      expect(() => call.decode(given)).toThrow(wrong('decode: expected a Uint8Array, found '));
    },
  );

  it.each([null, undefined, 5, {}, new Uint8Array(3)])('parse(%s) and importDmx(%s)', (given) => {
    expect(() => call.parse(given)).toThrow(wrong('parse: expected a string, found '));
    expect(() => call.importDmx(given)).toThrow(wrong('importDmx: expected a string, found '));
  });

  it.each([
    [null, 'found null'],
    [5, 'found number'],
    [{ type: [] }, 'unknown option "type". Did you mean "types"?'],
    [{ types: 5 }, 'a list of types, found number'],
    [{ types: null }, 'a list of types, found null'],
    [{ types: 'Gaussian' }, 'a list of types, found string'],
    [{ limits: null }, 'limits: expected an object of options, found null'],
    [{ limits: { maxdepth: 3 } }, 'unknown option "maxdepth". Did you mean "maxDepth"?'],
    [{ limits: { maxItems: 1.5 } }, 'maxItems must be an integer >= 1, found 1.5'],
    [{ limits: { maxItems: '5' } }, 'maxItems must be an integer >= 1, found "5"'],
    [{ limits: [] }, 'limits: expected an object of options, found an array'],
    [[], 'createCodec: expected an object of options, found an array'],
    [new Date(0), 'createCodec: expected an object of options, found '],
    [new Map(), 'createCodec: expected an object of options, found '],
    [{ allowCycles: 1 }, 'true or false for allowCycles, found number'],
  ])('createCodec(%s)', (given, part) => {
    expect(() => call.createCodec(given)).toThrow(wrong(part));
  });

  it.each([null, undefined, 5, 'text', {}, [5], ['text'], [null]])('decodeStream(%s)', async (given) => {
    await expect(call.decodeStream(given)).rejects.toThrow(wrong(': expected '));
  });

  it.each([
    [null, 'found null'],
    [{ bytelength: 5 }, 'Did you mean "byteLength"?'],
    [{ byteLength: -1 }, 'found -1'],
    [{ byteLength: '5' }, 'found 5'],
  ])('decodeStream(source, %s)', async (given, part) => {
    await expect(call.decodeStream([codec.encode(1)], given)).rejects.toThrow(wrong(part));
  });

  it.each([
    null,
    undefined,
    5,
    '',
    ' ',
    'a\0b',
    {},
    [],
    'https://example.org/a.dml',
    new URL('https://example.org/a.dml'),
    { href: 5 },
  ])('saveModel(%s, …)', async (given) => {
    await expect(call.saveModel(given, 1, codec)).rejects.toThrow(wrong('saveModel: expected a path or a file: URL'));
  });

  it.each(['file://elsewhere/a.dml', new URL('file:///a%2Fb.dml')])('the file: URL %s', async (given) => {
    await expect(call.saveModel(given, 1, codec)).rejects.toThrow(wrong('is not a file on this machine'));
    await expect(call.loadModel(given, codec)).rejects.toThrow(wrong('is not a file on this machine'));
  });

  it.each([null, undefined, 5, '', ' ', 'a\0b', 'https://example.org/a.dml', new URL('https://example.org/a.dml')])(
    'loadModel(%s, …)',
    async (given) => {
      await expect(call.loadModel(given, codec)).rejects.toThrow(wrong('loadModel: expected a path'));
    },
  );

  it.each([null, undefined, 5, {}])('saveModel and loadModel with the codec %s', async (given) => {
    await expect(call.saveModel('a.dml', 1, given)).rejects.toThrow(wrong('a codec from createCodec'));
    await expect(call.loadModel('a.dml', given)).rejects.toThrow(wrong('a codec from createCodec'));
  });

  it.each([
    [null, 'found null'],
    [{ overWrite: true }, 'Did you mean "overwrite"?'],
    [{ overwrite: 'yes' }, 'true or false for overwrite, found string'],
  ])('saveModel(…, %s)', async (given, part) => {
    await expect(call.saveModel('a.dml', 1, codec, given)).rejects.toThrow(wrong(part));
  });

  it.each([
    [null, 'found null'],
    [{ limit: {} }, 'Did you mean "limits"?'],
  ])('importDmx(text, %s)', (given, part) => {
    expect(() => call.importDmx('NullDistribution()', given)).toThrow(wrong(part));
  });
});
