import { createHash } from 'node:crypto';
import { saveOnRoot } from '@dml/mpi-estimation';
import type { Communicator } from '@dml/mpi-native';
import { createCodec } from '@dml/serialize';
import { modelTypes } from '@dml/stats';

export const codec = createCodec({ types: modelTypes });

/** Prints the hash of a fitted model's bytes, on rank 0: one hash for any number of ranks. */
export async function printHash(name: string, model: unknown, comm: Communicator): Promise<void> {
  await saveOnRoot(
    model,
    (fitted) => {
      const hash = createHash('sha256').update(codec.encode(fitted)).digest('hex');
      console.log(`${name}: ${hash}`);
    },
    comm,
  );
}
