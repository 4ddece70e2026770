/** `DML_MPI_CHECK=1`: before each collective call the ranks compare what they are about to do. */
import { ARRAY_NAMES } from '../buffers/arrays.js';
import { COLLECTIVES, OBJECT_CALLS } from '../contract/calls.js';
import { REDUCE_OPS, type Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';

/** One rank's view of a collective call; -1 for what the call does not have. */
export interface Intent {
  readonly call: string;
  readonly kind: number;
  readonly count: number;
  readonly root: number;
  readonly op: number;
}

const CALLS: readonly string[] = [...COLLECTIVES, ...OBJECT_CALLS];
const WORDS = 5;

/** The operation of an intent that is a function. */
export const FUNCTION_OP = REDUCE_OPS.length;

/** @throws {MpiError} `ERR_MISMATCH` on every rank, with every rank's view, unless all are equal */
export function agree(transport: Transport, intent: Intent): void {
  const own = Float64Array.of(CALLS.indexOf(intent.call), intent.kind, intent.count, intent.root, intent.op);
  const all = new Float64Array(WORDS * transport.size);
  transport.exchange(own, all);
  const views = Array.from({ length: transport.size }, (_, rank) => describe(all.subarray(rank * WORDS)));
  if (views.every((view) => view === views[0])) return;
  throw new MpiError(`the ranks disagree: ${groupEqual(views)}.`, { code: 'ERR_MISMATCH', call: intent.call });
}

/**
 * Compares what each rank has for each other one with what that one expects.
 * @throws {MpiError} `ERR_MISMATCH` on every rank
 */
export function agreeOnBlocks(transport: Transport, call: string, sent: Float64Array, received: Float64Array): void {
  const { size } = transport;
  const all = new Float64Array(2 * size * size);
  const own = new Float64Array(2 * size);
  own.set(sent);
  own.set(received, size);
  transport.exchange(own, all);
  for (let source = 0; source < size; source++) {
    for (let dest = 0; dest < size; dest++) {
      const has = all[2 * size * source + dest];
      const expected = all[2 * size * dest + size + source];
      if (has === expected) continue;
      throw new MpiError(`rank ${dest} expects ${expected} elements of rank ${source}, which has ${has}.`, {
        code: 'ERR_MISMATCH',
        call,
      });
    }
  }
}

/**
 * Compares the lengths of all blocks with the counts that the root has.
 * @throws {MpiError} `ERR_MISMATCH` on every rank
 */
export function agreeOnCounts(
  transport: Transport,
  call: string,
  length: number,
  counts: Float64Array | null,
  root: number,
): void {
  const lengths = new Float64Array(transport.size);
  transport.exchange(Float64Array.of(length), lengths);
  const wrong = counts === null ? -1 : lengths.findIndex((found, rank) => found !== counts[rank]);
  const verdict = Float64Array.of(wrong, wrong < 0 ? 0 : (counts?.[wrong] ?? 0));
  const verdicts = new Float64Array(2 * transport.size);
  transport.exchange(verdict, verdicts);
  const judge = root < 0 ? verdicts.findIndex((value, i) => i % 2 === 0 && value >= 0) / 2 : root;
  const rank = verdicts[2 * judge];
  if (rank === undefined || rank < 0) return;
  throw new MpiError(
    `rank ${judge} expects ${verdicts[2 * judge + 1]} elements of rank ${rank}, which has ${lengths[rank]}.`,
    { code: 'ERR_MISMATCH', call },
  );
}

function describe(words: Float64Array): string {
  const [call, kind, count, root, op] = words;
  let text = CALLS[call ?? -1] ?? 'another call';
  if (op === FUNCTION_OP) text += ' with a function';
  else if (op !== undefined && op >= 0) text += ` "${REDUCE_OPS[op]}"`;
  if (count !== undefined && count >= 0) text += ` of ${count} elements`;
  if (kind !== undefined && kind >= 0) text += ` in a ${ARRAY_NAMES[kind]}`;
  if (root !== undefined && root >= 0) text += ` with root ${root}`;
  return text;
}

function groupEqual(views: readonly string[]): string {
  const ranksOf = new Map<string, number[]>();
  views.forEach((view, rank) => {
    ranksOf.set(view, [...(ranksOf.get(view) ?? []), rank]);
  });
  const parts = [...ranksOf].map(([view, ranks]) => {
    const shownRanks = ranks.length > 8 ? `${ranks.slice(0, 8).join(', ')}, …` : ranks.join(', ');
    return `rank${ranks.length > 1 ? 's' : ''} ${shownRanks}: ${view}`;
  });
  return parts.join('; ');
}
