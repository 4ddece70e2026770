/** What is doubtful about a fit, in words, and what to do about it. */
import type { ComponentRow, Finding } from '@dml/stats';
import type { Description } from './describe.js';
import { count, percent, twoDecimals } from './numbers.js';
import { type Summary, shownComponents } from './summary.js';

/** One thing to know about a fit. */
export interface Note {
  readonly kind: Finding['kind'] | 'starts' | 'range' | 'overlap' | 'small';
  /** Where in the model, in words; empty for the fit as a whole. */
  readonly where: string;
  readonly message: string;
  readonly advice: string;
}

/** `component 3, price` for `components[2].fields.price.dist`. */
function placeInWords(path: string, { components, kind }: Summary): string {
  const found = /^(?:components|emissions|topics)\[(\d+)\]\.?(.*)$/.exec(path);
  const rest = found === null ? path : found[2]!;
  const field = rest
    .replace(/\bfields\./g, '')
    .replace(/\bdists(?=\[)/g, '')
    .replace(/\.?\bdist\b/g, '');
  const component = found && components.find(({ index }) => index === Number(found[1]));
  const names = [component?.name ?? (found ? `${kind} ${Number(found[1]) + 1}` : ''), field.replace(/^\./, '')];
  return names.filter((name) => name !== '').join(', ');
}

const ADVICE: Readonly<Record<Finding['kind'], string>> = {
  dead: 'Use fewer components, or another seed.',
  degenerate: 'The likelihood has no bound here, so do not compare it with others. Set a floor or a prior.',
  unconverged: 'Until then its figures may still move.',
};

/** What to do about notes of some kinds, in place of advice that names options of the library. */
export type Advice = Partial<Readonly<Record<Note['kind'], string>>>;

/** A finding of the fit in words. */
export function noteOf({ kind, path, message, isBounded }: Finding, summary: Summary, own: Advice = {}): Note {
  const where = placeInWords(path, summary);
  const advice = isBounded
    ? 'It may well be right; but the other values have no probability, whatever comes later.'
    : (own[kind] ?? ADVICE[kind]);
  return { kind, where, message: sentence(own[kind] === undefined ? message : withoutOptions(message)), advice };
}

/** The message of a finding without the options of the library: what they do, a person does elsewhere. */
function withoutOptions(message: string): string {
  return message.replace(/^ended by maxIterations/, 'stopped').replace(/ Set [^ ].*$/, '');
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** What follows from the figures of a fit. */
export function notesOnQuality(
  { summary, fit, criteria, table, chosen, criterion }: Omit<Description, 'notes'>,
  own: Advice = {},
): readonly Note[] {
  const notes: Note[] = [];
  const { agreeing, trials } = fit;
  if (agreeing !== undefined && trials !== undefined && trials > 1 && agreeing === 1) {
    notes.push({
      kind: 'starts',
      where: '',
      message: `Only one of ${trials} starts came this far.`,
      advice: 'Another run may find a better model: use more starts.',
    });
  }
  const largest = table?.[table.length - 1]?.componentCount;
  // A person may look at another number than the best one.
  const value = (row: ComponentRow | undefined) => row?.[criterion ?? 'bic'] ?? Number.NaN;
  const isBest = table !== undefined && !table.some((row) => value(row) < value(table[table.length - 1]));
  if (chosen !== undefined && isBest && table.length > 1 && chosen === largest) {
    notes.push({
      kind: 'range',
      where: '',
      message: `The chosen number, ${chosen}, is the largest that was tried.`,
      advice: 'More may be better still: raise the end of the range.',
    });
  }
  if (criteria?.entropyR2 !== undefined && criteria.entropyR2 < 0.5 && summary.components.length > 1) {
    notes.push({
      kind: 'overlap',
      where: '',
      message: `The components overlap: entropy R² is ${twoDecimals(criteria.entropyR2)}, where 1 is certain.`,
      advice: 'Use the probabilities of the components rather than one label for each row.',
    });
  }
  const weight = criteria?.weight;
  const isMixture = weight !== undefined && summary.kind === 'component';
  for (const { name, weight: share, fields } of isMixture ? shownComponents(summary).shown : []) {
    const rows = share * weight!;
    if (rows === 0 || rows >= 5 * fields.length || share === 1) continue;
    const about = Math.max(1, Math.round(rows));
    const [of, fieldCount] = [about === 1 ? 'row' : 'rows', fields.length];
    notes.push({
      kind: 'small',
      where: name,
      message: `Only about ${count(about)} ${of} (${percent(share)}) for ${fieldCount} ${fieldCount === 1 ? 'field' : 'fields'}.`,
      advice: 'Its figures are uncertain: look at these rows, or use fewer components.',
    });
  }
  return notes.map((note) => ({ ...note, advice: own[note.kind] ?? note.advice }));
}
