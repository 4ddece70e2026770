import { type Communicator, OptionError, saveOnRoot } from '@dml/mpi-estimation';

function noOther(): never {
  throw new Error('There is no other rank.');
}

/** A transport of the user's own: one rank, so every exchange is with itself. */
const alone: Communicator = {
  rank: 0,
  size: 1,
  bcast: (buffer) => buffer,
  gatherv: (sent, received) => received?.set(sent),
  bcastObject<V>(value: V | undefined): V {
    return value as V; // The only rank is the root, which gives a value.
  },
  allgatherObject: (value) => [value],
  gatherObject: (value) => [value],
  send: noOther,
  recv: noOther,
  sendObject: noOther,
  recvObject: noOther,
};

async function main(): Promise<void> {
  const saved: number[] = [];
  await saveOnRoot({ mu: 3 }, (model) => void saved.push(model.mu), alone);
  const refusal: unknown = await saveOnRoot(null, () => undefined, alone).catch((error: unknown) => error);
  console.log(JSON.stringify({ saved, refused: refusal instanceof OptionError }));
}

main();
