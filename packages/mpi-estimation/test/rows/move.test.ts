import { describe, expect, it } from 'vitest';
import type { Columns, Communicator } from '../../src/ports.js';
import { type Mover, move } from '../../src/rows/move.js';
import { oneRank } from '../oneRank.js';

interface Wide extends Columns {
  readonly tag: string;
}

/** Two ranks over one queue: rank 0 has sent all before rank 1 receives, so both can run in turn. */
function twoRanks(): { readonly sender: Communicator; readonly receiver: Communicator; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const queue: unknown[] = [];
  const put = (message: unknown) => {
    sent.push(message);
    queue.push(structuredClone(message));
  };
  return {
    sent,
    sender: { ...oneRank, size: 2, send: put, sendObject: put },
    receiver: {
      ...oneRank,
      rank: 1,
      size: 2,
      recv: (buffer) => buffer.set(queue.shift() as Uint8Array),
      recvObject: <V>() => ({ value: queue.shift() as V }),
    },
  };
}

const nothing: Mover<Wide> = {
  read: () => [],
  add: () => {
    throw new Error('this rank gets no rows');
  },
};

describe('rows on their way to another rank', () => {
  it('arrive as they were, typed arrays as raw memory behind one small object', () => {
    const { sender, receiver, sent } = twoRanks();
    const columns = {
      rowCount: 3,
      tag: 'wide',
      x: Float64Array.of(0, -0, Number.NaN, 4).subarray(1),
      nested: [{ rowCount: 3, codes: Int32Array.of(2, 1, 0), levels: ['a', 'b', 'c'] }, { offsets: Uint16Array.of(7) }],
      big: BigInt64Array.of(-1n),
      none: new Float32Array(0),
      absent: undefined,
      levels: new Map([['a', 1]]),
    };
    move<Wide>(sender, [0, 3, 3], [0, 0, 3], { ...nothing, read: () => [{ columns, weights: undefined }] });
    const got: unknown[] = [];
    const outcome = move<Wide>(receiver, [0, 3, 3], [0, 0, 3], { ...nothing, add: (part) => got.push(part) });
    expect(outcome).toEqual({ value: null });
    expect(got).toEqual([{ columns, weights: undefined }]);
    expect(sent.slice(1)).toEqual(
      [columns.x, columns.nested[0]!.codes, columns.nested[1]!.offsets, columns.big].map(
        (array) => new Uint8Array(array!.buffer, array!.byteOffset, array!.byteLength),
      ),
    );
  });

  it('stop coming when the sender fails, and nobody waits', () => {
    const { sender, receiver } = twoRanks();
    const failing = move<Wide>(sender, [0, 9, 9], [0, 0, 9], {
      ...nothing,
      *read() {
        yield { columns: { rowCount: 4, tag: 'first' } };
        throw new Error('the disk is gone');
      },
    });
    expect(failing).toMatchObject({ failure: { message: 'the disk is gone' } });
    const got: unknown[] = [];
    const outcome = move<Wide>(receiver, [0, 9, 9], [0, 0, 9], { ...nothing, add: (part) => got.push(part) });
    expect(outcome).toEqual({ value: null });
    expect(got).toEqual([{ columns: { rowCount: 4, tag: 'first' } }]);
  });

  it('go on coming when the receiver cannot keep them', () => {
    const { sender, receiver } = twoRanks();
    const parts = [1, 2, 3].map((tag) => ({ columns: { rowCount: 1, tag: String(tag) } }));
    move<Wide>(sender, [0, 3, 3], [0, 0, 3], { ...nothing, read: () => parts });
    let calls = 0;
    const outcome = move<Wide>(receiver, [0, 3, 3], [0, 0, 3], {
      ...nothing,
      add() {
        calls++;
        throw new Error('no room');
      },
    });
    expect(outcome).toMatchObject({ failure: { message: 'no room' } });
    expect(calls).toBe(1);
    expect(() => receiver.recvObject(0).value).not.toThrow();
    expect(receiver.recvObject(0).value).toBeUndefined(); // all three have been received
  });
});
