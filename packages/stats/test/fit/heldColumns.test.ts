/**
 * Rows that wait on a disk are columns that each pass reads anew: hundreds of them, of which nothing may be left in memory but
 * those looked at last. What a pass remembers of its columns must not hold them.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { em, modelFromJSON } from '../../src/index.js';
import { everyFamily, numbersOf } from '../everyFamily.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
/** A weak reference holds its target until the task that made it ends. */
const nextTask = () => new Promise((resolve) => setImmediate(resolve));

const SEGMENTS = 40;
const ROWS = 40;

/** All buffers of columns, however deep. */
function buffersOf(columns: unknown, found = new Set<ArrayBufferLike>()): Set<ArrayBufferLike> {
  if (ArrayBuffer.isView(columns)) found.add(columns.buffer);
  else if (typeof columns === 'object' && columns !== null) {
    for (const part of Object.values(columns)) buffersOf(part, found);
  }
  return found;
}

/** What two passes over columns that are made for each segment leave behind. */
function passesOver(name: string) {
  const { model: json, row } = everyFamily[name]!;
  const model = modelFromJSON(json);
  const algorithm = em(model.estimator() as never);
  const random = numbersOf(name.length);
  const rows = Array.from({ length: ROWS }, (_, i) => row(random, i)) as never[];
  const schema = algorithm.slice(algorithm.encode(rows), 0, 0);
  const steps = algorithm.steps(schema);
  /** Lists of values, which all columns may share. */
  const shared = buffersOf(schema);
  const read: WeakRef<object>[] = [];
  for (let segment = 0; segment < 2 * SEGMENTS; segment++) {
    const columns = algorithm.concat([schema, structuredClone(algorithm.encode(rows))]);
    steps.expectation(model as never, columns, 0, ROWS);
    for (const buffer of buffersOf(columns)) if (!shared.has(buffer)) read.push(new WeakRef(buffer));
  }
  return { name, steps, read };
}

const found = Object.keys(everyFamily).map(passesOver);
await nextTask();
collectGarbage();
await nextTask();
collectGarbage();

it.each(found)('$name holds no columns of segments that have passed', ({ read, steps }) => {
  const held = read.filter((reference) => reference.deref() !== undefined);
  // Those of the last segment or two.
  expect(held.length).toBeLessThanOrEqual(Math.max(2, (4 * read.length) / (2 * SEGMENTS)));
  steps.release();
});
