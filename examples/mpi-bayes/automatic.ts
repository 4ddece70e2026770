/** Models of raw rows over ranks: nobody writes an estimator, and each rank sees its own rows only. */
import assert from 'node:assert/strict';
import { optimizeMpi } from '@dml/mpi-estimation';
import { runMpi } from '@dml/mpi-native';
import {
  automaticEstimator,
  DirichletProcessMixtureEstimator,
  em,
  mergeProfiles,
  occupiedComponents,
  profileRows,
} from '@dml/stats';
import { codec, printHash } from './fitted.js';

/** Part of an order. */
interface Order {
  readonly id: string;
  readonly weight: number | null;
  readonly kind: string;
  readonly items: readonly number[];
}

const ROW_COUNT = 900;

/** Orders of three kinds, as a file might hold them. */
function order(i: number): Order {
  const kind = i % 3;
  const wave = Math.sin(i) + Math.cos(7 * i);
  return {
    id: `order ${i}`,
    weight: i % 11 === 0 ? null : [5, 20, 80][kind]! + wave / 2,
    kind: ['letter', 'parcel', 'crate'][kind]!,
    items: Array.from({ length: 1 + (i % 4) }, (_, j) => (j + 1) * 1.5 + wave),
  };
}

await runMpi(async (comm) => {
  const from = (rank: number) => Math.floor((ROW_COUNT * rank) / comm.size);
  const [start, end] = [from(comm.rank), from(comm.rank + 1)];
  const rows = Array.from({ length: end - start }, (_, i) => order(start + i));

  // A profile is small whatever the number of rows; the sum of those of all ranks is that of all rows.
  const profile = mergeProfiles(comm.allgatherObject(profileRows(rows)));
  const { estimator, choices } = automaticEstimator<Order>(profile, { conjugate: true });
  if (comm.rank === 0) {
    for (const { path, family, reason } of choices) console.log(`${path || 'row'}: ${family} (${reason})`);
  }

  const process = new DirichletProcessMixtureEstimator(estimator, { truncation: 10 });
  const { model } = await optimizeMpi(rows, em(process), { comm, codec, seed: 1, modelOn: 'all', progress: 'silent' });
  assert.ok(model !== null); // modelOn: 'all'
  const groups = occupiedComponents(model, { rowCount: ROW_COUNT });
  if (comm.rank === 0) console.log(`${groups.w.length} groups`);
  await printHash('automatic', model, comm);

  // The job checks itself: there are three kinds of orders, each of which may have several groups; the id of an order says nothing.
  assert.ok(groups.w.length >= 3, `${groups.w.length} groups, expected 3 or more`);
  assert.equal(choices.find(({ path }) => path === 'id')?.family, 'Ignored');
});
