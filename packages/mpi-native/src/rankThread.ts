/** Runs in each worker of `spawnRanks`: takes the thread's place in the job, then runs the function of the program. */

import { failJob } from './failures/failure.js';
import { jobState } from './failures/state.js';
import { loadProgram } from './spawn/loadProgram.js';
import type { RankMessage } from './spawn/rankMessages.js';
import { readyToGo } from './spawn/supervise.js';
import { type SpawnedRank, spawnedRank } from './spawn/workerJob.js';
import { finalize, getWorld } from './world.js';
import { writeOutputAtOnce } from './writeAtOnce.js';

async function runRank({ module, name, data, port }: SpawnedRank): Promise<void> {
  const send = (message: RankMessage): void => port.postMessage(message);
  const comm = getWorld();
  const stopping = new AbortController();
  port.on('message', () => stopping.abort()); // STOP is all that is ever said
  port.unref();
  try {
    const program = await loadProgram(module, name);
    const report = (value: unknown): void => {
      send({ kind: 'progress', value: readyToGo('report', 'the value', value, false).value });
    };
    const result: unknown = await program({
      comm,
      data: data as never,
      report: report as never,
      stop: stopping.signal,
    });
    const value = comm.rank === 0 ? readyToGo('spawnRanks', 'the result', result, false).value : undefined;
    finalize();
    send({ kind: 'done', value });
  } catch (error) {
    failJob(jobState().session ?? comm, error);
  }
}

const spawned = spawnedRank();
if (spawned === null) throw new Error('this module is the start of a rank of spawnRanks, and nothing else.');
writeOutputAtOnce();
delete process.env.DML_MPI; // says how processes find their ranks; this thread has one
void runRank(spawned);
