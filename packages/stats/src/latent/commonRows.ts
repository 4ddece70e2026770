/** Whether rows of one encoder can be rows of another, as far as a few rows of each simple kind tell. */
import { type Accepts, acceptedBy, sameEncoder } from '../columns/columns.js';
import type { Encoder } from '../contract.js';
import { RoutedEncoder } from './routedColumns.js';

/** Those that most encoders share come first. */
const SIMPLE_ROWS: readonly unknown[] = [1, 0.5, 'a', {}, [0], [1, 0], true, null, 0, -1, 2, 1000, []];

/**
 * Whether both take a row that was tried, and none of these is a row of both. Numbers are never apart: counts from 1 on and a
 * single 0 have no row in common, and make a mixture.
 * @param rows  tried beside the simple ones
 */
export function areDisjoint(a: Accepts, b: Accepts, rows: readonly unknown[] = []): boolean {
  let [isTaken, isOthers] = [false, false];
  let [takesNumbers, othersTakeNumbers] = [false, false];
  for (const row of [...rows, ...SIMPLE_ROWS]) {
    const [here, there] = [a(row), b(row)];
    if (here && there) return false;
    isTaken ||= here;
    isOthers ||= there;
    takesNumbers ||= here && typeof row === 'number';
    othersTakeNumbers ||= there && typeof row === 'number';
  }
  return isTaken && isOthers && !(takesNumbers && othersTakeNumbers);
}

/**
 * Whether one is of numbers, say, and the other of objects, here or in a part of the row. Where that is not sure, no.
 * @param rows  tried beside the simple ones
 */
export function encodersAreApart(a: Encoder<unknown>, b: Encoder<unknown>, rows?: readonly unknown[]): boolean {
  if (sameEncoder(a, b)) return false;
  if (a instanceof RoutedEncoder) return a.encoders.every((encoder) => encodersAreApart(encoder, b, rows));
  if (b instanceof RoutedEncoder) return b.encoders.every((encoder) => encodersAreApart(a, encoder, rows));
  if (gapsDiffer(a, b)) return true;
  if ('missing' in a && 'missing' in b) {
    const [ours, theirs] = [a, b] as unknown as readonly [EncodesOptional, EncodesOptional]; // by names, as below
    return !Object.is(ours.missing, theirs.missing) || encodersAreApart(ours.child, theirs.child);
  }
  const [ofLevels, ofOthers] = [byLevelOf(a), byLevelOf(b)];
  if (ofLevels !== undefined && ofOthers !== undefined) {
    const both = [...ofLevels.keys()].filter((level) => ofOthers.has(level));
    return both.length > 0 && both.every((level) => encodersAreApart(ofLevels.get(level)!, ofOthers.get(level)!));
  }
  for (const row of SIMPLE_ROWS) {
    const [parts, others] = [fieldsOf(a, row), fieldsOf(b, row)];
    if (parts === undefined || others === undefined) continue;
    return [...parts].some(([step, encoder]) => {
      const other = others.get(step);
      return other !== undefined && encodersAreApart(encoder, other);
    });
  }
  const acceptsShape = (encoder: Encoder<unknown>): Accepts => {
    const accepts = acceptedBy(encoder);
    return (row) => accepts(row) || fieldsOf(encoder, row) !== undefined;
  };
  return areDisjoint(acceptsShape(a), acceptsShape(b), rows);
}

/** Whether two encoders of vectors mark missing coordinates differently, or only one of them accepts any. By names, as below. */
function gapsDiffer(a: object, b: object): boolean {
  const [ours, theirs] = [a, b].map((encoder) => (encoder as { readonly rule?: { readonly gaps?: unknown } }).rule);
  return ours !== undefined && theirs !== undefined && ours.gaps !== theirs.gaps;
}

/** The encoder of a value that may be missing. Those with different rows for «missing» take each other's gaps for values. */
interface EncodesOptional {
  readonly child: Encoder<unknown>;
  readonly missing: unknown;
}

/** What an encoder shows whose rows are pairs of a level and a value of it, or are made of such pairs. */
interface EncodesByLevel {
  readonly byLevel?: ReadonlyMap<unknown, Encoder<unknown>>;
  readonly link?: EncodesByLevel;
}

/** The encoders of the values of each level. By names: a page with one mixture need not load all encoders. */
function byLevelOf(encoder: object): ReadonlyMap<unknown, Encoder<unknown>> | undefined {
  const { byLevel, link } = encoder as EncodesByLevel;
  return byLevel ?? (link && byLevelOf(link));
}

/** The encoders of the fields of a row that has the right shape, whatever its fields hold. */
function fieldsOf(encoder: Encoder<unknown>, row: unknown): ReadonlyMap<string | number, Encoder<unknown>> | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const fields = new Map<string | number, Encoder<unknown>>();
  for (const part of encoder.parts?.(row) ?? []) {
    if (part.step === undefined) return undefined;
    fields.set(part.step, part.encoder);
  }
  return fields.size === 0 ? undefined : fields;
}
