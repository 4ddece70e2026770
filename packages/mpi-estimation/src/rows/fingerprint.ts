/** A number of the data: equal rows give equal fingerprints, for any number of ranks. */
import { createHash, type Hash } from 'node:crypto';
import type { Algorithm, Columns, Communicator } from '../ports.js';
import { attemptAsync, exchange } from '../ranks/exchange.js';
import type { Shard } from './encodedRows.js';
import { forEachSegment } from './segments.js';

/** Collective: hashes the encoded rows and weights of all ranks, segment by segment. */
export async function fingerprintOf<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  shard: Shard<C>,
): Promise<string> {
  // Levels are the same list in every segment in memory: hashed once.
  const known = new WeakMap<object, string>();
  const own = await attemptAsync(async () => {
    const digests: string[] = [];
    await forEachSegment(shard, ({ columns, start, end, weights }) => {
      const hash = createHash('sha256');
      addTo(hash, algorithm.slice(columns, start, end), known);
      if (weights !== undefined) addTo(hash, weights.slice(start, end), known);
      digests.push(hash.digest('hex'));
    });
    return digests;
  });
  const all = createHash('sha256').update(`${shard.rowCount} rows`);
  for (const digests of exchange(comm, own)) for (const digest of digests) all.update(digest);
  return all.digest('hex');
}

/** The hash of a value: typed arrays by their bytes. */
export function hashOf(value: unknown): string {
  const hash = createHash('sha256');
  addTo(hash, value, new WeakMap());
  return hash.digest('hex');
}

function addTo(hash: Hash, value: unknown, known: WeakMap<object, string>): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength} `);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (Array.isArray(value)) {
    let digest = known.get(value);
    if (digest === undefined) {
      const inner = createHash('sha256');
      for (const entry of value) addTo(inner, entry, known);
      digest = inner.digest('hex');
      known.set(value, digest);
    }
    hash.update(`list ${value.length} ${digest} `);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, entry] of Object.entries(value)) {
      hash.update(`${name}: `);
      addTo(hash, entry, known);
    }
  } else {
    hash.update(`${typeof value} ${String(value)} `);
  }
}
