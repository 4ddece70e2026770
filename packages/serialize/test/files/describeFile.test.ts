import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DescribedModel, describeFile, saveModel } from '../../src/node.js';
import { codec, cyclic, Gaussian, Mixture } from '../models.js';
import { fileOf, fileOfTree, fromHex } from '../payload.js';

const shared = new Gaussian(0, 1);
const value = {
  model: new Mixture([shared, shared, new Gaussian(3, 0.5)], new Float64Array([0.25, 0.5, 0.25])),
  note: 'x',
};
const gaussian = (mu: number, sigma2: number) => new DescribedModel('Gaussian', 1, { mu, sigma2 });

describe('describeFile', () => {
  it.each(['a.dml', 'a.json'])('tells what is in %s without its classes', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'dml-'));
    try {
      await saveModel(join(folder, name), value, codec);
      const found = await describeFile(join(folder, name));
      expect(found).toStrictEqual({
        form: name.endsWith('.json') ? 'json' : 'binary',
        formatVersion: 1,
        types: [
          { name: 'Gaussian', version: 1, count: 2 },
          { name: 'Mixture', version: 2, count: 1 },
        ],
        value: {
          model: new DescribedModel('Mixture', 2, {
            components: [gaussian(0, 1), gaussian(0, 1), gaussian(3, 0.5)],
            w: new Float64Array([0.25, 0.5, 0.25]),
          }),
          note: 'x',
        },
      });
      const { components } = (found.value as { model: DescribedModel }).model.fields as { components: unknown[] };
      expect(components[0]).toBe(components[1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads types of any version, parameters that a constructor would refuse, and cycles', async () => {
    expect(
      (await describeFile(new TextEncoder().encode('{ "type": "Gaussian", "$version": 9, "mu": "x" }'))).types,
    ).toEqual([{ name: 'Gaussian', version: 9, count: 1 }]);
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const found = (await describeFile(cyclic.encode(cycle))).value as unknown[];
    expect(found[0]).toBe(found);
  });

  it('refuses what is damaged, newer or beyond the limits', async () => {
    const bytes = codec.encode(value);
    bytes[40]! ^= 1;
    const code = (of: string) => expect.objectContaining({ code: of });
    await expect(describeFile(bytes)).rejects.toThrow(code('ERR_CHECKSUM'));
    await expect(describeFile(fileOf(fromHex('82 80 01'), 2))).rejects.toThrow(code('ERR_NEWER_FORMAT'));
    await expect(describeFile(fileOfTree('83 01 02 03'), { limits: { maxItems: 3 } })).rejects.toThrow(
      code('ERR_LIMIT'),
    );
    await expect(describeFile('', {})).rejects.toThrow('describeFile: expected a path or a file: URL, found "".');
    await expect(describeFile(bytes, { limit: {} } as never)).rejects.toThrow(code('ERR_OPTION'));
  });
});
