/** What keeps the kernels harmless: bounds, memory that runs out, platforms without WebAssembly, stale bytes. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { generatedFiles } from '../../../scripts/buildKernels.mjs';
import { Arena } from '../../../src/numeric/kernels/arena.js';
import { RUN } from '../../../src/numeric/kernels/index.js';
import { VECTORS } from '../../../src/numeric/kernels/vectors/index.js';
import { type AllKernels, allKernels } from './allKernels.js';

const both: readonly AllKernels[] = [allKernels('wasm'), allKernels('twin')];

describe('ranges outside the arrays', () => {
  const ten = new Float64Array(10);
  const codes = new Int32Array(10);
  const hundred = new Float64Array(100);
  const calls: readonly (readonly [string, (kernels: AllKernels) => unknown])[] = [
    ['x too short', (kernels) => kernels.exp(ten.subarray(1), 10, hundred)],
    ['out too short', (kernels) => kernels.gaussianLogDensity(hundred, 11, 0, 1, 0, ten)],
    ['a negative count', (kernels) => kernels.sum(ten, -2)],
    ['a fractional count', (kernels) => kernels.sum(ten, 2.5)],
    ['a NaN count', (kernels) => kernels.sum(ten, NaN)],
    ['too few codes', (kernels) => kernels.gather(ten, codes, 11, hundred)],
    ['columns that overlap', (kernels) => kernels.posterior(hundred, 5, 3, 6, ten, ten)],
    ['a matrix too short', (kernels) => kernels.logEvidence(hundred, 40, 3, 30, ten, hundred)],
    ['a list without its last offset', (kernels) => kernels.itemScores(ten, codes, 10, codes, 0, ten)],
    ['too few items', (kernels) => kernels.itemCounts(Int32Array.of(0, 5, 11), 2, codes, ten, ten)],
    ['statistics too short', (kernels) => kernels.scatter(hundred, 4, 20, hundred, ten, ten)],
    ['a matrix of rows too short', (kernels) => kernels.rowMoments(hundred, 6, 17, hundred, ten, hundred)],
    ['a column too short to stage', (kernels) => kernels.stage(ten, 5, 6)],
    ['too many vectors to stage', (kernels) => kernels.stageVectors(new Float64Array(RUN + 1), 0, RUN + 1, 1)],
  ];

  it.each(calls)('are refused: %s', (_, call) => {
    for (const kernels of both) expect(() => call(kernels)).toThrow(RangeError);
  });

  it('include codes outside the table, large counts and small', () => {
    const three = new Float64Array(3);
    for (const kernels of both) {
      for (const count of [5, 100]) {
        for (const bad of [3, -1]) {
          const some = new Int32Array(count);
          some[count - 1] = bad;
          expect(() => kernels.gather(three, some, count, hundred)).toThrow(
            `codes: entries must be in 0 … 2, found ${bad}.`,
          );
          expect(() => kernels.histogram(some, hundred, count, three)).toThrow(RangeError);
        }
      }
    }
  });

  it('do not include a table without levels when there are no codes', () => {
    const nothing = new Float64Array(0);
    for (const kernels of both) {
      kernels.gather(nothing, codes, 0, ten);
      kernels.histogram(codes, hundred, 0, nothing);
    }
    expect(Array.from(ten)).toEqual(new Array(10).fill(0));
  });

  it('include offsets that fall', () => {
    for (const kernels of both) {
      const falling = Int32Array.of(0, 5, 3);
      expect(() =>
        kernels.hmmForward(hundred, 10, 2, falling, 2, ten, ten, hundred.slice(), hundred.slice(), ten),
      ).toThrow(/offsets/);
    }
  });
});

describe('a workspace', () => {
  it('gives zeroed memory again after a release', () => {
    const kernels = allKernels('wasm');
    const first = kernels.workspace();
    const array = first.float64(5000);
    array.fill(3);
    const { byteOffset } = array;
    first.release();
    first.release();
    const second = kernels.workspace();
    const again = second.float64(5000);
    expect(again.byteOffset).toBe(byteOffset);
    expect(again.every((value) => value === 0)).toBe(true);
    second.release();
  });

  it('falls back to the JavaScript heap when the arena is full, with the same result', () => {
    const kernels = allKernels('wasm');
    const workspace = kernels.workspace();
    const large = workspace.float64(12_000_000);
    expect(large.length).toBe(12_000_000);
    large.set([0, 1]);
    kernels.exp(large, 40, large);
    expect(large[1]).toBeCloseTo(Math.E, 15);
    expect(large[2]).toBe(1);
    workspace.release();
  });
});

describe('an arena', () => {
  it('joins neighbours that are given back, in any order', () => {
    const arena = new Arena(new ArrayBuffer(4096), 0);
    const blocks = Array.from({ length: 4 }, () => arena.take(512)!);
    expect(new Set(blocks.map((block) => block.start)).size).toBe(4);
    expect(arena.take(4096 - 64)).toBeUndefined();
    for (const at of [2, 0, 3, 1]) arena.give(blocks[at]!);
    expect(arena.take(4096 - 64)).toEqual({ start: 0, size: 4096 });
  });
});

describe('staged columns', () => {
  /** Calls `use` while a workspace of each kind remembers. */
  function remembering(use: (kernels: AllKernels) => void): void {
    for (const kernels of both) {
      const workspace = kernels.workspace();
      try {
        workspace.remember(() => use(kernels));
      } finally {
        workspace.release();
      }
    }
  }

  it('hold the asked rows while other columns come and go, in a first pass and in later ones', () => {
    remembering((kernels) => {
      const columns = Array.from({ length: 100 }, (_, c) => Float64Array.from({ length: 3000 }, (_, i) => 1e6 * c + i));
      for (let pass = 0; pass < 3; pass++) {
        for (const [start, count] of [
          [0, 1024],
          [1024, 1024],
          [2048, 951],
          [2999, 1],
          [5, 2000],
          [5, 1000],
        ] as const) {
          columns.forEach((column) => {
            const staged = kernels.stage(column, start, count);
            expect(staged.length).toBe(count);
            expect(staged[0]).toBe(column[start]);
            expect(kernels.stage(column, start, count)[count - 1]).toBe(column[start + count - 1]);
          });
        }
      }
    });
  });

  // With 64 of them, each component of a wide model copied every column anew: 3 to 4 times slower.
  it('stay where they are while a model of hundreds of columns goes round', () => {
    remembering((kernels) => {
      const columns = Array.from({ length: 300 }, (_, c) => new Float64Array(1024).fill(c));
      const first = columns.map((column) => kernels.stage(column, 0, 1024).byteOffset);
      const second = columns.map((column) => kernels.stage(column, 0, 1024).byteOffset);
      expect(second).toEqual(first);
      expect(new Set(first).size).toBe(kernels.kind === 'wasm' ? 300 : 1);
    });
  });

  it('give way when there are more than are remembered, or more than there is room for', () => {
    remembering((kernels) => {
      const columns = Array.from({ length: 2500 }, (_, c) => new Float64Array(4096).fill(c));
      for (let pass = 0; pass < 3; pass++) {
        for (const start of [0, 1024, 2048]) {
          columns.forEach((column, c) => {
            const staged = kernels.stage(column, start, 1024);
            expect(staged[0] === c && staged[1023] === c).toBe(true);
          });
        }
      }
    });
  });

  it('take a longer range than before, and a shorter one, in the same place or another', () => {
    remembering((kernels) => {
      const columns = Array.from({ length: 4 }, (_, c) =>
        Float64Array.from({ length: 9000 }, (_, i) => 10_000 * c + i),
      );
      for (const count of [100, 1024, 4096, 1024, 4096, 7]) {
        const start = count % 1000;
        const staged = columns.map((column) => kernels.stage(column, start, count));
        staged.forEach((view, c) => {
          expect(Array.from(view)).toEqual(Array.from(columns[c]!.subarray(start, start + count)));
        });
      }
    });
  });

  it('tell codes out of range at every pass', () => {
    remembering((kernels) => {
      const codes = new Int32Array(2048);
      codes[2000] = 7;
      const out = new Float64Array(1024);
      for (let pass = 0; pass < 3; pass++) {
        kernels.gather(new Float64Array(3), kernels.stageCodes(codes, 0, 1024), 1024, out);
        const bad = kernels.stageCodes(codes, 1024, 1024);
        expect(() => kernels.gather(new Float64Array(3), bad, 1024, out)).toThrow('found 7');
      }
    });
  });

  it('are not remembered when no workspace does, nor by one workspace for another', () => {
    for (const kernels of both) {
      const column = new Float64Array(100).fill(1);
      const rows = new Float64Array(100).fill(1);
      const one = kernels.workspace();
      const other = kernels.workspace();
      const seen = (): number[] => [
        kernels.stage(column, 0, 50)[3]!,
        kernels.stageVectors(rows, 0, 50, 2)[3]!,
        kernels.stageRows(rows, 0, 50, 2)[3]!,
      ];
      const change = (value: number): void => {
        column.fill(value);
        rows.fill(value);
      };
      expect(one.remember(seen)).toEqual([1, 1, 1]);
      change(2);
      expect(seen()).toEqual([2, 2, 2]);
      expect(other.remember(seen)).toEqual([2, 2, 2]);
      change(3);
      expect(seen()).toEqual([3, 3, 3]);
      one.release();
      expect(one.remember(seen)).toEqual([3, 3, 3]);
      one.release();
      other.release();
      other.release();
    }
  });

  it('give their room back', () => {
    const kernels = allKernels('wasm');
    const room = (): number => {
      const workspace = kernels.workspace();
      const { byteOffset } = workspace.float64(1_000_000);
      workspace.release();
      return byteOffset;
    };
    const before = room();
    remembering((each) => {
      const column = new Float64Array(100_000);
      const rows = new Float64Array(3000);
      for (let pass = 0; pass < 3; pass++) {
        for (let start = 0; start < 99_000; start += 1000) each.stage(column, start, 1000);
        each.stageVectors(rows, 0, 1000, 3);
        each.stageRows(rows, 0, 1000, 3);
      }
    });
    expect(room()).toBe(before);
  });

  // As when rows wait on a disk: each pass reads them anew, as columns that nothing else holds.
  it('are not kept from the garbage collector', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    for (const kernels of both) {
      const workspace = kernels.workspace();
      const staged: WeakRef<object>[] = [];
      workspace.remember(() => {
        for (let i = 0; i < 40; i++) {
          const [column, codes, rows] = [new Float64Array(1000), new Int32Array(1000), new Float64Array(3000)];
          kernels.stage(column, 0, 1000);
          kernels.stageCodes(codes, 0, 1000);
          kernels.stageVectors(rows, 0, 1000, 3);
          kernels.stageRows(rows, 0, 1000, 3);
          staged.push(new WeakRef(column), new WeakRef(codes), new WeakRef(rows));
        }
      });
      // A weak reference holds its target until the task that made it ends.
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      const held = staged.filter((reference) => reference.deref() !== undefined);
      expect(held.length).toBeLessThan(12); // those staged last, and what the stack still shows
      workspace.release();
    }
  });

  it('are forgotten after an error', () => {
    for (const kernels of both) {
      const workspace = kernels.workspace();
      const column = new Float64Array(10);
      const fail = (): never => {
        kernels.stage(column, 0, 10);
        throw new Error('stopped');
      };
      expect(() => workspace.remember(fail)).toThrow('stopped');
      column.fill(4);
      expect(kernels.stage(column, 0, 10)[5]).toBe(4);
      workspace.release();
    }
  });
});

describe('where WebAssembly is missing or forbidden', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  type Fresh = typeof import('../../../src/numeric/kernels/index.js') &
    typeof import('../../../src/numeric/kernels/webAssembly.js');

  async function fresh(): Promise<Fresh> {
    vi.resetModules();
    const webAssembly = await import('../../../src/numeric/kernels/webAssembly.js');
    return { ...webAssembly, ...(await import('../../../src/numeric/kernels/index.js')) };
  }

  it('the twin runs and nothing throws', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    const { allowWebAssembly, kernels } = await fresh();
    allowWebAssembly();
    expect(kernels().kind).toBe('twin');
  });

  it('the twin runs when a security policy refuses to compile', async () => {
    const refuse = (): never => {
      throw new Error('Refused to compile or instantiate WebAssembly module');
    };
    vi.stubGlobal('WebAssembly', { Memory: Array, Module: refuse });
    const { allowWebAssembly, kernels, kernelsOfKind: ofKind } = await fresh();
    allowWebAssembly();
    expect(kernels().kind).toBe('twin');
    expect(() => ofKind('wasm')).toThrow(/Use the twin/);
  });

  /** The platform's WebAssembly, which starts so many modules at most. @returns how many were asked for */
  function stubModules(most: number): () => number {
    type Api = Readonly<Record<'Memory' | 'Module' | 'Instance', new (argument: object) => object>>;
    const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;
    let count = 0;
    class Counted extends Module {
      constructor(bytes: object) {
        if (++count > most) throw new Error('Refused to compile or instantiate WebAssembly module');
        super(bytes);
      }
    }
    vi.stubGlobal('WebAssembly', { Memory, Module: Counted, Instance });
    return () => count;
  }

  it('the twin runs for a set of kernels whose module is refused, with the same result', async () => {
    stubModules(1);
    const { kernelsOfKind } = await fresh();
    const kernels = kernelsOfKind('wasm');
    const rows = Float64Array.from({ length: 300 }, (_, i) => i);
    const scoresOf = ({ stageVectors, diagonalGaussianLogDensity }: ReturnType<typeof VECTORS.twin>) => {
      const out = new Float64Array(100);
      const mu = Float64Array.of(1, 2, 3);
      diagonalGaussianLogDensity(stageVectors(rows, 0, 100, 3), 3, 100, mu, mu, -1, out);
      return out;
    };
    expect(scoresOf(kernels.also(VECTORS))).toEqual(scoresOf(allKernels('wasm')));
  });

  it('the module of a set starts when the set is first asked for, and once', async () => {
    const count = stubModules(9);
    const { kernelsOfKind } = await fresh();
    const kernels = kernelsOfKind('wasm');
    expect(count()).toBe(1);
    expect(kernels.also(VECTORS)).toBe(kernels.also(VECTORS));
    expect(count()).toBe(2);
  });

  it('the environment variable DML_KERNELS=twin is obeyed', async () => {
    vi.stubEnv('DML_KERNELS', 'twin');
    const { allowWebAssembly, kernels } = await fresh();
    allowWebAssembly();
    expect(kernels().kind).toBe('twin');
  });

  it('little work does not start the module, much work does', async () => {
    vi.stubEnv('DML_KERNELS', '');
    const { allowWebAssembly, kernels } = await fresh();
    allowWebAssembly();
    expect(kernels(100).kind).toBe('twin');
    expect(kernels(5000).kind).toBe('wasm');
    expect(kernels(100).kind).toBe('wasm');
  });

  it('the module starts once it is allowed, and not before', async () => {
    vi.stubEnv('DML_KERNELS', '');
    const { allowWebAssembly, kernels } = await fresh();
    expect(kernels(5000).kind).toBe('twin');
    allowWebAssembly();
    expect(kernels(5000).kind).toBe('wasm');
  });

  it('browsers without process start the module', async () => {
    vi.stubGlobal('process', undefined);
    const { allowWebAssembly, kernels } = await fresh();
    allowWebAssembly();
    expect(kernels().kind).toBe('wasm');
  });
});

describe.each<[string, (stats: typeof import('../../../src/index.js')) => unknown]>([
  ['em', ({ em, GaussianEstimator }) => em(new GaussianEstimator())],
  ['seqEncode', ({ seqEncode, GaussianEstimator }) => seqEncode([1], new GaussianEstimator())],
])('%s', (_, use) => {
  it('allows WebAssembly', async () => {
    vi.stubEnv('DML_KERNELS', '');
    vi.resetModules();
    const stats = await import('../../../src/index.js');
    const { kernels } = await import('../../../src/numeric/kernels/index.js');
    expect(kernels().kind).toBe('twin');
    use(stats);
    expect(kernels().kind).toBe('wasm');
    vi.unstubAllEnvs();
    vi.resetModules();
  });
});

describe('the generated files', () => {
  it('are what their sources give', { timeout: 60_000 }, async () => {
    for (const [path, text] of await generatedFiles()) expect(readFileSync(path, 'utf8') === text, path).toBe(true);
  });
});
